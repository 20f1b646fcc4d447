/* SPDX-License-Identifier: Apache-2.0 */
/* What stands between an opened file and its text; see layer.h. */
#include "parsers/layer.h"

#include "analyzer/core/limits.h"
#include "parsers/journal_set.h"
#include "parsers/parser.h"

#include <stdlib.h>
#include <string.h>

static struct layer *layer_of(struct input *in)
{
    return (struct layer *)(void *)in;
}

ptrdiff_t input_read(struct input *in, char *buf, size_t n, struct err *err)
{
    struct layer *l = layer_of(in);
    struct byte_source source = { 0 };

    if (l->live.read)
        return l->live.read(l->live.ctx, buf, n, err);
    if (l->n_stages == 0) {
        struct str part = str_first(l->memory, n);

        if (part.n)
            memcpy(buf, part.p, part.n);
        l->memory = str_from_at(l->memory, part.n);
        return (ptrdiff_t)part.n;
    }
    source = peeked_source(&l->stages[l->n_stages - 1].peeked);
    return source.read(source.ctx, buf, n, err);
}

static ptrdiff_t source_read(void *ctx, char *buf, size_t n, struct err *err)
{
    return input_read(ctx, buf, n, err);
}

struct byte_source input_source(struct input *in)
{
    return (struct byte_source){ .read = source_read, .ctx = in };
}

struct input *input_from_memory(struct str name, struct str bytes)
{
    struct layer *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->input.name = name;
    l->input.size_bytes = bytes.n;
    l->memory = l->whole = bytes;
    l->file.fd = -1;
    return &l->input;
}

struct input *input_from_source(struct str name, struct byte_source source)
{
    struct input *in = input_from_memory(name, STR(""));

    if (in)
        layer_of(in)->live = source;
    return in;
}

bool input_stored(const struct input *in, struct stored *out)
{
    const struct layer *l = (const struct layer *)(const void *)in;

    if (l->below || in->decompressed || (l->file.fd >= 0 && !S_ISREG(l->file.stat.st_mode)))
        return false;
    *out = (struct stored){ .fd = l->file.fd, .memory = l->whole, .size_bytes = in->size_bytes };
    return true;
}

struct input *input_companion(const struct input *in)
{
    return ((const struct layer *)(const void *)in)->companion;
}

struct guest *input_guest(const struct input *in)
{
    return ((const struct layer *)(const void *)in)->guest;
}

void input_set_companion(struct input *in, struct input *companion)
{
    layer_of(in)->companion = companion;
}

void layer_close(struct layer *l)
{
    if (!l)
        return;
    for (size_t i = l->n_stages; i > 0; i--) {
        gzip_close(l->stages[i - 1].gzip);
        unpack_close(l->stages[i - 1].unpacker);
        journal_close(l->stages[i - 1].journal);
        peeked_close(&l->stages[i - 1].peeked);
    }
    if (l->companion)
        layer_close(layer_of(l->companion));
    file_close(&l->file);
    free(l);
}

void input_close(struct input *in)
{
    if (in)
        layer_close(layer_of(in));
}

static bool add_stage(struct layer *l, struct byte_source source, struct err *err)
{
    struct stage *stage = &l->stages[l->n_stages];

    if (!peeked_open(&stage->peeked, source))
        return fail(err, FAIL_LIMIT, "out of memory");
    l->n_stages++;
    l->packing = packing_of(peeked_head(&stage->peeked));
    return true;
}

/* Puts the decompressor that the head asks for on the topmost stage. */
static bool decompress(struct layer *l, struct byte_source *out, struct err *err)
{
    struct stage *stage = &l->stages[l->n_stages - 1];
    struct byte_source packed = peeked_source(&stage->peeked);
    struct str path;
    uint64_t size_bytes;

    if (l->packing == PACKED_GZIP) {
        stage->gzip = gzip_open(packed);
        *out = (struct byte_source){ .read = gzip_read, .ctx = stage->gzip };
        return stage->gzip || fail(err, FAIL_LIMIT, "out of memory");
    }
    stage->unpacker = unpack_open(packed, PACKED_FILTER, err);
    if (!stage->unpacker || unpack_next(stage->unpacker, &path, &size_bytes, err) == STEP_FAIL)
        return false;
    *out = (struct byte_source){ .read = unpack_read, .ctx = stage->unpacker };
    return true;
}

/*
 * A journal as it lies in a file is read together with the others of its set. What is compressed or
 * in an archive is put into memory first: entries refer to what stands anywhere before them.
 */
static bool decode_journal(struct layer *l, const struct layer_siblings *siblings,
                           struct byte_source *out, struct err *err)
{
    struct stage *stage = &l->stages[l->n_stages - 1];
    struct journal_part alone = { .name = l->input.name }, *parts;
    size_t n = 1;

    if (l->below || l->n_stages > 1 || !S_ISREG(l->file.stat.st_mode) || l->file.borrowed) {
        alone.fd = journal_spool(peeked_source(&stage->peeked), err);
        if (alone.fd < 0)
            return false;
        stage->journal = journal_open(&alone, 1, err);
    } else {
        struct found first = { .file = l->file,
                               .name = l->input.name,
                               .directory = l->input.directory };

        parts = arena_new(siblings->arena, struct journal_part, LIMIT_JOURNAL_PARTS);
        if (!parts)
            return fail(err, FAIL_LIMIT, "out of memory");
        n = journal_set(siblings->found, siblings->at, &first, parts, LIMIT_JOURNAL_PARTS);
        l->file.fd = -1;
        stage->journal = journal_open(parts, n, err);
    }
    if (n > 1)
        l->input.name =
                arena_printf(siblings->arena, "%.*s/*.journal", STR_ARG(l->input.directory));
    *out = (struct byte_source){ .read = journal_read, .ctx = stage->journal };
    return stage->journal != NULL;
}

/* The journal's text becomes the topmost stage; a file that gives none is refused. */
static bool unwrap_journal(struct layer *l, const struct layer_siblings *siblings, struct err *err)
{
    struct byte_source source = { 0 };
    const struct peeked *text;

    l->input.decompressed = true;
    if (!decode_journal(l, siblings, &source, err) || !add_stage(l, source, err))
        return false;
    l->packing = PACKED_NOT;
    text = &l->stages[l->n_stages - 1].peeked;
    if (text->n || !text->failed)
        return true;
    *err = text->err;
    return false;
}

bool layer_unwrap(struct layer *l, struct byte_source source, const struct layer_siblings *siblings,
                  struct err *err)
{
    if (!add_stage(l, source, err))
        return false;
    while (l->packing == PACKED_GZIP || l->packing == PACKED_FILTER) {
        if (l->n_stages > STAGES)
            return fail(err, FAIL_LIMIT, "compressed more than %d times over", STAGES);
        l->input.decompressed = true;
        if (!decompress(l, &source, err) || !add_stage(l, source, err))
            return false;
    }
    if (l->packing == PACKED_JOURNAL)
        return unwrap_journal(l, siblings, err);
    if (l->packing != PACKED_ARCHIVE)
        return true;
    if (l->depth >= LIMIT_ARCHIVE_DEPTH)
        return fail(err, FAIL_LIMIT, "an archive inside %d archives is not opened",
                    LIMIT_ARCHIVE_DEPTH);
    l->stages[l->n_stages - 1].unpacker =
            unpack_open(peeked_source(&l->stages[l->n_stages - 1].peeked), PACKED_ARCHIVE, err);
    return l->stages[l->n_stages - 1].unpacker != NULL;
}

/* A report of ours, left beside the log that it is about: its texts are the log's, said again. */
static bool is_own_report(struct str head)
{
    enum { SCHEMA_WITHIN = 80 };
    struct str start = str_first(head, SCHEMA_WITHIN);

    return str_starts(start, STR("{")) &&
           (str_find(start, STR("\"schema\":\"lastwords/")) != STR_NOT_FOUND ||
            str_find(start, STR("\"schema\": \"lastwords/")) != STR_NOT_FOUND);
}

bool layer_holds_log(const struct layer *l)
{
    struct str lines[LIMIT_HEAD_LINES];
    struct head head;
    unsigned bid;

    if (walk_kind(l->input.name) != WALK_OTHER)
        return true;
    head_fill(&head, l->input.name, peeked_head(&l->stages[l->n_stages - 1].peeked), lines);
    if (!head.bytes.n || is_own_report(head.bytes))
        return false;
    parser_detect(&head, &bid);
    return bid > 0 && (!head.has_nul || bid >= PROBE_MAGIC);
}
