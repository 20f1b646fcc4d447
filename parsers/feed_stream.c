/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one descriptor gives until its end: standard input, a FIFO, a device, a connection. The
 * descriptor may be shared with others (a shell's standard input), so that it stays as it is:
 * poll() tells before each read() whether that would wait.
 */
#include "parsers/feed_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* RFC 854: commands behind IAC, and the answers that refuse an option. */
enum { WILL = 251, WONT = 252, DO = 253, DONT = 254, IAC = 255, SUB = 250, SUB_END = 240 };

/* Answers written to one peer: options are few, and two that refuse must not go on for ever. */
enum { ANSWERS_MAX = 256 };

/* A read() of /dev/kmsg wants room for a whole record: CONSOLE_EXT_LOG_MAX of the kernel. */
enum { DEVICE_BYTES = 8192 };

enum telnet_state {
    TELNET_TEXT,
    TELNET_CR,
    TELNET_COMMAND,
    TELNET_OPTION,
    TELNET_SUB,
    TELNET_SUB_IAC
};

struct stream {
    struct feed feed;
    int fd;
    bool borrowed, device, telnet;
    enum telnet_state state;
    unsigned char verb;
    unsigned answers;
    char piece[DEVICE_BYTES]; /* of a device */
    size_t at, n;
};

static void refuse(struct stream *s, unsigned char option)
{
    unsigned char answer[3] = { IAC, s->verb == WILL ? DONT : WONT, option };

    if ((s->verb != WILL && s->verb != DO) || s->answers >= ANSWERS_MAX)
        return;
    s->answers++;
    /* A peer that takes no answer is read all the same. */
    if (write(s->fd, answer, sizeof answer) < 0)
        s->answers = ANSWERS_MAX;
}

/* One byte behind IAC; true when it is a byte of text after all. */
static bool take_command(struct stream *s, unsigned char c)
{
    s->state = TELNET_TEXT;
    if (c == IAC)
        return true;
    if (c >= WILL && c <= DONT) {
        s->verb = c;
        s->state = TELNET_OPTION;
    } else if (c == SUB) {
        s->state = TELNET_SUB;
    }
    return false;
}

/* Is the byte text? CR NUL is a bare CR: RFC 854, "NVT printer". */
static bool is_text(struct stream *s, unsigned char c)
{
    switch (s->state) {
    case TELNET_CR:
        s->state = TELNET_TEXT;
        if (c == '\0')
            return false;
        /* fall through */
    case TELNET_TEXT:
        if (c == '\r')
            s->state = TELNET_CR;
        if (c == IAC)
            s->state = TELNET_COMMAND;
        return c != IAC;
    case TELNET_COMMAND: return take_command(s, c);
    case TELNET_OPTION:
        refuse(s, c);
        s->state = TELNET_TEXT;
        return false;
    case TELNET_SUB:
        if (c == IAC)
            s->state = TELNET_SUB_IAC;
        return false;
    case TELNET_SUB_IAC: s->state = c == SUB_END ? TELNET_TEXT : TELNET_SUB; return false;
    }
    return true;
}

static size_t without_options(struct stream *s, char *buf, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (is_text(s, (unsigned char)buf[i]))
            buf[kept++] = buf[i];
    return kept;
}

/* 1: something can be read, or the end; 0: nothing for now. */
static int look(const struct stream *s)
{
    struct pollfd p = { .fd = s->fd, .events = POLLIN };

    if (poll(&p, 1, 0) <= 0)
        return 0;
    /* A FIFO that nobody has opened yet tells nothing; one whose writers are gone hangs up. */
    return p.revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL) ? 1 : 0;
}

static ptrdiff_t read_some(struct stream *s, char *buf, size_t n, struct err *err)
{
    for (;;) {
        ssize_t got = look(s) ? read(s->fd, buf, n) : READ_WAIT;

        if (got >= 0 || got == READ_WAIT)
            return got;
        if (errno == EAGAIN)
            return READ_WAIT;
        if (errno == EPIPE && s->device) {
            s->feed.stats.overruns++; /* /dev/kmsg: the ring went over what was not read yet */
            continue;
        }
        if (errno == ECONNRESET || errno == EIO)
            return 0; /* the peer is gone, as a VM that is powered off; a terminal hung up */
        if (errno == EINTR)
            continue;
        fail_sys(err, errno, "", "cannot read");
        return -1;
    }
}

/* Whole records of the device into a place of our own, and from there as much as fits. */
static ptrdiff_t read_device(struct stream *s, char *buf, size_t n, struct err *err)
{
    if (s->at == s->n) {
        ptrdiff_t got = read_some(s, s->piece, sizeof s->piece, err);

        if (got <= 0)
            return got;
        s->at = 0;
        s->n = (size_t)got;
    }
    if (n > s->n - s->at)
        n = s->n - s->at;
    memcpy(buf, s->piece + s->at, n);
    s->at += n;
    return (ptrdiff_t)n;
}

static ptrdiff_t stream_read(struct feed *f, char *buf, size_t n, struct err *err)
{
    struct stream *s = (struct stream *)(void *)f;

    if (s->device)
        return read_device(s, buf, n, err);
    for (;;) {
        ptrdiff_t got = read_some(s, buf, n, err);
        size_t kept;

        if (got <= 0 || !s->telnet)
            return got;
        kept = without_options(s, buf, (size_t)got);
        if (kept)
            return (ptrdiff_t)kept;
    }
}

static void stream_close(struct feed *f)
{
    struct stream *s = (struct stream *)(void *)f;

    if (!s->borrowed)
        close(s->fd);
    free(s);
}

static const struct feed_kind plain_stream = { .read = stream_read, .close = stream_close };
static const struct feed_kind device_stream = { .read = stream_read,
                                                .close = stream_close,
                                                .history = true };
static const struct feed_kind wire_stream = { .read = stream_read,
                                              .close = stream_close,
                                              .wire = true };

static struct stream *stream_new(int fd, const struct feed_kind *kind, struct err *err)
{
    struct stream *s = calloc(1, sizeof *s);

    if (!s) {
        if (fd != STDIN_FILENO)
            close(fd);
        fail(err, FAIL_LIMIT, "out of memory");
        return NULL;
    }
    s->feed = (struct feed){ .kind = kind, .poll_fd = fd };
    s->fd = fd;
    s->borrowed = fd == STDIN_FILENO;
    return s;
}

struct feed *feed_stream_open(int fd, const struct stat *stat, struct err *err)
{
    bool own = fd != STDIN_FILENO, device = own && S_ISCHR(stat->st_mode);
    const struct feed_kind *kind = own && S_ISFIFO(stat->st_mode) ? &wire_stream
                                   : device                       ? &device_stream
                                                                  : &plain_stream;
    struct stream *s = stream_new(fd, kind, err);

    if (!s)
        return NULL;
    s->device = device;
    return &s->feed;
}

struct feed *feed_connection(int fd, bool telnet, struct err *err)
{
    struct stream *s = stream_new(fd, &wire_stream, err);

    if (!s)
        return NULL;
    s->telnet = telnet;
    return &s->feed;
}
