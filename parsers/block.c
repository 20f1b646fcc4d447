/* SPDX-License-Identifier: Apache-2.0 */
/* The window over an input's bytes; see block.h. */
#include "parsers/block.h"

#include <stdlib.h>
#include <string.h>

bool block_init(struct block *b, struct byte_source source, size_t size)
{
    *b = (struct block){ .source = source, .p = malloc(size), .size = size };
    return b->p != NULL;
}

void block_done(struct block *b)
{
    free(b->p);
}

bool block_fill(struct block *b, uint64_t keep)
{
    size_t front = keep < block_place(b) && keep >= b->base ? (size_t)(keep - b->base) : b->start;
    ptrdiff_t got;

    if (b->eof || b->failed)
        return false;
    if (b->end - front == b->size)
        front = b->start; /* the window is full of what was to be kept */
    if (front) {
        memmove(b->p, b->p + front, b->end - front);
        b->base += front;
        b->start -= front;
        b->end -= front;
    }
    if (b->end == b->size)
        return false;
    got = b->source.read(b->source.ctx, b->p + b->end, b->size - b->end, &b->kept);
    b->waiting = got == READ_WAIT;
    b->failed = got < 0 && !b->waiting;
    b->eof = got == 0;
    if (got <= 0)
        return false;
    b->end += (size_t)got;
    return true;
}
