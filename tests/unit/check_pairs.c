/* SPDX-License-Identifier: Apache-2.0 */
/* What a set of pairs rules out is not in the text. */
#include "analyzer/core/pairs.h"

#include <check.h>

static const char *const texts[] = {
    "",
    "a",
    "ab",
    "BUG: unable to handle page fault for address: ffffc900001c8000",
    " dump_stack_lvl+0x34/0x48",
    "RIP: 0010:foo+0x12/0x30 [bar]",
};

START_TEST(never_rules_out_what_is_there)
{
    struct str text = str_from(texts[_i]);
    struct pairs pairs = pairs_of(text);

    for (size_t from = 0; from <= text.n; from++)
        for (size_t n = 0; from + n <= text.n; n++)
            ck_assert(pairs_may_hold(&pairs, str_first(str_from_at(text, from), n)));
}
END_TEST

START_TEST(rules_out_what_is_not_there)
{
    struct pairs pairs = pairs_of(str_from(texts[4]));

    ck_assert(!pairs_may_hold(&pairs, STR("BUG:")));
    ck_assert(!pairs_may_hold(&pairs, STR("Call Trace:")));
    ck_assert(!pairs_may_hold(&pairs, STR("Kernel panic")));
    pairs = pairs_of(STR(""));
    ck_assert(!pairs_may_hold(&pairs, STR("ab")));
}
END_TEST

Suite *check_pairs(void)
{
    Suite *s = suite_create("pairs");
    TCase *t = tcase_create("pairs");

    tcase_add_loop_test(t, never_rules_out_what_is_there, 0, sizeof texts / sizeof texts[0]);
    tcase_add_test(t, rules_out_what_is_not_there);
    suite_add_tcase(s, t);
    return s;
}
