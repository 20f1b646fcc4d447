/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory images, recognised by magic or name so that a report can say what the file is. None of
 * them is a line format: what the kernel logged stands in its ring buffer somewhere inside.
 */
#include "parsers/parser.h"

enum { ELF_TYPE_AT = 16, ELF_TYPE_CORE = 4, ELF_DATA_AT = 5, ELF_BIG_ENDIAN = 2 };

static unsigned bid_for(struct str bytes, const struct str *magics, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(bytes, magics[i]))
            return PROBE_MAGIC;
    return 0;
}

/*
 * Suspended VMs and snapshots of VMware (.vmss, .vmsn), little endian: 0xbed2bed2, 0xbed3bed3
 * (partial), 0xbad1bad1 (restored), 0xbad2bad2 (no restore), and the old ones with 32-bit sizes.
 * Source: volatility3 framework/layers/vmware.py, crash vmware_vmss.c.
 */
static unsigned probe_vmss(const struct head *head)
{
    static const struct str magics[] = {
        { STR_INIT("\xd2\xbe\xd2\xbe") }, { STR_INIT("\xd3\xbe\xd3\xbe") },
        { STR_INIT("\xd1\xba\xd1\xba") }, { STR_INIT("\xd2\xba\xd2\xba") },
        { STR_INIT("\xd0\xbe\xd0\xbe") }, { STR_INIT("\xd0\xbe\xd2\xbe") },
    };

    return bid_for(head->bytes, magics, sizeof magics / sizeof magics[0]);
}

/* LiME's header: 0x4c694d45, then version 1, little endian. */
static unsigned probe_lime(const struct head *head)
{
    static const struct str magic = { STR_INIT("EMiL\x01\0\0\0") };

    return bid_for(head->bytes, &magic, 1);
}

/* makedumpfile and the kernel's own compressed dumps: diskdump_mod.h, DISK_DUMP_SIGNATURE. */
static unsigned probe_kdump(const struct head *head)
{
    static const struct str magics[] = { { STR_INIT("KDUMP   ") }, { STR_INIT("DISKDUMP") } };

    return bid_for(head->bytes, magics, sizeof magics / sizeof magics[0]);
}

/* elf(5): e_type in the byte order that e_ident tells. */
static unsigned probe_elf_core(const struct head *head)
{
    const char *p = head->bytes.p;
    size_t low;

    if (!str_starts(head->bytes, STR("\177ELF")) || head->bytes.n < ELF_TYPE_AT + 2)
        return 0;
    low = p[ELF_DATA_AT] == ELF_BIG_ENDIAN ? ELF_TYPE_AT + 1 : ELF_TYPE_AT;
    return p[low] == ELF_TYPE_CORE && p[low ^ 1] == 0 ? PROBE_MAGIC : 0;
}

/* The guest's physical memory as it is: nothing but the name tells, and that it is no text. */
static unsigned probe_vmem(const struct head *head)
{
    struct str name = head->name;
    struct str suffix = STR(".vmem");

    if (name.n < suffix.n || !head->has_nul)
        return 0;
    return str_eq_nocase(str_from_at(name, name.n - suffix.n), suffix) ? PROBE_MAGIC : 0;
}

const struct parser parser_vmss = {
    .name = "vmss",
    .title = "a suspended VM or snapshot of VMware (.vmss, .vmsn)",
    .probe = probe_vmss,
};

const struct parser parser_lime = {
    .name = "lime",
    .title = "a memory image of LiME",
    .probe = probe_lime,
};

const struct parser parser_kdump = {
    .name = "kdump",
    .title = "a compressed kdump (makedumpfile -E turns it into an ELF core)",
    .probe = probe_kdump,
};

const struct parser parser_elf_core = {
    .name = "elf-core",
    .title = "a memory image as ELF core (kdump, QEMU, virsh dump)",
    .probe = probe_elf_core,
};

const struct parser parser_vmem = {
    .name = "vmem",
    .title = "the memory of a VMware VM (.vmem)",
    .probe = probe_vmem,
};
