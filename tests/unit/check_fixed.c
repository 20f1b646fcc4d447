/* SPDX-License-Identifier: Apache-2.0 */
/* Which text of a regular expression stands in all that it matches. */
#include "analyzer/engine/fixed.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])

struct seen {
    char text[2 * FIXED_BYTES];
    size_t n;
};

static void take(void *ctx, struct str run)
{
    struct seen *seen = ctx;

    ck_assert_uint_lt(seen->n + run.n + 1, sizeof seen->text);
    memcpy(seen->text + seen->n, run.p, run.n);
    seen->n += run.n;
    seen->text[seen->n++] = '/';
}

static const struct {
    const char *regex, *runs;
} rows[] = {
    { "^JBD2: I\\/O error$", "JBD2: I/O error/" },
    { "XFS \\((?<dev>[\\w!-]+)\\): Metadata", "XFS (/): Metadata/" },
    { "a (?:b|c(?:d\\)|[)])) e", "a / e/" },
    { "one[^]x]two[]]three[\\]]four", "one/two/three/four/" },
    { "CPUs? gone", "CPU/ gone/" },
    { "ab+ c", "ab/ c/" },
    { "ab{2,3}c", "a/c/" },
    { "ab*?c\\d++d", "a/c/d/" },
    { "x.y\\.z", "x/y.z/" },
    { "one|two", "" },
    { "(one|two) three|four", "" },
    { "(one|two)? three", " three/" },
    { "torn\\", "" },
    { "torn [abc", "torn /" },
    { "torn (abc", "torn /" },
    { "torn{2", "tor/2/" },
    { "", "" },
    { "^$", "" },
};

START_TEST(runs_stand_in_every_match)
{
    struct seen seen = { .n = 0 };

    fixed_runs(str_from(rows[_i].regex), take, &seen);
    seen.text[seen.n] = '\0';
    ck_assert_str_eq(seen.text, rows[_i].runs);
}
END_TEST

START_TEST(a_long_run_is_cut)
{
    char big[3 * FIXED_BYTES];
    struct seen seen = { .n = 0 };

    memset(big, 'x', sizeof big);
    fixed_runs((struct str){ big, sizeof big }, take, &seen);
    ck_assert_uint_eq(seen.n, FIXED_BYTES + 1);
}
END_TEST

Suite *check_fixed(void);

Suite *check_fixed(void)
{
    Suite *s = suite_create("fixed");
    TCase *tc = tcase_create("fixed");

    tcase_add_loop_test(tc, runs_stand_in_every_match, 0, COUNT(rows));
    tcase_add_test(tc, a_long_run_is_cut);
    suite_add_tcase(s, tc);
    return s;
}
