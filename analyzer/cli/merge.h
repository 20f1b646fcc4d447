/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of boots as they come, repeated dumps left out. A boot that may turn out to be a dump
 * of an earlier one is held back until that is known.
 */
#pragma once

#include "analyzer/evidence/boot.h"

struct merge;

typedef void (*merge_print)(void *ctx, const struct boot *boot, const struct record *r);

/* NULL: out of memory. */
struct merge *merge_new(struct notes *notes, merge_print print, void *ctx);
void merge_free(struct merge *m);

/* Call before the first record of each input; `format` is the parser's name. */
void merge_begin_input(struct merge *m, uint32_t input, struct str format);
void merge_add(struct merge *m, const struct record *r);

/* After the last record: prints what is still held back. */
void merge_end(struct merge *m);
