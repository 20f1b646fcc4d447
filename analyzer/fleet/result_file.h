/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of results (--ndjson of a scan, a shard, a merge), cut into its parts without reading more
 * of it into memory than one case.
 */
#pragma once

#include "analyzer/core/err.h"

struct result_file;

enum result_part {
    PART_CASE,  /* from header to summary */
    PART_TOTAL, /* the sums of a whole scan */
    PART_SHARD, /* what part of which plan the file is */
    PART_END,
    PART_FAIL,
};

/* `fd` stays the caller's, at its start. NULL: out of memory. */
struct result_file *result_file_new(int fd);
void result_file_free(struct result_file *f);

/*
 * The next part: its bytes, valid until the next call, and where they stand in the file. PART_FAIL,
 * with *err, when the file cannot be read, is no file of results, or breaks off.
 */
enum result_part result_file_next(struct result_file *f, struct str *bytes, uint64_t *offset,
                                  struct err *err);
