/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of error level that no pattern knows, grouped by shape: the text with its numbers,
 * addresses and device names generalised.
 */
#pragma once

#include "analyzer/core/record.h"
#include "analyzer/core/vec.h"

struct unexplained_shape {
    uint64_t hash;
    uint64_t count;
    struct str shape;
    const struct record *evidence; /* the first one, kept */
};

struct unexplained_shapes {
    VEC(struct unexplained_shape);
    uint64_t records; /* all of them, also beyond LIMIT_UNEXPLAINED_SHAPES */
};

/* Is this a record that somebody should have explained? */
bool unexplained_wants(const struct record *r);

/* Counts the record under its shape; keeps the first of each in `a`. */
void unexplained_add(struct unexplained_shapes *all, struct arena *a, const struct record *r);

/*
 * "sd 2:0:1:0: [sdb] tag#3 FAILED" → "sd SCSI: [DEV] tag#N FAILED": the kinds of general_kind.h, and
 * digits within a word. Writes at most `size` bytes; the result points into `out`.
 */
struct str unexplained_shape(struct str text, char *out, size_t size);
