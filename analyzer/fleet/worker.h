/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One case in a process of its own. The child inherits the compiled rules by fork, opens the case's
 * files, gives up its rights, and sends its result as NDJSON through a pipe; whatever becomes of
 * it, nobody else is harmed.
 */
#pragma once

#include "analyzer/diagnose/analysis.h"
#include "analyzer/fleet/case_list.h"
#include "reports/out.h"

struct worker_options {
    const struct ruleset *rules;
    const struct analysis_options *analysis;
    struct str tool_version;
    uint64_t memory_bytes; /* of address space for a worker; 0: no limit */
    unsigned timeout_s;    /* for each case, 0: by its size */
    const char *fault;     /* "kill:PATH" and the like, for tests: what the worker of PATH does */
    /*
     * Called in the worker when its files are open; false, with *err, ends it, true with err->code
     * set is worth a note.
     */
    bool (*confine)(void *ctx, struct err *err);
    void *ctx;
};

struct worker {
    long pid;            /* 0: none */
    int fd;              /* its result */
    size_t index;        /* of its case */
    struct out *bytes;   /* what came so far */
    int64_t deadline_ms; /* of the monotonic clock */
    unsigned limit_s;
    bool late, too_much;
};

/* Starts one for the case. False with *err when the system cannot. */
bool worker_start(struct worker *w, const struct scan_case *c, const struct worker_options *o,
                  struct err *err);

/* Milliseconds of the monotonic clock, which deadlines are counted in. */
int64_t worker_now_ms(void);

/* Takes what the pipe has; false at its end. */
bool worker_read(struct worker *w);

/* Ends it at once: it is late, or the scan is given up. */
void worker_kill(struct worker *w);

/*
 * After worker_read() said false: waits for its end. True: it ended well and w->bytes is its
 * result. False: *err says what became of it.
 */
bool worker_finish(struct worker *w, struct err *err);

/*
 * The result of a case of which no worker could tell, into `out`: its NDJSON says that it could not
 * be read, and why.
 */
void worker_write_failure(struct out *out, const struct scan_case *c,
                          const struct worker_options *o, const char *why);
