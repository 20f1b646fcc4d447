/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries `Guest: ` of vmware.log: kernel dumps, Tools, drivers, firmware.
 *
 * A kernel dump is one entry per record, as kmsg_dump_get_line() gives them: `<4>[    1.125782]
 * text`. A record with embedded newlines has that prefix in each of its lines, which are
 * continuations, or, in the old grammar, repeat the log's own prefix. In copies that people wrapped
 * by hand bare lines stand below:
 *
 *     2016-08-30T16:02:43.217-07:00| vcpu-0| I125: Guest:
 *     <4>[    1.125782] VFS: Cannot open root device "sdb1" or
 *     unknown-block(0,0): error -6
 */
#pragma once

#include "parsers/vmware_join.h"

/*
 * The entry whose text, behind "Guest: ", is `text`; level, stamp and thread are set. False: it is
 * empty, its text may stand on the lines below.
 */
bool vmware_take_entry(struct vmware_taking *t, struct str text);

/* Does the line belong to the open entry above? Its text then. */
bool vmware_in_entry(const struct vmware_state *s, const struct vmware_line *l, struct str *text);

/* The record of such a line. False: there is nothing to tell of it. */
bool vmware_take_entry_line(struct vmware_taking *t, struct str text);
