/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses to bytes; see image.h. A log is read in small pieces from three places at a time, so
 * pages that were read stay in a small direct-mapped cache.
 */
#include "parsers/memory/image.h"

#include "analyzer/core/limits.h"

#include <stdlib.h>
#include <string.h>

enum { LINES = 256 };

struct image_line {
    uint64_t page; /* address | 1 when it is filled */
    unsigned char bytes[IMAGE_PAGE];
};

uint16_t le16(const void *p)
{
    const unsigned char *b = p;

    return (uint16_t)(b[0] | b[1] << 8);
}

uint32_t le32(const void *p)
{
    const unsigned char *b = p;

    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

uint64_t le64(const void *p)
{
    const unsigned char *b = p;

    return le32(b) | (uint64_t)le32(b + 4) << 32;
}

bool image_init(struct image *m, const struct stored *in, struct arena *arena, struct err *err)
{
    *m = (struct image){ .arena = arena, .kind = "memory image" };
    m->files[IMAGE_INPUT] = *in;
    m->files[IMAGE_COMPANION].fd = -1;
    m->lines = calloc(LINES, sizeof *m->lines);
    return m->lines || fail(err, FAIL_LIMIT, "out of memory");
}

void image_forget(struct image *m)
{
    for (size_t i = 0; i < LINES; i++)
        m->lines[i].page = 0;
}

void image_done(struct image *m)
{
    free(m->lines);
    m->lines = NULL;
}

void image_add(struct image *m, struct segment s)
{
    uint64_t size = m->files[s.file].size_bytes, room = size > s.offset ? size - s.offset : 0;
    struct segment *slot;

    if (s.start && s.size > UINT64_MAX - s.start)
        s.size = UINT64_MAX - s.start + 1;
    if (s.size > room) {
        m->missing += s.size - room;
        s.size = room;
    }
    if (s.size == 0)
        return;
    slot = m->segments.n < LIMIT_IMAGE_SEGMENTS ? vec_push(m->arena, &m->segments) : NULL;
    if (slot)
        *slot = s;
    else
        m->missing += s.size;
}

static int compare(const void *pa, const void *pb)
{
    const struct segment *a = pa, *b = pb;

    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/*
 * A core has the kernel's image twice: as it is mapped for running, and where all memory is mapped
 * (crash_prepare_elf64_headers(), in kernel/kexec_file.c up to 6.5). That is no damage.
 */
static bool maps_elsewhere(const struct segment *a, const struct segment *b)
{
    return a->mapped && b->mapped && a->mapped - a->start != b->mapped - b->start;
}

void image_settle(struct image *m)
{
    uint64_t end = 0; /* the last address taken, plus 1 */
    size_t n = 0;

    if (m->segments.n)
        qsort(m->segments.p, m->segments.n, sizeof *m->segments.p, compare);
    for (size_t i = 0; i < m->segments.n; i++) {
        struct segment s = m->segments.p[i];
        uint64_t cut = n && s.start < end ? end - s.start : 0;

        if (cut > s.size)
            cut = s.size;
        if (cut && !maps_elsewhere(&m->segments.p[n - 1], &s))
            m->overlapping += cut;
        s.start += cut;
        s.offset += cut;
        s.mapped += s.mapped ? cut : 0;
        s.size -= cut;
        if (s.size == 0)
            continue;
        m->segments.p[n++] = s;
        end = s.start + s.size;
        if (end == 0) /* the top of the address space */
            break;
    }
    m->segments.n = n;
}

void image_add_cr3(struct image *m, uint64_t cr3)
{
    uint64_t *slot;

    for (size_t i = 0; i < m->cr3.n; i++)
        if (m->cr3.p[i] == cr3)
            return;
    slot = m->cr3.n < LIMIT_IMAGE_CPUS ? vec_push(m->arena, &m->cr3) : NULL;
    if (slot)
        *slot = cr3;
}

static const struct segment *find(const struct image *m, uint64_t address)
{
    size_t low = 0, high = m->segments.n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct segment *s = &m->segments.p[mid];

        if (address < s->start)
            high = mid;
        else if (address - s->start >= s->size)
            low = mid + 1;
        else
            return s;
    }
    return NULL;
}

uint64_t image_room(const struct image *m, uint64_t address)
{
    const struct segment *s = find(m, address);

    if (m->live.read)
        return UINT64_MAX - address;
    return s ? s->size - (address - s->start) : 0;
}

uint64_t image_offset(const struct image *m, uint64_t address)
{
    const struct segment *s = m->live.read ? NULL : find(m, address);

    return s ? s->offset + (address - s->start) : 0;
}

uint64_t image_size(const struct image *m)
{
    uint64_t size = 0;

    for (size_t i = 0; i < m->segments.n; i++)
        size += m->segments.p[i].size;
    return size;
}

static bool read_segment(struct image *m, const struct segment *s, uint64_t address, void *buf,
                         size_t n)
{
    return stored_read(&m->files[s->file], s->offset + (address - s->start), buf, n) == n;
}

/* The cached page, or NULL when it is not there as a whole. */
static const unsigned char *page_at(struct image *m, uint64_t page)
{
    struct image_line *line = &m->lines[page / IMAGE_PAGE % LINES];
    const struct segment *s;

    if (line->page == (page | 1))
        return line->bytes;
    s = find(m, page);
    if (!s || s->size - (page - s->start) < IMAGE_PAGE)
        return NULL;
    line->page = 0;
    if (!read_segment(m, s, page, line->bytes, IMAGE_PAGE))
        return NULL;
    line->page = page | 1;
    return line->bytes;
}

bool image_read(struct image *m, uint64_t address, void *buf, size_t n)
{
    unsigned char *to = buf;

    if (n && address > UINT64_MAX - (n - 1))
        return false;
    if (m->live.read)
        return m->live.read(m->live.ctx, address, buf, n) == n;
    while (n) {
        uint64_t in_page = address % IMAGE_PAGE;
        size_t part = n < IMAGE_PAGE - in_page ? n : (size_t)(IMAGE_PAGE - in_page);
        const unsigned char *page = page_at(m, address - in_page);
        const struct segment *s;

        if (page) {
            memcpy(to, page + in_page, part);
        } else {
            s = find(m, address);
            if (!s)
                return false;
            if (part > s->size - (address - s->start))
                part = (size_t)(s->size - (address - s->start));
            if (!read_segment(m, s, address, to, part))
                return false;
        }
        to += part;
        address += part;
        n -= part;
    }
    return true;
}
