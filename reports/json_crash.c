/* SPDX-License-Identifier: Apache-2.0 */
/* The members of a crash in JSON; see json_crash.h and the schema. */
#include "reports/json_crash.h"

#include <inttypes.h>
#include <stdio.h>

static void put_number(struct emit *e, const char *key, struct str digits)
{
    uint64_t number = 0;
    bool known = str_to_u64(digits, &number) && number <= INT64_MAX;

    emit_member_uint_or_null(e, key, known, number);
}

/* Addresses, offsets and hashes are strings: JSON's numbers end at 2^53. */
static void put_hex(struct emit *e, const char *key, uint64_t number)
{
    char text[32];
    int n = snprintf(text, sizeof text, "0x%" PRIx64, number);

    emit_member_str(e, key, (struct str){ text, n > 0 ? (size_t)n : 0 });
}

static void put_hash(struct emit *e, const char *key, uint64_t hash)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%016" PRIx64, hash);

    emit_member_str(e, key, (struct str){ text, n > 0 ? (size_t)n : 0 });
}

/*
 * "file", "line" of the function itself, and "inlined": what it stands in there, innermost first.
 * Only where a file of --vmlinux told.
 */
static void put_places(struct emit *e, const struct source_places *places)
{
    const struct source_place *own = &places->p[places->n - 1];

    emit_member_str_or_null(e, "file", own->file);
    emit_member_uint_or_null(e, "line", own->line > 0, own->line);
    emit_member_open(e, "inlined", '[');
    for (size_t i = 0; i + 1 < places->n; i++) {
        emit_open(e, '{');
        emit_member_str_or_null(e, "function", places->p[i].function);
        emit_member_str_or_null(e, "file", places->p[i].file);
        emit_member_uint_or_null(e, "line", places->p[i].line > 0, places->p[i].line);
        emit_close(e, '}');
    }
    emit_close(e, ']');
}

static void put_frame(struct emit *e, const struct frame *f)
{
    emit_open(e, '{');
    emit_member_str_or_null(e, "function", f->function);
    if (f->has_offset) {
        put_hex(e, "offset", f->offset);
        put_hex(e, "size", f->size);
    } else {
        emit_member_str_or_null(e, "offset", (struct str){ 0 });
        emit_member_str_or_null(e, "size", (struct str){ 0 });
    }
    emit_member_str_or_null(e, "module", f->module);
    emit_member_bool(e, "reliable", f->reliable);
    emit_member_str_or_null(e, "context", frame_context_name(f->context));
    if (f->places.n)
        put_places(e, &f->places);
    emit_close(e, '}');
}

static void put_signature(struct emit *e, const struct signature *s)
{
    emit_member_open(e, "signature", '{');
    emit_member_uint(e, "version", SIGNATURE_VERSION);
    put_hash(e, "exact", s->exact);
    put_hash(e, "family", s->family);
    emit_close(e, '}');
}

static void put_machine(struct emit *e, const struct crash *c)
{
    emit_member_strs(e, "taint", c->taint.p, c->taint.n);
    emit_member_str_or_null(e, "comm", c->comm);
    put_number(e, "pid", c->pid);
    put_number(e, "cpu", c->cpu);
    emit_member_str_or_null(e, "hardware", c->hardware);
    emit_member_str_or_null(e, "ip", c->ip);
    if (c->ip_places.n) {
        emit_member_open(e, "ip_source", '{');
        put_places(e, &c->ip_places);
        emit_close(e, '}');
    }
    emit_member_str_or_null(e, "cr2", c->cr2);
    emit_member_str_or_null(e, "error_code", c->error_code);
    emit_member_str_or_null(e, "trap", c->trap);
    emit_member_open(e, "registers", '{');
    for (size_t i = 0; i < c->registers.n; i++) {
        emit_key_str(e, c->registers.p[i].name);
        emit_str(e, c->registers.p[i].value);
    }
    emit_close(e, '}');
}

void json_crash_members(struct emit *e, const struct crash *c, uint32_t boot)
{
    emit_member_str(e, "title", c->title);
    emit_member_strs(e, "alt_titles", c->alt_titles.p, c->alt_titles.n);
    emit_member_str(e, "kind", c->kind->name);
    emit_member_str_or_null(e, "function", c->function);
    emit_member_str_or_null(e, "module", c->module);
    if (c->source_file.n) {
        emit_member_str(e, "source_file", c->source_file);
    }
    emit_member_uint(e, "boot", boot);
    put_signature(e, &c->signature);
    put_machine(e, c);
    emit_member_open(e, "call_trace", '[');
    for (size_t i = 0; i < c->call_trace.n; i++)
        put_frame(e, &c->call_trace.p[i]);
    emit_close(e, ']');
    emit_member_strs(e, "modules", c->modules.p, c->modules.n);
    emit_member_bool(e, "corrupted", c->corrupted_reason != NULL);
    emit_member_str_or_null(e, "corrupted_reason", str_from(c->corrupted_reason));
    emit_member_bool(e, "panic", c->panic.n > 0);
}
