/* SPDX-License-Identifier: Apache-2.0 */
/* What preflight checked, as members of an object of the JSON report. */
#pragma once

#include "analyzer/diagnose/analysis.h"
#include "reports/emit.h"

/* "verdict" and "checks"; only when a->machine is there. */
void json_next_boot_members(struct emit *e, const struct analysis *a);
