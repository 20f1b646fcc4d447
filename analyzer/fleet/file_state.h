/* SPDX-License-Identifier: Apache-2.0 */
/* What a file was like at a moment, so that one that changed under a scan is noticed. */
#pragma once

#include "analyzer/core/vec.h"

struct stat;

/* A symbolic link, and what is no file, is not there. */
struct file_state {
    uint64_t bytes;
    int64_t mtime_us; /* TIME_UNKNOWN: it is not there */
};

struct file_state file_state_of(const struct stat *st);
struct file_state file_state_now(struct str path); /* NUL-terminated */

/* SHA-256 of its bytes, 64 hex digits; empty: it cannot be read. `path` is NUL-terminated. */
struct str file_sha256(struct str path, struct arena *arena);
