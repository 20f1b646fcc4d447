/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains of records; see chains.h. A header says how long its record is, and length, text and
 * dictionary must add up; so one that is followed by seven others, with stamps that do not fall, is
 * no accident. A ring that wrapped makes two chains: the newer one ends about where the older one,
 * above it, begins.
 */
#include "parsers/memory/chains.h"

#include "analyzer/core/limits.h"
#include "parsers/memory/scan.h"

#include <string.h>

enum {
    HEADER = 16,
    HEADER_CALLER = 20,
    RECORD_MAX = 4096,
    FACILITY_MAX = 23,
    CHAIN_MIN = 8,
    TEXT_MIN = 6,
    TS_TOP_SHIFT = 56,
    WRAP_GAP = 4096,
};

static const uint64_t fall_ns = 1000000000;
static const uint64_t chain_max = 1 << 20;

struct search {
    struct image *m;
    struct arena *arena;
    struct {
        VEC(struct chain);
    } chains;
    uint64_t skip_to; /* places below it belong to a chain that was taken */
};

static bool adds_up(const struct logbuf_header *h, uint64_t header)
{
    return h->len >= header && h->len <= RECORD_MAX && h->facility <= FACILITY_MAX &&
           h->ts_ns >> TS_TOP_SHIFT == 0 &&
           h->len == ((header + h->text_len + h->dict_len + 3) & ~(uint64_t)3);
}

static bool is_text(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((p[i] < 0x1b && p[i] != '\t' && p[i] != '\n') || p[i] > 0x7e)
            return false;
    return true;
}

/* Follows the records from `place` on. */
static struct chain follow(struct image *m, uint64_t place, uint64_t header)
{
    struct logbuf_layout layout = logbuf_layout_default();
    struct chain c = { .from = place, .to = place, .header = header };
    unsigned char bytes[HEADER];

    while (c.n < chain_max && image_read(m, c.to, bytes, sizeof bytes)) {
        struct logbuf_header h = logbuf_header(bytes, &layout);

        if (!adds_up(&h, header) || h.ts_ns + fall_ns < c.last_ns)
            break;
        if (c.n++ == 0)
            c.first_ns = h.ts_ns;
        if (h.ts_ns > c.last_ns)
            c.last_ns = h.ts_ns;
        c.to += h.len;
    }
    return c;
}

static void try_chain(struct search *s, uint64_t place, uint64_t header)
{
    struct chain c = follow(s->m, place, header), *slot;

    if (c.n < CHAIN_MIN)
        return;
    s->skip_to = c.to;
    slot = s->chains.n < LIMIT_IMAGE_RINGS ? vec_push(s->arena, &s->chains) : NULL;
    if (slot)
        *slot = c;
}

/*
 * The word behind the stamp: len, text_len and dict_len are below 4096, len is a multiple of 4 and
 * not 0, the facility is below 32. That denies nearly everything.
 */
static bool may_be_header(const unsigned char *p)
{
    const uint64_t never = 0x00e0f000f000f003, some = 0xfff0;
    uint64_t word;

    memcpy(&word, p + 8, sizeof word);
    return !(word & never) && word & some;
}

static void look_at_header(struct search *s, const unsigned char *p, uint64_t place)
{
    static const uint64_t headers[] = { HEADER, HEADER_CALLER };
    struct logbuf_layout layout = logbuf_layout_default();
    struct logbuf_header h = logbuf_header(p, &layout);

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        if (place >= s->skip_to && adds_up(&h, headers[i]) && h.text_len >= TEXT_MIN &&
            is_text(p + headers[i], TEXT_MIN))
            try_chain(s, place, headers[i]);
}

static bool look_at(void *ctx, const struct scan_block *b)
{
    for (size_t at = 0; at + HEADER <= b->n; at += 4)
        if (may_be_header(b->p + at))
            look_at_header(ctx, b->p + at, b->place + at);
    return true;
}

/* Is `newer` the part of the ring that was written after `older`? */
static bool wraps(const struct chain *older, const struct chain *newer)
{
    uint64_t gap = older->from > newer->to ? older->from - newer->to : newer->to - older->from;

    return older->header == newer->header && newer->from < older->from && gap < WRAP_GAP &&
           newer->first_ns + fall_ns >= older->last_ns;
}

/* The length and stamp of the record at `place`. */
static struct logbuf_header header_of(struct image *m, uint64_t place)
{
    struct logbuf_layout layout = logbuf_layout_default();
    unsigned char bytes[HEADER] = { 0 };

    if (!image_read(m, place, bytes, sizeof bytes))
        return (struct logbuf_header){ 0 };
    return logbuf_header(bytes, &layout);
}

/* Leaves out what the newer part has overwritten, and one stale record before the oldest. */
static void trim(struct image *m, struct chain *older, const struct chain *newer)
{
    struct logbuf_header h, next;

    while (older->from < newer->to && older->n > 1) {
        h = header_of(m, older->from);
        if (h.len == 0)
            return;
        older->from += h.len;
        older->n--;
    }
    h = header_of(m, older->from);
    if (older->n < 2 || h.len == 0)
        return;
    next = header_of(m, older->from + h.len);
    if (h.ts_ns + fall_ns < next.ts_ns)
        older->from += h.len;
}

static void set_pieces(struct logbuf *out, const struct chain *first, const struct chain *second)
{
    out->pieces[0] = (struct logbuf_piece){ first->from, first->to };
    out->n_pieces = 1;
    if (second) {
        out->pieces[1] = (struct logbuf_piece){ second->from, second->to };
        out->n_pieces = 2;
    }
}

bool chains_find(struct image *m, struct arena *arena, struct logbuf *out, struct err *err)
{
    struct search s = { .m = m, .arena = arena };
    const struct chain *longest;
    struct chain older;

    if (!scan_blocks(m, look_at, &s, err) || s.chains.n == 0)
        return false;
    longest = s.chains.p;
    for (size_t i = 1; i < s.chains.n; i++)
        if (s.chains.p[i].n > longest->n)
            longest = &s.chains.p[i];
    *out = (struct logbuf){ .space = space_shifted(m, 0), .layout = logbuf_layout_default() };
    out->layout.header = longest->header;
    out->has_caller = longest->header == HEADER_CALLER;
    set_pieces(out, longest, NULL);
    for (size_t i = 0; i < s.chains.n; i++) {
        const struct chain *c = &s.chains.p[i];
        const struct chain *newer = wraps(c, longest) ? longest : c;

        if (c == longest || (!wraps(c, longest) && !wraps(longest, c)))
            continue;
        older = newer == c ? *longest : *c;
        trim(m, &older, newer);
        set_pieces(out, &older, newer);
        break;
    }
    logbuf_rewind(out);
    return true;
}
