/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies JSON and puts each string through the escaper again; see json_redact.h. Keys are our own
 * words but for those of maps, which stand in a fact's "value" and in "captures".
 */
#include "reports/json_redact.h"

#include "reports/emit.h"
#include "reports/redact.h"

struct rewriting {
    struct out *out;
    struct out *text; /* of the string at hand */
    struct str key;   /* the last one, as it is written */
    unsigned depth;
    unsigned loose; /* depth at which a map of a log's names began, 0: in none */
};

static void put_code(struct out *o, uint32_t code)
{
    static const unsigned char heads[] = { 0x00, 0xc0, 0xe0, 0xf0 };
    unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;

    out_repeat(o, (char)(heads[more] | code >> 6 * more), 1);
    while (more-- > 0)
        out_repeat(o, (char)(0x80 | (code >> 6 * more & 0x3f)), 1);
}

static uint32_t take_hex(struct str *in)
{
    uint32_t code = 0;

    for (unsigned i = 0; i < 4 && in->n; i++, *in = str_from_at(*in, 1))
        code = code << 4 | (uint32_t)(char_hex(in->p[0]) & 15);
    return code;
}

/* Behind a backslash. */
static void take_escape(struct str *in, struct out *o)
{
    static const char shorts[] = "b\bf\fn\nr\rt\t";
    char c = '\0';
    uint32_t code;

    str_take_any(in, &c);
    if (c == 'u') {
        code = take_hex(in);
        if (code >= 0xd800 && code < 0xdc00 && str_take(in, STR("\\u")))
            code = 0x10000 + ((code & 0x3ff) << 10) + (take_hex(in) & 0x3ff);
        put_code(o, code);
        return;
    }
    for (size_t i = 0; i + 1 < sizeof shorts; i += 2)
        if (c == shorts[i])
            c = shorts[i + 1];
    out_repeat(o, c, 1);
}

/* The string that begins at `in`, with its quotes and as it is written; its text goes to *text. */
static struct str take_string(struct str *in, struct out *text)
{
    struct str written = *in;

    out_clear(text);
    str_take_char(in, '"');
    while (in->n && in->p[0] != '"') {
        size_t n = 0;

        while (n < in->n && in->p[n] != '"' && in->p[n] != '\\')
            n++;
        out_raw(text, str_first(*in, n));
        *in = str_from_at(*in, n);
        if (str_take_char(in, '\\'))
            take_escape(in, text);
    }
    str_take_char(in, '"');
    return str_first(written, written.n - in->n);
}

static bool begins_map(struct str key)
{
    return str_eq(key, STR("value")) || str_eq(key, STR("captures"));
}

static void rewrite_string(struct rewriting *w, struct str *in)
{
    struct str written = take_string(in, w->text);
    bool key = in->n && in->p[0] == ':';

    if (key)
        w->key = str_first(str_from_at(written, 1), written.n - 2);
    if (!w->loose && !key && str_eq(w->key, STR("shape")))
        json_put_shape(w->out, out_bytes(w->text));
    else if (!w->loose && (key || emit_is_own(w->key)))
        out_raw(w->out, written);
    else
        out_json(w->out, out_bytes(w->text));
}

static void rewrite_line(struct rewriting *w, struct str in)
{
    while (in.n) {
        char c = in.p[0];

        if (c == '"') {
            rewrite_string(w, &in);
            continue;
        }
        if (c == '{' || c == '[') {
            w->depth++;
            if (!w->loose && begins_map(w->key))
                w->loose = w->depth;
        } else if (c == '}' || c == ']') {
            if (w->loose == w->depth)
                w->loose = 0;
            w->depth--;
            w->key = (struct str){ 0 };
        }
        out_raw(w->out, str_first(in, 1));
        in = str_from_at(in, 1);
    }
}

void json_put_shape(struct out *out, struct str shape)
{
    struct redactor *r = out_redactor(out);

    out_own(out, out_json, r && shape.n ? redact_hide(r, "shape", shape) : shape);
}

void json_redact(struct out *out, struct str lines)
{
    static const struct str header = { STR_INIT(
            "{\"type\":\"header\",\"schema\":\"lastwords/1\"") };
    struct rewriting w = { .out = out, .text = out_new_memory() };
    struct str line;

    while (w.text && str_take_line(&lines, &line)) {
        w.key = (struct str){ 0 };
        w.depth = w.loose = 0;
        if (str_take(&line, header)) {
            out_raw(out, header);
            out_puts(out, ",\"redacted\":true");
            w.depth = 1;
        }
        rewrite_line(&w, line);
        out_puts(out, "\n");
    }
    out_free(w.text);
}
