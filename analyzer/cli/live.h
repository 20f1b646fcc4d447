/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The running guests of one call: connected to when inputs are opened, read behind the sandbox,
 * let go at once. In between SIGINT, SIGTERM and SIGHUP wait, so that no guest is left standing.
 */
#pragma once

#include "analyzer/core/notes.h"
#include "parsers/memory/guest.h"

#include <signal.h>

struct live {
    struct live_guests {
        VEC(struct live_guest);
    } guests;
    struct arena *arena;
    struct kallsyms symbols;
    bool has_symbols, prepared, waits; /* waits: signals are blocked */
    sigset_t before;
    struct err err;
};

struct live_guest {
    struct guest *guest;
    struct str name;
};

/* Reads --kallsyms FILE (NULL: not given), once. False: err says why. */
bool live_prepare(struct live *l, const char *kallsyms, struct arena *arena);

/* Does a word of the command line name a guest and no file? */
bool live_is_name(struct str name);

/* Connects, unless it did before, and adds it to the inputs; what fails is a note. */
void live_add(struct live *l, struct str name, struct inputs *inputs, struct notes *notes);

/* Reads those that were not read yet (`read`: false: does not), and lets all of them go. */
void live_finish(struct live *l, bool read);

void live_close(struct live *l);
