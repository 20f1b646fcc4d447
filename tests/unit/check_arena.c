/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is zeroed, aligned, bounded, and freed as a whole; vectors in it. */
#include "analyzer/core/arena.h"

#include "analyzer/core/vec.h"

#include <check.h>
#include <stddef.h>
#include <string.h>

static const size_t sizes[] = { 0, 1, 7, 16, 100, 32 << 10, (32 << 10) + 1, 1 << 20 };

START_TEST(gives_zeroed_aligned_memory)
{
    struct arena a = { 0 };

    for (unsigned i = 0; i < 50; i++) {
        char *p = arena_alloc(&a, sizes[_i]);

        ck_assert_ptr_nonnull(p);
        ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
        ck_assert(sizes[_i] == 0 || (p[0] == 0 && memcmp(p, p + 1, sizes[_i] - 1) == 0));
        memset(p, 'x', sizes[_i]);
    }
    arena_done(&a);
    ck_assert_uint_eq(a.used_bytes, 0);
}
END_TEST

START_TEST(ends_at_its_limit)
{
    struct arena a;
    size_t n = 0;

    arena_init(&a, 1000);
    while (arena_alloc(&a, 64))
        n++;
    ck_assert_uint_eq(n, 1000 / 64);
    ck_assert_ptr_null(arena_alloc(&a, 64));
    ck_assert_uint_eq(arena_str(&a, STR("a text that is longer than what is left of the arena")).n,
                      0);
    ck_assert_uint_eq(arena_printf(&a, "%0100d", 1).n, 0);
    ck_assert_ptr_nonnull(arena_alloc(&a, 8)); /* what fits is still given */
    arena_done(&a);
    ck_assert_uint_eq(a.limit_bytes, 1000);
    ck_assert_ptr_nonnull(arena_alloc(&a, 64));
    arena_done(&a);
}
END_TEST

START_TEST(sizes_do_not_overflow)
{
    struct arena a = { 0 };

    ck_assert_ptr_null(arena_array(&a, 16, SIZE_MAX / 8));
    ck_assert_ptr_null(arena_alloc(&a, SIZE_MAX));
    ck_assert_ptr_null(arena_alloc(&a, SIZE_MAX - 40));
    ck_assert_uint_eq(a.used_bytes, 0);
    arena_done(&a);
}
END_TEST

START_TEST(copies_any_bytes)
{
    struct arena a = { 0 };
    struct str s = arena_str(&a, STR("a\0b")), empty = arena_str(&a, (struct str){ 0 });

    ck_assert(str_eq(s, STR("a\0b")));
    ck_assert(s.p[3] == '\0');
    ck_assert_uint_eq(empty.n, 0);
    ck_assert(str_eq(arena_printf(&a, "%d-%s", 7, "x"), STR("7-x")));
    arena_done(&a);
}
END_TEST

/* Items are taken back by lowering n: the next one in their place is new all the same. */
START_TEST(a_vector_gives_zeroed_items)
{
    struct arena a = { 0 };
    struct strs v = { 0 };
    struct str *slot;

    for (size_t i = 0; i < 9; i++) {
        slot = vec_push(&a, &v);
        ck_assert_ptr_nonnull(slot);
        ck_assert(slot->p == NULL && slot->n == 0);
        *slot = STR("taken back");
    }
    v.n = 3;
    for (size_t i = 0; i < 9; i++) {
        slot = vec_push(&a, &v);
        ck_assert_ptr_nonnull(slot);
        ck_assert(slot->p == NULL && slot->n == 0);
    }
    ck_assert(str_eq(v.p[2], STR("taken back")));
    arena_done(&a);
}
END_TEST

Suite *check_arena(void)
{
    Suite *s = suite_create("arena");
    TCase *t = tcase_create("arena");

    tcase_add_loop_test(t, gives_zeroed_aligned_memory, 0, (int)(sizeof sizes / sizeof sizes[0]));
    tcase_add_test(t, ends_at_its_limit);
    tcase_add_test(t, sizes_do_not_overflow);
    tcase_add_test(t, copies_any_bytes);
    tcase_add_test(t, a_vector_gives_zeroed_items);
    suite_add_tcase(s, t);
    return s;
}
