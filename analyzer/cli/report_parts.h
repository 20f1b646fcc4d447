/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports whose readers take only so much in one file (report.h, part_end): report.xml is followed
 * by report-2.xml, report-3.xml and so on, each of them whole. Nothing is cut on standard output.
 */
#pragma once

#include "analyzer/cli/output.h"
#include "reports/report.h"

/* Sets how->from and how->to for the part that `output` takes. Can there be more of them? */
bool report_parts_first(const struct output *output, const struct report *report,
                        const struct cases *cases, struct report_options *how);

/*
 * Writes the parts behind that one, beside `path`, with the same redactor, and removes those that
 * an earlier run with more of them left there. False with *err.
 */
bool report_parts_rest(const char *path, const struct report *report, const struct cases *cases,
                       const struct report_options *how, struct redactor *redactor,
                       struct err *err);
