/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Giving up rights: a guest wrote the log and a stranger sent the bundle, so the process that reads
 * them can, from here on, start no program, open no socket, write to no file but those that are
 * open, and touch no other process.
 */
#pragma once

#include "analyzer/core/err.h"

/* LeakSanitizer stops its own process at exit, by a clone that traces it: both stay possible. */
#if defined __SANITIZE_ADDRESS__
#define SANDBOX_LEAK_CHECK 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define SANDBOX_LEAK_CHECK 1
#endif
#endif

struct sandbox_options {
    bool renames;      /* an output file is put in its place by rename later */
    bool writes_files; /* a regular file is written through an open descriptor */
};

/*
 * Confines the process for good: no_new_privs, resource limits, a seccomp filter, and Landlock
 * where the kernel has it. False, with *err, when the filter cannot be had (another architecture, a
 * kernel without seccomp); the rest then holds as far as it went.
 */
bool sandbox_enter(const struct sandbox_options *options, struct err *err);

/*
 * Enters the sandbox and tries what it forbids, and what it must allow; one line per attempt and
 * "N passed, N failed" on `fd`. Returns the number of failures.
 */
unsigned sandbox_selftest(int fd);
