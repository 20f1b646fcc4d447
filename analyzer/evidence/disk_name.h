/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel's name of a block device tells: sda2 is a partition of sda, nvme0n1p2 of nvme0n1.
 */
#pragma once

#include "analyzer/core/str.h"

struct disk_name {
    struct str disk; /* the whole disk: the name itself, or that of which it is a part */
    bool partition;
    bool disklike;          /* false for CD, floppy, loop and RAM drives: nobody's root disk */
    struct str driver, bus; /* what the name alone tells; empty when it does not */
};

/* False when `name` is no block device's name that we know. */
bool disk_name_parse(struct str name, struct disk_name *out);
