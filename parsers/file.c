/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors that behave; see file.h. */
#include "parsers/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* A FIFO's writer may be about to open it, and may think for a while, but not for ever. */
enum { WRITER_MS = 1000, SILENCE_MS = 10000 };

static bool refuse_kind(const struct file *f, const char *path, struct err *err)
{
    if (S_ISBLK(f->stat.st_mode))
        return !fail_at(err, FAIL_SUPPORT, path, 0, 0,
                        "is a block device; name a file on it, or a mounted directory");
    if (S_ISSOCK(f->stat.st_mode))
        return !fail_at(err, FAIL_SUPPORT, path, 0, 0,
                        "is a socket; connect to it with socat and pipe that into lastwords -");
    return false;
}

/* ENXIO is what opening a socket gives: the kind says more. */
static void fail_open(struct file *f, int dir_fd, const char *path, struct err *err)
{
    int sys = errno;

    if (sys != ENXIO || fstatat(dir_fd, path, &f->stat, 0) != 0 || !refuse_kind(f, path, err))
        fail_sys(err, sys, path, "cannot open");
}

bool file_open(struct file *f, int dir_fd, const char *path, bool follow, struct err *err)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW);

    *f = (struct file){ .fd = -1 };
    if (strcmp(path, "-") == 0) {
        f->fd = STDIN_FILENO;
        f->borrowed = true;
    } else {
        f->fd = openat(dir_fd, path, flags);
    }
    if (f->fd < 0 || fstat(f->fd, &f->stat) < 0) {
        fail_open(f, dir_fd, path, err);
        file_close(f);
        return false;
    }
    if (refuse_kind(f, path, err)) {
        file_close(f);
        return false;
    }
    return true;
}

void file_close(struct file *f)
{
    if (f->fd >= 0 && !f->borrowed)
        close(f->fd);
    f->fd = -1;
}

/* Nothing there for now. Positive: there is more, or the end; 0: no more; -1: it stays silent. */
static int wait_for_more(const struct file *f, struct err *err)
{
    struct pollfd p = { .fd = f->fd, .events = POLLIN };

    if (S_ISCHR(f->stat.st_mode) && !f->borrowed)
        return 0;
    if (poll(&p, 1, f->borrowed ? -1 : SILENCE_MS) > 0)
        return 1;
    fail(err, FAIL_IO, "its writer stayed silent for %d seconds; the rest was not read",
         SILENCE_MS / 1000);
    return -1;
}

/* A FIFO that nobody has opened for writing yet reads like one that is done. */
static bool wait_for_writer(struct file *f)
{
    struct pollfd p = { .fd = f->fd, .events = POLLIN };

    if (!S_ISFIFO(f->stat.st_mode) || f->borrowed || f->read_bytes || f->waited)
        return false;
    f->waited = true;
    return poll(&p, 1, WRITER_MS) > 0;
}

static ptrdiff_t at_end(const struct file *f, struct err *err)
{
    if (!S_ISREG(f->stat.st_mode) || f->borrowed || f->read_bytes >= (uint64_t)f->stat.st_size)
        return 0;
    fail(err, FAIL_FORMAT, "became shorter while it was read: %llu of %llu bytes",
         (unsigned long long)f->read_bytes, (unsigned long long)f->stat.st_size);
    return -1;
}

ptrdiff_t file_read(void *file, char *buf, size_t n, struct err *err)
{
    struct file *f = file;

    for (;;) {
        ssize_t got = read(f->fd, buf, n);

        if (got > 0) {
            f->read_bytes += (uint64_t)got;
            return got;
        }
        if (got == 0 && wait_for_writer(f))
            continue;
        if (got == 0)
            return at_end(f, err);
        if (errno == EINTR || errno == EPIPE) /* EPIPE: /dev/kmsg was overrun; go on reading */
            continue;
        if (errno == EAGAIN) {
            int more = wait_for_more(f, err);

            if (more > 0)
                continue;
            return more;
        }
        fail_sys(err, errno, "", "cannot read");
        return -1;
    }
}
