/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log that a VMCOREINFO leads to; see log.h. A text is believed when init_uts_ns, translated as
 * it says, holds the release that it names: no decoy (copies in the page cache, earlier boots)
 * passes. Which symbols it has tells the format of the log.
 */
#include "parsers/memory/log.h"

#include "parsers/memory/vmcoreinfo.h"

enum { UTS_BYTES = 1024, HEADER_CALLER = 20 };

/* Does init_uts_ns hold the release? The name may sit some bytes in. */
static bool is_believable(const struct space *space, struct str info)
{
    struct str release = vmcoreinfo_release(info), uts = { .n = UTS_BYTES };
    char bytes[UTS_BYTES];
    uint64_t address;

    if (!vmcoreinfo_symbol(info, "init_uts_ns", &address))
        return false;
    address += vmcoreinfo_size(info, "OFFSET(uts_namespace.name)", UTS_BYTES, 0);
    while (uts.n && !space_read(space, address, bytes, uts.n))
        uts.n /= 2;
    uts.p = bytes;
    for (size_t at; (at = str_find(uts, release)) != STR_NOT_FOUND; uts = str_from_at(uts, at + 1))
        if (at + release.n < uts.n && uts.p[at + release.n] == '\0')
            return true;
    return false;
}

static bool ring_by_info(const struct space *space, struct str info, struct log *out)
{
    unsigned char bytes[RING_BYTES];
    struct ring_layout layout;
    uint64_t symbol, address;

    if (!vmcoreinfo_symbol(info, "prb", &symbol) || !ring_layout_read(info, &layout) ||
        !space_read_u64(space, symbol, &address) ||
        !space_read(space, address, bytes, sizeof bytes) ||
        !space_place(space, address, &out->place))
        return false;
    out->format = LOG_RING;
    return ring_read(&out->u.ring, bytes, &layout, space) && ring_is_sound(&out->u.ring);
}

/* log_buf and its length, common to both older formats. */
static bool buffer_by_info(const struct space *space, struct str info, uint64_t *address,
                           uint32_t *size)
{
    uint64_t buf, len;

    return vmcoreinfo_symbol(info, "log_buf", &buf) &&
           vmcoreinfo_symbol(info, "log_buf_len", &len) && space_read_u64(space, buf, address) &&
           space_read_u32(space, len, size);
}

static bool records_by_info(const struct space *space, struct str info, struct log *out)
{
    struct logbuf *l = &out->u.records;
    uint64_t address, first_symbol, next_symbol;
    uint32_t size, first, next;

    if (!vmcoreinfo_symbol(info, "log_first_idx", &first_symbol) ||
        !vmcoreinfo_symbol(info, "log_next_idx", &next_symbol) ||
        !buffer_by_info(space, info, &address, &size) ||
        !space_read_u32(space, first_symbol, &first) || !space_read_u32(space, next_symbol, &next))
        return false;
    out->format = LOG_RECORDS;
    *l = (struct logbuf){ .space = *space };
    if (!logbuf_layout_read(info, &l->layout) || !space_place(space, address, &out->place))
        return false;
    l->has_caller = l->layout.header >= HEADER_CALLER;
    l->joins = release_is_before(vmcoreinfo_release(info), 4, 10);
    return logbuf_open(l, address, size, first, next);
}

static bool bytes_by_info(const struct space *space, struct str info, struct log *out)
{
    uint64_t address, symbol;
    uint32_t size, end;

    if (!vmcoreinfo_symbol(info, "log_end", &symbol) ||
        !buffer_by_info(space, info, &address, &size) || !space_read_u32(space, symbol, &end) ||
        !space_place(space, address, &out->place))
        return false;
    out->format = LOG_BYTES;
    out->u.bytes = (struct bytebuf){ .space = *space };
    return bytebuf_open(&out->u.bytes, address, size, end);
}

bool log_by_info(struct image *m, struct str info, struct log *out)
{
    static bool (*const formats[])(const struct space *space, struct str info,
                                   struct log *out) = { ring_by_info, records_by_info,
                                                        bytes_by_info };
    struct space space = space_of_kernel(m, info);
    uint64_t symbol = 0, place = 0;

    if (!is_believable(&space, info))
        return false;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        *out = (struct log){ .ways = WAY_INFO };
        if (!formats[i](&space, info, out))
            continue;
        vmcoreinfo_symbol(info, "init_uts_ns", &symbol);
        space_place(&space, symbol, &place);
        out->live = image_maps(m, symbol, place);
        return true;
    }
    return false;
}
