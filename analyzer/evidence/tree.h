/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a machine below its root directory: "/" of this one, or where the disk of a dead one
 * is mounted. Names are resolved inside that root, symbolic links and ".." included, so that a
 * hostile image never leads to a file of ours; only regular files and directories are opened, so
 * that a FIFO or a device in their place neither blocks nor does anything.
 */
#pragma once

#include "analyzer/core/err.h"
#include "analyzer/core/vec.h"

struct tree {
    int fd; /* of the root; -1: none */
};

enum tree_state {
    TREE_FOUND,
    TREE_ABSENT,
    TREE_DENIED, /* we lack the right to know */
    TREE_ODD,    /* a loop of links, a device, a read error: not what a machine has there */
};

enum tree_kind { TREE_FILE, TREE_DIRECTORY, TREE_OTHER };

struct tree_info {
    enum tree_kind kind;
    uint64_t bytes; /* of a file */
    bool readable;  /* a file that we may open */
};

struct tree_names {
    VEC(struct str);
};

bool tree_open(struct tree *t, const char *root, struct err *err);
void tree_close(struct tree *t);

/* What stands at `path`, links followed. */
enum tree_state tree_look(const struct tree *t, struct str path, struct tree_info *info);

/* Where the link at `path` itself points, in `a`. TREE_ODD: it is no link. */
enum tree_state tree_link(const struct tree *t, struct str path, struct arena *a,
                          struct str *target);

/*
 * At most `max` bytes of a regular file, in `a`. What is longer is cut; *whole (may be NULL) says
 * so.
 */
enum tree_state tree_read(const struct tree *t, struct str path, struct arena *a, size_t max,
                          struct str *bytes, bool *whole);

/* The names in a directory, sorted, without "." and ".."; at most LIMIT_MACHINE_NAMES. */
enum tree_state tree_list(const struct tree *t, struct str path, struct arena *a,
                          struct tree_names *names);

/* Free and all KiB of the file system that holds `path`, and whether it is another than the root's.
 */
enum tree_state tree_space(const struct tree *t, struct str path, uint64_t *free_kib,
                           uint64_t *all_kib, bool *own);
