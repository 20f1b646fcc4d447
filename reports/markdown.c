/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report for a ticket: the verdict, a table of all findings, each with its evidence and steps,
 * the crashes, what was read. Nothing that a log says acts as Markdown or HTML. See markdown.h.
 */
#include "reports/markdown.h"
#include "reports/wording_machine.h"

#include <inttypes.h>

static const struct markdown_plan plans[] = {
    { 8, 1000, true, 500, 4000, 100, 20, 25, 200, NULL },
    { 8, 1000, false, 500, 4000, 100, 20, 25, 200, "the lines around the evidence" },
    { 3, 300, false, 60, 1000, 30, 5, 15, 30,
      "the lines around the evidence, evidence beyond three lines of 300 characters, long lists" },
    { 1, 200, false, 20, 500, 10, 3, 10, 10,
      "evidence beyond one line of each finding, findings beyond 20, long texts and lists" },
    { 0, 150, false, 4, 120, 3, 1, 5, 3,
      "all evidence, findings beyond four, long texts and lists" },
};

static void put_severity(struct out *o, enum severity severity)
{
    struct str word = severity_name(severity);

    for (size_t i = 0; i < word.n; i++)
        out_repeat(o, (char)(word.p[i] - 'a' + 'A'), 1);
}

/* The words of a template are shown as they are; what is too long is cut by markdown_shown(). */
static void put_template(struct markdown *m, const struct text *text)
{
    wording_text(&(struct wording){ .out = m->clip.shown, .value = out_tty }, text);
    markdown_shown(m);
}

static bool has_own_block(const struct markdown *m, const struct diagnosis *d)
{
    if (d->superseded && !m->o->all)
        return false;
    return d->role != ROLE_SYMPTOM || d->explained_by == UINT32_MAX;
}

static void put_verdict(struct markdown *m)
{
    static const char *const words[] = {
        [RESULT_DIAGNOSED] = "Nothing to act on was found",
        [RESULT_NOTHING_KNOWN] = "Nothing known was found: no rule recognises a failure here",
        [RESULT_CANNOT_TELL] = "This log cannot tell what happened",
        [RESULT_NOTHING_READ] = "Nothing could be read",
    };
    const struct analysis *a = m->a;
    const struct diagnosis *first = NULL;
    struct wording shown = { .out = m->clip.shown, .value = out_tty };

    for (size_t i = 0; i < a->diagnoses.n && !first; i++)
        if (!a->diagnoses.p[i].superseded && a->diagnoses.p[i].role != ROLE_NOTE)
            first = &a->diagnoses.p[i];
    out_puts(m->doc, "# ");
    if (wording_verdict(&shown, a)) {
        markdown_shown(m);
    } else if (first) {
        put_severity(m->doc, first->severity);
        out_puts(m->doc, ": ");
        put_template(m, &first->title);
    } else {
        out_puts(m->doc, words[a->result]);
    }
    out_puts(m->doc, "\n\n");
    wording_header(&shown, a);
    markdown_shown(m);
    out_puts(m->doc, "\n");
    if (a->focus < boots_count(a->boots)) {
        out_puts(m->doc, "\n");
        wording_completeness(&shown, boots_at(a->boots, a->focus));
        markdown_shown(m);
        out_puts(m->doc, "\n");
    }
}

static void put_boot(struct markdown *m, uint32_t boot)
{
    if (boot == UINT32_MAX)
        out_puts(m->doc, "all");
    else
        out_printf(m->doc, "%" PRId64, wording_boot_offset(m->a, boot));
}

static void put_row(struct markdown *m, const struct diagnosis *d)
{
    out_puts(m->doc, "| ");
    put_boot(m, d->boot);
    out_puts(m->doc, " | ");
    markdown_name(m, d->rule->id);
    out_puts(m->doc, " | ");
    out_raw(m->doc, severity_name(d->severity));
    out_puts(m->doc, " | ");
    if (d->evidence.n)
        wording_stamp(m->doc, d->evidence.p[0]);
    out_puts(m->doc, " | ");
    put_template(m, &d->title);
    out_puts(m->doc, " |\n");
}

static void put_table(struct markdown *m)
{
    size_t told = 0, all = 0;

    for (size_t i = 0; i < m->a->diagnoses.n; i++) {
        if (!has_own_block(m, &m->a->diagnoses.p[i]))
            continue;
        if (all++ == 0)
            out_puts(m->doc, "\n| boot | rule | severity | when | finding |\n"
                             "|---|---|---|---|---|\n");
        if (told == m->plan->findings)
            continue;
        put_row(m, &m->a->diagnoses.p[i]);
        told++;
    }
    if (told < all)
        out_printf(m->doc, "\nand %zu more findings\n", all - told);
}

/* A record as evidence, every line of it. */
static void put_record(struct markdown *m, const struct record *r, const char *mark)
{
    struct str rest = r->text, text = r->text;
    char clock[CLOCK_TEXT];
    size_t lines = 0;

    while ((str_take_line(&rest, &text) || lines == 0) && lines < 8) {
        struct markdown_line line = { .text = text, .mark = mark };

        if (lines++ == 0) {
            line.input = wording_input_short(m->a, r->input);
            line.line = r->line;
            line.stamp = wording_stamp_text(r, clock);
        }
        markdown_line(m, &line);
    }
}

static void put_neighbour(struct markdown *m, const struct context_line *line)
{
    char clock[CLOCK_TEXT];

    markdown_line(m, &(struct markdown_line){ .input = wording_input_short(m->a, line->input),
                                              .line = line->line,
                                              .stamp = wording_mono(line->mono_us, clock),
                                              .text = line->text,
                                              .mark = "  " });
}

/* One record between its neighbours; `done` is behind the last one that was told. */
static void put_in_context(struct markdown *m, const struct record *r,
                           const struct context_lines *lines, size_t *done)
{
    size_t from, to;

    if (!lines || !context_around(lines, r->input, r->line, &from, &to)) {
        put_record(m, r, m->plan->context ? "> " : NULL);
        return;
    }
    if (*done && from > *done)
        out_puts(m->block, "  ⋮\n");
    for (size_t k = from > *done ? from : *done; k < to; k++) {
        if (lines->p[k].line == r->line && lines->p[k].input == r->input)
            put_record(m, r, "> ");
        else
            put_neighbour(m, &lines->p[k]);
    }
    *done = to > *done ? to : *done;
}

static const struct context_lines *context_of(const struct markdown *m, uint32_t boot)
{
    if (boot == UINT32_MAX)
        boot = m->a->focus;
    return m->plan->context && boot < m->a->of_boot.n ? &m->a->of_boot.p[boot].context : NULL;
}

static void put_evidence(struct markdown *m, const struct diagnosis *d)
{
    size_t n = d->evidence.n, shown = n < m->plan->evidence ? n : m->plan->evidence, done = 0;

    for (size_t i = 0; i < shown; i++)
        put_in_context(m, d->evidence.p[i], context_of(m, d->boot), &done);
    if (shown && shown < n)
        out_printf(m->block, "… and %zu more\n", n - shown);
    if (shown)
        markdown_block(m);
}

static void put_steps(struct markdown *m, const struct diagnosis *d)
{
    size_t n = d->remediation.n, shown = n < m->plan->steps ? n : m->plan->steps;

    if (n == 0)
        return;
    out_puts(m->doc, "\n**What to do**\n\n");
    for (size_t i = 0; i < shown; i++) {
        out_printf(m->doc, "%zu. ", i + 1);
        put_template(m, &d->remediation.p[i]);
        out_puts(m->doc, "\n");
    }
    if (shown < n)
        out_printf(m->doc, "%zu. … %zu more steps\n", shown + 1, n - shown);
}

static void put_explains(struct markdown *m, const struct diagnosis *d)
{
    size_t told = 0;

    for (size_t i = 0; i < d->explains.n && told < m->plan->steps; i++) {
        const struct diagnosis *symptom = &m->a->diagnoses.p[d->explains.p[i]];

        if (symptom->superseded)
            continue;
        out_puts(m->doc, told++ ? "" : "\n**It explains**\n\n");
        out_puts(m->doc, "- ");
        put_template(m, &symptom->title);
        out_puts(m->doc, " (");
        markdown_name(m, symptom->rule->id);
        out_puts(m->doc, ")\n");
    }
}

static void put_diagnosis(struct markdown *m, const struct diagnosis *d)
{
    out_puts(m->doc, "\n## ");
    put_severity(m->doc, d->severity);
    out_puts(m->doc, ": ");
    put_template(m, &d->title);
    out_puts(m->doc, "\n\n");
    markdown_name(m, d->rule->id);
    out_puts(m->doc, " · ");
    out_raw(m->doc, role_name(d->role));
    out_puts(m->doc, " · boot ");
    put_boot(m, d->boot);
    out_puts(m->doc, d->confidence == CONFIDENCE_LOW ? " · low confidence: check before you act\n\n"
                                                     : "\n\n");
    put_template(m, &d->text);
    out_puts(m->doc, "\n");
    put_evidence(m, d);
    put_steps(m, d);
    put_explains(m, d);
}

static void put_diagnoses(struct markdown *m)
{
    size_t told = 0;

    for (size_t i = 0; i < m->a->diagnoses.n && told < m->plan->findings; i++) {
        if (!has_own_block(m, &m->a->diagnoses.p[i]))
            continue;
        put_diagnosis(m, &m->a->diagnoses.p[i]);
        told++;
    }
}

static void put_unexplained(struct markdown *m)
{
    size_t n = m->a->unexplained.n, shown = n < m->plan->evidence ? n : m->plan->evidence;

    if (shown)
        out_puts(m->doc, "\n## Errors that no rule explains\n");
    for (size_t i = 0; i < shown; i++)
        if (m->a->unexplained.p[i].evidence)
            put_record(m, m->a->unexplained.p[i].evidence, NULL);
    if (shown && shown < n)
        out_printf(m->block, "… and %zu more kinds\n", n - shown);
    if (shown)
        markdown_block(m);
}

static void put_read(struct markdown *m)
{
    size_t n = m->a->inputs.n, shown = n < m->plan->inputs ? n : m->plan->inputs;

    if (n)
        out_puts(m->doc, "\n## What was read\n\n| input | format | size | lines | state |\n"
                         "|---|---|---|---|---|\n");
    for (size_t i = 0; i < shown; i++) {
        const struct input_result *in = &m->a->inputs.p[i];

        out_puts(m->doc, "| ");
        markdown_name(m, in->name);
        out_printf(m->doc, " | %s | ", in->format ? in->format : "-");
        wording_bytes(m->doc, in->bytes);
        out_printf(m->doc, " | %" PRIu64 " | ", in->lines);
        markdown_text(m, in->err.code == FAIL_NONE ? STR("read in full") : str_from(in->err.text));
        out_puts(m->doc, " |\n");
    }
    if (shown < n)
        out_printf(m->doc, "\nand %zu more inputs\n", n - shown);
    for (size_t i = 0, told = 0; i < m->a->notes.n && told < m->plan->steps; i++) {
        out_puts(m->doc, told++ ? "- " : "\n- ");
        markdown_text(m, m->a->notes.p[i].text);
        out_puts(m->doc, "\n");
    }
}

static void write_markdown(struct out *out, const struct analysis *a,
                           const struct report_options *o)
{
    struct markdown m;

    if (markdown_init(&m, out, o)) {
        m.a = a;
        for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
            m.plan = &plans[i];
            out_clear(m.doc);
            put_verdict(&m);
            put_table(&m);
            put_diagnoses(&m);
            markdown_checks(&m);
            markdown_crashes(&m);
            put_unexplained(&m);
            put_read(&m);
            markdown_end(&m, o->tool_version, a->rules ? ruleset_sha256(a->rules) : STR(""),
                         a->rules ? ruleset_count(a->rules) : 0);
            if (out_bytes(m.doc).n < MARKDOWN_BYTES)
                break;
        }
        out_raw(out, out_bytes(m.doc));
    }
    markdown_done(&m);
}

const struct report report_markdown = {
    .name = "markdown",
    .title = "for a ticket: the verdict, evidence and steps in less than 60 kB",
    .wants_context = true,
    .write = write_markdown,
    .write_cases = markdown_write_cases,
};
