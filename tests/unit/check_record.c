/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping a record copies all of it; names go there and back. */
#include "analyzer/core/record.h"

#include <check.h>
#include <string.h>

START_TEST(a_kept_record_stands_alone)
{
    char text[] = "text\0with NUL", host[] = "host";
    struct arena arena = { 0 };
    struct record r;
    const struct record *kept;

    record_init(&r);
    r.text = (struct str){ .p = text, .n = sizeof text - 1 };
    r.host = str_from(host);
    r.section = STR("section");
    r.line = 7;
    r.level = LEVEL_ERR;
    kept = record_keep(&arena, &r);
    memset(text, 'x', sizeof text);
    memset(host, 'x', sizeof host);
    ck_assert(str_eq(kept->text, STR("text\0with NUL")));
    ck_assert(str_eq(kept->host, STR("host")));
    ck_assert(str_eq(kept->section, STR("section")));
    ck_assert_uint_eq(kept->ident.n, 0);
    ck_assert_uint_eq(kept->line, 7);
    ck_assert_int_eq(kept->level, LEVEL_ERR);
    ck_assert_int_eq(kept->mono_us, TIME_UNKNOWN);
    arena_done(&arena);
}
END_TEST

START_TEST(a_full_arena_keeps_nothing)
{
    struct arena arena;
    struct record r;

    record_init(&r);
    r.text = STR("a text");
    arena_init(&arena, sizeof(struct record) + 2);
    ck_assert_ptr_null(record_keep(&arena, &r));
    arena_done(&arena);
}
END_TEST

START_TEST(names_go_there_and_back)
{
    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        enum level level = LEVEL_UNKNOWN;

        ck_assert(level_from_name(level_name((enum level)i), &level));
        ck_assert_uint_eq(level, i);
    }
    for (unsigned i = 0; i < ORIGIN_COUNT; i++) {
        enum origin origin = ORIGIN_COUNT;

        ck_assert(origin_from_name(origin_name((enum origin)i), &origin));
        ck_assert_uint_eq(origin, i);
    }
    for (unsigned i = 0; i < FACILITY_COUNT; i++) {
        enum facility facility = FACILITY_UNKNOWN;

        if (facility_name((enum facility)i).n == 0)
            continue;
        ck_assert(facility_from_name(facility_name((enum facility)i), &facility));
        ck_assert_uint_eq(facility, i);
    }
    ck_assert(str_eq(level_name(LEVEL_UNKNOWN), STR("unknown")));
    ck_assert(str_eq(facility_name(FACILITY_UNKNOWN), STR("unknown")));
}
END_TEST

static const struct {
    const char *name;
    bool ok;
    enum level level;
} levels[] = {
    { "warn", true, LEVEL_WARNING },     { "error", true, LEVEL_ERR },
    { "panic", true, LEVEL_EMERG },      { "err", true, LEVEL_ERR },
    { "ERR", false, LEVEL_UNKNOWN },     { "", false, LEVEL_UNKNOWN },
    { "unknown", false, LEVEL_UNKNOWN },
};

START_TEST(levels_have_other_names)
{
    enum level level = LEVEL_UNKNOWN;

    ck_assert_int_eq(level_from_name(str_from(levels[_i].name), &level), levels[_i].ok);
    ck_assert_int_eq(level, levels[_i].level);
}
END_TEST

Suite *check_record(void)
{
    Suite *s = suite_create("record");
    TCase *t = tcase_create("record");

    tcase_add_test(t, a_kept_record_stands_alone);
    tcase_add_test(t, a_full_arena_keeps_nothing);
    tcase_add_test(t, names_go_there_and_back);
    tcase_add_loop_test(t, levels_have_other_names, 0, (int)(sizeof levels / sizeof levels[0]));
    suite_add_tcase(s, t);
    return s;
}
