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
#include "analyzer/evidence/boot.h"
#include "analyzer/evidence/value.h"
#include "reports/out.h"

struct emit {
    struct out *out;
    bool pretty; /* a line per member; else one line in all */
    unsigned depth;
    bool behind; /* the next member needs a comma */
    bool keyed;  /* the next value stands behind its key */
    bool own;    /* and is a word of ours */
};

void emit_open(struct emit *e, char bracket);  /* '{' or '[' */
void emit_close(struct emit *e, char bracket); /* '}' or ']' */
void emit_key(struct emit *e, const char *key);
void emit_key_str(struct emit *e, struct str key); /* a name out of a log or a rule */

/*
 * Is what stands behind this key a word of the schema, a rule's id, a hash or a time? Then it is
 * written as it is even where private values become tokens.
 */
bool emit_is_own(struct str key);

void emit_null(struct emit *e);
void emit_bool(struct emit *e, bool truth);
void emit_int(struct emit *e, int64_t number);
void emit_uint(struct emit *e, uint64_t number);
void emit_str(struct emit *e, struct str s);

/* By a writer of its own, which writes one value. */
void emit_by(struct emit *e, void (*write)(struct out *o, struct str s), struct str s);

/* null instead of the empty string; instead of TIME_UNKNOWN. */
void emit_str_or_null(struct emit *e, struct str s);
void emit_time_us(struct emit *e, int64_t time_us);

/* RFC 3339 UTC; null when unknown, or when `flags` (RECORD_WALL_*) say year or zone are. */
void emit_wall(struct emit *e, int64_t wall_us, unsigned flags);

/* A fact's or capture's value: unknown is null, maps are objects. */
void emit_value(struct emit *e, const struct value *value);

/* true, false, or null for TRI_UNKNOWN. */
void emit_tri(struct emit *e, enum tri tri);

/* The text of a filled-in template, as one string. `scratch` is a memory output. */
void emit_text(struct emit *e, const struct text *text, struct out *scratch);

/* A member of an object: the key and the value that the function of the same name writes. */
void emit_member_open(struct emit *e, const char *key, char bracket);
void emit_member_bool(struct emit *e, const char *key, bool truth);
void emit_member_tri(struct emit *e, const char *key, enum tri tri);
void emit_member_int(struct emit *e, const char *key, int64_t number);
void emit_member_uint(struct emit *e, const char *key, uint64_t number);
void emit_member_uint_or_null(struct emit *e, const char *key, bool known, uint64_t number);
void emit_member_str(struct emit *e, const char *key, struct str s);
void emit_member_str_or_null(struct emit *e, const char *key, struct str s);
void emit_member_strs(struct emit *e, const char *key, const struct str *p, size_t n);
void emit_member_time_us(struct emit *e, const char *key, int64_t time_us);
void emit_member_wall(struct emit *e, const char *key, int64_t wall_us, unsigned flags);

/*
 * The members "schema" and "tool" that every header has: which program and which rules wrote it;
 * between them "redacted" when private values become tokens.
 */
void emit_tool(struct emit *e, struct str version, struct str rules_sha256, uint64_t rules_count);
