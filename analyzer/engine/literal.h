/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which literals a regular expression cannot do without: a small, conservative reader of PCRE2
 * syntax. In doubt it answers "none".
 */
#pragma once

#include "analyzer/core/vec.h"
#include "analyzer/engine/prefilter.h"

struct literals {
    VEC(struct literal);
};

/*
 * Fills *out with literals of which at least one stands in every text that `regex` matches; the
 * longest useful ones are chosen. False when there is no such set with every member at least
 * PREFILTER_MIN bytes. Lives in `a`.
 */
bool literal_extract(struct arena *a, struct str regex, bool nocase, struct literals *out);
