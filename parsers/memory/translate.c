/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Virtual to physical; see translate.h. Depth is fixed, so page tables that point to themselves end
 * like any others; every entry is read through the image, which checks its address.
 *
 * Sources: Documentation/arch/x86/x86_64/mm.rst, arch/x86/include/asm/pgtable_types.h,
 * Documentation/arch/arm64/memory.rst.
 */
#include "parsers/memory/translate.h"

#include "parsers/memory/vmcoreinfo.h"

#define ENTRY_PRESENT 1u
#define ENTRY_LARGE 0x80u
#define ENTRY_ADDRESS 0x000ffffffffff000u

struct space space_shifted(struct image *image, uint64_t shift)
{
    return (struct space){
        .image = image, .kind = SPACE_SHIFTED, .shift = shift, .root = SPACE_NO_ROOT
    };
}

static struct space space_of_x86(struct image *image, struct str info)
{
    static const char *const roots[] = { "init_top_pgt", "init_level4_pgt", "swapper_pg_dir" };
    struct space s = { .image = image, .kind = SPACE_X86, .root = SPACE_NO_ROOT };
    int64_t phys_base = 0, five = 0, sme = 0;
    uint64_t root;

    vmcoreinfo_number(info, "NUMBER(phys_base)", &phys_base);
    vmcoreinfo_number(info, "NUMBER(pgtable_l5_enabled)", &five);
    vmcoreinfo_number(info, "NUMBER(sme_mask)", &sme);
    s.phys_base = (uint64_t)phys_base;
    s.five_levels = five == 1;
    s.sme_mask = (uint64_t)sme;
    s.image_size = vmcoreinfo_size(info, "NUMBER(KERNEL_IMAGE_SIZE)", (uint64_t)2 << 30,
                                   (uint64_t)1 << 30);
    for (size_t i = 0; i < sizeof roots / sizeof roots[0] && s.root == SPACE_NO_ROOT; i++)
        if (vmcoreinfo_symbol(info, roots[i], &root))
            s.root = root - X86_KERNEL_MAP + s.phys_base;
    return s;
}

/*
 * Since 5.4 the linear map is the lower half of the kernel's addresses; before, the upper one.
 * TCR_EL1_T1SZ tells the width that the CPU really has, where 52 bits were asked for.
 */
static struct space space_of_arm64(struct image *image, struct str info, uint64_t image_offset)
{
    struct space s = { .image = image, .kind = SPACE_ARM64, .image_offset = image_offset };
    uint64_t bits = vmcoreinfo_size(info, "NUMBER(VA_BITS)", 52, 48), t1sz;
    int64_t phys = 0;

    vmcoreinfo_number(info, "NUMBER(PHYS_OFFSET)", &phys);
    t1sz = vmcoreinfo_size(info, "NUMBER(TCR_EL1_T1SZ)", 63, 64 - bits);
    if (bits < 36)
        bits = 48;
    if (64 - t1sz >= 36 && 64 - t1sz <= 52)
        bits = 64 - t1sz;
    s.root = SPACE_NO_ROOT;
    s.linear_size = (uint64_t)1 << (bits - 1);
    s.page_offset = (uint64_t)0 - ((uint64_t)1 << bits);
    s.phys_offset = (uint64_t)phys;
    if (release_is_before(vmcoreinfo_release(info), 5, 4))
        s.page_offset += s.linear_size;
    return s;
}

struct space space_of_kernel(struct image *image, struct str vmcoreinfo)
{
    int64_t image_offset;

    if (image->is_virtual)
        return space_shifted(image, 0);
    if (vmcoreinfo_number(vmcoreinfo, "NUMBER(kimage_voffset)", &image_offset))
        return space_of_arm64(image, vmcoreinfo, (uint64_t)image_offset);
    return space_of_x86(image, vmcoreinfo);
}

bool space_walk(const struct space *s, uint64_t root, uint64_t address, uint64_t *place)
{
    uint64_t table = root & ENTRY_ADDRESS;

    for (unsigned shift = s->five_levels ? 48 : 39; shift >= 12; shift -= 9) {
        unsigned char bytes[8];
        uint64_t entry, rest = ((uint64_t)1 << shift) - 1;

        if (!image_read(s->image, table + (address >> shift & 511) * 8, bytes, sizeof bytes))
            return false;
        entry = le64(bytes) & ~s->sme_mask;
        if (!(entry & ENTRY_PRESENT))
            return false;
        table = entry & ENTRY_ADDRESS;
        if (shift == 12 || ((shift == 30 || shift == 21) && entry & ENTRY_LARGE)) {
            *place = (table & ~rest) | (address & rest);
            return true;
        }
    }
    return false;
}

static bool place_x86(const struct space *s, uint64_t address, uint64_t *place)
{
    if (address >= X86_KERNEL_MAP && address - X86_KERNEL_MAP < s->image_size) {
        *place = address - X86_KERNEL_MAP + s->phys_base;
        return true;
    }
    return s->root != SPACE_NO_ROOT && space_walk(s, s->root, address, place);
}

static bool place_arm64(const struct space *s, uint64_t address, uint64_t *place)
{
    if (address >= s->page_offset && address - s->page_offset < s->linear_size)
        *place = address - s->page_offset + s->phys_offset;
    else
        *place = address - s->image_offset;
    return true;
}

bool space_place(const struct space *s, uint64_t address, uint64_t *place)
{
    switch (s->kind) {
    case SPACE_SHIFTED: *place = address + s->shift; return true;
    case SPACE_X86: return place_x86(s, address, place);
    case SPACE_ARM64: return place_arm64(s, address, place);
    }
    return false;
}

bool space_read(const struct space *s, uint64_t address, void *buf, size_t n)
{
    unsigned char *to = buf;

    while (n) {
        size_t part = IMAGE_PAGE - address % IMAGE_PAGE;
        uint64_t place;

        if (part > n)
            part = n;
        if (!space_place(s, address, &place) || !image_read(s->image, place, to, part))
            return false;
        to += part;
        address += part;
        n -= part;
    }
    return true;
}

bool space_read_u64(const struct space *s, uint64_t address, uint64_t *value)
{
    unsigned char bytes[8];

    if (!space_read(s, address, bytes, sizeof bytes))
        return false;
    *value = le64(bytes);
    return true;
}

bool space_read_u32(const struct space *s, uint64_t address, uint32_t *value)
{
    unsigned char bytes[4];

    if (!space_read(s, address, bytes, sizeof bytes))
        return false;
    *value = le32(bytes);
    return true;
}

/*
 * Calls for every root that a CPU may have: PCID stands in the low 12 bits, and with page-table
 * isolation a CPU in user space holds the user's root, 4 KiB above the kernel's. Whether tables
 * have four levels or five is not known here.
 */
static bool next_root(const struct image *m, size_t *i, struct space *s, uint64_t *root)
{
    enum { WAYS = 4 };

    if (*i >= m->cr3.n * WAYS)
        return false;
    *root = m->cr3.p[*i / WAYS] & (*i & 1 ? ~(uint64_t)0x1fff : ~(uint64_t)0xfff);
    s->five_levels = (*i & 2) != 0;
    (*i)++;
    return true;
}

enum mapped image_maps(struct image *m, uint64_t address, uint64_t place)
{
    struct space s = { .image = m, .kind = SPACE_X86 };
    uint64_t root, found;
    size_t i = 0;

    if (m->cr3.n == 0 || m->is_virtual)
        return MAPPED_UNKNOWN;
    while (next_root(m, &i, &s, &root))
        if (space_walk(&s, root, address, &found) && found == place)
            return MAPPED_YES;
    return MAPPED_NO;
}

bool image_translate(struct image *m, uint64_t address, uint64_t *place)
{
    struct space s = { .image = m, .kind = SPACE_X86 };
    uint64_t root;
    size_t i = 0;

    if (m->is_virtual) {
        *place = address;
        return true;
    }
    while (next_root(m, &i, &s, &root))
        if (space_walk(&s, root, address, place) && image_room(m, *place))
            return true;
    return false;
}
