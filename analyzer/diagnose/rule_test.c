/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of rules: an analysis of one text, of which only the findings of one rule are looked at.
 * They count as they are, before ranking: a rule that another one supersedes has fired.
 */
#include "analyzer/diagnose/rule_test.h"

#include "analyzer/diagnose/analysis.h"

/* A number given for a fact that is text ("5.10" is text anyway, 6 is not). */
static struct value as_fact(enum fact_id id, struct value v, struct arena *a)
{
    if (v.type == VALUE_INT && str_eq(fact_infos[id].type, STR("text")))
        return value_text(value_print(a, &v), SORT_OTHER);
    return v;
}

void rule_test_facts(const struct rule_test *test, struct facts *f, struct arena *a)
{
    for (size_t i = 0; i < test->n_facts; i++) {
        for (unsigned id = 0; id < FACT_COUNT; id++) {
            if (str_eq(fact_infos[id].path, test->facts[i].name))
                facts_set(f, (enum fact_id)id, as_fact((enum fact_id)id, test->facts[i].value, a),
                          NULL);
        }
    }
}

static const struct finding *find_in(const struct findings *all, const struct rule *rule)
{
    for (size_t i = 0; i < all->n; i++) {
        if (all->p[i].rule == rule)
            return &all->p[i];
    }
    return NULL;
}

static const struct finding *find_rule(const struct analysis *c, const struct rule *rule)
{
    const struct finding *f = find_in(&c->case_findings, rule);

    for (size_t i = 0; !f && i < c->of_boot.n; i++)
        f = find_in(&c->of_boot.p[i].findings, rule);
    return f;
}

static bool values_agree(const struct finding *f, const struct rule_test *test, struct arena *a,
                         struct str *why)
{
    const struct rule_named *e;
    struct str got, wanted;
    struct value v;
    char quoted[200];

    for (size_t i = 0; i < test->n_expect; i++) {
        e = &test->expect[i];
        finding_lookup(f, e->name, a, &v);
        got = value_print(a, &v);
        wanted = value_print(a, &e->value);
        if (str_eq(got, wanted))
            continue;
        *why = arena_printf(a, "%.*s is '%s', expected '%.*s'", STR_ARG(e->name),
                            err_quote(got, quoted, sizeof quoted), STR_ARG(wanted));
        return false;
    }
    return true;
}

static struct str explain(const struct analysis *c, const struct rule *rule, struct arena *a)
{
    struct str all = STR("does not fire");
    const struct case_boot *b;
    struct case_part part;
    struct strs lines;

    for (size_t i = 0; i < c->of_boot.n; i++) {
        b = &c->of_boot.p[i];
        part = (struct case_part){ b->boot, b->hits };
        lines = finding_explain(c->rules, rule,
                                &(struct explain_scope){ .boot = b->boot,
                                                         .parts = &part,
                                                         .n_parts = 1,
                                                         .facts = b->facts,
                                                         .matching = c->matching },
                                a);
        for (size_t k = 0; k < lines.n; k++)
            all = arena_printf(a, "%.*s\n  %.*s", STR_ARG(all), STR_ARG(lines.p[k]));
    }
    return all;
}

static bool judge(const struct analysis *c, const struct rule *rule, struct arena *a,
                  struct str *why)
{
    const struct finding *f = find_rule(c, rule);

    for (size_t i = 0; i < c->inputs.n; i++) {
        if (c->inputs.p[i].err.code == FAIL_NONE)
            continue;
        *why = arena_str(a, str_from(c->inputs.p[i].err.text));
        return false;
    }
    if (f && c->test->fires)
        return values_agree(f, c->test, a, why);
    if (!f && !c->test->fires)
        return true;
    *why = f ? STR("fires and should not") : explain(c, rule, a);
    return false;
}

bool rule_test_run(const struct ruleset *rs, const struct rule *rule, const struct rule_test *test,
                   struct str log, struct arena *a, struct str *why)
{
    struct analysis_options options = { .no_prefilter = true, .watch = rule->id };
    struct analysis *c = analysis_new(rs);
    struct input *in = input_from_memory(STR("test"), log);
    bool ok = false;

    *why = STR("out of memory");
    if (c && in) {
        c->test = test;
        analysis_add(c, in, &options);
        analysis_correlate(c);
        ok = judge(c, rule, a, why);
    }
    input_close(in);
    analysis_free(c);
    return ok;
}
