/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory with one lifetime. Nothing in an arena is freed alone; arena_done() frees all of it.
 * Every arena has a byte limit: when it is crossed the allocation returns NULL, and the caller says
 * so (FAIL_LIMIT or a note). malloc() failing counts as the limit.
 */
#pragma once

#include "analyzer/core/str.h"

#include <stdarg.h>

struct arena_chunk;

/* Zero is an empty arena without a limit. */
struct arena {
    struct arena_chunk *chunks;
    size_t limit_bytes; /* 0: none */
    size_t used_bytes;
    bool refused; /* something did not fit below the limit */
};

void arena_init(struct arena *a, size_t limit_bytes);
void arena_done(struct arena *a);

/* Zeroed memory aligned for any type, or NULL at the limit. */
void *arena_alloc(struct arena *a, size_t bytes);

/* Zeroed array of `count` items of `type`, or NULL. */
#define arena_new(a, type, count) ((type *)arena_array((a), sizeof(type), (count)))
void *arena_array(struct arena *a, size_t item_bytes, size_t count);

/* A copy of `s` (NUL-terminated for the sake of debuggers); the empty string at the limit. */
struct str arena_str(struct arena *a, struct str s);

/* printf into the arena; the empty string at the limit. */
struct str arena_printf(struct arena *a, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *a, const char *format, va_list ap)
        __attribute__((format(printf, 2, 0)));
