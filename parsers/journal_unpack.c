/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compressed values of a journal, which journald makes of those that are longer than 512 bytes.
 * XZ and ZSTD are whole streams, as libarchive reads them; LZ4 is a bare block behind the length of
 * what it unpacks to (systemd src/basic/compress.c), which is short enough to be read here.
 */
#include "analyzer/core/err.h"
#include "parsers/journal_object.h"
#include "parsers/stream.h"

#include <string.h>

enum { LENGTH_BYTES = 8, MATCH_MIN = 4, NIBBLE_MAX = 15 };

/* A length that goes on in bytes behind its four bits. */
static bool take_length(struct str *in, size_t *length)
{
    unsigned char more = 255;

    if (*length < NIBBLE_MAX)
        return true;
    while (more == 255) {
        if (in->n == 0)
            return false;
        more = (unsigned char)in->p[0];
        *in = str_from_at(*in, 1);
        *length += more;
    }
    return true;
}

/* Literals and a copy of what stands `distance` bytes back, again and again: lz4_Block_format.md */
static size_t unpack_lz4(struct str in, char *out, size_t n)
{
    size_t at = 0;

    while (in.n && at < n) {
        unsigned token = (unsigned char)in.p[0];
        size_t literals = token >> 4, match = token & NIBBLE_MAX, distance;

        in = str_from_at(in, 1);
        if (!take_length(&in, &literals) || literals > in.n)
            return at;
        memcpy(out + at, in.p, literals < n - at ? literals : n - at);
        at += literals < n - at ? literals : n - at;
        in = str_from_at(in, literals);
        if (in.n < 2)
            return at;
        distance = (unsigned char)in.p[0] | (size_t)(unsigned char)in.p[1] << 8;
        in = str_from_at(in, 2);
        if (!take_length(&in, &match) || distance == 0 || distance > at)
            return at;
        for (match += MATCH_MIN; match && at < n; match--, at++)
            out[at] = out[at - distance];
    }
    return at;
}

static ptrdiff_t read_str(void *ctx, char *buf, size_t n, struct err *err)
{
    struct str *rest = ctx, part = str_first(*rest, n);

    (void)err;
    if (part.n)
        memcpy(buf, part.p, part.n);
    *rest = str_from_at(*rest, part.n);
    return (ptrdiff_t)part.n;
}

static size_t unpack_stream(struct str packed, char *out, size_t n)
{
    struct byte_source source = { .read = read_str, .ctx = &packed };
    struct err err;
    struct unpacker *unpacker = unpack_open(source, PACKED_FILTER, &err);
    struct str path;
    uint64_t size_bytes;
    size_t at = 0;
    ptrdiff_t got = 1;

    if (!unpacker)
        return 0;
    if (unpack_next(unpacker, &path, &size_bytes, &err) == STEP_RECORD)
        while (at < n && (got = unpack_read(unpacker, out + at, n - at, &err)) > 0)
            at += (size_t)got;
    unpack_close(unpacker);
    return at;
}

size_t journal_unpack(unsigned flags, struct str packed, char *out, size_t n)
{
    if ((flags & JOURNAL_COMPRESSED) == JOURNAL_LZ4)
        return packed.n > LENGTH_BYTES ? unpack_lz4(str_from_at(packed, LENGTH_BYTES), out, n) : 0;
    return unpack_stream(packed, out, n);
}
