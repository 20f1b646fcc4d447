/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON writer over `out`; see emit.h. */
#include "reports/emit.h"

#include <inttypes.h>

static void new_line(struct emit *e)
{
    if (!e->pretty)
        return;
    out_puts(e->out, "\n");
    out_repeat(e->out, ' ', (size_t)e->depth * 2);
}

/* Before a member of an object (its key) or of an array (its value). */
static void begin_member(struct emit *e)
{
    if (e->keyed) {
        e->keyed = false;
        return;
    }
    if (e->behind)
        out_puts(e->out, ",");
    if (e->depth)
        new_line(e);
    e->behind = true;
}

void emit_open(struct emit *e, char bracket)
{
    begin_member(e);
    out_repeat(e->out, bracket, 1);
    e->depth++;
    e->behind = false;
}

void emit_close(struct emit *e, char bracket)
{
    e->depth--;
    if (e->behind)
        new_line(e);
    out_repeat(e->out, bracket, 1);
    e->behind = e->depth > 0;
    e->own = false;
}

bool emit_is_own(struct str key)
{
    static const struct str keys[] = {
        { STR_INIT("type") },         { STR_INIT("schema") },    { STR_INIT("version") },
        { STR_INIT("sha256") },       { STR_INIT("id_source") }, { STR_INIT("format") },
        { STR_INIT("origin") },       { STR_INIT("severity") },  { STR_INIT("confidence") },
        { STR_INIT("category") },     { STR_INIT("role") },      { STR_INIT("rule") },
        { STR_INIT("references") },   { STR_INIT("explains") },  { STR_INIT("level") },
        { STR_INIT("explained_by") }, { STR_INIT("code") },      { STR_INIT("result") },
        { STR_INIT("ended_by") },     { STR_INIT("kind") },      { STR_INIT("exact") },
        { STR_INIT("family") },       { STR_INIT("wall") },      { STR_INIT("started") },
        { STR_INIT("last") },         { STR_INIT("first") },     { STR_INIT("signature") },
        { STR_INIT("key") },
    };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (str_eq(key, keys[i]))
            return true;
    return false;
}

static void end_key(struct emit *e, bool own)
{
    out_puts(e->out, e->pretty ? ": " : ":");
    e->keyed = true;
    e->own = own;
}

void emit_key_str(struct emit *e, struct str key)
{
    begin_member(e);
    out_json(e->out, key);
    end_key(e, false);
}

void emit_key(struct emit *e, const char *key)
{
    begin_member(e);
    out_own(e->out, out_json, str_from(key));
    end_key(e, emit_is_own(str_from(key)));
}

void emit_null(struct emit *e)
{
    begin_member(e);
    out_puts(e->out, "null");
}

void emit_bool(struct emit *e, bool truth)
{
    begin_member(e);
    out_puts(e->out, truth ? "true" : "false");
}

void emit_int(struct emit *e, int64_t number)
{
    begin_member(e);
    out_printf(e->out, "%" PRId64, number);
}

void emit_uint(struct emit *e, uint64_t number)
{
    begin_member(e);
    out_printf(e->out, "%" PRIu64, number);
}

void emit_str(struct emit *e, struct str s)
{
    begin_member(e);
    if (e->own)
        out_own(e->out, out_json, s);
    else
        out_json(e->out, s);
}

void emit_by(struct emit *e, void (*write)(struct out *o, struct str s), struct str s)
{
    begin_member(e);
    write(e->out, s);
}

void emit_str_or_null(struct emit *e, struct str s)
{
    if (s.n)
        emit_str(e, s);
    else
        emit_null(e);
}

void emit_time_us(struct emit *e, int64_t time_us)
{
    if (time_us == TIME_UNKNOWN)
        emit_null(e);
    else
        emit_int(e, time_us);
}

void emit_wall(struct emit *e, int64_t wall_us, unsigned flags)
{
    char text[CLOCK_TEXT];

    if (wall_us == TIME_UNKNOWN || flags & (RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE))
        emit_null(e);
    else
        emit_str(e, str_from(clock_format(wall_us, text)));
}

static void emit_scalar(struct emit *e, const struct value *value)
{
    switch (value->type) {
    case VALUE_BOOL: emit_bool(e, value->truth); break;
    case VALUE_INT: emit_int(e, value->number); break;
    case VALUE_TEXT: emit_str(e, value->text); break;
    case VALUE_UNKNOWN:
    case VALUE_LIST:
    case VALUE_MAP: emit_null(e); break;
    }
}

static void emit_items(struct emit *e, const struct value *value)
{
    bool map = value->type == VALUE_MAP;

    emit_open(e, map ? '{' : '[');
    for (size_t i = 0; i < value->n_items; i++) {
        if (map)
            emit_key_str(e, value->names[i]);
        emit_scalar(e, &value->items[i]);
    }
    emit_close(e, map ? '}' : ']');
}

/* Facts are at most a list of maps of scalars: two levels, no recursion. */
void emit_value(struct emit *e, const struct value *value)
{
    if (value->type == VALUE_MAP ||
        (value->type == VALUE_LIST && value->n_items && value->items[0].type != VALUE_MAP)) {
        emit_items(e, value);
        return;
    }
    if (value->type != VALUE_LIST) {
        emit_scalar(e, value);
        return;
    }
    emit_open(e, '[');
    for (size_t i = 0; i < value->n_items; i++)
        emit_items(e, &value->items[i]);
    emit_close(e, ']');
}

void emit_text(struct emit *e, const struct text *text, struct out *scratch)
{
    out_clear(scratch);
    for (size_t i = 0; i < text->n; i++)
        out_raw(scratch, text->p[i].text);
    emit_str(e, out_bytes(scratch));
    out_clear(scratch);
}

void emit_tri(struct emit *e, enum tri tri)
{
    if (tri == TRI_UNKNOWN)
        emit_null(e);
    else
        emit_bool(e, tri == TRI_YES);
}

void emit_member_open(struct emit *e, const char *key, char bracket)
{
    emit_key(e, key);
    emit_open(e, bracket);
}

void emit_member_bool(struct emit *e, const char *key, bool truth)
{
    emit_key(e, key);
    emit_bool(e, truth);
}

void emit_member_tri(struct emit *e, const char *key, enum tri tri)
{
    emit_key(e, key);
    emit_tri(e, tri);
}

void emit_member_int(struct emit *e, const char *key, int64_t number)
{
    emit_key(e, key);
    emit_int(e, number);
}

void emit_member_uint(struct emit *e, const char *key, uint64_t number)
{
    emit_key(e, key);
    emit_uint(e, number);
}

void emit_member_uint_or_null(struct emit *e, const char *key, bool known, uint64_t number)
{
    emit_key(e, key);
    if (known)
        emit_uint(e, number);
    else
        emit_null(e);
}

void emit_member_str(struct emit *e, const char *key, struct str s)
{
    emit_key(e, key);
    emit_str(e, s);
}

void emit_member_str_or_null(struct emit *e, const char *key, struct str s)
{
    emit_key(e, key);
    emit_str_or_null(e, s);
}

void emit_member_strs(struct emit *e, const char *key, const struct str *p, size_t n)
{
    emit_member_open(e, key, '[');
    for (size_t i = 0; i < n; i++)
        emit_str(e, p[i]);
    emit_close(e, ']');
}

void emit_member_time_us(struct emit *e, const char *key, int64_t time_us)
{
    emit_key(e, key);
    emit_time_us(e, time_us);
}

void emit_member_wall(struct emit *e, const char *key, int64_t wall_us, unsigned flags)
{
    emit_key(e, key);
    emit_wall(e, wall_us, flags);
}

void emit_tool(struct emit *e, struct str version, struct str rules_sha256, uint64_t rules_count)
{
    emit_member_str(e, "schema", STR("lastwords/1"));
    if (out_redactor(e->out))
        emit_member_bool(e, "redacted", true);
    emit_member_open(e, "tool", '{');
    emit_member_str(e, "version", version);
    emit_member_open(e, "rules", '{');
    emit_member_str(e, "version", version);
    emit_member_str(e, "sha256", rules_sha256);
    emit_member_uint(e, "count", rules_count);
    emit_close(e, '}');
    emit_close(e, '}');
}
