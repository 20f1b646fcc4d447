/* SPDX-License-Identifier: Apache-2.0 */
/* `all:`, `sequence:`, `not:` and `count:`: how solutions combine. See solve.h. */
#include "analyzer/engine/solve.h"

#include "analyzer/core/limits.h"

enum { STEPS_MAX = 64, COUNT_SHOWN = 8 };

/* The inner matchers that must hold, with their solutions. */
struct steps {
    const struct matcher *m[STEPS_MAX];
    struct solutions of[STEPS_MAX];
    size_t n;
};

/* False when some step has no solution: nothing combines then. */
static bool solve_steps(struct solving *s, const struct matcher *m, struct steps *out)
{
    for (size_t i = 0; i < m->n_of; i++) {
        if (m->of[i].kind == MATCHER_NOT)
            continue;
        if (out->n == STEPS_MAX)
            return false;
        out->m[out->n] = &m->of[i];
        solve(s, &m->of[i], &out->of[out->n]);
        if (!out->of[out->n++].n)
            return false;
    }
    return true;
}

static bool all_absent(struct solving *s, const struct matcher *m)
{
    for (size_t i = 0; i < m->n_of; i++) {
        if (m->of[i].kind == MATCHER_NOT && solve_absent(s, &m->of[i]) != TRI_YES)
            return false;
    }
    return true;
}

/* The first solution of a step that does not begin before `start`, or NULL. */
static const struct solution *first_from(struct solving *s, const struct solutions *of,
                                         const struct solution *start)
{
    for (size_t i = 0; i < of->n && solve_look(s, 1); i++) {
        if (of->p[i].first.record && moment_before(&of->p[i].first, &start->first) == TRI_NO)
            return &of->p[i];
    }
    return NULL;
}

/* Every step's first solution from chosen[lead] on; false when one is missing or too late. */
static bool choose_window(struct solving *s, const struct matcher *m, const struct steps *steps,
                          size_t lead, const struct solution **chosen)
{
    const struct solution *start = chosen[lead];

    for (size_t k = 0; k < steps->n; k++) {
        if (k != lead)
            chosen[k] = first_from(s, &steps->of[k], start);
        if (!chosen[k] || moment_within(&start->first, &chosen[k]->last, m->within_us) != TRI_YES)
            return false;
    }
    return true;
}

/*
 * With `within`, each solution of each step is tried as the earliest: the others then take their
 * first one from there on. If any window holds all steps, this finds it.
 */
static void combine_within(struct solving *s, const struct matcher *m, const struct steps *steps,
                           struct solutions *out)
{
    const struct solution *chosen[STEPS_MAX];

    for (size_t lead = 0; lead < steps->n; lead++) {
        for (size_t i = 0; i < steps->of[lead].n; i++) {
            chosen[lead] = &steps->of[lead].p[i];
            if (chosen[lead]->first.record && choose_window(s, m, steps, lead, chosen) &&
                !solutions_join(s, chosen, steps->n, out))
                return;
        }
    }
}

/* How many solutions of each step are combined, so that there are not too many in all. */
static size_t share_of(size_t n_steps)
{
    static const size_t shares[] = { SOLUTIONS_MAX, SOLUTIONS_MAX, 32, 10, 5, 4, 3, 2, 2, 2, 2 };

    return n_steps < sizeof shares / sizeof shares[0] ? shares[n_steps] : 1;
}

/* The next combination; the last step changes fastest. False after the last one. */
static bool next_combination(const struct steps *steps, size_t share, size_t *index)
{
    for (size_t i = steps->n; i > 0; i--) {
        if (++index[i - 1] < share && index[i - 1] < steps->of[i - 1].n)
            return true;
        index[i - 1] = 0;
    }
    return false;
}

/* Every combination, the earliest first. */
static void combine_all(struct solving *s, const struct steps *steps, struct solutions *out)
{
    const struct solution *chosen[STEPS_MAX];
    size_t index[STEPS_MAX] = { 0 };

    do {
        for (size_t i = 0; i < steps->n; i++)
            chosen[i] = &steps->of[i].p[index[i]];
        if (!solutions_join(s, chosen, steps->n, out))
            return;
    } while (next_combination(steps, share_of(steps->n), index));
}

void solve_all(struct solving *s, const struct matcher *m, struct solutions *out)
{
    struct steps steps = { 0 };

    if (!solve_steps(s, m, &steps) || !all_absent(s, m))
        return;
    if (m->within_us)
        combine_within(s, m, &steps, out);
    else
        combine_all(s, &steps, out);
    solutions_sort(out);
}

/* A sequence while it is put together. */
struct chain {
    struct solving *s;
    const struct matcher *m;
    struct steps steps;
    const struct solution *chosen[STEPS_MAX];
    struct solutions *barred; /* of what each not: negates; at the place of that not: */
    struct solutions *out;
};

/*
 * The not: matchers between two steps of the sequence; `step` counts the positive ones. TRI_NO: a
 * record stands there that must not.
 */
static enum tri gap_is_clear(struct chain *c, size_t step)
{
    const struct moment *from = step ? &c->chosen[step - 1]->last : NULL;
    const struct moment *to = step < c->steps.n ? &c->chosen[step]->first : NULL;
    enum tri clear = TRI_YES;
    size_t positive = 0;

    for (size_t i = 0; i < c->m->n_of && clear == TRI_YES; i++) {
        if (c->m->of[i].kind != MATCHER_NOT)
            positive++;
        else if (positive == step)
            clear = solve_between(c->s, &c->m->of[i], &c->barred[i], from, to);
    }
    return clear;
}

static bool follows(const struct chain *c, size_t step, const struct solution *next)
{
    const struct solution *before = c->chosen[step - 1];
    int64_t within = c->steps.m[step]->within_us;

    return next->first.record && before->last.record &&
           moment_before(&before->last, &next->first) == TRI_YES &&
           (!within || moment_within(&before->last, &next->last, within) == TRI_YES) &&
           (!c->m->within_us ||
            moment_within(&c->chosen[0]->first, &next->last, c->m->within_us) == TRI_YES);
}

/* The earliest way to go on from `step`; recursion over the steps of one rule. */
static bool extend(struct chain *c, size_t step)
{
    enum tri clear;

    if (step == c->steps.n)
        return gap_is_clear(c, step) == TRI_YES;
    for (size_t i = 0; i < c->steps.of[step].n && solve_look(c->s, 1); i++) {
        c->chosen[step] = &c->steps.of[step].p[i];
        if (!follows(c, step, c->chosen[step]))
            continue;
        c->s->budget--;
        clear = gap_is_clear(c, step);
        if (clear == TRI_NO)
            return false; /* what stands before this one stands before all that are later */
        if (clear == TRI_YES && extend(c, step + 1))
            return true;
    }
    return false;
}

void solve_sequence(struct solving *s, const struct matcher *m, struct solutions *out)
{
    struct chain c = { .s = s, .m = m, .out = out };

    if (!solve_steps(s, m, &c.steps) || !c.steps.n)
        return;
    c.barred = arena_new(s->a, struct solutions, m->n_of);
    for (size_t i = 0; c.barred && i < m->n_of; i++)
        if (m->of[i].kind == MATCHER_NOT)
            solve(s, &m->of[i].of[0], &c.barred[i]);
    for (size_t i = 0; c.barred && i < c.steps.of[0].n && s->budget; i++) {
        c.chosen[0] = &c.steps.of[0].p[i];
        if (c.chosen[0]->first.record && gap_is_clear(&c, 0) == TRI_YES && extend(&c, 1) &&
            !solutions_join(s, c.chosen, c.steps.n, out))
            return;
    }
}

/* Hits of one group inside one window, in order of time. */
struct window {
    const struct solution *of[LIMIT_HITS_PER_PATTERN];
    size_t n;
};

static void collect_window(const struct matcher *m, const struct solutions *all, size_t start,
                           struct window *w)
{
    struct str key = solution_text(&all->p[start], m->by), other;

    w->n = 0;
    for (size_t i = start; i < all->n && w->n < LIMIT_HITS_PER_PATTERN; i++) {
        if (m->within_us &&
            moment_within(&all->p[start].first, &all->p[i].last, m->within_us) != TRI_YES) {
            if (moment_within(&all->p[start].first, &all->p[i].last, m->within_us) == TRI_NO)
                break;
            continue;
        }
        other = m->by.n ? solution_text(&all->p[i], m->by) : key;
        if (!m->by.n || str_eq(key, other))
            w->of[w->n++] = &all->p[i];
    }
}

/* How many there were in all, the ones that were not kept included. */
static uint64_t total_of(const struct solving *s, const struct matcher *m, const struct window *w)
{
    const struct hit_list *list;
    uint64_t total = 0;

    if (m->by.n || m->within_us || m->of[0].kind != MATCHER_TEXT)
        return w->n;
    for (size_t i = 0; i < m->of[0].n_wordings; i++) {
        for (size_t part = 0; part < s->n_parts; part++) {
            list = hits_of(s->parts[part].hits, m->of[0].wordings[i].index);
            total += list ? hit_list_total(list) : 0;
        }
    }
    return total > w->n ? total : w->n;
}

/* The window as a solution: the first and last few hits stand for all, `count` for their number. */
static bool add_window(struct solving *s, const struct matcher *m, const struct window *w,
                       struct solutions *out)
{
    const struct solution *shown[COUNT_SHOWN + 1];
    struct used *count = arena_new(s->a, struct used, 1);
    struct solution number = { .used = count, .n_used = 1 };
    size_t n = w->n < COUNT_SHOWN ? w->n : COUNT_SHOWN;

    if (!count)
        return false;
    *count = (struct used){ .matcher = m, .count = total_of(s, m, w) };
    for (size_t i = 0; i < n; i++)
        shown[i] = i < (n + 1) / 2 ? w->of[i] : w->of[w->n - n + i];
    shown[n] = &number;
    return solutions_join(s, shown, n + 1, out);
}

void solve_count(struct solving *s, const struct matcher *m, struct solutions *out)
{
    struct solutions all = { 0 };
    struct window *w = arena_new(s->a, struct window, 1);
    bool *taken;

    solve(s, &m->of[0], &all);
    taken = arena_new(s->a, bool, all.n + 1);
    for (size_t i = 0; w && taken && i < all.n; i++) {
        if (taken[i] || !all.p[i].first.record || (m->by.n && !solution_text(&all.p[i], m->by).p))
            continue;
        collect_window(m, &all, i, w);
        if (w->n < m->min)
            continue;
        for (size_t k = 0; k < w->n; k++)
            taken[w->of[k] - all.p] = true;
        if (!add_window(s, m, w, out))
            return;
    }
}
