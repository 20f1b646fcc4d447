/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From lines of vmware.log to records of several lines: what the parser remembers between lines,
 * and the lines that follow their head, marked as continuations or by belonging to a message to the
 * user.
 */
#pragma once

#include "parsers/vmware_line.h"

/* A name that outlives its line. */
struct name {
    char p[96];
    size_t n;
};

/* What bare lines below a `Guest:` entry belong to. */
enum guest_entry {
    GUEST_NONE,   /* there is no such entry */
    GUEST_EMPTY,  /* its text is still to come */
    GUEST_KERNEL, /* its last line was the kernel's */
};

struct vmware_state {
    bool started;
    bool has_opid;  /* ESXi: an operation id stands before the text */
    bool no_prefix; /* the log is written without any prefix */
    uint64_t last_line;
    enum guest_entry guest;
    unsigned n_bare;     /* lines below it since the last stamp */
    struct record entry; /* what its lines share; no slices of lines in it */
    struct name unmarked_stamp, unmarked_thread; /* of the last entry without marks */
    size_t unmarked_left;                        /* bytes that this entry can still have */
    struct name thread;                          /* of `entry` */
    struct name opid;                            /* of `entry` */
    struct name section;                         /* of the settings */
    struct name stamp; /* the last one, and what it was read as: many lines share it */
    int64_t wall_us;
    unsigned wall_flags;
};

/* One record in the making. */
struct vmware_taking {
    struct vmware_state *s;
    struct lines *in;
    struct joiner *j;
    struct record *out;
};

/* Copies the value, cut to the name's room. */
void name_set(struct name *name, struct str value);

/* Valid until the next name_set(). */
struct str name_get(const struct name *name);

/* Thread and operation id of a split line, as this log writes them. */
void vmware_take_names(const struct vmware_state *s, struct vmware_line *line);

/* vmware_line_split() and vmware_take_names(). */
bool vmware_split(const struct vmware_state *s, struct str line, struct vmware_line *out);

/* The line below, when none was left out between; false, and nothing taken, otherwise. */
bool vmware_take_below(struct vmware_taking *t, struct line *line);

/* Appends a line to the record, whose text must end the joiner; empty ones only end a text. */
void vmware_add_line(struct vmware_taking *t, struct str text);

/* Appends the lines below that are marked as continuations. */
void vmware_take_continuations(struct vmware_taking *t);

/* Does a message to the user start here? `repeats`: its body repeats the prefix of its head. */
bool vmware_starts_message(struct str text, bool *repeats);

/*
 * Appends the body of a message, up to the rule that ends it, which is left out:
 *
 *     Msg_Post: Error
 *     [msg.disk.noBackEnd] Cannot open the disk …
 *     ----------------------------------------
 */
void vmware_take_message(struct vmware_taking *t, const struct vmware_line *head, bool repeats);
