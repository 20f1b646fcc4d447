/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One escaper per sink, of all that comes from a log: what it says reaches a reader's terminal,
 * browser or parser through here (out_markdown.c for Markdown) or not at all; see out.h.
 */
#include "reports/out_escape.h"

#include "reports/redact.h"

/*
 * Characters that move, hide or reorder what a terminal shows: C0, DEL and C1 controls, and what
 * Unicode calls Bidi_Control and Default_Ignorable_Code_Point (zero-width, fillers, tags).
 */
static bool deceives(uint32_t code)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {
        { 0x00, 0x1f },     { 0x7f, 0x9f },       { 0xad, 0xad },       { 0x34f, 0x34f },
        { 0x61c, 0x61c },   { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
        { 0x200b, 0x200f }, { 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },
        { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb },
        { 0xfffe, 0xffff }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
    };

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code <= ranges[i].to)
            return code >= ranges[i].from;
    return false;
}

/* The run at the front that every sink takes as it is: printable ASCII without " and \. */
static size_t plain_run(struct str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] >= 0x20 && s.p[n] < 0x7f && s.p[n] != '"' && s.p[n] != '\\')
        n++;
    return n;
}

/*
 * Takes the plain run and then one character. *code is UINT32_MAX when that is a byte that is not
 * UTF-8; `bytes` are those of the character. False at the end.
 */
static bool take_char(struct out *o, struct str *s, uint32_t *code, struct str *bytes)
{
    size_t run = plain_run(*s);

    out_raw(o, str_first(*s, run));
    *s = str_from_at(*s, run);
    if (s->n == 0)
        return false;
    *bytes = *s;
    if (!str_take_utf8(s, code)) {
        *code = UINT32_MAX;
        *s = str_from_at(*s, 1);
    }
    bytes->n -= s->n;
    return true;
}

void escape_tty(struct out *o, struct str s)
{
    struct str bytes;
    uint32_t code;

    while (take_char(o, &s, &code, &bytes)) {
        if (code == '\t') {
            out_puts(o, " ");
        } else if (code == '\n') {
            out_puts(o, "\\n");
        } else if (code == UINT32_MAX || deceives(code)) {
            for (size_t i = 0; i < bytes.n; i++)
                out_printf(o, "\\x%02x", (unsigned char)bytes.p[i]);
        } else {
            out_raw(o, bytes);
        }
    }
}

struct str escape_shown(const struct out *o, struct str s)
{
    struct redactor *r = out_redactor(o);

    return r ? redact(r, s) : s;
}

void out_own(struct out *o, void (*escape)(struct out *o, struct str s), struct str s)
{
    struct redactor *redactor = out_redactor(o);

    out_redact(o, NULL);
    escape(o, s);
    out_redact(o, redactor);
}

void out_log(struct out *o, struct str s)
{
    out_raw(o, escape_shown(o, s));
}

void out_tty(struct out *o, struct str s)
{
    escape_tty(o, escape_shown(o, s));
}

static void json_char(struct out *o, uint32_t code)
{
    static const char shorts[] = "\bb\tt\nn\ff\rr\"\"\\\\";

    for (size_t i = 0; i + 1 < sizeof shorts; i += 2) {
        if (code == (unsigned char)shorts[i]) {
            out_printf(o, "\\%c", shorts[i + 1]);
            return;
        }
    }
    if (code > 0xffff)
        out_printf(o, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (code >> 10)),
                   (unsigned)(0xdc00 | (code & 0x3ff)));
    else
        out_printf(o, "\\u%04x", (unsigned)code);
}

void out_json(struct out *o, struct str s)
{
    struct str bytes;
    uint32_t code;

    s = escape_shown(o, s);
    out_puts(o, "\"");
    while (take_char(o, &s, &code, &bytes)) {
        if (code == UINT32_MAX)
            out_puts(o, "\\ufffd");
        else if (code == '"' || code == '\\' || deceives(code))
            json_char(o, code);
        else
            out_raw(o, bytes);
    }
    out_puts(o, "\"");
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void out_markup(struct out *o, struct str s)
{
    size_t from = 0;

    s = escape_shown(o, s);
    for (size_t i = 0; i < s.n; i++) {
        const char *entity = entity_of(s.p[i]);

        if (!entity)
            continue;
        escape_tty(o, str_first(str_from_at(s, from), i - from));
        out_puts(o, entity);
        from = i + 1;
    }
    escape_tty(o, str_from_at(s, from));
}

/* Escapes of a label are \\ \" \n and no others: what is hidden is written with two backslashes. */
void out_label(struct out *o, struct str s)
{
    struct str bytes;
    uint32_t code;

    s = escape_shown(o, s);
    out_puts(o, "\"");
    while (take_char(o, &s, &code, &bytes)) {
        if (code == '"' || code == '\\') {
            out_printf(o, "\\%c", (char)code);
        } else if (code == UINT32_MAX || deceives(code)) {
            for (size_t i = 0; i < bytes.n; i++)
                out_printf(o, "\\\\x%02x", (unsigned char)bytes.p[i]);
        } else {
            out_raw(o, bytes);
        }
    }
    out_puts(o, "\"");
}
