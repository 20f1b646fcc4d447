/* SPDX-License-Identifier: Apache-2.0 */
/* Points in time as people write them, in two zones. */
#include "analyzer/cli/when.h"

#include <check.h>
#include <stdlib.h>
#include <time.h>

/* Saturday 2026-01-31 12:00:00 UTC. */
#define NOW ((int64_t)1769860800 * 1000000)

struct row {
    const char *zone, *word;
    int64_t seconds; /* from NOW; NEVER: no time */
};

#define NEVER INT64_MAX
#define HOUR ((int64_t)3600)

static const struct row rows[] = {
    { "UTC0", "now", 0 },
    { "UTC0", "today", -12 * HOUR },
    { "UTC0", "yesterday", -36 * HOUR },
    { "UTC0", "tomorrow", 12 * HOUR },
    { "UTC0", "2026-01-31 12:00:00", 0 },
    { "UTC0", "2026-01-31 12:00", 0 },
    { "UTC0", "2026-01-31T12:00:01", 1 },
    { "UTC0", "2026-01-31", -12 * HOUR },
    { "UTC0", "Sat 2026-01-31 12:00:00 UTC", 0 },
    { "UTC0", "2026-01-31 12:00:00 +02:00", -2 * HOUR },
    { "UTC0", "2026-01-31T12:00:00-0130", 3 * HOUR / 2 },
    { "UTC0", "13:30", 3 * HOUR / 2 },
    { "UTC0", "11:59:59", -1 },
    { "UTC0", "-2h", -2 * HOUR },
    { "UTC0", "+90", 90 },
    { "UTC0", "-1h30min", -3 * HOUR / 2 },
    { "UTC0", "2 hours ago", -2 * HOUR },
    { "UTC0", "1 week ago", -7 * 24 * HOUR },
    { "UTC0", "5 min left", 300 },
    { "UTC0", "@1769860801", 1 },
    { "UTC0", " now ", 0 },
    /* Two hours east of UTC. */
    { "XST-2", "2026-01-31 14:00:00", 0 },
    { "XST-2", "2026-01-31 12:00:00Z", 0 },
    { "XST-2", "today", -14 * HOUR },
    { "XST-2", "14:00", 0 },
    { "XST-2", "now", 0 },
    { "XST-2", "@1769860800", 0 },
    /* Summer time begins in between. */
    { "CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01 14:00:00", 151 * 24 * HOUR },
    { "UTC0", "", NEVER },
    { "UTC0", "soon", NEVER },
    { "UTC0", "2 hours", NEVER },
    { "UTC0", "-", NEVER },
    { "UTC0", "-2 fortnights", NEVER },
    { "UTC0", "-99999999999999999999h", NEVER },
    { "UTC0", "-99999999y99999999y", NEVER },
    { "UTC0", "2026-02-30", NEVER },
    { "UTC0", "2026-01-31 25:00", NEVER },
    { "UTC0", "2026-01-31 12:00 Mars", NEVER },
    { "UTC0", "@", NEVER },
    { "UTC0", "@99999999999999", NEVER },
};

START_TEST(reads)
{
    const struct row *row = &rows[_i];
    struct when when = { 0 };
    struct err err = { 0 };
    bool ok;

    setenv("TZ", row->zone, 1);
    tzset();
    ok = when_parse(str_from(row->word), NOW, &when, &err);
    ck_assert_msg(ok == (row->seconds != NEVER), "'%s' %s", row->word, err.text);
    if (ok)
        ck_assert_msg(when.wall_us == NOW + row->seconds * 1000000, "'%s': %lld", row->word,
                      (long long)((when.wall_us - NOW) / 1000000));
    else
        ck_assert_int_eq(err.code, FAIL_USAGE);
}
END_TEST

/* What stamps without zone are compared with. */
START_TEST(knows_the_local_time)
{
    struct when when;
    struct err err;

    setenv("TZ", "XST-2", 1);
    tzset();
    ck_assert(when_parse(STR("now"), NOW, &when, &err));
    ck_assert_int_eq(when.local_us - when.wall_us, 2 * HOUR * 1000000);
    ck_assert(when_parse(STR("2026-01-31 14:00:00"), NOW, &when, &err));
    ck_assert_int_eq(when.local_us - when.wall_us, 2 * HOUR * 1000000);
    ck_assert(when_parse(STR("yesterday"), NOW, &when, &err));
    ck_assert_int_eq(when.local_us - when.wall_us, 2 * HOUR * 1000000);
}
END_TEST

Suite *check_when(void)
{
    Suite *s = suite_create("when");
    TCase *t = tcase_create("when");

    tcase_add_loop_test(t, reads, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(t, knows_the_local_time);
    suite_add_tcase(s, t);
    return s;
}
