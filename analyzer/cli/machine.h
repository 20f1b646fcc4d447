/* SPDX-License-Identifier: Apache-2.0 */
/* Where this machine, or the one whose files lie under --root, keeps what it said. */
#pragma once

#include "analyzer/cli/args.h"
#include "parsers/input.h"

/* Does the command line name a journal: --directory, --file, --root? */
bool machine_is_named(const struct args *args);

/*
 * Adds what these options name; without them, and without a word on the command line, this
 * machine's journal or else its kernel's log. Returns a sentence on what would give more, in
 * `arena`, or NULL.
 */
const char *machine_add(const struct args *args, struct inputs *inputs, struct arena *arena);

/*
 * The directory of this machine's journal, in `arena`, when we may read it; else NULL, and *hint is
 * a sentence on what would give more.
 */
const char *machine_journal(const struct args *args, struct arena *arena, const char **hint);

/* What --machine-id names; empty when it is not given, or no id. */
struct str machine_id_of(const struct args *args);

/* The id of the boot that runs, as journals write it: 32 hex digits in `arena`; empty: unknown. */
struct str machine_boot_id(struct arena *arena);
