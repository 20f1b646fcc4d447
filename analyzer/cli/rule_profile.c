/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What rules cost: an ordinary analysis whose matching is measured. The times are of this run on
 * this machine, the only output of the program that is never the same twice.
 */
#include "analyzer/cli/rule_profile.h"

#include "analyzer/cli/complain.h"
#include "analyzer/engine/matcher.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

struct row {
    const struct rule *rule;
    struct wording_cost cost; /* of all its wordings */
};

struct table {
    struct row *rows;
    size_t n;
    struct wording_cost sum;
};

static uint64_t now_ns(void)
{
    struct timespec t;

    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0;
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void add_cost(struct wording_cost *to, const struct wording_cost *more)
{
    to->candidates += more->candidates;
    to->runs += more->runs;
    to->matches += more->matches;
    to->gave_up += more->gave_up;
    to->ns += more->ns;
}

/* Recursion over the rule's tree, at most LIMIT_YAML_DEPTH deep. */
static void add_matcher(struct row *row, const struct matcher *m, const struct wording_cost *costs)
{
    for (size_t i = 0; i < m->n_wordings; i++)
        add_cost(&row->cost, &costs[m->wordings[i].index]);
    for (size_t i = 0; i < m->n_of; i++)
        add_matcher(row, &m->of[i], costs);
}

static int costlier_first(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->cost.ns != y->cost.ns)
        return x->cost.ns < y->cost.ns ? 1 : -1;
    if (x->cost.candidates != y->cost.candidates)
        return x->cost.candidates < y->cost.candidates ? 1 : -1;
    return (x->rule->index > y->rule->index) - (x->rule->index < y->rule->index);
}

static bool fill_table(struct table *t, const struct analysis *a, struct arena *arena)
{
    const struct wording_cost *costs = matching_costs(a->matching);

    t->n = ruleset_count(a->rules);
    t->rows = arena_new(arena, struct row, t->n + 1);
    if (!t->rows || !costs)
        return false;
    for (size_t i = 0; i < t->n; i++) {
        t->rows[i].rule = ruleset_at(a->rules, i);
        add_matcher(&t->rows[i], t->rows[i].rule->match, costs);
        add_cost(&t->sum, &t->rows[i].cost);
    }
    qsort(t->rows, t->n, sizeof *t->rows, costlier_first);
    return true;
}

static void put_row(struct out *o, const struct wording_cost *cost, struct str name)
{
    out_printf(o, "%10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %7" PRIu64 " %10" PRIu64 ".%03u  ",
               cost->candidates, cost->runs, cost->matches, cost->gave_up, cost->ns / 1000000,
               (unsigned)(cost->ns / 1000 % 1000));
    out_tty(o, name);
    out_puts(o, "\n");
}

static void put_table(struct out *o, const struct table *t, bool all)
{
    size_t shown = 0;

    out_puts(o, "candidates       runs    matches gave-up             ms  rule\n");
    for (size_t i = 0; i < t->n; i++) {
        if (!all && !t->rows[i].cost.candidates)
            continue;
        put_row(o, &t->rows[i].cost, t->rows[i].rule->id);
        shown++;
    }
    put_row(o, &t->sum, STR("all rules"));
    if (shown < t->n)
        out_printf(o, "%zu rules were never candidates (--all)\n", t->n - shown);
}

int rule_profile_run(struct cli *c)
{
    struct analysis_options options = { .clock_ns = now_ns };
    struct table table = { 0 };
    struct analysis *a;
    int code = EXIT_NOTHING;

    if (c->args.words.n < 2) {
        complain("rules profile needs logs to try the rules on");
        return EXIT_NOTHING;
    }
    a = cli_analyse(c, 1, &options);
    if (!a)
        return EXIT_NOTHING;
    if (fill_table(&table, a, &c->arena)) {
        put_table(c->output.out, &table, args_has(&c->args, OPTION_ALL));
        code = cli_judge(a);
    }
    analysis_free(a);
    return code;
}
