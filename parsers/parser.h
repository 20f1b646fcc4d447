/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A format is one file: it bids for an input (probe), cuts records from its lines (next), and may
 * offer a cheap look at one line (skim) so that gigabytes need not be parsed.
 *
 * `probe` is strict, `next` is tolerant: text that it cannot read becomes a record with
 * RECORD_UNPARSED. `next` fails on I/O only.
 */
#pragma once

#include "analyzer/core/err.h"
#include "analyzer/core/notes.h"
#include "analyzer/core/record.h"
#include "parsers/input.h"

/* The first bytes of an input, as the formats bid on it. */
struct head {
    struct str bytes;        /* at most LIMIT_HEAD_BYTES */
    const struct str *lines; /* of these, without line ends; the last one may be cut */
    size_t n_lines;          /* at most LIMIT_HEAD_LINES */
    struct str name;         /* the input's name: a hint, never proof */
    bool has_nul;
};

/*
 * Fills a head from the first bytes of an input; `lines` has room for LIMIT_HEAD_LINES and, like
 * `bytes` and `name`, must outlive it.
 */
void head_fill(struct head *head, struct str name, struct str bytes, struct str *lines);

/* A bid that no count of lines can beat: the format's own magic was seen. */
#define PROBE_MAGIC 1000000u

/* What a line looks like, read at its fixed places without allocation. */
enum skim_kind {
    SKIM_HEAD,  /* a record starts here */
    SKIM_CONT,  /* belongs to the record above */
    SKIM_OTHER, /* not explained by the format */
};

struct skim {
    enum skim_kind kind;
    enum level level; /* LEVEL_UNKNOWN when the line does not carry one */
    int64_t mono_us;  /* guest's kernel stamp or TIME_UNKNOWN */
    bool wanted;      /* what it is only the lines above tell: parse it, and all of its like */
};

/* What a format of images reads instead of lines. */
struct image_source {
    const struct input *in; /* input_stored() */
    struct notes *notes;    /* not NULL */
    uint32_t index;         /* of the input, for notes */
    unsigned ways;          /* enum log_way, to look for logs; 0: all */
};

enum log_way {
    WAY_INFO = 1,  /* by VMCOREINFO */
    WAY_SHAPE = 2, /* by the shape of the kernel's structs */
};

struct parser {
    const char *name;    /* the word for --input-format and reports: "vmware-log" */
    const char *title;   /* one line for `lastwords formats` */
    const char *library; /* NULL, or the optional library that this build lacks: recognised only */
    /* How many of the head's lines the format explains for certain; 0: not this format. */
    unsigned (*probe)(const struct head *head);
    /*
     * Fills *out (record_init() was called) with slices that stay valid until the next call. The
     * reader sets input, and line and offset to those of the first line taken, unless `next` sets
     * them. NULL, and no open_image: recognised only.
     */
    enum step (*next)(void *state, struct lines *in, struct record *out, struct err *err);
    /* Optional; must agree with `next` on where records start. */
    void (*skim)(struct str line, struct skim *out);
    /*
     * Literals, at least 7 bytes each, NULL-terminated, or NULL: lines that hold one are always
     * parsed, whatever the rules ask for.
     */
    const char *const *marks;
    /*
     * In place of `next`, for inputs that are read at many places: `open_image` finds what there
     * is, `next_image` fills records with line and offset, `close_image` is called once, also when
     * opening failed.
     */
    bool (*open_image)(void *state, const struct image_source *from, struct err *err);
    enum step (*next_image)(void *state, struct record *out, struct err *err);
    void (*close_image)(void *state);
    size_t state_bytes; /* of `state`, zeroed before the first call */
};

/* All formats in the order of parsers.def: the more particular first; NULL-terminated. */
extern const struct parser *const parsers[];

/* By name, or NULL. */
const struct parser *parser_find(struct str name);

/*
 * The highest bidder; ties go to the earlier one. Never NULL: "plain" explains any text.
 * `bid` gets the winning bid.
 */
const struct parser *parser_detect(const struct head *head, unsigned *bid);
