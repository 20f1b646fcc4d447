/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between two messages of one format: numbers, addresses, devices, paths, names. */
#pragma once

#include "analyzer/core/str.h"

struct general_kind {
    bool (*take)(struct str *in); /* takes one from the front; false leaves it as it was */
    struct str name, regex;       /* of the capture, and what matches its like */
    bool number;                  /* the word before it is a better name */
};

/* Which kind begins at that place of the text, the more particular first; NULL: none. *rest is what
 * follows. */
const struct general_kind *general_kind_at(struct str text, size_t at, struct str *rest);
