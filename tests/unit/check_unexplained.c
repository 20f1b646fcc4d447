/* SPDX-License-Identifier: Apache-2.0 */
/* Which records nobody explained, and by what they are grouped. */
#include "analyzer/core/limits.h"
#include "analyzer/diagnose/unexplained.h"

#include "tests/unit/case_rig.h"

#include <check.h>
#include <stdio.h>

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])

static const struct {
    const char *text, *shape;
} shapes[] = {
    { "sd 2:0:1:0: [sdb] tag#3 FAILED", "sd SCSI: [DEV] tag#N FAILED" },
    { "sd 12:0:3:0: [sdaa] tag#77 FAILED", "sd SCSI: [DEV] tag#N FAILED" },
    { "at 0xffffffff81234567 in foo", "at VALUE in foo" },
    { "at ffffffff81234567 in foo", "at ADDRESS in foo" },
    { "madedrv 0000:0b:00.0 eth3: lost 00:50:56:aa:bb:01", "madedrv PCI NIC: lost MAC" },
    { "cannot read \"a file\" of /srv/made-7", "cannot read NAME of PATH" },
    { "ata3.00: -110 after 1.25 s, crc32c v7", "DEV.N: N after N s, crcNc vN" },
    { "task java:812 blocked, dbus.service: 7 left", "task COMM:N blocked, UNIT: N left" },
    { "no digits", "no digits" },
    { "", "" },
    { "123456789012345678901234567890", "N" },
    { "1234567", "N" },
    { "0xffffffffffffffffffffffff", "VALUE" },
    { "0xyz and 0x", "Nxyz and Nx" },
    { "7", "N" },
    { "a\0b"
      "9",
      "a" },
};

START_TEST(numbers_become_n)
{
    char out[64];

    ck_assert(str_eq(unexplained_shape(str_from(shapes[_i].text), out, sizeof out),
                     str_from(shapes[_i].shape)));
}
END_TEST

START_TEST(a_shape_ends_at_its_buffer)
{
    char out[4];

    ck_assert(str_eq(unexplained_shape(STR("abcdef"), out, sizeof out), STR("abcd")));
    ck_assert_uint_eq(unexplained_shape(STR("abc"), out, 0).n, 0);
}
END_TEST

static const struct {
    const char *text;
    enum origin origin;
    enum level level;
    bool wanted;
} records[] = {
    { "drv: gave up", ORIGIN_GUEST_KERNEL, LEVEL_ERR, true },
    { "drv: gave up", ORIGIN_HOST, LEVEL_ERR, true },
    { "drv: gave up", ORIGIN_GUEST_KERNEL, LEVEL_EMERG, true },
    { "drv: gave up", ORIGIN_GUEST_KERNEL, LEVEL_WARNING, false },
    { "drv: gave up", ORIGIN_GUEST_KERNEL, LEVEL_UNKNOWN, false },
    { "drv: gave up", ORIGIN_GUEST_USER, LEVEL_ERR, false },
    { "", ORIGIN_GUEST_KERNEL, LEVEL_ERR, false },
    { "---[ end Kernel panic - not syncing: x ]---", ORIGIN_GUEST_KERNEL, LEVEL_EMERG, false },
    { " ext4", ORIGIN_GUEST_KERNEL, LEVEL_ERR, false },
};

START_TEST(errors_want_an_explanation)
{
    struct record r;

    record_init(&r);
    r.text = str_from(records[_i].text);
    r.origin = records[_i].origin;
    r.level = records[_i].level;
    ck_assert_int_eq(unexplained_wants(&r), records[_i].wanted);
}
END_TEST

static void add(struct unexplained_shapes *all, struct arena *a, unsigned kind, unsigned number)
{
    char text[80];
    struct record r;

    record_init(&r);
    snprintf(text, sizeof text, "drv%c%c: error %u", 'a' + kind / 26 % 26, 'a' + kind % 26, number);
    r.text = str_from(text);
    unexplained_add(all, a, &r);
}

START_TEST(a_flood_is_counted_by_shape)
{
    struct unexplained_shapes all = { 0 };
    struct arena a = { 0 };

    for (unsigned i = 0; i < 1000; i++)
        add(&all, &a, 0, i);
    ck_assert_uint_eq(all.n, 1);
    ck_assert_uint_eq(all.p[0].count, 1000);
    ck_assert(str_eq(all.p[0].evidence->text, STR("drvaa: error 0")));
    for (unsigned i = 0; i < 600; i++)
        add(&all, &a, i, 0);
    ck_assert_uint_eq(all.n, LIMIT_UNEXPLAINED_SHAPES);
    ck_assert_uint_eq(all.records, 1600);
    arena_done(&a);
}
END_TEST

/* What is listed has its evidence: reports show it without asking. */
START_TEST(a_full_arena_lists_nothing_without_evidence)
{
    struct unexplained_shapes all = { 0 };
    struct arena a;

    arena_init(&a, 3000);
    for (unsigned i = 0; i < 100; i++)
        add(&all, &a, i, 0);
    ck_assert_uint_eq(all.records, 100);
    ck_assert_uint_gt(all.n, 0);
    ck_assert_uint_lt(all.n, 100);
    for (size_t i = 0; i < all.n; i++)
        ck_assert(all.p[i].evidence && all.p[i].shape.n);
    arena_done(&a);
}
END_TEST

/* What was kept of a boot that had to go is not the beginning of what is kept of a new one. */
START_TEST(a_boot_begins_with_nothing)
{
    struct case_rig rig;
    struct str log = { 0 };
    struct arena a = { 0 };

    case_start(&rig);
    for (int i = 0; i < LIMIT_BOOTS + 40; i++)
        log = arena_printf(&a,
                           "%.*s<5>[    0.000000] Linux version 6.1.%d-lab (a@b) (gcc 12) #1 SMP\n"
                           "<3>[    1.%06d] drv: gave up\n",
                           STR_ARG(log), i, i * 7);
    case_add(&rig, "dmesg", log);
    ck_assert_uint_eq(rig.a->of_boot.n, LIMIT_BOOTS);
    for (size_t i = 0; i < rig.a->of_boot.n; i++) {
        ck_assert_uint_eq(rig.a->of_boot.p[i].unexplained.n, 1);
        ck_assert_uint_eq(rig.a->of_boot.p[i].unexplained.records, 1);
    }
    case_stop(&rig);
    arena_done(&a);
}
END_TEST

Suite *check_unexplained(void)
{
    Suite *s = suite_create("unexplained");
    TCase *t = tcase_create("unexplained");

    tcase_add_loop_test(t, numbers_become_n, 0, COUNT(shapes));
    tcase_add_test(t, a_shape_ends_at_its_buffer);
    tcase_add_loop_test(t, errors_want_an_explanation, 0, COUNT(records));
    tcase_add_test(t, a_flood_is_counted_by_shape);
    tcase_add_test(t, a_boot_begins_with_nothing);
    tcase_add_test(t, a_full_arena_lists_nothing_without_evidence);
    suite_add_tcase(s, t);
    return s;
}
