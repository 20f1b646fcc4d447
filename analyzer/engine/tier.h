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

enum {
    TIER_HASH_BITS = 22, /* of a hash; maps of fewer bits mask it */
};

/* Sets bit 5 of every byte: the case of letters; other bytes become only a little less selective.
 */
#define TIER_FOLD UINT64_C(0x2020202020202020)

/* Where a gram leads: text[at - offset] may be the start of the literal. */
struct tier_entry {
    uint64_t gram;
    uint32_t literal, offset;
};

struct tier {
    size_t least, most; /* bytes of its literals */
    unsigned gram_bytes, stride;
    bool shuffled; /* stride is 1, and a coarse look comes first */
    struct shuffle shuffle;
    uint64_t mask;              /* of the bytes of a gram */
    uint32_t *map, map_mask;    /* a bit for each hash that some gram has */
    uint32_t *slots, slot_mask; /* entries with hash h: [slots[h], slots[h + 1]) */
    struct tier_entry *entries;
    size_t n;     /* entries; 0: the tier is empty */
    size_t reach; /* every offset is less */
};

/*
 * Fills *t for the literals whose length is in [t->least, t->most], with t->gram_bytes and
 * t->shuffled as set by the caller. Tables live in `a`. False: out of memory.
 */
bool tier_build(struct tier *t, struct arena *a, const struct literal *literals, size_t n);

static inline uint32_t tier_hash(uint64_t gram)
{
    return (uint32_t)(gram * UINT64_C(0x9e3779b97f4a7c15) >> (64 - TIER_HASH_BITS));
}

/* Eight bytes at `p`, folded and masked. */
static inline uint64_t tier_load(const struct tier *t, const char *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return (v | TIER_FOLD) & t->mask;
}

/* The same at the end of a text, where eight bytes may not be there. */
static inline uint64_t tier_gram(const struct tier *t, struct str text, size_t at)
{
    char bytes[sizeof(uint64_t)] = { 0 };

    if (text.n - at >= sizeof bytes)
        return tier_load(t, text.p + at);
    memcpy(bytes, text.p + at, text.n - at);
    return tier_load(t, bytes);
}

/* Bit 0 tells whether an entry may have the gram; the other bits are whatever they are. */
static inline uint32_t tier_mark(const struct tier *t, uint64_t gram)
{
    uint32_t bit = tier_hash(gram) & t->map_mask;

    return t->map[bit / 32] >> bit % 32;
}
