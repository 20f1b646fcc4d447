/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expressions that PCRE2 refuses or that may take for ever, and lints: what a rule may do and had
 * better not. Each of these is a way in which rules were found dead or harmful in the field;
 * RULES.md says why. The shipped pack has none.
 */
#include "analyzer/engine/keys.h"
#include "analyzer/engine/literal.h"
#include "analyzer/engine/pattern.h"
#include "analyzer/engine/regex_scan.h"
#include "analyzer/engine/ruleset.h"

struct lint {
    const struct ruleset *rs;
    struct problems *problems;
    struct arena scratch;
};

static void lint_at(struct lint *l, const struct rule *r, uint32_t line, uint32_t col,
                    const char *text)
{
    problem_add(l->problems, r->file.p, line, col, "%.*s: %s", STR_ARG(r->id), text);
}

static void lint_style(struct lint *l, const struct rule *r, const struct wording *w)
{
    if (w->style == STYLE_DOUBLE)
        lint_at(l, r, w->line, w->col,
                "a double-quoted expression: YAML eats backslashes; use single quotes (a quote "
                "inside is written twice) or a block scalar");
    if (w->style == STYLE_PLAIN)
        lint_at(l, r, w->line, w->col,
                "an unquoted expression: ' #' would cut it and ': ' would split it; use single "
                "quotes");
}

static bool lint_expression(struct lint *l, const struct rule *r, const struct wording *w)
{
    struct pattern *p;
    struct err err = { 0 };
    struct regex_scan scan;

    if (!regex_scan(&l->scratch, w->text, &scan))
        return false;
    if (scan.leading_any)
        lint_at(l, r, w->line, w->col, "a leading .* only makes it slow: expressions search");
    p = pattern_new(w->text, w->filter.nocase, &err);
    if (!p)
        return false;
    if (pattern_names(p)->n != scan.names.n)
        lint_at(l, r, w->line, w->col, "its named groups are written in an unusual way");
    pattern_free(p);
    return true;
}

static void check_expression(struct lint *l, const struct rule *r, const struct wording *w)
{
    struct err err = { 0 };
    struct pattern *p = pattern_new(w->text, w->filter.nocase, &err);
    struct regex_scan scan;

    if (regex_scan(&l->scratch, w->text, &scan) && scan.nested_unbounded)
        lint_at(l, r, w->line, w->col,
                "a repetition of a repetition: make the inner one possessive (++, *+) or bounded");
    if (!p)
        problem_add(l->problems, r->file.p, w->line, w->col, "%.*s: at %u of the expression: %s",
                    STR_ARG(r->id), (unsigned)err.col, err.text);
    pattern_free(p);
}

static void lint_literal(struct lint *l, const struct rule *r, const struct wording *w)
{
    struct literals found = { 0 };
    bool has = w->kind == WORDING_LITERAL ? w->text.n >= PREFILTER_MIN
               : w->kind == WORDING_ANYTHING
                       ? true
                       : literal_extract(&l->scratch, w->text, w->filter.nocase, &found);

    /* Crash reports are found by their own headers, few as they are. */
    if (!has && !w->crash && !w->filter.drivers.n)
        lint_at(l, r, w->line, w->col,
                "no fixed text of at least 4 bytes: every record has to be tried, and large files "
                "are read whole");
}

static void lint_wording(struct lint *l, const struct rule *r, const struct wording *w)
{
    if (w->kind == WORDING_REGEX) {
        lint_style(l, r, w);
        if (!lint_expression(l, r, w))
            return;
    }
    lint_literal(l, r, w);
}

static void check_wording(struct lint *l, const struct rule *r, const struct wording *w)
{
    if (w->kind == WORDING_REGEX)
        check_expression(l, r, w);
}

/* Recursion over the rule's tree, at most LIMIT_YAML_DEPTH deep. */
static void each_wording(struct lint *l, const struct rule *r, const struct matcher *m,
                         void (*look)(struct lint *, const struct rule *, const struct wording *))
{
    for (size_t i = 0; i < m->n_wordings; i++)
        look(l, r, &m->wordings[i]);
    for (size_t i = 0; i < m->n_of; i++)
        each_wording(l, r, &m->of[i], look);
}

static bool names_a_rule(const struct ruleset *rs, struct str id)
{
    for (size_t i = 0; i < rs->rules.n; i++)
        if (glob_match(id, rs->rules.p[i]->id))
            return true;
    return false;
}

static void lint_ids(struct lint *l, const struct rule *r, const struct strs *ids, const char *word)
{
    char hint[80];

    for (size_t i = 0; i < ids->n; i++) {
        struct suggestion s = { .wanted = ids->p[i] };

        if (names_a_rule(l->rs, ids->p[i]))
            continue;
        for (size_t k = 0; k < l->rs->rules.n; k++)
            suggest(&s, l->rs->rules.p[k]->id);
        problem_add(l->problems, r->file.p, r->line, 1, "%.*s: %s names no rule: '%.*s'%s",
                    STR_ARG(r->id), word, STR_ARG(ids->p[i]),
                    suggestion_text(&s, hint, sizeof hint));
    }
}

static void lint_tests(struct lint *l, const struct rule *r)
{
    size_t fires = 0;

    for (size_t i = 0; i < r->n_tests; i++)
        fires += r->tests[i].fires;
    if (!fires)
        lint_at(l, r, r->line, 1, "no test in which it fires (tests: match)");
    if (fires == r->n_tests)
        lint_at(l, r, r->line, 1, "no test in which it does not fire (tests: no_match)");
}

/* Defaults are values: ${…} in them would be printed as it stands. */
static void lint_defaults(struct lint *l, const struct rule *r)
{
    for (size_t i = 0; i < r->more->n_defaults; i++) {
        const struct rule_named *d = &r->more->defaults[i];

        if (d->value.type == VALUE_TEXT && str_find(d->value.text, STR("${")) != STR_NOT_FOUND)
            lint_at(l, r, d->line, d->col,
                    "a default holds ${…}: defaults are values, no templates");
    }
}

static void lint_rule(struct lint *l, const struct rule *r)
{
    each_wording(l, r, r->match, lint_wording);
    lint_ids(l, r, &r->explains, "explains");
    lint_ids(l, r, &r->caused_by, "caused_by");
    lint_ids(l, r, &r->supersedes, "supersedes");
    lint_ids(l, r, &r->suppress_if, "suppress_if");
    if (r->status == STATUS_RETIRED)
        return;
    lint_tests(l, r);
    lint_defaults(l, r);
    if (!r->diagnosis.n_parts)
        lint_at(l, r, r->line, 1, "no diagnosis: what does it mean?");
    if (!r->remediation.n && r->severity > SEVERITY_INFO)
        lint_at(l, r, r->line, 1, "no remediation: what is to be done?");
    if (!r->category.n)
        lint_at(l, r, r->line, 1, "no category");
    if (r->status == STATUS_DRAFT)
        lint_at(l, r, r->line, 1, "a draft: its texts are still to be written (status: draft)");
}

bool ruleset_check(const struct ruleset *rs, struct problems *problems)
{
    struct lint l = { .rs = rs, .problems = problems };
    size_t before = problems->n;

    for (size_t i = 0; i < rs->rules.n; i++)
        each_wording(&l, rs->rules.p[i], rs->rules.p[i]->match, check_wording);
    arena_done(&l.scratch);
    return problems->n == before;
}

bool ruleset_lint(const struct ruleset *rs, struct problems *problems)
{
    struct lint l = { .rs = rs, .problems = problems };
    size_t before = problems->n;

    for (size_t i = 0; i < rs->rules.n; i++)
        lint_rule(&l, rs->rules.p[i]);
    arena_done(&l.scratch);
    return problems->n == before;
}
