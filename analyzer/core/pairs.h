/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which pairs of neighbouring bytes a text holds, as a set of 512 bits. Where dozens of literals
 * are looked for in each line, asking the set rules out nearly all of them without a search.
 */
#pragma once

#include "analyzer/core/str.h"

enum { PAIRS_WORDS = 8 };

struct pairs {
    uint64_t bits[PAIRS_WORDS];
};

struct pairs pairs_of(struct str text);

/* False: the literal is not in the text. True: it may be. */
bool pairs_may_hold(const struct pairs *p, struct str literal);
