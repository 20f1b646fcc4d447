/* SPDX-License-Identifier: Apache-2.0 */
/* How far a scan is, on standard error: one line that is written over, and gone at the end. */
#pragma once

#include "analyzer/fleet/scan.h"

/* scan_options.progress; `ctx` is a struct progress, zero at first. */
struct progress {
    bool shown;
};
void progress_show(void *ctx, const struct scan_state *state);

/* Takes the line away again. */
void progress_end(struct progress *p);
