/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The GDB remote serial protocol, as far as reading the memory of a halted guest needs it, over any
 * bytes that come and go. What the stub sends is as hostile as a file. Source: the manual of GDB,
 * appendix "GDB Remote Serial Protocol".
 */
#pragma once

#include "analyzer/core/err.h"

/* The way to the stub and back. */
struct gdb_wire {
    /*
     * At least one byte, at most `n`. 0: nothing came within the time of one step, the other side
     * hung up, or we are asked to stop; *err says which.
     */
    size_t (*read)(void *ctx, char *buf, size_t n, struct err *err);
    /* All of it, or false. */
    bool (*write)(void *ctx, const char *p, size_t n, struct err *err);
    void *ctx;
};

/* Of a reply, decoded; a stub that could send longer ones is asked for less. */
#define GDB_REPLY_BYTES 16384
#define GDB_REQUEST_BYTES 256

struct gdb {
    struct gdb_wire wire;
    size_t chunk;  /* bytes of memory to ask for at once */
    bool owes_ack; /* "+" goes out with the next request */
    char in[4096]; /* bytes that came, */
    size_t at, n;  /* those of them not looked at */
    char reply[GDB_REPLY_BYTES];
    uint64_t n_requests, memory_bytes; /* for figures */
};

void gdb_init(struct gdb *g, const struct gdb_wire *wire);

/* Asks what the stub can do, and whether the guest stands still; halts it if it does not. */
bool gdb_greet(struct gdb *g, struct err *err);

/*
 * Sends a request, again when the stub asks for it, and gives its reply, valid until the next call.
 * Stop replies that nobody asked for are left out.
 */
bool gdb_ask(struct gdb *g, struct str request, struct str *reply, struct err *err);

/*
 * Memory at an address. GDB_ABSENT: there is none, for the vCPU that was chosen; then nothing, or
 * only a part of `buf`, is filled.
 */
enum gdb_got { GDB_GOT, GDB_ABSENT, GDB_FAILED };
enum gdb_got gdb_read(struct gdb *g, uint64_t address, void *buf, size_t n, struct err *err);

/*
 * The threads (vCPUs) of the guest, as the stub writes them, for gdb_choose(); at most `max`. 0:
 * the stub has no such list.
 */
enum { GDB_THREAD_BYTES = 40 };
struct gdb_thread {
    char id[GDB_THREAD_BYTES];
    size_t n;
};
bool gdb_threads(struct gdb *g, struct gdb_thread *out, size_t max, size_t *n, struct err *err);

/* Memory is that of this thread from now on. *chosen: the stub agreed. */
bool gdb_choose(struct gdb *g, const struct gdb_thread *thread, bool *chosen, struct err *err);

/* The guest goes on. False: the stub did not confirm it. */
bool gdb_detach(struct gdb *g, struct err *err);
