/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Byte streams between an opened file and the lines: plain descriptors, gzip, and what libarchive
 * decompresses or unpacks. parsers/input.c puts them together; nobody else needs them.
 */
#pragma once

#include "parsers/lines.h"

/* What the first bytes of a stream say about how it is packed. */
enum packing {
    PACKED_NOT,
    PACKED_GZIP,
    PACKED_FILTER,  /* xz, zstd, bzip2 */
    PACKED_ARCHIVE, /* tar, zip */
    PACKED_JOURNAL, /* of systemd-journald; journal_file.h */
};

/* By magic only. `head` should have at least 512 bytes when the stream is that long. */
enum packing packing_of(struct str head);

/* What was read and made out of it, against decompression bombs. */
struct unpack_count {
    uint64_t in, out;
};

/* False and FAIL_LIMIT when the counts cross LIMIT_UNPACKED_BYTES or LIMIT_UNPACK_RATIO. */
bool unpack_allowed(const struct unpack_count *count, struct err *err);

/* A source of which the first bytes can be looked at. Owns nothing but its buffer. */
struct peeked {
    struct byte_source source;
    char *head; /* LIMIT_HEAD_BYTES */
    size_t n, used;
    struct err err; /* of reading the head; returned behind its bytes */
    bool failed;
};

/* Reads the head. False: out of memory. */
bool peeked_open(struct peeked *p, struct byte_source source);
void peeked_close(struct peeked *p);
struct str peeked_head(const struct peeked *p);
struct byte_source peeked_source(struct peeked *p);

/* gzip.c: inflates all members of a .gz; a torn one gives what there is, then FAIL_FORMAT. */
struct gzip;
struct gzip *gzip_open(struct byte_source packed);
ptrdiff_t gzip_read(void *gzip, char *buf, size_t n, struct err *err);
void gzip_close(struct gzip *g);

/*
 * archive.c: libarchive's read side. Filters that would run an external program are refused
 * (FAIL_SUPPORT), nothing is ever written to disk. Without libarchive unpack_open() fails with
 * FAIL_SUPPORT.
 */
struct unpacker;

/* Over `packed`, which must outlive it. NULL with *err. */
struct unpacker *unpack_open(struct byte_source packed, enum packing packing, struct err *err);

/*
 * The next regular member: its path, valid until the next call, and its size (0 unknown).
 * STEP_FAIL when the archive is torn. For PACKED_FILTER there is one member without a path.
 */
enum step unpack_next(struct unpacker *a, struct str *path, uint64_t *size_bytes, struct err *err);
ptrdiff_t unpack_read(void *archive, char *buf, size_t n, struct err *err);
void unpack_close(struct unpacker *a);
