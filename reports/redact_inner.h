/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the redactor share. */
#pragma once

#include "reports/redact_kinds.h"
#include "reports/redact_names.h"
#include "reports/redact_tokens.h"

struct redactor {
    struct arena arena;
    struct kinds kinds;
    struct tokens tokens;
    struct names names; /* found as words */
    struct names whole; /* found where they are all of a text */
    struct str_set kept;
    uint64_t count;
    bool full;
    char *p; /* the last result */
    size_t n, size;
};

/* Adds to the list of what looked like a name and was kept. */
void redact_keep(struct redactor *r, struct str s);
