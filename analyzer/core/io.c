/* SPDX-License-Identifier: Apache-2.0 */
/* Whole reads and writes; see io.h. */
#include "analyzer/core/io.h"

#include <errno.h>
#include <unistd.h>

/* What one call did: false when it is no use to go on. */
static bool advance(ssize_t did, int errno_of_none, size_t *done)
{
    if (did > 0)
        *done += (size_t)did;
    else if (did == 0)
        errno = errno_of_none;
    return did > 0 || (did < 0 && errno == EINTR);
}

ssize_t io_read(int fd, void *bytes, size_t n)
{
    ssize_t got;

    do
        got = read(fd, bytes, n);
    while (got < 0 && errno == EINTR);
    return got;
}

bool io_read_all(int fd, void *bytes, size_t n)
{
    size_t done = 0;

    while (done < n)
        if (!advance(read(fd, (char *)bytes + done, n - done), EIO, &done))
            return false;
    return true;
}

bool io_pread_all(int fd, void *bytes, size_t n, off_t offset)
{
    size_t done = 0;

    while (done < n)
        if (!advance(pread(fd, (char *)bytes + done, n - done, offset + (off_t)done), EIO, &done))
            return false;
    return true;
}

bool io_write_all(int fd, const void *bytes, size_t n)
{
    size_t done = 0;

    while (done < n)
        if (!advance(write(fd, (const char *)bytes + done, n - done), ENOSPC, &done))
            return false;
    return true;
}

bool io_pwrite_all(int fd, const void *bytes, size_t n, off_t offset)
{
    size_t done = 0;

    while (done < n)
        if (!advance(pwrite(fd, (const char *)bytes + done, n - done, offset + (off_t)done), ENOSPC,
                     &done))
            return false;
    return true;
}
