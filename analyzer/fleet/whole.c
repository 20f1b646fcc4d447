/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases by their number in the whole scan; see whole.h. A case that comes twice is taken once: when
 * a log was written to between two readings and they differ, the one with the smaller hash, so that
 * the order of the files makes no difference.
 */
#include "analyzer/fleet/whole.h"

#include "analyzer/core/limits.h"
#include "analyzer/engine/sha256.h"
#include "analyzer/fleet/case_read.h"
#include "analyzer/fleet/result_file.h"
#include "parsers/json_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the lines of a case stand. */
struct spot {
    unsigned char digest[32];
    int fd; /* -1: not there */
    uint64_t offset, bytes;
};

struct spots {
    VEC(struct spot);
};

struct whole {
    struct arena arena;
    bool any;
    struct part part;    /* of the whole: what is there so far */
    struct spot *places; /* by number */
    bool *have;          /* by shard */
    struct part_inputs inputs;
};

struct whole *whole_new(void)
{
    return calloc(1, sizeof(struct whole));
}

void whole_free(struct whole *w)
{
    if (!w)
        return;
    arena_done(&w->arena);
    free(w);
}

/* The whole result of a scan is a part that lacks nothing. */
static bool read_total(struct part *part, struct str line, size_t n, struct arena *arena,
                       struct err *err)
{
    struct json_tree *tree = json_tree_read(line, err);
    const struct json_item *top = json_tree_top(tree), *tool = json_member(top, "tool");
    const struct json_item *rules = json_member(tool, "rules");
    struct str version, sha256, list;
    int64_t cases = -1, known = -1, others = -1, count = 0;
    bool ok = json_text(json_member(tool, "version"), &version) &&
              json_text(json_member(rules, "sha256"), &sha256) &&
              json_int(json_member(rules, "count"), &count) && count >= 0 &&
              json_text(json_member(top, "list"), &list) &&
              json_int(json_member(top, "cases"), &cases) &&
              json_int(json_member(top, "known"), &known) &&
              json_int(json_member(top, "without_log"), &others) && cases >= 0 && known >= 0 &&
              others >= 0 && (uint64_t)cases + (uint64_t)known + (uint64_t)others == n;

    *part = (struct part){ .of = n };
    if (ok) {
        part->tool_version = arena_str(arena, version);
        part->rules_sha256 = arena_str(arena, sha256);
        part->rules_count = (uint64_t)count;
        part->list = arena_str(arena, list);
    }
    for (uint32_t i = 0; ok && i < n; i++) {
        uint32_t *slot = vec_push(arena, &part->numbers);

        ok = slot != NULL;
        if (slot)
            *slot = i;
    }
    json_tree_free(tree);
    return ok || fail(err, FAIL_FORMAT, "its total does not fit its cases");
}

static bool begin(struct whole *w, const struct part *part, struct err *err)
{
    w->part = *part;
    w->part.have = w->part.numbers = (struct case_numbers){ 0 };
    w->part.inputs = (struct part_inputs){ 0 };
    w->places = arena_new(&w->arena, struct spot, part->of ? part->of : 1);
    w->have = arena_new(&w->arena, bool, part->shards ? part->shards : 1);
    w->any = true;
    for (uint64_t i = 0; w->places && i < part->of; i++)
        w->places[i].fd = -1;
    return (w->places && w->have) || fail(err, FAIL_LIMIT, "out of memory");
}

/* Does it belong to the same scan as what is there? */
static bool check(struct whole *w, const struct part *part, struct err *err)
{
    if (!w->any)
        return begin(w, part, err);
    if (!str_eq(part->rules_sha256, w->part.rules_sha256))
        return fail(err, FAIL_USAGE, "was made with other rules (sha256 %.12s…, not %.12s…)",
                    part->rules_sha256.p, w->part.rules_sha256.p);
    if (!str_eq(part->tool_version, w->part.tool_version))
        return fail(err, FAIL_USAGE, "was made by version %.*s, not %.*s",
                    STR_ARG(part->tool_version), STR_ARG(w->part.tool_version));
    if (!str_eq(part->list, w->part.list) || part->of != w->part.of)
        return fail(err, FAIL_USAGE, "is of another scan: its cases are others");
    return true;
}

/* Shards are counted as long as all parts are of one plan; a whole scan lacks none of any. */
static void count_shards(struct whole *w, const struct part *part)
{
    if (part->numbers.n == part->of)
        return;
    if (part->shards != w->part.shards)
        w->part.shards = 0;
    for (size_t i = 0; i < part->have.n && w->part.shards; i++)
        w->have[part->have.p[i]] = true;
}

static void take(struct spot *to, const struct spot *from)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): read_file() failed without places */
    if (to->fd < 0 || memcmp(from->digest, to->digest, sizeof to->digest) < 0)
        *to = *from;
}

/* As reports/emit.c writes it. */
static bool is_redacted(struct str lines)
{
    return str_starts(lines,
                      STR("{\"type\":\"header\",\"schema\":\"lastwords/1\",\"redacted\":true,"));
}

/* The lines of one case: where they stand, and their hash. */
static bool add_spot(struct whole *w, struct spots *places, const struct spot *spot,
                     struct str bytes, struct err *err)
{
    struct spot *place = vec_push(&w->arena, places);
    struct sha256 hash;

    if (!place)
        return fail(err, FAIL_LIMIT, "out of memory");
    if (is_redacted(bytes))
        return fail(err, FAIL_USAGE,
                    "is redacted already: scan without --redact, and merge with it");
    *place = *spot;
    sha256_init(&hash);
    sha256_add(&hash, bytes);
    sha256_done(&hash, place->digest);
    return true;
}

/* Cuts the file; what its last lines say of it comes in *part. */
static bool read_file(struct whole *w, int fd, struct spots *places, struct part *part,
                      struct err *err)
{
    struct result_file *file = result_file_new(fd);
    enum result_part kind = PART_FAIL;
    bool ok = file || fail(err, FAIL_LIMIT, "out of memory"), told = false, whole = false;
    struct str bytes;
    uint64_t offset;

    while (ok && (kind = result_file_next(file, &bytes, &offset, err)) != PART_END) {
        ok = kind != PART_FAIL;
        if (kind == PART_CASE) {
            struct spot spot = { .fd = fd, .offset = offset, .bytes = bytes.n };

            ok = add_spot(w, places, &spot, bytes, err);
        } else if (kind == PART_SHARD) {
            ok = part_read(part, bytes, &w->arena, err);
            told = true;
        } else if (kind == PART_TOTAL && !told) {
            struct err ignored;

            whole = read_total(part, bytes, places->n, &w->arena, &ignored);
        }
    }
    result_file_free(file);
    if (!ok)
        return false;
    if (!told && !whole)
        return fail(err, FAIL_FORMAT, "breaks off: it does not end like a shard or a whole scan");
    return part->numbers.n == places->n ||
           fail(err, FAIL_FORMAT, "its last line tells of other cases than it has");
}

bool whole_add(struct whole *w, int fd, struct err *err)
{
    struct spots places = { 0 };
    struct part part = { 0 };

    if (!read_file(w, fd, &places, &part, err) || !check(w, &part, err))
        return false;
    count_shards(w, &part);
    for (size_t i = 0; i < part.inputs.n; i++) {
        struct part_input *slot = vec_push(&w->arena, &w->inputs);

        if (!slot)
            return fail(err, FAIL_LIMIT, "out of memory");
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): read_file() failed without them */
        *slot = part.inputs.p[i];
    }
    for (size_t i = 0; i < places.n; i++)
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): as many numbers as places */
        take(&w->places[part.numbers.p[i]], &places.p[i]);
    return true;
}

bool whole_any(const struct whole *w)
{
    return w->any;
}

static bool read_case(const struct spot *place, struct out *bytes, struct cases *cases,
                      struct case_result *out, struct err *err)
{
    out_clear(bytes);
    if (!out_raw_at(bytes, place->fd, place->offset, place->bytes))
        return fail_sys(err, errno, "", "cannot read a result again");
    return case_read(cases, out_bytes(bytes), out, err);
}

static bool add_missing(struct cases *cases, struct str text)
{
    struct str *slot = vec_push(&cases->arena, &cases->missing);

    if (slot)
        *slot = text;
    return slot != NULL;
}

/* "shard 3 of 64" as long as one plan is known; else how many cases. */
static bool tell_missing(struct whole *w, struct cases *cases)
{
    size_t told = 0;

    if (w->part.numbers.n == w->part.of)
        return true;
    for (uint32_t i = 0; i < w->part.shards; i++) {
        if (w->have[i])
            continue;
        told++;
        if (!add_missing(cases, arena_printf(&cases->arena, "shard %u of %u", i, w->part.shards)))
            return false;
    }
    return told ||
           add_missing(cases, arena_printf(&cases->arena, "%llu of %llu cases",
                                           (unsigned long long)(w->part.of - w->part.numbers.n),
                                           (unsigned long long)w->part.of));
}

static bool list_have(struct whole *w)
{
    for (uint32_t i = 0; i < w->part.shards; i++) {
        uint32_t *slot = w->have[i] ? vec_push(&w->arena, &w->part.have) : NULL;

        if (slot)
            *slot = i;
        else if (w->have[i])
            return false;
    }
    return true;
}

static int compare_states(const struct part_input *a, const struct part_input *b)
{
    if (a->state.bytes != b->state.bytes)
        return a->state.bytes < b->state.bytes ? -1 : 1;
    if (a->state.mtime_us != b->state.mtime_us)
        return a->state.mtime_us < b->state.mtime_us ? -1 : 1;
    return str_cmp(a->sha256, b->sha256);
}

static int by_input(const void *pa, const void *pb)
{
    const struct part_input *a = pa, *b = pb;
    int order = (a->number > b->number) - (a->number < b->number);

    order = order ? order : str_cmp(a->path, b->path);
    order = order ? order : compare_states(a, b);
    return order ? order : (int)a->changed - (int)b->changed;
}

/* What two readings agree on; a hash that only one of them has is no difference. */
static bool are_alike(const struct part_input *a, const struct part_input *b)
{
    return a->state.bytes == b->state.bytes && a->state.mtime_us == b->state.mtime_us &&
           (!a->sha256.n || !b->sha256.n || str_eq(a->sha256, b->sha256));
}

/* Every reading once; those of one input that differ, or that their shard saw change, are told. */
static bool tell_changed(struct whole *w, struct cases *cases)
{
    struct part_inputs *inputs = &w->inputs;
    const struct part_input *told = NULL;
    size_t kept = 0;

    if (inputs->n)
        qsort(inputs->p, inputs->n, sizeof *inputs->p, by_input);
    for (size_t i = 0; i < inputs->n; i++) {
        const struct part_input *in = &inputs->p[i], *before = kept ? &inputs->p[kept - 1] : NULL;
        bool again = before && before->number == in->number && str_eq(before->path, in->path);
        struct str *slot;

        if (again && by_input(before, in) == 0)
            continue;
        inputs->p[kept] = *in;
        in = &inputs->p[kept++];
        if (!in->changed && (!again || are_alike(before, in)))
            continue;
        if (told && told->number == in->number && str_eq(told->path, in->path))
            continue;
        told = in;
        slot = vec_push(&cases->arena, &cases->changed);
        if (!slot)
            return false;
        *slot = arena_str(&cases->arena, in->path);
    }
    inputs->n = kept;
    w->part.inputs = *inputs;
    return true;
}

bool whole_finish(struct whole *w, struct cases *cases, struct case_store *store, struct err *err)
{
    struct out *bytes = out_new_memory();
    bool ok = bytes && case_store_init(store, &w->arena, w->part.of) && list_have(w);

    if (!ok)
        fail(err, FAIL_LIMIT, "out of memory");
    cases->list = arena_str(&cases->arena, w->part.list);
    for (uint32_t i = 0; ok && i < w->part.of; i++) {
        const struct spot *place = &w->places[i];
        struct case_result *c = place->fd >= 0 ? vec_push(&cases->arena, &cases->of) : NULL;
        uint32_t *number = c ? vec_push(&w->arena, &w->part.numbers) : NULL;

        if (place->fd < 0)
            continue;
        if (!number)
            ok = fail(err, FAIL_LIMIT, "out of memory");
        else
            *number = i;
        ok = ok && read_case(place, bytes, cases, c, err);
        if (ok)
            case_store_point(store, i, place->fd, place->offset, place->bytes);
    }
    out_free(bytes);
    return ok && ((tell_missing(w, cases) && tell_changed(w, cases)) ||
                  fail(err, FAIL_LIMIT, "out of memory"));
}

const struct part *whole_part(const struct whole *w)
{
    return w->part.numbers.n == w->part.of ? NULL : &w->part;
}
