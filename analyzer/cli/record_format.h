/* SPDX-License-Identifier: Apache-2.0 */
/* One record as `lastwords records` prints it. */
#pragma once

#include "analyzer/core/record.h"
#include "reports/out.h"

struct record_sink;
struct record_format {
    const char *name;  /* the word of --format */
    const char *title; /* one line for --help */
    bool merged;       /* always of boots, repeated dumps left out */
    void (*print)(const struct record_sink *sink, const struct record *r);
};

struct record_sink {
    const struct record_format *format;
    struct out *out;
    bool tty; /* people look at it: `raw` escapes, too */
};

/* By name; the first is the default. NULL-terminated. */
extern const struct record_format record_formats[];
const struct record_format *record_format_find(struct str name);

void record_print(const struct record_sink *sink, const struct record *r);
