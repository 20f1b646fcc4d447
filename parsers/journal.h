/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all forms of the systemd journal share: which fields of an entry make a record, who wrote
 * it, and the lines that journalctl prints between entries.
 */
#pragma once

#include "analyzer/core/record.h"

enum journal_field {
#define JOURNAL_FIELD(sym, name) JOURNAL_##sym,
#include "parsers/journal_field.def"
#undef JOURNAL_FIELD
    JOURNAL_FIELDS
};

/* The fields of one entry; .p is NULL where the entry lacks one. Borrowed. */
struct journal_entry {
    struct str value[JOURNAL_FIELDS];
};

/* The name of a field: "_BOOT_ID". */
struct str journal_field_name(enum journal_field field);

/* By name; false when records don't need it. */
bool journal_field_find(struct str name, enum journal_field *field);

/* Upper-case letters, digits and '_', at most 64, no digit first: a name that journald accepts. */
bool journal_name_valid(struct str name);

/*
 * Fills *out from `e`: text, level, times, ids and origin. Only what journald itself took from
 * /dev/kmsg with facility kern is the kernel's word; a program that calls itself "kernel" is not.
 */
void journal_fill(const struct journal_entry *e, struct record *out);

/* "kernel" of a record whose transport is not told: the kernel has no process id. */
bool journal_is_kernel(struct str ident, struct str pid);

enum journal_mark {
    JOURNAL_MARK_NONE, /* not one of journalctl's own lines */
    JOURNAL_MARK_BOOT, /* "-- Boot 0df051ec… --", "-- Reboot --" */
    JOURNAL_MARK_SKIP, /* "-- Journal begins at …", "-- No entries --", catalog text of -x */
};

/* Which of journalctl's own lines `line` is; on a boot mark *out is filled as one. */
enum journal_mark journal_mark(struct str line, struct record *out);
