/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journald starts a new file now and then and has one for each user: together they are one journal,
 * and a boot may stand in several of them. systemd-journal-remote has one set per host:
 *
 *     system.journal  system@2cb5….journal  system@0006….journal~  user-1000.journal
 *     remote-10.0.0.1.journal  remote-10.0.0.1@2cb5….journal
 */
#include "parsers/journal_set.h"

#include <string.h>

/* The name without what tells the files of one set apart. */
static struct str set_of(struct str name)
{
    struct str base = walk_base(name), before;

    if (str_take_until(&base, '@', &before))
        base = before;
    else if (str_take_until_str(&base, STR(".journal"), &before))
        base = before;
    return str_starts(base, STR("user-")) ? STR("system") : base;
}

static bool is_copy(const struct journal_header *a, const struct journal_header *b)
{
    return memcmp(a->file_id, b->file_id, sizeof a->file_id) == 0 && a->n_entries == b->n_entries;
}

/* True when a part has the same content by its header. */
static bool has_copy(const struct journal_part *parts, size_t n,
                     const struct journal_header *header)
{
    struct journal_header other;

    for (size_t i = 0; i < n; i++)
        if (journal_header(parts[i].fd, &other) && is_copy(&other, header))
            return true;
    return false;
}

size_t journal_set(struct found_list *list, size_t from, const struct found *first,
                   struct journal_part *parts, size_t max)
{
    struct journal_header header, other;
    size_t n = 1;

    parts[0] = (struct journal_part){ .fd = first->file.fd, .name = first->name };
    if (!journal_header(first->file.fd, &header))
        return n;
    for (size_t i = from; i < list->n && n < max; i++) {
        struct found *found = &list->p[i];

        if (found->file.fd < 0 || !S_ISREG(found->file.stat.st_mode) ||
            !str_eq(found->directory, first->directory) ||
            !str_eq(set_of(found->name), set_of(first->name)) ||
            !journal_header(found->file.fd, &other) ||
            memcmp(other.machine_id, header.machine_id, sizeof other.machine_id) != 0)
            continue;
        if (has_copy(parts, n, &other)) {
            file_close(&found->file);
            continue;
        }
        parts[n++] = (struct journal_part){ .fd = found->file.fd, .name = found->name };
        found->file.fd = -1;
    }
    return n;
}
