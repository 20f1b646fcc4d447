/* SPDX-License-Identifier: Apache-2.0 */
/* Modules of the last report and modules that failed, drivers that found a device. */
#include "tests/unit/fact_rows.h"

static const struct fact_row rows[] = {
    { "loaded", ORIGIN_GUEST_KERNEL,
      "Modules linked in: vmw_balloon(E) vmxnet3 ahci(+) [last unloaded: nls_utf8]",
      "modules.loaded", "vmw_balloon, vmxnet3, ahci" },
    { "none", ORIGIN_GUEST_KERNEL, "Modules linked in:", "modules.loaded", "" },
    { "the last report counts", ORIGIN_GUEST_KERNEL,
      "Modules linked in: a b\n"
      "Modules linked in: b c",
      "modules.loaded", "b, c" },
    { "a long list goes on", ORIGIN_GUEST_KERNEL,
      "Modules linked in: module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x module_number_x module_number_x module_number_x module_number_x "
      "module_number_x\n"
      " ext4(E) jbd2 [last unloaded: x]\n"
      "CPU: 0 PID: 1",
      "modules.loaded", "module_number_x, ext4, jbd2" },
    { "a short one does not", ORIGIN_GUEST_KERNEL,
      "Modules linked in: a\n"
      "some words",
      "modules.loaded", "a" },
    { "symbol version", ORIGIN_GUEST_KERNEL,
      "vmxnet3: disagrees about version of symbol module_layout", "modules.failed", "vmxnet3" },
    { "unknown symbol, once", ORIGIN_GUEST_KERNEL,
      "pvscsi: Unknown symbol scsi_done (err -2)\n"
      "pvscsi: Unknown symbol scsi_x (err -2)",
      "modules.failed", "pvscsi" },
    { "version magic", ORIGIN_GUEST_KERNEL,
      "e1000: version magic '6.1.0 SMP' should be '6.2.0 SMP'", "modules.failed", "e1000" },
    { "systemd", ORIGIN_GUEST_USER,
      "systemd-modules-load[211]: Failed to insert module 'zfs': Invalid argument",
      "modules.failed", "zfs" },
    { "modprobe", ORIGIN_GUEST_USER,
      "modprobe: FATAL: Module nosuch not found in directory /lib/modules/6.1.0", "modules.failed",
      "nosuch" },
    { "drivers", ORIGIN_GUEST_KERNEL,
      "vmw_pvscsi: using MSI-X\n"
      "vmxnet3 0000:0b:00.0: # of Tx queues : 2\n"
      "nvme nvme0: pci function 0000:03:00.0",
      "drivers.bound", "vmw_pvscsi, vmxnet3, nvme" },
    { "a driver alone is not bound", ORIGIN_GUEST_KERNEL,
      "VMware vmxnet3 virtual NIC driver - version 1.7.0.0-k-NAPI", "drivers.bound", UNKNOWN },
    { "fusion", ORIGIN_GUEST_KERNEL, "scsi host2: ioc0: LSI53C1030 B0, FwRev=01032920h",
      "drivers.bound", "mptspi" },
};

START_TEST(reads)
{
    check_row(&rows[_i], false);
}
END_TEST

Suite *check_facts_modules(void)
{
    Suite *s = suite_create("facts_modules");
    TCase *t = tcase_create("facts_modules");

    tcase_add_loop_test(t, reads, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(s, t);
    return s;
}
