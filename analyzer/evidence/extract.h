/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the extractors (facts_*.c) share; nobody outside evidence/ includes this.
 *
 * A row of extractors.def names a literal, who may say it, the function that takes the fact out of
 * the line, and the fact. facts_add() walks the words of each line of a record and calls the rows
 * whose literal stands there; most records match none. settings.def is the same for RECORD_SETTING.
 */
#pragma once

#include "analyzer/evidence/fact.h"

/* Where a row's literal may stand. */
enum extract_place {
    PLACE_START, /* at the start of the line */
    PLACE_WORD,  /* at the start of any word */
};

/* Who may say it: bits of enum origin. Text of unknown origin counts as the guest's, never the
 * host's. */
enum extract_origins {
    BY_KERNEL = 1 << ORIGIN_GUEST_KERNEL | 1 << ORIGIN_UNKNOWN,
    BY_USER = 1 << ORIGIN_GUEST_USER | 1 << ORIGIN_UNKNOWN,
    BY_GUEST = BY_KERNEL | BY_USER,
    BY_HOST = 1 << ORIGIN_HOST,
};

struct extraction;

struct extractor {
    struct str literal;
    enum extract_place place;
    unsigned origins; /* enum extract_origins */
    void (*take)(struct extraction *x);
    enum fact_id fact;
    struct str word; /* what the row itself says: a driver's name, "yes" */
};

struct setting {
    struct str key; /* compared without case, as the product does */
    void (*take)(struct extraction *x);
    enum fact_id fact;
    enum value_sort sort;
};

/* One call of a row's function. */
struct extraction {
    struct facts *facts;
    const struct record *record;
    struct record *kept;         /* the record once it proves something */
    struct str line;             /* the line of the record's text */
    struct str before, rest;     /* of the line: in front of and behind the literal */
    const struct extractor *row; /* NULL for settings and followers */
    enum fact_id fact;
    enum value_sort sort;
    uint32_t want; /* following lines that an open list wants to see */
};

/* Items of list facts: values[i].items of a map are fields[i], writable. */
struct fact_list {
    struct {
        VEC(struct value);
    } values;
    struct {
        VEC(struct value *);
    } fields;
};

/* What a mount told while it is not yet known whether it was the root. */
struct mount {
    struct str device, fstype;
    const struct record *proof;
};

/* "scsi host0: ahci": the bus of the disks 0:x:y:z. */
struct scsi_host {
    uint64_t number;
    struct str bus;
};

struct scsi_hosts {
    VEC(struct scsi_host);
};

/* A device of the virtual machine's configuration, whether present or not. */
struct vmx_device {
    struct str slot;      /* "scsi0:0", "ethernet0", and "scsi0" for the controller */
    struct value *fields; /* writable, as the fact's map has them */
    struct str type;      /* deviceType as given */
    bool absent;          /* present = "FALSE" */
};

struct vmx_devices {
    VEC(struct vmx_device);
    struct value *shown; /* what the fact's list points at */
};

/* A unit that is being started, or took long to. */
struct unit_start {
    struct str unit;
    int64_t us; /* since when; how long it took */
};

enum { UNITS_SLOWEST = 5 };

struct unit_starts {
    struct {
        VEC(struct unit_start);
    } open;
    uint32_t n_begun;
    struct unit_start slowest[UNITS_SLOWEST]; /* the slowest first */
    size_t n_slowest;
    struct value *shown;  /* what the fact's list points at, */
    struct value *fields; /* and their fields, two each */
};

struct facts_state {
    struct fact_list lists[FACT_COUNT];
    uint32_t changes[FACT_COUNT]; /* of texts, up to LIMIT_FACT_CHANGES */
    uint16_t first[256];          /* of a literal's first byte: 1 + index of its first row */
    uint16_t *next;               /* per row: 1 + index of the next row with the same first byte */
    struct {
        bool list_open;          /* inside the list of all partitions */
        uint32_t foreign;        /* lines in it that are not its own */
        struct value *last_disk; /* listed last, NULL for a CD or the like */
        uint32_t probe_lines;    /* so many more lines may name a disk's partitions */
        struct scsi_hosts hosts;
    } storage;
    struct {
        uint64_t hash;       /* of the last report's list */
        uint32_t more_lines; /* so many more lines may continue it */
    } modules;
    struct mount mount; /* the file system mounted last */
    struct vmx_devices disks, nics;
    struct unit_starts units;
    uint32_t hard_resets;
    bool guest_spoke; /* before the first of them */
};

/* The record, kept once however many facts it proves; NULL at the arena's limit. */
const struct record *extract_proof(struct extraction *x);

/* Set a fact of one value; the same value again changes nothing. */
void extract_text(struct extraction *x, enum fact_id id, struct str text, enum value_sort sort);
void extract_number(struct extraction *x, enum fact_id id, int64_t number);
void extract_flag(struct extraction *x, enum fact_id id, bool truth);

/* Is it known in this boot itself (not by the parent)? */
bool extract_known(const struct extraction *x, enum fact_id id);

/* Adds to a list of texts unless it is there; at most LIMIT_LIST_ITEMS. */
void extract_add(struct extraction *x, enum fact_id id, struct str text, enum value_sort sort);

/* Makes a list fact empty (and known). */
void extract_clear(struct extraction *x, enum fact_id id);

/*
 * The fields of the map in a list of maps whose first field is `key`, added when missing; NULL at a
 * limit. `names` has n names, the fact's fields in its order.
 */
struct value *extract_map(struct extraction *x, enum fact_id id, const struct str *names, size_t n,
                          struct str key);

/* Sets a field of such a map to a text kept in the arena. */
void extract_field(struct extraction *x, struct value *field, struct str text,
                   enum value_sort sort);

/* Functions that serve many rows. */
void take_rest(struct extraction *x);     /* the fact is the rest of the line, trimmed */
void take_word(struct extraction *x);     /* the fact is the row's own word */
void take_yes(struct extraction *x);      /* the flag is true */
void take_no(struct extraction *x);       /* the flag is false */
void take_row_item(struct extraction *x); /* the row's own word joins the list */
void set_text(struct extraction *x);      /* settings: the value */
void set_number(struct extraction *x);
void set_flag(struct extraction *x);

/* Ask for at least so many following lines. */
void extract_want(struct extraction *x, uint32_t lines);

/* Lines that follow a literal and hold none: these see every line of the kernel. */
void storage_follow(struct extraction *x);
void modules_follow(struct extraction *x);

/* Said by PID 1 itself, not by a user's manager nor a program that quotes it? */
bool said_by_systemd(const struct extraction *x);

/* "db.service": the whole name of a unit. */
bool is_unit_name(struct str word);

/* Slots: "scsi0:0.fileName" is no fixed key, so these see every setting. */
void vmx_device_setting(struct extraction *x);

/* Is there a row for this driver in drivers.def? */
bool driver_known(struct str name);

/* Photon's flavour by the end of a release; empty when it is none of Photon's. */
struct str kernel_flavour(struct str release, bool photon);

/* Sets kernel.drv from what is known of the kernel. */
void drivers_from_kernel(struct extraction *x);

#define EXTRACT(place, origins, take, fact, word, literal) void take(struct extraction *x);
#include "analyzer/evidence/extractors.def"
#undef EXTRACT
#define SETTING(key, take, fact, sort) void take(struct extraction *x);
#include "analyzer/evidence/settings.def"
#undef SETTING
