/* SPDX-License-Identifier: Apache-2.0 */
/* The closed list of functions that `set:` and ${x | FUNC} may use. */
#pragma once

#include "analyzer/evidence/value.h"

struct setfunc {
    struct str name;
    size_t min_args, max_args;
    struct value (*apply)(struct arena *a, const struct value *args, size_t n);
    const char *doc;
};

/* In order of name; ends with a row without a name. */
extern const struct setfunc setfuncs[];

/* NULL when there is none. */
const struct setfunc *setfunc_find(struct str name);
