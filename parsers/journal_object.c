/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects of a journal file lie one behind the other, in the order in which they were written;
 * an entry stands behind the values that it refers to. So one walk from the first object to the
 * last finds every entry in order, needs none of the file's own indexes, and where an object makes
 * no sense the next one that does is looked for. Most values are shared by many entries: those that
 * are short are kept by their offset.
 *
 *     object   type 8, flags 8, 48 bits of zero, size 64
 *     entry    object, seqnum 64, realtime 64, monotonic 64, boot id 128, hash 64, items
 *     data     object, hash and five links of 64 (compact: two more of 32), "NAME=value"
 */
#include "parsers/journal_object.h"

#include "analyzer/core/limits.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    OBJECT_DATA = 1,
    OBJECT_ENTRY = 3,
    OBJECT_TYPES = 8,
    OBJECT_BYTES = 16,
    ENTRY_BYTES = 64,
    DATA_BYTES = 64,
    COMPACT_BYTES = 8, /* more of a data object */
    ITEM_BYTES = 16,
    COMPACT_ITEM_BYTES = 4,
    FLAG_COMPACT = 1 << 4,
};

/* struct Header */
enum {
    AT_INCOMPATIBLE = 12,
    AT_FILE_ID = 24,
    AT_MACHINE_ID = 40,
    AT_TAIL_BOOT = 56,
    AT_SEQNUM_ID = 72,
    AT_HEADER_SIZE = 88,
    AT_TAIL = 136,
    AT_N_ENTRIES = 152,
    AT_TAIL_REALTIME = 192,
    HEADER_BYTES = 208, /* the smallest there ever was */
};

enum { SIZE_USUAL = 1024, PAGE_BYTES = 4096, PAGES = 256, VALUES = 4096, VALUE_BYTES = 104 };

enum { ITEMS_BYTES = 1024 }; /* of most entries all */

struct page {
    uint64_t number; /* + 1; 0: empty */
    size_t n;
    char bytes[PAGE_BYTES];
};

/* What stands at an offset, when it is short or not needed. */
struct value {
    uint64_t offset;
    unsigned char field, n;
    char bytes[VALUE_BYTES];
};

/* Room for reading values; of a file that is read, not of those that wait. */
struct cache {
    struct page pages[PAGES];
    struct value values[VALUES];
    uint64_t items_of; /* the entry whose items stand below; 0: none */
    size_t items_n;
    char items[ITEMS_BYTES];
    char packed[LIMIT_RECORD_BYTES];
    char text[LIMIT_RECORD_BYTES + 64];
};

struct journal_log {
    int fd;
    uint64_t size_bytes, at;
    struct journal_header header;
    uint64_t n_entries, n_damage;
    bool lost; /* inside damage */
    bool live; /* refreshed: the header is as old as what may be read */
    struct page page;
    struct cache *cache;
};

static uint64_t little(const char *p, size_t n)
{
    uint64_t value = 0;

    while (n-- > 0)
        value = value << 8 | (unsigned char)p[n];
    return value;
}

bool journal_header(int fd, struct journal_header *out)
{
    char bytes[HEADER_BYTES];
    struct str head = { .p = bytes, .n = sizeof bytes };

    if (pread(fd, bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes ||
        !str_starts(head, STR(JOURNAL_MAGIC)))
        return false;
    *out = (struct journal_header){
        .header_bytes = little(head.p + AT_HEADER_SIZE, 8),
        .tail_offset = little(head.p + AT_TAIL, 8),
        .n_entries = little(head.p + AT_N_ENTRIES, 8),
        .compact = little(head.p + AT_INCOMPATIBLE, 4) & FLAG_COMPACT,
    };
    memcpy(out->file_id, head.p + AT_FILE_ID, sizeof out->file_id);
    memcpy(out->machine_id, head.p + AT_MACHINE_ID, sizeof out->machine_id);
    memcpy(out->tail_boot, head.p + AT_TAIL_BOOT, sizeof out->tail_boot);
    out->tail_realtime_us = little(head.p + AT_TAIL_REALTIME, 8);
    memcpy(out->seqnum_id, head.p + AT_SEQNUM_ID, sizeof out->seqnum_id);
    return true;
}

struct journal_log *journal_log_open(int fd)
{
    struct journal_log *log = calloc(1, sizeof *log);
    struct stat stat;

    if (!log || fstat(fd, &stat) < 0 || !journal_header(fd, &log->header)) {
        free(log);
        return NULL;
    }
    log->fd = fd;
    log->size_bytes = (uint64_t)stat.st_size;
    log->at = log->header.header_bytes;
    /* Damage in the header itself: the first object stands behind any of the headers there were. */
    if (log->at < HEADER_BYTES || log->at % 8 || log->at > PAGE_BYTES)
        log->at = HEADER_BYTES;
    return log;
}

void journal_log_close(struct journal_log *log)
{
    if (!log)
        return;
    free(log->cache);
    free(log);
}

const struct journal_header *journal_log_header(const struct journal_log *log)
{
    return &log->header;
}

uint64_t journal_log_entries(const struct journal_log *log)
{
    return log->n_entries;
}

uint64_t journal_log_damage(const struct journal_log *log)
{
    return log->n_damage;
}

static void load_page(const struct journal_log *log, struct page *page, uint64_t number)
{
    ssize_t n = pread(log->fd, page->bytes, sizeof page->bytes, (off_t)(number * PAGE_BYTES));

    page->number = number + 1;
    page->n = n > 0 ? (size_t)n : 0;
}

/* `n` bytes at `offset` through pages; with a cache those of the values, else that of the walk. */
static bool read_at(struct journal_log *log, uint64_t offset, char *out, size_t n)
{
    while (n) {
        uint64_t number = offset / PAGE_BYTES;
        size_t in_page = offset % PAGE_BYTES, part = PAGE_BYTES - in_page;
        struct page *page = log->cache ? &log->cache->pages[number % PAGES] : &log->page;

        if (page->number != number + 1)
            load_page(log, page, number);
        if (part > n)
            part = n;
        if (in_page + part > page->n)
            return false;
        memcpy(out, page->bytes + in_page, part);
        out += part;
        offset += part;
        n -= part;
    }
    return true;
}

struct object {
    unsigned type, flags;
    uint64_t size_bytes;
};

static bool read_object(struct journal_log *log, uint64_t offset, struct object *out)
{
    char head[OBJECT_BYTES];

    if (offset % 8 || offset > log->size_bytes || !read_at(log, offset, head, sizeof head))
        return false;
    *out = (struct object){ .type = (unsigned char)head[0], .flags = (unsigned char)head[1] };
    out->size_bytes = little(head + 8, 8);
    return out->type > 0 && out->type < OBJECT_TYPES && out->flags <= JOURNAL_ZSTD &&
           little(head + 2, 6) == 0 && out->size_bytes >= OBJECT_BYTES &&
           out->size_bytes <= log->size_bytes - offset;
}

static uint64_t behind(const struct journal_log *log, const struct object *object)
{
    return log->at + ((object->size_bytes + 7) & ~(uint64_t)7);
}

/*
 * Inside damage chance alone can look like an object, and a damaged size leads over many: then the
 * next one must look like one, too.
 */
static bool find_object(struct journal_log *log, struct object *out)
{
    struct object next;

    if (!read_object(log, log->at, out))
        return false;
    return (!log->lost && out->size_bytes <= SIZE_USUAL) || log->at >= log->header.tail_offset ||
           read_object(log, behind(log, out), &next);
}

static bool read_head(struct journal_log *log, const struct object *object,
                      struct journal_head *out)
{
    char bytes[ENTRY_BYTES];

    if (object->type != OBJECT_ENTRY || object->size_bytes < ENTRY_BYTES ||
        !read_at(log, log->at, bytes, sizeof bytes))
        return false;
    *out = (struct journal_head){ .offset = log->at, .size_bytes = object->size_bytes };
    out->seqnum = little(bytes + 16, 8);
    out->realtime_us = little(bytes + 24, 8);
    out->mono_us = little(bytes + 32, 8);
    memcpy(out->boot_id, bytes + 40, sizeof out->boot_id);
    return true;
}

bool journal_log_next(struct journal_log *log, struct journal_head *out)
{
    /* Of a live file, what the header counts was written before it. */
    while (log->at + OBJECT_BYTES <= log->size_bytes &&
           (!log->live || log->n_entries < log->header.n_entries)) {
        struct object object;
        bool found;

        if (!find_object(log, &object)) {
            /* journald makes files longer than it needs. */
            if (!log->lost && log->at > log->header.tail_offset)
                break;
            log->n_damage += !log->lost;
            log->lost = true;
            log->at += 8;
            continue;
        }
        log->lost = false;
        found = read_head(log, &object, out);
        log->at = behind(log, &object);
        if (found) {
            log->n_entries++;
            return true;
        }
    }
    free(log->cache);
    log->cache = NULL;
    return false;
}

void journal_log_refresh(struct journal_log *log)
{
    struct journal_header header;
    struct stat stat;

    log->live = true;
    log->page.number = 0;
    free(log->cache);
    log->cache = NULL;
    if (!journal_header(log->fd, &header) || fstat(log->fd, &stat) < 0)
        return;
    log->header = header;
    log->size_bytes = (uint64_t)stat.st_size;
}

/* "NAME=value" of the data object, unpacked; in the cache's room. */
static bool read_payload(struct journal_log *log, uint64_t offset, struct str *out)
{
    size_t before = DATA_BYTES + (log->header.compact ? COMPACT_BYTES : 0);
    struct cache *cache = log->cache;
    struct object object;
    size_t n;
    bool packed;

    if (!read_object(log, offset, &object) || object.type != OBJECT_DATA ||
        object.size_bytes <= before)
        return false;
    packed = object.flags & JOURNAL_COMPRESSED;
    n = object.size_bytes - before > LIMIT_RECORD_BYTES ? LIMIT_RECORD_BYTES
                                                        : (size_t)(object.size_bytes - before);
    if (!read_at(log, offset + before, packed ? cache->packed : cache->text, n))
        return false;
    if (packed)
        n = journal_unpack(object.flags, (struct str){ .p = cache->packed, .n = n }, cache->text,
                           sizeof cache->text);
    *out = (struct str){ .p = cache->text, .n = n };
    return true;
}

static enum journal_field look_up(struct journal_log *log, uint64_t offset, struct str *value)
{
    struct value *slot = &log->cache->values[offset / 8 * 2654435761u % VALUES];
    enum journal_field field = JOURNAL_FIELDS;
    struct str payload, name;

    if (slot->offset != offset) {
        if (!read_payload(log, offset, &payload) || !str_take_until(&payload, '=', &name))
            return JOURNAL_FIELDS;
        if (!journal_field_find(name, &field))
            payload.n = 0;
        *value = payload;
        if (payload.n > VALUE_BYTES)
            return field;
        *slot = (struct value){ .offset = offset,
                                .field = (unsigned char)field,
                                .n = (unsigned char)payload.n };
        if (payload.n)
            memcpy(slot->bytes, payload.p, payload.n);
    }
    *value = (struct str){ .p = slot->bytes, .n = slot->n };
    return (enum journal_field)slot->field;
}

/* The offset of item `i`, `n` bytes each: read with its neighbours, once for an entry. */
static bool read_item(struct journal_log *log, const struct journal_head *entry, size_t i, size_t n,
                      uint64_t *offset)
{
    struct cache *cache = log->cache;
    size_t all = (size_t)(entry->size_bytes - ENTRY_BYTES);
    char bytes[8];

    if (cache->items_of != entry->offset) {
        cache->items_n = all < ITEMS_BYTES ? all : ITEMS_BYTES;
        cache->items_of = entry->offset;
        if (!read_at(log, entry->offset + ENTRY_BYTES, cache->items, cache->items_n))
            cache->items_n = 0;
    }
    if ((i + 1) * n <= cache->items_n) {
        *offset = little(cache->items + i * n, n < 8 ? n : 8);
        return true;
    }
    if (!read_at(log, entry->offset + ENTRY_BYTES + i * n, bytes, n < 8 ? n : 8))
        return false;
    *offset = little(bytes, n < 8 ? n : 8);
    return true;
}

bool journal_log_item(struct journal_log *log, const struct journal_head *entry, size_t i,
                      enum journal_field *field, struct str *value)
{
    size_t n = log->header.compact ? COMPACT_ITEM_BYTES : ITEM_BYTES;
    uint64_t offset;

    *field = JOURNAL_FIELDS;
    if (!log->cache && !(log->cache = calloc(1, sizeof *log->cache)))
        return false;
    if (ENTRY_BYTES + (i + 1) * n > entry->size_bytes || !read_item(log, entry, i, n, &offset))
        return false;
    *field = look_up(log, offset, value);
    return true;
}
