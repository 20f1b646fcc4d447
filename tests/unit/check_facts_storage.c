/* SPDX-License-Identifier: Apache-2.0 */
/* Disks and partitions, from the list printed when root cannot be mounted and from probing. */
#include "tests/unit/fact_rows.h"

#include <stdio.h>

static const struct fact_row rows[] = {
    { "names", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0800         8388608 sda \n"
      " driver: sd\n"
      "  0801            3072 sda1 0b7d4f0e-01\n"
      " \n"
      "  0802         8384512 sda2 0b7d4f0e-02\n"
      " \n"
      "103:00000      55296 nvme0n1  (driver?)\n"
      "  103:00001       2048 nvme0n1p1 8d1e\n"
      "0b00         1048575 sr0  driver: sr\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.names", "sda, nvme0n1" },
    { "disks", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0800         8388608 sda \n"
      " driver: sd\n"
      "  0801            3072 sda1 0b7d4f0e-01\n"
      " \n"
      "  0802         8384512 sda2 0b7d4f0e-02\n"
      " \n"
      "103:00000      55296 nvme0n1  (driver?)\n"
      "  103:00001       2048 nvme0n1p1 8d1e\n"
      "0b00         1048575 sr0  driver: sr\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.list",
      "sda (major 8, minor 0, kib 8388608, driver sd), nvme0n1 (major 259, minor 0, kib 55296, "
      "driver nvme, bus nvme)" },
    { "partitions", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0800         8388608 sda \n"
      " driver: sd\n"
      "  0801            3072 sda1 0b7d4f0e-01\n"
      " \n"
      "  0802         8384512 sda2 0b7d4f0e-02\n"
      " \n"
      "103:00000      55296 nvme0n1  (driver?)\n"
      "  103:00001       2048 nvme0n1p1 8d1e\n"
      "0b00         1048575 sr0  driver: sr\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.partitions[1]",
      "sda2 (major 8, minor 2, kib 8384512, uuid 0b7d4f0e-02, driver sd, disk sda)" },
    { "hexadecimal numbers", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0800         8388608 sda \n"
      " driver: sd\n"
      "  0801            3072 sda1 0b7d4f0e-01\n"
      " \n"
      "  0802         8384512 sda2 0b7d4f0e-02\n"
      " \n"
      "103:00000      55296 nvme0n1  (driver?)\n"
      "  103:00001       2048 nvme0n1p1 8d1e\n"
      "0b00         1048575 sr0  driver: sr\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.partitions[2]",
      "nvme0n1p1 (major 259, minor 1, kib 2048, uuid 8d1e, driver nvme, disk nvme0n1)" },
    { "complete", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0800         8388608 sda \n"
      " driver: sd\n"
      "  0801            3072 sda1 0b7d4f0e-01\n"
      " \n"
      "  0802         8384512 sda2 0b7d4f0e-02\n"
      " \n"
      "103:00000      55296 nvme0n1  (driver?)\n"
      "  103:00001       2048 nvme0n1p1 8d1e\n"
      "0b00         1048575 sr0  driver: sr\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.complete", "true" },
    { "open list is not complete", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0800         8388608 sda \n"
      " driver: sd\n"
      "  0801            3072 sda1 0b7d4f0e-01\n"
      " \n"
      "  0802         8384512 sda2 0b7d4f0e-02\n"
      " \n"
      "103:00000      55296 nvme0n1  (driver?)\n"
      "  103:00001       2048 nvme0n1p1 8d1e\n"
      "0b00         1048575 sr0  driver: sr\n"
      "",
      "disks.complete", UNKNOWN },
    { "ended by the panic", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0800         8388608 sda \n"
      " driver: sd\n"
      "  0801            3072 sda1 0b7d4f0e-01\n"
      " \n"
      "  0802         8384512 sda2 0b7d4f0e-02\n"
      " \n"
      "103:00000      55296 nvme0n1  (driver?)\n"
      "  103:00001       2048 nvme0n1p1 8d1e\n"
      "0b00         1048575 sr0  driver: sr\n"
      "Kernel panic - not syncing: VFS: Unable to mount root fs",
      "disks.complete", "true" },
    { "ended by the file systems of 6.12", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0800         8388608 sda \n"
      " driver: sd\n"
      "  0801            3072 sda1 0b7d4f0e-01\n"
      " \n"
      "  0802         8384512 sda2 0b7d4f0e-02\n"
      " \n"
      "103:00000      55296 nvme0n1  (driver?)\n"
      "  103:00001       2048 nvme0n1p1 8d1e\n"
      "0b00         1048575 sr0  driver: sr\n"
      "List of all bdev filesystems:",
      "disks.complete", "true" },
    { "panic without a list", ORIGIN_GUEST_KERNEL, "Kernel panic - not syncing: x",
      "disks.complete", UNKNOWN },
    { "empty list is known to be empty", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "No filesystem could mount root, tried: ",
      "disks.names", "" },
    { "older heading", ORIGIN_GUEST_KERNEL,
      "Please append a correct \"root=\" boot option; here are the available partitions:\n"
      "0800 8388608 sda driver: sd\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.names", "sda" },
    { "indentation gone", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0800 8388608 sda driver: sd\n"
      "0801 8384512 sda1 0b7d-01\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.partitions.name", "sda1" },
    { "driver in the same record", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0800 8388608 sda driver: sd\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.list.driver", "sd" },
    { "lines of others in between", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "usb 1-1: new high-speed USB device\n"
      "0800 8388608 sda driver: sd\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.names", "sda" },
    { "partition without disk", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "  0802 8384512 sda2\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.names", "sda" },
    { "virtio", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "fe00 8388608 vda driver: virtio_blk\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.list", "vda (major 254, minor 0, kib 8388608, driver virtio_blk, bus virtio)" },
    { "only loops and RAM", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "0100 4096 ram0 (driver?)\n"
      "0700 0 loop0 (driver?)\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.names", "" },
    { "numbers that cannot be", ORIGIN_GUEST_KERNEL,
      "List of all partitions:\n"
      "fffffffffffffffff:1 99999999999999999999999 sda\n"
      "0800 99999999999999999999999 sda\n"
      "08001 1 sda\n"
      "No filesystem could mount root, tried: \n"
      " ext4",
      "disks.names", "" },
    { "size from probing", ORIGIN_GUEST_KERNEL,
      "sd 0:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)", "disks.list",
      "sda (kib 8388608, driver sd, bus scsi)" },
    { "4k sectors", ORIGIN_GUEST_KERNEL,
      "sd 0:0:0:0: [sda] 1000 4096-byte logical blocks: (4.10 MB/3.91 MiB)", "disks.list.kib",
      "4000" },
    { "bus by its host", ORIGIN_GUEST_KERNEL,
      "scsi host2: ahci\n"
      "sd 2:0:0:0: [sdb] 2048 512-byte logical blocks: (x)",
      "disks.list.bus", "sata" },
    { "bus of an IDE disk", ORIGIN_GUEST_KERNEL,
      "scsi host0: ata_piix\n"
      "sd 0:0:0:0: [sda] 2048 512-byte logical blocks: (x)",
      "disks.list.bus", "ide" },
    { "virtio from probing", ORIGIN_GUEST_KERNEL,
      "virtio_blk virtio1: [vda] 2048 512-byte logical blocks (1.05 MB/1.00 MiB)", "disks.list",
      "vda (kib 1024, driver virtio_blk, bus virtio)" },
    { "disk without size", ORIGIN_GUEST_KERNEL, "sd 0:0:0:0: [sda] Attached SCSI disk",
      "disks.names", "sda" },
    { "CD is no disk", ORIGIN_GUEST_KERNEL, "sr 1:0:0:0: [sr0] scsi3-mmc drive: 1x/1x",
      "disks.names", UNKNOWN },
    { "partitions from probing", ORIGIN_GUEST_KERNEL, " sda: sda1 sda2 < sda5 >",
      "disks.partitions.name", "sda1, sda2, sda5" },
    { "partitions by number", ORIGIN_GUEST_KERNEL, " nvme0n1: p1 p2", "disks.partitions.name",
      "nvme0n1p1, nvme0n1p2" },
    { "lost blank", ORIGIN_GUEST_KERNEL, "vda: vda1", "disks.partitions.name", "vda1" },
    { "mmc", ORIGIN_GUEST_KERNEL, "mmcblk0: p1", "disks.partitions",
      "mmcblk0p1 (driver mmcblk, disk mmcblk0)" },
    { "unpartitioned", ORIGIN_GUEST_KERNEL, " sdb:", "disks.names", "sdb" },
    { "no table", ORIGIN_GUEST_KERNEL, " sda: unknown partition table", "disks.partitions",
      UNKNOWN },
    { "not the own partitions", ORIGIN_GUEST_KERNEL, " sda: sdb1", "disks.partitions", UNKNOWN },
    { "a driver, not a disk", ORIGIN_GUEST_KERNEL,
      "sdhci: Secure Digital Host Controller Interface driver", "disks.names", UNKNOWN },
    { "user space does not speak for it", ORIGIN_GUEST_USER, " sda: sda1", "disks.names", UNKNOWN },
};

START_TEST(reads)
{
    check_row(&rows[_i], false);
}
END_TEST

static uint32_t add_line(struct facts *f, const char *text, uint64_t offset)
{
    struct record r;

    record_init(&r);
    r.origin = ORIGIN_GUEST_KERNEL;
    r.text = str_from(text);
    r.offset = offset;
    return facts_add(f, &r);
}

START_TEST(open_list_wants_lines)
{
    struct arena a = { 0 };
    struct facts f;

    ck_assert(facts_init(&f, &a, NULL));
    ck_assert_uint_gt(add_line(&f, "List of all partitions:", 0), 0);
    ck_assert_uint_gt(add_line(&f, "0800 8388608 sda", 0), 0);
    ck_assert_uint_eq(add_line(&f, "No filesystem could mount root, tried: ", 0), 0);
    ck_assert_uint_eq(add_line(&f, "0810 8388608 sdb", 0), 0);
    ck_assert_uint_eq(facts_get(&f, FACT_DISKS_NAMES)->value.n_items, 1);
    arena_done(&a);
}
END_TEST

START_TEST(torn_list_is_not_complete)
{
    struct arena a = { 0 };
    struct facts f;

    ck_assert(facts_init(&f, &a, NULL));
    add_line(&f, "List of all partitions:", 0);
    for (int i = 0; i < 100; i++)
        add_line(&f, "something else entirely", 0);
    ck_assert_uint_eq(add_line(&f, "Kernel panic - not syncing: VFS", 0), 0);
    ck_assert_int_eq(facts_get(&f, FACT_DISKS_COMPLETE)->value.type, VALUE_UNKNOWN);
    arena_done(&a);
}
END_TEST

/* Beyond the part that is read whole, partitions count behind the announcement of a disk only. */
START_TEST(sparse_reading_sees_the_same)
{
    struct arena a = { 0 };
    struct facts f;
    uint64_t far = (uint64_t)1 << 30;

    ck_assert(facts_init(&f, &a, NULL));
    ck_assert_uint_eq(add_line(&f, " sda: sda1", far), 0);
    ck_assert_int_eq(facts_get(&f, FACT_DISKS_PARTITIONS)->value.type, VALUE_UNKNOWN);
    ck_assert_uint_gt(add_line(&f, "sd 0:0:0:0: [sda] 100 512-byte logical blocks", far), 1);
    ck_assert_uint_gt(add_line(&f, "sd 0:0:0:0: [sda] Write Protect is off", far), 1);
    ck_assert_uint_gt(add_line(&f, " sda: sda1", far), 1);
    ck_assert_uint_eq(facts_get(&f, FACT_DISKS_PARTITIONS)->value.n_items, 1);
    arena_done(&a);
}
END_TEST

START_TEST(lists_are_bounded)
{
    struct arena a = { 0 };
    struct facts f;
    char text[64];

    ck_assert(facts_init(&f, &a, NULL));
    for (int i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, " nvme%dn1: p1", i);
        add_line(&f, text, 0);
    }
    ck_assert_uint_le(facts_get(&f, FACT_DISKS_NAMES)->value.n_items, 1024);
    arena_done(&a);
}
END_TEST

START_TEST(full_arena_is_survived)
{
    for (size_t limit = 1024; limit < 16384; limit += 512) {
        struct arena a;
        struct facts f;

        arena_init(&a, limit);
        if (facts_init(&f, &a, NULL)) {
            add_line(&f, "List of all partitions:", 0);
            add_line(&f, "0800 8388608 sda driver: sd", 0);
            add_line(&f, "  0801 8388608 sda1 0b7d4f0e-01", 0);
            add_line(&f, "No filesystem could mount root, tried: ", 0);
        }
        arena_done(&a);
    }
}
END_TEST

Suite *check_facts_storage(void)
{
    Suite *s = suite_create("facts_storage");
    TCase *t = tcase_create("facts_storage");

    tcase_add_loop_test(t, reads, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(t, open_list_wants_lines);
    tcase_add_test(t, torn_list_is_not_complete);
    tcase_add_test(t, sparse_reading_sees_the_same);
    tcase_add_test(t, lists_are_bounded);
    tcase_add_test(t, full_arena_is_survived);
    suite_add_tcase(s, t);
    return s;
}
