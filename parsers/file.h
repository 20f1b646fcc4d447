/* SPDX-License-Identifier: Apache-2.0 */
/* One opened descriptor as a byte source that cannot hang and notices when the file shrinks. */
#pragma once

#include "parsers/lines.h"

#include <sys/stat.h>

struct file {
    int fd;
    struct stat stat;
    uint64_t read_bytes;
    bool borrowed; /* standard input: not ours to close */
    bool waited;   /* for somebody to open the FIFO */
};

/*
 * Opens a regular file, FIFO or character device without waiting for anybody; directories are
 * opened, too. Block devices are refused. With `follow` a symbolic link is followed (the user named
 * it). "-" is standard input.
 */
bool file_open(struct file *f, int dir_fd, const char *path, bool follow, struct err *err);
void file_close(struct file *f);

/*
 * A byte source's read(). A FIFO whose writer stays silent for 10 seconds and a device that has
 * nothing more end here. A regular file that is shorter than it was when opened fails with
 * FAIL_FORMAT at its new end.
 */
ptrdiff_t file_read(void *file, char *buf, size_t n, struct err *err);
