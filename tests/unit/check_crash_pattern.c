/* SPDX-License-Identifier: Apache-2.0 */
/* The pattern language of the crash tables. */
#include "analyzer/evidence/crash_pattern.h"

#include <check.h>

static const struct {
    const char *pattern, *line;
    size_t at; /* SIZE_MAX: no match */
    const char *first;
} rows[] = {
    { "b c", "a b c", 2, NULL },
    { "^b", "a b", SIZE_MAX, NULL },
    { "b$", "a b ", SIZE_MAX, NULL },
    { "a%s$", "a  ", 0, NULL },
    { "a*c", "a b c", 0, NULL },
    { "a*c", "c a", SIZE_MAX, NULL },
    { "a*b$", "a b x b", 0, NULL },
    { "in %f", "in foo.isra.0+0x1", 0, "foo" },
    { "in %f", "in foo bar", SIZE_MAX, NULL },
    { "in %f", "in foo in bar+0x1", 7, "bar" },
    { "(x|yz|)%n", "yz_a", 0, "yz" },
    { "k%d(x|)y", "k12y", 0, "" },
    { "k%d(x|z)y", "k12y", SIZE_MAX, NULL },
    { "%k in", "BUG: use-after-free in", 5, "use-after-free" },
    { "at %S", "at mm/slub.c:12 x", 0, NULL },
    { "at %S", "at mm/slub:12 x", SIZE_MAX, NULL },
    { "%p%s%f", "x [<ffffffff8100>] foo+0x1", 2, "foo" },
    { "%p%s%f", "x [ffff] foo", SIZE_MAX, NULL },
    { "at: %a%f", "at: [<c01>] foo+0x1", 0, "foo" },
    { "at: %a%f", "at: foo+0x1", 0, "foo" },
    { "x: %r", "x: all of it ", 0, "all of it" },
    { "a?c", "a*c", 0, NULL },
    { "", "anything", 0, NULL },
    { "a", "", SIZE_MAX, NULL },
};

START_TEST(check_rows)
{
    struct crash_captures c = { 0 };
    size_t at = SIZE_MAX;
    bool found = crash_pattern_find(rows[_i].pattern, str_from(rows[_i].line), &at, &c);

    ck_assert_msg(found == (rows[_i].at != SIZE_MAX) && at == rows[_i].at, "'%s' in '%s': %zu",
                  rows[_i].pattern, rows[_i].line, at);
    if (rows[_i].first)
        ck_assert_msg(c.n > 0 && str_eq(c.s[0], str_from(rows[_i].first)), "'%.*s'",
                      STR_ARG(c.s[0]));
}
END_TEST

/* Many stars over a long line of near misses end in time. */
START_TEST(check_hostile)
{
    static char line[64 << 10];

    memset(line, 'a', sizeof line);
    ck_assert(!crash_pattern_in("a*a*a*a*a*a*b", (struct str){ line, sizeof line }));
    ck_assert(!crash_pattern_in("%n*%n*%n!", (struct str){ line, 4096 }));
}
END_TEST

Suite *check_crash_pattern(void);

Suite *check_crash_pattern(void)
{
    Suite *s = suite_create("crash_pattern");
    TCase *t = tcase_create("crash_pattern");

    tcase_add_loop_test(t, check_rows, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, check_hostile);
    suite_add_tcase(s, t);
    return s;
}
