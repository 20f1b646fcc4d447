/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTML report of many cases: what was found on how many machines, each cause and each crash one
 * row, and below it every case that has something to tell. See html.h.
 */
#include "analyzer/diagnose/groups.h"
#include "reports/html.h"

#include <inttypes.h>

/* What one page shows; a night that fails everywhere must not become a page of hundreds of MB. */
enum {
    CASES_SHOWN = 2000,
    MEMBERS_SHOWN = 200,
    MEMBERS_FIRST = 3, /* of each group have a block before others get one */
    EVIDENCE_SHOWN = 4,
    UNEXPLAINED_SHOWN = 5,
};

struct page {
    struct out *out;
    const struct cases *cases;
    bool *has_block; /* of each case */
};

static struct str name_of(const struct case_result *c)
{
    if (c->name.n)
        return c->name;
    return c->id.n ? c->id : STR("(no name)");
}

static bool is_worth_a_block(const struct case_result *c)
{
    const struct case_diagnosis *cause = case_cause(c);

    return (cause && cause->role != ROLE_NOTE) || case_first_crash(c) || c->exit_code != 0 ||
           c->result == RESULT_CANNOT_TELL || c->result == RESULT_NOTHING_READ;
}

static void put_tile(struct out *o, uint64_t n, const char *css, const char *words)
{
    out_printf(o, "<div class=\"tile %s\"><strong>%" PRIu64 "</strong> %s</div>\n",
               n ? css : "none", n, words);
}

static void put_tiles(struct out *o, const struct cases *cases)
{
    struct case_counts n = cases_count(cases);

    out_puts(o, "<div class=\"tiles\">\n");
    put_tile(o, cases->of.n, "all", "cases");
    put_tile(o, n.by_result[RESULT_DIAGNOSED], "error", "diagnosed");
    put_tile(o, n.by_result[RESULT_NOTHING_KNOWN], "good", "nothing known found");
    put_tile(o, n.by_result[RESULT_CANNOT_TELL], "warning", "the log cannot tell");
    put_tile(o, n.by_result[RESULT_NOTHING_READ] + n.incomplete, "warning", "not read in full");
    out_puts(o, "</div>\n");
}

/* Machines of one name are told apart by where their log stands. */
static void put_first_input(struct out *o, const struct case_result *c)
{
    if (c->inputs.n == 0)
        return;
    out_puts(o, " <span class=\"dim\">");
    out_markup(o, c->inputs.p[0].name);
    out_puts(o, "</span>");
}

static void choose_of_groups(const struct page *p, const struct case_groups *groups, size_t *n)
{
    for (size_t i = 0; i < groups->n; i++) {
        const struct case_group *g = &groups->p[i];

        for (size_t k = 0; k < g->members.n && k < MEMBERS_FIRST && *n < CASES_SHOWN; k++) {
            *n += !p->has_block[g->members.p[k]];
            p->has_block[g->members.p[k]] = true;
        }
    }
}

/* Which cases have a block: some of every group, then the others in their order. */
static void choose_blocks(const struct page *p, const struct case_groups *causes,
                          const struct case_groups *crashes)
{
    size_t n = 0;

    choose_of_groups(p, causes, &n);
    choose_of_groups(p, crashes, &n);
    for (size_t i = 0; i < p->cases->of.n && n < CASES_SHOWN; i++) {
        if (p->has_block[i] || !is_worth_a_block(&p->cases->of.p[i]))
            continue;
        p->has_block[i] = true;
        n++;
    }
}

/* The machines of a group, each linking to its case. */
static void put_members(const struct page *p, const struct case_group *g)
{
    const struct cases *cases = p->cases;
    struct out *o = p->out;

    out_puts(o, "<details><summary>");
    wording_count(o, g->members.n, "case", "cases");
    out_puts(o, "</summary>\n<ul class=\"members\">\n");
    for (size_t i = 0; i < g->members.n && i < MEMBERS_SHOWN; i++) {
        uint32_t index = g->members.p[i];

        out_puts(o, "<li>");
        if (p->has_block[index])
            out_printf(o, "<a href=\"#case-%" PRIu32 "\">", index);
        out_markup(o, name_of(&cases->of.p[index]));
        out_puts(o, p->has_block[index] ? "</a>" : "");
        put_first_input(o, &cases->of.p[index]);
        out_puts(o, "</li>\n");
    }
    if (g->members.n > MEMBERS_SHOWN)
        out_printf(o, "<li>and %zu more</li>\n", g->members.n - MEMBERS_SHOWN);
    out_puts(o, "</ul>\n</details>\n");
}

static void put_group(const struct page *p, const struct case_group *g)
{
    struct out *o = p->out;

    out_printf(o, "<tr><td class=\"n\"><strong>%zu</strong></td><td>", g->members.n);
    if (g->kind == GROUP_CAUSE)
        html_severity(o, g->severity);
    else
        out_puts(o, "<span class=\"badge crash\">CRASH</span>");
    out_puts(o, "</td><td>");
    out_markup(o, g->title);
    out_puts(o, "<br><span class=\"dim mono\">");
    out_own(o, out_markup, g->key);
    out_puts(o, "</span>\n");
    put_members(p, g);
    out_puts(o, "</td></tr>\n");
}

static void put_groups(const struct page *p, const char *heading, const struct case_groups *groups)
{
    if (groups->n == 0)
        return;
    out_printf(p->out,
               "<section>\n<h2>%s</h2>\n<div class=\"card scroll\"><table class=\"groups\">\n"
               "<tr><th class=\"n\">cases</th><th>kind</th><th>what</th></tr>\n",
               heading);
    for (size_t i = 0; i < groups->n; i++)
        put_group(p, &groups->p[i]);
    out_puts(p->out, "</table></div>\n</section>\n");
}

static void put_line(struct out *o, const struct case_line *line)
{
    struct str rest = line->text, first = line->text;
    char clock[CLOCK_TEXT];

    str_take_line(&rest, &first);
    html_log_line(o, &(struct html_line){ .input = line->input,
                                          .line = line->line,
                                          .stamp = wording_mono(line->mono_us, clock),
                                          .text = first,
                                          .proof = true,
                                          .cut = rest.n > 0 });
}

static void put_lines(struct out *o, const struct case_lines *lines)
{
    if (lines->n == 0)
        return;
    out_puts(o, "<div class=\"log\">\n");
    for (size_t i = 0; i < lines->n && i < EVIDENCE_SHOWN; i++)
        put_line(o, &lines->p[i]);
    if (lines->n > EVIDENCE_SHOWN)
        out_printf(o, "<div class=\"skip\">and %zu more</div>\n", lines->n - EVIDENCE_SHOWN);
    out_puts(o, "</div>\n");
}

static void put_diagnosis(struct out *o, const struct case_diagnosis *d)
{
    html_severity(o, d->severity);
    out_puts(o, " <strong>");
    out_markup(o, d->title);
    out_puts(o, "</strong> <span class=\"dim mono\">");
    out_own(o, out_markup, d->rule);
    out_puts(o, "</span>\n<p>");
    out_markup(o, d->text);
    out_puts(o, "</p>\n");
    put_lines(o, &d->evidence);
    if (d->steps.n == 0)
        return;
    out_puts(o, "<details><summary>What to do</summary>\n<ol class=\"steps\">\n");
    for (size_t i = 0; i < d->steps.n; i++) {
        out_puts(o, "<li>");
        out_markup(o, d->steps.p[i]);
        out_puts(o, "</li>\n");
    }
    out_puts(o, "</ol>\n</details>\n");
}

static bool is_like(const struct case_crash *a, const struct case_crash *b)
{
    return !a->consequence && str_eq(a->exact, b->exact) && str_eq(a->title, b->title);
}

/* How many crashes from `at` on are like that one; 0 when one before it is, which tells of it. */
static size_t count_like(const struct case_result *c, size_t at)
{
    size_t n = 0;

    for (size_t i = 0; i < c->crashes.n; i++) {
        if (!is_like(&c->crashes.p[i], &c->crashes.p[at]))
            continue;
        if (i < at)
            return 0;
        n++;
    }
    return n;
}

static void put_crash(struct out *o, const struct case_crash *crash, size_t times)
{
    out_puts(o, "<p><span class=\"badge crash\">CRASH</span> <strong>");
    out_markup(o, crash->title);
    out_puts(o, "</strong> <span class=\"dim mono\">");
    out_own(o, out_markup, crash->exact);
    out_puts(o, "</span>");
    if (times > 1)
        out_printf(o, " <span class=\"tag\">%zu times</span>", times);
    out_puts(o, "</p>\n");
    if (crash->evidence.n)
        put_lines(o, &(struct case_lines){ .p = crash->evidence.p, .n = 1 });
}

static void put_unread(struct out *o, const struct case_result *c)
{
    for (size_t i = 0; i < c->inputs.n; i++) {
        if (c->inputs.p[i].error.n == 0)
            continue;
        out_puts(o, "<p class=\"dim\">not read in full: ");
        out_markup(o, c->inputs.p[i].name);
        out_puts(o, ": ");
        out_markup(o, c->inputs.p[i].error);
        out_puts(o, "</p>\n");
    }
}

/* "Photon OS 6.1.138-esx · 3 boots, the last bad one ended by: panic" */
static void put_system(struct out *o, const struct case_result *c)
{
    out_puts(o, "<p class=\"case\">");
    if (c->inputs.n) {
        out_markup(o, c->inputs.p[0].name);
        if (c->inputs.n > 1)
            out_printf(o, " and %zu more", c->inputs.n - 1);
        out_puts(o, " · ");
    }
    out_markup(o, c->distro);
    out_puts(o, c->distro.n && c->kernel.n ? " " : "");
    out_markup(o, c->kernel);
    out_puts(o, c->distro.n || c->kernel.n ? " · " : "");
    wording_count(o, c->n_boots, "boot", "boots");
    if (c->ended_by.n) {
        out_puts(o, ", ended by: ");
        out_markup(o, c->ended_by);
    }
    out_puts(o, "</p>\n");
}

static void put_case(struct out *o, const struct cases *cases, uint32_t index)
{
    const struct case_result *c = &cases->of.p[index];
    const char *news = wording_news(cases, case_news(c));
    enum severity worst;
    size_t unexplained = 0;

    out_printf(o, "<article class=\"card %s\" id=\"case-%" PRIu32 "\">\n<h3>",
               case_worst(c, &worst) ? severity_name(worst).p : "none", index);
    out_markup(o, name_of(c));
    out_puts(o, "</h3>\n");
    put_system(o, c);
    if (news[0] && (case_cause(c) || case_first_crash(c)))
        out_printf(o, "<p class=\"dim\">Compared with earlier runs: %s</p>\n", news);
    put_unread(o, c);
    for (size_t i = 0; i < c->diagnoses.n; i++)
        if (c->diagnoses.p[i].role == ROLE_ROOT || c->diagnoses.p[i].role == ROLE_CONTRIBUTING)
            put_diagnosis(o, &c->diagnoses.p[i]);
    for (size_t i = 0; i < c->crashes.n; i++) {
        size_t times = c->crashes.p[i].consequence ? 0 : count_like(c, i);

        if (times)
            put_crash(o, &c->crashes.p[i], times);
    }
    if (c->result == RESULT_CANNOT_TELL)
        out_puts(o, "<p>This log cannot tell what happened.</p>\n");
    for (size_t i = 0; i < c->unexplained.n && !case_cause(c); i++) {
        if (unexplained++ >= UNEXPLAINED_SHOWN)
            break;
        if (i == 0)
            out_puts(o, "<p class=\"dim\">Errors that no rule explains:</p>\n");
        put_lines(o, &(struct case_lines){ .p = &c->unexplained.p[i].evidence, .n = 1 });
    }
    out_puts(o, "</article>\n");
}

static void put_cases(const struct page *p)
{
    const struct cases *cases = p->cases;
    struct out *o = p->out;
    size_t shown = 0, left = 0;

    out_puts(o, "<section>\n<h2>Cases</h2>\n");
    for (uint32_t i = 0; i < cases->of.n; i++) {
        if (p->has_block[i])
            put_case(o, cases, i);
        shown += p->has_block[i];
        left += !p->has_block[i] && is_worth_a_block(&cases->of.p[i]);
    }
    if (shown == 0)
        out_puts(o, "<p>No case has anything to tell.</p>\n");
    if (left)
        out_printf(o,
                   "<p class=\"dim\">%zu further cases are not on this page; the report ndjson "
                   "has all of them.</p>\n",
                   left);
    out_puts(o, "</section>\n");
}

void html_write_cases(struct out *out, const struct cases *cases, const struct report_options *o)
{
    struct arena arena = { 0 };
    struct case_groups causes = { 0 }, crashes = { 0 };
    struct page p = { out, cases, arena_new(&arena, bool, cases->of.n + 1) };

    if (!p.has_block)
        return;
    if (!groups_by_cause(cases, &arena, &causes) || !groups_by_crash(cases, &arena, &crashes))
        causes.n = crashes.n = 0;
    choose_blocks(&p, &causes, &crashes);
    html_begin(out, STR("lastwords: scan"));
    out_puts(out, "<header>\n<p class=\"case\">lastwords scan</p>\n<h1>");
    wording_count(out, causes.n, "cause", "causes");
    out_puts(out, " and ");
    wording_count(out, crashes.n, "crash", "crashes");
    out_puts(out, " in ");
    wording_count(out, cases->of.n, "case", "cases");
    out_puts(out, "</h1>\n");
    if (!cases->complete)
        out_puts(out, "<p>Not everything that was asked for is in here: cases or parts of them "
                      "could not be read.</p>\n");
    if (cases->known) {
        out_puts(out, "<p class=\"dim\">");
        wording_count(out, cases->known, "more case holds", "more cases hold");
        out_puts(out, " nothing new</p>\n");
    }
    put_tiles(out, cases);
    out_puts(out, "</header>\n");
    put_groups(&p, "By cause", &causes);
    put_groups(&p, "By crash", &crashes);
    put_cases(&p);
    html_footer(out, o->tool_version, cases->rules_count, cases->rules_sha256);
    html_end(out);
    arena_done(&arena);
}
