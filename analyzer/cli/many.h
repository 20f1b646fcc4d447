/* SPDX-License-Identifier: Apache-2.0 */
/* What commands over many cases share: scan, plan and merge. */
#pragma once

#include "analyzer/cli/cli.h"
#include "analyzer/fleet/case_list.h"
#include "analyzer/fleet/case_store.h"
#include "analyzer/fleet/plan.h"

/* Is every report that the call asks for one of many cases? Complains about one that is not. */
bool many_reports(const struct cli *c, const struct report *main);

/* Does one of them consist of the cases' own lines, so that those have to be kept? */
bool many_wants_lines(const struct cli *c, const struct report *main);

/* The cases that the words and --files-from name; false when that was complained about. */
bool many_list(struct cli *c, struct case_list *list);

/* A count out of an option: from `least` to `most`; `value` stays when it is not given. */
bool many_count(const struct cli *c, enum option o, uint64_t least, uint64_t most, uint64_t *value);

/* --fail-on, --run-time, and --new-only with its --baseline; false: one is wrong, and was said. */
bool many_check(struct cli *c);

/* Lets the process have so many files open beside its own, as far as the system allows. */
void many_descriptors(size_t n);

/* The lines of the cases, for reports that consist of them. */
struct many_lines {
    const struct case_store *store;
    const struct part *part; /* that they are of a whole; NULL: it is all there */
};

/*
 * Judges the cases, leaves out what the --baseline has, writes all reports (main and files) and
 * closes them. `lines` is NULL when no report asks for them. Returns the exit code.
 */
int many_report(struct cli *c, const struct report *main, struct cases *cases,
                const struct many_lines *lines);

/* The same verdict without a report: EXIT_NOTHING, EXIT_PART or EXIT_FINE. */
enum exit_code many_judge(struct cases *cases);
