/* SPDX-License-Identifier: Apache-2.0 */
/* Which shard reads which case: by size, and with stores kept apart. */
#include "analyzer/fleet/plan.h"

#include <check.h>

static const struct {
    const char *path;
    uint64_t device, bytes;
} logs[] = {
    { "/ds1/vm1", 1, 900 },  { "/ds1/vm2", 1, 500 },  { "/ds1/vm3", 1, 400 },
    { "/ds10/a/vm", 2, 80 }, { "/ds10/b/vm", 2, 70 }, { "/ds2/vm/x.log", 3, 0 },
};

enum { LOGS = sizeof logs / sizeof logs[0] };

static void share(struct plan *plan, struct arena *arena, uint32_t shards, bool by_store)
{
    *plan = (struct plan){ .shards = shards, .cases = { .arena = arena } };
    for (size_t i = 0; i < LOGS; i++) {
        struct scan_case *c = vec_push(arena, &plan->cases);

        ck_assert_ptr_nonnull(c);
        c->path = str_from(logs[i].path);
        c->device = logs[i].device;
        c->bytes = logs[i].bytes;
    }
    ck_assert(plan_share(plan, by_store, arena));
    for (size_t i = 0; i < LOGS; i++)
        ck_assert_uint_lt(plan->shard_of[i], shards);
}

START_TEST(the_largest_go_first)
{
    struct arena arena = { 0 };
    struct plan plan;

    share(&plan, &arena, 2, false);
    ck_assert_uint_eq(plan.shard_of[0], 0);
    ck_assert_uint_eq(plan.shard_of[1], 1);
    ck_assert_uint_eq(plan.shard_of[2], 1);
    ck_assert_uint_eq(plan.shard_of[3], 0);
    ck_assert_uint_eq(plan.cases.p[0].store.n, 0);
    arena_done(&arena);
}
END_TEST

/* As many shards as the loop says: none has cases of two stores, and a store's cases are shared. */
START_TEST(stores_are_kept_apart)
{
    uint32_t shards = (uint32_t)_i, largest[3] = { 0 };
    struct arena arena = { 0 };
    struct plan plan;

    share(&plan, &arena, shards, true);
    for (size_t i = 0; i < LOGS; i++) {
        for (size_t k = 0; k < i; k++)
            if (plan.shard_of[i] == plan.shard_of[k])
                ck_assert_uint_eq(logs[i].device, logs[k].device);
        largest[logs[i].device - 1] |= 1u << plan.shard_of[i];
    }
    /* The fourth and fifth shard are the fullest store's. */
    ck_assert_int_eq(__builtin_popcount(largest[0]), shards < 5 ? (int)shards - 2 : 3);
    arena_done(&arena);
}
END_TEST

START_TEST(few_shards_take_whole_stores)
{
    struct arena arena = { 0 };
    struct plan plan;

    share(&plan, &arena, 2, true);
    for (size_t i = 1; i < LOGS; i++)
        if (logs[i].device == logs[i - 1].device)
            ck_assert_uint_eq(plan.shard_of[i], plan.shard_of[i - 1]);
    ck_assert_uint_ne(plan.shard_of[0], plan.shard_of[3]);
    arena_done(&arena);
}
END_TEST

START_TEST(a_store_is_named_by_the_directory_above_its_cases)
{
    static const char *const names[] = { "/ds1", "/ds1", "/ds1", "/ds10", "/ds10", "/ds2/vm" };
    struct arena arena = { 0 };
    struct plan plan;

    share(&plan, &arena, 8, true);
    for (size_t i = 0; i < LOGS; i++)
        ck_assert_msg(str_eq(plan.cases.p[i].store, str_from(names[i])), "%s: %.*s", logs[i].path,
                      STR_ARG(plan.cases.p[i].store));
    arena_done(&arena);
}
END_TEST

START_TEST(nothing_is_shared_out)
{
    struct arena arena = { 0 };
    struct plan plan = { .shards = 3, .cases = { .arena = &arena } };

    ck_assert(plan_share(&plan, true, &arena));
    ck_assert(plan_share(&plan, false, &arena));
    arena_done(&arena);
}
END_TEST

Suite *check_plan_share(void);
Suite *check_plan_share(void)
{
    Suite *s = suite_create("plan_share");
    TCase *tc = tcase_create("shards");

    tcase_add_test(tc, the_largest_go_first);
    tcase_add_loop_test(tc, stores_are_kept_apart, 3, 9);
    tcase_add_test(tc, few_shards_take_whole_stores);
    tcase_add_test(tc, a_store_is_named_by_the_directory_above_its_cases);
    tcase_add_test(tc, nothing_is_shared_out);
    suite_add_tcase(s, tc);
    return s;
}
