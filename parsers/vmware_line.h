/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of vmware.log: what stands before the text. Nine grammars were seen since Workstation 5;
 * by the shape of the prefix they are four:
 *
 *   until Workstation 7
 *     Feb 07 20:35:19.123: vmx| text
 *   ESXi 5-6, Workstation 8-16.1
 *     2016-08-30T16:02:43.217-07:00| vcpu-0| I125: text
 *   ESXi 7.0; "| vmx| | I005:" where no operation caused it
 *     2021-04-22T03:04:15.771Z| vmx| 5ab911c0| I005: text
 *   ESXi 7.0U3, Workstation 16.2
 *     2024-03-04T20:00:45.040Z In(05) vmx - text
 *   25H2
 *     2026-01-09T08:08:29.880Z -INFO vmware-vmx.exe 15108 [ws@4413 threadName="vmx"] text
 *
 * ESXi 5.0 has no level; a process that dies stamps `2021-11-15T00:23:51+01:00[+0.000]`; the
 * settings log.timeStamp, log.millisec and log.threadName take parts away. A `+` in place of the
 * `:` or `-` at the level says that the line continues the record above.
 *
 * Splitting looks at fixed places only, so that skimming a line costs some nanoseconds.
 */
#pragma once

#include "parsers/parser.h"

enum vmware_prefix {
    VMWARE_BARE,   /* none: a text line, or a log without prefixes */
    VMWARE_OLD,    /* no level, no sign of continuation: lines repeat the whole prefix */
    VMWARE_BARS,   /* stamp| thread| I125: */
    VMWARE_PAREN,  /* stamp In(05) thread */
    VMWARE_FIELDS, /* stamp -INFO process pid [… threadName="…"] */
};

struct vmware_line {
    enum vmware_prefix prefix;
    bool continues;    /* belongs to the record above */
    enum level level;  /* LEVEL_UNKNOWN: the line has none */
    struct str stamp;  /* empty: none */
    struct str thread; /* empty: none */
    struct str opid;   /* empty: none, or not split off */
    struct str fields; /* VMWARE_FIELDS: what the brackets hold */
    struct str text;
};

/* False, and `text` the whole line, when the line has no prefix. All slices point into `line`. */
bool vmware_line_split(struct str line, struct vmware_line *out);

/*
 * The letter of "I125" or "In(05)" is the level. The number behind it was renumbered twice (110 is
 * Warning, then Error; 115 Audit, then Warning), so it says nothing. Panics are printed with C or,
 * by ESXi 6.5, E. False: no level has this letter.
 */
bool vmware_level(char letter, enum level *level);

/*
 * ESXi writes the operation's id, or "-", between thread and text, Workstation does not, and one
 * line cannot always tell. Moves it from text to opid.
 */
void vmware_line_take_opid(struct vmware_line *line);

/* Takes thread and opid out of VMWARE_FIELDS; other lines stay as they are. */
void vmware_line_take_fields(struct vmware_line *line);

/* Could the text of this line begin with an operation id? */
bool vmware_line_has_opid(const struct vmware_line *line);

/*
 * Does this grammar repeat the whole prefix at each newline of a text, without a mark? Until
 * Workstation 7 and Server all lines are so, and those of ESXi 5.0.
 */
bool vmware_line_unmarked(const struct vmware_line *line);

/* The stamp as time, and in *flags what it leaves out (enum record_flag); TIME_UNKNOWN: none. */
int64_t vmware_line_time(const struct vmware_line *line, unsigned *flags);

/* "Guest: " as the text's beginning, or as all of it; takes it. */
bool vmware_take_guest(struct str *text);

/* What stands before the text of a record that the guest's kernel dumps. */
struct vmware_printk {
    enum level level;
    enum facility facility;
    int64_t mono_us;
    struct str caller;
};

/* "<4>[    1.125782][    T1] "; without priority or stamp it is not the kernel's. */
bool vmware_take_printk(struct str *text, struct vmware_printk *out);

/* Is this "<<< Log Throttled >>>", or the guest's? */
bool vmware_is_throttle(struct str text);

/* The parser's skim. */
void vmware_line_skim(struct str line, struct skim *out);
