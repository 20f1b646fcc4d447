/* SPDX-License-Identifier: Apache-2.0 */
/* Cursors advance on success and leave everything untouched on failure. */
#include "analyzer/core/str.h"

#include <check.h>

static const struct {
    const char *in;
    bool ok;
    uint64_t value;
    const char *rest;
} numbers[] = {
    { "12 x", true, 12, " x" },
    { "", false, 0, "" },
    { "x1", false, 0, "x1" },
    { "18446744073709551615", true, UINT64_MAX, "" },
    { "18446744073709551616", false, 0, "18446744073709551616" },
};

START_TEST(takes_numbers)
{
    struct str in = str_from(numbers[_i].in);
    uint64_t value = 0;

    ck_assert_int_eq(str_take_u64(&in, &value), numbers[_i].ok);
    ck_assert_uint_eq(value, numbers[_i].value);
    ck_assert(str_eq(in, str_from(numbers[_i].rest)));
}
END_TEST

START_TEST(failed_cursor_stays)
{
    struct str in = STR("abc"), out = STR("old");

    ck_assert(!str_take(&in, STR("abd")));
    ck_assert(!str_take_until(&in, ';', &out));
    ck_assert(str_eq(in, STR("abc")));
    ck_assert(str_eq(out, STR("old")));
}
END_TEST

START_TEST(bytes_may_be_anything)
{
    struct str s = STR("a\0b\xff");

    ck_assert_uint_eq(str_find(s, STR("b\xff")), 2);
    ck_assert_uint_eq(str_find(s, STR("c")), STR_NOT_FOUND);
    ck_assert_uint_eq(str_find_char(s, '\0'), 1);
}
END_TEST

START_TEST(lines_end_with_lf_or_crlf)
{
    struct str in = STR("one\r\ntwo\n\nlast"), line;
    const char *expected[] = { "one", "two", "", "last" };

    for (size_t i = 0; i < 4; i++) {
        ck_assert(str_take_line(&in, &line));
        ck_assert(str_eq(line, str_from(expected[i])));
    }
    ck_assert(!str_take_line(&in, &line));
}
END_TEST

START_TEST(trims_only_what_it_says)
{
    ck_assert(str_eq(str_trim_cr(STR("a\rb\r\r")), STR("a\rb")));
    ck_assert_uint_eq(str_trim_cr(STR("\r\r")).n, 0);
    ck_assert(str_eq(str_unindent(STR("    a"), 2), STR("  a")));
    ck_assert(str_eq(str_unindent(STR("  a"), 9), STR("a")));
    ck_assert_uint_eq(str_unindent(STR("  "), 9).n, 0);
}
END_TEST

Suite *check_str(void)
{
    Suite *s = suite_create("str");
    TCase *t = tcase_create("str");

    tcase_add_loop_test(t, takes_numbers, 0, (int)(sizeof numbers / sizeof numbers[0]));
    tcase_add_test(t, failed_cursor_stays);
    tcase_add_test(t, bytes_may_be_anything);
    tcase_add_test(t, lines_end_with_lf_or_crlf);
    tcase_add_test(t, trims_only_what_it_says);
    suite_add_tcase(s, t);
    return s;
}
