/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that is written while we read it, as `tail -F` does it: by name. Three things happen to
 * logs, and each is told apart by what can be seen:
 *
 * renamed or deleted   another file stands under the name. The old one is read to its end after the
 *                      new one was seen to hold something: its writer has moved on by then. Files
 *                      that came and were renamed in between are read, too (feed_rotation.c).
 * truncated            the file is shorter than what was read, or the bytes before the place that
 *                      we came to are others (it may have grown again beyond it): read from its
 *                      start. What was written behind our place and before the cut is lost
 *                      (logrotate(8), copytruncate, says so of itself), and counted as far as it
 *                      was seen.
 */
#include "parsers/feed_inner.h"
#include "parsers/feed_rotation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So many bytes before our place are compared to notice that the file is another one. */
enum { PRINT_BYTES = 256 };

struct feed_file {
    struct feed feed;
    struct rotation rotation;
    char *base;
    int fd, next_fd; /* next_fd: opened and waiting for feed_turn(); -1 */
    bool next_active;
    bool holes;      /* behind a truncation: a writer that did not open for appending leaves NULs */
    uint64_t offset; /* read so far */
    uint64_t seen_bytes; /* the largest size that was seen */
    uint64_t opened;     /* files under the name, to compare with rotation.created */
    char print[PRINT_BYTES];
    size_t n_print;
};

/* Is what we read still what stands there? */
static bool is_same(struct feed_file *f)
{
    char now[PRINT_BYTES];
    struct stat st;

    if (fstat(f->fd, &st) == 0) {
        if ((uint64_t)st.st_size < f->offset)
            return false;
        if ((uint64_t)st.st_size > f->seen_bytes)
            f->seen_bytes = (uint64_t)st.st_size;
    }
    return f->n_print == 0 ||
           (pread(f->fd, now, f->n_print, (off_t)(f->offset - f->n_print)) == (ssize_t)f->n_print &&
            memcmp(now, f->print, f->n_print) == 0);
}

static void remember(struct feed_file *f, const char *bytes, size_t n)
{
    size_t keep;

    if (n >= PRINT_BYTES) {
        memcpy(f->print, bytes + n - PRINT_BYTES, PRINT_BYTES);
        f->n_print = PRINT_BYTES;
        return;
    }
    keep = f->n_print + n > PRINT_BYTES ? PRINT_BYTES - n : f->n_print;
    memmove(f->print, f->print + f->n_print - keep, keep);
    memcpy(f->print + keep, bytes, n);
    f->n_print = keep + n;
}

static ptrdiff_t truncated(struct feed_file *f, uint64_t unsure)
{
    f->feed.stats.truncations++;
    f->feed.stats.lost_bytes += unsure;
    if (f->seen_bytes > f->offset + unsure)
        f->feed.stats.lost_bytes += f->seen_bytes - f->offset - unsure;
    f->feed.at_turn = true;
    return READ_WAIT;
}

static size_t without_holes(struct feed_file *f, char *buf, size_t n)
{
    size_t at = 0;

    while (f->holes && at < n && buf[at] == '\0')
        at++;
    f->holes = f->holes && at == n;
    memmove(buf, buf + at, n - at);
    return n - at;
}

/* False: nothing new. */
static bool find_next(struct feed_file *f)
{
    struct stat st;
    bool active;
    int fd = rotation_next(&f->rotation, f->fd, &active);

    if (fd < 0)
        return false;
    if (active && fstat(fd, &st) == 0 && st.st_size == 0) {
        close(fd); /* its writer may still be at the old one */
        return false;
    }
    f->next_fd = fd;
    f->next_active = active;
    return true;
}

static ptrdiff_t file_feed_read(struct feed *feed, char *buf, size_t n, struct err *err)
{
    struct feed_file *f = (struct feed_file *)(void *)feed;

    for (;;) {
        ssize_t got;
        size_t kept;

        if (!is_same(f))
            return truncated(f, 0);
        got = pread(f->fd, buf, n, (off_t)f->offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fail_sys(err, errno, "", "cannot read");
            return -1;
        }
        if (got > 0 && !is_same(f))
            return truncated(f, (uint64_t)got); /* cut under our hands: not known what this is */
        if (got > 0) {
            remember(f, buf, (size_t)got);
            f->offset += (uint64_t)got;
            kept = without_holes(f, buf, (size_t)got);
            if (kept)
                return (ptrdiff_t)kept;
            continue;
        }
        if (f->next_fd >= 0) {
            f->feed.at_turn = true; /* its end, seen after the new one had begun */
            return READ_WAIT;
        }
        rotation_told(&f->rotation);
        if (!find_next(f))
            return READ_WAIT;
    }
}

static void file_feed_turn(struct feed *feed)
{
    struct feed_file *f = (struct feed_file *)(void *)feed;

    f->holes = f->next_fd < 0;
    f->offset = f->seen_bytes = 0;
    f->n_print = 0;
    if (f->next_fd < 0)
        return;
    close(f->fd);
    f->fd = f->next_fd;
    f->next_fd = -1;
    f->feed.stats.rotations++;
    f->opened++;
    if (f->next_active && f->rotation.created > f->opened)
        f->feed.stats.lost_files += f->rotation.created - f->opened;
    if (f->next_active)
        f->opened = f->rotation.created;
    if (f->rotation.overflowed)
        f->feed.stats.overruns++;
    f->rotation.overflowed = false;
}

static void file_feed_close(struct feed *feed)
{
    struct feed_file *f = (struct feed_file *)(void *)feed;

    close(f->fd);
    if (f->next_fd >= 0)
        close(f->next_fd);
    if (f->rotation.notify_fd >= 0)
        close(f->rotation.notify_fd);
    if (f->rotation.dir_fd >= 0)
        close(f->rotation.dir_fd);
    free(f->base);
    free(f);
}

static const struct feed_kind file_kind = { .read = file_feed_read,
                                            .turn = file_feed_turn,
                                            .close = file_feed_close,
                                            .needs_time = true,
                                            .history = true };

struct feed *feed_file_open(const char *path, int fd, struct err *err)
{
    struct feed_file *f = calloc(1, sizeof *f);
    const char *slash = strrchr(path, '/');
    char directory[4096] = ".";
    size_t n = slash ? (size_t)(slash - path) : 0;

    if (!f || n >= sizeof directory || !(f->base = strdup(slash ? slash + 1 : path))) {
        close(fd);
        free(f);
        fail(err, FAIL_LIMIT, "out of memory");
        return NULL;
    }
    if (slash) {
        memcpy(directory, path, n ? n : 1);
        directory[n ? n : 1] = '\0';
    }
    f->feed = (struct feed){ .kind = &file_kind };
    f->fd = fd;
    f->next_fd = -1;
    f->rotation.base = f->base;
    f->rotation.notify_fd = -1;
    f->rotation.dir_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (f->rotation.dir_fd < 0) {
        fail_sys(err, errno, directory, "cannot open the directory");
        file_feed_close(&f->feed);
        return NULL;
    }
    rotation_watch(&f->rotation, directory);
    f->feed.poll_fd = f->rotation.notify_fd;
    return &f->feed;
}
