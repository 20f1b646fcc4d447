/* SPDX-License-Identifier: Apache-2.0 */
/* From findings to diagnoses in rank order: which is the cause, which its symptoms. */
#pragma once

#include "analyzer/diagnose/analysis.h"

/*
 * Appends the diagnoses of one boot's findings to a->diagnoses, best first: drops what is
 * suppressed, marks what is superseded, nests what is explained. Texts are not filled in yet.
 */
void rank_findings(struct analysis *a, struct case_boot *cb);
