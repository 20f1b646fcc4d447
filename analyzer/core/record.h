/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record: one message of the normalised stream, whatever file it came from. Parsers fill it,
 * everything to their right only reads it.
 */
#pragma once

#include "analyzer/core/arena.h"
#include "analyzer/core/clock.h"

enum level {
#define LEVEL(sym, num, name) LEVEL_##sym = (num),
#include "analyzer/core/level.def"
#undef LEVEL
    LEVEL_COUNT,
    LEVEL_UNKNOWN = LEVEL_COUNT
};

enum facility {
#define FACILITY(sym, num, name) FACILITY_##sym = (num),
#include "analyzer/core/facility.def"
#undef FACILITY
    FACILITY_COUNT,
    FACILITY_UNKNOWN = FACILITY_COUNT
};

/* Who wrote the text: provenance, never inferred from what the text says about itself. */
enum origin {
#define ORIGIN(sym, name, meaning) ORIGIN_##sym,
#include "analyzer/core/origin.def"
#undef ORIGIN
    ORIGIN_COUNT
};

enum record_kind {
    RECORD_TEXT,      /* a message */
    RECORD_SETTING,   /* configuration: key = value (DICT section of vmware.log, .vmx); text holds
                         the whole; rules never match it, facts read it */
    RECORD_BOOT_MARK, /* the format itself says "another boot starts here" (journalctl's -- Boot --) */
    RECORD_THROTTLED, /* the writer says that messages were left out here */
};

enum record_flag {
    RECORD_CUT = 1 << 0,           /* longer than a limit; the rest was dropped and counted */
    RECORD_WALL_NO_YEAR = 1 << 1,  /* wall_us counts from CLOCK_YEARLESS */
    RECORD_WALL_NO_ZONE = 1 << 2,  /* wall_us is local time of an unknown zone */
    RECORD_WALL_COARSE = 1 << 3,   /* whole seconds only */
    RECORD_CONTEXT = 1 << 4,       /* sparse reading: here only because a neighbour was wanted */
    RECORD_UNPARSED = 1 << 5,      /* the format did not explain this line; the text is all of it */
    RECORD_MONO_REL = 1 << 6,      /* mono_us was summed up from differences */
    RECORD_MONO_COARSE = 1 << 7,   /* mono_us is not printk's own stamp (journald's, or rounded) */
    RECORD_SAVED_HERE = 1 << 8,    /* the guest's memory was saved behind this record */
    RECORD_READ_HERE = 1 << 9,     /* it was read from the running guest behind this record */
};

/* All slices are the reader's and valid until its next record; record_keep() copies them. */
struct record {
    struct str text;      /* the message without prefix; '\n' between its lines, none at the end */
    enum record_kind kind;
    enum origin origin;
    enum level level;
    enum facility facility;
    unsigned flags;       /* enum record_flag */
    int64_t mono_us;      /* since the guest's start, or TIME_UNKNOWN */
    int64_t wall_us;      /* since 1970 UTC, or TIME_UNKNOWN; see the flags */
    int64_t host_wall_us; /* the host's stamp of a line that carries guest text, or TIME_UNKNOWN */
    struct str caller;    /* CONFIG_PRINTK_CALLER: "T12", "C1" */
    struct str thread;    /* vmware.log: "vmx", "vcpu-0" */
    struct str opid;      /* vmware.log: the operation id, without "-" */
    struct str host;      /* syslog, journal: the host name */
    struct str ident;     /* syslog, journal: "systemd", "kernel" */
    struct str pid;       /* of ident, digits */
    struct str unit;      /* journal: the systemd unit */
    struct str boot_id;   /* journal: 32 hex digits */
    struct str message_id; /* journal: 32 hex digits */
    struct str machine_id; /* journal: 32 hex digits */
    struct str key, value; /* RECORD_SETTING: dictionary key and unescaped value */
    struct str section;    /* RECORD_SETTING: "CONFIGURATION", "USER PREFERENCES", … */
    uint64_t seq;          /* /dev/kmsg's sequence number, or 0 */
    bool has_seq;
    uint32_t input;        /* index of the input; set by the reader */
    uint64_t line;         /* 1-based number of its first line; set by the reader */
    uint64_t offset;       /* byte offset of that line in the (decompressed) input */
    uint64_t gap_line;     /* sparse reading: the last line that was left out before it, or 0 */
    int64_t gap_mono_us;   /* and the last kernel stamp until there, or TIME_UNKNOWN */
    int64_t after_us; /* without any stamp: the last kernel stamp before it; set by the analysis */
};

/* A record with nothing known: kind TEXT, level and facility unknown, no times. */
void record_init(struct record *r);

/*
 * A line that has not the shape its format wants: all of it is text, what was read of it so far is
 * dropped, but not that it was cut.
 */
void record_unparsed(struct record *r, struct str line);

/* A deep copy that lives in `a`; NULL at the arena's limit. */
struct record *record_keep(struct arena *a, const struct record *r);

/* The same into memory of the caller's: all slices of *out stand in `buf`, record_bytes() long. */
size_t record_bytes(const struct record *r);
void record_copy(struct record *out, const struct record *r, char *buf);

/* Names as rules, reports and --format ndjson write them; "unknown" beyond the tables. */
struct str level_name(enum level level);
struct str facility_name(enum facility facility);
struct str origin_name(enum origin origin);

/* By name; false when there is none. "warn", "error", "panic" are read as syslog(3) does. */
bool level_from_name(struct str name, enum level *level);
bool facility_from_name(struct str name, enum facility *facility);
bool origin_from_name(struct str name, enum origin *origin);
