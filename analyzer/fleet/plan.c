/* SPDX-License-Identifier: Apache-2.0 */
/* Shards: made, written, read; see plan.h. */
#include "analyzer/fleet/plan.h"

#include "analyzer/core/limits.h"
#include "analyzer/engine/sha256.h"
#include "parsers/json_tree.h"
#include "reports/emit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void put_head(struct emit *e, const char *type, struct str version, struct str sha256,
                     uint64_t count)
{
    emit_open(e, '{');
    emit_member_str(e, "type", str_from(type));
    emit_tool(e, version, sha256, count);
}

static void put_case(struct emit *e, const struct scan_case *c, uint32_t shard)
{
    emit_open(e, '{');
    emit_member_str(e, "type", STR("planned"));
    emit_member_uint(e, "shard", shard);
    emit_member_str(e, "path", c->path);
    emit_member_uint(e, "bytes", c->bytes);
    if (c->store.n)
        emit_member_str(e, "store", c->store);
    emit_member_open(e, "files", '[');
    for (size_t i = 0; i < c->files.n; i++) {
        emit_open(e, '{');
        emit_member_str(e, "path", c->files.p[i]);
        emit_member_uint(e, "bytes", c->states.p[i].bytes);
        emit_member_time_us(e, "mtime_us", c->states.p[i].mtime_us);
        emit_close(e, '}');
    }
    emit_close(e, ']');
    emit_close(e, '}');
    out_puts(e->out, "\n");
}

void plan_write(struct out *out, const struct plan *plan)
{
    struct emit e = { .out = out };

    put_head(&e, "plan", plan->tool_version, plan->rules_sha256, 0);
    emit_member_str(&e, "list", plan->list);
    emit_member_uint(&e, "shards", plan->shards);
    emit_member_uint(&e, "cases", plan->cases.n);
    emit_close(&e, '}');
    out_puts(out, "\n");
    for (size_t i = 0; i < plan->cases.n; i++)
        put_case(&e, &plan->cases.p[i], plan->shard_of[i]);
}

/* --- reading --- */

static bool take_str(const struct json_item *o, const char *name, struct arena *arena,
                     struct str *out)
{
    struct str text;

    if (!json_text(json_member(o, name), &text))
        return false;
    *out = arena_str(arena, text);
    return true;
}

static bool take_uint(const struct json_item *o, const char *name, uint64_t most, uint64_t *out)
{
    int64_t number;

    if (!json_int(json_member(o, name), &number) || number < 0 || (uint64_t)number > most)
        return false;
    *out = (uint64_t)number;
    return true;
}

static bool is_of_type(const struct json_item *o, struct str wanted)
{
    struct str type;

    return json_text(json_member(o, "type"), &type) && str_eq(type, wanted);
}

static bool take_head(const struct json_item *o, struct arena *arena, struct str *version,
                      struct str *sha256)
{
    const struct json_item *tool = json_member(o, "tool");
    struct str schema;

    return json_text(json_member(o, "schema"), &schema) && str_eq(schema, STR("lastwords/1")) &&
           take_str(tool, "version", arena, version) &&
           take_str(json_member(tool, "rules"), "sha256", arena, sha256);
}

/* Size and time of a file: the members "bytes" and "mtime_us". */
static bool take_state(const struct json_item *o, struct file_state *out)
{
    const struct json_item *mtime = json_member(o, "mtime_us");

    out->mtime_us = TIME_UNKNOWN;
    return take_uint(o, "bytes", INT64_MAX, &out->bytes) &&
           (json_is_null_item(mtime) || json_int(mtime, &out->mtime_us));
}

/* A case's line is longer than this: what a plan claims to hold must be in it. */
enum { CASE_LINE_BYTES = 60 };

static bool read_plan_line(struct plan *plan, const struct json_item *o, size_t bytes,
                           struct arena *arena)
{
    uint64_t shards = 0, n = 0;

    if (!is_of_type(o, STR("plan")) ||
        !take_head(o, arena, &plan->tool_version, &plan->rules_sha256) ||
        !take_str(o, "list", arena, &plan->list) ||
        !take_uint(o, "shards", LIMIT_SCAN_FILES, &shards) || shards == 0 ||
        !take_uint(o, "cases", bytes / CASE_LINE_BYTES, &n))
        return false;
    plan->shards = (uint32_t)shards;
    plan->cases = (struct case_list){ .arena = arena };
    plan->cases.p = arena_new(arena, struct scan_case, n ? n : 1);
    plan->cases.cap = plan->cases.p ? n : 0;
    plan->shard_of = arena_new(arena, uint32_t, n ? n : 1);
    return plan->cases.p && plan->shard_of;
}

static bool read_case_line(struct plan *plan, const struct json_item *o, struct arena *arena)
{
    const struct json_item *files = json_member(o, "files");
    struct scan_case *c = plan->cases.n < plan->cases.cap ? &plan->cases.p[plan->cases.n] : NULL;
    uint64_t shard = 0;

    if (!c || !is_of_type(o, STR("planned")) || !take_str(o, "path", arena, &c->path) ||
        !take_uint(o, "bytes", INT64_MAX, &c->bytes) ||
        !take_uint(o, "shard", plan->shards - 1, &shard))
        return false;
    if (json_member(o, "store") && !take_str(o, "store", arena, &c->store))
        return false;
    for (size_t i = 0; i < json_count(files); i++) {
        struct str *slot = vec_push(arena, &c->files);
        struct file_state *state = slot ? vec_push(arena, &c->states) : NULL;

        if (!state || !take_str(json_at(files, i), "path", arena, slot) ||
            !take_state(json_at(files, i), state))
            return false;
    }
    plan->shard_of[plan->cases.n++] = (uint32_t)shard;
    return c->files.n > 0;
}

static bool read_lines(struct plan *plan, struct str bytes, struct arena *arena, struct err *err)
{
    size_t n = bytes.n;
    struct str line;

    for (uint32_t number = 1; str_take_line(&bytes, &line); number++) {
        struct json_tree *tree = json_tree_read(line, err);
        const struct json_item *top = json_tree_top(tree);
        bool ok = tree && (number == 1 ? read_plan_line(plan, top, n, arena)
                                       : read_case_line(plan, top, arena));

        json_tree_free(tree);
        if (!ok)
            return fail(err, FAIL_FORMAT, "line %u is none of a plan", number);
    }
    return (plan->shards && plan->cases.n == plan->cases.cap) ||
           fail(err, FAIL_FORMAT, "is no plan, or breaks off");
}

bool plan_read(struct plan *plan, int fd, struct arena *arena, struct err *err)
{
    struct out *bytes = out_new_memory();
    bool ok;

    *plan = (struct plan){ .shards = 0 };
    if (!bytes)
        return fail(err, FAIL_LIMIT, "out of memory");
    if (out_raw_rest(bytes, fd, LIMIT_PLAN_BYTES))
        ok = read_lines(plan, out_bytes(bytes), arena, err);
    else if (errno == EFBIG)
        ok = fail(err, FAIL_LIMIT, "is larger than any plan");
    else
        ok = fail_sys(err, errno, "", "cannot read");
    out_free(bytes);
    return ok;
}

bool plan_shard(const struct plan *plan, uint32_t shard, struct case_list *cases,
                struct case_numbers *numbers)
{
    struct arena *arena = plan->cases.arena;

    *cases = (struct case_list){ .arena = arena };
    *numbers = (struct case_numbers){ 0 };
    for (uint32_t i = 0; i < plan->cases.n; i++) {
        struct scan_case *c;
        uint32_t *number;

        if (plan->shard_of[i] != shard)
            continue;
        c = vec_push(arena, cases);
        number = vec_push(arena, numbers);
        if (!c || !number)
            return false;
        *c = plan->cases.p[i];
        *number = i;
    }
    return true;
}

struct str plan_shard_id(const struct plan *plan, uint32_t shard, struct arena *arena)
{
    enum { ID_BYTES = 16 };
    unsigned char digest[32];
    char text[64], hex[65];
    struct out *lines = out_new_memory();
    struct emit e = { .out = lines };
    struct sha256 hash;

    if (!lines)
        return (struct str){ 0 };
    sha256_init(&hash);
    sha256_add(&hash, plan->list);
    sha256_add(&hash, (struct str){ text, (size_t)snprintf(text, sizeof text, "\n%u of %u\n", shard,
                                                           plan->shards) });
    for (size_t i = 0; i < plan->cases.n; i++) {
        if (plan->shard_of[i] != shard)
            continue;
        out_clear(lines);
        put_case(&e, &plan->cases.p[i], shard);
        sha256_add(&hash, out_bytes(lines));
    }
    out_free(lines);
    sha256_done(&hash, digest);
    return arena_str(arena, sha256_hex(digest, ID_BYTES, hex));
}

/* --- the line behind the cases of a part --- */

static void put_numbers(struct emit *e, const char *key, const struct case_numbers *numbers)
{
    emit_member_open(e, key, '[');
    for (size_t i = 0; i < numbers->n; i++)
        emit_uint(e, numbers->p[i]);
    emit_close(e, ']');
}

static void put_input(struct emit *e, const struct part_input *in)
{
    emit_open(e, '{');
    emit_member_uint(e, "case", in->number);
    emit_member_str(e, "path", in->path);
    emit_member_uint(e, "bytes", in->state.bytes);
    emit_member_time_us(e, "mtime_us", in->state.mtime_us);
    emit_member_str_or_null(e, "sha256", in->sha256);
    emit_member_bool(e, "changed", in->changed);
    emit_close(e, '}');
}

void part_write(struct out *out, const struct part *part)
{
    struct emit e = { .out = out };

    put_head(&e, "shard", part->tool_version, part->rules_sha256, part->rules_count);
    emit_member_str(&e, "list", part->list);
    emit_member_uint(&e, "of", part->of);
    emit_member_uint(&e, "shards", part->shards);
    put_numbers(&e, "have", &part->have);
    put_numbers(&e, "cases", &part->numbers);
    emit_member_open(&e, "inputs", '[');
    for (size_t i = 0; i < part->inputs.n; i++)
        put_input(&e, &part->inputs.p[i]);
    emit_close(&e, ']');
    emit_close(&e, '}');
    out_puts(out, "\n");
}

static bool take_numbers(const struct json_item *o, const char *name, uint64_t below,
                         struct arena *arena, struct case_numbers *out)
{
    const struct json_item *array = json_member(o, name);
    int64_t number;

    for (size_t i = 0; i < json_count(array); i++) {
        uint32_t *slot = vec_push(arena, out);

        if (!slot || !json_int(json_at(array, i), &number) || number < 0 ||
            (uint64_t)number >= below)
            return false;
        *slot = (uint32_t)number;
    }
    return true;
}

static bool take_input(const struct json_item *o, uint64_t below, struct arena *arena,
                       struct part_input *out)
{
    const struct json_item *sha256 = json_member(o, "sha256");
    uint64_t number = 0;

    if (below == 0 || !take_uint(o, "case", below - 1, &number) ||
        !take_str(o, "path", arena, &out->path) || !take_state(o, &out->state) ||
        (!json_is_null_item(sha256) && !take_str(o, "sha256", arena, &out->sha256)))
        return false;
    out->number = (uint32_t)number;
    return json_bool(json_member(o, "changed"), &out->changed);
}

static bool take_inputs(const struct json_item *o, uint64_t below, struct arena *arena,
                        struct part_inputs *out)
{
    const struct json_item *array = json_member(o, "inputs");

    for (size_t i = 0; i < json_count(array); i++) {
        struct part_input *slot = vec_push(arena, out);

        if (!slot || !take_input(json_at(array, i), below, arena, slot))
            return false;
    }
    return true;
}

bool part_read(struct part *part, struct str line, struct arena *arena, struct err *err)
{
    struct json_tree *tree = json_tree_read(line, err);
    const struct json_item *top = json_tree_top(tree);
    uint64_t shards = 0;
    bool ok;

    *part = (struct part){ .of = 0 };
    ok = tree && take_head(top, arena, &part->tool_version, &part->rules_sha256) &&
         take_str(top, "list", arena, &part->list) &&
         take_uint(json_member(json_member(top, "tool"), "rules"), "count", INT64_MAX,
                   &part->rules_count) &&
         take_uint(top, "of", LIMIT_SCAN_FILES, &part->of) &&
         take_uint(top, "shards", LIMIT_SCAN_FILES, &shards) &&
         take_numbers(top, "have", shards, arena, &part->have) &&
         take_numbers(top, "cases", part->of, arena, &part->numbers) &&
         take_inputs(top, part->of, arena, &part->inputs);
    part->shards = (uint32_t)shards;
    json_tree_free(tree);
    return ok || fail(err, FAIL_FORMAT, "its last line does not say which part it is");
}
