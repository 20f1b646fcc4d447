/* SPDX-License-Identifier: Apache-2.0 */
/* --redact and its like: one redactor for all outputs of a run. */
#pragma once

#include "analyzer/cli/cli.h"
#include "analyzer/fleet/history.h"

/* Gives every output its redactor when --redact is given. False: printed already. */
bool redaction_start(struct cli *c);

/*
 * Learn the names that a case, all cases, or a history's machines tell; nothing without --redact.
 * False: nothing must be written, since names were not learned; printed already, or in *err.
 */
bool redaction_learn(struct cli *c, const struct analysis *a);
bool redaction_learn_cases(struct cli *c, const struct cases *cases);
bool redaction_learn_machines(struct cli *c, struct history *h, struct err *err);

/*
 * Says how much was replaced, lists for --redact-review what was kept, writes --redact-map. False
 * when that could not be written.
 */
bool redaction_finish(struct cli *c);

/* The run writes nothing, or no more: no map, and the names that were learned are let go. */
void redaction_abandon(struct cli *c);
