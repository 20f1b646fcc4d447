/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes JSON as it goes, keys in the order of the calls: no tree in memory, and strings through
 * the one escaper, out_json(). Commas, newlines and indentation come by themselves.
 *
 *     struct emit e = { .out = out, .pretty = true };
 *     emit_open(&e, '{');
 *     emit_key(&e, "lines");
 *     emit_uint(&e, 12);
 *     emit_close(&e, '}');
 */
#pragma once

#include "analyzer/core/record.h"
#include "analyzer/evidence/value.h"
#include "reports/out.h"

struct emit {
    struct out *out;
    bool pretty; /* a line per member; else one line in all */
    unsigned depth;
    bool behind; /* the next member needs a comma */
    bool keyed;  /* the next value stands behind its key */
};

void emit_open(struct emit *e, char bracket);  /* '{' or '[' */
void emit_close(struct emit *e, char bracket); /* '}' or ']' */
void emit_key(struct emit *e, const char *key);
void emit_key_str(struct emit *e, struct str key); /* a name out of a log or a rule */

void emit_null(struct emit *e);
void emit_bool(struct emit *e, bool truth);
void emit_int(struct emit *e, int64_t number);
void emit_uint(struct emit *e, uint64_t number);
void emit_str(struct emit *e, struct str s);

/* null instead of the empty string; instead of TIME_UNKNOWN. */
void emit_str_or_null(struct emit *e, struct str s);
void emit_time_us(struct emit *e, int64_t time_us);

/* RFC 3339 UTC; null when unknown, or when `flags` (RECORD_WALL_*) say year or zone are. */
void emit_wall(struct emit *e, int64_t wall_us, unsigned flags);

/* A fact's or capture's value: unknown is null, maps are objects. */
void emit_value(struct emit *e, const struct value *value);

/* The text of a filled-in template, as one string. `scratch` is a memory output. */
void emit_text(struct emit *e, const struct text *text, struct out *scratch);
