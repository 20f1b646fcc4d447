/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a command writes: standard output, or a file that appears whole or not at all. It is
 * written under a temporary name beside its place and renamed when everything is in it. A process
 * that is ended before leaves nothing behind.
 */
#pragma once

#include "analyzer/cli/temp_file.h"
#include "reports/out.h"

struct output {
    struct out *out;
    int fd, dir;           /* dir: where the rename happens, or -1 */
    const char *name;      /* within dir */
    struct temp_file temp; /* unless dir is -1 */
    bool is_file;          /* a regular file is written: here, or behind standard output */
};

/* `path` NULL is standard output, as "-" is. Fails when it cannot be written there. */
bool output_open(struct output *o, const char *path, struct err *err);

/*
 * Writes what is left and puts the file in its place. False on a write error, with *err; a reader
 * that went away (EPIPE) is err->sys. The file of before is then still there, the new one is not.
 */
bool output_close(struct output *o, struct err *err);

/* Gives up: nothing appears. */
void output_abandon(struct output *o);
