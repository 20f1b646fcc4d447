/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the files that a call found are one journal. */
#pragma once

#include "parsers/journal_file.h"
#include "parsers/walk.h"

/*
 * Moves the journals that belong to the one in `first` out of list->p[from…] into `parts`: files of
 * the same directory and machine, archived, of its users, unclean ends. Their descriptors move
 * along (-1 stays behind); a copy of a file that is there already is closed. Returns how many there
 * are with `first`, at most `max`.
 */
size_t journal_set(struct found_list *list, size_t from, const struct found *first,
                   struct journal_part *parts, size_t max);
