/* SPDX-License-Identifier: Apache-2.0 */
/* --redact and its like: one redactor for all outputs of a run. */
#pragma once

#include "analyzer/cli/cli.h"

/* Gives every output its redactor when --redact is given. False: printed already. */
bool redaction_start(struct cli *c);

/* Learns the names that the case tells; nothing without --redact. */
void redaction_learn(struct cli *c, const struct analysis *a);

/*
 * Says how much was replaced, lists for --redact-review what was kept, writes --redact-map. False
 * when that could not be written.
 */
bool redaction_finish(struct cli *c);
