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

static inline unsigned pairs_place(const char *p)
{
    return ((unsigned)(unsigned char)p[0] * 37 + (unsigned char)p[1]) % (PAIRS_WORDS * 64);
}

/*
 * False: the literal is not in the text. True: it may be. Three pairs are asked for: the third
 * rules out what two did not.
 */
static inline bool pairs_may_hold(const struct pairs *p, struct str literal)
{
    for (size_t i = 0; i < 3 && i + 1 < literal.n; i++) {
        unsigned at = pairs_place(literal.p + i);

        if (!(p->bits[at / 64] >> at % 64 & 1))
            return false;
    }
    return true;
}
