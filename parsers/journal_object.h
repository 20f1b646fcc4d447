/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One journal file, object by object, through pread() and nothing else: nothing is mapped, so a
 * file that shrinks gives short reads and no signal, and a torn or damaged one is read as far as
 * its objects go. Layout: https://systemd.io/JOURNAL_FILE_FORMAT/
 */
#pragma once

#include "parsers/journal.h"

/* "LPKSHHRH": systemd src/libsystemd/sd-journal/journal-def.h, HEADER_SIGNATURE. */
#define JOURNAL_MAGIC "LPKSHHRH"

/* What a header tells that we use. */
struct journal_header {
    uint64_t header_bytes, tail_offset; /* of the header, of the last object */
    uint64_t n_entries;
    bool compact; /* offsets of 32 bits: systemd 254 */
    char file_id[16], machine_id[16], seqnum_id[16];
    char tail_boot[16]; /* of the last entry, */
    uint64_t tail_realtime_us;
};

/* Of an open file, whose position stays. False: it is too short or begins with something else. */
bool journal_header(int fd, struct journal_header *out);

/* An entry without its fields. */
struct journal_head {
    uint64_t offset, size_bytes;
    uint64_t seqnum, realtime_us, mono_us;
    char boot_id[16];
};

struct journal_log;

/* `fd` is of a regular file or in memory and stays the caller's. NULL: no header, or no memory. */
struct journal_log *journal_log_open(int fd);
void journal_log_close(struct journal_log *log);

const struct journal_header *journal_log_header(const struct journal_log *log);

/* The next entry as they lie in the file; false at the end. Damage is skipped. */
bool journal_log_next(struct journal_log *log, struct journal_head *out);

/*
 * A file that is being written: entries are given as far as the header counts them, and
 * journal_log_refresh() looks at it again.
 */
void journal_log_refresh(struct journal_log *log);

/* Entries given so far, and stretches of damage that were skipped. */
uint64_t journal_log_entries(const struct journal_log *log);
uint64_t journal_log_damage(const struct journal_log *log);

/*
 * Item `i` of an entry: its field and value, valid until the next call. False when there is no such
 * item; *field is JOURNAL_FIELDS for one that records don't need or that cannot be read.
 */
bool journal_log_item(struct journal_log *log, const struct journal_head *entry, size_t i,
                      enum journal_field *field, struct str *value);

/* journal_unpack.c: a compressed payload (flags of its object); at most `n` bytes of it. */
enum { JOURNAL_XZ = 1, JOURNAL_LZ4 = 2, JOURNAL_ZSTD = 4, JOURNAL_COMPRESSED = 7 };
size_t journal_unpack(unsigned flags, struct str packed, char *out, size_t n);
