/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory images that are recognised by their magic, so that a report can say what the file is and
 * what makes it readable: their pages are compressed or out of order. parsers/memory/ reads the
 * others.
 */
#include "parsers/parser.h"

static unsigned bid_for(struct str bytes, const struct str *magics, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(bytes, magics[i]))
            return PROBE_MAGIC;
    return 0;
}

/* makedumpfile and the kernel's own compressed dumps: diskdump_mod.h, DISK_DUMP_SIGNATURE. */
static unsigned probe_kdump(const struct head *head)
{
    static const struct str magics[] = { { STR_INIT("KDUMP   ") }, { STR_INIT("DISKDUMP") } };

    return bid_for(head->bytes, magics, sizeof magics / sizeof magics[0]);
}

/* makedumpfile -F: makedumpfile.h, MAKEDUMPFILE_SIGNATURE. */
static unsigned probe_flat(const struct head *head)
{
    static const struct str magic = { STR_INIT("makedumpfile\0\0\0\0") };

    return bid_for(head->bytes, &magic, 1);
}

const struct parser parser_kdump = {
    .name = "kdump",
    .title = "a compressed kdump (makedumpfile -E turns it into an ELF core)",
    .probe = probe_kdump,
};

const struct parser parser_kdump_flat = {
    .name = "kdump-flat",
    .title = "a flattened kdump (makedumpfile -R vmcore < FILE puts it in order)",
    .probe = probe_flat,
};
