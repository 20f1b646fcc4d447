/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the HTML report. One file: no script, nothing fetched, colours and layout in one
 * style sheet. Every byte of a log goes through out_markup().
 */
#pragma once

#include "reports/report.h"
#include "reports/wording.h"

struct html {
    struct out *out;
    struct wording words; /* writes to out, escaped */
    const struct analysis *a;
    const struct report_options *o;
};

/* The style sheet, in pieces: light, dark and print, from phone width up. NULL-terminated. */
extern const char *const html_style[];

/* Everything in front of a page's own content: head with its policy, style, title; and its end. */
void html_begin(struct out *o, struct str title);
void html_end(struct out *o);
void html_footer(struct out *o, struct str version, uint64_t rules, struct str sha256);

/* "<span class="badge fatal">FATAL</span>" */
void html_severity(struct out *o, enum severity severity);

/* The timeline with its text equivalent; nothing without a boot. */
void html_timeline(const struct html *h);

/* One line of a log in a listing: place, stamp, text. */
struct html_line {
    struct str input;
    uint64_t line;
    struct str stamp; /* plain characters */
    struct str text;
    bool proof; /* the evidence itself, among its neighbours */
    bool cut;
};
void html_log_line(struct out *o, const struct html_line *line);

/* All diagnoses, those to act on first; a record as evidence. */
void html_diagnoses(const struct html *h);
void html_record(const struct html *h, const struct record *r);

/* What preflight checked; nothing for other reports. */
void html_checks(const struct html *h);

/* All crashes of the boot that the answer is about. */
void html_crashes(const struct html *h);

/* The page of many cases: report_html's write_cases. */
void html_write_cases(struct out *out, const struct cases *cases, const struct report_options *o);
