/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where may any of thousands of literals stand? See prefilter.h.
 *
 * A gram is four bytes of the text, read as a number. The text is looked at only at every
 * stride-th byte: whatever its alignment, a literal of at least stride + 3 bytes then has a
 * looked-at gram among any `stride` neighbouring offsets. So each literal enters the grams of one
 * such window of offsets into a bitmap (by hash), and the scan is a load, a multiplication and a
 * bit test for each `stride` bytes, eight of them before one branch.
 *
 * A set bit leads to the list of (gram, literal, offset) with that hash; the literal is compared
 * with the text where it would have to stand. That costs some ten times a look, so the window
 * matters: each literal takes the one whose grams are rarest in ordinary logs (ordinary.def) and
 * least used by the literals before it. "Kernel panic" is then found by its "l pa", not by "kern".
 *
 * Case is folded by setting bit 5 of every byte: right for letters, and for other bytes only a
 * little less selective.
 *
 * Literals of 4 to 6 bytes would force the stride to 1. They stand in a class of their own, with
 * grams of three bytes and a stride of 2 or more.
 */
#include "analyzer/engine/prefilter.h"

#include "analyzer/core/arena.h"

#include <stdlib.h>
#include <string.h>

enum {
    CLASSES = 2,
    LOOKS = 8, /* before a branch */
    STRIDE_MAX = 8,
    LONG_MIN = 7,       /* literals of at least this length have grams of four bytes */
    OFFSETS_MAX = 240,  /* a window starts in the first bytes of its literal */
    BITS_PER_GRAM = 32, /* about 3 % of the looks pass by chance alone */
    MAP_BITS_MIN = 15,
    MAP_BITS_MAX = 22,
    COUNT_BITS = 14,
    CHUNK_BYTES = 8 << 10, /* the classes take turns, so that finding stays near its start */
};

#define FOLD 0x20202020u

struct entry {
    uint32_t gram, literal, offset;
};

struct class
{
    unsigned gram_bytes, stride, map_bits, slot_bits;
    uint32_t mask; /* of the bytes of a gram */
    uint32_t *map;
    uint32_t *slots; /* entries with hash h: [slots[h], slots[h + 1]) */
    struct entry *entries;
    size_t n;     /* entries */
    size_t reach; /* greatest offset */
};

struct prefilter {
    struct arena arena;
    const struct literal *literals;
    struct class classes[CLASSES];
    unsigned n_classes;
};

static uint32_t hash(uint32_t gram)
{
    return gram * 0x9e3779b1u;
}

static uint32_t load(const char *p)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return v;
}

/* The gram at `p`, byte by byte in memory order; only for building and the last bytes of a text. */
static uint32_t gram_at(const struct class *c, const char *p)
{
    uint32_t v = 0;

    memcpy(&v, p, c->gram_bytes);
    return (v | FOLD) & c->mask;
}

/* --- building ------------------------------------------------------------------------------- */

struct counts {
    uint16_t ordinary[1 << COUNT_BITS]; /* of a gram in ordinary logs */
    uint16_t used[1 << COUNT_BITS];     /* by literals so far */
};

static void count_ordinary(const struct class *c, struct counts *counts)
{
    static const struct str ordinary[] = {
#define ORDINARY(text) { STR_INIT(text) },
#include "analyzer/engine/ordinary.def"
#undef ORDINARY
    };

    for (size_t i = 0; i < sizeof ordinary / sizeof ordinary[0]; i++)
        for (size_t at = 0; at + c->gram_bytes <= ordinary[i].n; at++)
            counts->ordinary[hash(gram_at(c, ordinary[i].p + at)) >> (32 - COUNT_BITS)]++;
}

/* Numbers, addresses and their punctuation take all values sooner or later. */
static bool is_number_like(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (char_hex(p[i]) < 0 && (!p[i] || !strchr(" .:-x[]()", p[i])))
            return false;
    return true;
}

static uint32_t gram_cost(const struct class *c, const struct counts *counts, const char *p)
{
    uint32_t at = hash(gram_at(c, p)) >> (32 - COUNT_BITS);

    return 8u * counts->ordinary[at] + counts->used[at] +
           (is_number_like(p, c->gram_bytes) ? 64 : 0);
}

/* The start of the cheapest `stride` neighbouring offsets in `text`. */
static size_t best_window(const struct class *c, const struct counts *counts, struct str text)
{
    uint32_t costs[OFFSETS_MAX + STRIDE_MAX], sum = 0, least;
    size_t n = text.n - c->gram_bytes + 1, best = 0;

    if (n > sizeof costs / sizeof costs[0])
        n = sizeof costs / sizeof costs[0];
    for (size_t i = 0; i < n; i++)
        costs[i] = gram_cost(c, counts, text.p + i);
    for (size_t i = 0; i < c->stride; i++)
        sum += costs[i];
    least = sum;
    for (size_t i = c->stride; i < n; i++) {
        sum += costs[i] - costs[i - c->stride];
        if (sum < least) {
            least = sum;
            best = i - c->stride + 1;
        }
    }
    return best;
}

static bool in_class(const struct class *c, const struct literal *l)
{
    return (l->text.n >= LONG_MIN) == (c->gram_bytes == sizeof(uint32_t));
}

static void enter(struct class *c, struct counts *counts, const struct literal *l, uint32_t index)
{
    size_t window = best_window(c, counts, l->text);

    for (size_t i = window; i < window + c->stride; i++) {
        uint32_t gram = gram_at(c, l->text.p + i);
        uint16_t *used = &counts->used[hash(gram) >> (32 - COUNT_BITS)];

        c->entries[c->n++] = (struct entry){ gram, index, (uint32_t)i };
        if (*used < UINT16_MAX)
            ++*used;
    }
    if (window + c->stride > c->reach)
        c->reach = window + c->stride;
}

/* Sorts the entries into their slots and sets the map's bits. */
static bool index_entries(struct class *c, struct arena *a)
{
    struct entry *sorted = arena_new(a, struct entry, c->n);
    size_t n_slots;

    c->map_bits = MAP_BITS_MIN;
    while (c->map_bits < MAP_BITS_MAX && (size_t)1 << c->map_bits < BITS_PER_GRAM * c->n)
        c->map_bits++;
    c->slot_bits = c->map_bits - 4;
    n_slots = (size_t)1 << c->slot_bits;
    c->map = arena_new(a, uint32_t, ((size_t)1 << c->map_bits) / 32);
    c->slots = arena_new(a, uint32_t, n_slots + 2);
    if (!sorted || !c->map || !c->slots)
        return false;
    /* Two places ahead, so that filling in leaves slots[h] at the start of h. */
    for (size_t i = 0; i < c->n; i++)
        c->slots[(hash(c->entries[i].gram) >> (32 - c->slot_bits)) + 2]++;
    for (size_t i = 2; i < n_slots + 2; i++)
        c->slots[i] += c->slots[i - 1];
    for (size_t i = 0; i < c->n; i++) {
        uint32_t h = hash(c->entries[i].gram), bit = h >> (32 - c->map_bits);

        c->map[bit / 32] |= (uint32_t)1 << bit % 32;
        sorted[c->slots[(h >> (32 - c->slot_bits)) + 1]++] = c->entries[i];
    }
    c->entries = sorted;
    return true;
}

static bool build_class(struct class *c, struct arena *a, const struct literal *literals, size_t n)
{
    struct arena scratch = { 0 };
    struct counts *counts = arena_new(&scratch, struct counts, 1);
    size_t shortest = SIZE_MAX, members = 0;
    bool ok;

    for (size_t i = 0; i < n; i++) {
        if (!in_class(c, &literals[i]))
            continue;
        members++;
        shortest = literals[i].text.n < shortest ? literals[i].text.n : shortest;
    }
    c->stride = (unsigned)(shortest < STRIDE_MAX + c->gram_bytes - 1 ? shortest - c->gram_bytes + 1
                                                                     : STRIDE_MAX);
    c->entries = arena_new(&scratch, struct entry, members * c->stride);
    ok = counts && c->entries;
    if (ok) {
        count_ordinary(c, counts);
        for (size_t i = 0; i < n; i++)
            if (in_class(c, &literals[i]))
                enter(c, counts, &literals[i], (uint32_t)i);
        ok = index_entries(c, a);
    }
    arena_done(&scratch);
    return ok;
}

struct prefilter *prefilter_new(const struct literal *literals, size_t n)
{
    struct prefilter *f = calloc(1, sizeof *f);
    struct literal *copy = f ? arena_new(&f->arena, struct literal, n) : NULL;
    size_t n_long = 0;
    bool ok = copy != NULL;

    for (size_t i = 0; ok && i < n; i++) {
        copy[i] = literals[i];
        n_long += literals[i].text.n >= LONG_MIN;
        ok = literals[i].text.n >= PREFILTER_MIN;
    }
    if (ok && n_long) {
        struct class *c = &f->classes[f->n_classes++];

        *c = (struct class){ .gram_bytes = 4, .mask = UINT32_MAX };
        ok = build_class(c, &f->arena, copy, n);
    }
    if (ok && n_long < n) {
        struct class *c = &f->classes[f->n_classes++];
        char bytes[4] = { (char)-1, (char)-1, (char)-1, 0 };

        *c = (struct class){ .gram_bytes = 3, .mask = load(bytes) };
        ok = build_class(c, &f->arena, copy, n);
    }
    if (!ok) {
        prefilter_free(f);
        return NULL;
    }
    f->literals = copy;
    return f;
}

void prefilter_free(struct prefilter *f)
{
    if (!f)
        return;
    arena_done(&f->arena);
    free(f);
}

/* --- searching ------------------------------------------------------------------------------ */

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

/* The gram at text[at] is in the map: whose is it? */
static void confirm(struct search *s, const struct class *c, size_t at)
{
    uint32_t gram = gram_at(c, s->text.p + at), slot = hash(gram) >> (32 - c->slot_bits);

    for (uint32_t i = c->slots[slot]; i < c->slots[slot + 1]; i++) {
        const struct entry *e = &c->entries[i];
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

static bool is_marked(const struct class *c, uint32_t gram)
{
    uint32_t bit = hash(gram) >> (32 - c->map_bits);

    return c->map[bit / 32] >> bit % 32 & 1;
}

/* Could a look at `at` still find something that is wanted? */
static bool goes_on(const struct search *s, const struct class *c, size_t at)
{
    return s->found || s->first == SIZE_MAX || at < s->first + c->reach;
}

/* Looks at the stride's places in [at, end); returns the first place not looked at. */
static size_t look(struct search *s, const struct class *c, size_t at, size_t end)
{
    const size_t stride = c->stride;
    const char *p = s->text.p;

    while (s->text.n >= sizeof(uint32_t) && at + LOOKS * stride <= end &&
           at + (LOOKS - 1) * stride <= s->text.n - sizeof(uint32_t) && goes_on(s, c, at)) {
        unsigned marks = 0;

        for (size_t i = 0; i < LOOKS; i++)
            marks |= (unsigned)is_marked(c, (load(p + at + i * stride) | FOLD) & c->mask) << i;
        for (; marks; marks &= marks - 1)
            confirm(s, c, at + (size_t)__builtin_ctz(marks) * stride);
        at += LOOKS * stride;
    }
    for (; at < end && at + c->gram_bytes <= s->text.n && goes_on(s, c, at); at += stride)
        if (is_marked(c, gram_at(c, p + at)))
            confirm(s, c, at);
    return at;
}

size_t prefilter_next(const struct prefilter *f, struct str block, size_t from)
{
    struct search s = { .f = f, .text = block, .from = from, .first = SIZE_MAX };
    size_t at[CLASSES] = { from, from };
    size_t chunk = f->n_classes > 1 ? CHUNK_BYTES : block.n;

    while (from < block.n && s.first == SIZE_MAX) {
        from = block.n - from > chunk ? from + chunk : block.n;
        for (unsigned i = 0; i < f->n_classes; i++)
            at[i] = look(&s, &f->classes[i], at[i], from);
    }
    /* A literal that starts earlier may have its looked-at gram behind the one just found. */
    for (unsigned i = 0; s.first != SIZE_MAX && i < f->n_classes; i++)
        look(&s, &f->classes[i], at[i], block.n);
    return s.first;
}

void prefilter_scan(const struct prefilter *f, struct str text,
                    void (*found)(void *ctx, uint32_t literal), void *ctx)
{
    struct search s = { .f = f, .text = text, .first = SIZE_MAX, .found = found, .ctx = ctx };

    for (unsigned i = 0; i < f->n_classes; i++)
        look(&s, &f->classes[i], 0, text.n);
}
