/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Physical memory as it is (.vmem), and ESXi's debug.guest beside its debug.vmem.
 *
 * A .vmem holds no layout. The checkpoint beside it does; without one, VMware's usual layout is
 * assumed: at most 3 GiB below the hole that PCI needs, the rest from 4 GiB on. The hole is not in
 * the file.
 *
 * debug.guest (monitor.mini-suspend_on_panic, monitor.suspend_on_triplefault) has no magic: u32
 * version, u32 vCPUs, a gap that depends on the version, then
 *
 *     u64 last address, u64 pages (u32 in version 1), u32 0, u32 holes, holes[2] { page, pages }
 */
#include "parsers/memory/image.h"

static const uint64_t four_gib = (uint64_t)4 << 30;
static const uint64_t three_gib = (uint64_t)3 << 30;

void raw_lay_out(struct image *m, unsigned file, uint64_t offset, uint64_t size, uint64_t low)
{
    if (low > size)
        low = size;
    image_add(m, (struct segment){ .start = 0, .size = low, .offset = offset, .file = file });
    if (size > low)
        image_add(m, (struct segment){ .start = four_gib,
                                       .size = size - low,
                                       .offset = offset + low,
                                       .file = file });
}

enum { GUEST_HEADER = 128, GUEST_HOLES = 2 };

struct guest_layout {
    uint64_t last, pages;
    uint64_t hole_page[GUEST_HOLES], hole_pages[GUEST_HOLES];
    uint32_t n_holes;
};

/* Bytes between the count of vCPUs and the last address, by version; 0: no such version. */
static const unsigned char guest_gap[] = {
    [1] = 13, [3] = 14, [4] = 14, [5] = 14, [6] = 15, [7] = 8
};

static bool read_guest(const struct stored *s, struct guest_layout *out)
{
    unsigned char head[GUEST_HEADER] = { 0 };
    uint32_t version;
    const unsigned char *p = head;
    size_t word;

    if (stored_read(s, 0, head, sizeof head) < 64)
        return false;
    version = le32(head);
    if (version >= sizeof guest_gap || guest_gap[version] == 0)
        return false;
    word = version == 1 ? 4 : 8;
    p += 8 + guest_gap[version];
    out->last = le64(p);
    out->pages = word == 4 ? le32(p + 8) : le64(p + 8);
    p += 8 + word + 4;
    out->n_holes = le32(p);
    p += 4;
    if (out->n_holes > GUEST_HOLES)
        return false;
    for (uint32_t i = 0; i < out->n_holes; i++, p += 2 * word) {
        out->hole_page[i] = word == 4 ? le32(p) : le64(p);
        out->hole_pages[i] = word == 4 ? le32(p + word) : le64(p + word);
    }
    return true;
}

/* last + 1 == (pages + pages of holes) * 4096, holes ascending: there is no other proof. */
static bool guest_adds_up(const struct guest_layout *g)
{
    const uint64_t limit = (uint64_t)1 << 40;
    uint64_t pages = g->pages, above = 0;

    if (g->pages == 0 || g->pages > limit)
        return false;
    for (uint32_t i = 0; i < g->n_holes; i++) {
        if (g->hole_page[i] > limit || g->hole_pages[i] > limit || g->hole_page[i] < above)
            return false;
        above = g->hole_page[i] + g->hole_pages[i];
        pages += g->hole_pages[i];
    }
    return g->last + 1 == pages * IMAGE_PAGE;
}

/* Its memory lies in `file`. */
static void guest_lay_out(struct image *m, const struct guest_layout *g, unsigned file)
{
    uint64_t page = 0, offset = 0;

    for (uint32_t i = 0; i <= g->n_holes; i++) {
        uint64_t end = i < g->n_holes ? g->hole_page[i] : (g->last + 1) / IMAGE_PAGE;

        if (end > page)
            image_add(m, (struct segment){ .start = page * IMAGE_PAGE,
                                           .size = (end - page) * IMAGE_PAGE,
                                           .offset = offset,
                                           .file = file });
        offset += end > page ? (end - page) * IMAGE_PAGE : 0;
        page = i < g->n_holes ? end + g->hole_pages[i] : end;
    }
    image_settle(m);
}

static bool is_guest(const struct stored *s, struct guest_layout *out)
{
    return read_guest(s, out) && guest_adds_up(out) && !vmss_is_checkpoint(s);
}

/* debug.guest and debug.vmem, whichever of them was named. */
static bool guest_open(struct image *m, const struct stored *beside)
{
    struct guest_layout g = { 0 };
    bool named = is_guest(&m->files[IMAGE_INPUT], &g);

    if (!named && !is_guest(beside, &g))
        return false;
    m->files[IMAGE_COMPANION] = *beside;
    m->kind = named ? "debug.guest with the memory beside it"
                    : "memory with the debug.guest beside it";
    guest_lay_out(m, &g, named ? IMAGE_COMPANION : IMAGE_INPUT);
    return true;
}

bool raw_open(struct image *m, const struct stored *beside, struct err *err)
{
    uint64_t size = m->files[IMAGE_INPUT].size_bytes;
    struct guest_layout g;

    if (beside && beside->size_bytes && guest_open(m, beside))
        return true;
    if (!beside && is_guest(&m->files[IMAGE_INPUT], &g))
        return fail(err, FAIL_FORMAT,
                    "the memory is missing: put the .vmem of the same name beside it");
    if (size < IMAGE_PAGE)
        return fail(err, FAIL_FORMAT, "too short to be a memory image (%llu bytes)",
                    (unsigned long long)size);
    if (beside && vmss_is_checkpoint(beside)) {
        m->files[IMAGE_COMPANION] = *beside;
        m->kind = "memory with the checkpoint beside it";
        if (vmss_lay_out(m, &m->files[IMAGE_COMPANION], IMAGE_INPUT, NULL))
            return true;
        m->segments.n = 0;
        m->missing = 0;
    }
    m->kind = "raw memory";
    m->guessed = size > three_gib;
    raw_lay_out(m, IMAGE_INPUT, 0, size, three_gib);
    image_settle(m);
    return true;
}
