/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what a call names to a sequence of inputs; see input.h.
 *
 * A layer is one file or archive member with what unwraps it: look at the head, and as long as it
 * is compressed put a decompressor on top and look again. What remains is either text (an input) or
 * an archive, whose members become layers on top of it. The stack of open layers is at most
 * LIMIT_ARCHIVE_DEPTH archives and one input high.
 */
#include "parsers/input.h"

#include "analyzer/core/limits.h"
#include "parsers/journal_set.h"
#include "parsers/parser.h"
#include "parsers/stream.h"
#include "parsers/walk.h"

#include <stdlib.h>
#include <string.h>

/* Compressors on top of each other in one layer: a .log.gz.xz is odd, more is an attack. */
enum { STAGES = 3 };

struct stage {
    struct peeked peeked; /* over what is below */
    struct gzip *gzip;    /* on top of it, or */
    struct unpacker *unpacker;
    struct journal_source *journal;
};

struct layer {
    struct input input;
    struct layer *below;             /* the archive that this is a member of */
    struct file file;                /* when it is none */
    struct stage stages[STAGES + 2]; /* and the text of a journal */
    size_t n_stages;
    enum packing packing; /* PACKED_ARCHIVE: an archive, else an input */
    struct str memory;    /* input_from_memory(): what is not read yet, */
    struct str whole;     /* and all of it */
    struct input *companion;
    struct guest *guest;
    bool listed;    /* not named by the user: taken only when it holds a log */
    unsigned depth; /* archives below */
};

/* A path of the call: did it give anything, an input or a note? */
struct given {
    struct str path;
    bool gave;
};

struct inputs {
    struct arena *arena;
    struct notes *notes;
    struct found_list found;
    size_t at;
    struct layer *top; /* the innermost open archive */
    uint32_t n_inputs;
    uint64_t members, skipped;
    bool told;
    struct given_list {
        VEC(struct given);
        size_t at; /* of the one that gave last: they come in this order */
    } given;
};

static struct layer *layer_of(struct input *in)
{
    return (struct layer *)(void *)in;
}

ptrdiff_t input_read(struct input *in, char *buf, size_t n, struct err *err)
{
    struct layer *l = layer_of(in);
    struct byte_source source;

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

static void layer_close(struct layer *l)
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

struct inputs *inputs_new(struct arena *arena, struct notes *notes)
{
    struct inputs *all = calloc(1, sizeof *all);

    if (!all)
        return NULL;
    all->arena = arena;
    all->notes = notes;
    return all;
}

void inputs_free(struct inputs *all)
{
    if (!all)
        return;
    while (all->top) {
        struct layer *below = all->top->below;

        layer_close(all->top);
        all->top = below;
    }
    for (size_t i = all->at; i < all->found.n; i++)
        found_close(&all->found.p[i]);
    free(all);
}

void inputs_add(struct inputs *all, struct str path)
{
    struct given *slot = vec_push(all->arena, &all->given);
    size_t noted = all->notes->n;

    walk_add(&all->found, path, all->arena, all->notes);
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    if (slot)
        *slot = (struct given){ arena_str(all->arena, path), all->notes->n != noted };
}

static void mark_given(struct inputs *all, struct str path)
{
    struct given_list *given = &all->given;

    for (size_t i = 0; i < given->n; i++) {
        struct given *g = &given->p[(given->at + i) % given->n];

        if (!str_eq(g->path, path))
            continue;
        g->gave = true;
        given->at = (size_t)(g - given->p);
        return;
    }
}

static bool gave_before(const struct inputs *all, size_t n, struct str path)
{
    for (size_t i = 0; i < n; i++)
        if (all->given.p[i].gave && str_eq(all->given.p[i].path, path))
            return true;
    return false;
}

/* A directory or archive without a single log, by name: the user meant something with it. */
static void tell_fruitless(struct inputs *all)
{
    for (size_t i = 0; i < all->given.n; i++)
        if (!all->given.p[i].gave && !gave_before(all, i, all->given.p[i].path))
            note_add(all->notes, NOTE_INPUT_EMPTY, NOTE_NO_INPUT, 0,
                     "%.*s: holds no log (wanted: vmware*.log, *.vmx, text in a known format, or "
                     "archives of them; a file that is named is read in any case)",
                     STR_ARG(all->given.p[i].path));
}

void inputs_add_guest(struct inputs *all, struct str name, struct guest *guest)
{
    struct found *slot = vec_push(all->arena, &all->found);

    if (slot)
        *slot = (struct found){ .file.fd = -1, .name = name, .given = name, .guest = guest };
}

static void note_layer(struct inputs *all, const struct layer *l, const struct err *err)
{
    static const enum note_code codes[] = {
        [FAIL_IO] = NOTE_INPUT_UNREADABLE, [FAIL_FORMAT] = NOTE_INPUT_TORN,
        [FAIL_LIMIT] = NOTE_INPUT_LIMIT,   [FAIL_SUPPORT] = NOTE_INPUT_UNSUPPORTED,
        [FAIL_SYNTAX] = NOTE_INPUT_TORN,   [FAIL_USAGE] = NOTE_INPUT_UNREADABLE,
    };

    note_add(all->notes, codes[err->code], NOTE_NO_INPUT, 0, "%.*s: %s", STR_ARG(l->input.name),
             err->text);
    mark_given(all, l->input.given);
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
static bool decode_journal(struct inputs *all, struct layer *l, struct byte_source *out,
                           struct err *err)
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

        parts = arena_new(all->arena, struct journal_part, LIMIT_JOURNAL_PARTS);
        if (!parts)
            return fail(err, FAIL_LIMIT, "out of memory");
        n = journal_set(&all->found, all->at, &first, parts, LIMIT_JOURNAL_PARTS);
        l->file.fd = -1;
        stage->journal = journal_open(parts, n, err);
    }
    if (n > 1)
        l->input.name = arena_printf(all->arena, "%.*s/*.journal", STR_ARG(l->input.directory));
    *out = (struct byte_source){ .read = journal_read, .ctx = stage->journal };
    return stage->journal != NULL;
}

/* The journal's text becomes the topmost stage; a file that gives none is refused. */
static bool unwrap_journal(struct inputs *all, struct layer *l, struct err *err)
{
    struct byte_source source;
    const struct peeked *text;

    l->input.decompressed = true;
    if (!decode_journal(all, l, &source, err) || !add_stage(l, source, err))
        return false;
    l->packing = PACKED_NOT;
    text = &l->stages[l->n_stages - 1].peeked;
    if (text->n || !text->failed)
        return true;
    *err = text->err;
    return false;
}

/* Unwraps `source` until text or an archive shows. */
static bool unwrap(struct inputs *all, struct layer *l, struct byte_source source, struct err *err)
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
        return unwrap_journal(all, l, err);
    if (l->packing != PACKED_ARCHIVE)
        return true;
    if (l->depth >= LIMIT_ARCHIVE_DEPTH)
        return fail(err, FAIL_LIMIT, "an archive inside %d archives is not opened",
                    LIMIT_ARCHIVE_DEPTH);
    l->stages[l->n_stages - 1].unpacker =
            unpack_open(peeked_source(&l->stages[l->n_stages - 1].peeked), PACKED_ARCHIVE, err);
    return l->stages[l->n_stages - 1].unpacker != NULL;
}

/* Is it a log (by name, or because some format bids for it)? */
static bool holds_log(struct layer *l)
{
    struct str lines[LIMIT_HEAD_LINES];
    struct head head;
    unsigned bid;

    if (walk_kind(l->input.name) != WALK_OTHER)
        return true;
    head_fill(&head, l->input.name, peeked_head(&l->stages[l->n_stages - 1].peeked), lines);
    if (!head.bytes.n)
        return false;
    parser_detect(&head, &bid);
    return bid > 0 && (!head.has_nul || bid >= PROBE_MAGIC);
}

static struct layer *layer_new(struct inputs *all, struct str name)
{
    struct layer *l = calloc(1, sizeof *l);

    if (!l) {
        note_add(all->notes, NOTE_MEMORY_LIMIT, NOTE_NO_INPUT, 0, "%.*s: out of memory",
                 STR_ARG(name));
        return NULL;
    }
    l->file.fd = -1;
    l->input.name = name;
    l->below = all->top;
    l->depth = all->top ? all->top->depth + 1 : 0;
    return l;
}

static void layer_over(struct layer *l, const struct file *file, struct str directory)
{
    l->file = *file;
    l->input.directory = directory;
    l->input.size_bytes = S_ISREG(file->stat.st_mode) ? (uint64_t)file->stat.st_size : 0;
}

/* A guest has no bytes of its own: its format reads the memory that was fetched. */
static ptrdiff_t read_nothing(void *ctx, char *buf, size_t n, struct err *err)
{
    (void)ctx;
    (void)buf;
    (void)n;
    (void)err;
    return 0;
}

/* The next file that was found, as a layer over its descriptor. */
static struct layer *next_file(struct inputs *all, struct byte_source *source)
{
    struct found *found = &all->found.p[all->at++];
    struct layer *l, *other;

    if (found->file.fd < 0 && !found->guest)
        return NULL; /* a journal that was read with another one */
    l = layer_new(all, found->name);
    if (!l) {
        found_close(found);
        return NULL;
    }
    layer_over(l, &found->file, found->directory);
    l->guest = found->guest;
    l->listed = found->listed;
    l->input.given = found->given;
    other = found->paired ? layer_new(all, found->name) : NULL;
    if (other) {
        layer_over(other, &found->other, found->directory);
        l->companion = &other->input;
    } else if (found->paired) {
        file_close(&found->other);
    }
    *source = l->guest ? (struct byte_source){ .read = read_nothing }
                       : (struct byte_source){ .read = file_read, .ctx = &l->file };
    return l;
}

static void close_top(struct inputs *all)
{
    struct layer *l = all->top;

    all->top = l->below;
    layer_close(l);
}

/* The next member of the innermost archive; NULL when it ended (and was closed). */
static struct layer *next_member(struct inputs *all, struct byte_source *source)
{
    struct unpacker *unpacker = all->top->stages[all->top->n_stages - 1].unpacker;
    struct layer *l = NULL;
    uint64_t size_bytes;
    struct str path;
    struct err err;
    enum step step = unpack_next(unpacker, &path, &size_bytes, &err);

    if (step == STEP_RECORD && ++all->members > LIMIT_MEMBERS) {
        step = STEP_FAIL;
        fail(&err, FAIL_LIMIT, "more than %d members; the rest was not read", LIMIT_MEMBERS);
    }
    if (step == STEP_RECORD)
        l = layer_new(all, arena_printf(all->arena, "%.*s!/%.*s", STR_ARG(all->top->input.name),
                                        STR_ARG(path)));
    if (step == STEP_FAIL)
        note_layer(all, all->top, &err);
    if (!l) {
        close_top(all);
        return NULL;
    }
    l->listed = true;
    l->input.given = all->top->input.given;
    l->input.size_bytes = size_bytes;
    l->input.directory = str_first(l->input.name, l->input.name.n - walk_base(l->input.name).n);
    *source = (struct byte_source){ .read = unpack_read, .ctx = unpacker };
    return l;
}

static void tell_skipped(struct inputs *all)
{
    uint64_t n = inputs_skipped(all);

    if (all->told)
        return;
    all->told = true;
    tell_fruitless(all);
    if (n)
        note_add(all->notes, NOTE_INPUT_SKIPPED, NOTE_NO_INPUT, 0,
                 n == 1 ? "%llu file that holds no log was skipped"
                        : "%llu files that hold no log were skipped",
                 (unsigned long long)n);
}

/* What holds no log is only counted, but when that is not known it is said. */
static void skip(struct inputs *all, const struct layer *l)
{
    const struct peeked *peeked = &l->stages[l->n_stages - 1].peeked;

    if (peeked->failed)
        note_layer(all, l, &peeked->err);
    else
        all->skipped++;
}

enum step inputs_next(struct inputs *all, struct input **out, struct err *err)
{
    (void)err;
    while (all->top || all->at < all->found.n) {
        struct byte_source source;
        struct layer *l = all->top ? next_member(all, &source) : next_file(all, &source);
        struct err why;

        if (!l)
            continue;
        if (!unwrap(all, l, source, &why)) {
            note_layer(all, l, &why);
            layer_close(l);
        } else if (l->packing == PACKED_ARCHIVE) {
            all->top = l;
        } else if (l->listed && !holds_log(l)) {
            skip(all, l);
            layer_close(l);
        } else {
            mark_given(all, l->input.given);
            l->input.index = all->n_inputs++;
            *out = &l->input;
            return STEP_RECORD;
        }
    }
    tell_skipped(all);
    return STEP_END;
}

uint64_t inputs_skipped(const struct inputs *all)
{
    return all->skipped + all->found.skipped;
}
