/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Why did my rule not fire?" One line for each part of the rule: what it looked for, what it
 * found, and whether it held, did not, or could not be known.
 */
#include "analyzer/engine/applies.h"
#include "analyzer/engine/pattern.h"
#include "analyzer/engine/ruleset.h"
#include "analyzer/engine/where.h"

#include <stdarg.h>

struct explaining {
    const struct ruleset *rs;
    const struct rule *rule;
    struct part part;
    const struct facts *facts;
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

static const char *const answers[] = {
    [TRI_UNKNOWN] = "unknown",
    [TRI_NO] = "no",
    [TRI_YES] = "yes",
};

static const char *const kind_names[] = {
    [MATCHER_TEXT] = "text",         [MATCHER_ANY] = "any", [MATCHER_ALL] = "all",
    [MATCHER_SEQUENCE] = "sequence", [MATCHER_NOT] = "not", [MATCHER_COUNT] = "count",
};

static void explain_wording(struct explaining *x, const struct wording *w, unsigned indent)
{
    const struct hit_list *list = hits_of(x->part.hits, w->index);
    const struct hit *first = list ? hit_list_at(list, 0) : NULL;
    char quoted[200];

    const char *what = w->crash ? "crash report" : "record";

    err_quote(w->kind != WORDING_ANYTHING ? w->text
              : w->crash                  ? STR("block: crash")
                                          : w->message_id,
              quoted, sizeof quoted);
    if (applies_to(w->filter.applies, x->facts) == TRI_NO)
        say(x, indent, "%s: not for this kernel (applies_to)", quoted);
    else if (!first)
        say(x, indent, "%s: no %s", quoted, what);
    else
        say(x, indent, "%s: %llu %ss, the first on line %llu", quoted,
            (unsigned long long)hit_list_total(list), what,
            (unsigned long long)first->record->line);
}

/* Recursion over the rule's tree, at most LIMIT_YAML_DEPTH deep. */
static void explain_matcher(struct explaining *x, const struct matcher *m, unsigned indent)
{
    struct arena scratch = { 0 };
    struct solving solving = {
        .parts = &x->part, .n_parts = 1, .facts = x->facts, .a = &scratch, .budget = SOLVE_BUDGET
    };
    struct solutions all = { 0 };

    solve(&solving, m, &all);
    if (m->kind == MATCHER_TEXT)
        for (size_t i = 0; i < m->n_wordings; i++)
            explain_wording(x, &m->wordings[i], indent);
    else
        say(x, indent, "%s: %s", kind_names[m->kind],
            answers[all.n             ? TRI_YES
                    : solving.unknown ? TRI_UNKNOWN
                                      : TRI_NO]);
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
static void explain_where(struct explaining *x, const struct boot *boot)
{
    struct arena scratch = { 0 };
    struct solving solving = {
        .parts = &x->part, .n_parts = 1, .facts = x->facts, .a = &scratch, .budget = SOLVE_BUDGET
    };
    struct solutions all = { 0 };
    struct scene scene = { .rule = x->rule, .boot = boot, .facts = x->facts, .a = &scratch };

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

static void explain_requires(struct explaining *x, const struct boot *boot)
{
    const struct strs *requires = &x->rule->more->requires;
    struct value v;

    for (size_t i = 0; i < requires->n; i++) {
        v = fact_of(x->facts, boot, requires->p[i], x->a, NULL);
        say(x, 0, "requires %.*s: %s", STR_ARG(requires->p[i]),
            v.type != VALUE_BOOL ? "unknown"
            : v.truth            ? "yes"
                                 : "no");
    }
}

struct strs finding_explain(const struct ruleset *rs, const struct rule *rule, struct boot *boot,
                            const struct hits *hits, const struct facts *facts, struct arena *a)
{
    struct explaining x = {
        .rs = rs, .rule = rule, .part = { boot, hits }, .facts = facts, .a = a
    };
    struct findings found = { 0 };
    struct arena scratch = { 0 };

    if (rule->status == STATUS_RETIRED)
        say(&x, 0, "the rule is retired and never evaluated");
    if (applies_to(rule->more->applies, facts) == TRI_NO)
        say(&x, 0, "applies_to: no, the kernel is out of range");
    explain_requires(&x, boot);
    explain_matcher(&x, rule->match, 0);
    explain_where(&x, boot);
    correlate(rs, boot, hits, facts, &scratch, &found);
    for (size_t i = 0; i < found.n; i++) {
        if (found.p[i].rule == rule)
            say(&x, 0, "it fires%s", found.p[i].certain ? ", for certain" : "");
    }
    arena_done(&scratch);
    return x.lines;
}
