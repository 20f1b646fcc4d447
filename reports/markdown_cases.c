/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many cases in Markdown: the same cause, or the same crash, on n machines is one row; then a few
 * lines for each case that has something to tell, as long as they fit. See markdown.h.
 */
#include "analyzer/diagnose/groups.h"

#include "reports/markdown.h"
#include "reports/wording.h"

#include <inttypes.h>

enum { GROUPS_SHOWN = 40, NAMES_SHOWN = 10, LISTED_BYTES = 54000 };

/* Texts of at most 160 characters: a row has at most 12 of them, so 40 rows fit in any case. */
static const struct markdown_plan plans[] = {
    { .columns = 500, .words = 1000, .evidence = 3 },
    { .columns = 300, .words = 200, .evidence = 2 },
    { .columns = 160, .words = 60, .evidence = 2 },
};

static struct str name_of(const struct case_result *c)
{
    return c->name.n ? c->name : c->id.n ? c->id : STR("unknown");
}

static void put_members(struct markdown *m, const struct cases *cases, const struct case_group *g)
{
    size_t shown = g->members.n < NAMES_SHOWN ? g->members.n : NAMES_SHOWN;

    for (size_t i = 0; i < shown; i++) {
        out_puts(m->doc, i ? ", " : "");
        markdown_text(m, name_of(&cases->of.p[g->members.p[i]]));
    }
    if (shown < g->members.n)
        out_printf(m->doc, " and %zu more", g->members.n - shown);
}

/* False: some have no room. */
static bool put_groups(struct markdown *m, const struct cases *cases,
                       const struct case_groups *groups, bool causes)
{
    size_t shown = 0;

    if (groups->n == 0)
        return true;
    out_puts(m->doc, causes ? "\n## By cause\n\n| machines | severity | rule | finding | which |\n"
                              "|---|---|---|---|---|\n"
                            : "\n## By crash\n\n| machines | signature | crash | which |\n"
                              "|---|---|---|---|\n");
    for (; shown < groups->n && shown < GROUPS_SHOWN &&
           out_bytes(m->doc).n < LISTED_BYTES / 2 * (causes ? 1 : 2);
         shown++) {
        const struct case_group *g = &groups->p[shown];

        out_printf(m->doc, "| %zu | ", g->members.n);
        if (causes) {
            out_raw(m->doc, severity_name(g->severity));
            out_puts(m->doc, " | ");
        }
        markdown_name(m, g->key);
        out_puts(m->doc, " | ");
        markdown_text(m, g->title);
        out_puts(m->doc, " | ");
        put_members(m, cases, g);
        out_puts(m->doc, " |\n");
    }
    if (shown < groups->n)
        out_printf(m->doc, "\nand %zu more\n", groups->n - shown);
    return shown == groups->n || shown == GROUPS_SHOWN;
}

static bool is_told(const struct case_result *c)
{
    return c->exit_code >= 2 || case_cause(c) || case_first_crash(c);
}

static void put_line(struct markdown *m, const struct case_line *line)
{
    struct str text = line->text, rest = line->text;
    char clock[CLOCK_TEXT];

    str_take_line(&rest, &text);
    markdown_line(m, &(struct markdown_line){ .input = line->input,
                                              .line = line->line,
                                              .stamp = wording_mono(line->mono_us, clock),
                                              .text = text });
}

static void put_case(struct markdown *m, const struct cases *cases, const struct case_result *c)
{
    const char *news = wording_news(cases, case_news(c));
    const struct case_diagnosis *cause = case_cause(c);
    const struct case_crash *crash = case_first_crash(c);
    const struct case_lines *lines = cause ? &cause->evidence : crash ? &crash->evidence : NULL;

    out_puts(m->doc, "\n### ");
    markdown_text(m, name_of(c));
    out_puts(m->doc, "\n\n");
    if (cause) {
        out_raw(m->doc, severity_name(cause->severity));
        out_puts(m->doc, ": ");
        markdown_text(m, cause->title);
        out_puts(m->doc, " (");
        markdown_name(m, cause->rule);
        out_puts(m->doc, ")\n");
    }
    if (crash) {
        out_puts(m->doc, "\nCrash: ");
        markdown_text(m, crash->title);
        out_puts(m->doc, "\n");
    }
    if (news[0] && (cause || crash))
        out_printf(m->doc, "\nCompared with earlier runs: %s\n", news);
    for (size_t i = 0; lines && i < lines->n && i < m->plan->evidence; i++)
        put_line(m, &lines->p[i]);
    if (out_bytes(m->block).n)
        markdown_block(m);
    if (cause && cause->steps.n) {
        out_puts(m->doc, "\nFirst: ");
        markdown_text(m, cause->steps.p[0]);
        out_puts(m->doc, "\n");
    }
    for (size_t i = 0, told = 0; i < c->inputs.n && told < 2; i++) {
        if (c->inputs.p[i].error.n == 0)
            continue;
        told++;
        out_puts(m->doc, "\nNot read in full: ");
        markdown_name(m, c->inputs.p[i].name);
        out_puts(m->doc, ": ");
        markdown_text(m, c->inputs.p[i].error);
        out_puts(m->doc, "\n");
    }
}

/* False: some have no room. */
static bool put_all(struct markdown *m, const struct cases *cases)
{
    size_t told = 0, all = 0;

    for (size_t i = 0; i < cases->of.n; i++) {
        if (!is_told(&cases->of.p[i]))
            continue;
        if (all++ == 0)
            out_puts(m->doc, "\n## By machine\n");
        if (out_bytes(m->doc).n >= LISTED_BYTES)
            continue;
        put_case(m, cases, &cases->of.p[i]);
        told++;
    }
    if (told < all)
        out_printf(m->doc,
                   "\n**Cut to stay under 60 kB:** %zu more machines. All of them: `--html` or "
                   "`--ndjson`.\n",
                   all - told);
    return told == all;
}

static void put_summary(struct markdown *m, const struct cases *cases)
{
    struct case_counts counts = cases_count(cases);

    out_puts(m->doc, "# lastwords: ");
    wording_count(m->doc, counts.by_result[RESULT_DIAGNOSED], "machine", "machines");
    out_printf(m->doc, " of %zu with findings\n\n", cases->of.n);
    if (cases->known)
        out_printf(m->doc, "%" PRIu64 " more without anything new\n\n", cases->known);
    out_printf(m->doc,
               "%" PRIu64 " without a known failure · %" PRIu64 " cannot tell · %" PRIu64
               " not readable · %" PRIu64 " not read in full%s\n",
               counts.by_result[RESULT_NOTHING_KNOWN], counts.by_result[RESULT_CANNOT_TELL],
               counts.by_result[RESULT_NOTHING_READ], counts.incomplete,
               cases->complete ? "" : " · **this run is not complete**");
}

void markdown_write_cases(struct out *out, const struct cases *cases,
                          const struct report_options *o)
{
    struct arena arena = { 0 };
    struct case_groups causes = { 0 }, crashes = { 0 };
    struct markdown m;
    bool fits = false;

    if (markdown_init(&m, out, o) && groups_by_cause(cases, &arena, &causes) &&
        groups_by_crash(cases, &arena, &crashes)) {
        for (size_t i = 0; !fits && i < sizeof plans / sizeof plans[0]; i++) {
            m.plan = &plans[i];
            out_clear(m.doc);
            put_summary(&m, cases);
            fits = put_groups(&m, cases, &causes, true);
            fits = put_groups(&m, cases, &crashes, false) && fits;
            fits = put_all(&m, cases) && fits;
            markdown_end(&m, cases->tool_version, cases->rules_sha256, cases->rules_count);
            fits = fits && out_bytes(m.doc).n < MARKDOWN_BYTES;
        }
        out_raw(out, out_bytes(m.doc));
    }
    markdown_done(&m);
    arena_done(&arena);
}
