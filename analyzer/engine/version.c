/* SPDX-License-Identifier: Apache-2.0 */
/* Version comparison; see version.h. */
#include "analyzer/engine/version.h"

bool version_valid(struct str s)
{
    uint64_t number;

    return str_take_u64(&s, &number);
}

/* The next number; 0 when there is none left. */
static uint64_t take_number(struct str *in)
{
    uint64_t number = 0;

    if (!str_take_u64(in, &number) || !str_take_char(in, '.'))
        *in = (struct str){ 0 };
    return number;
}

int version_cmp(struct str a, struct str b)
{
    uint64_t x, y;

    while (a.n || b.n) {
        x = take_number(&a);
        y = take_number(&b);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}
