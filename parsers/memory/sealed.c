/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is this memory encrypted? A VM whose home is encrypted (Workstation's access control, vSphere's
 * VM encryption) has its memory files encrypted, too, and nothing in them says so. But pages of
 * guests are code, text, pointers and zeros; in bytes that a cipher made every value comes equally
 * often.
 */
#include "parsers/memory/image.h"

enum {
    SAMPLES = 256,
    PAGES_MIN = 32,   /* fewer pages that are not empty prove nothing */
    EACH_MOST = 48,   /* of 4096 random bytes 16 are alike, and 48 eight standard deviations away */
    VALUES_MIN = 250, /* of 256; 4096 random bytes lack one in a million times */
};

static bool is_empty(const unsigned char *page)
{
    for (size_t i = 0; i < IMAGE_PAGE; i++)
        if (page[i])
            return false;
    return true;
}

static bool is_random(const unsigned char *page)
{
    unsigned n[256] = { 0 }, values = 0, most = 0;

    for (size_t i = 0; i < IMAGE_PAGE; i++)
        n[page[i]]++;
    for (size_t i = 0; i < 256; i++) {
        values += n[i] > 0;
        most = n[i] > most ? n[i] : most;
    }
    return values >= VALUES_MIN && most <= EACH_MOST;
}

bool image_looks_encrypted(struct image *m)
{
    uint64_t pages = image_size(m) / IMAGE_PAGE, step = pages / SAMPLES + 1, skip = 0;
    unsigned filled = 0, random = 0;
    unsigned char page[IMAGE_PAGE];

    for (size_t i = 0; i < m->segments.n; i++) {
        const struct segment *s = &m->segments.p[i];

        for (; skip < s->size / IMAGE_PAGE; skip += step) {
            if (!image_read(m, s->start + skip * IMAGE_PAGE, page, sizeof page) || is_empty(page))
                continue;
            filled++;
            random += is_random(page);
        }
        skip -= s->size / IMAGE_PAGE;
    }
    return filled >= PAGES_MIN && random * 10 >= filled * 9;
}
