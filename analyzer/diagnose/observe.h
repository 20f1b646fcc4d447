/* SPDX-License-Identifier: Apache-2.0 */
/* The observers of a case: facts, crashes, hits, context and what nothing explains, of each boot.
 */
#pragma once

#include "analyzer/diagnose/analysis.h"

/*
 * Shows one record to the observers of its boot, and tells `reader` how many further lines they
 * want to see. `event` gets what became of it; zeroed by the caller.
 */
void observe_record(struct analysis *a, struct reader *reader, const struct record *r,
                    struct analysis_event *event);

/* What is kept of `boot`, in a->of_boot until the next call; made when it is new. NULL: no memory.
 */
struct case_boot *observe_boot(struct analysis *a, struct boot *boot);
