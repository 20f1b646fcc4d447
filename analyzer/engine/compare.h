/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing a value with what a condition says, three-valued: unknown is never yes. */
#pragma once

#include "analyzer/engine/matcher.h"
#include "analyzer/evidence/boot.h"

struct pattern_scratch;

struct comparison {
    const struct condition *c;
    const struct str *texts; /* the condition's values, filled in; .p == NULL: unknown */
    size_t n_texts;
    struct pattern_scratch *scratch; /* for as: regex */
    struct arena *a;
};

enum tri compare(const struct comparison *k, const struct value *v);
