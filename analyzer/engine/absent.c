/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `not:`, three-valued. That something is not in the log says nothing when the log could not have
 * shown it: records are missing, the part in question is beyond its end, or the one who would have
 * said it is not heard in this log at all.
 */
#include "analyzer/engine/solve.h"

/* Is some solution inside the interval? Unknown when a time that would tell is not known. */
static enum tri stands_between(const struct solution *c, const struct matcher *m,
                               const struct moment *from, const struct moment *to)
{
    enum tri after = from ? moment_before(from, &c->first) : TRI_YES;
    enum tri before = to ? moment_before(&c->first, to) : TRI_YES;
    enum tri near = TRI_YES;

    if (m->within_us && (from || to))
        near = moment_within(from ? from : to, &c->first, m->within_us);
    if (after == TRI_NO || before == TRI_NO || near == TRI_NO)
        return TRI_NO;
    return after == TRI_YES && before == TRI_YES && near == TRI_YES ? TRI_YES : TRI_UNKNOWN;
}

static bool hears(const struct boot *b, unsigned origins)
{
    return (origins & 1u << ORIGIN_GUEST_KERNEL && b->has_kernel) ||
           (origins & 1u << ORIGIN_GUEST_USER && b->has_user) ||
           (origins & 1u << ORIGIN_HOST && b->has_host) ||
           (origins & 1u << ORIGIN_FIRMWARE && b->has_console);
}

/* Would the log hold at least one record of the kind that each text matcher inside looks for? */
static bool all_heard(const struct boot *b, const struct matcher *m)
{
    for (size_t i = 0; i < m->n_wordings; i++) {
        if (!hears(b, m->wordings[i].filter.origins))
            return false;
    }
    for (size_t i = 0; i < m->n_of; i++) {
        if (!all_heard(b, &m->of[i]))
            return false;
    }
    return true;
}

/* The end of an interval that no record closes. */
static bool end_is_seen(const struct boot *b, const struct matcher *m, const struct moment *from)
{
    int64_t end;

    if (b->tail_complete == TRI_YES)
        return true;
    return from->record->mono_us != TIME_UNKNOWN && b->last_mono_us != TIME_UNKNOWN &&
           !__builtin_add_overflow(from->record->mono_us, m->within_us, &end) &&
           b->last_mono_us >= end;
}

static bool start_is_seen(const struct boot *b, const struct matcher *m, const struct moment *to)
{
    int64_t start;

    if (b->head_complete == TRI_YES)
        return true;
    return m->within_us && to->record->mono_us != TIME_UNKNOWN &&
           b->first_mono_us != TIME_UNKNOWN &&
           !__builtin_sub_overflow(to->record->mono_us, m->within_us, &start) &&
           b->first_mono_us <= start;
}

/* Without any bound the rule's own `requires` says what must be complete. */
static bool is_observed(const struct boot *b, const struct matcher *m, const struct moment *from,
                        const struct moment *to)
{
    if (!b || b->gaps || b->dropped || b->throttled || !all_heard(b, m))
        return false;
    if (to)
        return from || start_is_seen(b, m, to);
    return !from || !m->within_us || end_is_seen(b, m, from);
}

enum tri solve_between(struct solving *s, const struct matcher *m, const struct solutions *inner,
                       const struct moment *from, const struct moment *to)
{
    bool unknown = false;

    if ((from && !from->record) || (to && !to->record))
        return TRI_UNKNOWN;
    solve_look(s, inner->n);
    for (size_t i = 0; i < inner->n; i++) {
        enum tri stands =
                inner->p[i].first.record ? stands_between(&inner->p[i], m, from, to) : TRI_UNKNOWN;

        if (stands == TRI_YES)
            return TRI_NO;
        unknown |= stands == TRI_UNKNOWN;
    }
    for (size_t i = 0; i < s->n_parts; i++)
        unknown |= !is_observed(s->parts[i].boot, m, from, to);
    s->unknown |= unknown;
    return unknown ? TRI_UNKNOWN : TRI_YES;
}

enum tri solve_absent(struct solving *s, const struct matcher *m)
{
    struct solutions inner = { 0 };

    solve(s, &m->of[0], &inner);
    return solve_between(s, m, &inner, NULL, NULL);
}
