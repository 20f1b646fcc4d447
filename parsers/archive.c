/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xz, zstd, bzip2, tar and zip through libarchive's read side. Only formats and filters that it
 * decodes itself are switched on: a filter that would run an external program is refused.
 */
#include "parsers/stream.h"

#ifdef HAVE_LIBARCHIVE

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { IN_BYTES = 64 << 10 };

struct unpacker {
    struct archive *archive;
    struct byte_source packed;
    struct unpack_count count;
    struct err err; /* of the packed source */
    bool failed, external;
    struct str part;     /* of the member: not taken yet, valid until the next block */
    int64_t part_at, at; /* where in the member it stands, and how far we are */
    char in[IN_BYTES];
};

static la_ssize_t read_packed(struct archive *archive, void *ctx, const void **buf)
{
    struct unpacker *a = ctx;
    ptrdiff_t got = a->packed.read(a->packed.ctx, a->in, sizeof a->in, &a->err);

    *buf = a->in;
    if (got < 0) {
        a->failed = true;
        archive_set_error(archive, EIO, "%s", a->err.text);
        return ARCHIVE_FATAL;
    }
    a->count.in += (uint64_t)got;
    return got;
}

/* ARCHIVE_WARN: this libarchive was built without the library and would run a program. */
static bool native(int result, bool *external)
{
    if (result == ARCHIVE_WARN)
        *external = true;
    return result == ARCHIVE_OK;
}

static bool switch_on(struct unpacker *a, enum packing packing, struct err *err)
{
    bool ok;

    if (packing == PACKED_FILTER) {
        native(archive_read_support_filter_xz(a->archive), &a->external);
        native(archive_read_support_filter_bzip2(a->archive), &a->external);
        native(archive_read_support_filter_zstd(a->archive), &a->external);
        if (a->external)
            return fail(err, FAIL_SUPPORT,
                        "this libarchive cannot decompress xz, zstd or bzip2 by itself");
        ok = archive_read_support_format_raw(a->archive) == ARCHIVE_OK;
    } else {
        ok = archive_read_support_format_tar(a->archive) == ARCHIVE_OK &&
             archive_read_support_format_zip(a->archive) == ARCHIVE_OK;
    }
    return ok || fail(err, FAIL_SUPPORT, "libarchive: %s", archive_error_string(a->archive));
}

static bool torn(struct unpacker *a, struct err *err)
{
    const char *why = archive_error_string(a->archive);

    if (a->failed)
        *err = a->err;
    else
        fail(err, FAIL_FORMAT, "the archive is torn or damaged: %s", why ? why : "unknown");
    return false;
}

struct unpacker *unpack_open(struct byte_source packed, enum packing packing, struct err *err)
{
    struct unpacker *a = calloc(1, sizeof *a);

    if (!a || !(a->archive = archive_read_new())) {
        free(a);
        fail(err, FAIL_LIMIT, "out of memory");
        return NULL;
    }
    a->packed = packed;
    if (!switch_on(a, packing, err)) {
        unpack_close(a);
        return NULL;
    }
    if (archive_read_open(a->archive, a, NULL, read_packed, NULL) != ARCHIVE_OK) {
        torn(a, err);
        unpack_close(a);
        return NULL;
    }
    return a;
}

void unpack_close(struct unpacker *a)
{
    if (!a)
        return;
    archive_read_free(a->archive);
    free(a);
}

enum step unpack_next(struct unpacker *a, struct str *path, uint64_t *size_bytes, struct err *err)
{
    struct archive_entry *entry;
    int result;

    for (;;) {
        result = archive_read_next_header(a->archive, &entry);
        if (result == ARCHIVE_EOF)
            return STEP_END;
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            torn(a, err);
            return STEP_FAIL;
        }
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry))
            continue;
        a->part = (struct str){ 0 };
        a->at = 0;
        *path = str_from(archive_entry_pathname(entry));
        *size_bytes = archive_entry_size_is_set(entry) ? (uint64_t)archive_entry_size(entry) : 0;
        return STEP_RECORD;
    }
}

/* The next bytes of the member into a->part; false at its end, or with *failed. */
static bool next_part(struct unpacker *a, bool *failed, struct err *err)
{
    const void *bytes = NULL;
    size_t n = 0;
    int result;

    while (n == 0) {
        result = archive_read_data_block(a->archive, &bytes, &n, &a->part_at);
        *failed = result != ARCHIVE_OK && result != ARCHIVE_WARN && result != ARCHIVE_EOF;
        if (*failed)
            torn(a, err);
        if (*failed || result == ARCHIVE_EOF)
            return false;
    }
    a->part = (struct str){ .p = bytes, .n = n };
    return true;
}

/*
 * Block by block: archive_read_data() would fill `buf` from several and drop what it has when the
 * archive breaks off in a later one. Between blocks a sparse member has holes.
 */
ptrdiff_t unpack_read(void *archive, char *buf, size_t n, struct err *err)
{
    struct unpacker *a = archive;
    bool failed = false;

    if (a->part.n == 0 && !next_part(a, &failed, err))
        return failed ? -1 : 0;
    if (a->at < a->part_at) {
        if (n > (uint64_t)(a->part_at - a->at))
            n = (size_t)(a->part_at - a->at);
        memset(buf, 0, n);
    } else {
        if (n > a->part.n)
            n = a->part.n;
        memcpy(buf, a->part.p, n);
        a->part = str_from_at(a->part, n);
    }
    a->at += (int64_t)n;
    a->count.out += n;
    return unpack_allowed(&a->count, err) ? (ptrdiff_t)n : -1;
}

#else

struct unpacker *unpack_open(struct byte_source packed, enum packing packing, struct err *err)
{
    (void)packed;
    fail(err, FAIL_SUPPORT, "%s needs libarchive, which this build lacks",
         packing == PACKED_ARCHIVE ? "a tar or zip archive" : "xz, zstd and bzip2");
    return NULL;
}

void unpack_close(struct unpacker *a)
{
    (void)a;
}

enum step unpack_next(struct unpacker *a, struct str *path, uint64_t *size_bytes, struct err *err)
{
    (void)a;
    (void)path;
    (void)size_bytes;
    (void)err;
    return STEP_END;
}

ptrdiff_t unpack_read(void *archive, char *buf, size_t n, struct err *err)
{
    (void)archive;
    (void)buf;
    (void)n;
    (void)err;
    return 0;
}

#endif
