/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines that stand while crash reports are open, everybody's, and how one report's own are
 * picked out of them. Between crash.c, which fills the window, and crash_read.h. Nobody outside
 * evidence/ includes this.
 */
#pragma once

#include "analyzer/core/pairs.h"
#include "analyzer/evidence/crash.h"
#include "analyzer/evidence/crash_header.h"

/* What a line says about the report it stands in; found once, asked for by every report. */
enum line_sign {
    SIGN_UNRELIABLE = 1 << 0, /* a frame of which the kernel is not sure */
    SIGN_AFTERMATH = 1 << 1,  /* printed because a report was printed */
    SIGN_ENDS_TITLE = 1 << 2, /* another report begins */
    SIGN_EVERY_CPU = 1 << 3,  /* other CPUs go on with this report */
    SIGN_MODULES = 1 << 4,    /* a list of modules, which may go on */
    SIGN_NOISE = 1 << 5,
    SIGN_STACK = 1 << 6, /* a stack begins */
    SIGN_PART = 1 << 7,  /* it looks like a line of a report */
    SIGN_PLACE = 1 << 8, /* where the kernel was loaded */
};

/* Who printed a line. */
enum context { CONTEXT_NONE, CONTEXT_STAMP, CONTEXT_CALLER };

struct window_line {
    struct str text, caller;
    enum context context;
    enum crash_header header;
    unsigned signs; /* enum line_sign */
    struct pairs pairs;
};

struct crash_window {
    struct arena text; /* of the lines */
    struct window_lines {
        VEC(struct window_line);
    } lines;
};

enum context window_context(const struct record *r);
bool window_same_context(const struct window_line *a, const struct window_line *b);

/* Does the line look like one of a report? */
bool window_is_part(struct str line);

/* enum line_sign, but for SIGN_PART. */
unsigned window_signs(struct str line, const struct pairs *pairs, enum crash_header header);

/*
 * Reads the report that begins at line `start` as far as the window goes; what it says lives in
 * `arena`. Without memory `crash` stays as it was.
 */
void window_read(struct crash_window *w, size_t start, struct crash *crash, struct arena *arena);
