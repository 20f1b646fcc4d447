/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log bytes cut to a length, for reports with a limit. The order matters: first redacted, because
 * the rest of a cut name is still a name; then made visible as out_tty() does; then cut. What comes
 * out is escaped for its sink on an output without a redactor.
 */
#pragma once

#include "reports/out.h"

struct clip {
    struct out *shown, *cut;
};

/* For what `o` will get, with its redactor. False: out of memory. clip_done() in both cases. */
bool clip_init(struct clip *c, const struct out *o);
void clip_done(struct clip *c);

/* At most `columns` characters (0: all) with "…" for the rest; valid until the next call. */
struct str clip(struct clip *c, struct str s, size_t columns);

/* The same for what was written to c->shown with an escaper of its own since the last call. */
struct str clip_shown(struct clip *c, size_t columns);
