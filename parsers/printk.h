/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prefix that all forms of kernel text share:
 *
 *     <4>[    1.125782][    T1] VFS: Cannot open root device …
 *     ^pri ^seconds.micros ^caller (CONFIG_PRINTK_CALLER)
 *
 * Sources: kernel/printk/printk.c (print_syslog(), print_time(), print_caller()).
 */
#pragma once

#include "analyzer/core/record.h"

/* "<30>" → level 6, facility 3; the number is facility * 8 + level, at most 191. */
bool printk_take_priority(struct str *in, enum level *level, enum facility *facility);

/* "[   12.345678]", not what follows; fails on anything that is not a kernel stamp. */
bool printk_take_stamp(struct str *in, int64_t *mono_us);

/* "[    T1]", "[   C0]", "[T12345]" → "T1"; what stands behind the bracket stays. */
bool printk_take_caller(struct str *in, struct str *caller);

/*
 * All three as far as they are there, then one blank. Sets level, facility, mono_us and caller of
 * *out and its text to the rest. True when at least a stamp or a priority was there; `in` is the
 * whole line either way.
 */
bool printk_take_prefix(struct str *in, struct record *out);

/*
 * What syslog daemons write to every terminal, and people paste from there:
 *
 *     Message from syslogd@web4 at Jun 17 13:06:42 ...
 *      kernel:[405108.698255] watchdog: BUG: soft lockup - CPU#2 stuck for 22s! [java:29632]
 *
 * The first takes " kernel:" where text follows at once, the second knows the line above. Sources:
 * rsyslog tools/omusrmsg.c, runtime/glbl.c's template WallFmt; sysklogd's syslogd.c, wallmsg().
 */
bool printk_take_wall(struct str *in);
bool printk_announces_wall(struct str line);

/*
 * Origin of a record in the kernel's ring: guest-user when the facility is known and not kern
 * (something wrote to /dev/kmsg), else guest-kernel.
 */
enum origin printk_origin(const struct record *r);

/*
 * The quick look of the formats' skim(): "<4>" and "[   12.345678]" at the very beginning, exactly
 * six digits behind the point. False when the stamp is not there; then nothing is set.
 */
bool printk_skim(struct str line, enum level *level, int64_t *mono_us);
