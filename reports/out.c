/* SPDX-License-Identifier: Apache-2.0 */
/* The last step of the flow: bytes to a descriptor or into memory; see out.h. */
#include "reports/out.h"

#include "analyzer/core/io.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FLUSH_BYTES = 64 << 10, BLOCK_BYTES = 64 << 10 };

struct out {
    int fd; /* -1: memory */
    char *p;
    size_t n, size;
    struct err err; /* of the first write that failed */
    struct redactor *redactor;
};

static struct out *new_out(int fd)
{
    struct out *o = calloc(1, sizeof *o);

    if (o)
        o->fd = fd;
    return o;
}

struct out *out_new(int fd)
{
    return new_out(fd);
}

struct out *out_new_memory(void)
{
    return new_out(-1);
}

struct out *out_new_scratch(const struct out *o)
{
    struct out *scratch = new_out(-1);

    if (scratch)
        scratch->redactor = o->redactor;
    return scratch;
}

void out_redact(struct out *o, struct redactor *r)
{
    o->redactor = r;
}

struct redactor *out_redactor(const struct out *o)
{
    return o->redactor;
}

void out_free(struct out *o)
{
    if (!o)
        return;
    free(o->p);
    free(o);
}

static void flush(struct out *o)
{
    if (o->err.code == FAIL_NONE && !io_write_all(o->fd, o->p, o->n))
        fail_sys(&o->err, errno, NULL, "cannot write");
    o->n = 0;
}

bool out_flush(struct out *o, struct err *err)
{
    if (o->fd >= 0)
        flush(o);
    if (o->err.code != FAIL_NONE && err)
        *err = o->err;
    return o->err.code == FAIL_NONE;
}

struct str out_bytes(const struct out *o)
{
    return (struct str){ .p = o->p, .n = o->n };
}

void out_clear(struct out *o)
{
    o->n = 0;
}

static bool make_room(struct out *o, size_t more)
{
    size_t want = o->size ? o->size : 4096;
    char *p;

    if (o->fd >= 0 && o->n >= FLUSH_BYTES)
        flush(o);
    if (more <= o->size - o->n)
        return true;
    while (want - o->n < more && want <= SIZE_MAX / 2)
        want *= 2;
    p = want - o->n < more ? NULL : realloc(o->p, want);
    if (!p)
        return fail(&o->err, FAIL_LIMIT, "out of memory");
    o->p = p;
    o->size = want;
    return true;
}

void out_raw(struct out *o, struct str s)
{
    if (s.n == 0 || o->err.code != FAIL_NONE || !make_room(o, s.n))
        return;
    memcpy(o->p + o->n, s.p, s.n);
    o->n += s.n;
}

void out_puts(struct out *o, const char *s)
{
    out_raw(o, str_from(s));
}

void out_printf(struct out *o, const char *format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    if (n < 0 || o->err.code != FAIL_NONE || !make_room(o, (size_t)n + 1))
        return;
    va_start(ap, format);
    vsnprintf(o->p + o->n, (size_t)n + 1, format, ap);
    va_end(ap);
    o->n += (size_t)n;
}

void out_repeat(struct out *o, char c, size_t n)
{
    if (n == 0 || o->err.code != FAIL_NONE || !make_room(o, n))
        return;
    memset(o->p + o->n, c, n);
    o->n += n;
}

bool out_raw_at(struct out *o, int fd, uint64_t offset, uint64_t n)
{
    char block[BLOCK_BYTES];

    while (n) {
        size_t part = n < sizeof block ? (size_t)n : sizeof block;

        if (!io_pread_all(fd, block, part, (off_t)offset))
            return false;
        out_raw(o, (struct str){ .p = block, .n = part });
        offset += part;
        n -= part;
    }
    return true;
}

bool out_raw_rest(struct out *o, int fd, uint64_t most)
{
    char block[BLOCK_BYTES];
    ssize_t n;

    while ((n = io_read(fd, block, sizeof block)) > 0) {
        if ((uint64_t)n > most) {
            errno = EFBIG;
            return false;
        }
        most -= (uint64_t)n;
        out_raw(o, (struct str){ .p = block, .n = (size_t)n });
    }
    return n == 0;
}
