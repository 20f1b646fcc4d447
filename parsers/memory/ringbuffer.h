/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's log since 5.10: struct printk_ringbuffer, a ring of descriptors and infos beside a
 * ring of text. Source: kernel/printk/printk_ringbuffer.[ch].
 */
#pragma once

#include "parsers/memory/log_record.h"
#include "parsers/memory/translate.h"

#define RING_ID_MASK (((uint64_t)1 << 62) - 1)

/* As many bytes of the struct as any version has of interest. */
#define RING_BYTES 128

/* Where the members stand; VMCOREINFO tells, and the defaults hold for all x86-64 builds seen. */
struct ring_layout {
    uint64_t text_ring; /* in printk_ringbuffer */
    uint64_t desc_ring;
    uint64_t count_bits, descs, infos, head_id, tail_id; /* in prb_desc_ring */
    uint64_t size_bits, data;                            /* in prb_data_ring */
    uint64_t desc_bytes, state, text_blk, begin, next;   /* prb_desc */
    uint64_t info_bytes, seq, ts_nsec, text_len, caller; /* printk_info */
};

struct ring_layout ring_layout_default(void);

/* What VMCOREINFO tells, the defaults for the rest. False: it tells nonsense. */
bool ring_layout_read(struct str vmcoreinfo, struct ring_layout *out);

struct ring {
    struct space space; /* of the arrays */
    struct ring_layout layout;
    uint64_t descs, infos, data;
    uint64_t head, tail; /* ids */
    unsigned count_bits, size_bits;
    uint64_t at; /* records passed since the tail */
};

/* Reads the struct out of its RING_BYTES bytes; false when its numbers cannot be those of a ring.
 */
bool ring_read(struct ring *r, const unsigned char *bytes, const struct ring_layout *layout,
               const struct space *space);

/* Could a struct printk_ringbuffer start with these 16 words? Which layout of the text ring then?
 */
bool ring_looks_like(const uint64_t *w, uint64_t *text_ring);

/*
 * Do the newest records look like a log: sequence numbers rising by one, texts that carry their id?
 * Looks at a bounded number of them.
 */
bool ring_is_sound(const struct ring *r);

/*
 * The next record; its text stands in `text`, LIMIT_RECORD_BYTES long. False at the end. Records
 * that are gone are counted in *dropped.
 */
bool ring_next(struct ring *r, struct log_record *out, char *text, uint64_t *dropped);
