/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest that runs, held by a debug stub for as long as it takes to read its kernel's log. What
 * was read is kept, so that everything that follows, a second pass included, happens after the
 * guest was let go.
 *
 *     struct guest *g = guest_open(name, &err);     connects: most guests stand still from here on
 *     guest_fetch(g, symbols);                      reads, and lets it go whatever happened
 *     guest_logs(g, &logs, &err);                   as often as needed
 *     guest_close(g);
 */
#pragma once

#include "parsers/memory/gdb.h"
#include "parsers/memory/kallsyms.h"
#include "parsers/memory/log.h"

struct guest;

/* See gdb_socket.h for names, and for the signals that must be blocked until guest_fetch() ends. */
struct guest *guest_open(struct str name, struct err *err);

/* A guest behind another wire. NULL: out of memory. */
struct guest *guest_new(const struct gdb_wire *wire);

/* `symbols` may be NULL. Does nothing when it was let go. */
void guest_fetch(struct guest *g, const struct kallsyms *symbols);

/* The guest goes on, whatever happened; does nothing the second time. */
void guest_let_go(struct guest *g);

/* The logs that were found, from their beginning, or why there are none. */
bool guest_logs(struct guest *g, const struct log_search **out, struct err *err);

/* Bytes of memory that were asked for. */
uint64_t guest_bytes(const struct guest *g);

/* Lets the guest go if that did not happen yet. */
void guest_close(struct guest *g);
