/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing arrays that live in an arena. `struct frames { VEC(struct frame); };` declares p, n and
 * cap; zero is the empty vector. Growing leaves the old items behind in the arena.
 */
#pragma once

#include "analyzer/core/arena.h"

#define VEC(type) \
    type *p;      \
    size_t n, cap

/* A pointer to a new zeroed last item, or NULL at the arena's limit (the vector stays as it is). */
#define vec_push(arena, v)                                                         \
    ((v)->p = vec_grow((arena), (v)->p, (v)->n, &(v)->cap, sizeof *(v)->p), \
     (v)->n < (v)->cap ? &(v)->p[(v)->n++] : NULL)

/* Used by vec_push() only: returns room for one more item, or `p` with `*cap` unchanged. */
void *vec_grow(struct arena *a, void *p, size_t n, size_t *cap, size_t item_bytes);

struct strs {
    VEC(struct str);
};
