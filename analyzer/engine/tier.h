/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prefilter's own: literals of like length, and the tables that find their grams. prefilter.c
 * tells how they work together.
 */
#pragma once

#include "analyzer/core/arena.h"
#include "analyzer/engine/prefilter.h"
#include "analyzer/engine/shuffle.h"

#include <string.h>

/*
 * A gram is its first four bytes and its last four, which may overlap. Bit 5 of every byte is set:
 * the case of letters; other bytes become only a little less selective.
 */
enum { GRAM_MIN = 4, GRAM_MAX = 8 };
#define GRAM_FOLD 0x20202020u
#define GRAM_HEAD 0x9e3779b1u
#define GRAM_TAIL 0x85ebca77u

/*
 * Where a gram leads: text[at - offset] may be the start of the literal. Many literals share a gram
 * and few share the four bytes at the end that is farther from it, so these are compared first.
 */
struct tier_entry {
    uint32_t hash, literal;
    uint32_t word; /* folded, of the literal's bytes from word_at on */
    uint16_t offset, word_at;
};

struct tier {
    size_t least, most; /* bytes of its literals */
    size_t gram_bytes;  /* GRAM_MIN … GRAM_MAX */
    size_t stride;
    bool shuffled; /* a coarse look comes first */
    struct shuffle shuffle;
    uint32_t *map;   /* a bit for each hash >> map_shift that some gram has */
    uint32_t *slots; /* entries with hash >> slot_shift == h: [slots[h], slots[h + 1]) */
    unsigned map_shift, slot_shift;
    struct tier_entry *entries;
    size_t n;     /* entries; 0: the tier is empty */
    size_t reach; /* every offset is less */
};

/*
 * Fills *t for the literals whose length is in [t->least, t->most], with gram_bytes, stride and
 * shuffled as set by the caller: least >= gram_bytes + stride - 1. Tables live in `a`. False: out
 * of memory.
 */
bool tier_build(struct tier *t, struct arena *a, const struct literal *literals, size_t n);

/* Four bytes, folded. */
static inline uint32_t tier_word(const char *p)
{
    uint32_t word;

    memcpy(&word, p, sizeof word);
    return word | GRAM_FOLD;
}

/* Of the gram at `p`. */
static inline uint32_t tier_hash(const struct tier *t, const char *p)
{
    return tier_word(p) * GRAM_HEAD + tier_word(p + t->gram_bytes - GRAM_MIN) * GRAM_TAIL;
}

/* May an entry have this hash? */
static inline bool tier_mark(const struct tier *t, uint32_t hash)
{
    uint32_t bit = hash >> t->map_shift;

    return t->map[bit / 32] >> bit % 32 & 1;
}
