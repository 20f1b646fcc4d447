/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The NDJSON of many cases, kept where memory is not: in an unnamed temporary file, or where it
 * stands already. Cases come in any order and are written out by their index.
 */
#pragma once

#include "analyzer/core/vec.h"
#include "reports/out.h"

struct case_store {
    struct case_texts {
        VEC(struct case_text);
    } of; /* by index */
    struct arena *arena;
    int spool; /* -1: none yet */
    uint64_t spooled;
};

struct case_text {
    int fd;
    uint64_t offset, bytes; /* 0 bytes: not there */
};

/* For `n` cases. False: out of memory. */
bool case_store_init(struct case_store *s, struct arena *arena, size_t n);
void case_store_done(struct case_store *s);

/* Keeps a copy. */
bool case_store_put(struct case_store *s, size_t index, struct str ndjson, struct err *err);

/* Remembers where it stands in a file that stays open as long as the store. */
void case_store_point(struct case_store *s, size_t index, int fd, uint64_t offset, uint64_t bytes);

/*
 * Writes all that are there, in order. What is kept is not redacted; when `out` has a redactor, it
 * is here, where all names of all cases are known.
 */
bool case_store_write(const struct case_store *s, struct out *out, struct err *err);
