/* SPDX-License-Identifier: Apache-2.0 */
/* Which records pass: by time with and without zone and year, by machine. */
#include "parsers/select.h"

#include <check.h>

#define NONE TIME_UNKNOWN

static int64_t at(int64_t year, unsigned month, unsigned day, unsigned hour)
{
    int64_t us = 0;

    ck_assert(clock_from_civil(year, month, day, hour, 0, 0, &us));
    return us;
}

static bool takes(const struct selection *s, struct selecting *state, int64_t wall_us,
                  unsigned flags)
{
    struct record r;

    record_init(&r);
    r.wall_us = wall_us;
    r.flags = flags;
    return selection_takes(s, state, &r);
}

START_TEST(by_time)
{
    struct selection s = { .since_us = at(2026, 1, 31, 11),
                           .until_us = at(2026, 1, 31, 12),
                           .since_local_us = at(2026, 1, 31, 13),
                           .until_local_us = at(2026, 1, 31, 14) };
    struct selecting state = { 0 };

    ck_assert(selection_has_times(&s));
    ck_assert_msg(takes(&s, &state, NONE, 0), "no clock yet");
    ck_assert(!state.clocked);
    ck_assert(!takes(&s, &state, at(2026, 1, 31, 10), 0));
    ck_assert_msg(!takes(&s, &state, NONE, 0), "it goes with the one before");
    ck_assert(takes(&s, &state, at(2026, 1, 31, 11), 0));
    ck_assert(takes(&s, &state, NONE, 0));
    ck_assert(takes(&s, &state, at(2026, 1, 31, 12), 0));
    ck_assert(!takes(&s, &state, at(2026, 1, 31, 12) + 1, 0));
    ck_assert(!takes(&s, &state, at(2026, 1, 31, 11), RECORD_WALL_NO_ZONE));
    ck_assert(takes(&s, &state, at(2026, 1, 31, 13), RECORD_WALL_NO_ZONE));
    ck_assert(state.clocked);
}
END_TEST

/* A stamp without year is of the one that brings it near. */
START_TEST(without_year)
{
    unsigned flags = RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE;
    struct selection s = { .since_us = at(2026, 12, 31, 23),
                           .until_us = NONE,
                           .since_local_us = at(2026, 12, 31, 23),
                           .until_local_us = NONE };
    struct selecting state = { 0 };

    ck_assert(!takes(&s, &state, at(CLOCK_YEARLESS, 12, 31, 22), flags));
    ck_assert(takes(&s, &state, at(CLOCK_YEARLESS, 12, 31, 23), flags));
    ck_assert_msg(takes(&s, &state, at(CLOCK_YEARLESS, 1, 1, 0), flags), "new year");
    s.since_us = s.since_local_us = at(2027, 3, 1, 0);
    ck_assert(!takes(&s, &state, at(CLOCK_YEARLESS, 2, 28, 23), flags));
    ck_assert(takes(&s, &state, at(CLOCK_YEARLESS, 3, 1, 0), flags));
}
END_TEST

START_TEST(by_machine)
{
    struct selection s = { .machine_id = STR("0000000000000000000000000000000a"),
                           .since_us = NONE,
                           .until_us = NONE,
                           .since_local_us = NONE,
                           .until_local_us = NONE };
    struct selecting state = { 0 };
    struct record r;

    record_init(&r);
    ck_assert(!selection_has_times(&s));
    ck_assert(selection_takes(&s, &state, &r));
    r.machine_id = STR("0000000000000000000000000000000b");
    ck_assert(!selection_takes(&s, &state, &r));
    r.machine_id = STR("0000000000000000000000000000000A");
    ck_assert_msg(!selection_takes(&s, &state, &r), "journald writes small letters");
    r.machine_id = s.machine_id;
    ck_assert(selection_takes(&s, &state, &r));
    r.machine_id = STR("");
    r.kind = RECORD_SETTING;
    ck_assert(selection_takes(&s, &state, &r));
}
END_TEST

Suite *check_select(void)
{
    Suite *s = suite_create("select");
    TCase *t = tcase_create("select");

    tcase_add_test(t, by_time);
    tcase_add_test(t, without_year);
    tcase_add_test(t, by_machine);
    suite_add_tcase(s, t);
    return s;
}
