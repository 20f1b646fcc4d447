/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fixed text of a regular expression: every run of characters that stands in any text it
 * matches. literal.h gives what is best to search for; this gives all there is to check.
 */
#pragma once

#include "analyzer/core/str.h"

enum { FIXED_BYTES = 256 }; /* of a longer run its first ones */

/*
 * Calls `add` for each run outside of groups, in order; `run` is valid during the call. Nothing is
 * said of an expression that is one of several at its top ("a|b").
 */
void fixed_runs(struct str regex, void (*add)(void *ctx, struct str run), void *ctx);
