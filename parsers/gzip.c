/* SPDX-License-Identifier: Apache-2.0 */
/* The .gz path, through zlib: all members one after the other, as gzip(1) reads them. */
#include "parsers/stream.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { IN_BYTES = 64 << 10 };

struct gzip {
    struct byte_source packed;
    z_stream z;
    struct unpack_count count;
    bool ended, in_member;
    unsigned char in[IN_BYTES];
};

struct gzip *gzip_open(struct byte_source packed)
{
    struct gzip *g = calloc(1, sizeof *g);

    if (!g)
        return NULL;
    g->packed = packed;
    /* 16: gzip wrapping only. */
    if (inflateInit2(&g->z, 16 + MAX_WBITS) != Z_OK) {
        free(g);
        return NULL;
    }
    return g;
}

void gzip_close(struct gzip *g)
{
    if (!g)
        return;
    inflateEnd(&g->z);
    free(g);
}

/* False at the end of the packed bytes or on failure (*err filled). */
static bool refill(struct gzip *g, bool *failed, struct err *err)
{
    ptrdiff_t got = g->packed.read(g->packed.ctx, (char *)g->in, sizeof g->in, err);

    *failed = got < 0;
    if (got <= 0)
        return false;
    g->z.next_in = g->in;
    g->z.avail_in = (unsigned)got;
    g->count.in += (uint64_t)got;
    return true;
}

static ptrdiff_t at_end(struct gzip *g, bool failed, struct err *err)
{
    g->ended = true;
    if (failed)
        return -1;
    if (!g->in_member)
        return 0;
    fail(err, FAIL_FORMAT, "the gzip data breaks off before its end");
    return -1;
}

/* Between members: what follows is another member, or trailing bytes that gzip(1) ignores, too. */
static bool next_member(struct gzip *g)
{
    if (g->z.avail_in && g->z.next_in[0] != 0x1f)
        return false;
    return inflateReset(&g->z) == Z_OK;
}

ptrdiff_t gzip_read(void *gzip, char *buf, size_t n, struct err *err)
{
    struct gzip *g = gzip;
    bool failed = false;

    if (g->ended || n == 0)
        return 0;
    g->z.next_out = (unsigned char *)buf;
    g->z.avail_out = n > 1 << 30 ? 1 << 30 : (unsigned)n;
    n = g->z.avail_out;
    while (g->z.avail_out == n) {
        int z;

        if (g->z.avail_in == 0 && !refill(g, &failed, err))
            return at_end(g, failed, err);
        g->in_member = true;
        z = inflate(&g->z, Z_NO_FLUSH);
        if (z == Z_STREAM_END) {
            g->in_member = false;
            if (!next_member(g)) {
                g->ended = true;
                break;
            }
        } else if (z != Z_OK && z != Z_BUF_ERROR) {
            g->ended = true;
            fail(err, FAIL_FORMAT, "the gzip data is damaged: %s", g->z.msg ? g->z.msg : "unknown");
            return n > g->z.avail_out ? (ptrdiff_t)(n - g->z.avail_out) : -1;
        }
    }
    g->count.out += n - g->z.avail_out;
    if (!unpack_allowed(&g->count, err)) {
        g->ended = true;
        return -1;
    }
    return (ptrdiff_t)(n - g->z.avail_out);
}
