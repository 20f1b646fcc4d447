/* SPDX-License-Identifier: Apache-2.0 */
/* Stamps to microseconds and back, and what is no stamp. */
#include "analyzer/core/clock.h"

#include <check.h>

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])

/* 2022-05-26T21:38:13Z */
static const int64_t may_26 = INT64_C(1653601093000000);

static const struct {
    const char *in;
    bool ok;
    int64_t after_us; /* may_26 */
    unsigned gaps;
    const char *rest;
} stamps[] = {
    { "2022-05-26T21:38:13.370Z| vmx", true, 370000, 0, "| vmx" },
    { "2022-05-26 21:38:13,370421+02:00", true, 370421 - INT64_C(7200000000), 0, "" },
    { "2022-05-26T21:38:13-0530 x", true, INT64_C(19800000000), 0, " x" },
    { "2022-05-26T21:38:13", true, 0, CLOCK_NO_ZONE, "" },
    { "2022-05-26T21:38:13.1", true, 100000, CLOCK_NO_ZONE, "" },
    { "2022-05-26T21:38:13.123456789Z", true, 123456, 0, "" },
    { "2022-02-29T00:00:00Z", false, 0, 0, NULL },
    { "2022-13-01T00:00:00Z", false, 0, 0, NULL },
    { "2022-00-10T00:00:00Z", false, 0, 0, NULL },
    { "2022-05-26T24:00:00Z", false, 0, 0, NULL },
    { "2022-05-26T21:60:00Z", false, 0, 0, NULL },
    { "2022-05-26T21:38", false, 0, 0, NULL },
    { "2022-5-26T21:38:13Z", false, 0, 0, NULL },
    { "20220526T213813Z", false, 0, 0, NULL },
    { "", false, 0, 0, NULL },
};

START_TEST(iso_stamps)
{
    struct str in = str_from(stamps[_i].in);
    int64_t wall_us = 1;
    unsigned gaps = 99;

    ck_assert_int_eq(clock_take_iso(&in, &wall_us, &gaps), stamps[_i].ok);
    if (!stamps[_i].ok) {
        ck_assert(str_eq(in, str_from(stamps[_i].in)));
        ck_assert_int_eq(wall_us, 1);
        return;
    }
    ck_assert_int_eq(wall_us, may_26 + stamps[_i].after_us);
    ck_assert_uint_eq(gaps, stamps[_i].gaps);
    ck_assert(str_eq(in, str_from(stamps[_i].rest)));
}
END_TEST

static const struct {
    const char *in, *wall; /* NULL: no stamp */
} yearless[] = {
    { "Feb  7 20:35:19 host", "1972-02-07T20:35:19.000000Z" },
    { "Feb 29 20:35:19.123", "1972-02-29T20:35:19.123000Z" },
    { "M\xc3\xa4r 09 07:05:01.250: vmx", "1972-03-09T07:05:01.250000Z" },
    { "d\xc3\xa9"
      "c. 31 23:59:60",
      "1973-01-01T00:00:00.000000Z" },
    { "\xd0\xbc\xd0\xb0\xd1\x8f 07 20:35:19 host", "1972-05-07T20:35:19.000000Z" },
    { "\xd1\x81\xd1\x96\xd1\x87 7 20:35:19", "1972-01-07T20:35:19.000000Z" },
    { "\xc5\x98\xc3\xadj 07 20:35:19", NULL }, /* ASCII alone is folded */
    { "\xc5\x99\xc3\xadj 07 20:35:19", "1972-10-07T20:35:19.000000Z" },
    { "4\xe6\x9c\x88 07 20:35:19 host", "1972-04-07T20:35:19.000000Z" },
    { "12\xec\x9b\x94 31 20:35:19", "1972-12-31T20:35:19.000000Z" },
    { "13\xe6\x9c\x88 07 20:35:19", NULL },
    { "0\xe6\x9c\x88 07 20:35:19", NULL },
    { "4\xe6\x9c 07 20:35:19", NULL },
    { "mars 07 20:35:19", "1972-03-07T20:35:19.000000Z" },
    { "marsh 07 20:35:19", NULL },
    { "Feb 30 20:35:19", NULL },
    { "Foo  7 20:35:19", NULL },
    { "Febru 7 20:35:19", NULL },
    { "m\xc3\xa1j. 22 09:31:53 host", "1972-05-22T09:31:53.000000Z" },
    { "sept. 03 09:31:53 host", "1972-09-03T09:31:53.000000Z" },
    { "\xc5\x9eub 22 09:31:53 host", "1972-02-22T09:31:53.000000Z" },
    { "\xd0\xb8\xd1\x8e\xd0\xbb 22 09:31:53 host", "1972-07-22T09:31:53.000000Z" },
    { "12\xe6\x9c\x88 22 09:31:53 host", "1972-12-22T09:31:53.000000Z" },
    { "7\xec\x9b\x94 22 09:31:53 host", "1972-07-22T09:31:53.000000Z" },
    { "13\xe6\x9c\x88 22 09:31:53 host", NULL },
    { "0\xe6\x9c\x88 22 09:31:53 host", NULL },
    { "7 22 09:31:53 host", NULL },
    { "\xd0\xb8\xd1\x8e\xd0\xbb\xd0\xbb 22 09:31:53", NULL },
    { "Februar 7 20:35:19", NULL },
    { "Feb 7", NULL },
};

START_TEST(stamps_without_a_year)
{
    struct str in = str_from(yearless[_i].in);
    char text[CLOCK_TEXT];
    int64_t wall_us;

    ck_assert_int_eq(clock_take_yearless(&in, &wall_us), yearless[_i].wall != NULL);
    if (yearless[_i].wall)
        ck_assert_str_eq(clock_format(wall_us, text), yearless[_i].wall);
    else
        ck_assert(str_eq(in, str_from(yearless[_i].in)));
}
END_TEST

static const struct {
    const char *in;
    bool ok;
    int64_t mono_us;
} monos[] = {
    { "   12.345678", true, 12345678 },
    { "0.000000", true, 0 },
    { "99999.999999] x", true, INT64_C(99999999999) },
    { "999999999.000000", true, INT64_C(999999999000000) },
    { "1000000000.000000", false, 0 },
    { "99999999999999999999.000000", false, 0 },
    { "12.34", false, 0 },
    { "12,345678", false, 0 },
    { "-1.000000", false, 0 },
    { "", false, 0 },
};

START_TEST(kernel_stamps)
{
    struct str in = str_from(monos[_i].in);
    int64_t mono_us = 0;

    ck_assert_int_eq(clock_take_mono(&in, &mono_us), monos[_i].ok);
    ck_assert_int_eq(mono_us, monos[_i].mono_us);
}
END_TEST

/* Every day of four centuries, there and back; and the times that no calendar is asked about. */
START_TEST(days_go_there_and_back)
{
    static const unsigned lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t days = clock_days(1899, 12, 31);

    for (int64_t year = 1900; year < 2300; year++) {
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

        for (unsigned month = 1; month <= 12; month++)
            for (unsigned day = 1; day <= lengths[month - 1] + (month == 2 && leap); day++)
                ck_assert_int_eq(clock_days(year, month, day), ++days);
    }
}
END_TEST

START_TEST(formats_any_time)
{
    char text[CLOCK_TEXT];

    ck_assert_str_eq(clock_format(0, text), "1970-01-01T00:00:00.000000Z");
    ck_assert_str_eq(clock_format(-1, text), "1969-12-31T23:59:59.999999Z");
    ck_assert_str_eq(clock_format(may_26 + 370000, text), "2022-05-26T21:38:13.370000Z");
    clock_format(INT64_MAX, text);
    clock_format(INT64_MIN + 1, text);
}
END_TEST

Suite *check_clock(void)
{
    Suite *s = suite_create("clock");
    TCase *t = tcase_create("clock");

    tcase_add_loop_test(t, iso_stamps, 0, COUNT(stamps));
    tcase_add_loop_test(t, stamps_without_a_year, 0, COUNT(yearless));
    tcase_add_loop_test(t, kernel_stamps, 0, COUNT(monos));
    tcase_add_test(t, days_go_there_and_back);
    tcase_add_test(t, formats_any_time);
    suite_add_tcase(s, t);
    return s;
}
