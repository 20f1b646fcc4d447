/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case's NDJSON back into the result model: what a worker, a shard of another machine or an
 * earlier scan wrote. Nothing of it is trusted: objects out of order, words that the schema does
 * not have, numbers out of range and indices into nothing are errors.
 */
#pragma once

#include "analyzer/diagnose/cases.h"

/*
 * Fills `out` from the lines of one case, header to summary; texts are copied into the arena of
 * `cases`. The first case tells `cases` which tool and rules made the results, a later one of
 * others is refused (FAIL_USAGE). False, with *err, leaves `out` empty.
 */
bool case_read(struct cases *cases, struct str ndjson, struct case_result *out, struct err *err);
