/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that goes away with its writer unless it is put in its place: it has no name until then
 * (O_TMPFILE, open(2)), whatever ends the writer.
 *
 * Where the file system cannot do that (NFS, FAT), and for the moment between its two steps into
 * its place, it has a name of its own, .lastwords-PID-N.tmp, beside that place. One that a killed
 * writer left there is removed by the next writer into the directory. The writer holds a lock
 * (flock) on the file, so nothing of a living one is removed, and nothing at all where locks do not
 * reach all writers (network file systems).
 */
#pragma once

#include "analyzer/core/err.h"

struct temp_file {
    int fd;        /* to write to; -1: there is none */
    char name[64]; /* within its directory; empty: it has none, or was renamed */
    int dir;       /* the caller's */
};

/* Makes one in `dir`, for its owner alone. False with *err; `path` is what the user named. */
bool temp_file_open(struct temp_file *t, int dir, const char *path, struct err *err);

/* Syncs it and puts it in the place of `name`, in the same directory. */
bool temp_file_rename(struct temp_file *t, const char *name, struct err *err);

/* Closes it, and removes it unless it was renamed. */
void temp_file_close(struct temp_file *t);
