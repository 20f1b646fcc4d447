/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Why did my rule not fire?" One line for each part of the rule: what it looked for, what it
 * found, and whether it held, did not, or could not be known.
 */
#include "analyzer/engine/applies.h"
#include "analyzer/engine/explain_why.h"
#include "analyzer/engine/near.h"
#include "analyzer/engine/pattern.h"
#include "analyzer/engine/ruleset.h"
#include "analyzer/engine/where.h"

#include <stdarg.h>

struct explaining {
    const struct ruleset *rs;
    const struct rule *rule;
    const struct explain_scope *scope;
    struct part *parts; /* scope->n_parts */
    struct arena *a;
    struct strs lines;
};

__attribute__((format(printf, 3, 4))) static void say(struct explaining *x, unsigned indent,
                                                      const char *format, ...)
{
    struct str *slot = vec_push(x->a, &x->lines);
    struct str text;
    va_list ap;

    va_start(ap, format);
    text = arena_vprintf(x->a, format, ap);
    va_end(ap);
    if (slot)
        *slot = arena_printf(x->a, "%*s%.*s", (int)(2 * indent), "", STR_ARG(text));
}

static struct solving solving_of(const struct explaining *x, struct arena *scratch)
{
    return (struct solving){ .parts = x->parts,
                             .n_parts = x->scope->n_parts,
                             .facts = x->scope->facts,
                             .a = scratch,
                             .budget = SOLVE_BUDGET };
}

static const char *const answers[] = {
    [TRI_UNKNOWN] = "unknown",
    [TRI_NO] = "no",
    [TRI_YES] = "yes",
};

static const char *const kind_names[] = {
    [MATCHER_TEXT] = "text",         [MATCHER_ANY] = "any", [MATCHER_ALL] = "all",
    [MATCHER_SEQUENCE] = "sequence", [MATCHER_NOT] = "not", [MATCHER_COUNT] = "count",
};

/* "level is info" of what else fits. */
static void explain_near(struct explaining *x, const struct wording *w, unsigned indent)
{
    const struct near_miss *miss = NULL;
    char quoted[200];

    for (size_t i = 0; x->scope->matching && i < x->scope->n_parts && !miss; i++)
        miss = near_of(matching_near(x->scope->matching), x->parts[i].hits, w->index);
    if (!miss)
        return;
    err_quote(miss->is, quoted, sizeof quoted);
    say(x, indent + 1, "line %llu: %s, but %.*s does not fit%s%s", (unsigned long long)miss->line,
        w->crash ? "a crash report is there" : "the text is there", STR_ARG(miss->key),
        miss->is.n ? ": it is " : "", miss->is.n ? quoted : "");
}

/* Does any hit of the matcher stand in the phase that it asks for? */
static bool wrong_phase(struct explaining *x, const struct matcher *m)
{
    struct arena scratch = { 0 };
    struct solving solving = solving_of(x, &scratch);
    struct solutions all = { 0 };

    solve(&solving, m, &all);
    arena_done(&scratch);
    return !all.n;
}

static void explain_wording(struct explaining *x, const struct matcher *m, const struct wording *w,
                            unsigned indent)
{
    const struct hit *first = NULL;
    const char *what = w->crash ? "crash report" : "record", *more = "";
    uint64_t total = 0;
    char quoted[200];

    for (size_t i = 0; i < x->scope->n_parts; i++) {
        const struct hit_list *list = hits_of(x->parts[i].hits, w->index);

        total += list ? hit_list_total(list) : 0;
        first = first || !list ? first : hit_list_at(list, 0);
    }
    err_quote(w->kind != WORDING_ANYTHING ? w->text
              : w->crash                  ? STR("block: crash")
                                          : w->message_id,
              quoted, sizeof quoted);
    if (w->filter.phases && first && wrong_phase(x, m))
        more = ", but not in the phase asked for, as far as the log tells";
    if (applies_to(w->filter.applies, x->scope->facts) == TRI_NO) {
        say(x, indent, "%s: not for this kernel (applies_to)", quoted);
    } else if (first) {
        say(x, indent, "%s: %llu %s%s, the first on line %llu%s", quoted, (unsigned long long)total,
            what, total == 1 ? "" : "s", (unsigned long long)first->record->line, more);
    } else {
        say(x, indent, "%s: no %s", quoted, what);
        explain_near(x, w, indent);
    }
}

/* What holds together each for itself, but not as the rule asks. */
static void explain_why(struct explaining *x, const struct matcher *m, unsigned indent)
{
    struct arena scratch = { 0 };
    struct solving solving = solving_of(x, &scratch);
    struct str why = { 0 };

    if (m->kind == MATCHER_SEQUENCE)
        why = why_no_sequence(&solving, m);
    else if (m->kind == MATCHER_ALL)
        why = why_not_together(&solving, m);
    else if (m->kind == MATCHER_COUNT)
        why = why_too_few(&solving, m);
    if (why.n)
        say(x, indent + 1, "%.*s", STR_ARG(why));
    arena_done(&scratch);
}

/* Recursion over the rule's tree, at most LIMIT_YAML_DEPTH deep. */
static void explain_matcher(struct explaining *x, const struct matcher *m, unsigned indent)
{
    struct arena scratch = { 0 };
    struct solving solving = solving_of(x, &scratch);
    struct solutions all = { 0 };

    solve(&solving, m, &all);
    if (m->kind == MATCHER_TEXT)
        for (size_t i = 0; i < m->n_wordings; i++)
            explain_wording(x, m, &m->wordings[i], indent);
    else
        say(x, indent, "%s: %s", kind_names[m->kind],
            answers[all.n             ? TRI_YES
                    : solving.unknown ? TRI_UNKNOWN
                                      : TRI_NO]);
    if (!all.n)
        explain_why(x, m, indent);
    for (size_t i = 0; i < m->n_of; i++)
        explain_matcher(x, &m->of[i], indent + 1);
    arena_done(&scratch);
}

static void explain_condition(struct explaining *x, struct scene *scene, const struct condition *c,
                              const char *word, unsigned indent)
{
    struct value v;
    struct str printed;
    char quoted[200];

    if (c->op == OP_ANY) {
        say(x, indent, "%s any: %s", word, answers[condition_holds(scene, c, NULL)]);
        for (const struct condition *inner = c->of; inner; inner = inner->next)
            explain_condition(x, scene, inner, word, indent + 1);
        return;
    }
    v = condition_value(scene, c, NULL);
    printed = value_print(x->a, &v);
    say(x, indent, "%s %.*s (line %u): %s; it is %s", word, STR_ARG(c->path), (unsigned)c->line,
        answers[condition_holds(scene, c, NULL)], err_quote(printed, quoted, sizeof quoted));
}

/* With the names of the first way in which the matcher holds, if there is one. */
static void explain_where(struct explaining *x)
{
    struct arena scratch = { 0 };
    struct solving solving = solving_of(x, &scratch);
    struct solutions all = { 0 };
    struct scene scene = {
        .rule = x->rule, .boot = x->scope->boot, .facts = x->scope->facts, .a = &scratch
    };

    solve(&solving, x->rule->match, &all);
    if (all.n)
        scene_bind(&scene, &all.p[0]);
    for (size_t i = 0; i < scene.names.n; i++) {
        struct str printed = value_print(&scratch, &scene.names.p[i].value);
        char quoted[200];

        say(x, 0, "%.*s = %s", STR_ARG(scene.names.p[i].name),
            err_quote(printed, quoted, sizeof quoted));
    }
    for (const struct condition *c = x->rule->where; c; c = c->next)
        explain_condition(x, &scene, c, "where", 0);
    for (const struct condition *c = x->rule->more->unless; c; c = c->next)
        explain_condition(x, &scene, c, "unless", 0);
    pattern_scratch_free(scene.scratch);
    arena_done(&scratch);
}

static void explain_requires(struct explaining *x)
{
    const struct strs *requires = &x->rule->more->requires;
    struct value v;

    for (size_t i = 0; i < requires->n; i++) {
        v = fact_of(x->scope->facts, x->scope->boot, requires->p[i], x->a, NULL);
        say(x, 0, "requires %.*s: %s", STR_ARG(requires->p[i]),
            v.type != VALUE_BOOL ? "unknown"
            : v.truth            ? "yes"
                                 : "no");
    }
}

/* As the analysis does it; other rules' findings with it. */
static bool explain_verdict(struct explaining *x)
{
    const struct explain_scope *scope = x->scope;
    struct findings found = { 0 };
    struct arena scratch = { 0 };
    bool fires = false;

    if (!scope->boot)
        correlate_case(x->rs, scope->parts, scope->n_parts, scope->facts, &scratch, &found);
    else if (scope->n_parts)
        correlate(x->rs, scope->boot, scope->parts[0].hits, scope->facts, &scratch, &found);
    for (size_t i = 0; i < found.n; i++) {
        if (found.p[i].rule != x->rule)
            continue;
        say(x, 0, "it fires%s", found.p[i].certain ? ", for certain" : "");
        fires = true;
    }
    arena_done(&scratch);
    return fires;
}

struct strs finding_explain(const struct ruleset *rs, const struct rule *rule,
                            const struct explain_scope *scope, struct arena *a)
{
    struct explaining x = { .rs = rs, .rule = rule, .scope = scope, .a = a };

    x.parts = arena_new(a, struct part, scope->n_parts + 1);
    if (!x.parts)
        return x.lines;
    for (size_t i = 0; i < scope->n_parts; i++)
        x.parts[i] = (struct part){ scope->parts[i].boot, scope->parts[i].hits };
    if (rule->status == STATUS_RETIRED)
        say(&x, 0, "the rule is retired and never evaluated");
    if (applies_to(rule->more->applies, scope->facts) == TRI_NO)
        say(&x, 0, "applies_to: no, the log is of another kernel or system");
    explain_requires(&x);
    explain_matcher(&x, rule->match, 0);
    explain_where(&x);
    if (!explain_verdict(&x))
        say(&x, 0, "it does not fire");
    return x.lines;
}
