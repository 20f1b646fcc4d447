/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source that goes on: a file that is written and rotated, a FIFO, standard input, a device, a
 * UNIX or TCP socket, this machine's journal. Pulled like any input, by read() semantics with
 * READ_WAIT; whoever pulls waits for feed_poll() in between.
 *
 * Connected and opened before the process confines itself. Afterwards only files are opened, for
 * reading, in the directory that was opened here: the ones that follow a rotated one.
 */
#pragma once

#include "parsers/lines.h"

#include <poll.h>

struct feed;

struct feed_stats {
    uint64_t bytes;
    uint64_t rotations;   /* a new file was found under the name */
    uint64_t truncations; /* the file became shorter, or its bytes others */
    uint64_t lost_bytes;  /* were seen and gone before they were read: at least so many */
    uint64_t lost_files;  /* appeared under the name and were gone before they were opened */
    uint64_t overruns;    /* of a device or a queue: things were lost, not known how many */
};

/*
 * `name` is "-", a path, "tcp://HOST:PORT" or, where no such path exists, "HOST:PORT"; a directory
 * is one of journal files. NULL with *err when it cannot be opened or connected to.
 */
struct feed *feed_open(struct str name, struct err *err);
void feed_close(struct feed *f);

/* For lines: READ_WAIT when nothing is there for now, 0 at the end. */
struct byte_source feed_source(struct feed *f);

/* What to wait for; fd is -1 when only time tells. */
struct pollfd feed_poll(const struct feed *f);

/* To be looked at now and then whatever poll() says: files on a network, a missed event. */
bool feed_needs_time(const struct feed *f);

/*
 * The file came to its end and another one follows: what was read is all of it. feed_turn() goes on
 * with the next one.
 */
bool feed_at_turn(const struct feed *f);
void feed_turn(struct feed *f);

/* Was it written to before it was opened, and is that read first? */
bool feed_has_history(const struct feed *f);

/* Does a serial line stand behind it, on which programs write between the kernel's lines? */
bool feed_is_wire(const struct feed *f);

struct feed_stats feed_stats(const struct feed *f);
