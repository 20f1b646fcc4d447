/* SPDX-License-Identifier: Apache-2.0 */
/* What was seen of a machine as facts: the rows of fact.def that begin with "machine.". */
#pragma once

#include "analyzer/evidence/fact.h"
#include "analyzer/evidence/machine.h"

/* `first_input`: the number that the machine's first file has among the inputs of the case. */
void facts_set_machine(struct facts *f, const struct machine *m, uint32_t first_input);

/* Does the fact tell of a machine that was looked at, not of a log? */
bool fact_is_of_machine(enum fact_id id);
