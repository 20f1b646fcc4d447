/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what a call names to a sequence of inputs; see input.h. Each is a layer (layer.h): text is
 * given to the caller, an archive stays open below the layers of its members. The stack of open
 * layers is at most LIMIT_ARCHIVE_DEPTH archives and one input high.
 */
#include "parsers/layer.h"

#include "analyzer/core/limits.h"

#include <stdlib.h>
#include <string.h>

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

void inputs_add_case(struct inputs *all, struct str given, const struct strs *files)
{
    struct given *slot = vec_push(all->arena, &all->given);
    size_t noted = all->notes->n;

    given = arena_str(all->arena, given);
    walk_add_case(&all->found, given, files, all->arena, all->notes);
    if (slot)
        *slot = (struct given){ given, all->notes->n != noted };
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
        struct layer_siblings siblings = { all->arena, &all->found, all->at };
        struct err why;

        if (!l)
            continue;
        if (!layer_unwrap(l, source, &siblings, &why)) {
            note_layer(all, l, &why);
            layer_close(l);
        } else if (l->packing == PACKED_ARCHIVE) {
            all->top = l;
        } else if (l->listed && !layer_holds_log(l)) {
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
