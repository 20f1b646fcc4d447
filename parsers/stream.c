/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at the head of a stream without losing it, and telling how it is packed. */
#include "parsers/stream.h"

#include "analyzer/core/limits.h"
#include "parsers/journal_file.h"

#include <stdlib.h>
#include <string.h>

enum packing packing_of(struct str head)
{
    static const struct {
        struct str magic;
        size_t at;
        enum packing packing;
    } magics[] = {
        { { STR_INIT("\x1f\x8b") }, 0, PACKED_GZIP }, /* RFC 1952 */
        { { STR_INIT("\xfd"
                     "7zXZ\0") },
          0,
          PACKED_FILTER },                                      /* xz file format 1.1 §2.1.1.1 */
        { { STR_INIT("\x28\xb5\x2f\xfd") }, 0, PACKED_FILTER }, /* RFC 8878 */
        { { STR_INIT("BZh") }, 0, PACKED_FILTER },
        { { STR_INIT("PK\x03\x04") }, 0, PACKED_ARCHIVE }, /* APPNOTE 4.3.7 */
        { { STR_INIT("PK\x05\x06") }, 0, PACKED_ARCHIVE }, /* empty zip */
        { { STR_INIT("ustar") }, 257, PACKED_ARCHIVE },    /* POSIX.1 pax, GNU tar */
        { { STR_INIT(JOURNAL_MAGIC) }, 0, PACKED_JOURNAL },
    };

    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (str_starts(str_from_at(head, magics[i].at), magics[i].magic))
            return magics[i].packing;
    return PACKED_NOT;
}

bool unpack_allowed(const struct unpack_count *count, struct err *err)
{
    if (count->out > LIMIT_UNPACKED_BYTES)
        return fail(err, FAIL_LIMIT, "unpacks to more than %llu GiB; the rest was not read",
                    (unsigned long long)(LIMIT_UNPACKED_BYTES >> 30));
    if (count->out > LIMIT_UNPACK_RATIO_FROM && count->out / LIMIT_UNPACK_RATIO > count->in)
        return fail(
                err, FAIL_LIMIT,
                "unpacks to more than %d times its size; the rest was not read (unpack it yourself "
                "if it is no bomb)",
                LIMIT_UNPACK_RATIO);
    return true;
}

bool peeked_open(struct peeked *p, struct byte_source source)
{
    *p = (struct peeked){ .source = source, .head = malloc(LIMIT_HEAD_BYTES) };
    if (!p->head)
        return false;
    while (p->n < LIMIT_HEAD_BYTES) {
        ptrdiff_t got = source.read(source.ctx, p->head + p->n, LIMIT_HEAD_BYTES - p->n, &p->err);

        p->failed = got < 0;
        if (got <= 0)
            break;
        p->n += (size_t)got;
    }
    return true;
}

void peeked_close(struct peeked *p)
{
    free(p->head);
    p->head = NULL;
}

struct str peeked_head(const struct peeked *p)
{
    return (struct str){ .p = p->head, .n = p->n };
}

static ptrdiff_t peeked_read(void *ctx, char *buf, size_t n, struct err *err)
{
    struct peeked *p = ctx;
    size_t rest = p->n - p->used;

    if (rest) {
        if (n > rest)
            n = rest;
        memcpy(buf, p->head + p->used, n);
        p->used += n;
        return (ptrdiff_t)n;
    }
    if (p->failed) {
        *err = p->err;
        return -1;
    }
    if (p->n < LIMIT_HEAD_BYTES)
        return 0;
    return p->source.read(p->source.ctx, buf, n, err);
}

struct byte_source peeked_source(struct peeked *p)
{
    return (struct byte_source){ .read = peeked_read, .ctx = p };
}
