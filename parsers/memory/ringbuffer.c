/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The descriptor ring of 5.10 and later; see ringbuffer.h.
 *
 * Descriptor and info of a record stand in the slot id & (count - 1). The descriptor's state word
 * repeats the id under two bits of state, and the text's block begins with the id again: what was
 * overwritten, or never belonged together, shows itself. Nothing is copied out but one record at a
 * time.
 *
 * A block that does not fit at the end of the text ring stands at its beginning. Positions count
 * bytes for ever; begin and next of a block without data are odd: 3 is an empty line, 1 a failed
 * reservation.
 */
#include "parsers/memory/ringbuffer.h"

#include "analyzer/core/limits.h"
#include "parsers/memory/vmcoreinfo.h"

#include <stddef.h>

enum {
    STATE_SHIFT = 62,
    STATE_COMMITTED = 1,
    STATE_FINALIZED = 2,
    BITS_MIN = 3,
    SIZE_BITS_MIN = 8,
    SIZE_BITS_MAX = 31,
    TEXT_PER_RECORD_BITS = 5, /* 5.10 to 7.2: size_bits == count_bits + 5 */
    DESC_BYTES_MAX = 256,
    INFO_BYTES_MAX = 512,
    BLOCK_ID_BYTES = 8,
    NO_DATA_EMPTY = 3,
    SAMPLE = 256,
    NEWEST = 16,           /* of these one at least is written to its end */
    KERNEL_POINTER = 0xff, /* the top byte of any kernel address */
};

/* Keys of VMCOREINFO and what holds without them. */
static const struct {
    const char *key;
    size_t member; /* of struct ring_layout */
    uint64_t usual;
    uint64_t max;
} layout_keys[] = {
#define ROW(key, member, usual, max)                                                               \
    {                                                                                              \
        key, offsetof(struct ring_layout, member), usual, max                                      \
    }
    ROW("OFFSET(printk_ringbuffer.desc_ring)", desc_ring, 0, RING_BYTES),
    ROW("OFFSET(printk_ringbuffer.text_data_ring)", text_ring, 48, RING_BYTES),
    ROW("OFFSET(prb_desc_ring.count_bits)", count_bits, 0, RING_BYTES),
    ROW("OFFSET(prb_desc_ring.descs)", descs, 8, RING_BYTES),
    ROW("OFFSET(prb_desc_ring.infos)", infos, 16, RING_BYTES),
    ROW("OFFSET(prb_desc_ring.head_id)", head_id, 24, RING_BYTES),
    ROW("OFFSET(prb_desc_ring.tail_id)", tail_id, 32, RING_BYTES),
    ROW("OFFSET(prb_data_ring.size_bits)", size_bits, 0, RING_BYTES),
    ROW("OFFSET(prb_data_ring.data)", data, 8, RING_BYTES),
    ROW("SIZE(prb_desc)", desc_bytes, 24, DESC_BYTES_MAX),
    ROW("OFFSET(prb_desc.state_var)", state, 0, DESC_BYTES_MAX),
    ROW("OFFSET(prb_desc.text_blk_lpos)", text_blk, 8, DESC_BYTES_MAX),
    ROW("OFFSET(prb_data_blk_lpos.begin)", begin, 0, DESC_BYTES_MAX),
    ROW("OFFSET(prb_data_blk_lpos.next)", next, 8, DESC_BYTES_MAX),
    ROW("SIZE(printk_info)", info_bytes, 88, INFO_BYTES_MAX),
    ROW("OFFSET(printk_info.seq)", seq, 0, INFO_BYTES_MAX),
    ROW("OFFSET(printk_info.ts_nsec)", ts_nsec, 8, INFO_BYTES_MAX),
    ROW("OFFSET(printk_info.text_len)", text_len, 16, INFO_BYTES_MAX),
    ROW("OFFSET(printk_info.caller_id)", caller, 20, INFO_BYTES_MAX),
#undef ROW
};

enum { N_LAYOUT_KEYS = sizeof layout_keys / sizeof layout_keys[0] };

static uint64_t *member_of(struct ring_layout *l, size_t i)
{
    return (uint64_t *)(void *)((char *)l + layout_keys[i].member);
}

struct ring_layout ring_layout_default(void)
{
    struct ring_layout l = { 0 };

    for (size_t i = 0; i < N_LAYOUT_KEYS; i++)
        *member_of(&l, i) = layout_keys[i].usual;
    return l;
}

/* Every word and short that is read lies inside its struct. */
static bool layout_fits(const struct ring_layout *l)
{
    return l->desc_ring + l->count_bits + 4 <= RING_BYTES &&
           l->desc_ring + l->descs + 8 <= RING_BYTES && l->desc_ring + l->infos + 8 <= RING_BYTES &&
           l->desc_ring + l->head_id + 8 <= RING_BYTES &&
           l->desc_ring + l->tail_id + 8 <= RING_BYTES &&
           l->text_ring + l->size_bits + 4 <= RING_BYTES &&
           l->text_ring + l->data + 8 <= RING_BYTES && l->state + 8 <= l->desc_bytes &&
           l->text_blk + l->begin + 8 <= l->desc_bytes &&
           l->text_blk + l->next + 8 <= l->desc_bytes && l->seq + 8 <= l->info_bytes &&
           l->ts_nsec + 8 <= l->info_bytes && l->text_len + 4 <= l->info_bytes &&
           l->caller + 4 <= l->info_bytes;
}

bool ring_layout_read(struct str vmcoreinfo, struct ring_layout *out)
{
    struct ring_layout l = ring_layout_default();
    int64_t value;

    for (size_t i = 0; i < N_LAYOUT_KEYS; i++) {
        if (!vmcoreinfo_number(vmcoreinfo, layout_keys[i].key, &value))
            continue;
        if (value < 0 || (uint64_t)value > layout_keys[i].max)
            return false;
        *member_of(&l, i) = (uint64_t)value;
    }
    if (!layout_fits(&l))
        return false;
    *out = l;
    return true;
}

static bool bits_fit(unsigned count_bits, unsigned size_bits)
{
    return count_bits >= BITS_MIN && count_bits <= LIMIT_RING_BITS && size_bits >= SIZE_BITS_MIN &&
           size_bits <= SIZE_BITS_MAX;
}

bool ring_read(struct ring *r, const unsigned char *bytes, const struct ring_layout *layout,
               const struct space *space)
{
    const unsigned char *desc = bytes + layout->desc_ring, *text = bytes + layout->text_ring;

    *r = (struct ring){ .space = *space, .layout = *layout };
    r->count_bits = le32(desc + layout->count_bits);
    r->size_bits = le32(text + layout->size_bits);
    r->descs = le64(desc + layout->descs);
    r->infos = le64(desc + layout->infos);
    r->data = le64(text + layout->data);
    r->head = le64(desc + layout->head_id) & RING_ID_MASK;
    r->tail = le64(desc + layout->tail_id) & RING_ID_MASK;
    return bits_fit(r->count_bits, r->size_bits) &&
           ((r->head - r->tail) & RING_ID_MASK) < (uint64_t)1 << r->count_bits;
}

static bool is_kernel_pointer(uint64_t w)
{
    return w >> 56 == KERNEL_POINTER && (w & 7) == 0;
}

bool ring_looks_like(const uint64_t *w, uint64_t *text_ring)
{
    enum { DATA_RING_AT_MIN = 5, DATA_RING_AT_MAX = 6 };
    uint64_t bits = w[0];

    if (bits < BITS_MIN || bits > LIMIT_RING_BITS || !is_kernel_pointer(w[1]) ||
        !is_kernel_pointer(w[2]) || w[3] > RING_ID_MASK || w[4] > RING_ID_MASK ||
        ((w[3] - w[4]) & RING_ID_MASK) >= (uint64_t)1 << bits)
        return false;
    for (unsigned t = DATA_RING_AT_MIN; t <= DATA_RING_AT_MAX; t++) {
        if (w[t] != bits + TEXT_PER_RECORD_BITS || !is_kernel_pointer(w[t + 1]) ||
            w[t + 2] - w[t + 3] > (uint64_t)1 << w[t] || (w[t + 2] | w[t + 3]) & 7)
            continue;
        *text_ring = 8 * (uint64_t)t;
        return true;
    }
    return false;
}

/* Where a record's text goes. */
struct room {
    char *p;
    size_t n;
};

struct block_place {
    uint64_t begin, next;
};

/* Copies the text of a block; false when it is not there any more. */
static bool read_text(const struct ring *r, uint64_t id, struct block_place b, struct room room,
                      struct log_record *out)
{
    uint64_t size = (uint64_t)1 << r->size_bits, at, n, found;

    /* A block may end exactly where the ring ends. */
    if (b.begin >> r->size_bits == (b.next - 1) >> r->size_bits) {
        at = b.begin & (size - 1);
        n = b.next - b.begin;
    } else {
        at = 0;
        n = b.next & (size - 1);
    }
    if (n < BLOCK_ID_BYTES || n > size - at || !space_read_u64(&r->space, r->data + at, &found) ||
        found != id)
        return false;
    n -= BLOCK_ID_BYTES;
    if (n > out->text.n)
        n = out->text.n;
    if (n > room.n)
        n = room.n;
    out->text = (struct str){ .p = room.p, .n = (size_t)n };
    at += r->data + BLOCK_ID_BYTES;
    if (!space_place(&r->space, at, &out->place))
        out->place = 0;
    return space_read(&r->space, at, room.p, out->text.n);
}

/* Slots are computed modulo 2^64: an array near the top is no reason to read past it. */
static bool read_slot(const struct ring *r, uint64_t array, uint64_t bytes, uint64_t id, void *buf)
{
    uint64_t slot = id & (((uint64_t)1 << r->count_bits) - 1);

    return space_read(&r->space, array + slot * bytes, buf, (size_t)bytes);
}

enum slot {
    SLOT_GONE,   /* another record's by now, or not in the image */
    SLOT_UNUSED, /* reserved for one that is being written, or given back: every ring begins with
                    such a slot */
    SLOT_RECORD,
};

/* Looks for the record with this id. */
static enum slot read_record(const struct ring *r, uint64_t id, struct room room,
                             struct log_record *out)
{
    const struct ring_layout *l = &r->layout;
    unsigned char desc[DESC_BYTES_MAX], info[INFO_BYTES_MAX];
    struct block_place b;
    uint64_t state;

    if (!read_slot(r, r->descs, l->desc_bytes, id, desc))
        return SLOT_GONE;
    state = le64(desc + l->state);
    if ((state & RING_ID_MASK) != id)
        return SLOT_GONE;
    if (state >> STATE_SHIFT != STATE_COMMITTED && state >> STATE_SHIFT != STATE_FINALIZED)
        return SLOT_UNUSED;
    if (!read_slot(r, r->infos, l->info_bytes, id, info))
        return SLOT_GONE;
    *out = (struct log_record){
        .seq = le64(info + l->seq),
        .has_seq = true,
        .ts_ns = le64(info + l->ts_nsec),
        .facility = info[l->text_len + 2],
        .level = info[l->text_len + 3] >> 5,
        .flags = info[l->text_len + 3] & 31u,
        .caller = le32(info + l->caller),
        .has_caller = true,
        .text = { .p = room.p, .n = le16(info + l->text_len) },
    };
    b.begin = le64(desc + l->text_blk + l->begin);
    b.next = le64(desc + l->text_blk + l->next);
    if ((b.begin | b.next) & 1)
        out->lost = b.begin != NO_DATA_EMPTY || b.next != NO_DATA_EMPTY;
    else
        out->lost = !read_text(r, id, b, room, out);
    if (out->lost || (b.begin | b.next) & 1)
        out->text.n = 0;
    return SLOT_RECORD;
}

static uint64_t count_of(const struct ring *r)
{
    return ((r->head - r->tail) & RING_ID_MASK) + 1;
}

bool ring_is_sound(const struct ring *r)
{
    uint64_t n = count_of(r), mask = ((uint64_t)1 << r->count_bits) - 1, above = 0;
    unsigned found = 0, in_order = 0, whole = 0;

    for (uint64_t i = 0; i < n && i < SAMPLE && (found || i < NEWEST); i++) {
        uint64_t id = (r->head - i) & RING_ID_MASK;
        struct log_record now;
        char text[1]; /* whether the block is the record's shows before its text */

        if (read_record(r, id, (struct room){ text, sizeof text }, &now) != SLOT_RECORD)
            continue;
        in_order += ((now.seq ^ id) & mask) == 0 && (found == 0 || now.seq + 1 == above);
        whole += !now.lost;
        above = now.seq;
        found++;
    }
    return found && in_order * 10 >= found * 9 && whole * 2 >= found;
}

bool ring_next(struct ring *r, struct log_record *out, char *text, uint64_t *dropped)
{
    uint64_t n = count_of(r);

    while (r->at < n) {
        uint64_t id = (r->tail + r->at++) & RING_ID_MASK;

        switch (read_record(r, id, (struct room){ text, LIMIT_RECORD_BYTES }, out)) {
        case SLOT_RECORD: return true;
        case SLOT_GONE: (*dropped)++; break;
        case SLOT_UNUSED: break;
        }
    }
    return false;
}
