/* SPDX-License-Identifier: Apache-2.0 */
/* The virtual machine by its configuration; settings come in any order. */
#include "tests/unit/fact_rows.h"

#include <stdio.h>

static const struct fact_row rows[] = {
    { "name", ORIGIN_HOST, "displayName = web 01", "vmx.displayName", "web 01" },
    { "key in other case", ORIGIN_HOST, "displayname = web 01", "vmx.displayName", "web 01" },
    { "uuid", ORIGIN_HOST, "uuid.bios = 56 4d 12 34", "vmx.uuid", "56 4d 12 34" },
    { "hardware version", ORIGIN_HOST, "virtualHW.version = 19", "vmx.hwversion", "19" },
    { "not a number", ORIGIN_HOST, "memsize = lots", "vmx.memsize_mib", UNKNOWN },
    { "clean shutdown", ORIGIN_HOST, "cleanShutdown = FALSE", "vmx.cleanShutdown", "false" },
    { "flag that is none", ORIGIN_HOST, "cleanShutdown = maybe", "vmx.cleanShutdown", UNKNOWN },
    { "disk", ORIGIN_HOST,
      "scsi0:0.fileName = web.vmdk\n"
      "scsi0.virtualDev = pvscsi\n"
      "scsi0.present = TRUE\n"
      "scsi0:0.present = TRUE\n"
      "",
      "vmx.disks",
      "scsi0:0 (bus scsi, controller pvscsi, file web.vmdk, present true, kind disk)" },
    { "controller first", ORIGIN_HOST,
      "scsi0.virtualDev = lsilogic\n"
      "scsi0:1.fileName = b.vmdk",
      "vmx.disks", "scsi0:1 (bus scsi, controller lsilogic, file b.vmdk, kind disk)" },
    { "a controller is no disk", ORIGIN_HOST,
      "scsi0.virtualDev = lsilogic\n"
      "scsi0.present = TRUE",
      "vmx.disks", UNKNOWN },
    { "switched off", ORIGIN_HOST,
      "scsi0:0.present = TRUE\n"
      "scsi0:1.fileName = old.vmdk\n"
      "scsi0:1.present = FALSE",
      "vmx.disks.slot", "scsi0:0" },
    { "all switched off", ORIGIN_HOST, "scsi0:0.present = FALSE", "vmx.disks", "" },
    { "switched off with its controller", ORIGIN_HOST,
      "scsi0:0.fileName = a.vmdk\n"
      "scsi0:0.present = TRUE\n"
      "scsi0.present = FALSE",
      "vmx.disks", "" },
    { "another controller is off", ORIGIN_HOST,
      "scsi1.present = FALSE\n"
      "scsi0:0.fileName = a.vmdk\n"
      "scsi0:0.present = TRUE",
      "vmx.disks.slot", "scsi0:0" },
    { "a controller that is off tells nothing of disks", ORIGIN_HOST, "scsi0.present = FALSE",
      "vmx.disks", UNKNOWN },
    { "disks before CDs", ORIGIN_HOST,
      "ide1:0.fileName = x.iso\n"
      "ide1:0.deviceType = cdrom-image\n"
      "ide1:0.present = TRUE\n"
      "sata0:0.fileName = a.vmdk\n"
      "sata0:0.present = TRUE",
      "vmx.disks.kind", "disk, cdrom" },
    { "bus with one controller", ORIGIN_HOST, "sata0:0.fileName = a.vmdk", "vmx.disks.controller",
      "ahci" },
    { "cd by its file", ORIGIN_HOST, "ide1:0.fileName = /iso/x.ISO", "vmx.disks.kind", "cdrom" },
    { "nvme", ORIGIN_HOST, "nvme0:0.fileName = a.vmdk", "vmx.disks.bus", "nvme" },
    { "network", ORIGIN_HOST,
      "ethernet0.present = TRUE\n"
      "ethernet0.virtualDev = vmxnet3\n"
      "ethernet0.connectionType = nat\n"
      "ethernet0.startConnected = FALSE\n"
      "ethernet0.generatedAddress = 00:0c:29:00:00:01",
      "vmx.nics", "ethernet0 (type vmxnet3, connected false, network nat, mac 00:0c:29:00:00:01)" },
    { "odd keys", ORIGIN_HOST,
      "scsi.present = TRUE\n"
      "scsi0:.fileName = x\n"
      "scsi99999999999999999999:0.fileName = x\n"
      "scsi0:0 = x\n"
      "scsiX:0.fileName = x",
      "vmx.disks", UNKNOWN },
    { "not from a guest", ORIGIN_GUEST_USER, "displayName = forged", "vmx.displayName", UNKNOWN },
};

START_TEST(reads)
{
    check_row(&rows[_i], true);
}
END_TEST

START_TEST(other_sections_are_not_the_machine)
{
    struct arena a = { 0 };
    struct facts f;
    struct record r;

    ck_assert(facts_init(&f, &a, NULL));
    record_init(&r);
    r.kind = RECORD_SETTING;
    r.origin = ORIGIN_HOST;
    r.section = STR("USER PREFERENCES");
    r.key = STR("displayName");
    r.value = STR("x");
    facts_add(&f, &r);
    ck_assert_int_eq(facts_get(&f, FACT_VMX_NAME)->value.type, VALUE_UNKNOWN);
    arena_done(&a);
}
END_TEST

START_TEST(devices_are_bounded)
{
    struct arena a = { 0 };
    struct facts f;
    char text[64];

    ck_assert(facts_init(&f, &a, NULL));
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof text, "scsi%d:0.fileName = a.vmdk", i);
        add_record(&f, ORIGIN_HOST, str_from(text), true);
    }
    ck_assert_uint_gt(facts_get(&f, FACT_VMX_DISKS)->value.n_items, 100);
    ck_assert_uint_le(facts_get(&f, FACT_VMX_DISKS)->value.n_items, 256);
    arena_done(&a);
}
END_TEST

Suite *check_facts_vmx(void)
{
    Suite *s = suite_create("facts_vmx");
    TCase *t = tcase_create("facts_vmx");

    tcase_add_loop_test(t, reads, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(t, other_sections_are_not_the_machine);
    tcase_add_test(t, devices_are_bounded);
    suite_add_tcase(s, t);
    return s;
}
