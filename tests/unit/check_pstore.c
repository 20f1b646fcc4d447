/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a dump come in true order, whatever the order of the files. */
#include "tests/unit/read_all.h"

#include <stdio.h>
#include <stdlib.h>

START_TEST(parts_are_put_in_order)
{
    struct read_all all =
            read_all(STR("Oops#1 Part1\n<4>[    2.000000] last words\n"
                         "Oops#1 Part2\n<4>[    1.000000] first\n<6>[    1.500000] then\n"
                         "Panic#2 Part2\n<0>[    3.000000] again\n"
                         "Panic#2 Part1\n<0>[    4.000000] end\n"),
                     NULL);
    static const struct {
        const char *text;
        int64_t mono_us;
        uint64_t line;
    } expected[] = {
        { "first", 1000000, 4 }, { "then", 1500000, 5 }, { "last words", 2000000, 2 },
        { "again", 3000000, 7 }, { "end", 4000000, 9 },
    };

    expect_str(str_from(all.format->name), "pstore");
    ck_assert_uint_eq(all.n, 5);
    for (size_t i = 0; i < all.n; i++) {
        expect_str(all.p[i]->text, expected[i].text);
        ck_assert_int_eq(all.p[i]->mono_us, expected[i].mono_us);
        ck_assert_uint_eq(all.p[i]->line, expected[i].line);
        ck_assert_int_eq(all.p[i]->origin, ORIGIN_GUEST_KERNEL);
    }
    ck_assert_uint_eq(all.p[0]->offset, 55);
    ck_assert_uint_eq(all.p[1]->offset, 79);
    ck_assert_uint_eq(all.stats.understood, 9);
    read_all_done(&all);
}
END_TEST

static const struct {
    const char *in;
    size_t n;
    bool bids;
} shapes[] = {
    { "Panic#1 Part1\n", 0, true },
    { "Panic#1 Part1", 0, true },
    { "Emergency#12 Part3\n<4>text\n", 1, true },
    { "Panic#x Part1\n<4>text\n", 2, false },
    { "Panic#1\n", 1, false },
    { "[    1.000000] Panic#1 Part1\n", 1, false },
};

START_TEST(bids_on_its_header)
{
    struct read_all all = read_all(str_from(shapes[_i].in), NULL);

    ck_assert_int_eq(str_eq(str_from(all.format->name), STR("pstore")), shapes[_i].bids);
    read_all_done(&all);
    all = read_all(str_from(shapes[_i].in), "pstore");
    ck_assert_uint_eq(all.n, shapes[_i].n);
    read_all_done(&all);
}
END_TEST

/* More than is held to be ordered still comes, in the order of the file. */
START_TEST(a_huge_dump_is_read_to_its_end)
{
    size_t cap = (size_t)4 << 20, n = 0, records = 0;
    char *p = malloc(cap);
    struct read_all all;

    ck_assert(p != NULL);
    for (int part = 1; part <= 400; part++) {
        n += (size_t)snprintf(p + n, cap - n, "Panic#1 Part%d\n", part);
        for (int i = 0; i < 50; i++, records++)
            n += (size_t)snprintf(p + n, cap - n, "<4>[%5d.%06d] line of a dump\n", 500 - part, i);
    }
    all = read_all((struct str){ p, n }, NULL);
    ck_assert_uint_eq(all.n, records);
    ck_assert_int_eq(all.p[records - 1]->mono_us, 100000049);
    read_all_done(&all);
    free(p);
}
END_TEST

Suite *check_pstore(void)
{
    Suite *s = suite_create("pstore");
    TCase *t = tcase_create("pstore");

    tcase_add_test(t, parts_are_put_in_order);
    tcase_add_loop_test(t, bids_on_its_header, 0, (int)(sizeof shapes / sizeof shapes[0]));
    tcase_add_test(t, a_huge_dump_is_read_to_its_end);
    suite_add_tcase(s, t);
    return s;
}
