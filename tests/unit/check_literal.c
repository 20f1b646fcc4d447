/* SPDX-License-Identifier: Apache-2.0 */
/* Extraction: exact answers for the shapes that rules use, and none in doubt. */
#include "analyzer/engine/literal.h"

#include <check.h>
#include <string.h>

#define COUNT(a) (int)(sizeof(a) / sizeof *(a))

/* The literals side by side with '/' between them; NULL: none. */
static const struct {
    const char *regex;
    const char *literals;
} rows[] = {
    { "Unable to mount root fs", "Unable to mount root fs" },
    { "open root device \"(?<root>.*?)\" or (?<b>.*?): error (?<e>-?\\d+)", "open root device \"" },
    { "^(?<m>\\w+): module verification failed$", ": module verification failed" },
    { "\\[sd[a-z]\\] Attached", "] Attached" },
    { "not claimed; can't enable device\\.", "not claimed; can't enable device." },
    { "Waiting for (?:root device|encrypted source)",
      "Waiting for root device/Waiting for encrypted source" },
    { "[Kk]ernel panic", "Kernel panic/kernel panic" },
    { "CPUs? stuck", "CPUs stuck/CPU stuck" },
    { "time(out)? reached", " reached" },
    { "(?:foobar){2} done", "foobar done" },
    { "(abcd)+", "abcd" },
    { "ab{3}cdefg", "bcdefg" },
    { "failed|error", "failed/error" },
    { "failed|err", NULL },
    { "failed|.*", NULL },
    { "(failed: \\d+|broken: \\d+) at", "failed: /broken: " },
    { "(failed: \\d+|\\d+) at line", " at line" },
    { "foo(?=bar)bar", "foobar" },
    { "(?!no )yes indeed", "yes indeed" },
    { "tab\\tseparated", "separated" },
    { "caf\xc3\xa9 closed", " closed" },
    { "line one\nof two", "line one" },
    { "(?s)start.*middle part", "middle part" },
    { "a\\x41bcdefg", "bcdefg" },
    { "a\\x{41}bcdef", "bcdef" },
    { "\\p{Lu}pper case", "pper case" },
    { "[[:alpha:]_]+: lost", ": lost" },
    { "[]abcd]xyzw", "xyzw" },
    { "[^]x]yzab", "yzab" },
    { "a{,3}bcdefg", NULL },
    { "a{x}bcdefg", "a{x}bcdefg" },
    { "abc", NULL },
    { "", NULL },
    { "\\Qab.cd\\E", NULL },
    { "(?i)kernel panic", NULL },
    { "(?x) spaced out", NULL },
    { "abcd(*ACCEPT)efgh", NULL },
    { "(?(1)abcd|efgh)", NULL },
    { "abcd(?R)?efgh", NULL },
    { "(?#comment)abcdef", NULL },
    { "abcd(", NULL },
    { "abcd)", NULL },
    { "abcd[", NULL },
    { "abcd\\", NULL },
    { "a**bcdefg", NULL },
    { "((((((((((((((((((((abcd))))))))))))))))))))", NULL },
};

START_TEST(finds_what_must_stand)
{
    struct arena a = { 0 };
    struct literals got = { 0 };
    char text[512] = "";
    bool found = literal_extract(&a, str_from(rows[_i].regex), false, &got);

    ck_assert_int_eq(found, rows[_i].literals != NULL);
    for (size_t i = 0; i < got.n; i++) {
        if (i)
            strcat(text, "/");
        strncat(text, got.p[i].text.p, got.p[i].text.n);
        ck_assert(!got.p[i].nocase);
    }
    if (found)
        ck_assert_str_eq(text, rows[_i].literals);
    arena_done(&a);
}
END_TEST

START_TEST(nocase_needs_a_plain_pattern)
{
    struct arena a = { 0 };
    struct literals got = { 0 };

    ck_assert(literal_extract(&a, STR("Task blocked"), true, &got));
    ck_assert_uint_eq(got.n, 1);
    ck_assert(got.p[0].nocase);
    ck_assert(!literal_extract(&a, STR("Task blocked \xc3\xa9"), true, &got));
    ck_assert(!literal_extract(&a, STR("Task blocked \\x{17f}"), true, &got));
    arena_done(&a);
}
END_TEST

START_TEST(long_runs_are_cut_not_lost)
{
    char text[4000];
    struct arena a = { 0 };
    struct literals got = { 0 };

    memset(text, 'x', sizeof text);
    ck_assert(literal_extract(&a, (struct str){ .p = text, .n = sizeof text }, false, &got));
    ck_assert_uint_eq(got.n, 1);
    ck_assert_uint_ge(got.p[0].text.n, 32);
    arena_done(&a);
}
END_TEST

START_TEST(many_alternatives_stay_bounded)
{
    struct arena a = { 0 };
    struct literals got = { 0 };

    ck_assert(literal_extract(&a, STR("[ab][cd][ef][gh][ij][kl][mn] and then"), false, &got));
    ck_assert_uint_le(got.n, 12);
    arena_done(&a);
}
END_TEST

Suite *check_literal(void)
{
    Suite *s = suite_create("literal");
    TCase *t = tcase_create("literal");

    tcase_add_loop_test(t, finds_what_must_stand, 0, COUNT(rows));
    tcase_add_test(t, nocase_needs_a_plain_pattern);
    tcase_add_test(t, long_runs_are_cut_not_lost);
    tcase_add_test(t, many_alternatives_stay_bounded);
    suite_add_tcase(s, t);
    return s;
}
