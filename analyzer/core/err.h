/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One error, filled once where its cause is known. A function that can fail returns bool (or enum
 * step) and takes `struct err *err` last; out-parameters stay untouched on failure.
 */
#pragma once

#include "analyzer/core/str.h"

enum fail {
    FAIL_NONE,
    FAIL_IO,       /* the system said no: `sys` is its errno */
    FAIL_SYNTAX,   /* a rule file, a pattern, a command line */
    FAIL_FORMAT,   /* an input that is torn or is not what it was said to be */
    FAIL_LIMIT,    /* a limit of analyzer/core/limits.h */
    FAIL_SUPPORT,  /* recognised, but this build or version cannot read it */
    FAIL_USAGE,    /* the caller asked for something that does not exist */
};

struct err {
    enum fail code;
    int sys;            /* errno, or 0 */
    char file[256];     /* as the user named it; empty if no file is at fault */
    uint32_t line, col; /* 1-based; 0 when unknown */
    char text[512];     /* lower case, no full stop: "expected a list of patterns" */
};

/* All three fill *err (unless NULL) and return false. */
bool fail(struct err *err, enum fail code, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
bool fail_sys(struct err *err, int sys, const char *file, const char *what);
bool fail_at(struct err *err, enum fail code, const char *file, uint32_t line, uint32_t col,
             const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Puts "context: " before the text of an error that is already there; returns false. */
bool fail_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * `s` as it may stand in an error text: at most `size`-1 bytes, control and non-ASCII bytes as
 * \xNN. Returns `out`, always NUL-terminated.
 */
const char *err_quote(struct str s, char *out, size_t size);
