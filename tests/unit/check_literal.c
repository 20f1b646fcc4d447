/* SPDX-License-Identifier: Apache-2.0 */
/* Extraction: exact answers for the shapes that rules use, and none in doubt. */
#include "analyzer/engine/literal.h"
#include "analyzer/engine/pattern.h"

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

/* xorshift: the same numbers everywhere. */
static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 33) % below;
}

static bool stands(const struct literals *all, struct str subject)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct literal *l = &all->p[i];

        if ((l->nocase ? str_find_nocase(subject, l->text) : str_find(subject, l->text)) !=
            STR_NOT_FOUND)
            return true;
    }
    return false;
}

/* Patterns thrown together from pieces, subjects from two letters, so that many match. */
START_TEST(a_match_holds_a_literal)
{
    static const char *const pieces[] = {
        "a",     "b",    "ab",    "aba",  "bbab",  "(",     "(?:",
        ")",     "|",    "*",     "+",    "?",     "{2}",   "{0,}",
        "{1,2}", "[ab]", "[^a]",  "[a-b", "]",     ".",     "\\x61",
        "\\.",   "\\w",  "^",     "$",    "(?=a)", "(?!b)", "\\b",
        "\\1",   "(?i)", "(?<n>", "*?",   "++",    "A",     "[[:alpha:]a]",
        "\\Q",   "(?|",  "(?>",   "{,2}", "\\K",
    };
    uint64_t seed = 0x9e3779b97f4a7c15u + (uint64_t)_i;
    struct pattern_scratch *scratch = pattern_scratch_new(true);
    size_t n_told = 0;

    for (int round = 0; round < 20000; round++) {
        struct arena a = { 0 };
        struct literals all = { 0 };
        char regex[200] = "", text[40];
        struct str subject = { .p = text, .n = 4 + draw(&seed, sizeof text - 4) };
        bool nocase = draw(&seed, 4) == 0;
        struct pattern *p;

        for (uint32_t k = 2 + draw(&seed, 12); k > 0; k--)
            strcat(regex, pieces[draw(&seed, draw(&seed, 2) ? 5 : COUNT(pieces))]);
        for (size_t k = 0; k < subject.n; k++)
            text[k] = "abAB"[draw(&seed, nocase ? 4 : 2)];
        p = pattern_new(str_from(regex), nocase, NULL);
        if (p && literal_extract(&a, str_from(regex), nocase, &all) &&
            pattern_match(p, scratch, subject, NULL) == PATTERN_YES) {
            ck_assert_msg(stands(&all, subject), "%s in %.*s", regex, STR_ARG(subject));
            n_told++;
        }
        pattern_free(p);
        arena_done(&a);
    }
    ck_assert_uint_gt(n_told, 100);
    pattern_scratch_free(scratch);
}
END_TEST

Suite *check_literal(void)
{
    Suite *s = suite_create("literal");
    TCase *t = tcase_create("literal");

    tcase_add_loop_test(t, finds_what_must_stand, 0, COUNT(rows));
    tcase_add_loop_test(t, a_match_holds_a_literal, 0, 4);
    tcase_add_test(t, nocase_needs_a_plain_pattern);
    tcase_add_test(t, long_runs_are_cut_not_lost);
    tcase_add_test(t, many_alternatives_stay_bounded);
    suite_add_tcase(s, t);
    return s;
}
