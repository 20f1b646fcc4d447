/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pass over an image; see scan.h. Every 8-byte word is asked three things at once, each of
 * which nearly every word denies by one comparison:
 *
 *   is it 3 to 20?          the number of bits that a ring counts its records with
 *   is it one less than the word three further on? a descriptor's state word, before the next
 *   is half of it "OSRE"?   VMCOREINFO's first line; the kernel aligns it to 4 bytes at least
 *
 * Holes of a sparse file are skipped.
 */
#include "parsers/memory/scan.h"

#include "analyzer/core/limits.h"
#include "parsers/memory/ringbuffer.h"

#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 1 << 20,
    DESC_WORDS = 3, /* sizeof(struct prb_desc) / 8 */
    RUN_MIN = 4,
    RING_WORDS = 10,
    COUNT_BITS_MIN = 3,
    LIVE_STEP = 1 << 16, /* behind what a running guest does not show */
};

static const uint32_t osre = 0x4552534f; /* "OSRE", little-endian */

static const struct str osrelease = { STR_INIT("OSRELEASE=") };

/* One stretch of a file that is no hole. */
static bool scan_stretch(struct image *m, const struct segment *s, unsigned char *buf,
                         scan_look look, void *ctx)
{
    uint64_t done = 0;

    while (done < s->size) {
        uint64_t left = s->size - done;
        size_t want = left < BLOCK + SCAN_OVERLAP ? (size_t)left : BLOCK + SCAN_OVERLAP;
        size_t got = stored_read(&m->files[s->file], s->offset + done, buf, want);
        struct scan_block block = { .p = buf, .n = got, .place = s->start + done };

        memset(buf + got, 0, SCAN_OVERLAP);
        if (got == want && left > want)
            block.n = BLOCK;
        if (!look(ctx, &block))
            return false;
        if (got < want || left <= want)
            return true;
        done += BLOCK;
    }
    return true;
}

/* A stretch of a guest that runs: what cannot be read is passed over. */
static bool scan_live(struct image *m, const struct segment *s, unsigned char *buf, scan_look look,
                      void *ctx)
{
    uint64_t done = 0;

    while (done < s->size) {
        uint64_t left = s->size - done;
        size_t want = left < BLOCK + SCAN_OVERLAP ? (size_t)left : BLOCK + SCAN_OVERLAP;
        size_t got = m->live.pass(m->live.ctx, s->start + done, buf, want);
        struct scan_block block = { .p = buf, .n = got, .place = s->start + done };

        memset(buf + got, 0, SCAN_OVERLAP);
        if (got == want && left > want)
            block.n = BLOCK;
        if (got && !look(ctx, &block))
            return false;
        done = got == want ? done + block.n : (done + got) / LIVE_STEP * LIVE_STEP + LIVE_STEP;
    }
    return true;
}

bool scan_blocks(struct image *m, scan_look look, void *ctx, struct err *err)
{
    unsigned char *buf = malloc(BLOCK + 2 * SCAN_OVERLAP);
    bool more = true;

    if (!buf)
        return fail(err, FAIL_LIMIT, "out of memory");
    for (size_t i = 0; more && i < m->segments.n; i++) {
        struct segment s = m->segments.p[i];
        uint64_t odd = (0 - s.start) & 7, from, to, end = s.offset + s.size;

        if (m->live.pass) {
            more = scan_live(m, &s, buf, look, ctx);
            continue;
        }
        for (from = s.offset + odd; more && stored_find_data(&m->files[s.file], &from, end, &to);
             from = to) {
            /* Words are aligned in memory, not in the file. */
            uint64_t start = s.start + (from - s.offset), back = start & 7;

            more = scan_stretch(m,
                                &(struct segment){ .start = start - back,
                                                   .size = to - from + back,
                                                   .offset = from - back,
                                                   .file = s.file },
                                buf, look, ctx);
        }
    }
    free(buf);
    return true;
}

static void take_ring(struct scan *s, const struct scan_block *b, size_t at)
{
    uint64_t words[RING_WORDS], text_ring;
    struct ring_hit *slot;

    memcpy(words, b->p + at, sizeof words);
    if (!ring_looks_like(words, &text_ring))
        return;
    slot = s->rings.n < LIMIT_IMAGE_RINGS ? vec_push(s->arena, &s->rings) : NULL;
    if (slot)
        *slot = (struct ring_hit){ b->place + at, text_ring };
    s->full |= !slot;
}

static void close_run(struct scan *s)
{
    struct desc_run *slot;

    if (s->open.n >= RUN_MIN) {
        slot = s->runs.n < LIMIT_IMAGE_RINGS ? vec_push(s->arena, &s->runs) : NULL;
        if (slot)
            *slot = s->open;
        s->full |= !slot;
    }
    s->open.n = 0;
}

/* `word` and the one behind it are state words of descriptors. */
static void take_desc(struct scan *s, uint64_t place, uint64_t word)
{
    uint64_t id = word & RING_ID_MASK, n = s->open.n;

    if (n && place == s->open.place + n * 8 * DESC_WORDS && id == s->open.id + n) {
        s->open.n++;
        return;
    }
    close_run(s);
    s->open = (struct desc_run){ place, id, 1 };
}

static void take_info(struct scan *s, const struct scan_block *b, size_t at)
{
    const char *p = (const char *)b->p + at;
    uint64_t *slot;

    if (memcmp(p, osrelease.p, osrelease.n) != 0 || !char_is_digit(p[osrelease.n]))
        return;
    slot = s->infos.n < LIMIT_IMAGE_RINGS ? vec_push(s->arena, &s->infos) : NULL;
    if (slot)
        *slot = b->place + at;
    s->full |= !slot;
}

/* States 1 and 2 in the top two bits: committed and finalized. */
static bool is_state_word(uint64_t word)
{
    return (word ^ word << 1) >> 63;
}

static void take_word(struct scan *s, const struct scan_block *b, size_t at, uint64_t word,
                      uint64_t third)
{
    if (word - COUNT_BITS_MIN <= LIMIT_RING_BITS - COUNT_BITS_MIN)
        take_ring(s, b, at);
    if (third - word == 1 && is_state_word(word))
        take_desc(s, b->place + at, word);
    if ((uint32_t)word == osre)
        take_info(s, b, at);
    if (word >> 32 == osre)
        take_info(s, b, at + 4);
}

static bool look_at(void *ctx, const struct scan_block *b)
{
    const uint64_t *w = (const uint64_t *)(const void *)b->p;
    struct scan *s = ctx;

    s->bytes += b->n;
    for (size_t i = 0; i < b->n / 8; i++) {
        uint64_t word = w[i], third = w[i + DESC_WORDS];

        if ((word - COUNT_BITS_MIN <= LIMIT_RING_BITS - COUNT_BITS_MIN) | (third - word == 1) |
            ((uint32_t)word == osre) | (word >> 32 == osre))
            take_word(s, b, 8 * i, word, third);
    }
    return true;
}

bool scan_image(struct scan *s, struct image *m, struct err *err)
{
    bool ok = scan_blocks(m, look_at, s, err);

    close_run(s);
    return ok;
}
