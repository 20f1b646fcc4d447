/* SPDX-License-Identifier: Apache-2.0 */
/* Values compare and print the same everywhere; unknown is equal to nothing. */
#include "analyzer/evidence/value.h"

#include <check.h>

static const struct str names[] = { { STR_INIT("name") },
                                    { STR_INIT("kib") },
                                    { STR_INIT("uuid") } };

static const struct {
    const char *name;
    struct value a, b;
    bool equal;
} pairs[] = {
    { "texts",
      { .type = VALUE_TEXT, .text = { STR_INIT("a") } },
      { .type = VALUE_TEXT, .text = { STR_INIT("a") } },
      true },
    { "texts differ",
      { .type = VALUE_TEXT, .text = { STR_INIT("a") } },
      { .type = VALUE_TEXT, .text = { STR_INIT("A") } },
      false },
    { "number and digits",
      { .type = VALUE_INT, .number = 42 },
      { .type = VALUE_TEXT, .text = { STR_INIT("42") } },
      true },
    { "digits and number",
      { .type = VALUE_TEXT, .text = { STR_INIT("-7") } },
      { .type = VALUE_INT, .number = -7 },
      true },
    { "zeros in front are a text",
      { .type = VALUE_INT, .number = 7 },
      { .type = VALUE_TEXT, .text = { STR_INIT("07") } },
      false },
    { "bool and word",
      { .type = VALUE_BOOL, .truth = true },
      { .type = VALUE_TEXT, .text = { STR_INIT("true") } },
      true },
    { "false is not zero", { .type = VALUE_BOOL }, { .type = VALUE_INT }, false },
    { "unknown", { 0 }, { 0 }, false },
};

START_TEST(compares)
{
    ck_assert_msg(value_eq(&pairs[_i].a, &pairs[_i].b) == pairs[_i].equal, "%s", pairs[_i].name);
    ck_assert_msg(value_eq(&pairs[_i].b, &pairs[_i].a) == pairs[_i].equal, "%s", pairs[_i].name);
}
END_TEST

START_TEST(prints_and_projects)
{
    struct arena a = { 0 };
    struct value first[3] = { value_text(STR("sda1"), SORT_DEVICE), value_int(2048) };
    struct value second[3] = { value_text(STR("sda2"), SORT_DEVICE), value_unknown(),
                               value_text(STR("12ab"), SORT_UUID) };
    struct value maps[2] = { value_map(names, first, 3), value_map(names, second, 3) };
    struct value list = value_list(maps, 2), none = value_list(NULL, 0), unknown = { 0 }, field;

    ck_assert(str_eq(value_print(&a, &list), STR("sda1 (kib 2048), sda2 (uuid 12ab)")));
    ck_assert(str_eq(value_print(&a, &none), STR("")));
    ck_assert(str_eq(value_print(&a, &unknown), STR("(not in the log)")));
    field = value_field(&a, &list, STR("name"));
    ck_assert(str_eq(value_print(&a, &field), STR("sda1, sda2")));
    field = value_field(&a, &list, STR("uuid"));
    ck_assert_uint_eq(field.n_items, 2);
    ck_assert_int_eq(field.items[0].type, VALUE_UNKNOWN);
    field = value_field(&a, &list, STR("nope"));
    ck_assert_int_eq(field.items[1].type, VALUE_UNKNOWN);
    field = value_field(&a, &maps[0], STR("kib"));
    ck_assert_int_eq(field.number, 2048);
    field = value_field(&a, &first[1], STR("kib"));
    ck_assert_int_eq(field.type, VALUE_UNKNOWN);
    arena_done(&a);
}
END_TEST

START_TEST(lists_compare_item_by_item)
{
    struct value one[] = { value_text(STR("1"), SORT_OTHER), value_int(2) };
    struct value same[] = { value_int(1), value_text(STR("2"), SORT_OTHER) };
    struct value a = value_list(one, 2), b = value_list(same, 2), shorter = value_list(one, 1);
    struct value m = value_map(names, one, 2), n = value_map(names, same, 2);

    ck_assert(value_eq(&a, &b));
    ck_assert(!value_eq(&a, &shorter));
    ck_assert(value_eq(&m, &n));
    ck_assert(!value_eq(&m, &a));
}
END_TEST

START_TEST(full_arena_prints_what_fits)
{
    struct arena a;
    struct value items[] = { value_int(1), value_int(2) };
    struct value list = value_list(items, 2);

    arena_init(&a, 8);
    ck_assert_uint_le(value_print(&a, &list).n, 8);
    arena_done(&a);
}
END_TEST

Suite *check_value(void)
{
    Suite *s = suite_create("value");
    TCase *t = tcase_create("value");

    tcase_add_loop_test(t, compares, 0, (int)(sizeof pairs / sizeof pairs[0]));
    tcase_add_test(t, prints_and_projects);
    tcase_add_test(t, lists_compare_item_by_item);
    tcase_add_test(t, full_arena_prints_what_fits);
    suite_add_tcase(s, t);
    return s;
}
