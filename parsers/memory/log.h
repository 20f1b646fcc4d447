/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One kernel log that was found in an image, whatever its format, read record by record; and all of
 * them, found and put in order.
 */
#pragma once

#include "analyzer/core/notes.h"
#include "analyzer/core/record.h"
#include "parsers/memory/logbuf.h"
#include "parsers/memory/ringbuffer.h"
#include "parsers/parser.h"

enum log_format { LOG_RING, LOG_RECORDS, LOG_BYTES };

/* What a look at all of its records gave. */
struct log_summary {
    uint64_t n, dropped, lost;
    uint64_t first_seq, first_ns, last_ns;
    struct str release; /* of its banner; in the arena */
    int64_t wall_us;    /* when it set its clock, or TIME_UNKNOWN */
};

struct log {
    enum log_format format;
    union {
        struct ring ring;
        struct logbuf records;
        struct bytebuf bytes;
    } u;
    unsigned ways;    /* enum log_way: how it was found */
    enum mapped live; /* does a virtual CPU use it? */
    uint64_t place;   /* of the struct or the buffer */
    struct log_summary summary;
    uint64_t
            until_seq; /* a frozen copy: records from this number on stand in the newer ring, too */
};

struct log_list {
    VEC(struct log);
};

void log_rewind(struct log *l);

/*
 * The next record in *out (record_init()ed), its slices in `text`, LIMIT_RECORD_BYTES + LOG_CALLER
 * bytes long. False at the end. `dropped` and `lost` of the summary count on.
 */
#define LOG_CALLER 16
bool log_next(struct log *l, struct record *out, char *text);

/* Reads all of it once and fills the summary; gives up when *work records were looked at. */
void log_look(struct log *l, struct arena *arena, char *text, uint64_t *work);

/* The log that a VMCOREINFO leads to; false: it is not true of this image, or names no log. */
bool log_by_info(struct image *m, struct str info, struct log *out);

struct log_search {
    struct image *image;
    unsigned ways;        /* enum log_way: that may be used */
    bool rings_only;      /* not the records of before 5.10: they cost another pass */
    struct log_list logs; /* the one to show last: the best */
    uint64_t scanned;
    bool full, ambiguous;
    char *text; /* room for one record */
};

/*
 * Finds the logs of an image and orders them: earlier boots first. None is no failure; false and
 * *err: out of memory.
 */
bool logs_find(struct log_search *s, struct err *err);
