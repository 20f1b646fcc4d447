/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's log before 5.10: records one behind the other (3.5 to 5.9), and before that plain
 * bytes. Source: kernel/printk.c, kernel/printk/printk.c (struct log, struct printk_log).
 */
#pragma once

#include "parsers/memory/log_record.h"
#include "parsers/memory/translate.h"

/* Where the members of a record stand. */
struct logbuf_layout {
    uint64_t header, ts_nsec, len, text_len, dict_len;
};

struct logbuf_layout logbuf_layout_default(void);

/* What VMCOREINFO tells, the defaults for the rest. False: it tells nonsense. */
bool logbuf_layout_read(struct str vmcoreinfo, struct logbuf_layout *out);

/* A stretch of records in the buffer. */
struct logbuf_piece {
    uint64_t from, to;
};

struct logbuf {
    struct space space;
    struct logbuf_layout layout;
    struct logbuf_piece pieces[2]; /* the older one first; addresses */
    unsigned n_pieces, piece;
    uint64_t at;
    bool joins; /* before 4.10: lines that were printed in parts are records of their own */
    bool has_caller;
};

/* The records from index `first` to index `next` of a buffer of `size` bytes; false: no such. */
bool logbuf_open(struct logbuf *l, uint64_t address, uint64_t size, uint64_t first, uint64_t next);

void logbuf_rewind(struct logbuf *l);

/* The next record; its text stands in `text`, LIMIT_RECORD_BYTES long. */
bool logbuf_next(struct logbuf *l, struct log_record *out, char *text);

/* The header of a record with its padding. */
struct logbuf_header {
    uint64_t ts_ns;
    uint16_t len, text_len, dict_len;
    unsigned char facility, flags; /* flags: 5 bits, the level above them */
};

struct logbuf_header logbuf_header(const unsigned char *bytes, const struct logbuf_layout *layout);

/* Bytes, `end` of which were ever written into a buffer of `size` bytes. */
struct bytebuf {
    struct space space;
    uint64_t address, size;
    uint64_t at, end; /* counted for ever */
};

/* b->space is set before. False: no kernel has a buffer of this size. */
bool bytebuf_open(struct bytebuf *b, uint64_t address, uint64_t size, uint64_t end);

/* The next line, in `text`, LIMIT_RECORD_BYTES long. */
bool bytebuf_next(struct bytebuf *b, struct str *line, char *text);
