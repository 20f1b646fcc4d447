/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report is one file and one line in reports.def. It reads the result model and writes to an
 * `out`; it decides nothing.
 */
#pragma once

#include "analyzer/diagnose/analysis.h"
#include "analyzer/diagnose/cases.h"
#include "reports/out.h"

struct report_options {
    bool color;
    unsigned width; /* columns, 0: do not wrap */
    unsigned cut;   /* columns of a line of the log, 0: do not cut */
    bool all;       /* superseded findings, every boot, every unexplained shape */
    int exit_code;  /* what the program is about to return */
    struct str tool_version;
    const struct ruleset *rules; /* those of this run, or NULL where others made the results */
    int64_t run_time_us;         /* of --run-time, wall clock; 0: no clock in any report */
    int64_t duration_us;         /* of the run; 0: not told */
    enum severity junit_fail_on; /* milder findings are passing test cases */
    bool junit_all_rules;        /* a passing test case for each rule that found nothing */
    size_t from, to;             /* of many cases these alone, for part_end(); to 0: all */
};

struct report {
    const char *name;   /* "text", "json": the word of --format */
    const char *title;  /* one line for --help */
    bool wants_context; /* analysis_options.context, for its sake */
    void (*write)(struct out *out, const struct analysis *a, const struct report_options *o);

    /* The same of many cases, for scan and merge; NULL: not offered there. */
    void (*write_cases)(struct out *out, const struct cases *cases, const struct report_options *o);
    bool case_lines; /* each case's own lines come first, as write() wrote them in its worker */

    /*
     * For readers that take only so much in one file: the part that begins with case `from` ends
     * before this one. NULL: one file holds any number.
     */
    size_t (*part_end)(const struct cases *cases, const struct report_options *o, size_t from);

    /*
     * One finding of a case that goes on, before its report. NULL: this report cannot be followed.
     */
    void (*write_finding)(struct out *out, const struct analysis *a, const struct diagnosis *d,
                          const struct report_options *o);
};

/*
 * Writes one case by a writer of many, for reports that need no more than the model of cases; it is
 * complete unless o->exit_code says that bytes were lost.
 */
void report_as_cases(struct out *out, const struct analysis *a, const struct report_options *o,
                     void (*write_cases)(struct out *out, const struct cases *cases,
                                         const struct report_options *o));

/* All reports in the order of reports.def; NULL-terminated. */
extern const struct report *const reports[];
const struct report *report_find(struct str name);
