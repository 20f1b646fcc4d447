/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of an input as they lie in a regular file or in memory, for formats that read at many
 * places. Nothing is mapped: a file that shrinks gives short reads, not a signal.
 */
#pragma once

#include "analyzer/core/str.h"

/* Borrowed from the input that it is of. */
struct stored {
    int fd; /* -1: `memory` holds them */
    struct str memory;
    uint64_t size_bytes; /* when it was opened */
};

/* pread(): how many bytes there were at `offset`; fewer than `n` only where they end or fail. */
size_t stored_read(const struct stored *s, uint64_t offset, void *buf, size_t n);

/*
 * The next stretch of [*from, end) that is no hole: moves *from to its beginning and sets *to.
 * False: there is none.
 */
bool stored_find_data(const struct stored *s, uint64_t *from, uint64_t end, uint64_t *to);
