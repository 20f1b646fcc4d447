/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A window of fixed size over the bytes of an input, for lines.c alone. Places are offsets of bytes
 * in the input: they stay what they are when the window moves.
 */
#pragma once

#include "parsers/lines.h"

/* No place. */
#define PLACE_NONE UINT64_MAX

struct block {
    struct byte_source source;
    char *p;
    size_t size;
    size_t start, end; /* unread bytes: p[start, end) */
    uint64_t base;     /* place of p[0] */
    bool eof, failed;
    bool waiting;    /* live: the last read had nothing for now */
    struct err kept; /* of a read; told when the bytes before it are used up */
};

/* False: out of memory. */
bool block_init(struct block *b, struct byte_source source, size_t size);
void block_done(struct block *b);

/*
 * Reads once, after moving the bytes from `keep` on (the unread ones at least) to the front. False:
 * nothing was added.
 */
bool block_fill(struct block *b, uint64_t keep);

static inline uint64_t block_place(const struct block *b)
{
    return b->base + b->start;
}

static inline struct str block_unread(const struct block *b)
{
    return (struct str){ .p = b->p + b->start, .n = b->end - b->start };
}
