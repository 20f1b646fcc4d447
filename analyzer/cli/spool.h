/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that can be read once (a pipe) put where they can be read again. */
#pragma once

#include "analyzer/core/err.h"

/* What is kept of standard input for a second pass. */
#define SPOOL_BYTES ((uint64_t)64 << 20)

/*
 * Copies `fd` to its end into anonymous memory and returns a descriptor of that at its start; -1
 * with *err on failure, FAIL_LIMIT beyond SPOOL_BYTES. A regular file is not copied: the same
 * descriptor is returned, rewound.
 */
int spool(int fd, const char *name, struct err *err);
