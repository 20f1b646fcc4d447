/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of systemd-journald as a byte source: the entries of one or of several that belong
 * together, in the order of time, in the export form.
 */
#pragma once

#include "parsers/journal_object.h"
#include "parsers/lines.h"

/* One file of a set: a regular one, or what journal_spool() gave. */
struct journal_part {
    int fd;
    struct str name; /* for errors; outlives the source */
};

struct journal_source;

/*
 * Reads files as one journal; closes their descriptors in the end, also on failure: NULL and *err.
 * The bytes begin with "LPKSHHRH="; FAIL_FORMAT behind what could be read.
 */
struct journal_source *journal_open(const struct journal_part *parts, size_t n, struct err *err);
ptrdiff_t journal_read(void *source, char *buf, size_t n, struct err *err);
void journal_close(struct journal_source *s);

/*
 * The bytes of `from` in a file without a name, at most LIMIT_JOURNAL_BYTES; the caller closes it.
 * A source that fails in the middle gives what there was, a longer one FAIL_LIMIT and -1.
 */
int journal_spool(struct byte_source from, struct err *err);

/*
 * A journal that is being written: its read() gives READ_WAIT at the end, and journal_refresh()
 * looks whether there is more. Files that were deleted and read are let go.
 */
void journal_refresh(struct journal_source *s);

/* Is the file with that id (16 bytes of its header) among the parts? */
bool journal_holds(const struct journal_source *s, const char *file_id);

/* One more part, read from the next journal_refresh() on; takes its fd. False: out of memory. */
bool journal_add(struct journal_source *s, const struct journal_part *part);
