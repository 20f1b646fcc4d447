/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many cases, each in a worker process of its own, at most `jobs` at once. What comes out depends
 * on the cases alone, not on who finished first.
 */
#pragma once

#include "analyzer/diagnose/cases.h"
#include "analyzer/fleet/case_store.h"
#include "analyzer/fleet/worker.h"

struct scan_state {
    size_t done, of;
    uint64_t bytes, bytes_of;
    size_t found, failed; /* cases with a finding; cases with a loss */
    int64_t elapsed_ms;
};

struct scan_options {
    struct worker_options worker;
    unsigned jobs;
    /* NULL, or: called now and then, at most ten times a second. */
    void (*progress)(void *ctx, const struct scan_state *state);
    void *ctx;
};

/*
 * Scans all cases of the list: cases->of holds their results in the list's order, and `store`,
 * unless NULL, their NDJSON. False with *err when the scan itself could not go on.
 */
bool scan_run(const struct case_list *list, const struct scan_options *o, struct cases *cases,
              struct case_store *store, struct err *err);
