/* SPDX-License-Identifier: Apache-2.0 */
/* The transitive edges between rules; for ruleset_compile(). */
#pragma once

#include "analyzer/engine/ruleset.h"

/* Fills explains, supersedes and suppressed_by of sorted rules. False with what is wrong. */
bool edges_build(struct ruleset *rs, struct problems *errors);
