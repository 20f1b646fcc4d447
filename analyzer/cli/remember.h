/* SPDX-License-Identifier: Apache-2.0 */
/* --history, --run-id, --run-time and --new-only: a run that is remembered. */
#pragma once

#include "analyzer/cli/cli.h"
#include "analyzer/fleet/history.h"

/*
 * The file: --history's, or where a user's or a service's state lies, whose directory is made when
 * `make` says so. NULL: printed already.
 */
const char *remember_path(struct cli *c, bool make);

/*
 * Opens the history, in a process of its own: before this one confines itself. Nothing without
 * --history. False: printed already.
 */
bool remember_start(struct cli *c);

/*
 * The same for commands whose readers are other processes: the words and the file are in order; the
 * cases are written, and `known` is set in what earlier runs saw. False: printed already.
 */
bool remember_check(struct cli *c);
bool remember_cases(struct cli *c, struct cases *cases);

enum remembered {
    REMEMBERED, /* nobody asked what is new */
    REMEMBERED_NEW,
    REMEMBERED_KNOWN, /* with --new-only: nothing is new */
    REMEMBERED_NOT,   /* it could not be written, which was said; nobody knows what is new */
};

/*
 * Writes what was found; with --new-only says whether some of it is new. What is new on this
 * machine and was seen on others is a note of the analysis.
 */
enum remembered remember(struct cli *c, struct analysis *a, int exit_code);
