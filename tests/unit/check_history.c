/* SPDX-License-Identifier: Apache-2.0 */
/* A history: what it knows of runs, and what it tells of them. */
#include "analyzer/core/clock.h"
#include "analyzer/fleet/history_writer.h"
#include "tests/unit/history_rig.h"

#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_SQLITE3

/* What runs one after the other find: known or new. */
static const struct {
    const char *name, *run, *machine, *rule, *exact;
    bool rule_known, crash_known, is_new;
} nights[] = {
    { "first of all", "1", "a", "mem.oom", "0123456789abcdef", false, false, true },
    { "the same run again", "1", "a", "mem.oom", "0123456789abcdef", false, false, true },
    { "the same next night", "2", "a", "mem.oom", "0123456789abcdef", true, true, false },
    { "another machine", "3", "b", "mem.oom", "0123456789abcdef", false, false, true },
    { "and once more", "4", "b", "mem.oom", "0123456789abcdef", true, true, false },
    { "another cause", "5", "a", "fs.full", NULL, false, false, true },
    { "another crash of the family", "6", "a", "mem.oom", "fedcba9876543210", true, true, false },
    { "in order", "7", "a", NULL, NULL, false, false, false },
    { "the first run's repeat knows nothing of later ones", "1", "a", "mem.oom", "0123456789abcdef",
      false, false, true },
};

START_TEST(knows_what_earlier_runs_saw)
{
    for (size_t i = 0; i < sizeof nights / sizeof nights[0]; i++) {
        struct cases *cases = made(nights[i].machine, nights[i].rule, nights[i].exact);
        struct case_result *c = &cases->of.p[0];

        record(cases, nights[i].run, TIME_UNKNOWN);
        if (nights[i].rule)
            ck_assert_msg(c->diagnoses.p[0].known == nights[i].rule_known, "%s: cause",
                          nights[i].name);
        if (nights[i].exact)
            ck_assert_msg(c->crashes.p[0].known == nights[i].crash_known, "%s: crash",
                          nights[i].name);
        ck_assert_msg((case_news(c) != NEWS_KNOWN) == nights[i].is_new, "%s", nights[i].name);
        cases_free(cases);
    }
    ck_assert_int_eq(number("SELECT count(*) FROM run"), 7);
    assert_whole();
}
END_TEST

START_TEST(the_process_that_writes_knows_the_same)
{
    for (size_t i = 0; i < sizeof nights / sizeof nights[0]; i++) {
        struct cases *cases = made(nights[i].machine, nights[i].rule, nights[i].exact);
        struct history_run run = { .id = str_from(nights[i].run), .wall_us = TIME_UNKNOWN };
        struct err err = { 0 };
        struct history_writer *w = history_writer_start(path, &err);

        ck_assert_msg(w && history_writer_add(w, cases, &run, &err), "%s", err.text);
        ck_assert_msg((case_news(&cases->of.p[0]) != NEWS_KNOWN) == nights[i].is_new, "%s",
                      nights[i].name);
        history_writer_end(w);
        cases_free(cases);
    }
    ck_assert_int_eq(number("SELECT count(*) FROM run"), 7);
}
END_TEST

START_TEST(a_writer_that_is_not_asked_writes_nothing)
{
    struct err err = { 0 };
    struct history_writer *w = history_writer_start(path, &err);

    ck_assert_ptr_nonnull(w);
    history_writer_end(w);
    ck_assert_int_eq(number("SELECT count(*) FROM run"), 0);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_ptr_null(history_writer_start(path, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "not a file"));
}
END_TEST

START_TEST(a_run_again_replaces_what_it_said)
{
    struct cases *first = made("a", "mem.oom", NULL), *again = made("a", "fs.full", NULL);

    record(first, "night", 5);
    record(again, "night", 5);
    ck_assert_int_eq(number("SELECT count(*) FROM run"), 1);
    ck_assert_int_eq(number("SELECT count(*) FROM sighting"), 1);
    ck_assert_int_eq(number("SELECT count(*) FROM look"), 1);
    cases_free(first);
    cases_free(again);
}
END_TEST

START_TEST(lists_what_was_seen)
{
    struct history_items items = { 0 };
    struct arena arena = { 0 };
    struct history *h;
    struct err err;

    two_nights();
    h = look();
    ck_assert(history_list(h, false, &arena, &items, &err));
    ck_assert_uint_eq(items.n, 2);
    ck_assert(str_eq(items.p[0].key, STR("mem.oom")));
    ck_assert(!items.p[0].crash && items.p[0].severity == SEVERITY_ERROR);
    ck_assert_uint_eq(items.p[0].machines, 2);
    ck_assert_uint_eq(items.p[0].present, 1);
    ck_assert_uint_eq(items.p[0].runs, 2);
    ck_assert_uint_eq(items.p[0].count, 3);
    ck_assert_int_eq(items.p[0].first_us, 0);
    ck_assert_int_eq(items.p[0].last_us, DAY_US);
    ck_assert(items.p[1].crash && str_eq(items.p[1].key, STR("0123456789abcdef")));
    ck_assert(str_eq(items.p[1].title, STR("BUG: made\0\xff")));
    history_close(h);
    arena_done(&arena);
}
END_TEST

static const struct {
    const char *word;
    size_t n;
} words[] = { { "mem.oom", 2 },  { "a", 1 },      { "c", 1 },   { "0123456789abcdef", 1 },
              { "012345", 1 },   { "01234", 0 },  { "fff", 0 }, { "ffffffffffffffff", 1 },
              { "ffffffff", 1 }, { "nobody", 0 }, { "", 0 },    { "' OR 1 --", 0 },
              { "mem.%", 0 } };

START_TEST(shows_what_a_word_names)
{
    struct history_items items = { 0 };
    struct arena arena = { 0 };
    struct history *h;
    struct err err;

    two_nights();
    h = look();
    ck_assert(history_show(h, str_from(words[_i].word), &arena, &items, &err));
    ck_assert_msg(items.n == words[_i].n, "%s: %zu", words[_i].word, items.n);
    history_close(h);
    arena_done(&arena);
}
END_TEST

static void trend(const char *word, enum history_by by, struct arena *arena,
                  struct history_periods *out)
{
    struct history *h = look();
    struct err err = { 0 };

    *out = (struct history_periods){ 0 };
    ck_assert_msg(history_trend(h, str_from(word), by, arena, out, &err), "%s", err.text);
    history_close(h);
}

START_TEST(trends_by_day)
{
    struct history_periods days, crash;
    struct arena arena = { 0 };

    two_nights();
    trend("", HISTORY_DAY, &arena, &days);
    ck_assert_uint_eq(days.n, 2);
    ck_assert(str_eq(days.p[0].name, STR("1970-01-01")));
    ck_assert_int_eq(days.p[0].number, 0);
    ck_assert_uint_eq(days.p[0].machines, 3);
    ck_assert_uint_eq(days.p[0].failing, 2);
    ck_assert_uint_eq(days.p[0].fresh, 2);
    ck_assert_uint_eq(days.p[1].failing, 2);
    ck_assert_uint_eq(days.p[1].causes, 1);
    ck_assert_uint_eq(days.p[1].crashes, 1);
    ck_assert_uint_eq(days.p[1].fresh, 1);
    trend("012345", HISTORY_DAY, &arena, &crash);
    ck_assert_uint_eq(crash.n, 2);
    ck_assert_uint_eq(crash.p[0].failing, 0);
    ck_assert_uint_eq(crash.p[1].failing, 1);
    arena_done(&arena);
}
END_TEST

START_TEST(a_trend_of_nothing_and_of_one_run)
{
    struct cases *none = cases_new(), *one = made("a", "mem.oom", "0123456789abcdef");
    struct history_periods periods;
    struct arena arena = { 0 };
    struct err err;

    history_close(history_open(path, HISTORY_WRITE, &err));
    for (enum history_by by = HISTORY_DAY; by <= HISTORY_MONTH; by++) {
        trend("", by, &arena, &periods);
        ck_assert_uint_eq(periods.n, 0);
    }
    record(none, "without a machine", TIME_UNKNOWN);
    trend("", HISTORY_WEEK, &arena, &periods);
    ck_assert_uint_eq(periods.n, 1);
    ck_assert_uint_eq(periods.p[0].name.n, 0);
    ck_assert_int_eq(periods.p[0].number, TIME_UNKNOWN);
    ck_assert_uint_eq(periods.p[0].machines, 0);
    record(one, "one", 20 * DAY_US);
    trend("", HISTORY_MONTH, &arena, &periods);
    ck_assert_uint_eq(periods.n, 2);
    ck_assert(str_eq(periods.p[1].name, STR("1970-01")));
    ck_assert_uint_eq(periods.p[1].fresh, 2);
    cases_free(none);
    cases_free(one);
    arena_done(&arena);
}
END_TEST

/* Days since 1970 and what they belong to: ISO years begin with the week of the first Thursday. */
static const struct {
    int64_t day;
    const char *date, *week, *month;
} calendar[] = {
    { 0, "1970-01-01", "1970-W01", "1970-01" },     { 3, "1970-01-04", "1970-W01", "1970-01" },
    { 4, "1970-01-05", "1970-W02", "1970-01" },     { 14609, "2009-12-31", "2009-W53", "2009-12" },
    { 14612, "2010-01-03", "2009-W53", "2010-01" }, { 14613, "2010-01-04", "2010-W01", "2010-01" },
    { 17896, "2018-12-31", "2019-W01", "2018-12" }, { 18321, "2020-02-29", "2020-W09", "2020-02" },
    { 18627, "2020-12-31", "2020-W53", "2020-12" }, { 18630, "2021-01-03", "2020-W53", "2021-01" },
    { 18631, "2021-01-04", "2021-W01", "2021-01" }, { 20451, "2025-12-29", "2026-W01", "2025-12" },
};

enum { CALENDAR = sizeof calendar / sizeof calendar[0] };

START_TEST(periods_follow_the_calendar)
{
    struct cases *cases = made("a", "mem.oom", NULL);
    struct history_periods periods;
    struct arena arena = { 0 };

    /* One microsecond before midnight is still that day. */
    record(cases, "run", calendar[_i].day * DAY_US + (_i % 2 ? DAY_US - 1 : 0));
    trend("", HISTORY_DAY, &arena, &periods);
    ck_assert_msg(str_eq(periods.p[0].name, str_from(calendar[_i].date)), "%.*s",
                  STR_ARG(periods.p[0].name));
    trend("", HISTORY_WEEK, &arena, &periods);
    ck_assert_msg(str_eq(periods.p[0].name, str_from(calendar[_i].week)), "%s: %.*s",
                  calendar[_i].date, STR_ARG(periods.p[0].name));
    trend("", HISTORY_MONTH, &arena, &periods);
    ck_assert_msg(str_eq(periods.p[0].name, str_from(calendar[_i].month)), "%s: %.*s",
                  calendar[_i].date, STR_ARG(periods.p[0].name));
    cases_free(cases);
    arena_done(&arena);
}
END_TEST

/* Nights that nobody ran: the numbers say how many. */
START_TEST(gaps_show_in_the_numbers)
{
    static const int64_t days[] = { 18620, 18621, 18628,
                                    18720 }; /* 2020-12-24, -25, 2021-01-01 … */
    static const int64_t gaps[][3] = {
        [HISTORY_DAY] = { 1, 7, 92 }, [HISTORY_WEEK] = { 1, 13 }, [HISTORY_MONTH] = { 1, 3 }
    };
    static const size_t n[] = { 4, 3, 3 };
    struct history_periods periods;
    struct arena arena = { 0 };

    for (size_t i = 0; i < 4; i++) {
        struct cases *cases = made("a", "mem.oom", NULL);
        char run[8];

        snprintf(run, sizeof run, "%zu", i);
        record(cases, run, days[i] * DAY_US);
        cases_free(cases);
    }
    for (enum history_by by = HISTORY_DAY; by <= HISTORY_MONTH; by++) {
        trend("", by, &arena, &periods);
        ck_assert_uint_eq(periods.n, n[by]);
        ck_assert_uint_eq(periods.p[0].fresh, 1);
        for (size_t i = 1; i < periods.n; i++) {
            ck_assert_int_eq(periods.p[i].number - periods.p[i - 1].number, gaps[by][i - 1]);
            ck_assert_uint_eq(periods.p[i].fresh, 0);
        }
    }
    arena_done(&arena);
}
END_TEST

Suite *check_history(void)
{
    Suite *suite = suite_create("history");
    TCase *tc = tcase_create("all");

    tcase_add_checked_fixture(tc, make_directory, remove_directory);
    tcase_add_test(tc, knows_what_earlier_runs_saw);
    tcase_add_test(tc, the_process_that_writes_knows_the_same);
    tcase_add_test(tc, a_writer_that_is_not_asked_writes_nothing);
    tcase_add_test(tc, a_run_again_replaces_what_it_said);
    tcase_add_test(tc, lists_what_was_seen);
    tcase_add_loop_test(tc, shows_what_a_word_names, 0, sizeof words / sizeof words[0]);
    tcase_add_test(tc, trends_by_day);
    tcase_add_test(tc, a_trend_of_nothing_and_of_one_run);
    tcase_add_loop_test(tc, periods_follow_the_calendar, 0, CALENDAR);
    tcase_add_test(tc, gaps_show_in_the_numbers);
    suite_add_tcase(suite, tc);
    return suite;
}

#else

START_TEST(says_that_it_cannot)
{
    struct err err = { 0 };

    ck_assert_ptr_null(history_open("x.db", HISTORY_WRITE, &err));
    ck_assert_int_eq(err.code, FAIL_SUPPORT);
    ck_assert_ptr_nonnull(strstr(err.text, "without SQLite"));
}
END_TEST

Suite *check_history(void)
{
    Suite *suite = suite_create("history");
    TCase *tc = tcase_create("all");

    tcase_add_test(tc, says_that_it_cannot);
    suite_add_tcase(suite, tc);
    return suite;
}

#endif
