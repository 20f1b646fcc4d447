/* SPDX-License-Identifier: Apache-2.0 */
/* What lines.c and sparse.c share of `struct lines`. */
#pragma once

#include "parsers/block.h"

/* Sparse reading; all zero until lines_sparse(). */
struct sparse {
    const struct sieve *sieve;
    uint64_t hit;         /* place of the next hit; PLACE_NONE: none before `searched` */
    uint64_t searched;    /* hits before this place are known */
    int64_t last_mono;    /* of the last stamped line */
    uint32_t want;        /* lines to return whatever they are */
    bool in_wanted;       /* the record above was wanted: its continuations are, too */
    uint64_t head;        /* where to go back to for the record above, if that is possible */
    uint64_t head_number; /* of that line */
    int64_t head_mono;    /* last_mono before it */
    bool head_odd;        /* the format does not explain that line */
    uint64_t told;        /* lines left out when the last one was returned */
};

/* Where the record that is being put together began; live input may go back to it. */
struct lines_mark {
    bool set;
    uint64_t place, number;
    struct lines_stats stats;
    bool in_tail;
};

struct lines {
    struct block block;
    uint64_t number;  /* lines cut so far */
    struct line last; /* for lines_unread() */
    bool unread;
    bool in_tail; /* the last line was cut, and the block starts inside it */
    struct lines_place place;
    struct lines_stats stats;
    struct joiner joiner;
    struct sparse sparse;
    struct lines_mark mark;
    enum lines_pause pause;
    bool waited; /* a lines_*() call since the mark had to wait */
};

/* Takes `n` bytes of the block. */
void lines_advance(struct lines *in, size_t n);

/* The rest of a line that was cut is skipped when the next one is asked for. */
void lines_skip_tail(struct lines *in);

/* Cuts the line at the cursor; false when there is none. */
bool lines_cut(struct lines *in, struct line *out);

/* STEP_END, STEP_WAIT, or STEP_FAIL with the error of a read. */
enum step lines_at_end(struct lines *in, struct err *err);

/* lines_next() behind the dense part. */
enum step sparse_next(struct lines *in, struct line *out, struct err *err);
