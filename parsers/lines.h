/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts lines from an input's bytes in one fixed block, and leaves out those that nobody wants.
 *
 * Memory is bounded whatever the input: a line keeps its first LIMIT_LINE_BYTES, the rest is
 * counted. A line ends at '\n' (a '\r' before it belongs to the line end) or at the end of input.
 */
#pragma once

#include "analyzer/core/err.h"
#include "analyzer/core/str.h"

enum step {
    STEP_RECORD, /* there is one */
    STEP_END,    /* nothing more will come */
    STEP_WAIT,   /* live input: nothing more for now */
    STEP_FAIL,   /* *err says why; what was read before stays valid */
};

/* Lines that were left out, by their last one. */
struct gap {
    uint64_t line;   /* its number; 0: none were */
    int64_t mono_us; /* the last kernel stamp until there, or TIME_UNKNOWN */
};

struct line {
    struct str text;   /* without line end; valid until the next lines_*() call */
    uint64_t number;   /* 1-based */
    uint64_t offset;   /* of its first byte in the (decompressed) input */
    bool cut;          /* longer than LIMIT_LINE_BYTES */
    bool unterminated; /* the input ended without '\n' */
    bool context;      /* sparse reading: wanted by a neighbour, not for itself */
    struct gap gap;    /* sparse reading: lines before it were left out */
};

/* What the read() of a live source returns when there is nothing for now. */
#define READ_WAIT (-2)

/* Where bytes come from: read() semantics, short reads allowed; -1 fills *err. */
struct byte_source {
    ptrdiff_t (*read)(void *ctx, char *buf, size_t n, struct err *err);
    void *ctx;
};

struct parser;

/*
 * Which lines are wanted in sparse reading. `next_hit` returns the offset of the next interesting
 * place at or after `from` in `block`, or SIZE_MAX: one prefilter over raw bytes. The tail that is
 * carried to the next block is passed again, so a hit across the seam is not lost.
 */
struct sieve {
    size_t (*next_hit)(const void *ctx, struct str block, size_t from);
    const void *ctx;
    const struct parser *parser; /* its skim() sees every line */
};

struct lines;

/* A line cutter over `source`, dense until lines_sparse() is called. NULL: out of memory. */
struct lines *lines_new(struct byte_source source);

/* The same over memory that stays valid until lines_free(). */
struct lines *lines_new_memory(struct str bytes);

/* NULL does nothing; the source stays its opener's. */
void lines_free(struct lines *in);

/*
 * The first bytes without taking them: at most LIMIT_HEAD_BYTES, fewer when the input is shorter.
 * Only before the first lines_next(). A read error is kept and returned by lines_next().
 */
struct str lines_head(struct lines *in);

/* Has a read failed? Then *err says why; the bytes before it are still to come. */
bool lines_failed(const struct lines *in, struct err *err);

/*
 * Behind the first LIMIT_DENSE_BYTES leave out lines that the sieve does not want. The sieve must
 * outlive `in`.
 */
void lines_sparse(struct lines *in, const struct sieve *sieve);

/* The next (wanted) line. */
enum step lines_next(struct lines *in, struct line *out, struct err *err);

/* Makes the line that lines_next() returned last be returned again; once per lines_next(). */
void lines_unread(struct lines *in);

/*
 * The next `n` raw bytes, whatever they are (the export format's binary fields): at most
 * LIMIT_LINE_BYTES of them in *out, the rest is skipped and counted. Fewer when the input ends in
 * them; STEP_END when it ends before them. More than LIMIT_LINE_BYTES use the joiner. Never in
 * sparse reading.
 */
enum step lines_take_bytes(struct lines *in, uint64_t n, struct str *out, struct err *err);

/* Want the next `n` lines whatever the sieve says: an open list, an open crash. */
void lines_want(struct lines *in, uint32_t n);

/* Where the lines that were taken since lines_begin() start. */
struct lines_place {
    uint64_t line, offset; /* of the first one; 0 when none was taken */
    bool context;          /* none of them was wanted for itself */
    struct gap gap;        /* lines before the first one were left out */
};

/* A record starts here: forget the place of the one before. The reader calls both. */
void lines_begin(struct lines *in);
struct lines_place lines_place(const struct lines *in);

struct lines_stats {
    uint64_t bytes, lines;  /* seen so far, left-out ones included */
    uint64_t skipped;       /* of these: left out by the sieve */
    uint64_t skipped_heads; /* of these: explained by the format as a record or a part of one */
    uint64_t cut;           /* longer than the limit */
};

struct lines_stats lines_stats(const struct lines *in);

/* A place to put one record together that outlives the lines it came from. */
struct joiner {
    char *p; /* LIMIT_RECORD_BYTES, from lines_joiner() */
    size_t n;
    uint32_t n_lines;
    bool cut;
};

/* The input's joiner, emptied. One per input: it holds one record at a time. */
struct joiner *lines_joiner(struct lines *in);

/* Appends `s` and returns where it now stands; what does not fit is dropped and sets `cut`. */
struct str join_add(struct joiner *j, struct str s);

/*
 * Appends '\n' and `s` to the text that ends the joiner: `text` must be its last bytes. Returns the
 * longer text.
 */
struct str join_line(struct joiner *j, struct str text, struct str s);

/* What it means for the record being read that a live source has nothing for now. */
enum lines_pause {
    PAUSE_WAIT,  /* the rest is on its way: go back to the record's start and try again later */
    PAUSE_QUIET, /* the lines that are there are all of it */
    PAUSE_LAST,  /* the same, and a line that is not ended is ended: nothing more will come */
};

/* Holds until it is called again; PAUSE_WAIT at first. */
void lines_pause(struct lines *in, enum lines_pause pause);

/*
 * Live input: marks the place where a record begins, and goes back to it. lines_back() is false
 * when nothing since the mark had to wait, or when the record is too long to go back; then it
 * stands as it was read. Never in sparse reading.
 */
void lines_set_mark(struct lines *in);
bool lines_back(struct lines *in);

/* Has the source said that it ended? There may be bytes left. */
bool lines_ended(const struct lines *in);

/* The source begins anew (a file was rotated): lines count from 1, offsets from 0 again. */
void lines_restart(struct lines *in);
