/* SPDX-License-Identifier: Apache-2.0 */
/* Where a host is, within a time; see gdb_resolve.c. */
#pragma once

#include "analyzer/core/err.h"

#include <sys/socket.h>

enum { GDB_ADDRESSES = 8 };

struct gdb_addresses {
    int why; /* EAI_*, 0: found */
    size_t n;
    struct gdb_address {
        struct sockaddr_storage address;
        socklen_t size;
    } p[GDB_ADDRESSES];
};

/* Waits until `fd` can be read; false and *err: it took too long, or we are asked to stop. */
typedef bool (*gdb_wait)(void *ctx, int fd, struct err *err);

/* The addresses of a host, of its stream sockets. False with *err: there are none, or `wait` said
 * so. */
bool gdb_resolve(const char *host, const char *port, gdb_wait wait, void *ctx,
                 struct gdb_addresses *out, struct err *err);
