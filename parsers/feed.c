/* SPDX-License-Identifier: Apache-2.0 */
/* Which kind of feed a name is, and what every kind answers; see feed.h. */
#include "parsers/feed_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A path of what is there already, by its kind. */
static struct feed *open_path(const char *path, const struct stat *stat, struct err *err)
{
    int fd;

    if (S_ISSOCK(stat->st_mode))
        return feed_unix_open(path, err);
    if (S_ISBLK(stat->st_mode)) {
        fail_at(err, FAIL_SUPPORT, path, 0, 0,
                "is a block device, which nothing is written to in "
                "lines");
        return NULL;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
                            (S_ISDIR(stat->st_mode) ? O_DIRECTORY : 0));
    if (fd < 0) {
        fail_sys(err, errno, path, "cannot open");
        return NULL;
    }
    if (S_ISDIR(stat->st_mode))
        return feed_journal_open(fd, path, err);
    if (S_ISREG(stat->st_mode))
        return feed_file_open(path, fd, err);
    return feed_stream_open(fd, stat, err);
}

struct feed *feed_open(struct str name, struct err *err)
{
    char path[4096];
    struct str host, port;
    struct stat st;

    if (str_eq(name, STR("-"))) {
        if (fstat(STDIN_FILENO, &st) == 0)
            return feed_stream_open(STDIN_FILENO, &st, err);
        fail_sys(err, errno, "standard input", "cannot read");
        return NULL;
    }
    if (name.n >= sizeof path) {
        fail(err, FAIL_USAGE, "its name is too long");
        return NULL;
    }
    memcpy(path, name.p, name.n);
    path[name.n] = '\0';
    if (stat(path, &st) == 0)
        return open_path(path, &st, err);
    if (feed_is_address(name, &host, &port))
        return feed_tcp_open(host, port, err);
    fail_sys(err, errno, path, "cannot open");
    return NULL;
}

void feed_close(struct feed *f)
{
    if (f)
        f->kind->close(f);
}

static ptrdiff_t read_feed(void *ctx, char *buf, size_t n, struct err *err)
{
    struct feed *f = ctx;

    ptrdiff_t got = f->at_turn ? READ_WAIT : f->kind->read(f, buf, n, err);

    f->stats.bytes += got > 0 ? (uint64_t)got : 0;
    return got;
}

struct byte_source feed_source(struct feed *f)
{
    return (struct byte_source){ .read = read_feed, .ctx = f };
}

struct pollfd feed_poll(const struct feed *f)
{
    return (struct pollfd){ .fd = f->poll_fd, .events = POLLIN };
}

bool feed_needs_time(const struct feed *f)
{
    return f->kind->needs_time;
}

bool feed_at_turn(const struct feed *f)
{
    return f->at_turn;
}

void feed_turn(struct feed *f)
{
    f->at_turn = false;
    f->kind->turn(f);
}

bool feed_has_history(const struct feed *f)
{
    return f->kind->history;
}

bool feed_is_wire(const struct feed *f)
{
    return f->kind->wire;
}

struct feed_stats feed_stats(const struct feed *f)
{
    return f->stats;
}
