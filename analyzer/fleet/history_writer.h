/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process of its own that writes one run to a history. It is started before this one confines
 * itself, and from then on knows only what comes through a pipe: the rights that writing needs stay
 * away from the process that reads a stranger's log.
 */
#pragma once

#include "analyzer/fleet/history.h"

struct history_writer;

/* Opens the history there, so that what is wrong with it is known now. NULL on failure. */
struct history_writer *history_writer_start(const char *path, struct err *err);

/* history_add() there; once. */
bool history_writer_add(struct history_writer *w, struct cases *cases,
                        const struct history_run *run, struct err *err);

/* Ends the process, which writes nothing more, and waits for that. NULL is nothing. */
void history_writer_end(struct history_writer *w);
