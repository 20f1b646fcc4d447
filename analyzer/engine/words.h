/* SPDX-License-Identifier: Apache-2.0 */
/* A few short texts: what a part of a regular expression can match (literal.c's own). */
#pragma once

#include "analyzer/core/str.h"

enum {
    WORD_BYTES = 48, /* longer literals find nothing more */
    WORDS = 12,
};

struct word {
    size_t n;
    char p[WORD_BYTES];
};

/* Only at[0, n) and of these only p[0, n) are ever read: copying the whole would cost too much. */
struct words {
    size_t n;
    struct word at[WORDS];
};

/* The empty text alone. */
void words_init(struct words *w);

void words_copy(struct words *to, const struct words *from);

/* False, and `to` as it was, when they are too many. */
bool words_add(struct words *to, const struct words *more);

/* Length of the shortest; 0 when there is none. */
size_t words_shortest(const struct words *w);

/* Every text of `w` followed by every one of `by`. False, and `w` as it was, when out of bounds. */
bool words_multiply(struct words *w, const struct words *by);

/* Puts as many of the first bytes of `s` behind every text as there is room for; how many. */
size_t words_append(struct words *w, struct str s);
