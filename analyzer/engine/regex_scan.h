/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be said of a regular expression without compiling it: loading hundreds of rules must not
 * cost hundreds of compilations.
 */
#pragma once

#include "analyzer/engine/rule.h"

struct regex_scan {
    struct strs names;     /* named groups in order of their number */
    bool leading_any;      /* starts with .* */
    bool nested_unbounded; /* (a+)+: may take exponential time before the limit stops it */
    bool extended;         /* (?x…) at the start: newlines mean nothing */
};

/* False at the arena's limit. */
bool regex_scan(struct arena *a, struct str regex, struct regex_scan *out);
