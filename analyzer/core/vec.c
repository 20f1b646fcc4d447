/* SPDX-License-Identifier: Apache-2.0 */
/* Growing arrays in an arena; see vec.h. */
#include "analyzer/core/vec.h"

#include <string.h>

void *vec_grow(struct arena *a, void *p, size_t n, size_t *cap, size_t item_bytes)
{
    size_t new_cap = *cap ? *cap * 2 : 4;
    void *new_p;

    if (n < *cap) {
        /* An item that was taken back stood here, and may point into what was freed with it. */
        memset((char *)p + n * item_bytes, 0, item_bytes);
        return p;
    }
    new_p = arena_array(a, item_bytes, new_cap);
    if (!new_p)
        return p;
    if (n)
        memcpy(new_p, p, n * item_bytes);
    *cap = new_cap;
    return new_p;
}
