/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --since, --until and --machine-id, applied where records leave the reader: nothing behind it
 * knows of them.
 */
#include "parsers/select.h"

static const int64_t day_us = (int64_t)86400 * 1000000;

bool selection_has_times(const struct selection *s)
{
    return s->since_us != TIME_UNKNOWN || s->until_us != TIME_UNKNOWN;
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The same day and time in another year than CLOCK_YEARLESS. */
static int64_t in_year(int64_t wall_us, int64_t year)
{
    enum { FEB_29 = 59 };
    int64_t of_year_us = wall_us - clock_days(CLOCK_YEARLESS, 1, 1) * day_us;

    if (of_year_us >= FEB_29 * day_us && !is_leap(year))
        of_year_us -= day_us;
    return clock_days(year, 1, 1) * day_us + of_year_us;
}

/* The year that brings a stamp without one nearest to `to_us`: logs are asked about soon. */
static int64_t nearest_year(int64_t wall_us, int64_t to_us)
{
    int64_t year = 1970 + to_us / (day_us * 1461 / 4), best = TIME_UNKNOWN;

    for (int64_t y = year - 1; y <= year + 1; y++) {
        int64_t us = in_year(wall_us, y);
        int64_t far = us > to_us ? us - to_us : to_us - us;

        if (best == TIME_UNKNOWN || far < (best > to_us ? best - to_us : to_us - best))
            best = us;
    }
    return best;
}

static bool is_outside(const struct selection *s, const struct record *r, int64_t wall_us)
{
    bool local = r->wall_us != TIME_UNKNOWN && r->flags & RECORD_WALL_NO_ZONE;
    int64_t since_us = local ? s->since_local_us : s->since_us;
    int64_t until_us = local ? s->until_local_us : s->until_us;

    if (r->wall_us != TIME_UNKNOWN && r->flags & RECORD_WALL_NO_YEAR)
        wall_us = nearest_year(wall_us, since_us != TIME_UNKNOWN ? since_us : until_us);
    return (since_us != TIME_UNKNOWN && wall_us < since_us) ||
           (until_us != TIME_UNKNOWN && wall_us > until_us);
}

bool selection_takes(const struct selection *s, struct selecting *state, const struct record *r)
{
    int64_t wall_us = r->wall_us != TIME_UNKNOWN ? r->wall_us : r->host_wall_us;

    if (r->kind == RECORD_SETTING)
        return true;
    if (s->machine_id.n && r->machine_id.n && !str_eq(s->machine_id, r->machine_id))
        return false;
    if (!selection_has_times(s))
        return true;
    if (wall_us != TIME_UNKNOWN) {
        state->clocked = true;
        state->outside = is_outside(s, r, wall_us);
    }
    return !state->outside;
}
