/* SPDX-License-Identifier: Apache-2.0 */
/* Distinct strings, numbered in the order in which they came; they live in an arena. */
#pragma once

#include "analyzer/core/vec.h"

/* Zero is the empty set. */
struct str_set {
    struct strs of;
    uint32_t *slots; /* open addressing: 1 + number, 0 is free */
    size_t n_slots;
};

/* The number of `s`, or STR_NOT_FOUND. */
size_t str_set_find(const struct str_set *set, struct str s);

/* The number of `s`, of which a copy is added when it is not there; STR_NOT_FOUND at the limit. */
size_t str_set_add(struct arena *a, struct str_set *set, struct str s);
