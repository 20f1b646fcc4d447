/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs before 5.10; see logbuf.h. A record is its header, the text, a dictionary that nobody needs,
 * and padding to 4 bytes (8 where words must be aligned):
 *
 *     u64 ts_nsec, u16 len (of all of it), u16 text_len, u16 dict_len, u8 facility,
 *     u8 flags (5 bits) and level (3 bits), since 5.1 with PRINTK_CALLER: u32 caller
 *
 * A record of length 0 says that the next one stands at the buffer's beginning.
 */
#include "parsers/memory/logbuf.h"

#include "analyzer/core/limits.h"
#include "parsers/memory/vmcoreinfo.h"

#include <string.h>

enum {
    HEADER_MIN = 16,
    HEADER_CALLER = 20,
    HEADER_MAX = 64,
    BUFFER_MIN = 256,
    FLAG_NEWLINE = 2,
    FLAG_PREFIX = 4,
    FLAG_CONT = 8,
    CHUNK = 256,
};

static const uint64_t buffer_max = (uint64_t)256 << 20;

struct logbuf_layout logbuf_layout_default(void)
{
    return (struct logbuf_layout){
        .header = HEADER_MIN, .ts_nsec = 0, .len = 8, .text_len = 10, .dict_len = 12
    };
}

bool logbuf_layout_read(struct str vmcoreinfo, struct logbuf_layout *out)
{
    static const struct {
        const char *header, *ts_nsec, *len, *text_len, *dict_len;
    } names[] = {
        { "SIZE(printk_log)", "OFFSET(printk_log.ts_nsec)", "OFFSET(printk_log.len)",
          "OFFSET(printk_log.text_len)", "OFFSET(printk_log.dict_len)" },
        { "SIZE(log)", "OFFSET(log.ts_nsec)", "OFFSET(log.len)", "OFFSET(log.text_len)",
          "OFFSET(log.dict_len)" }, /* until 3.10 */
    };
    int64_t size;
    size_t i = vmcoreinfo_number(vmcoreinfo, names[0].header, &size) ? 0 : 1;
    struct logbuf_layout l = {
        .header = vmcoreinfo_size(vmcoreinfo, names[i].header, HEADER_MAX, HEADER_MIN),
        .ts_nsec = vmcoreinfo_size(vmcoreinfo, names[i].ts_nsec, HEADER_MAX, 0),
        .len = vmcoreinfo_size(vmcoreinfo, names[i].len, HEADER_MAX, 8),
        .text_len = vmcoreinfo_size(vmcoreinfo, names[i].text_len, HEADER_MAX, 10),
        .dict_len = vmcoreinfo_size(vmcoreinfo, names[i].dict_len, HEADER_MAX, 12),
    };

    if (l.header < HEADER_MIN || l.ts_nsec + 8 > l.header || l.len + 2 > l.header ||
        l.text_len + 2 > l.header || l.dict_len + 4 > l.header)
        return false;
    *out = l;
    return true;
}

bool logbuf_open(struct logbuf *l, uint64_t address, uint64_t size, uint64_t first, uint64_t next)
{
    if (size < BUFFER_MIN || size > buffer_max || first >= size || next > size)
        return false;
    l->pieces[0] = (struct logbuf_piece){ address + first, address + next };
    l->n_pieces = 1;
    if (first > next) {
        l->pieces[0].to = address + size;
        l->pieces[1] = (struct logbuf_piece){ address, address + next };
        l->n_pieces = 2;
    }
    logbuf_rewind(l);
    return true;
}

void logbuf_rewind(struct logbuf *l)
{
    l->piece = 0;
    l->at = l->pieces[0].from;
}

struct logbuf_header logbuf_header(const unsigned char *bytes, const struct logbuf_layout *layout)
{
    return (struct logbuf_header){
        .ts_ns = le64(bytes + layout->ts_nsec),
        .len = le16(bytes + layout->len),
        .text_len = le16(bytes + layout->text_len),
        .dict_len = le16(bytes + layout->dict_len),
        .facility = bytes[layout->dict_len + 2],
        .flags = bytes[layout->dict_len + 3],
    };
}

/* The header at the cursor, which moves to the second piece where the first one ends. */
static bool header_at(struct logbuf *l, struct logbuf_header *out, unsigned char *bytes)
{
    for (; l->piece < l->n_pieces; l->piece++, l->at = l->pieces[l->piece % 2].from) {
        uint64_t left = l->pieces[l->piece].to - l->at;

        if (left < l->layout.header || !space_read(&l->space, l->at, bytes, l->layout.header))
            continue;
        *out = logbuf_header(bytes, &l->layout);
        if (out->len >= l->layout.header && out->len <= left &&
            out->text_len <= out->len - l->layout.header)
            return true;
    }
    return false;
}

/* Appends the text of the record at the cursor to out->text and steps over it. */
static bool take_text(struct logbuf *l, const struct logbuf_header *h, struct log_record *out,
                      char *text)
{
    size_t n = LIMIT_RECORD_BYTES - out->text.n;

    if (n > h->text_len)
        n = h->text_len;
    if (!space_read(&l->space, l->at + l->layout.header, text + out->text.n, n))
        return false;
    out->text = (struct str){ .p = text, .n = out->text.n + n };
    l->at += h->len;
    return true;
}

bool logbuf_next(struct logbuf *l, struct log_record *out, char *text)
{
    unsigned char bytes[HEADER_MAX];
    struct logbuf_header h;
    unsigned flags;

    if (!header_at(l, &h, bytes))
        return false;
    *out = (struct log_record){
        .ts_ns = h.ts_ns, .facility = h.facility, .level = h.flags >> 5, .flags = h.flags & 31u
    };
    if (l->has_caller && l->layout.header >= HEADER_CALLER) {
        out->caller = le32(bytes + HEADER_MIN);
        out->has_caller = true;
    }
    if (!space_place(&l->space, l->at + l->layout.header, &out->place))
        out->place = 0;
    if (!take_text(l, &h, out, text)) {
        out->lost = true;
        l->at += h.len;
    }
    /* printk() without a line end, and what was printed behind it. */
    for (flags = out->flags; l->joins && !(flags & FLAG_NEWLINE); flags = h.flags & 31u)
        if (!header_at(l, &h, bytes) || !(h.flags & FLAG_CONT) || h.flags & FLAG_PREFIX ||
            !take_text(l, &h, out, text))
            break;
    return true;
}

/* As many bytes at the cursor as stand together, at most CHUNK. */
static size_t chunk_at(const struct bytebuf *b, char *buf)
{
    uint64_t index = b->at % b->size, n = b->size - index;

    if (n > b->end - b->at)
        n = b->end - b->at;
    if (n > CHUNK)
        n = CHUNK;
    return space_read(&b->space, b->address + index, buf, (size_t)n) ? (size_t)n : 0;
}

bool bytebuf_next(struct bytebuf *b, struct str *line, char *text)
{
    *line = (struct str){ .p = text };
    while (b->at < b->end) {
        char chunk[CHUNK];
        size_t n = chunk_at(b, chunk), keep;
        const char *nl = n ? memchr(chunk, '\n', n) : NULL;

        if (n == 0)
            return line->n > 0;
        keep = nl ? (size_t)(nl - chunk) : n;
        b->at += keep + (nl != NULL);
        if (keep > LIMIT_RECORD_BYTES - line->n)
            keep = LIMIT_RECORD_BYTES - line->n;
        memcpy(text + line->n, chunk, keep);
        line->n += keep;
        if (nl)
            return true;
    }
    return line->n > 0;
}

bool bytebuf_open(struct bytebuf *b, uint64_t address, uint64_t size, uint64_t end)
{
    if (size < BUFFER_MIN || size > buffer_max)
        return false;
    b->address = address;
    b->size = size;
    b->end = end;
    b->at = end > size ? end - size : 0;
    /* The oldest line of a buffer that wrapped has lost its beginning. */
    while (end > size && b->at < end) {
        char chunk[CHUNK];
        size_t n = chunk_at(b, chunk);
        const char *nl = n ? memchr(chunk, '\n', n) : NULL;

        b->at += nl ? (uint64_t)(nl - chunk) + 1 : n;
        if (nl || n == 0)
            break;
    }
    return true;
}
