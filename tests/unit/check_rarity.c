/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be expected in ordinary logs, by pairs of characters. */
#include "analyzer/engine/rarity.h"

#include <check.h>

static const struct {
    struct str common, rare;
} orders[] = {
    { { STR_INIT("ing in") }, { STR_INIT("panic:") } },
    { { STR_INIT("000000") }, { STR_INIT("oops#1") } },
    { { STR_INIT(" state") }, { STR_INIT(" KASAN") } },
    { { STR_INIT("device") }, { STR_INIT("qzjxkv") } },
    { { STR_INIT("ready ") }, { STR_INIT("\xc3\xa4\xff\x01zq") } },
};

static uint32_t cost_of(struct str text)
{
    uint32_t cost;

    rarity_costs(text, text.n, &cost, 1);
    return cost;
}

START_TEST(common_texts_cost_more)
{
    ck_assert_uint_gt(cost_of(orders[_i].common), cost_of(orders[_i].rare));
}
END_TEST

START_TEST(case_is_the_same)
{
    ck_assert_uint_eq(cost_of(STR("status")), cost_of(STR("STATUS")));
}
END_TEST

/* Each gram of a text costs what it costs alone. */
START_TEST(grams_do_not_know_their_neighbours)
{
    struct str text =
            STR("[ 12.345678] EXT4-fs (sda1): \xe2\x80\x9cmounted\xe2\x80\x9d _-,./\\ ~zzz");
    uint32_t costs[RARITY_TEXT_MAX];
    size_t gram_bytes = (size_t)_i, n = text.n - gram_bytes + 1;

    rarity_costs(text, gram_bytes, costs, n);
    for (size_t i = 0; i < n; i++)
        ck_assert_uint_eq(costs[i], cost_of(str_first(str_from_at(text, i), gram_bytes)));
}
END_TEST

Suite *check_rarity(void)
{
    Suite *s = suite_create("rarity");
    TCase *t = tcase_create("rarity");

    tcase_add_loop_test(t, common_texts_cost_more, 0, sizeof orders / sizeof orders[0]);
    tcase_add_test(t, case_is_the_same);
    tcase_add_loop_test(t, grams_do_not_know_their_neighbours, 4, 9);
    suite_add_tcase(s, t);
    return s;
}
