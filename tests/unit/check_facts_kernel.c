/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about the kernel and the machine as it saw it. */
#include "tests/unit/fact_rows.h"

static const struct fact_row rows[] = {
    { "release", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph5-esx (root@builder) (gcc (GCC) 12.2.0, GNU ld 2.39) #1-photon SMP "
      "Tue Jan 2 2026",
      "kernel.release", "6.1.77-3.ph5-esx" },
    { "version", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph5-esx (root@builder) (gcc (GCC) 12.2.0, GNU ld 2.39) #1-photon SMP "
      "Tue Jan 2 2026",
      "kernel.version", "6.1.77" },
    { "flavour esx", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph5-esx (root@builder) (gcc (GCC) 12.2.0, GNU ld 2.39) #1-photon SMP "
      "Tue Jan 2 2026",
      "kernel.flavour", "esx" },
    { "flavour generic", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph5 (root@builder) (gcc (GCC) 12.2.0) #1-photon SMP",
      "kernel.flavour", "generic" },
    { "flavour rt", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph5-rt (root@builder) (gcc (GCC) 12.2.0) #1-photon SMP",
      "kernel.flavour", "rt" },
    { "no flavour elsewhere", ORIGIN_GUEST_KERNEL,
      "Linux version 6.8.0-31-generic (b@lcy02) (x86_64-linux-gnu-gcc-13 (Ubuntu 13)) #31-Ubuntu "
      "SMP",
      "kernel.flavour", UNKNOWN },
    { "photon 1 by its host", ORIGIN_GUEST_KERNEL,
      "Linux version 4.4.8-esx (root@photon) (gcc version 5.3.0 (GCC) ) #1-photon SMP", "distro",
      "photon" },
    { "photon by release", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph5 (root@builder) (gcc (GCC) 12.2.0) #1-photon SMP", "distro",
      "photon" },
    { "ubuntu before debian", ORIGIN_GUEST_KERNEL,
      "Linux version 6.8.0-31-generic (b@lcy02) (gcc-13 (Ubuntu 13 Debian)) #31-Ubuntu", "distro",
      "ubuntu" },
    { "arch by compiler", ORIGIN_GUEST_KERNEL,
      "Linux version 6.8.0-31-generic (b@lcy02) (x86_64-linux-gnu-gcc-13 (Ubuntu 13)) #31-Ubuntu "
      "SMP",
      "kernel.arch", "x86_64" },
    { "arch by release", ORIGIN_GUEST_KERNEL, "Linux version 5.14.0-70.el9.aarch64 (x@y) #1",
      "kernel.arch", "aarch64" },
    { "arch by register", ORIGIN_GUEST_KERNEL, "RIP: 0010:panic+0x1/0x2", "kernel.arch", "x86_64" },
    { "arm64 boot cpu", ORIGIN_GUEST_KERNEL,
      "Booting Linux on physical CPU 0x0000000000 [0x410fd083]", "kernel.arch", "aarch64" },
    { "arm boot cpu", ORIGIN_GUEST_KERNEL, "Booting Linux on physical CPU 0x0", "kernel.arch",
      UNKNOWN },
    { "banner without release", ORIGIN_GUEST_KERNEL, "Linux version ", "kernel.release", UNKNOWN },
    { "banner in a sentence", ORIGIN_GUEST_KERNEL, "this is not Linux version 6.1.0",
      "kernel.release", UNKNOWN },
    { "welcome", ORIGIN_GUEST_USER, "Welcome to Debian GNU/Linux 13 (trixie)!", "distro",
      "debian" },
    { "taint", ORIGIN_GUEST_KERNEL, "CPU: 1 PID: 7 Comm: cat Tainted: P        W  OE      6.1.0 #1",
      "kernel.taint", "PWOE" },
    { "not tainted", ORIGIN_GUEST_KERNEL, "CPU: 1 PID: 7 Comm: cat Not tainted 6.1.0 #1",
      "kernel.taint", "" },
    { "taint key of 6.10", ORIGIN_GUEST_KERNEL, "Tainted: [W]=WARN", "kernel.taint", UNKNOWN },
    { "the last report counts", ORIGIN_GUEST_KERNEL,
      "CPU: 1 PID: 7 Comm: a Not tainted 6.1.0 #1\n"
      "CPU: 1 PID: 7 Comm: a Tainted: G      D 6.1.0 #1",
      "kernel.taint", "GD" },
    { "hypervisor", ORIGIN_GUEST_KERNEL, "Hypervisor detected: VMware", "hypervisor.name",
      "vmware" },
    { "bare hardware proves nothing", ORIGIN_GUEST_KERNEL,
      "Booting paravirtualized kernel on bare hardware", "hypervisor.name", UNKNOWN },
    { "hypervisor by systemd", ORIGIN_GUEST_USER, "systemd[1]: Detected virtualization kvm.",
      "hypervisor.name", "kvm" },
    { "memory", ORIGIN_GUEST_KERNEL, "Memory: 983124K/1048056K available (8192K kernel code)",
      "memory.total_kib", "1048056" },
    { "memory torn", ORIGIN_GUEST_KERNEL, "Memory: 983124K/", "memory.total_kib", UNKNOWN },
    { "cpus", ORIGIN_GUEST_KERNEL, "smp: Brought up 1 node, 4 CPUs", "cpu.count", "4" },
    { "cpus, old form", ORIGIN_GUEST_KERNEL, "Brought up 2 CPUs", "cpu.count", "2" },
    { "cpus, sum", ORIGIN_GUEST_KERNEL,
      "smpboot: Total of 8 processors activated (41519.00 BogoMIPS)", "cpu.count", "8" },
    { "secure boot", ORIGIN_GUEST_KERNEL, "secureboot: Secure boot enabled", "secureboot", "true" },
    { "no secure boot", ORIGIN_GUEST_KERNEL, "secureboot: Secure boot disabled", "secureboot",
      "false" },
    { "secure boot unclear", ORIGIN_GUEST_KERNEL, "Secure boot could not be determined",
      "secureboot", UNKNOWN },
    { "lockdown", ORIGIN_GUEST_KERNEL,
      "Kernel is locked down from EFI Secure Boot mode; see man kernel_lockdown.7", "lockdown",
      "integrity" },
    { "efi", ORIGIN_GUEST_KERNEL, "efi: EFI v2.70 by Somebody", "firmware.kind", "efi" },
    { "bios", ORIGIN_GUEST_KERNEL, "ACPI: RSDP 0x00000000000F6A10 000024 (v02 PTLTD )",
      "firmware.kind", "bios" },
    { "rsdp in memory tells nothing", ORIGIN_GUEST_KERNEL,
      "ACPI: RSDP 0x000000000BFEF014 000024 (v02 X )", "firmware.kind", UNKNOWN },
    { "oopses", ORIGIN_GUEST_KERNEL,
      "Oops: 0002 [#1] PREEMPT SMP\n"
      "invalid opcode: 0000 [#3] SMP\n"
      "Oops: Oops: 0000 [#2] SMP",
      "oops.count", "3" },
    { "oops of a guard page", ORIGIN_GUEST_KERNEL, "stack guard page: 0000 [#1] SMP", "oops.count",
      "1" },
    { "oops without number", ORIGIN_GUEST_KERNEL, "Oops: something", "oops.count", UNKNOWN },
    { "first panic is the reason", ORIGIN_GUEST_KERNEL,
      "Kernel panic - not syncing: first\n"
      "Kernel panic - not syncing: second",
      "panic.reason", "first" },
    { "links", ORIGIN_GUEST_KERNEL,
      "vmxnet3 0000:0b:00.0 ens192: NIC Link is Up 10000 Mbps\n"
      "e1000: eth0 NIC Link is Up 1000 Mbps Full Duplex\n"
      "IPv6: ADDRCONF(NETDEV_CHANGE): eth1: link becomes ready",
      "net.links", "ens192, eth0, eth1" },
    { "driver built in", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph5-esx (root@builder) (gcc (GCC) 12.2.0, GNU ld 2.39) #1-photon SMP "
      "Tue Jan 2 2026",
      "kernel.drv.nvme", "y" },
    { "driver as module", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph5 (root@builder) (gcc (GCC) 12.2.0) #1-photon SMP",
      "kernel.drv.nvme", "m" },
    { "driver missing", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph5-esx (root@builder) (gcc (GCC) 12.2.0, GNU ld 2.39) #1-photon SMP "
      "Tue Jan 2 2026",
      "kernel.drv.ata_piix", "absent" },
    { "driver of an older Photon", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph4-esx (root@builder) (gcc (GCC) 12.2.0, GNU ld 2.39) #1-photon SMP "
      "Tue Jan 2 2026",
      "kernel.drv.ata_piix", "y" },
    { "older Photon, not in the table", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.77-3.ph4-esx (root@builder) (gcc (GCC) 12.2.0, GNU ld 2.39) #1-photon SMP "
      "Tue Jan 2 2026",
      "kernel.drv.nvme", UNKNOWN },
    { "no table for others", ORIGIN_GUEST_KERNEL, "Linux version 6.1.0-13-amd64 (d@d) (Debian)",
      "kernel.drv.nvme", UNKNOWN },
};

START_TEST(reads)
{
    check_row(&rows[_i], false);
}
END_TEST

/* Two texts in turn, for ever: the first changes are kept, the arena is not filled. */
START_TEST(a_flood_of_changes_is_bounded)
{
    static const char *const texts[] = { "Linux version 6.1.77 (a@b) (gcc 12) #1 SMP",
                                         "Linux version 6.6.12 (a@b) (gcc 12) #1 SMP" };
    struct arena a = { 0 };
    struct facts f;
    size_t used = 0;

    ck_assert(facts_init(&f, &a, NULL));
    for (size_t i = 0; i < 4000; i++) {
        add_record(&f, ORIGIN_GUEST_KERNEL, str_from(texts[i % 2]), false);
        if (i == 2000)
            used = a.used_bytes;
    }
    ck_assert_uint_eq(a.used_bytes, used);
    arena_done(&a);
}
END_TEST

Suite *check_facts_kernel(void)
{
    Suite *s = suite_create("facts_kernel");
    TCase *t = tcase_create("facts_kernel");

    tcase_add_test(t, a_flood_of_changes_is_bounded);
    tcase_add_loop_test(t, reads, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(s, t);
    return s;
}
