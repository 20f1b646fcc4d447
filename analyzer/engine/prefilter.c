/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where may any of thousands of literals stand? See prefilter.h.
 *
 * A gram is some bytes of the text, read as a number. The text is looked at only at every stride-th
 * byte: whatever its alignment, a literal of at least stride + gram - 1 bytes then has a looked-at
 * gram among any offsets of which one leaves each remainder by the stride. So each literal enters
 * as many grams as the stride into a bitmap (by hash), and the scan is a hash and a bit test for
 * each `stride` bytes. The stride is that of the numbers a vector holds, so one load gives the
 * grams of eight places, and they are hashed together.
 *
 * A set bit leads to the list of (hash, literal, offset); the literal is compared with the text
 * where it would have to stand. That costs some hundred times a look, so grams must be rare: they
 * are as long as the shortest literal allows, and of each remainder a literal takes the gram that
 * is rarest in ordinary logs (tier.c; rarity.c, by pairs of characters, and ordinary.def, by
 * words).
 *
 * Short literals would make all grams short. They stand in a tier of their own, where a shuffle
 * looks for them at many places at once, as far as they are few. Rules should have a literal of
 * twelve bytes.
 */
#include "analyzer/engine/prefilter.h"

#include "analyzer/engine/tier.h"

#include <stdlib.h>

enum {
    TIERS = 2,
    LANES = 8, /* places of a batch */
    STRIDE = sizeof(uint32_t),
    SHUFFLED_MIN = 6,       /* literals up to this length have no gram of GRAM_MIN at this stride */
    SHUFFLED_MAX = 11,      /* longer ones allow grams of GRAM_MAX */
    CHUNK_BYTES = 512,      /* the tiers take turns, so that finding stays near its start; */
    CHUNK_BYTES_MAX = 4096, /* where nothing is found the turns get longer */
};

#define NONE UINT32_MAX
#define HASH_SPREAD UINT64_C(0x9e3779b97f4a7c15)

/* The compiler makes of it what the machine has. */
typedef uint32_t lanes __attribute__((vector_size(LANES * sizeof(uint32_t))));

/* Rules often share a literal: it is looked for once. */
struct prefilter {
    struct arena arena;
    struct literal *literals; /* no two alike */
    size_t n;
    uint32_t *owner; /* of each: the caller's index */
    uint32_t *next;  /* of each of the caller's: the next one that is alike, or NONE */
    struct tier tiers[TIERS];
    unsigned n_tiers;
};

/* Puts literal `i` to the one like it, if any. `slots` hold an index into f->literals plus 1. */
static void add_unlike(struct prefilter *f, const struct literal *l, uint32_t i, uint32_t *slots,
                       size_t n_slots)
{
    uint64_t hash = str_hash(l->text) * HASH_SPREAD;
    size_t slot = (size_t)(hash >> 32) & (n_slots - 1);

    for (; slots[slot]; slot = (slot + 1) & (n_slots - 1)) {
        uint32_t at = slots[slot] - 1;
        const struct literal *other = &f->literals[at];

        if (other->nocase == l->nocase && str_eq(other->text, l->text)) {
            f->next[i] = f->owner[at];
            f->owner[at] = i;
            return;
        }
    }
    f->next[i] = NONE;
    f->owner[f->n] = i;
    f->literals[f->n++] = *l;
    slots[slot] = (uint32_t)f->n;
}

static bool gather(struct prefilter *f, const struct literal *literals, size_t n)
{
    struct arena scratch = { 0 };
    size_t n_slots = 2;
    uint32_t *slots;
    bool ok;

    while (n_slots < 2 * n)
        n_slots *= 2;
    slots = arena_new(&scratch, uint32_t, n_slots);
    f->literals = arena_new(&f->arena, struct literal, n);
    f->owner = arena_new(&f->arena, uint32_t, n);
    f->next = arena_new(&f->arena, uint32_t, n);
    ok = slots && f->literals && f->owner && f->next;
    for (size_t i = 0; ok && i < n; i++) {
        ok = literals[i].text.n >= PREFILTER_MIN;
        if (ok)
            add_unlike(f, &literals[i], (uint32_t)i, slots, n_slots);
    }
    arena_done(&scratch);
    return ok;
}

static bool add_tier(struct prefilter *f, struct tier t)
{
    if (!tier_build(&t, &f->arena, f->literals, f->n))
        return false;
    if (t.n)
        f->tiers[f->n_tiers++] = t;
    return true;
}

/* A shuffle that passes one of `these` passes `l` as well. */
static bool is_covered(const struct literal *l, const struct literal *const *these, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (these[i]->nocase == l->nocase && str_starts(l->text, these[i]->text))
            return true;
    return false;
}

/*
 * Up to which length are the literals few enough for a shuffle? Those that begin with a shorter
 * one ("BUG: ", "BUG:") are not counted.
 */
static size_t shuffled_length(const struct literal *literals, size_t n)
{
    const struct literal *counted[SHUFFLE_GRAMS_MAX];
    size_t n_counted = 0, length = 0;
    bool fits = true;

    while (fits && length <= SHUFFLED_MAX) {
        length++;
        for (size_t i = 0; fits && i < n; i++) {
            if (literals[i].text.n != length || is_covered(&literals[i], counted, n_counted))
                continue;
            fits = n_counted < SHUFFLE_GRAMS_MAX;
            if (fits)
                counted[n_counted++] = &literals[i];
        }
    }
    return length - 1 > SHUFFLED_MIN ? length - 1 : SHUFFLED_MIN;
}

static bool add_tiers(struct prefilter *f)
{
    size_t shuffled = shuffled_length(f->literals, f->n);
    struct tier longer = { .least = shuffled + 1,
                           .most = SIZE_MAX,
                           .gram_bytes = shuffled + 1 - (STRIDE - 1),
                           .stride = STRIDE };
    struct tier shorter = { .least = PREFILTER_MIN,
                            .most = shuffled,
                            .gram_bytes = GRAM_MIN,
                            .stride = 1,
                            .shuffled = true };

    if (longer.gram_bytes > GRAM_MAX)
        longer.gram_bytes = GRAM_MAX;
    return add_tier(f, longer) && add_tier(f, shorter);
}

struct prefilter *prefilter_new(const struct literal *literals, size_t n)
{
    struct prefilter *f = calloc(1, sizeof *f);

    if (f && gather(f, literals, n) && add_tiers(f))
        return f;
    prefilter_free(f);
    return NULL;
}

void prefilter_free(struct prefilter *f)
{
    if (!f)
        return;
    arena_done(&f->arena);
    free(f);
}

struct search {
    const struct prefilter *f;
    struct str text;
    size_t from;                                /* literals start here or later */
    size_t first;                               /* start of the first one found, or SIZE_MAX */
    void (*found)(void *ctx, uint32_t literal); /* NULL: only the first is wanted */
    void *ctx;
};

static bool starts_with(struct str text, const struct literal *l)
{
    if (!l->nocase)
        return str_starts(text, l->text);
    return text.n >= l->text.n && str_eq_nocase(str_first(text, l->text.n), l->text);
}

/* The gram at text[at] is marked: whose is it? */
static void confirm(struct search *s, const struct tier *t, size_t at, uint32_t hash)
{
    uint32_t slot = hash >> t->slot_shift;

    for (uint32_t i = t->slots[slot]; i < t->slots[slot + 1]; i++) {
        const struct tier_entry *e = &t->entries[i];
        size_t start = at - e->offset, room = s->text.n - start;

        if (e->hash != hash || at < s->from + e->offset || room < e->word_at + sizeof e->word ||
            tier_word(s->text.p + start + e->word_at) != e->word ||
            !starts_with(str_from_at(s->text, start), &s->f->literals[e->literal]))
            continue;
        for (uint32_t l = s->found ? s->f->owner[e->literal] : NONE; l != NONE; l = s->f->next[l])
            s->found(s->ctx, l);
        if (start < s->first)
            s->first = start;
    }
}

/*
 * The first batch of LANES places with a mark, of those that start before `end`; bit i of *places
 * is the i-th. At or behind `end`: there is none.
 */
static inline __attribute__((always_inline)) size_t
find_batch(const struct tier *t, const char *p, size_t at, size_t end, uint32_t *places)
{
    const uint32_t *map = t->map;
    const size_t tail_at = t->gram_bytes - sizeof(uint32_t);
    const unsigned shift = t->map_shift;

    for (; at < end; at += LANES * STRIDE) {
        lanes head, tail, hash;
        uint32_t bits[LANES], any = 0;

        memcpy(&head, p + at, sizeof head);
        memcpy(&tail, p + at + tail_at, sizeof tail);
        hash = (head | GRAM_FOLD) * GRAM_HEAD + (tail | GRAM_FOLD) * GRAM_TAIL;
        hash >>= shift;
        memcpy(bits, &hash, sizeof bits);
#pragma GCC unroll 8
        for (size_t i = 0; i < LANES; i++)
            any |= map[bits[i] / 32] >> bits[i] % 32;
        if (!(any & 1))
            continue;
        *places = 0;
        for (size_t i = 0; i < LANES; i++)
            *places |= (map[bits[i] / 32] >> bits[i] % 32 & 1) << i;
        break;
    }
    return at;
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi2"))) static size_t
find_batch_avx2(const struct tier *t, const char *p, size_t at, size_t end, uint32_t *places)
{
    return find_batch(t, p, at, end, places);
}
#endif

/* The first batch that starts before `end` and may have a mark. */
static size_t next_places(const struct tier *t, const char *p, size_t at, size_t end,
                          uint32_t *places)
{
    if (t->shuffled)
        return shuffle_next(&t->shuffle, p, at, end, places);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        return find_batch_avx2(t, p, at, end, places);
#endif
    return find_batch(t, p, at, end, places);
}

static void confirm_places(struct search *s, const struct tier *t, size_t at, uint32_t places)
{
    for (; places; places &= places - 1) {
        size_t place = at + (size_t)__builtin_ctz(places) * t->stride;
        uint32_t hash = tier_hash(t, s->text.p + place);

        if (!t->shuffled || tier_mark(t, hash))
            confirm(s, t, place, hash);
    }
}

/* Place after place: what is less than a batch. */
static size_t look_singly(struct search *s, const struct tier *t, size_t at)
{
    for (; at + t->gram_bytes <= s->text.n; at += t->stride) {
        uint32_t hash = tier_hash(t, s->text.p + at);

        if (tier_mark(t, hash))
            confirm(s, t, at, hash);
    }
    return at;
}

/* Where looking may end: behind a first find nothing starts earlier. */
static size_t enough(const struct search *s, const struct tier *t, size_t end)
{
    if (s->found || s->first == SIZE_MAX || end < s->first + t->reach)
        return end;
    return s->first + t->reach;
}

/*
 * Looks from `at` on, batch after batch, until one ends at or behind `end`; returns the first place
 * not looked at. The last batch of a text may overlap the one before it.
 */
static size_t look(struct search *s, const struct tier *t, size_t at, size_t end)
{
    const size_t batch = t->shuffled ? SHUFFLE_PLACES : LANES * STRIDE;
    const size_t reads = t->shuffled ? SHUFFLE_BYTES : batch - STRIDE + t->gram_bytes;
    size_t stop; /* batches start before it */
    size_t back;
    uint32_t places = 0;

    if (s->text.n < reads)
        return look_singly(s, t, at);
    stop = s->text.n - reads + 1;
    for (;; at += batch, end = enough(s, t, end)) {
        at = next_places(t, s->text.p, at, end < stop ? end : stop, &places);
        if (at >= end || at >= stop)
            break;
        confirm_places(s, t, at, places);
    }
    if (at >= end || at + t->gram_bytes > s->text.n)
        return at;
    /* Aligned as all others are: which of a literal's grams is looked at hangs on it. */
    back = (at - stop + t->stride) / t->stride * t->stride;
    if (back > at)
        return look_singly(s, t, at);
    at -= back;
    if (next_places(t, s->text.p, at, stop, &places) < stop)
        confirm_places(s, t, at, places);
    return look_singly(s, t, at + batch);
}

size_t prefilter_next(const struct prefilter *f, struct str block, size_t from)
{
    struct search s = { .f = f, .text = block, .from = from, .first = SIZE_MAX };
    size_t at[TIERS] = { from, from };
    size_t chunk = f->n_tiers > 1 ? CHUNK_BYTES : block.n;

    while (from < block.n && s.first == SIZE_MAX) {
        from = block.n - from > chunk ? from + chunk : block.n;
        if (chunk < CHUNK_BYTES_MAX)
            chunk *= 2;
        for (unsigned i = 0; i < f->n_tiers; i++)
            /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): n_tiers is at most TIERS */
            at[i] = look(&s, &f->tiers[i], at[i], from);
    }
    /* A literal that starts earlier may have its looked-at gram behind the one just found. */
    for (unsigned i = 0; s.first != SIZE_MAX && i < f->n_tiers; i++)
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): n_tiers is at most TIERS */
        look(&s, &f->tiers[i], at[i], enough(&s, &f->tiers[i], block.n));
    return s.first;
}

void prefilter_scan(const struct prefilter *f, struct str text,
                    void (*found)(void *ctx, uint32_t literal), void *ctx)
{
    struct search s = { .f = f, .text = text, .first = SIZE_MAX, .found = found, .ctx = ctx };

    for (unsigned i = 0; i < f->n_tiers; i++)
        look(&s, &f->tiers[i], 0, text.n);
}
