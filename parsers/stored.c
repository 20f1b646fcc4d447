/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes at any place; see stored.h. */
#include "parsers/stored.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

size_t stored_read(const struct stored *s, uint64_t offset, void *buf, size_t n)
{
    size_t done = 0;

    if (offset >= s->size_bytes)
        return 0;
    if (n > s->size_bytes - offset)
        n = (size_t)(s->size_bytes - offset);
    if (s->fd < 0) {
        memcpy(buf, s->memory.p + offset, n);
        return n;
    }
    while (done < n) {
        ssize_t got = pread(s->fd, (char *)buf + done, n - done, (off_t)(offset + done));

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    return done;
}

bool stored_find_data(const struct stored *s, uint64_t *from, uint64_t end, uint64_t *to)
{
    off_t data, hole;

    if (end > s->size_bytes)
        end = s->size_bytes;
    if (*from >= end)
        return false;
    *to = end;
    if (s->fd < 0)
        return true;
    data = lseek(s->fd, (off_t)*from, SEEK_DATA);
    if (data < 0)
        return errno != ENXIO; /* ENXIO: nothing but a hole; else: the file system has none */
    if ((uint64_t)data >= end)
        return false;
    hole = lseek(s->fd, data, SEEK_HOLE);
    *from = (uint64_t)data;
    if (hole > data && (uint64_t)hole < end)
        *to = (uint64_t)hole;
    return true;
}
