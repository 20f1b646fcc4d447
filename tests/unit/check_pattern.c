/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns: what is refused and where, captures, limits, the same answers with and without JIT. */
#include "analyzer/engine/pattern.h"

#include "analyzer/core/limits.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (int)(sizeof(a) / sizeof *(a))

static const struct {
    const char *regex;
    uint32_t col;
} refused[] = {
    { "(*UTF8)x", 1 }, { "(*LIMIT_MATCH=1000000000)a", 1 },
    { "a(b", 4 },      { "a)(b", 2 },
    { "ab\\Ccd", 5 },  { "[b-a]", 4 },
    { "*a", 1 },       { "\xff", 1 },
};

START_TEST(says_where_a_bad_pattern_is_bad)
{
    struct err err = { 0 };

    ck_assert_ptr_null(pattern_new(str_from(refused[_i].regex), false, &err));
    ck_assert_int_eq(err.code, FAIL_SYNTAX);
    ck_assert_uint_eq(err.col, refused[_i].col);
    ck_assert(err.text[0]);
    ck_assert_ptr_null(pattern_new(str_from(refused[_i].regex), false, NULL));
}
END_TEST

START_TEST(refuses_what_is_too_long)
{
    char text[LIMIT_PATTERN_BYTES + 1];
    struct str regex = { .p = text, .n = sizeof text };
    struct err err = { 0 };
    struct pattern *p;

    memset(text, 'a', sizeof text);
    ck_assert_ptr_null(pattern_new(regex, false, &err));
    ck_assert_int_eq(err.code, FAIL_LIMIT);
    regex.n--;
    p = pattern_new(regex, false, &err);
    ck_assert_ptr_nonnull(p);
    pattern_free(p);
}
END_TEST

static const struct {
    const char *regex;
    bool nocase;
    struct str subject;
    enum pattern_result result;
} matches[] = {
    { "panic", false, { STR_INIT("Kernel panic - not syncing") }, PATTERN_YES },
    { "PANIC", false, { STR_INIT("Kernel panic") }, PATTERN_NO },
    { "PANIC", true, { STR_INIT("Kernel panic") }, PATTERN_YES },
    { "a|b", false, { STR_INIT("xb") }, PATTERN_YES },
    { "", false, { STR_INIT("") }, PATTERN_YES },
    { "", false, { 0 }, PATTERN_YES },
    { "x", false, { 0 }, PATTERN_NO },
    { "end$", false, { STR_INIT("end\n") }, PATTERN_NO },
    { "a.b", false, { STR_INIT("a\nb") }, PATTERN_NO },
    { "a.b", false, { STR_INIT("a\rb") }, PATTERN_YES },
    { "task \\S+ died", false, { STR_INIT("task \xc3\xa9t\xc3\xa9 died") }, PATTERN_YES },
    { "died", false, { STR_INIT("task \xff\xfe died") }, PATTERN_YES },
    { "k.d", false, { STR_INIT("k\xff\x64") }, PATTERN_YES },
    { "^x\\S+y$", false, { STR_INIT("x\xff\xc3\xa9y") }, PATTERN_YES },
    /* Not plain: characters. */
    { "^\\x{e9}.$", false, { STR_INIT("\xc3\xa9\xc3\xa9") }, PATTERN_YES },
    { "^\\p{L}+$", false, { STR_INIT("\xc3\xa9t\xc3\xa9") }, PATTERN_YES },
    { "\\p{L}+.x", false, { STR_INIT("t\xffx") }, PATTERN_NO },
    { "a\\x00b", false, { STR_INIT("a\0b") }, PATTERN_YES },
    /* Kelvin sign, long s: only ASCII letters have another case. */
    { "kernel bus", true, { STR_INIT("\xe2\x84\xaa\x65rnel bus") }, PATTERN_NO },
    { "kernel bus", true, { STR_INIT("kernel bu\xc5\xbf") }, PATTERN_NO },
    { "kernel bus", true, { STR_INIT("KERNEL BUS") }, PATTERN_YES },
    { "\xc3\xa9t\xc3\xa9", true, { STR_INIT("\xc3\x89T\xc3\x89") }, PATTERN_YES },
};

/* Often enough that JIT takes over on the way. */
START_TEST(matches_whatever_engine)
{
    for (int no_jit = 0; no_jit < 2; no_jit++) {
        struct err err = { 0 };
        struct pattern *p = pattern_new(str_from(matches[_i].regex), matches[_i].nocase, &err);
        struct pattern_scratch *s = pattern_scratch_new(no_jit);

        ck_assert_msg(p != NULL, "%s", err.text);
        for (int i = 0; i < 60; i++)
            ck_assert_int_eq(pattern_match(p, s, matches[_i].subject, NULL), matches[_i].result);
        pattern_scratch_free(s);
        pattern_free(p);
    }
}
END_TEST

START_TEST(captures_in_order_of_number)
{
    struct err err;
    struct pattern *p = pattern_new(STR("(?<zone>z\\d)(x)(?<alpha>a)?(?<mid>m*)"), false, &err);
    struct pattern_scratch *s = pattern_scratch_new(false);
    struct str got[3] = { STR("old"), STR("old"), STR("old") };
    const struct pattern_names *names = pattern_names(p);

    ck_assert_uint_eq(names->n, 3);
    ck_assert(str_eq(names->p[0], STR("zone")));
    ck_assert(str_eq(names->p[1], STR("alpha")));
    ck_assert(str_eq(names->p[2], STR("mid")));
    ck_assert_int_eq(pattern_match(p, s, STR("none"), got), PATTERN_NO);
    ck_assert(str_eq(got[0], STR("old")));
    for (int i = 0; i < 60; i++) {
        ck_assert_int_eq(pattern_match(p, s, STR("--z3x"), got), PATTERN_YES);
        ck_assert(str_eq(got[0], STR("z3")));
        ck_assert_ptr_null(got[1].p);
        ck_assert_ptr_nonnull(got[2].p);
        ck_assert_uint_eq(got[2].n, 0);
    }
    ck_assert_int_eq(pattern_match(p, s, STR("z3xamm"), got), PATTERN_YES);
    ck_assert(str_eq(got[1], STR("a")) && str_eq(got[2], STR("mm")));
    pattern_scratch_free(s);
    pattern_free(p);
}
END_TEST

START_TEST(has_room_for_many_groups)
{
    char text[4 * 300 + 1] = "";
    struct err err;
    struct pattern *p;
    struct pattern_scratch *s = pattern_scratch_new(false);

    for (int i = 0; i < 300; i++)
        strcat(text, "(a)?");
    p = pattern_new(str_from(text), false, &err);
    ck_assert_ptr_nonnull(p);
    ck_assert_int_eq(pattern_match(p, s, STR("aaaa"), NULL), PATTERN_YES);
    pattern_scratch_free(s);
    pattern_free(p);
}
END_TEST

/* conventions: 33 bytes cost the library's own limits up to half a second. */
START_TEST(gives_up_in_time)
{
    struct err err;
    struct pattern *p = pattern_new(STR("^(\\w+\\s?)*$"), false, &err);
    struct pattern_scratch *s = pattern_scratch_new(_i);

    for (int i = 0; i < 60; i++)
        ck_assert_int_eq(pattern_match(p, s, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"), NULL),
                         PATTERN_GAVE_UP);
    pattern_scratch_free(s);
    pattern_free(p);
}
END_TEST

START_TEST(reads_no_further_than_the_limit)
{
    char *text = calloc(1, LIMIT_SUBJECT_BYTES + 4);
    struct str subject = { .p = text, .n = LIMIT_SUBJECT_BYTES + 4 };
    struct err err;
    struct pattern *p = pattern_new(STR("tail"), false, &err);
    struct pattern_scratch *s = pattern_scratch_new(false);

    memset(text, ' ', subject.n);
    memcpy(text + LIMIT_SUBJECT_BYTES, "tail", 4);
    ck_assert_int_eq(pattern_match(p, s, subject, NULL), PATTERN_NO);
    memcpy(text + LIMIT_SUBJECT_BYTES - 4, "tail", 4);
    ck_assert_int_eq(pattern_match(p, s, subject, NULL), PATTERN_YES);
    pattern_scratch_free(s);
    pattern_free(p);
    free(text);
}
END_TEST

Suite *check_pattern(void)
{
    Suite *s = suite_create("pattern");
    TCase *t = tcase_create("pattern");

    tcase_add_loop_test(t, says_where_a_bad_pattern_is_bad, 0, COUNT(refused));
    tcase_add_test(t, refuses_what_is_too_long);
    tcase_add_loop_test(t, matches_whatever_engine, 0, COUNT(matches));
    tcase_add_test(t, captures_in_order_of_number);
    tcase_add_test(t, has_room_for_many_groups);
    tcase_add_loop_test(t, gives_up_in_time, 0, 2);
    tcase_add_test(t, reads_no_further_than_the_limit);
    suite_add_tcase(s, t);
    return s;
}
