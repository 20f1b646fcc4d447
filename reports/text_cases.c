/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of many cases: how many, then the same cause on n machines as one row, then crashes,
 * then the cases that failed, then what could not be read.
 */
#include "reports/text_cases.h"

#include "analyzer/diagnose/groups.h"
#include "reports/page.h"

#include <inttypes.h>

/* Without --all. */
enum { GROUPS_SHOWN = 40, MEMBERS_SHOWN = 3, CASES_SHOWN = 20, LOSSES_SHOWN = 10 };
enum { SEVERITY_COLUMNS = 10, INDENT = 2 };

static void put_heading(struct page *p, const char *words)
{
    out_puts(p->out, "\n");
    layout_styled(p->out, p->o->color, STYLE_BOLD, str_from(words));
    out_puts(p->out, "\n");
}

static void put_sums(struct page *p, const struct cases *cases)
{
    static const struct {
        enum result result;
        const char *words;
    } parts[] = {
        { RESULT_DIAGNOSED, "diagnosed" },
        { RESULT_NOTHING_KNOWN, "with nothing known" },
        { RESULT_CANNOT_TELL, "that cannot tell" },
        { RESULT_NOTHING_READ, "without a record" },
    };
    struct case_counts sums = cases_count(cases);
    bool first = true;

    wording_count(p->scratch, cases->of.n, "case", "cases");
    out_puts(p->scratch, " · ");
    wording_bytes(p->scratch, sums.bytes);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!sums.by_result[parts[i].result])
            continue;
        out_printf(p->scratch, "%s%" PRIu64 " %s", first ? " · " : ", ",
                   sums.by_result[parts[i].result], parts[i].words);
        first = false;
    }
    if (sums.incomplete)
        out_printf(p->scratch, " · %" PRIu64 " not read in full", sums.incomplete);
    page_flush(p, 0, 2);
    if (cases->without_log) {
        wording_count(p->scratch, cases->without_log, "file holds", "files hold");
        out_puts(p->scratch, " no log");
        page_flush(p, 0, 2);
    }
    if (cases->known) {
        wording_count(p->scratch, cases->known, "more case holds", "more cases hold");
        out_puts(p->scratch, " nothing new");
        page_flush(p, 0, 2);
    }
    for (size_t i = 0; i < cases->changed.n; i++) {
        out_puts(p->scratch, "changed while it was scanned: ");
        out_tty(p->scratch, cases->changed.p[i]);
        page_flush(p, 0, 2);
    }
    for (size_t i = 0; i < cases->missing.n; i++) {
        out_puts(p->scratch, "missing: ");
        out_tty(p->scratch, cases->missing.p[i]);
        page_flush(p, 0, 2);
    }
}

static void put_severity(struct page *p, enum severity severity)
{
    struct str word = page_severity(severity);

    out_repeat(p->out, ' ', INDENT);
    layout_styled(p->out, p->o->color, page_style(severity), word);
    out_repeat(p->out, ' ', SEVERITY_COLUMNS - word.n);
}

static void put_members(struct page *p, const struct cases *cases, const struct case_group *g,
                        size_t indent)
{
    size_t shown = p->o->all || g->members.n <= MEMBERS_SHOWN + 1 ? g->members.n : MEMBERS_SHOWN;

    for (size_t i = 0; i < shown; i++) {
        out_puts(p->scratch, i ? " · " : "");
        out_tty(p->scratch, case_place(&cases->of.p[g->members.p[i]]));
    }
    if (shown < g->members.n)
        out_printf(p->scratch, " · and %zu more", g->members.n - shown);
    out_repeat(p->out, ' ', indent);
    page_flush(p, indent, indent);
}

static void put_groups(struct page *p, const struct cases *cases, const struct case_groups *groups,
                       bool severities)
{
    size_t shown = p->o->all || groups->n <= GROUPS_SHOWN ? groups->n : GROUPS_SHOWN;
    size_t indent = INDENT + (severities ? SEVERITY_COLUMNS : 0);

    for (size_t i = 0; i < shown; i++) {
        const struct case_group *g = &groups->p[i];

        if (severities)
            put_severity(p, g->severity);
        else
            out_repeat(p->out, ' ', indent);
        wording_count(p->scratch, g->members.n, "case", "cases");
        out_puts(p->scratch, ": ");
        out_tty(p->scratch, g->title);
        page_row(p, indent, indent, g->key);
        put_members(p, cases, g, indent);
    }
    if (shown < groups->n)
        out_printf(p->out, "  and %zu more (--all)\n", groups->n - shown);
}

/* "FATAL     logs/vm-17  web-17                 root.wrong-device-name" */
static void put_case(struct page *p, const struct cases *cases, const struct case_result *c)
{
    const char *news = wording_news(cases, case_news(c));
    const struct case_diagnosis *d = case_cause(c);
    const struct case_crash *crash = case_first_crash(c);
    size_t indent = INDENT + SEVERITY_COLUMNS;
    struct str place = case_place(c);

    if (d)
        put_severity(p, d->severity);
    else
        out_repeat(p->out, ' ', indent);
    out_tty(p->scratch, place);
    if (c->name.n && !str_eq(c->name, place)) {
        out_puts(p->scratch, " (");
        out_tty(p->scratch, c->name);
        out_puts(p->scratch, ")");
    }
    if (crash) {
        out_puts(p->scratch, " · ");
        out_tty(p->scratch, crash->title);
    }
    out_puts(p->scratch, news[0] ? " · " : "");
    out_puts(p->scratch, news);
    page_row(p, indent, indent, d ? d->rule : (struct str){ 0 });
}

static bool has_finding(const struct case_result *c)
{
    const struct case_diagnosis *d = case_cause(c);

    return (d && d->role != ROLE_NOTE) || case_first_crash(c);
}

/* By the gravity of what names them, in their order: a pass for each severity, then the rest. */
static void put_cases(struct page *p, const struct cases *cases)
{
    size_t n = 0;

    for (int severity = SEVERITY_COUNT - 1; severity >= -1; severity--) {
        for (size_t i = 0; i < cases->of.n; i++) {
            const struct case_result *c = &cases->of.p[i];
            const struct case_diagnosis *d = case_cause(c);

            if (!has_finding(c) || (d ? (int)d->severity : -1) != severity)
                continue;
            if (n++ == 0)
                put_heading(p, "Cases");
            if (p->o->all || n <= CASES_SHOWN)
                put_case(p, cases, c);
        }
    }
    if (!p->o->all && n > CASES_SHOWN)
        out_printf(p->out, "  and %zu more (--all)\n", n - CASES_SHOWN);
}

static void put_losses(struct page *p, const struct cases *cases)
{
    size_t n = 0;

    for (size_t i = 0; i < cases->of.n; i++) {
        const struct case_result *c = &cases->of.p[i];

        if (c->exit_code != 3)
            continue;
        if (n++ == 0)
            put_heading(p, "Not read in full");
        if (!p->o->all && n > LOSSES_SHOWN)
            continue;
        out_tty(p->scratch, case_place(c));
        out_puts(p->scratch, case_place(c).n ? ": " : "");
        out_tty(p->scratch, case_loss(c));
        out_repeat(p->out, ' ', INDENT);
        page_flush(p, INDENT, 2 * INDENT);
    }
    if (!p->o->all && n > LOSSES_SHOWN)
        out_printf(p->out, "  and %zu more (--all)\n", n - LOSSES_SHOWN);
}

void text_write_cases(struct out *out, const struct cases *cases, const struct report_options *o)
{
    struct page p = { .out = out, .scratch = out_new_scratch(out), .o = o };
    struct case_groups causes = { 0 }, crashes = { 0 };
    struct arena arena = { 0 };

    if (p.scratch && groups_by_cause(cases, &arena, &causes) &&
        groups_by_crash(cases, &arena, &crashes)) {
        p.words = (struct wording){ .out = p.scratch, .value = out_tty };
        put_sums(&p, cases);
        if (causes.n)
            put_heading(&p, "Causes");
        put_groups(&p, cases, &causes, true);
        if (crashes.n)
            put_heading(&p, "Crashes");
        put_groups(&p, cases, &crashes, false);
        put_cases(&p, cases);
        put_losses(&p, cases);
    } else {
        out_puts(out, "out of memory\n");
    }
    arena_done(&arena);
    out_free(p.scratch);
}
