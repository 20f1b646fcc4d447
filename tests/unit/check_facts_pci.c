/* SPDX-License-Identifier: Apache-2.0 */
/* Disk controllers on the PCI bus, and those that no driver took. */
#include "analyzer/evidence/facts_boot.h"
#include "tests/unit/fact_rows.h"

#include <stdio.h>

static const struct fact_row rows[] = {
    { "pvscsi", ORIGIN_GUEST_KERNEL, "pci 0000:03:00.0: [15ad:07c0] type 00 class 0x010700",
      "pci.storage[0].text", "VMware PVSCSI (driver vmw_pvscsi)" },
    { "newer kernels add words", ORIGIN_GUEST_KERNEL,
      "pci 0000:0b:00.0: [15ad:07f0] type 00 class 0x010802 PCIe Endpoint", "pci.storage[0].driver",
      "nvme" },
    { "by its class", ORIGIN_GUEST_KERNEL, "pci 0000:00:1f.2: [8086:2922] type 00 class 0x010601",
      "pci.storage[0].text", "SATA (driver ahci)" },
    { "a class without a driver", ORIGIN_GUEST_KERNEL,
      "pci 0000:00:05.0: [abcd:0001] type 00 class 0x010400", "pci.storage[0].text",
      "a disk controller without a name here [abcd:0001]" },
    { "its place", ORIGIN_GUEST_KERNEL, "pci 0000:03:00.0: [1000:0030] type 00 class 0x010000",
      "pci.storage.slot", "03:00.0" },
    { "other devices only", ORIGIN_GUEST_KERNEL,
      "pci 0000:00:00.0: [8086:7190] type 00 class 0x060000", "pci.storage", "" },
    { "no bus in the log", ORIGIN_GUEST_KERNEL, "pci 0000:00:01.1: BAR 4 [io  0xc100-0xc10f]",
      "pci.storage", UNKNOWN },
    { "torn", ORIGIN_GUEST_KERNEL, "pci 0000:03:00.0: [15ad:07c0] type 00 class 0x01",
      "pci.storage", UNKNOWN },
    { "no id", ORIGIN_GUEST_KERNEL, "pci 0000:03:00.0: [15ad:xyz0] type 00 class 0x010700",
      "pci.storage", UNKNOWN },
    { "a program", ORIGIN_GUEST_USER, "pci 0000:03:00.0: [15ad:07c0] type 00 class 0x010700",
      "pci.storage", UNKNOWN },
    { "scsi hosts name drivers", ORIGIN_GUEST_KERNEL,
      "scsi host0: ata_piix\nscsi host2: VMware PVSCSI storage adapter rev 2\nscsi host3: "
      "sym-2.2.3",
      "drivers.bound", "ata_piix, vmw_pvscsi, sym53c8xx" },
};

START_TEST(row)
{
    check_row(&rows[_i], false);
}
END_TEST

static const struct {
    const char *name, *text, *expected;
} undriven[] = {
    { "all driven",
      "pci 0000:00:07.1: [8086:7111] type 00 class 0x01018a\n"
      "pci 0000:03:00.0: [15ad:07c0] type 00 class 0x010700\n"
      "scsi host0: ata_piix\nscsi host2: VMware PVSCSI storage adapter rev 2",
      "" },
    { "one is not",
      "pci 0000:00:07.1: [8086:7111] type 00 class 0x01018a\n"
      "pci 0000:03:00.0: [1000:0030] type 00 class 0x010000\n"
      "scsi host0: ata_piix",
      "LSI Logic Parallel (driver mptspi)" },
    { "nobody knows the driver's name", "pci 0000:00:05.0: [abcd:0001] type 00 class 0x010400",
      "a disk controller without a name here [abcd:0001]" },
    { "no controllers", "pci 0000:00:00.0: [8086:7190] type 00 class 0x060000", "" },
    { "nothing of the bus", "scsi host0: ata_piix", UNKNOWN },
};

START_TEST(controllers_without_driver)
{
    struct arena a = { 0 };
    struct facts f;
    struct str text = str_from(undriven[_i].text), line, got;

    ck_assert(facts_init(&f, &a, NULL));
    while (str_take_line(&text, &line))
        add_record(&f, ORIGIN_GUEST_KERNEL, line, false);
    facts_set_undriven(&f);
    facts_set_undriven(&f);
    got = value_print(&a, &facts_get(&f, FACT_PCI_UNDRIVEN)->value);
    ck_assert_msg(str_eq(got, str_from(undriven[_i].expected)), "%s: got '%.*s'", undriven[_i].name,
                  STR_ARG(got));
    arena_done(&a);
}
END_TEST

START_TEST(many_controllers_are_bounded)
{
    struct arena a = { 0 };
    struct facts f;
    char text[80];

    ck_assert(facts_init(&f, &a, NULL));
    for (unsigned i = 0; i < 4000; i++) {
        snprintf(text, sizeof text, "pci 0000:%x:00.0: [15ad:07c0] type 00 class 0x010700", i);
        add_record(&f, ORIGIN_GUEST_KERNEL, str_from(text), false);
    }
    facts_set_undriven(&f);
    ck_assert_uint_le(facts_get(&f, FACT_PCI_UNDRIVEN)->value.n_items, 1024);
    arena_done(&a);
}
END_TEST

/* A guest may say anything, any number of times. */
START_TEST(a_flood_takes_no_memory)
{
    static const char *const texts[] = {
        "pci 0000:03:00.0: [15ad:07c0] type 00 class 0x010700",
        "pci 0000:03:00.0: [1000:0030] type 00 class 0x010000",
    };
    struct arena a = { 0 };
    struct facts f;
    size_t used = 0;

    ck_assert(facts_init(&f, &a, NULL));
    for (size_t i = 0; i < 2000; i++) {
        add_record(&f, ORIGIN_GUEST_KERNEL, str_from(texts[i % 2]), false);
        used = i ? used : a.used_bytes;
    }
    ck_assert_uint_eq(a.used_bytes, used);
    arena_done(&a);
}
END_TEST

Suite *check_facts_pci(void)
{
    Suite *s = suite_create("facts_pci");
    TCase *tc = tcase_create("facts_pci");

    tcase_add_loop_test(tc, row, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_loop_test(tc, controllers_without_driver, 0,
                        (int)(sizeof undriven / sizeof undriven[0]));
    tcase_add_test(tc, many_controllers_are_bounded);
    tcase_add_test(tc, a_flood_takes_no_memory);
    suite_add_tcase(s, tc);
    return s;
}
