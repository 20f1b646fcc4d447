/* SPDX-License-Identifier: Apache-2.0 */
/* The text report's page: a sink, a scratch for what is escaped first and laid out then. */
#pragma once

#include "reports/layout.h"
#include "reports/report.h"
#include "reports/wording.h"

struct page {
    struct out *out;
    struct out *scratch;  /* a text is escaped into it before it is wrapped or cut */
    struct wording words; /* writes to scratch */
    const struct analysis *a;
    const struct report_options *o;
};

/* What is in the scratch, wrapped `indent` deep and ended; the scratch is empty afterwards. */
void page_flush(struct page *p, size_t at, size_t indent);

/* The same for a row's text that begins at column `at`, with `id` dimmed at the right end of its
 * last line. */
void page_row(struct page *p, size_t at, size_t indent, struct str id);

/* Own words as a paragraph `indent` deep. */
void page_words(struct page *p, size_t indent, const char *words);

/* "FATAL", and the style that may go with it. */
struct str page_severity(enum severity severity);
enum style page_style(enum severity severity);

/*
 * Lines of the log that prove something: "  vmware.log:3117  1.125782  VFS: Cannot open root …",
 * cut to the width. They are aligned in parts, so that a flood needs no memory. Begins zeroed.
 */
struct page_listing {
    struct page_line {
        const struct record *record;
        uint64_t times; /* how often; 0: not told */
    } lines[64];
    size_t n;
};

/* Adds a line; none for NULL, which is a record that memory did not suffice to keep. */
void page_list(struct page *p, struct page_listing *l, const struct record *record, uint64_t times);

/* Writes what is not written yet. */
void page_list_end(struct page *p, struct page_listing *l);
