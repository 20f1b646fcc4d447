/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that is written under a name of its own (.lastwords-PID-N.tmp) beside the place where it
 * is going to appear, and goes away with its writer.
 *
 * A process that waits for the writer's end removes what was not renamed, whatever ended the
 * writer; where both of them were killed, the next writer into the directory does. The writer holds
 * a lock (flock) on the file as long as one of the two lives, so nothing of a living one is
 * removed, and nothing at all where locks do not reach all writers (network file systems).
 */
#pragma once

#include "analyzer/core/err.h"

struct temp_file {
    int fd;        /* to write to; -1: there is none */
    char name[64]; /* within its directory; empty: it was renamed */
    int dir;       /* the caller's */
    int leash;     /* its other end is the guard's; -1: no guard */
    long guard;
};

/* Makes one in `dir`, for its owner alone. False with *err; `path` is what the user named. */
bool temp_file_open(struct temp_file *t, int dir, const char *path, struct err *err);

/* Syncs it and puts it in the place of `name`, in the same directory. */
bool temp_file_rename(struct temp_file *t, const char *name, struct err *err);

/* Closes it, and removes it unless it was renamed. */
void temp_file_close(struct temp_file *t);
