/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Journal files merged into one stream of text; see journal_file.h. journald starts a new file now
 * and then and has one for each user, so that a boot may stand in several of them.
 */
#include "parsers/journal_file.h"

#include "analyzer/core/limits.h"
#include "parsers/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Text is made until there is so much; one more entry fits behind it. */
enum { TEXT_BYTES = 64 << 10, HEAD_BYTES = 256 };
#define FIELD_BYTES_MAX (LIMIT_RECORD_BYTES + 128)

struct part {
    struct journal_part file;
    struct journal_log *log;
    struct journal_head head; /* the next entry */
    bool more;
};

struct journal_source {
    struct part *parts;
    size_t n_parts;
    const struct part *last; /* whose entry was written last, */
    uint64_t last_seqnum;    /* and its number */
    char *text;
    size_t n, used;
    bool ended, told, live;
};

static void put(struct journal_source *s, struct str bytes)
{
    if (bytes.n)
        memcpy(s->text + s->n, bytes.p, bytes.n);
    s->n += bytes.n;
}

static void put_number(struct journal_source *s, struct str name, uint64_t value)
{
    char digits[24];
    size_t at = sizeof digits;

    digits[--at] = '\n';
    do
        digits[--at] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    put(s, name);
    put(s, (struct str){ .p = digits + at, .n = sizeof digits - at });
}

static void put_id(struct journal_source *s, struct str name, const char *id)
{
    static const char hex[] = "0123456789abcdef";

    put(s, name);
    for (size_t i = 0; i < 16; i++) {
        unsigned char byte = (unsigned char)id[i];

        s->text[s->n++] = hex[byte >> 4];
        s->text[s->n++] = hex[byte & 15];
    }
    put(s, STR("\n"));
}

/* A line where the value allows it, else name, length and bytes; journal_export.c reads both. */
static void put_field(struct journal_source *s, struct str name, struct str value)
{
    char length[8];

    put(s, name);
    if (!value.n || (!memchr(value.p, '\n', value.n) && !memchr(value.p, '\r', value.n))) {
        put(s, STR("="));
        put(s, value);
        put(s, STR("\n"));
        return;
    }
    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (char)((uint64_t)value.n >> (8 * i) & 255);
    put(s, STR("\n"));
    put(s, (struct str){ .p = length, .n = sizeof length });
    put(s, value);
    put(s, STR("\n"));
}

static void put_entry(struct journal_source *s, struct part *part)
{
    bool seen[JOURNAL_FIELDS + 1] = { [JOURNAL_FIELDS] = true, [JOURNAL_BOOT_ID] = true };
    enum journal_field field;
    struct str value;

    put_number(s, STR("__REALTIME_TIMESTAMP="), part->head.realtime_us);
    put_number(s, STR("__MONOTONIC_TIMESTAMP="), part->head.mono_us);
    put_id(s, STR("_BOOT_ID="), part->head.boot_id);
    for (size_t i = 0; journal_log_item(part->log, &part->head, i, &field, &value); i++) {
        if (seen[field])
            continue;
        seen[field] = true;
        put_field(s, journal_field_name(field), value);
    }
    put(s, STR("\n"));
}

static bool same_id(const char *a, const char *b)
{
    return memcmp(a, b, 16) == 0;
}

/* Like libsystemd: the numbers of one journald, else the clock of one boot, else wall time. */
static bool is_before(const struct part *a, const struct part *b)
{
    if (same_id(journal_log_header(a->log)->seqnum_id, journal_log_header(b->log)->seqnum_id))
        return a->head.seqnum < b->head.seqnum;
    if (same_id(a->head.boot_id, b->head.boot_id))
        return a->head.mono_us < b->head.mono_us;
    return a->head.realtime_us < b->head.realtime_us;
}

/* The same entry in a copy of the file. */
static bool is_double(const struct journal_source *s, const struct part *part)
{
    return s->last && s->last != part && part->head.seqnum == s->last_seqnum &&
           same_id(journal_log_header(s->last->log)->seqnum_id,
                   journal_log_header(part->log)->seqnum_id);
}

/* The next entry of all; false at the end. */
static bool write_next(struct journal_source *s)
{
    struct part *next = NULL;

    for (size_t i = 0; i < s->n_parts; i++)
        if (s->parts[i].more && (!next || is_before(&s->parts[i], next)))
            next = &s->parts[i];
    if (!next)
        return false;
    if (!is_double(s, next))
        put_entry(s, next);
    s->last = next;
    s->last_seqnum = next->head.seqnum;
    next->more = journal_log_next(next->log, &next->head);
    return true;
}

int journal_spool(struct byte_source from, struct err *err)
{
    int fd = memfd_create("journal", MFD_CLOEXEC);
    char *buf = malloc(LIMIT_BLOCK_BYTES);
    uint64_t n = 0, written = 0;
    ptrdiff_t got;
    struct err why;

    while (fd >= 0 && buf && n == written && n <= LIMIT_JOURNAL_BYTES &&
           (got = from.read(from.ctx, buf, LIMIT_BLOCK_BYTES, &why)) > 0) {
        ssize_t put = write(fd, buf, (size_t)got);

        n += (uint64_t)got;
        written += put > 0 ? (uint64_t)put : 0;
    }
    free(buf);
    if (fd >= 0 && buf && n == written && n <= LIMIT_JOURNAL_BYTES)
        return fd;
    if (n > LIMIT_JOURNAL_BYTES)
        fail(err, FAIL_LIMIT,
             "a journal of more than %llu MiB is read from a file of its own only: unpack it and "
             "name that",
             (unsigned long long)(LIMIT_JOURNAL_BYTES >> 20));
    else
        fail_sys(err, errno, NULL, "no memory for the journal");
    if (fd >= 0)
        close(fd);
    return -1;
}

struct journal_source *journal_open(const struct journal_part *parts, size_t n, struct err *err)
{
    struct journal_source *s = calloc(1, sizeof *s);
    struct part *own = calloc(n ? n : 1, sizeof *own);
    char *text = malloc(TEXT_BYTES + HEAD_BYTES + JOURNAL_FIELDS * FIELD_BYTES_MAX);

    if (!s || !own || !text) {
        for (size_t i = 0; i < n; i++)
            close(parts[i].fd);
        free(s);
        free(own);
        free(text);
        fail(err, FAIL_LIMIT, "out of memory");
        return NULL;
    }
    *s = (struct journal_source){ .parts = own, .n_parts = n, .text = text };
    for (size_t i = 0; i < n; i++) {
        own[i].file = parts[i];
        own[i].log = journal_log_open(parts[i].fd);
        own[i].more = own[i].log && journal_log_next(own[i].log, &own[i].head);
    }
    put(s, STR(JOURNAL_MAGIC "=\n"));
    return s;
}

void journal_close(struct journal_source *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_parts; i++) {
        journal_log_close(s->parts[i].log);
        close(s->parts[i].file.fd);
    }
    free(s->parts);
    free(s->text);
    free(s);
}

/* Behind the last byte: was that all? One file that is not whole stands for all of them. */
static ptrdiff_t at_end(struct journal_source *s, struct err *err)
{
    for (size_t i = 0; i < s->n_parts && !s->told; i++) {
        const struct part *part = &s->parts[i];
        struct str name = s->n_parts > 1 ? walk_base(part->file.name) : STR("the journal");

        s->told = true;
        if (!part->log)
            fail(err, FAIL_FORMAT, "%.*s ends in its own header", STR_ARG(name));
        else if (journal_log_entries(part->log) < journal_log_header(part->log)->n_entries)
            fail(err, FAIL_FORMAT, "%.*s is torn or damaged: %llu of %llu entries could be read",
                 STR_ARG(name), (unsigned long long)journal_log_entries(part->log),
                 (unsigned long long)journal_log_header(part->log)->n_entries);
        else if (journal_log_damage(part->log))
            fail(err, FAIL_FORMAT, "%.*s is damaged at %llu places; all entries could be read",
                 STR_ARG(name), (unsigned long long)journal_log_damage(part->log));
        else
            s->told = false;
    }
    return s->told ? -1 : 0;
}

ptrdiff_t journal_read(void *source, char *buf, size_t n, struct err *err)
{
    struct journal_source *s = source;

    if (s->used == s->n && !s->ended) {
        s->used = 0;
        s->n = 0;
    }
    while (s->n < TEXT_BYTES && !s->ended)
        s->ended = !write_next(s);
    if (s->used == s->n)
        return s->live ? READ_WAIT : s->told ? 0 : at_end(s, err);
    if (n > s->n - s->used)
        n = s->n - s->used;
    memcpy(buf, s->text + s->used, n);
    s->used += n;
    return (ptrdiff_t)n;
}

bool journal_holds(const struct journal_source *s, const char *file_id)
{
    for (size_t i = 0; i < s->n_parts; i++)
        if (s->parts[i].log && same_id(journal_log_header(s->parts[i].log)->file_id, file_id))
            return true;
    return false;
}

bool journal_add(struct journal_source *s, const struct journal_part *part)
{
    size_t last = s->last ? (size_t)(s->last - s->parts) : SIZE_MAX;
    struct part *parts = realloc(s->parts, (s->n_parts + 1) * sizeof *parts);

    if (parts) {
        s->parts = parts;
        s->last = last == SIZE_MAX ? NULL : &parts[last];
        parts[s->n_parts++] = (struct part){ .file = *part, .log = journal_log_open(part->fd) };
        return true;
    }
    close(part->fd);
    return false;
}

/* An empty journal_log has nothing more, and nothing will be written to a file without name. */
static bool is_done(const struct part *part)
{
    struct stat st;

    return !part->log || (!part->more && fstat(part->file.fd, &st) == 0 && st.st_nlink == 0);
}

void journal_refresh(struct journal_source *s)
{
    size_t n = 0;

    s->live = true;
    s->ended = false;
    for (size_t i = 0; i < s->n_parts; i++) {
        struct part *part = &s->parts[i];

        if (part->log && !part->more) {
            journal_log_refresh(part->log);
            part->more = journal_log_next(part->log, &part->head);
        }
        if (is_done(part)) {
            journal_log_close(part->log);
            close(part->file.fd);
            if (s->last == part)
                s->last = NULL;
            continue;
        }
        if (s->last == part)
            s->last = &s->parts[n];
        s->parts[n++] = *part;
    }
    s->n_parts = n;
}
