/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing times of records from different clocks; see moment.h. */
#include "analyzer/engine/moment.h"

/* A wall clock and how far it can be trusted. */
struct wall {
    int64_t us, error_us;
    unsigned gaps; /* RECORD_WALL_NO_YEAR, RECORD_WALL_NO_ZONE */
};

enum { WALL_GAPS = RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE };

/*
 * A dumped guest record carries the host's time of the dump, not its own: the host's stamp counts
 * only where the record has no stamp of its own.
 */
static bool wall_of(const struct moment *m, struct wall *out)
{
    const struct record *r = m->record;
    const struct boot *b = m->boot;

    out->error_us = 0;
    out->gaps = r->flags & WALL_GAPS;
    if (r->wall_us != TIME_UNKNOWN) {
        out->us = r->wall_us;
        out->error_us = r->flags & RECORD_WALL_COARSE ? 1000000 : 0;
        return true;
    }
    if (r->mono_us == TIME_UNKNOWN && r->host_wall_us != TIME_UNKNOWN) {
        out->us = r->host_wall_us;
        return true;
    }
    if (r->mono_us == TIME_UNKNOWN || !b || b->wall_offset_us == TIME_UNKNOWN ||
        __builtin_add_overflow(r->mono_us, b->wall_offset_us, &out->us))
        return false;
    out->error_us = b->wall_error_us;
    out->gaps = b->wall_flags & WALL_GAPS;
    return true;
}

bool moment_distance(const struct moment *a, const struct moment *b, int64_t *us, int64_t *error_us)
{
    struct wall x, y;

    if (a->part == b->part && a->record->mono_us != TIME_UNKNOWN &&
        b->record->mono_us != TIME_UNKNOWN) {
        *error_us = 0;
        return !__builtin_sub_overflow(b->record->mono_us, a->record->mono_us, us);
    }
    if (!wall_of(a, &x) || !wall_of(b, &y) || x.gaps != y.gaps)
        return false;
    *error_us = x.error_us + y.error_us;
    return !__builtin_sub_overflow(y.us, x.us, us);
}

static bool same_record(const struct moment *a, const struct moment *b)
{
    return a->part == b->part && a->order == b->order;
}

/* -1, 0 (unknown), 1 by the clocks; whole seconds say nothing about order within the second. */
static int clock_order(const struct moment *a, const struct moment *b)
{
    int64_t us, error_us;

    if (!moment_distance(a, b, &us, &error_us) || (us <= error_us && us >= -error_us))
        return 0;
    return us > 0 ? -1 : 1;
}

enum tri moment_before(const struct moment *a, const struct moment *b)
{
    int order;

    if (same_record(a, b))
        return TRI_NO;
    order = clock_order(a, b);
    if (order)
        return order < 0 ? TRI_YES : TRI_NO;
    if (a->part != b->part)
        return a->part < b->part ? TRI_YES : TRI_NO;
    if (a->record->input != b->record->input)
        return TRI_UNKNOWN;
    return a->order < b->order ? TRI_YES : TRI_NO;
}

bool moment_sorts_before(const struct moment *a, const struct moment *b)
{
    enum tri before = moment_before(a, b);

    if (before != TRI_UNKNOWN)
        return before == TRI_YES;
    return a->order < b->order;
}

enum tri moment_within(const struct moment *a, const struct moment *b, int64_t us)
{
    int64_t distance, error_us;

    if (!moment_distance(a, b, &distance, &error_us))
        return TRI_UNKNOWN;
    if (distance < 0)
        distance = -distance;
    if (distance + error_us <= us)
        return TRI_YES;
    return distance - error_us > us ? TRI_NO : TRI_UNKNOWN;
}
