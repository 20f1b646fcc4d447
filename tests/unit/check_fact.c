/* SPDX-License-Identifier: Apache-2.0 */
/* The fact table, paths into it, the parent, and who may prove what. */
#include "analyzer/evidence/fact.h"

#include <check.h>

static const struct {
    const char *path;
    bool valid;
} paths[] = {
    { "kernel.release", true },
    { "disks.partitions", true },
    { "disks.partitions.name", true },
    { "disks.partitions[0].uuid", true },
    { "disks.partitions.uuid[0]", true },
    { "disks.names[3]", true },
    { "kernel.drv.nvme", true },
    { "crash.first.kind", true },
    { "kernel.drv.nvmee", false },
    { "disks.partitions.type", false },
    { "disks.names.name", false },
    { "disks.partitions[x]", false },
    { "disks.partitions[0", false },
    { "disks.partitions.", false },
    { "disks.partitions.name.name", false },
    { "kernel.release.x", false },
    { "kernel.releases", false },
    { "kernel", false },
    { "", false },
};

START_TEST(paths_are_checked)
{
    ck_assert_msg(fact_path_valid(str_from(paths[_i].path)) == paths[_i].valid, "%s",
                  paths[_i].path);
}
END_TEST

START_TEST(table_is_whole)
{
    for (unsigned i = 0; i < FACT_COUNT; i++) {
        ck_assert_uint_gt(fact_infos[i].path.n, 0);
        ck_assert(fact_path_valid(fact_infos[i].path));
    }
    for (size_t i = 0; fact_literals[i]; i++)
        ck_assert_msg(str_from(fact_literals[i]).n >= 4, "%s", fact_literals[i]);
}
END_TEST

START_TEST(parent_is_asked)
{
    struct arena a = { 0 };
    struct facts whole, boot;
    struct value v;
    const struct record *proof = NULL;

    ck_assert(facts_init(&whole, &a, NULL));
    ck_assert(facts_init(&boot, &a, &whole));
    ck_assert_int_eq(facts_get(&boot, FACT_VMX_NAME)->value.type, VALUE_UNKNOWN);
    facts_set(&whole, FACT_VMX_NAME, value_text(STR("web"), SORT_HOST), NULL);
    ck_assert(str_eq(facts_get(&boot, FACT_VMX_NAME)->value.text, STR("web")));
    facts_set(&boot, FACT_VMX_NAME, value_text(STR("db"), SORT_HOST), NULL);
    ck_assert(facts_find(&boot, STR("vmx.displayName"), &a, &v, &proof));
    ck_assert(str_eq(v.text, STR("db")));
    ck_assert(facts_find(&boot, STR("disks.names[7]"), &a, &v, NULL));
    ck_assert_int_eq(v.type, VALUE_UNKNOWN);
    ck_assert(!facts_find(&boot, STR("no.such"), &a, &v, NULL));
    arena_done(&a);
}
END_TEST

static void say(struct facts *f, enum origin origin, const char *text)
{
    struct record r;

    record_init(&r);
    r.origin = origin;
    r.text = str_from(text);
    facts_add(f, &r);
}

static void set(struct facts *f, const char *key, const char *value)
{
    struct record r;

    record_init(&r);
    r.kind = RECORD_SETTING;
    r.origin = ORIGIN_HOST;
    r.section = STR("CONFIGURATION");
    r.key = str_from(key);
    r.value = str_from(value);
    facts_add(f, &r);
}

START_TEST(only_the_kernel_speaks_for_the_kernel)
{
    struct arena a = { 0 };
    struct facts f;
    static const enum origin others[] = { ORIGIN_HOST, ORIGIN_FIRMWARE, ORIGIN_GUEST_USER };

    ck_assert(facts_init(&f, &a, NULL));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        say(&f, others[i], "Linux version 6.1.0 (x@y) #1");
    ck_assert_int_eq(facts_get(&f, FACT_KERNEL_RELEASE)->value.type, VALUE_UNKNOWN);
    say(&f, ORIGIN_UNKNOWN, "Linux version 6.1.0 (x@y) #1");
    ck_assert(str_eq(facts_get(&f, FACT_KERNEL_RELEASE)->value.text, STR("6.1.0")));
    ck_assert(str_starts(facts_get(&f, FACT_KERNEL_RELEASE)->proof->text, STR("Linux version")));
    arena_done(&a);
}
END_TEST

/* fact.def promises fields to rules; the extractors must use these very names, all of them. */
START_TEST(maps_have_the_fields_of_the_table)
{
    static const struct {
        enum fact_id fact;
        size_t n_fields;
    } maps[] = {
        { FACT_DISKS_LIST, 6 },
        { FACT_DISKS_PARTITIONS, 7 },
        { FACT_VMX_DISKS, 6 },
        { FACT_VMX_NICS, 5 },
    };
    struct arena a = { 0 };
    struct facts f;

    ck_assert(facts_init(&f, &a, NULL));
    say(&f, ORIGIN_GUEST_KERNEL, " sda: sda1");
    set(&f, "scsi0:0.present", "TRUE");
    set(&f, "ethernet0.present", "TRUE");
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        const struct value *list = &facts_get(&f, maps[i].fact)->value;

        ck_assert_int_eq(list->type, VALUE_LIST);
        ck_assert_uint_eq(list->items[0].n_items, maps[i].n_fields);
        for (size_t k = 0; k < maps[i].n_fields; k++) {
            struct str path = arena_printf(&a, "%.*s.%.*s", STR_ARG(fact_infos[maps[i].fact].path),
                                           STR_ARG(list->items[0].names[k]));

            ck_assert_msg(fact_path_valid(path), "%.*s", STR_ARG(path));
        }
    }
    arena_done(&a);
}
END_TEST

START_TEST(full_arena_is_survived)
{
    struct arena a;
    struct facts f;

    arena_init(&a, 64);
    ck_assert(!facts_init(&f, &a, NULL));
    say(&f, ORIGIN_GUEST_KERNEL, "Linux version 6.1.0 (x@y) #1");
    ck_assert_int_eq(facts_get(&f, FACT_KERNEL_RELEASE)->value.type, VALUE_UNKNOWN);
    arena_done(&a);
}
END_TEST

Suite *check_fact(void)
{
    Suite *s = suite_create("fact");
    TCase *t = tcase_create("fact");

    tcase_add_loop_test(t, paths_are_checked, 0, (int)(sizeof paths / sizeof paths[0]));
    tcase_add_test(t, table_is_whole);
    tcase_add_test(t, parent_is_asked);
    tcase_add_test(t, only_the_kernel_speaks_for_the_kernel);
    tcase_add_test(t, maps_have_the_fields_of_the_table);
    tcase_add_test(t, full_arena_is_survived);
    suite_add_tcase(s, t);
    return s;
}
