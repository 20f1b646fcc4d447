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

/*
 * An entry starts at `l`, in a log that marks no continuations: remembers what its further lines
 * will look like.
 */
void vmware_open_unmarked(struct vmware_state *s, const struct vmware_line *l);

/*
 * A line that could be a further one of that entry: `Guest: x\nTriple fault.` is written as
 *
 *     Mar 01 11:59:12.020: vcpu-0| Guest: x
 *     Mar 01 11:59:12.020: vcpu-0| Triple fault.
 *
 * so nothing that has the stamp and thread of an entry counts as the host's. True: the record,
 * whose prefix and text are set, is the guest's now.
 */
bool vmware_take_unmarked(struct vmware_taking *t, const struct vmware_line *l);

/* Does the line belong to the open entry above? Its text then. */
bool vmware_in_entry(const struct vmware_state *s, const struct vmware_line *l, struct str *text);

/* The record of such a line. False: there is nothing to tell of it. */
bool vmware_take_entry_line(struct vmware_taking *t, struct str text);
