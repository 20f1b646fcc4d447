/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a run fails, on standard error, when its report goes to a file: that line is all that the
 * journal of a service or the log of a job shows. Rules are named by their ids, for titles hold a
 * log's words. Nothing is said when the report stands on standard output.
 */
#pragma once

#include "analyzer/cli/cli.h"
#include "analyzer/diagnose/cases.h"

/* Of many cases, which ended with `code`: what could not be read, and what reached `threshold`. */
void tell_cases(const struct cli *c, const struct cases *cases, int code, enum severity threshold);

/* Of one case: a finding as bad as `worst`, which reached --fail-on. */
void tell_analysis(const struct cli *c, const struct analysis *a, enum severity worst);
