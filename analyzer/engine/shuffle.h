/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A first, coarse look for a few short grams at every place of a text, thirty-two places at once
 * (the prefilter's own helper).
 */
#pragma once

#include "analyzer/core/str.h"

enum {
    SHUFFLE_GRAM = 6,                                  /* longest gram */
    SHUFFLE_PLACES = 32,                               /* of one step */
    SHUFFLE_BYTES = SHUFFLE_PLACES + SHUFFLE_GRAM - 1, /* that one step reads */
    SHUFFLE_GRAMS_MAX = 48,                            /* more would let nearly everything pass */
};

/* Of each byte of a gram: the groups of grams that allow its low and its high half. */
struct shuffle {
    uint8_t low[SHUFFLE_GRAM][16], high[SHUFFLE_GRAM][16];
};

/* Adds a gram of at most SHUFFLE_GRAM bytes; what follows a shorter one may be anything. */
void shuffle_add(struct shuffle *s, struct str gram, bool nocase);

/* Does the beginning of `text` pass already, so that adding it would cost nothing? */
bool shuffle_passes(const struct shuffle *s, struct str text);

/*
 * The first step of those that start at `at`, at + SHUFFLE_PLACES, … before `end` in which some
 * place may hold a gram; bit i of *places is p[step + i]. At or behind `end`: there is none. Reads
 * SHUFFLE_BYTES of each step.
 */
size_t shuffle_next(const struct shuffle *s, const char *p, size_t at, size_t end,
                    uint32_t *places);

/* The same, slowly: for machines without the instructions that shuffle_next() uses. */
size_t shuffle_next_plain(const struct shuffle *s, const char *p, size_t at, size_t end,
                          uint32_t *places);
