/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One report's text between crash.c, which cuts it out of the records, and the modules that read
 * it: title, frame, trace, registers. Nobody outside evidence/ includes this.
 */
#pragma once

#include "analyzer/core/vec.h"
#include "analyzer/evidence/crash_header.h"
#include "analyzer/evidence/crash_names.h"
#include "analyzer/evidence/crash_pattern.h"

struct crash_line {
    struct str text;
    enum crash_header header; /* that counts, or HEADER_NONE */
    bool stack_starts;        /* crash_stack_starts() */
    const struct pairs *pairs;
};

struct crash_text {
    const struct crash_line *lines;
    size_t n;       /* of the report */
    size_t n_title; /* of these: before another report begins; title and frame look no further */
};

enum title_flag {
    TITLE_CORRUPTED = 1 << 0,
    TITLE_NO_STACK = 1 << 1,
    TITLE_STALL = 1 << 2,
    TITLE_HUNG = 1 << 3,
};

enum crash_recipe {
    RECIPE_NONE,
    RECIPE_T,        /* the call trace */
    RECIPE_R,        /* the instruction pointer, then the call trace */
    RECIPE_R1,       /* the instruction pointer alone */
    RECIPE_W,        /* R as warnings have it, else T */
    RECIPE_FT,       /* the function that the title names, then T */
    RECIPE_FS,       /* the same, then the stack right below */
    RECIPE_KMSAN,    /* the stack right below, then that of the origin */
    RECIPE_UNLOCK,   /* the first address with a name, then T */
    RECIPE_PAGE,     /* who allocated the page */
    RECIPE_LEAK,     /* the stack below "backtrace:" */
    RECIPE_DEADLOCK, /* the two places of acquisition, then the stack */
    RECIPE_UNSAFE,   /* where the lock became unsafe */
    RECIPE_RCU,      /* what the timer's interrupt interrupted */
    RECIPE_COUNT
};

struct crash_format {
    enum crash_header header;
    const char *pattern, *needs, *title;
    enum crash_recipe recipe;
    const char *const *skips; /* NULL-terminated */
    const char *alternative;
    unsigned flags; /* enum title_flag */
};

/* What was found. All slices are the caller's text or `a`'s memory. */
struct crash_title {
    struct str title;
    struct crash_alternatives {
        VEC(struct str);
    } alternatives;
    struct str function;               /* that the title names; empty when none was found */
    const char *corrupted;             /* why the report is not whole, or NULL */
    const struct crash_format *format; /* NULL: the header's line is the title */
};

/* The title of the report that begins in lines[0]. False when `a` is full. */
bool crash_title_find(const struct crash_text *t, struct arena *a, struct crash_title *out);

/* Has the format table a row for this line? Of its own, without what other lines must hold. */
bool crash_form_known(enum crash_header header, struct str line);

/* What a recipe found. */
struct crash_blame {
    struct str function; /* empty when there is none */
    bool injected;       /* the trace of a fault that a test injected stands in between */
};

/*
 * The frame that the format's recipe finds in the text from line `from` on, whose capture of %f is
 * `named`.
 */
struct crash_blame crash_frame_find(const struct crash_text *t, size_t from,
                                    const struct crash_format *f, struct str named);

/* The functions that only report, check or lock for others. */
void crash_skips_init(struct crash_names *skips);

/* A frame's line: "[<ffff>] foo+0x1/0x2", "(foo) from [<ff>] (bar+0x1)": up to two names. */
size_t crash_line_frames(struct str line, struct str names[2]);

/* Does another stack begin here: "Call Trace:", "Freed by task 12:"? */
bool crash_stack_starts(struct str line, const struct pairs *pairs);

/*
 * The function that an instruction pointer line names, empty for a bare address. False when it is
 * no such line.
 */
bool crash_line_ip(struct str line, struct str *function);

/* "__x64_sys_open" → "sys_open"; what has no wrapper's prefix stays. */
struct str crash_unwrap(struct str function);

/* The title in the form in which it can be compared and searched for, in `a`. */
struct str crash_normalise(struct arena *a, struct str title);
