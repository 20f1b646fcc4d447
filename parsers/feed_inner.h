/* SPDX-License-Identifier: Apache-2.0 */
/* What the kinds of feeds share; nobody else includes this. */
#pragma once

#include "parsers/feed.h"

#include <sys/stat.h>

struct feed_kind {
    ptrdiff_t (*read)(struct feed *f, char *buf, size_t n, struct err *err);
    void (*turn)(struct feed *f);  /* NULL: never turns */
    void (*close)(struct feed *f); /* frees it */
    bool needs_time, wire, history;
};

/* The first member of each kind's own struct. */
struct feed {
    const struct feed_kind *kind;
    int poll_fd;
    bool at_turn;
    struct feed_stats stats;
};

/* feed_file.c: a regular file that was opened under `path`; takes `fd`. */
struct feed *feed_file_open(const char *path, int fd, struct err *err);

/* feed_stream.c: what is read from one descriptor to its end; takes `fd` unless it is 0. */
struct feed *feed_stream_open(int fd, const struct stat *stat, struct err *err);

/* The same over a connection; `telnet`: option bytes are taken out and refused. */
struct feed *feed_connection(int fd, bool telnet, struct err *err);

/* feed_socket.c */
struct feed *feed_unix_open(const char *path, struct err *err);
struct feed *feed_tcp_open(struct str host, struct str port, struct err *err);

/* "tcp://HOST:PORT", "HOST:PORT", "[::1]:PORT". */
bool feed_is_address(struct str name, struct str *host, struct str *port);

/* feed_journal.c: the boot that the journal files of a directory end with; takes `dir_fd`. */
struct feed *feed_journal_open(int dir_fd, const char *path, struct err *err);
