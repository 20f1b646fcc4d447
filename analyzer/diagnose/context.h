/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records around each one that a rule's pattern matched: a report that shows evidence in its
 * context has them without reading the input again, which may be a pipe. Which matches will become
 * evidence nobody knows yet, so all are kept until a boot's share of memory is used up.
 */
#pragma once

#include "analyzer/core/record.h"
#include "analyzer/core/vec.h"

enum { CONTEXT_BEFORE = 3, CONTEXT_AFTER = 2, CONTEXT_TEXT_BYTES = 300 };

/* Of one record what a reader wants to see beside another one. */
struct context_line {
    uint32_t input;
    uint64_t line;
    int64_t mono_us;
    enum level level;
    enum origin origin;
    struct str text; /* its first line, cut to CONTEXT_TEXT_BYTES */
    bool cut;
};

/* In the order of the stream, each record once; of one boot. */
struct context_lines {
    VEC(struct context_line);
};

/* The last records that were seen, which may turn out to be context; zero is the start. */
struct context_window {
    struct {
        struct context_line line;
        char text[CONTEXT_TEXT_BYTES];
    } before[CONTEXT_BEFORE];
    size_t n;         /* in `before`, the oldest first */
    const void *boot; /* whose records they are */
    uint32_t after;   /* so many records more are context */
};

/*
 * Looks at a record of `boot`; `hit`: a pattern matched it. Copies what is context to `lines` in
 * `arena`, up to LIMIT_CONTEXT_LINES. Returns how many of the following lines it wants to see even
 * in sparse reading.
 */
uint32_t context_add(struct context_window *w, const void *boot, const struct record *r, bool hit,
                     struct context_lines *lines, struct arena *arena);

/*
 * The lines around the record at (input, line): *from and *to are indices into `lines`, to the one
 * behind the last. False when it was not kept.
 */
bool context_around(const struct context_lines *lines, uint32_t input, uint64_t line, size_t *from,
                    size_t *to);
