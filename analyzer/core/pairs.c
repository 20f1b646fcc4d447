/* SPDX-License-Identifier: Apache-2.0 */
/* See pairs.h. */
#include "analyzer/core/pairs.h"

/* Of a literal so many pairs are asked for: the third rules out what two did not. */
enum { ASKED = 3 };

static unsigned place_of(const char *p)
{
    return ((unsigned)(unsigned char)p[0] * 37 + (unsigned char)p[1]) % (PAIRS_WORDS * 64);
}

struct pairs pairs_of(struct str text)
{
    struct pairs pairs = { { 0 } };

    for (size_t i = 0; i + 1 < text.n; i++) {
        unsigned at = place_of(text.p + i);

        pairs.bits[at / 64] |= UINT64_C(1) << at % 64;
    }
    return pairs;
}

bool pairs_may_hold(const struct pairs *p, struct str literal)
{
    for (size_t i = 0; i < ASKED && i + 1 < literal.n; i++) {
        unsigned at = place_of(literal.p + i);

        if (!(p->bits[at / 64] >> at % 64 & 1))
            return false;
    }
    return true;
}
