/* SPDX-License-Identifier: Apache-2.0 */
/* A bounded set of (monotonic time, text) hashes: which records of a boot were there before. */
#pragma once

#include "analyzer/core/record.h"

struct boot_seen;

/* NULL: out of memory. */
struct boot_seen *boot_seen_new(void);
void boot_seen_free(struct boot_seen *seen);

uint64_t boot_seen_key(const struct record *r);

/* False when it was there already, or when the set is full. */
bool boot_seen_add(struct boot_seen *seen, uint64_t key);
bool boot_seen_has(const struct boot_seen *seen, uint64_t key);
