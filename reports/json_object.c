/* SPDX-License-Identifier: Apache-2.0 */
/* What the objects of the JSON reports are made of; see json_inner.h. */
#include "reports/json_inner.h"

void json_begin_object(struct json *j, const char *type)
{
    emit_open(&j->e, '{');
    if (!j->lines)
        return;
    emit_member_str(&j->e, "type", str_from(type));
}

void json_end_object(struct json *j)
{
    emit_close(&j->e, '}');
    if (j->lines)
        out_puts(j->e.out, "\n");
}

void json_begin_list(struct json *j, const char *key)
{
    if (j->lines)
        return;
    emit_member_open(&j->e, key, '[');
}

void json_end_list(struct json *j)
{
    if (!j->lines)
        emit_close(&j->e, ']');
}

void json_put_index(struct json *j, const char *key, uint32_t index)
{
    emit_member_uint_or_null(&j->e, key, index != UINT32_MAX, index);
}

/* The record's own wall clock, else its boot's where that one is certain. */
static void put_wall(struct json *j, const struct record *r, uint32_t boot)
{
    const struct boot *b = boot < boots_count(j->a->boots) ? boots_at(j->a->boots, boot) : NULL;

    emit_key(&j->e, "wall");
    if (r->wall_us == TIME_UNKNOWN && r->mono_us != TIME_UNKNOWN && b &&
        b->wall_offset_us != TIME_UNKNOWN)
        emit_wall(&j->e, r->mono_us + b->wall_offset_us, b->wall_flags);
    else
        emit_wall(&j->e, r->wall_us, r->flags);
}

void json_put_record(struct json *j, const struct record *r, uint32_t boot)
{
    if (!r) {
        emit_null(&j->e);
        return;
    }
    emit_open(&j->e, '{');
    emit_member_uint(&j->e, "input", r->input);
    emit_member_uint(&j->e, "line", r->line);
    emit_member_uint(&j->e, "offset", r->offset);
    emit_member_time_us(&j->e, "mono_us", r->mono_us);
    put_wall(j, r, boot);
    emit_member_str(&j->e, "origin", origin_name(r->origin));
    emit_member_str(&j->e, "text", r->text);
    emit_close(&j->e, '}');
}
