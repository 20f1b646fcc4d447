/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ELF cores: kdump's /proc/vmcore, QEMU's dump-guest-memory, vmss2core. Program headers name the
 * ranges (PT_LOAD) and the notes (PT_NOTE): elf(5).
 *
 * The notes of interest: VMCOREINFO, and QEMU's per CPU state (target/i386/arch_dump.c: u32
 * version, u32 size, 18 registers, 10 segments of 24 bytes, cr0 to cr4), which holds CR3 at 416.
 * vmss2core's "flat" cores have virtual addresses only: all p_paddr are 0.
 */
#include "parsers/memory/image.h"

#include "analyzer/core/limits.h"

enum {
    ELF_CLASS = 4,
    ELF_CLASS_64 = 2,
    ELF_DATA = 5,
    ELF_LITTLE = 1,
    ELF_TYPE = 16,
    ELF_CORE = 4,
    ELF_PHOFF = 32,
    ELF_SHOFF = 40,
    ELF_PHENTSIZE = 54,
    ELF_PHNUM = 56,
    ELF_HEADER = 64,
    ELF_PN_XNUM = 0xffff,
    ELF_SH_INFO = 44,
    PH_BYTES = 56,
    PH_OFFSET = 8,
    PH_VADDR = 16,
    PH_PADDR = 24,
    PH_FILESZ = 32,
    PH_MEMSZ = 40,
    PH_LOAD = 1,
    PH_NOTE = 4,
    NOTE_HEADER = 12,
    NOTE_NAME_MAX = 16,
    QEMU_DESC = 440,
    QEMU_CR3 = 416,
    NOTES_MAX = 100000,
};

struct elf {
    struct image *m;
    const struct stored *in;
    uint64_t phoff;
    uint32_t phentsize, phnum;
    bool is_virtual;
};

static bool read_header(struct elf *e, struct err *err)
{
    unsigned char h[ELF_HEADER], info[4];
    uint64_t shoff;

    if (stored_read(e->in, 0, h, sizeof h) < sizeof h)
        return fail(err, FAIL_FORMAT, "the ELF header is cut short");
    if (h[ELF_CLASS] != ELF_CLASS_64 || h[ELF_DATA] != ELF_LITTLE)
        return fail(err, FAIL_SUPPORT, "only 64-bit little-endian cores are read");
    if (le16(h + ELF_TYPE) != ELF_CORE)
        return fail(err, FAIL_FORMAT, "an ELF file, but no core");
    e->phoff = le64(h + ELF_PHOFF);
    e->phentsize = le16(h + ELF_PHENTSIZE);
    e->phnum = le16(h + ELF_PHNUM);
    shoff = le64(h + ELF_SHOFF);
    if (e->phnum == ELF_PN_XNUM && shoff && shoff < UINT64_MAX - ELF_SH_INFO &&
        stored_read(e->in, shoff + ELF_SH_INFO, info, sizeof info) == sizeof info)
        e->phnum = le32(info);
    if (e->phentsize < PH_BYTES || e->phoff >= e->in->size_bytes ||
        (uint64_t)e->phnum * e->phentsize > e->in->size_bytes - e->phoff)
        return fail(err, FAIL_FORMAT, "its program headers lie outside the file");
    return true;
}

static bool read_program_header(const struct elf *e, uint32_t i, unsigned char *ph)
{
    return stored_read(e->in, e->phoff + (uint64_t)i * e->phentsize, ph, PH_BYTES) == PH_BYTES;
}

/* Are there several ranges, and none with a physical address? */
static bool has_virtual_only(const struct elf *e)
{
    unsigned char ph[PH_BYTES];
    unsigned loads = 0;

    for (uint32_t i = 0; i < e->phnum && i < LIMIT_IMAGE_SEGMENTS; i++) {
        if (!read_program_header(e, i, ph) || le32(ph) != PH_LOAD || le64(ph + PH_FILESZ) == 0)
            continue;
        if (le64(ph + PH_PADDR))
            return false;
        loads++;
    }
    return loads > 1;
}

static void take_note(struct elf *e, struct str name, uint64_t offset, uint32_t size)
{
    unsigned char cr3[8];
    char *text;

    if (str_eq(name, STR("QEMU")) && size >= QEMU_DESC) {
        if (stored_read(e->in, offset + QEMU_CR3, cr3, sizeof cr3) == sizeof cr3)
            image_add_cr3(e->m, le64(cr3));
        return;
    }
    if (!str_eq(name, STR("VMCOREINFO")) || e->m->vmcoreinfo.n)
        return;
    if (size > LIMIT_VMCOREINFO_BYTES)
        size = LIMIT_VMCOREINFO_BYTES;
    text = size ? arena_alloc(e->m->arena, size) : NULL;
    if (text)
        e->m->vmcoreinfo = (struct str){ .p = text, .n = stored_read(e->in, offset, text, size) };
}

static uint64_t padded(uint32_t size)
{
    return ((uint64_t)size + 3) & ~(uint64_t)3;
}

static void take_notes(struct elf *e, uint64_t at, uint64_t size)
{
    unsigned char h[NOTE_HEADER];
    char name[NOTE_NAME_MAX];
    uint64_t end =
            at < e->in->size_bytes && size < e->in->size_bytes - at ? at + size : e->in->size_bytes;

    for (unsigned n = 0; n < NOTES_MAX && at < end && end - at >= sizeof h; n++) {
        uint32_t namesz, descsz;
        struct str s = { .p = name };

        if (stored_read(e->in, at, h, sizeof h) < sizeof h)
            return;
        namesz = le32(h);
        descsz = le32(h + 4);
        at += sizeof h;
        if (padded(namesz) > end - at || descsz > end - at - padded(namesz))
            return;
        s.n = stored_read(e->in, at, name, namesz < sizeof name ? namesz : sizeof name);
        while (s.n && s.p[s.n - 1] == '\0')
            s.n--;
        at += padded(namesz);
        take_note(e, s, at, descsz);
        at += padded(descsz);
    }
}

static void take_program_header(struct elf *e, const unsigned char *ph)
{
    uint64_t size = le64(ph + PH_FILESZ);

    if (le32(ph) == PH_NOTE)
        take_notes(e, le64(ph + PH_OFFSET), size);
    if (le32(ph) == PH_LOAD && size)
        image_add(e->m, (struct segment){ .start = le64(ph + (e->is_virtual ? PH_VADDR : PH_PADDR)),
                                          .size = size,
                                          .offset = le64(ph + PH_OFFSET),
                                          .mapped = e->is_virtual ? 0 : le64(ph + PH_VADDR) });
}

bool elf_open(struct image *m, const struct stored *beside, struct err *err)
{
    struct elf e = { .m = m, .in = &m->files[IMAGE_INPUT] };
    unsigned char ph[PH_BYTES];

    (void)beside;
    if (!read_header(&e, err))
        return false;
    e.is_virtual = m->is_virtual = has_virtual_only(&e);
    m->kind = e.is_virtual ? "ELF core of virtual addresses" : "ELF core";
    for (uint32_t i = 0; i < e.phnum && i < LIMIT_IMAGE_SEGMENTS; i++)
        if (read_program_header(&e, i, ph))
            take_program_header(&e, ph);
    image_settle(m);
    return m->segments.n || fail(err, FAIL_FORMAT, "this core holds no memory");
}
