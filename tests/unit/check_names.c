/* SPDX-License-Identifier: Apache-2.0 */
/* Globs over rule ids, as supersedes, explains and caused_by use them. */
#include "analyzer/engine/matcher.h"

#include <check.h>

static const struct {
    const char *glob, *name;
    bool matches;
} globs[] = {
    { "oops.nx", "oops.nx", true },
    { "oops.nx", "oops.nxt", false },
    { "oops.*", "oops.nx", true },
    { "oops.*", "oops.", true },
    { "oops.*", "mem.oom", false },
    { "*", "", true },
    { "*", "anything", true },
    { "*.panic", "root.panic", true },
    { "*.panic", "root.panic-2", false },
    { "fs.*-readonly", "fs.ext4-readonly", true },
    { "fs.*-readonly*", "fs.a-readonly-readonly", true },
    { "a?c", "abc", true },
    { "a?c", "ac", false },
    { "", "", true },
    { "", "a", false },
};

START_TEST(globs_match)
{
    ck_assert_int_eq(glob_match(str_from(globs[_i].glob), str_from(globs[_i].name)),
                     globs[_i].matches);
}
END_TEST

Suite *check_names(void)
{
    Suite *s = suite_create("names");
    TCase *t = tcase_create("names");

    tcase_add_loop_test(t, globs_match, 0, (int)(sizeof globs / sizeof globs[0]));
    suite_add_tcase(s, t);
    return s;
}
