/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the Markdown report, which is pasted into tickets and must stay under what they take
 * (GitHub: 65,536 characters). It is made in memory under a plan; when it is too long, again under
 * the next one, which leaves out more: evidence first. The last plan always fits.
 */
#pragma once

#include "reports/clip.h"
#include "reports/report.h"

enum { MARKDOWN_BYTES = 60000 };

/* How much of what is told; the least that is left out comes first. */
struct markdown_plan {
    size_t evidence, columns; /* lines for one finding, and of each line */
    bool context;             /* with their neighbours */
    size_t findings, words;   /* findings that are told in full, columns of each text */
    size_t steps, crashes, frames, inputs;
    const char *cut; /* what is left out, in words; NULL: nothing */
};

struct markdown {
    struct out *doc; /* in memory, without a redactor: everything passes `clip` */
    struct out *block;
    struct clip clip;
    const struct markdown_plan *plan;
    const struct report_options *o;
    const struct analysis *a; /* NULL: many cases */
    bool redacted;
};

/* False: out of memory. markdown_done() in both cases. */
bool markdown_init(struct markdown *m, const struct out *out, const struct report_options *o);
void markdown_done(struct markdown *m);

/* A text of a log or a rule within a line; the same for what stands in clip.shown. */
void markdown_text(struct markdown *m, struct str s);
void markdown_shown(struct markdown *m);

/* A name as code: `root.no-device`. */
void markdown_name(struct markdown *m, struct str name);

/* One line of a log into m->block: place, stamp, text. */
struct markdown_line {
    struct str input;
    uint64_t line;
    struct str stamp; /* plain characters */
    struct str text;
    const char *mark; /* in front: "> " for the proof among its neighbours */
};
void markdown_line(struct markdown *m, const struct markdown_line *line);

/* m->block between fences that nothing in it can close. */
void markdown_block(struct markdown *m);

/* "redacted: no", versions, and what the plan left out. */
void markdown_end(struct markdown *m, struct str version, struct str sha256, uint64_t n_rules);

/* What preflight checked; nothing for other reports. */
void markdown_checks(struct markdown *m);

/* All crashes of the boot that the answer is about. */
void markdown_crashes(struct markdown *m);

/* report.write_cases */
void markdown_write_cases(struct out *out, const struct cases *cases,
                          const struct report_options *o);
