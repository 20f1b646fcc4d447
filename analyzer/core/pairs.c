/* SPDX-License-Identifier: Apache-2.0 */
/* See pairs.h. */
#include "analyzer/core/pairs.h"

struct pairs pairs_of(struct str text)
{
    struct pairs pairs = { { 0 } };

    for (size_t i = 0; i + 1 < text.n; i++) {
        unsigned at = pairs_place(text.p + i);

        pairs.bits[at / 64] |= UINT64_C(1) << at % 64;
    }
    return pairs;
}
