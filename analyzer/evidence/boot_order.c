/* SPDX-License-Identifier: Apache-2.0 */
/* The order of a case's boots: boot.c's other half. */
#include "analyzer/evidence/boot_inner.h"

#include <string.h>

/* Boots without any clock keep the order in which they were read. */
static int64_t start_of(const struct boot *b)
{
    if (b->wall_flags & RECORD_WALL_NO_YEAR)
        return TIME_UNKNOWN;
    if (b->wall_offset_us != TIME_UNKNOWN && b->first_mono_us != TIME_UNKNOWN)
        return b->wall_offset_us + b->first_mono_us;
    return b->first_wall_us;
}

/* Insertion: stable, and nearly sorted as a rule. */
static void sort_boots(struct boots_list *list)
{
    for (size_t i = 1; i < list->n; i++) {
        struct boot *b = list->p[i];
        int64_t start = start_of(b);
        size_t at = i;

        if (start == TIME_UNKNOWN)
            continue;
        while (at > 0 && start_of(list->p[at - 1]) != TIME_UNKNOWN &&
               start_of(list->p[at - 1]) > start) {
            list->p[at] = list->p[at - 1];
            at--;
        }
        list->p[at] = b;
    }
}

/* Two at least: a boot that names no machine is of the one there is. */
static bool has_machines(const struct boots_list *list)
{
    struct str first = { 0 };

    for (size_t i = 0; i < list->n; i++) {
        struct str id = list->p[i]->machine_id;

        if (id.n && first.n && !str_eq(id, first))
            return true;
        if (id.n)
            first = id;
    }
    return false;
}

/* Brings the boots of each machine together, machines in the order of their first boots. */
static void group_machines(struct boots_list *list)
{
    size_t end = 0; /* of the group */

    if (!has_machines(list))
        return;
    for (size_t i = 0; i < list->n; i++) {
        struct boot *b = list->p[i];

        if (i < end)
            continue;
        end = i + 1;
        for (size_t k = i + 1; k < list->n; k++) {
            struct boot *other = list->p[k];

            if (!str_eq(other->machine_id, b->machine_id))
                continue;
            memmove(&list->p[end + 1], &list->p[end], (k - end) * sizeof(struct boot *));
            list->p[end++] = other;
        }
    }
}

/*
 * A machine that started again ended the boot before, also where the two stand in inputs of their
 * own: the files of one journal in an archive.
 */
static void mark_followed(const struct boots_list *list)
{
    for (size_t i = 1; i < list->n; i++) {
        struct boot *b = list->p[i - 1];
        const struct boot *next = list->p[i];

        if (b->id.n && next->id.n && b->machine_id.n && str_eq(b->machine_id, next->machine_id) &&
            start_of(b) != TIME_UNKNOWN && start_of(next) != TIME_UNKNOWN)
            b->followed = true;
    }
}

void boot_order(struct boots_list *list)
{
    sort_boots(list);
    group_machines(list);
    mark_followed(list);
}
