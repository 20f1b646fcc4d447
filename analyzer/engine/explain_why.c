/* SPDX-License-Identifier: Apache-2.0 */
/* See explain_why.h. It solves parts of a matcher again, each for itself. */
#include "analyzer/engine/explain_why.h"

#include <inttypes.h>

enum { US_PER_TENTH = 100000 };

static struct str seconds(struct arena *a, int64_t us)
{
    int64_t tenths = us / US_PER_TENTH;

    return arena_printf(a, "%" PRId64 ".%" PRId64 " s", tenths / 10, tenths % 10);
}

/* Two solutions of neighbouring steps, the second after the first and as near as there are. */
struct pair {
    const struct moment *from, *to;
    int64_t us;
    bool unknown; /* which came first */
};

static void look_at_pair(struct pair *best, const struct moment *from, const struct moment *to)
{
    enum tri after = moment_before(from, to);
    int64_t us, error;

    if (after == TRI_UNKNOWN)
        best->unknown = true;
    if (after != TRI_YES)
        return;
    if (!moment_distance(from, to, &us, &error))
        us = INT64_MAX;
    if (!best->from || us < best->us)
        *best = (struct pair){ from, to, us, best->unknown };
}

static unsigned long long line_of(const struct moment *m)
{
    return m->record ? (unsigned long long)m->record->line : 0;
}

/* Why no solution of `next` follows one of `before`; empty: one does. */
static struct str why_not_next(struct solving *s, const struct solutions *before,
                               const struct solutions *next, int64_t within_us)
{
    struct pair best = { 0 };

    for (size_t i = 0; i < before->n; i++)
        for (size_t k = 0; k < next->n && solve_look(s, 1); k++)
            if (before->p[i].last.record && next->p[k].first.record)
                look_at_pair(&best, &before->p[i].last, &next->p[k].first);
    if (!best.from && best.unknown)
        return STR("the log does not tell which of them came first");
    if (!best.from)
        return arena_printf(s->a, "line %llu does not come after line %llu",
                            line_of(&next->p[next->n - 1].first), line_of(&before->p[0].last));
    if (!within_us || best.us <= within_us)
        return (struct str){ 0 };
    if (best.us == INT64_MAX)
        return arena_printf(s->a, "the log does not tell how long after line %llu line %llu is",
                            line_of(best.from), line_of(best.to));
    return arena_printf(s->a, "line %llu is %.*s after line %llu, within asks for %.*s",
                        line_of(best.to), STR_ARG(seconds(s->a, best.us)), line_of(best.from),
                        STR_ARG(seconds(s->a, within_us)));
}

static struct str never_within(struct arena *a, int64_t us)
{
    return arena_printf(a, "never all of them within %.*s", STR_ARG(seconds(a, us)));
}

struct str why_no_sequence(struct solving *s, const struct matcher *m)
{
    struct solutions before = { 0 };
    struct str why = { 0 };
    bool has_not = false;

    for (size_t i = 0; i < m->n_of && !why.n; i++) {
        struct solutions next = { 0 };

        if (m->of[i].kind == MATCHER_NOT) {
            has_not = true;
            continue;
        }
        solve(s, &m->of[i], &next);
        if (!next.n)
            return (struct str){ 0 }; /* the step itself tells */
        if (before.n)
            why = why_not_next(s, &before, &next, m->of[i].within_us);
        before = next;
    }
    if (why.n)
        return why;
    if (has_not)
        return STR("what must not be there stands there, or the log does not cover the time");
    return m->within_us ? never_within(s->a, m->within_us)
                        : STR("each step follows another one, but never all in this order");
}

struct str why_not_together(struct solving *s, const struct matcher *m)
{
    for (size_t i = 0; i < m->n_of; i++) {
        struct solutions of = { 0 };

        if (m->of[i].kind == MATCHER_NOT)
            continue;
        solve(s, &m->of[i], &of);
        if (!of.n)
            return (struct str){ 0 };
    }
    return m->within_us ? never_within(s->a, m->within_us) : (struct str){ 0 };
}

struct str why_too_few(struct solving *s, const struct matcher *m)
{
    struct matcher fewer = *m;

    while (--fewer.min > 0) {
        struct solutions all = { 0 };
        struct str where = { 0 };

        solve(s, &fewer, &all);
        if (!all.n)
            continue;
        if (m->within_us)
            where = arena_printf(s->a, " within %.*s", STR_ARG(seconds(s->a, m->within_us)));
        return arena_printf(s->a, "at most %" PRIu64 "%.*s%s%.*s, %" PRIu64 " are asked for",
                            fewer.min, STR_ARG(where), m->by.n ? " for one " : "", STR_ARG(m->by),
                            m->min);
    }
    return (struct str){ 0 };
}
