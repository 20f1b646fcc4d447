/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boots: the records between two starts of one kernel, cut out of the case's record stream, with
 * repeated dumps of one ring buffer merged and the completeness of each known or said to be
 * unknown.
 */
#pragma once

#include "analyzer/core/notes.h"
#include "analyzer/core/record.h"

enum tri { TRI_UNKNOWN, TRI_NO, TRI_YES };

enum ended_by {
#define ENDED(sym, name, bad, meaning) ENDED_##sym,
#include "analyzer/evidence/ended.def"
#undef ENDED
    ENDED_COUNT
};

struct str ended_name(enum ended_by e);
bool ended_badly(enum ended_by e); /* for choosing the boot of a post-mortem */

struct boot_inputs {
    VEC(uint32_t);
};

struct boot_seen; /* hashes of (time, text), for merging dumps */

struct boot {
    uint32_t index;  /* in order of time within the case */
    uint64_t serial; /* of all that began in the case, from 1: stays what it is */
    struct arena arena;
    struct str id;                       /* journal boot id, or empty */
    struct str machine_id, host;         /* as its records name them, or empty */
    struct str banner;                   /* "Linux version …" line, or empty */
    struct boot_inputs inputs;           /* every input that holds a record of it */
    int64_t first_mono_us, last_mono_us; /* of kernel records; TIME_UNKNOWN without */
    int64_t first_wall_us, last_wall_us; /* guest's own wall clock, aligned; TIME_UNKNOWN without */
    unsigned wall_flags;                 /* RECORD_WALL_* that hold for these */
    int64_t wall_offset_us;              /* wall = mono + offset, or TIME_UNKNOWN */
    int64_t wall_error_us;               /* bound of its error */
    enum ended_by ended_by;
    enum tri head_complete, tail_complete;
    uint32_t merged_dumps; /* dumps beyond the first */
    uint32_t gaps;         /* sequence gaps */
    uint64_t dropped;      /* messages that the kernel or journal says it dropped */
    bool throttled;
    bool has_kernel, has_host, has_user, has_console;
    uint64_t n_records, n_kernel_records, n_duplicates;
    const struct record *first;     /* kept; NULL without records */
    const struct record *ending;    /* kept: the record that says how it ended, or NULL */
    unsigned ending_weight;         /* of the weightiest sign of that end: boot_signs.def */
    const struct record *aftermath; /* of the boot after it: what that says of this end, or NULL */
    unsigned before_weight;
    enum ended_by before;             /* how the boot before it ended, when that broke off, */
    const struct record *said_before; /* kept: the record that says so, or NULL */
    int64_t hint_us;                  /* since when `hint` could be what ends it */
    enum ended_by hint;               /* ENDED_UNKNOWN: nothing hints */
    struct boot_seen *seen;
    uint32_t oops_input, last_input; /* where the last oops began, where the last record stands: */
    uint64_t oops_line, last_line;   /* lines of these inputs; 0 without */
    uint64_t last_seq;               /* of /dev/kmsg, for gaps */
    unsigned rank;                   /* of what set wall_offset_us: the better source wins */
    bool in_memory;                  /* its log was read out of the guest's memory, to the end */
    bool followed;                   /* another boot starts behind it in the same input */
};

struct boots; /* the segmenter */

/* What boots_add() says of a record. */
struct boot_place {
    struct boot *boot;   /* the boot it belongs to; NULL only when memory ran out */
    bool started;        /* it is the first record of that boot */
    bool duplicate;      /* it repeats a record of an earlier dump: count it, look no further */
    uint32_t want_lines; /* lines to see next whatever the sieve says: pass to reader_want() */
    /*
     * A boot that began turned out to be an earlier one, dumped again (or seen by another input):
     * `dissolved` is gone, and of its records those in `replay` are new to `boot`. Both are valid
     * until the next call.
     */
    struct boot *dissolved;
    const struct record *const *replay;
    size_t n_replay;
    /* Boots that are gone to make room for `boot`, the earliest first; valid as long. */
    struct boot *const *dropped;
    size_t n_dropped;
};

/* Inputs come one after the other; the notes get clock jumps, merged dumps, limits. */
struct boots *boots_new(struct notes *notes);
void boots_free(struct boots *all);

/* Call before the first record of each input. `format` is the parser's name. */
void boots_begin_input(struct boots *all, uint32_t input, struct str format);

/* Takes one record of the input begun last; what is kept of it is copied. */
struct boot_place boots_add(struct boots *all, const struct record *r);

/*
 * The newest boot while it may still turn out to be a repeated dump and be dissolved; else NULL.
 * Who prints as records come holds them back until then.
 */
const struct boot *boots_on_trial(const struct boots *all);

/*
 * After the last record: decides how each boot ended and what is complete, orders the boots in time
 * (those of each machine together) and numbers them. May be called on open boots any number of
 * times.
 */
void boots_settle(struct boots *all);

/*
 * The same while more records come: the boots stay in the order in which they began, and are
 * numbered in it.
 */
void boots_settle_open(struct boots *all);

/*
 * The last boot is the one that runs while we read: after boots_settle(), when nothing says that it
 * ended and it is not known to be another one than `boot_id` (32 hex digits).
 */
void boots_mark_running(struct boots *all, struct str boot_id);

/*
 * Keeps at most `n` boots (3 at least: the one that is written, the one it may be a dump of, and
 * one that ended and was not reported yet); the earliest go without a note.
 */
void boots_keep(struct boots *all, size_t n);

/* The boots in order of time after boots_settle(), before it as they began; valid until
 * boots_free(). */
size_t boots_count(const struct boots *all);
struct boot *boots_at(const struct boots *all, size_t index);

/* Literals that must reach boots_add() (banners, ends, markers), NULL-terminated. */
extern const char *const boot_literals[];
