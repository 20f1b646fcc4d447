/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One input as a stream of records: input + lines + the parser that won the bid. The only thing of
 * parsers/ that evidence, engine and diagnose see.
 */
#pragma once

#include "analyzer/core/notes.h"
#include "parsers/input.h"
#include "parsers/parser.h"
#include "parsers/select.h"

struct reader;

struct reader_options {
    const struct parser *format; /* NULL: detect */
    const struct sieve *sieve;   /* NULL: parse every line; its `parser` is filled in by us */
    struct notes *notes;         /* oddities go here; not NULL */
    uint32_t input_index;
    const struct selection *select; /* NULL: every record; else it must outlive the reader */
    unsigned log_ways; /* enum log_way, for memory images; 0: all */
    bool live;         /* the input goes on; see below */
    bool wire;         /* live: a serial line, where programs write between the kernel's lines */
};

struct reader_stats {
    uint64_t bytes, lines;
    uint64_t understood; /* lines that the format explains */
    bool estimated;      /* `understood` counts left-out lines by their skim */
};

/*
 * Starts reading `in`, which must outlive the reader. Fails when the format is recognised but
 * cannot be read by this build (FAIL_SUPPORT), when it is binary (FAIL_FORMAT) or the first read
 * fails. An empty input is no failure: the first reader_next() ends.
 */
bool reader_open(struct reader **out, struct input *in, const struct reader_options *options,
                 struct err *err);
void reader_close(struct reader *r);

/* The next record; its slices are valid until the next call. */
enum step reader_next(struct reader *r, struct record *out, struct err *err);

/* Want the next `lines` lines even in sparse reading. */
void reader_want(struct reader *r, uint32_t lines);

/* NULL: live, and not told yet. */
const struct parser *reader_format(const struct reader *r);

/*
 * Live input: reader_next() gives STEP_WAIT when no record is whole yet, and the format is told
 * when enough lines are there. What a wait means can be changed between calls: lines.h.
 */
void reader_pause(struct reader *r, enum lines_pause pause);

/* The source begins anew: call behind the STEP_END of PAUSE_LAST. */
void reader_restart(struct reader *r);
struct reader_stats reader_stats(const struct reader *r);
