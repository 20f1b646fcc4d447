/* SPDX-License-Identifier: Apache-2.0 */
/* A hash table over a vector of strings; see str_set.h. */
#include "analyzer/core/str_set.h"

enum { FIRST_SLOTS = 64 };

/* The slot that holds `s`, or the free one where it would stand. */
static uint32_t *slot_of(const struct str_set *set, struct str s)
{
    size_t at = (size_t)str_hash(s) & (set->n_slots - 1);

    while (set->slots[at] && !str_eq(set->of.p[set->slots[at] - 1], s))
        at = (at + 1) & (set->n_slots - 1);
    return &set->slots[at];
}

size_t str_set_find(const struct str_set *set, struct str s)
{
    uint32_t number = set->n_slots ? *slot_of(set, s) : 0;

    return number ? number - 1 : STR_NOT_FOUND;
}

/* At most half full, so that what is not there is soon known not to be. */
static bool make_room(struct arena *a, struct str_set *set)
{
    size_t n = set->n_slots ? set->n_slots * 2 : FIRST_SLOTS;
    uint32_t *slots;

    if (set->of.n < set->n_slots / 2)
        return true;
    slots = n < UINT32_MAX ? arena_new(a, uint32_t, n) : NULL;
    if (!slots)
        return false;
    set->slots = slots;
    set->n_slots = n;
    for (size_t i = 0; i < set->of.n; i++)
        *slot_of(set, set->of.p[i]) = (uint32_t)i + 1;
    return true;
}

size_t str_set_add(struct arena *a, struct str_set *set, struct str s)
{
    size_t number = str_set_find(set, s);
    struct str copy, *item;

    if (number != STR_NOT_FOUND)
        return number;
    copy = arena_str(a, s);
    if (copy.n != s.n || !make_room(a, set) || !(item = vec_push(a, &set->of)))
        return STR_NOT_FOUND;
    *item = copy;
    *slot_of(set, s) = (uint32_t)set->of.n;
    return set->of.n - 1;
}
