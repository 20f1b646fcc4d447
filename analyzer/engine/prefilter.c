/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where may any of thousands of literals stand? See prefilter.h.
 *
 * A gram is some bytes of the text, read as a number. The text is looked at only at every stride-th
 * byte: whatever its alignment, a literal of at least stride + gram - 1 bytes then has a looked-at
 * gram among any `stride` neighbouring offsets. So each literal enters the grams of one such window
 * of offsets into a bitmap (by hash), and the scan is a load, a multiplication and a bit test for
 * each `stride` bytes, eight of them before one branch.
 *
 * A set bit leads to the list of (gram, literal, offset) with that hash; the literal is compared
 * with the text where it would have to stand. That costs some twenty times a look, so grams must be
 * rare: long literals have long grams, and each literal takes the window whose grams are rarest in
 * ordinary logs (ordinary.def) and least used by the literals before it (tier.c).
 *
 * Short literals need short grams at short strides and would slow everything down. They stand in
 * tiers of their own, and a shuffle looks for the shortest few at many places at once. Rules should
 * have a literal of twelve bytes.
 */
#include "analyzer/engine/prefilter.h"

#include "analyzer/engine/tier.h"

#include <stdlib.h>

enum {
    TIERS = 3,
    LONG = 12,          /* bytes of a literal of the first tier */
    MEDIUM = 7,         /* of the second */
    LOOKS = 8,          /* before a branch */
    CHUNK_BYTES = 1024, /* the tiers take turns, so that finding stays near its start */
};

struct prefilter {
    struct arena arena;
    const struct literal *literals;
    struct tier tiers[TIERS];
    unsigned n_tiers;
};

static bool add_tier(struct prefilter *f, struct tier t, size_t n)
{
    if (!tier_build(&t, &f->arena, f->literals, n))
        return false;
    if (t.n)
        f->tiers[f->n_tiers++] = t;
    return true;
}

/* Up to which length are the literals few enough for a shuffle? */
static size_t shuffled_length(const struct literal *literals, size_t n)
{
    size_t of_length[LONG] = { 0 }, sum = 0, length = PREFILTER_MIN;

    for (size_t i = 0; i < n; i++)
        if (literals[i].text.n < LONG)
            of_length[literals[i].text.n]++;
    for (; length < LONG; length++) {
        sum += of_length[length];
        if (sum > SHUFFLE_GRAMS_MAX)
            break;
    }
    return shuffle_works() ? length - 1 : 0;
}

static bool add_tiers(struct prefilter *f, size_t n)
{
    size_t shuffled = shuffled_length(f->literals, n);
    struct tier tiers[TIERS] = {
        { .least = LONG, .most = SIZE_MAX, .gram_bytes = 8 },
        { .least = MEDIUM, .most = LONG - 1, .gram_bytes = 4 },
        { .least = PREFILTER_MIN, .most = MEDIUM - 1, .gram_bytes = 2 },
    };

    if (shuffled >= MEDIUM - 1) {
        tiers[1].least = shuffled + 1;
        tiers[1].gram_bytes = (unsigned)tiers[1].least - 4;
        tiers[2].most = shuffled;
        tiers[2].gram_bytes = PREFILTER_MIN;
        tiers[2].shuffled = true;
    }
    for (size_t i = 0; i < TIERS; i++)
        if (!add_tier(f, tiers[i], n))
            return false;
    return true;
}

struct prefilter *prefilter_new(const struct literal *literals, size_t n)
{
    struct prefilter *f = calloc(1, sizeof *f);
    struct literal *copy = f ? arena_new(&f->arena, struct literal, n) : NULL;
    bool ok = copy != NULL;

    for (size_t i = 0; ok && i < n; i++) {
        copy[i] = literals[i];
        ok = literals[i].text.n >= PREFILTER_MIN;
    }
    if (ok) {
        f->literals = copy;
        ok = add_tiers(f, n);
    }
    if (ok)
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

static bool stands_at(const struct literal *l, const char *p)
{
    if (!l->nocase)
        return memcmp(l->text.p, p, l->text.n) == 0;
    return str_eq_nocase(l->text, (struct str){ .p = p, .n = l->text.n });
}

/* The gram at text[at] is marked: whose is it? */
static void confirm(struct search *s, const struct tier *t, size_t at)
{
    uint64_t gram = tier_gram(t, s->text, at);
    uint32_t slot = tier_hash(gram) & t->slot_mask;

    for (uint32_t i = t->slots[slot]; i < t->slots[slot + 1]; i++) {
        const struct tier_entry *e = &t->entries[i];
        const struct literal *l = &s->f->literals[e->literal];
        size_t start = at - e->offset;

        if (e->gram != gram || at < s->from + e->offset || l->text.n > s->text.n - start ||
            !stands_at(l, s->text.p + start))
            continue;
        if (s->found)
            s->found(s->ctx, e->literal);
        if (start < s->first)
            s->first = start;
    }
}

/* Is any of LOOKS places from `p` on marked? */
static bool any_marks(const struct tier *t, const char *p)
{
    uint32_t any = 0;

#pragma GCC unroll 8
    for (size_t i = 0; i < LOOKS; i++, p += t->stride)
        any |= tier_mark(t, tier_load(t, p));
    return any & 1;
}

/* Which of them? Bit i for the i-th. */
static uint32_t which_marks(const struct tier *t, const char *p)
{
    uint32_t marks = 0;

#pragma GCC unroll 8
    for (size_t i = 0; i < LOOKS; i++, p += t->stride)
        marks |= (tier_mark(t, tier_load(t, p)) & 1) << i;
    return marks;
}

/* The first batch with marks of those that start before `end`; at or behind `end`: none has. */
static size_t next_marks(const struct tier *t, const char *p, size_t at, size_t end,
                         uint32_t *marks)
{
    if (t->shuffled)
        return shuffle_next(&t->shuffle, p, at, end, marks);
    for (; at < end; at += LOOKS * t->stride) {
        if (any_marks(t, p + at)) {
            *marks = which_marks(t, p + at);
            return at;
        }
    }
    return at;
}

static void confirm_marks(struct search *s, const struct tier *t, size_t at, uint32_t marks)
{
    for (; marks; marks &= marks - 1) {
        size_t place = at + (size_t)__builtin_ctz(marks) * t->stride;

        if (!t->shuffled || tier_mark(t, tier_gram(t, s->text, place)) & 1)
            confirm(s, t, place);
    }
}

/* Place after place: a text that is shorter than a batch. */
static size_t look_singly(struct search *s, const struct tier *t, size_t at)
{
    for (; at + t->gram_bytes <= s->text.n; at += t->stride)
        if (tier_mark(t, tier_gram(t, s->text, at)) & 1)
            confirm(s, t, at);
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
    const size_t batch = t->shuffled ? SHUFFLE_PLACES : LOOKS * t->stride;
    const size_t reads = batch - t->stride + (t->shuffled ? SHUFFLE_GRAM : sizeof(uint64_t));
    size_t stop; /* batches start before it */
    uint32_t marks = 0;

    if (s->text.n < reads)
        return look_singly(s, t, at);
    stop = s->text.n - reads + 1;
    for (;; at += batch, end = enough(s, t, end)) {
        at = next_marks(t, s->text.p, at, end < stop ? end : stop, &marks);
        if (at >= end || at >= stop)
            break;
        confirm_marks(s, t, at, marks);
    }
    if (at >= end || at + t->gram_bytes > s->text.n)
        return at;
    if (next_marks(t, s->text.p, stop - 1, stop, &marks) < stop)
        confirm_marks(s, t, stop - 1, marks);
    return look_singly(s, t, stop - 1 + batch);
}

size_t prefilter_next(const struct prefilter *f, struct str block, size_t from)
{
    struct search s = { .f = f, .text = block, .from = from, .first = SIZE_MAX };
    size_t at[TIERS] = { from, from, from };
    size_t chunk = f->n_tiers > 1 ? CHUNK_BYTES : block.n;

    while (from < block.n && s.first == SIZE_MAX) {
        from = block.n - from > chunk ? from + chunk : block.n;
        for (unsigned i = 0; i < f->n_tiers; i++)
            at[i] = look(&s, &f->tiers[i], at[i], from);
    }
    /* A literal that starts earlier may have its looked-at gram behind the one just found. */
    for (unsigned i = 0; s.first != SIZE_MAX && i < f->n_tiers; i++)
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
