/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts disks.names, disks.list and disks.partitions, as facts_storage.c (the list that the
 * kernel prints when it cannot mount root) and facts_probe.c (ordinary probing) fill them.
 */
#pragma once

#include "analyzer/evidence/disk_name.h"
#include "analyzer/evidence/extract.h"

enum disk_field { DISK_NAME, DISK_MAJOR, DISK_MINOR, DISK_KIB, DISK_DRIVER, DISK_BUS, N_DISK };
enum partition_field {
    PART_NAME,
    PART_MAJOR,
    PART_MINOR,
    PART_KIB,
    PART_UUID,
    PART_DRIVER,
    PART_DISK,
    N_PART
};

/*
 * The fields of a disk or partition, added when new, with what its name tells; NULL at a limit, or
 * when it is nobody's disk (CD, loop, RAM).
 */
struct value *storage_disk(struct extraction *x, const struct disk_name *name);
struct value *storage_partition(struct extraction *x, const struct disk_name *name,
                                struct str partition);

/* Lines inside or behind probing that name partitions: " sda: sda1 sda2". */
void probe_follow(struct extraction *x);
