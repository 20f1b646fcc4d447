/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over raw bytes that finds where any of thousands of literals may stand: a bitmap over
 * grams sampled at a stride, confirmed by memcmp. prefilter.c tells how it works.
 */
#pragma once

#include "analyzer/core/str.h"

struct prefilter;

/* A literal is matched as it is, or ASCII-case-insensitively. Shorter than 4 bytes is refused. */
struct literal {
    struct str text;
    bool nocase;
};

enum { PREFILTER_MIN = 4 };

/*
 * The literals' bytes must outlive the prefilter; doubles are allowed, each keeps its own index.
 * NULL: out of memory, or a literal is too short.
 */
struct prefilter *prefilter_new(const struct literal *literals, size_t n);
void prefilter_free(struct prefilter *f);

/* Start of the first occurrence of any literal at or after `from`, or SIZE_MAX. */
size_t prefilter_next(const struct prefilter *f, struct str block, size_t from);

/*
 * Calls `found` once or more for each literal (by its index) that stands in `text`. Small texts:
 * the records of match_record().
 */
void prefilter_scan(const struct prefilter *f, struct str text,
                    void (*found)(void *ctx, uint32_t literal), void *ctx);
