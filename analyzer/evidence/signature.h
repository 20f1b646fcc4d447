/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The identity of a crash, the same on a hundred machines: two hashes that depend on names only,
 * never on addresses, offsets, CPUs, PIDs, times or unreliable frames.
 *
 * Version 1, 64-bit FNV-1a over bytes, each part closed by '\n':
 *   exact   "1", the title, then every reliable frame's function up to its first dot, without a
 *           wrapper's prefix of a system call, with "[module]" behind it when there is one
 *   family  "1", the kind, then the first three of these functions that the skip lists leave over,
 *           without modules
 * Two crashes of one family are likely the same bug reached on different ways. Without frames,
 * exact is the title's and family is the kind's and the blamed function's.
 */
#pragma once

#include "analyzer/core/str.h"

enum { SIGNATURE_VERSION = 1, SIGNATURE_FAMILY_FRAMES = 3 };

struct signature {
    uint64_t exact, family;
};

struct crash;

struct signature signature_of(const struct crash *c);
