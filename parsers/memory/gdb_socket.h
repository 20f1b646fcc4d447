/* SPDX-License-Identifier: Apache-2.0 */
/* The connection to a debug stub, TCP or Unix, as a wire of the protocol with time-outs. */
#pragma once

#include "parsers/memory/gdb.h"

#include <signal.h>

struct gdb_socket {
    int fd;           /* -1: none */
    int signals;      /* signalfd(2): we are asked to stop */
    int64_t until_ms; /* of the monotonic clock: the end of all patience */
    bool stopped;     /* by a signal, or by that */
};

/* Does `name` begin with gdb:// or gdb+unix:? */
bool gdb_socket_is_name(struct str name);

/*
 * "gdb://host:port", "gdb://[::1]:8864", "gdb+unix:/path": looks the host up and connects, which
 * halts most guests. For the time until it is closed SIGINT, SIGTERM and SIGHUP must be blocked
 * (gdb_socket_signals()); they end a wait, and what waits can let the guest go on.
 */
bool gdb_socket_open(struct gdb_socket *s, struct str name, struct err *err);
void gdb_socket_close(struct gdb_socket *s);

void gdb_socket_signals(sigset_t *out);

/* From now on `ms` are left, whatever happened before: to say good-bye. */
void gdb_socket_last(struct gdb_socket *s, int ms);

struct gdb_wire gdb_socket_wire(struct gdb_socket *s);
