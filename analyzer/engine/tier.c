/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Choosing each literal's window of grams and entering it into a tier's tables; once per ruleset.
 */
#include "analyzer/engine/tier.h"

enum {
    OFFSETS_MAX = 240,   /* a window starts in the first bytes of its literal */
    BITS_PER_GRAM = 128, /* less than 1 % of the looks pass by chance alone */
    MAP_BITS_MIN = 15,
    MAP_BITS_MAX = 22,
    SLOT_BITS_LESS = 6, /* a slot for each 64 bits of the map, that is for half a gram */
    COUNT_BITS = 14,
    NEW_GRAM = 8, /* what one more gram costs a shuffle */
    COMMON = 64,  /* what a gram of figures counts for */
};

struct counts {
    uint16_t ordinary[1 << COUNT_BITS]; /* of a gram in ordinary logs */
    uint16_t used[1 << COUNT_BITS];     /* by literals so far */
};

static void count_ordinary(const struct tier *t, struct counts *counts)
{
    static const struct str ordinary[] = {
#define ORDINARY(text) { STR_INIT(text) },
#include "analyzer/engine/ordinary.def"
#undef ORDINARY
    };

    for (size_t i = 0; i < sizeof ordinary / sizeof ordinary[0]; i++)
        for (size_t at = 0; at + t->gram_bytes <= ordinary[i].n; at++)
            counts->ordinary[tier_hash(t, ordinary[i].p + at) >> (32 - COUNT_BITS)]++;
}

/* Numbers, addresses and their punctuation take all values sooner or later. */
static bool is_number_like(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (char_hex(p[i]) < 0 && (!p[i] || !strchr(" .:-x[]()", p[i])))
            return false;
    return true;
}

static uint32_t gram_cost(const struct tier *t, const struct counts *counts, const char *p)
{
    uint32_t h = tier_hash(t, p) >> (32 - COUNT_BITS);
    uint32_t figures = is_number_like(p, t->gram_bytes) ? COMMON : 0;

    return 8u * counts->ordinary[h] + counts->used[h] + figures;
}

/* The start of the cheapest `stride` neighbouring offsets in `text`. */
static size_t best_window(const struct tier *t, const struct counts *counts, struct str text)
{
    uint32_t costs[OFFSETS_MAX], sum = 0, least;
    /* A shuffle looks at a few bytes more than the gram, where there are some. */
    size_t looks = t->shuffled ? SHUFFLE_GRAM : t->gram_bytes, best = 0;
    size_t n = text.n > looks ? text.n - looks + 1 : 1;

    if (n > OFFSETS_MAX)
        n = OFFSETS_MAX;
    for (size_t i = 0; i < n; i++)
        costs[i] =
                gram_cost(t, counts, text.p + i) +
                (t->shuffled && !shuffle_passes(&t->shuffle, str_from_at(text, i)) ? NEW_GRAM : 0);
    for (size_t i = 0; i < t->stride; i++)
        sum += costs[i];
    least = sum;
    for (size_t i = t->stride; i < n; i++) {
        sum += costs[i] - costs[i - t->stride];
        if (sum < least) {
            least = sum;
            best = i - t->stride + 1;
        }
    }
    return best;
}

static struct tier_entry make_entry(struct str text, size_t offset, uint32_t hash, uint32_t index)
{
    size_t last = text.n - GRAM_MIN, word_at = 2 * offset < text.n ? last : 0;

    if (word_at > UINT16_MAX)
        word_at = UINT16_MAX;
    return (struct tier_entry){ hash, index, tier_word(text.p + word_at), (uint16_t)offset,
                                (uint16_t)word_at };
}

static void enter(struct tier *t, struct counts *counts, const struct literal *l, uint32_t index)
{
    size_t window = best_window(t, counts, l->text);

    for (size_t i = window; i < window + t->stride; i++) {
        uint32_t hash = tier_hash(t, l->text.p + i);
        uint16_t *used = &counts->used[hash >> (32 - COUNT_BITS)];

        t->entries[t->n++] = make_entry(l->text, i, hash, index);
        if (*used < UINT16_MAX)
            ++*used;
    }
    if (t->shuffled)
        shuffle_add(&t->shuffle, str_first(str_from_at(l->text, window), SHUFFLE_GRAM), l->nocase);
    if (window + t->stride > t->reach)
        t->reach = window + t->stride;
}

static bool is_member(const struct tier *t, const struct literal *l)
{
    return l->text.n >= t->least && l->text.n <= t->most;
}

/*
 * A shuffle is told of short literals first: longer ones may find a gram in themselves that passes
 * because of those.
 */
static void enter_all(struct tier *t, struct counts *counts, const struct literal *literals,
                      size_t n)
{
    for (size_t length = t->least; length <= t->most; length++) {
        for (size_t i = 0; i < n; i++)
            if (is_member(t, &literals[i]) && (!t->shuffled || literals[i].text.n == length))
                enter(t, counts, &literals[i], (uint32_t)i);
        if (!t->shuffled)
            break;
    }
}

/* Sorts the entries into their slots and sets the map's bits. */
static bool index_entries(struct tier *t, struct arena *a)
{
    struct tier_entry *sorted = arena_new(a, struct tier_entry, t->n);
    unsigned bits = MAP_BITS_MIN;
    size_t n_slots;

    while (bits < MAP_BITS_MAX && (size_t)1 << bits < BITS_PER_GRAM * t->n)
        bits++;
    n_slots = (size_t)1 << (bits - SLOT_BITS_LESS);
    t->map_shift = 32 - bits;
    t->slot_shift = t->map_shift + SLOT_BITS_LESS;
    t->map = arena_new(a, uint32_t, ((size_t)1 << bits) / 32);
    t->slots = arena_new(a, uint32_t, n_slots + 2);
    if (!sorted || !t->map || !t->slots)
        return false;
    /* Two places ahead, so that filling in leaves slots[h] at the start of h. */
    for (size_t i = 0; i < t->n; i++)
        t->slots[(t->entries[i].hash >> t->slot_shift) + 2]++;
    for (size_t i = 2; i < n_slots + 2; i++)
        t->slots[i] += t->slots[i - 1];
    for (size_t i = 0; i < t->n; i++) {
        uint32_t bit = t->entries[i].hash >> t->map_shift;

        t->map[bit / 32] |= (uint32_t)1 << bit % 32;
        sorted[t->slots[(t->entries[i].hash >> t->slot_shift) + 1]++] = t->entries[i];
    }
    t->entries = sorted;
    return true;
}

bool tier_build(struct tier *t, struct arena *a, const struct literal *literals, size_t n)
{
    struct arena scratch = { 0 };
    struct counts *counts;
    size_t members = 0;
    bool ok;

    for (size_t i = 0; i < n; i++)
        members += is_member(t, &literals[i]);
    if (members == 0)
        return true;
    counts = arena_new(&scratch, struct counts, 1);
    t->entries = arena_new(&scratch, struct tier_entry, members * t->stride);
    ok = counts && t->entries;
    if (ok) {
        count_ordinary(t, counts);
        enter_all(t, counts, literals, n);
        ok = index_entries(t, a);
    }
    arena_done(&scratch);
    return ok;
}
