/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands before the text in all that dmesg(1) prints, and in the files that other tools write
 * in its manner (vmcore-dmesg.txt, pstore, crash's log command):
 *
 *     <4>[    1.125782] text                     dmesg, dmesg --raw
 *     kern  :warn  : [    1.125782] [T1] text    -x, CONFIG_PRINTK_CALLER
 *     [Fri Nov 20 23:35:17 2026] text            -T
 *     2026-11-20T23:35:17,470422+00:00 text      --time-format=iso
 *     [Nov20 23:35] text · [  +0.000112] text    -H
 *     [    1.2 <    0.1>] text · [<    0.1>] text  -d
 *
 * Several of these may stand behind one another. Source: util-linux, sys-utils/dmesg.c
 * (print_record()). dmesg --raw of util-linux 2.38 prints facility | level without the shift, so
 * "<7>" may be daemon.info; nothing in the text tells.
 */
#pragma once

#include "analyzer/core/record.h"

/* Sums up differences (-d, -H). Zero is the initial state. */
struct dmesg_clock {
    int64_t mono_us;     /* since the first record */
    int64_t first_wall;  /* -H: the first minute mark */
    int64_t minute_wall; /* -H: the last minute mark, and the time since */
    int64_t since_us;
    bool has_minute;
};

/*
 * Takes the prefix as far as it is there. Sets level, facility, caller, times and flags of *out and
 * its text to the rest. False when there is none: then only the text is set.
 */
bool dmesg_take_prefix(struct str line, struct record *out, struct dmesg_clock *clock);

/*
 * Where kernel text with its stamp "[   12.345678] " (padded to five digits, exactly six behind the
 * point, an optional "<N>" before it) starts in `s` at or after `from`, or STR_NOT_FOUND.
 */
size_t dmesg_find_stamp(struct str s, size_t from);

/* A strict stamp at the very beginning, see above. */
bool dmesg_starts_stamp(struct str s);

/*
 * The second and further lines of a record are indented to the width of the prefix of the first:
 * at least this many blanks.
 */
#define DMESG_INDENT_MIN 13
bool dmesg_is_indented(struct str line);
