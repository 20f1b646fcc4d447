/* SPDX-License-Identifier: Apache-2.0 */
/* Which crash follows from which: the first one is the bug. */
#pragma once

#include "analyzer/evidence/crash.h"

/* Text behind "Kernel panic - not syncing: ". */
struct str crash_panic_reason(struct str line);

/* Does this panic line say that the kernel stops because of a report before it? */
bool crash_panic_follows(struct str line);

/* Does a report with this first line kill the task, so that a panic behind it is its end? */
bool crash_kills(struct str header_line);

/* A header's line that goes on with the report before it, "INFO: Freed in …". */
bool crash_continues(struct str line);

/* Sets consequence_of of all. */
void crash_chain(struct crash_list *list);
