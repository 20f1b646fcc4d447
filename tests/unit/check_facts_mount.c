/* SPDX-License-Identifier: Apache-2.0 */
/* What became root, the initrd and the first program. */
#include "tests/unit/fact_rows.h"

static const struct fact_row rows[] = {
    { "kernel mounts root", ORIGIN_GUEST_KERNEL,
      "VFS: Mounted root (ext4 filesystem) readonly on device 8:2.", "root.device", "8:2" },
    { "named by the file system", ORIGIN_GUEST_KERNEL,
      "EXT4-fs (sda2): mounted filesystem 1b2c ro with ordered data mode.\n"
      "VFS: Mounted root (ext4 filesystem) readonly on device 8:2.",
      "root.device", "sda2" },
    { "named by the list", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "  0802 8384512 sda2\n"
      "VFS: Mounted root (xfs filesystem) readonly on device 8:2.",
      "root.device", "sda2" },
    { "file system", ORIGIN_GUEST_KERNEL, "VFS: Mounted root (xfs filesystem) on device 259:1.",
      "root.fstype", "xfs" },
    { "mounted", ORIGIN_GUEST_KERNEL, "VFS: Mounted root (xfs filesystem) on device 259:1.",
      "root.mounted", "true" },
    { "a mount alone is not root", ORIGIN_GUEST_KERNEL,
      "EXT4-fs (sda1): mounted filesystem with ordered data mode.", "root.device", UNKNOWN },
    { "remounted by user space", ORIGIN_GUEST_KERNEL,
      "EXT4-fs (sda2): re-mounted. Quota mode: none.", "root.device", "sda2" },
    { "the first remount is root", ORIGIN_GUEST_KERNEL,
      "EXT4-fs (sda2): re-mounted 12 r/w.\n"
      "EXT4-fs (sda1): re-mounted 13 r/w.",
      "root.device", "sda2" },
    { "dracut switches", ORIGIN_UNKNOWN,
      "XFS (sda3): Ending clean mount\n"
      "dracut: Switching root",
      "root.device", "sda3" },
    { "btrfs", ORIGIN_UNKNOWN,
      "BTRFS info (device sda3 state M): first mount of filesystem 12\n"
      "Mounted /sysroot.",
      "root.fstype", "btrfs" },
    { "systemd starts behind a plain initrd", ORIGIN_UNKNOWN,
      "EXT4-fs (vda1): mounted filesystem with ordered data mode.\n"
      "systemd[1]: systemd 252.39 running in system mode (+PAM)",
      "root.device", "vda1" },
    { "cannot open", ORIGIN_GUEST_KERNEL,
      "VFS: Cannot open root device \"sdc1\" or unknown-block(0,0): error -6", "root.mounted",
      "false" },
    { "panic", ORIGIN_GUEST_KERNEL,
      "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
      "root.mounted", "false" },
    { "initramfs-tools gives up", ORIGIN_GUEST_USER,
      "Gave up waiting for root file system device.  Common problems:", "root.mounted", "false" },
    { "initrd", ORIGIN_GUEST_KERNEL, "RAMDISK: [mem 0x0e000000-0x0effffff]", "initrd.present",
      "true" },
    { "initrd unpacked", ORIGIN_GUEST_KERNEL, "Trying to unpack rootfs image as initramfs...",
      "initrd.present", "true" },
    { "no initrd: never mentioned", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.0 (a@b) #1\n"
      "Memory: 100K/200K available (x)\n"
      "VFS: Cannot open root device \"sda9\" or unknown-block(0,0): error -6",
      "initrd.present", "false" },
    { "no initrd: the kernel mounts root itself", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.0 (a@b) #1\n"
      "Memory: 100K/200K available (x)\n"
      "VFS: Mounted root (ext4 filesystem) readonly on device 8:2.",
      "initrd.present", "false" },
    { "initrd mentioned", ORIGIN_GUEST_KERNEL,
      "Linux version 6.1.0 (a@b) #1\n"
      "Memory: 100K/200K available (x)\n"
      "RAMDISK: [mem 1-2]\n"
      "VFS: Cannot open root device \"sda9\" or unknown-block(0,0): error -6",
      "initrd.present", "true" },
    { "without the head nothing is known", ORIGIN_GUEST_KERNEL,
      "VFS: Cannot open root device \"sda9\" or unknown-block(0,0): error -6", "initrd.present",
      UNKNOWN },
    { "dracut", ORIGIN_GUEST_USER, "dracut-initqueue[301]: Warning: dracut-initqueue timeout",
      "initrd.kind", "dracut" },
    { "initramfs-tools", ORIGIN_GUEST_USER, "Begin: Running /scripts/local-premount ... done.",
      "initrd.kind", "initramfs-tools" },
    { "systemd only", ORIGIN_GUEST_USER, "systemd[1]: Running in initrd.", "initrd.kind",
      "systemd" },
    { "dracut with systemd", ORIGIN_GUEST_USER,
      "systemd[1]: Starting dracut-cmdline.service - dracut cmdline hook...\n"
      "systemd[1]: Running in initrd.",
      "initrd.kind", "dracut" },
    { "init", ORIGIN_GUEST_KERNEL, "Run /sbin/init as init process", "init.started", "true" },
    { "init tried in vain", ORIGIN_GUEST_KERNEL,
      "Run /sbin/init as init process\n"
      "Kernel panic - not syncing: No working init found.",
      "init.started", "false" },
    { "init asked for is missing", ORIGIN_GUEST_KERNEL,
      "Kernel panic - not syncing: Requested init /sbin/nope failed (error -2).", "init.started",
      "false" },
};

START_TEST(reads)
{
    check_row(&rows[_i], false);
}
END_TEST

Suite *check_facts_mount(void)
{
    Suite *s = suite_create("facts_mount");
    TCase *t = tcase_create("facts_mount");

    tcase_add_loop_test(t, reads, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(s, t);
    return s;
}
