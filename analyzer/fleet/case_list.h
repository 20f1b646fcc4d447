/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which cases a scan is about. A directory that holds a VM's settings or its vmware.log (or journal
 * files) is one case, with all files that lie in it; elsewhere a log and its rotations are one case
 * (x.log, x.log.1, x.log.2.gz; dmesg, dmesg.0), and every other file is one of its own. Files are
 * not opened here: what holds no log turns out in the worker.
 */
#pragma once

#include "analyzer/fleet/file_state.h"

struct scan_case {
    struct str path;   /* its directory, or the newest file of its set */
    struct strs files; /* oldest first where names tell */
    struct scan_states {
        VEC(struct file_state);
    } states; /* of the files */
    uint64_t bytes;
    uint64_t device;  /* the file system that it lies on */
    struct str store; /* of a plan by locality: the directory above all cases there; else empty */
};

/* One file that was found. */
struct scan_file {
    struct str directory; /* empty: the current one */
    struct str base;
    struct str stem; /* base without what a rotation adds to it */
    uint64_t age;    /* larger is older */
    uint64_t bytes, device, inode;
    int64_t mtime_us;
};

struct case_list {
    VEC(struct scan_case); /* by path, once case_list_settle() ran */
    struct arena *arena;   /* everything here */
    bool images;           /* memory images, too */
    uint64_t n_images;     /* that were left out */
    uint64_t n_doubles;    /* files that were named or found twice */
    bool full;             /* more than LIMIT_SCAN_FILES */
    struct scan_files {
        VEC(struct scan_file);
    } files;
    struct strs unread; /* directories that could not be read */
};

/* What `path` names: a file, or a directory with what lies below it. Symbolic links found on the
 * way are not followed. */
void case_list_add(struct case_list *list, struct str path);

/* From files to cases; the order depends on nothing but names. False: out of memory. */
bool case_list_settle(struct case_list *list);

/*
 * The name of this set of cases, 64 hex digits: the same for the same paths, tool and rules.
 */
struct str case_list_id(const struct case_list *list, struct str tool_version,
                        struct str rules_sha256, struct arena *arena);
