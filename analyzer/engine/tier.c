/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Choosing each literal's grams and entering them into a tier's tables; once per ruleset.
 */
#include "analyzer/engine/tier.h"

#include "analyzer/engine/rarity.h"

enum {
    OFFSETS_MAX = 64, /* grams are of the first bytes of their literal */
    STRIDE_MAX = 4,
    BITS_PER_GRAM = 256, /* less than 1 % of the looks pass by chance alone */
    MAP_BITS_MIN = 15,
    MAP_BITS_MAX = 22,
    SLOT_BITS_LESS = 8, /* a slot for each 256 bits of the map, that is for a gram */
    COUNT_BITS = 16,
    WORD_FINDS = 1 << 17, /* how often in a GiB a word of ordinary.def is to be expected */
    WORDS_MANY = 1 << 12, /* no word is more common */
    /*
     * What a gram costs in as many finds. A new one is a bit more in the map; one more with the
     * same gram is little, and many of them are much, when logs hold what nobody expected.
     */
    NEW_GRAM = 256,
    SHARED_GRAM = 32,
    NEW_SHUFFLED = 1 << 21,
};

struct counts {
    uint16_t ordinary[1 << COUNT_BITS]; /* of a gram in ordinary logs */
    uint16_t used[1 << COUNT_BITS];     /* by literals so far */
};

static uint32_t word_slot(const char *p)
{
    return tier_word(p) * GRAM_HEAD >> (32 - COUNT_BITS);
}

/*
 * A text is as ordinary as the four bytes of it that are the rarest: costs[i], of n grams, becomes
 * how often the gram at text.p[i] is to be expected in a GiB of logs.
 */
static void expect(const struct tier *t, const struct counts *counts, struct str text,
                   uint32_t *costs, size_t n)
{
    uint16_t words[RARITY_TEXT_MAX] = { 0 };

    rarity_costs(text, t->gram_bytes, costs, n);
    for (size_t i = 0; i + GRAM_MIN < n + t->gram_bytes; i++)
        words[i] = counts->ordinary[word_slot(text.p + i)];
    for (size_t i = 0; i < n; i++) {
        uint32_t least = words[i];

        for (size_t k = 1; k + GRAM_MIN <= t->gram_bytes; k++)
            least = words[i + k] < least ? words[i + k] : least;
        costs[i] += least < WORDS_MANY ? least * WORD_FINDS : WORDS_MANY * WORD_FINDS;
    }
}

static void count_ordinary(struct counts *counts)
{
    static const struct str ordinary[] = {
#define ORDINARY(text) { STR_INIT(text) },
#include "analyzer/engine/ordinary.def"
#undef ORDINARY
    };

    for (size_t i = 0; i < sizeof ordinary / sizeof ordinary[0]; i++)
        for (size_t at = 0; at + GRAM_MIN <= ordinary[i].n; at++)
            counts->ordinary[word_slot(ordinary[i].p + at)]++;
}

/* What looking for the gram at `p` costs in a GiB of logs that holds it `finds` times. */
static uint64_t gram_cost(const struct tier *t, const struct counts *counts, const char *p,
                          uint64_t finds)
{
    uint32_t used = counts->used[tier_hash(t, p) >> (32 - COUNT_BITS)];

    return finds + finds * used / 4 + (used ? (uint64_t)used * SHARED_GRAM : NEW_GRAM);
}

/*
 * The cheapest offset of each remainder by the stride, among the first OFFSETS_MAX: one of them is
 * looked at, whatever the literal's place in the text.
 */
static void best_offsets(const struct tier *t, const struct counts *counts, struct str text,
                         size_t *offsets)
{
    uint32_t finds[OFFSETS_MAX];
    uint64_t least[STRIDE_MAX];
    /* A shuffle looks at a few bytes more than the gram, where there are some. */
    size_t looks = t->shuffled ? SHUFFLE_GRAM : t->gram_bytes;
    size_t n = text.n > looks ? text.n - looks + 1 : 1;

    if (n > OFFSETS_MAX)
        n = OFFSETS_MAX;
    expect(t, counts, text, finds, n);
    for (size_t i = 0; i < n; i++) {
        bool new_gram = t->shuffled && !shuffle_passes(&t->shuffle, str_from_at(text, i));
        uint64_t cost = gram_cost(t, counts, text.p + i, finds[i]) + (new_gram ? NEW_SHUFFLED : 0);
        size_t of = i % t->stride;

        if (i < t->stride || cost < least[of]) {
            least[of] = cost;
            offsets[of] = i;
        }
    }
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
    size_t offsets[STRIDE_MAX] = { 0 };

    best_offsets(t, counts, l->text, offsets);
    for (size_t i = 0; i < t->stride; i++) {
        uint32_t hash = tier_hash(t, l->text.p + offsets[i]);
        uint16_t *used = &counts->used[hash >> (32 - COUNT_BITS)];

        t->entries[t->n++] = make_entry(l->text, offsets[i], hash, index);
        if (*used < UINT16_MAX)
            ++*used;
        if (offsets[i] >= t->reach)
            t->reach = offsets[i] + 1;
    }
    if (t->shuffled)
        shuffle_add(&t->shuffle, str_first(str_from_at(l->text, offsets[0]), SHUFFLE_GRAM),
                    l->nocase);
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
        count_ordinary(counts);
        enter_all(t, counts, literals, n);
        ok = index_entries(t, a);
    }
    arena_done(&scratch);
    return ok;
}
