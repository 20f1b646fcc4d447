/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts against the strings of a kernel; see kernel_text.h.
 *
 * A message is made of pieces: "%s error, dev %s, sector %llu" gives " error, dev " and ", sector
 * ", and what the conversions print is either a value or another string of the kernel (panic()
 * prints "Kernel panic - not syncing: %s" with a whole message inside; die() and dev_err() do the
 * like). So a text is printable when one piece holds it, or when pieces tile it: each of them
 * begins where the text begins or with its own beginning, and ends where the text ends or with its
 * own end. What lies between two pieces must look like one value. A text made of nothing but whole
 * pieces ("FAILED", "Result: ", "hostbyte=%s", "DID_ERROR") may be one, and may be chance.
 *
 * Whole texts are found by the prefilter. Tiles are found by the first and the last four bytes of
 * each piece, looked up among the grams of all texts; of each text only which parts are covered is
 * kept, so memory does not grow with the kernel.
 */
#include "analyzer/engine/kernel_text.h"

#include <stdlib.h>
#include <string.h>

enum {
    GRAM = 4,
    TEXT_BYTES = 64,     /* of a longer text its first ones are judged: one bit for each end */
    STRING_BYTES = 1024, /* of a string: printk()'s own limit (LOG_LINE_MAX) */
    INNER_LEAST = 8, /* a shorter string in the middle of a text says nothing: "root", "error" */
    OUTER_LEAST = 5,
    MAYBE_LEAST = 12,
    FULL_LEAST = 6,
    TOUCHED = 16,
    TABLE_BITS = 16,
};

#define NO_ENTRY UINT32_MAX

struct text {
    struct str s;
    bool whole;
    bool message;    /* all that a %s prints: no string that only ends with it will do */
    uint64_t *ends;  /* by start: bit e-1 when a tile covers [start, e) */
    uint64_t *fulls; /* the same, of pieces that are the tile from end to end */
    size_t by_one;   /* most bytes that the pieces of one string cover, in their order */
};

/* What the string at hand covers of a text so far. */
struct touch {
    uint32_t text;
    size_t covered, end;
    bool tells;
};

struct entry {
    uint32_t gram, text, next;
    uint32_t at;
};

/* The tiles that make up most of a text, the longer ones preferred. */
struct tiling {
    size_t covered, longest; /* longest: of those that tell something */
    bool values;             /* what lies between them may each be one value */
};

struct kernel_texts {
    struct text *texts;
    size_t n;
    struct prefilter *whole;
    struct entry *entries;
    size_t n_entries;
    uint32_t *heads; /* by hash of a gram: index of an entry */
    struct touch touched[TOUCHED];
    size_t n_touched;
};

static uint32_t gram_at(const char *p)
{
    uint32_t gram;

    memcpy(&gram, p, sizeof gram);
    return gram;
}

static uint32_t hash_gram(uint32_t gram)
{
    return gram * 2654435761u >> (32 - TABLE_BITS);
}

static void enter(struct kernel_texts *k, uint32_t text)
{
    struct str s = k->texts[text].s;

    for (size_t at = 0; at + GRAM <= s.n; at++) {
        uint32_t gram = gram_at(s.p + at), *head = &k->heads[hash_gram(gram)];

        k->entries[k->n_entries] = (struct entry){ gram, text, *head, (uint32_t)at };
        *head = (uint32_t)k->n_entries++;
    }
}

/*
 * What is judged of a text. All panics share their head, which would be most of many a text; and
 * the last word of a text that was cut is none.
 */
static void set_text(struct text *t, struct str text)
{
    struct str s = text;
    size_t space;

    t->message = str_take(&s, STR("Kernel panic - not syncing: ")) && s.n >= INNER_LEAST;
    s = str_first(t->message ? s : text, TEXT_BYTES);
    space = str_find_last_char(s, ' ');
    t->s = text.n > TEXT_BYTES && space != STR_NOT_FOUND && space >= INNER_LEAST
                   ? str_first(s, space)
                   : s;
}

static bool build(struct kernel_texts *k, const struct literal *literals, size_t n)
{
    size_t n_entries = 1;

    for (size_t i = 0; i < n; i++)
        n_entries += TEXT_BYTES;
    k->n = n;
    k->texts = calloc(n + 1, sizeof *k->texts);
    k->entries = calloc(n_entries, sizeof *k->entries);
    k->heads = malloc(sizeof *k->heads << TABLE_BITS);
    k->whole = n ? prefilter_new(literals, n) : NULL;
    if (!k->texts || !k->entries || !k->heads || (n && !k->whole))
        return false;
    for (size_t i = 0; i < (size_t)1 << TABLE_BITS; i++)
        k->heads[i] = NO_ENTRY;
    for (size_t i = 0; i < n; i++) {
        set_text(&k->texts[i], literals[i].text);
        k->texts[i].ends = calloc(TEXT_BYTES, sizeof *k->texts[i].ends);
        k->texts[i].fulls = calloc(TEXT_BYTES, sizeof *k->texts[i].fulls);
        if (!k->texts[i].ends || !k->texts[i].fulls)
            return false;
        /* Tiles are compared byte by byte. */
        if (!literals[i].nocase)
            enter(k, (uint32_t)i);
    }
    return true;
}

struct kernel_texts *kernel_texts_new(const struct literal *literals, size_t n)
{
    struct kernel_texts *k = calloc(1, sizeof *k);

    if (k && build(k, literals, n))
        return k;
    kernel_texts_free(k);
    return NULL;
}

void kernel_texts_free(struct kernel_texts *k)
{
    if (!k)
        return;
    for (size_t i = 0; k->texts && i < k->n; i++) {
        free(k->texts[i].ends);
        free(k->texts[i].fulls);
    }
    prefilter_free(k->whole);
    free(k->texts);
    free(k->entries);
    free(k->heads);
    free(k);
}

static void on_whole(void *ctx, uint32_t literal)
{
    struct kernel_texts *k = ctx;

    k->texts[literal].whole = true;
}

static bool has_words(struct str s)
{
    return str_find_char(str_trim(s), ' ') != STR_NOT_FOUND;
}

/* One word of many, unless it is a long one, stands in every kernel somewhere. */
static bool tells(struct str text, struct str tile)
{
    return tile.n >= MAYBE_LEAST || has_words(tile) || !has_words(text) ||
           str_find_char(tile, '(') != STR_NOT_FOUND || str_find_char(tile, '=') != STR_NOT_FOUND;
}

/* A tile of the string at hand, if it lies behind its earlier ones. */
static void touch(struct kernel_texts *k, uint32_t text, size_t start, size_t end)
{
    struct text *t = &k->texts[text];
    struct touch *slot = k->touched;

    while (slot < k->touched + k->n_touched && slot->text != text)
        slot++;
    if (slot == k->touched + TOUCHED)
        return;
    if (slot == k->touched + k->n_touched)
        k->touched[k->n_touched++] = (struct touch){ .text = text };
    if (start < slot->end)
        return;
    slot->tells = slot->covered || tells(t->s, str_first(str_from_at(t->s, start), end - start));
    slot->covered += end - start;
    slot->end = end;
    if (slot->tells && slot->covered > t->by_one)
        t->by_one = slot->covered;
}

static void cover(struct kernel_texts *k, uint32_t text, size_t start, size_t end)
{
    struct text *t = &k->texts[text];
    size_t least = start > 0 && end < t->s.n ? INNER_LEAST : OUTER_LEAST;

    if (end - start < least)
        return;
    t->ends[start] |= UINT64_C(1) << (end - 1);
    touch(k, text, start, end);
}

/* The piece begins at `at` of a text and goes on as long as both do. */
static void cover_forward(struct kernel_texts *k, uint32_t text, size_t at, struct str piece)
{
    struct str s = k->texts[text].s;
    size_t n = piece.n < s.n - at ? piece.n : s.n - at;

    if (memcmp(s.p + at, piece.p, n) != 0)
        return;
    cover(k, text, at, at + n);
    if (n == piece.n && n >= FULL_LEAST)
        k->texts[text].fulls[at] |= UINT64_C(1) << (at + n - 1);
}

/* The piece ends at `end` of a text. */
static void cover_backward(struct kernel_texts *k, uint32_t text, size_t end, struct str piece)
{
    struct str s = k->texts[text].s;
    size_t n = piece.n < end ? piece.n : end;

    if (k->texts[text].message && n < piece.n)
        return;
    if (memcmp(s.p + end - n, piece.p + piece.n - n, n) == 0)
        cover(k, text, end - n, end);
}

static void add_piece(struct kernel_texts *k, struct str piece)
{
    uint32_t first, last;

    if (piece.n < GRAM)
        return;
    if (k->whole)
        prefilter_scan(k->whole, piece, on_whole, k);
    first = gram_at(piece.p);
    for (uint32_t i = k->heads[hash_gram(first)]; i != NO_ENTRY; i = k->entries[i].next)
        if (k->entries[i].gram == first)
            cover_forward(k, k->entries[i].text, k->entries[i].at, piece);
    last = gram_at(piece.p + piece.n - GRAM);
    for (uint32_t i = k->heads[hash_gram(last)]; i != NO_ENTRY; i = k->entries[i].next)
        if (k->entries[i].gram == last)
            cover_backward(k, k->entries[i].text, k->entries[i].at + GRAM, piece);
}

/* "%-10.3lu", "%*d", "%pI4": the '%' is taken (lib/vsprintf.c, format_decode()). */
static void take_conversion(struct str *in)
{
    char c;

    while (in->n && strchr("-+ #0123456789.*", in->p[0]))
        *in = str_from_at(*in, 1);
    while (in->n && strchr("hlLqjzt", in->p[0]))
        *in = str_from_at(*in, 1);
    if (!str_take_any(in, &c) || c != 'p')
        return;
    while (in->n && char_is_alnum(in->p[0]))
        *in = str_from_at(*in, 1);
}

void kernel_texts_add(struct kernel_texts *k, struct str string)
{
    char piece[STRING_BYTES];
    size_t n = 0;
    struct str in = str_first(string, STRING_BYTES);

    k->n_touched = 0;
    while (in.n) {
        char c = in.p[0];

        in = str_from_at(in, 1);
        if (c == '%' && !str_take_char(&in, '%')) {
            add_piece(k, (struct str){ piece, n });
            n = 0;
            take_conversion(&in);
            continue;
        }
        piece[n++] = c;
    }
    add_piece(k, (struct str){ piece, n });
}

/* A number, a name: what one conversion may have printed, and what is too short to be a tile. */
static bool is_value(struct str gap)
{
    while (gap.n && !char_is_alnum(gap.p[0]))
        gap = str_from_at(gap, 1);
    while (gap.n && !char_is_alnum(gap.p[gap.n - 1]))
        gap.n--;
    return str_find_char(gap, ' ') == STR_NOT_FOUND;
}

/* best[e]: the most of [0, e) that `ends` makes up, in squares: one long tile says more than two.
 */
static struct tiling tile(struct str s, const uint64_t *ends)
{
    size_t best[TEXT_BYTES + 1] = { 0 }, from[TEXT_BYTES + 1] = { 0 }, gap_end = s.n;
    struct tiling t = { .values = true };

    for (size_t e = 1; e <= s.n; e++) {
        best[e] = best[e - 1];
        from[e] = e;
        for (size_t i = 0; i < e; i++) {
            if (!(ends[i] >> (e - 1) & 1) || best[i] + (e - i) * (e - i) <= best[e])
                continue;
            best[e] = best[i] + (e - i) * (e - i);
            from[e] = i;
        }
    }
    for (size_t e = s.n; e > 0;) {
        size_t n = e - from[e];

        if (n == 0) {
            e--;
            continue;
        }
        t.values = t.values && is_value((struct str){ s.p + e, gap_end - e });
        if (n > t.longest && tells(s, (struct str){ s.p + from[e], n }))
            t.longest = n;
        t.covered += n;
        gap_end = e = from[e];
    }
    t.values = t.values && is_value(str_first(s, gap_end));
    return t;
}

/* Its first piece ends in a blank: pr_cont() prints the rest. */
static bool is_continued(const struct text *t)
{
    for (size_t e = MAYBE_LEAST; e < t->s.n; e++)
        if (t->fulls[0] >> (e - 1) & 1 && t->s.p[e - 1] == ' ')
            return true;
    return false;
}

/* "name=value", and nothing but whole pieces and spaces: so the kernel prints a line in steps. */
static bool is_composed(const struct text *t)
{
    size_t spaces = 0;

    for (size_t i = 0; i < t->s.n; i++)
        spaces += t->s.p[i] == ' ';
    return str_find_char(t->s, '=') != STR_NOT_FOUND &&
           tile(t->s, t->fulls).covered + spaces >= t->s.n;
}

enum printable kernel_texts_judge(const struct kernel_texts *k, size_t literal)
{
    const struct text *t = &k->texts[literal];
    enum printable in_steps = is_composed(t) || is_continued(t) ? PRINTABLE_MAYBE : PRINTABLE_NOT;
    struct tiling tiling;
    size_t longest;

    if (t->whole)
        return PRINTABLE_WHOLE;
    tiling = tile(t->s, t->ends);
    longest = t->by_one > tiling.longest ? t->by_one : tiling.longest;
    if (longest < INNER_LEAST || !tiling.values)
        return in_steps;
    /* Most of it from one string, or no gap at all. */
    if (3 * tiling.covered >= 2 * t->s.n &&
        (2 * longest >= t->s.n || (tiling.covered == t->s.n && 3 * longest >= t->s.n)))
        return PRINTABLE_PARTS;
    return longest >= MAYBE_LEAST ? PRINTABLE_MAYBE : in_steps;
}
