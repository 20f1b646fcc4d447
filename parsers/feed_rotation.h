/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which file followed the one that is open, when a log was rotated by rename: the one that stands
 * under the name now, or one between that was itself renamed already. For feed_file.c alone.
 */
#pragma once

#include "analyzer/core/err.h"

/* The names of one log in its directory. */
struct rotation {
    int dir_fd;
    int notify_fd;    /* inotify over the directory and the file; -1: none */
    const char *base; /* the log's own name */
    uint64_t created; /* files that appeared under that name, as far as we were told */
    bool overflowed;  /* we were not told everything */
};

/*
 * Starts watching; false: not possible here, time alone tells. `path` is the log's, its directory
 * is open as dir_fd.
 */
bool rotation_watch(struct rotation *r, const char *directory);

/* Takes what was told. True when a name of the log came, went or changed. */
bool rotation_told(struct rotation *r);

/*
 * Opens the file that came behind the one open as `fd`; *active: it stands under the log's own
 * name. -1: `fd` is the newest that there is.
 */
int rotation_next(struct rotation *r, int fd, bool *active);
