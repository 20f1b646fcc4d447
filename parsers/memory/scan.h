/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over an image for everything that logs are found by: VMCOREINFO texts, structs that have
 * the shape of a printk_ringbuffer, and runs of descriptors, which tell where such a ring's arrays
 * lie when no page table does.
 */
#pragma once

#include "parsers/memory/image.h"

/* Looks like a struct printk_ringbuffer. */
struct ring_hit {
    uint64_t place;
    uint64_t text_ring; /* where the ring of texts stands in it */
};

/* Descriptors with ids that rise by one: state words, 24 bytes apart. */
struct desc_run {
    uint64_t place, id; /* of the first one */
    uint64_t n;
};

struct scan {
    struct arena *arena;
    struct {
        VEC(uint64_t);
    } infos; /* places of "OSRELEASE=" and a digit */
    struct {
        VEC(struct ring_hit);
    } rings;
    struct {
        VEC(struct desc_run);
    } runs;
    struct desc_run open; /* the run that was seen last */
    uint64_t bytes;       /* looked at: holes are not */
    bool full;            /* there was more than is kept */
};

/* False: out of memory, or a read failed where there should be bytes (what was found stays). */
bool scan_image(struct scan *s, struct image *m, struct err *err);

/* Calls `look` with stretches of the image, in order; neighbours overlap by SCAN_OVERLAP bytes. */
struct scan_block {
    const unsigned char *p; /* 8-aligned, followed by SCAN_OVERLAP bytes of zero or of memory */
    size_t n;               /* what begins in these is looked at */
    uint64_t place;
};

#define SCAN_OVERLAP 256

/* False ends the scan. */
typedef bool (*scan_look)(void *ctx, const struct scan_block *block);

/* False with *err: out of memory. What cannot be read is passed over. */
bool scan_blocks(struct image *m, scan_look look, void *ctx, struct err *err);
