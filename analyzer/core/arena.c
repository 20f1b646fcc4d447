/* SPDX-License-Identifier: Apache-2.0 */
/* Chunked bump allocation; see arena.h. */
#include "analyzer/core/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Chunks grow with the arena: large ones come from the system as zeroes, which calloc() knows.
 * Small ones it must clear.
 */
enum { CHUNK_BYTES = 32 << 10, CHUNK_BYTES_MAX = 256 << 10 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t used, size;
    max_align_t data[];
};

void arena_init(struct arena *a, size_t limit_bytes)
{
    *a = (struct arena){ .limit_bytes = limit_bytes };
}

void arena_done(struct arena *a)
{
    struct arena_chunk *next;

    for (struct arena_chunk *c = a->chunks; c; c = next) {
        next = c->next;
        free(c);
    }
    *a = (struct arena){ .limit_bytes = a->limit_bytes };
}

static struct arena_chunk *add_chunk(struct arena *a, size_t bytes)
{
    size_t size = a->used_bytes < CHUNK_BYTES ? CHUNK_BYTES : a->used_bytes;
    struct arena_chunk *c;

    if (size > CHUNK_BYTES_MAX)
        size = CHUNK_BYTES_MAX;
    if (size < bytes)
        size = bytes;

    c = calloc(1, sizeof *c + size);
    if (!c)
        return NULL;
    c->size = size;
    c->next = a->chunks;
    a->chunks = c;
    return c;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    size_t rounded = (bytes + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct arena_chunk *c = a->chunks;
    char *p;

    if (rounded < bytes || rounded > SIZE_MAX - sizeof(struct arena_chunk))
        return NULL;
    if (a->limit_bytes && rounded > a->limit_bytes - a->used_bytes) {
        a->refused = true;
        return NULL;
    }
    if (!c || c->size - c->used < rounded)
        c = add_chunk(a, rounded);
    if (!c)
        return NULL;
    p = (char *)c->data + c->used;
    c->used += rounded;
    a->used_bytes += rounded;
    return p;
}

void *arena_array(struct arena *a, size_t item_bytes, size_t count)
{
    if (count && item_bytes > SIZE_MAX / count)
        return NULL;
    return arena_alloc(a, item_bytes * count);
}

struct str arena_str(struct arena *a, struct str s)
{
    char *p = s.n < SIZE_MAX ? arena_alloc(a, s.n + 1) : NULL;

    if (!p)
        return (struct str){ 0 };
    if (s.n)
        memcpy(p, s.p, s.n);
    return (struct str){ .p = p, .n = s.n };
}

struct str arena_vprintf(struct arena *a, const char *format, va_list ap)
{
    va_list again;
    char *p;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
    if (!p)
        return (struct str){ 0 };
    vsnprintf(p, (size_t)n + 1, format, ap);
    return (struct str){ .p = p, .n = (size_t)n };
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list ap;
    struct str s;

    va_start(ap, format);
    s = arena_vprintf(a, format, ap);
    va_end(ap);
    return s;
}
