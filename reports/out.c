/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last step of the flow: bytes to a descriptor or into memory, with one escaper per sink. What
 * a log says reaches a reader's terminal, browser or parser through here or not at all.
 */
#include "reports/out.h"

#include "reports/redact.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FLUSH_BYTES = 64 << 10 };

struct out {
    int fd; /* -1: memory */
    char *p;
    size_t n, size;
    struct err err; /* of the first write that failed */
    struct redactor *redactor;
};

static struct out *new_out(int fd)
{
    struct out *o = calloc(1, sizeof *o);

    if (o)
        o->fd = fd;
    return o;
}

struct out *out_new(int fd)
{
    return new_out(fd);
}

struct out *out_new_memory(void)
{
    return new_out(-1);
}

struct out *out_new_scratch(const struct out *o)
{
    struct out *scratch = new_out(-1);

    if (scratch)
        scratch->redactor = o->redactor;
    return scratch;
}

void out_redact(struct out *o, struct redactor *r)
{
    o->redactor = r;
}

struct redactor *out_redactor(const struct out *o)
{
    return o->redactor;
}

void out_free(struct out *o)
{
    if (!o)
        return;
    free(o->p);
    free(o);
}

static void flush(struct out *o)
{
    size_t done = 0;

    while (done < o->n && o->err.code == FAIL_NONE) {
        ssize_t wrote = write(o->fd, o->p + done, o->n - done);

        if (wrote >= 0)
            done += (size_t)wrote;
        else if (errno != EINTR)
            fail_sys(&o->err, errno, NULL, "cannot write");
    }
    o->n = 0;
}

bool out_flush(struct out *o, struct err *err)
{
    if (o->fd >= 0)
        flush(o);
    if (o->err.code != FAIL_NONE && err)
        *err = o->err;
    return o->err.code == FAIL_NONE;
}

struct str out_bytes(const struct out *o)
{
    return (struct str){ .p = o->p, .n = o->n };
}

void out_clear(struct out *o)
{
    o->n = 0;
}

static bool make_room(struct out *o, size_t more)
{
    size_t want = o->size ? o->size : 4096;
    char *p;

    if (o->fd >= 0 && o->n >= FLUSH_BYTES)
        flush(o);
    if (more <= o->size - o->n)
        return true;
    while (want - o->n < more && want <= SIZE_MAX / 2)
        want *= 2;
    p = want - o->n < more ? NULL : realloc(o->p, want);
    if (!p)
        return fail(&o->err, FAIL_LIMIT, "out of memory");
    o->p = p;
    o->size = want;
    return true;
}

void out_raw(struct out *o, struct str s)
{
    if (s.n == 0 || o->err.code != FAIL_NONE || !make_room(o, s.n))
        return;
    memcpy(o->p + o->n, s.p, s.n);
    o->n += s.n;
}

void out_puts(struct out *o, const char *s)
{
    out_raw(o, str_from(s));
}

void out_printf(struct out *o, const char *format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    if (n < 0 || o->err.code != FAIL_NONE || !make_room(o, (size_t)n + 1))
        return;
    va_start(ap, format);
    vsnprintf(o->p + o->n, (size_t)n + 1, format, ap);
    va_end(ap);
    o->n += (size_t)n;
}

void out_repeat(struct out *o, char c, size_t n)
{
    if (n == 0 || o->err.code != FAIL_NONE || !make_room(o, n))
        return;
    memset(o->p + o->n, c, n);
    o->n += n;
}

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

static void put_tty(struct out *o, struct str s)
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

/* What of a log may be shown. */
static struct str shown(const struct out *o, struct str s)
{
    return o->redactor ? redact(o->redactor, s) : s;
}

void out_log(struct out *o, struct str s)
{
    out_raw(o, shown(o, s));
}

void out_tty(struct out *o, struct str s)
{
    put_tty(o, shown(o, s));
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

    s = shown(o, s);
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

    s = shown(o, s);
    for (size_t i = 0; i < s.n; i++) {
        const char *entity = entity_of(s.p[i]);

        if (!entity)
            continue;
        put_tty(o, str_first(str_from_at(s, from), i - from));
        out_puts(o, entity);
        from = i + 1;
    }
    put_tty(o, str_from_at(s, from));
}

/* The run at the front without blanks. */
static size_t word_length(struct str s)
{
    size_t n = 0;

    while (n < s.n && !char_is_space(s.p[n]))
        n++;
    return n;
}

/* Renderers make links of these, whatever is escaped: addresses, mail, somebody's name, "#1". */
static bool makes_link(struct str word)
{
    return str_find_char(word, '@') != STR_NOT_FOUND || str_find_char(word, '#') != STR_NOT_FOUND ||
           str_find(word, STR("://")) != STR_NOT_FOUND ||
           str_find_nocase(word, STR("www.")) != STR_NOT_FOUND;
}

size_t out_longest_run(struct str s, char c)
{
    size_t longest = 0, n = 0;

    for (size_t i = 0; i < s.n; i++) {
        n = s.p[i] == c ? n + 1 : 0;
        longest = n > longest ? n : longest;
    }
    return longest;
}

/* `word`, between more backticks than it holds; a bar would end the cell of a table. */
static void markdown_code(struct out *o, struct str word)
{
    size_t ticks = out_longest_run(word, '`') + 1, bar;

    out_repeat(o, '`', ticks);
    out_puts(o, ticks > 1 ? " " : "");
    while ((bar = str_find_char(word, '|')) != STR_NOT_FOUND) {
        put_tty(o, str_first(word, bar));
        out_puts(o, "\\|");
        word = str_from_at(word, bar + 1);
    }
    put_tty(o, word);
    out_puts(o, ticks > 1 ? " " : "");
    out_repeat(o, '`', ticks);
}

/* "-", "1.", "=": at the start of a line these begin a list or make a heading of the line above. */
static bool begins_block(struct str s, size_t at)
{
    size_t digits = 0;

    if (at == 0)
        return s.p[0] == '-' || s.p[0] == '+' || s.p[0] == '=';
    while (digits < s.n && char_is_digit(s.p[digits]))
        digits++;
    return digits == at && (s.p[at] == '.' || s.p[at] == ')');
}

/* How a character is written so that it stands for itself; NULL: as it is. */
static const char *markdown_of(struct str s, size_t at)
{
    switch (s.p[at]) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '\\': return "\\\\";
    case '`': return "\\`";
    case '*': return "\\*";
    case '[': return "\\[";
    case ']': return "\\]";
    case '|': return "\\|";
    case '~': return "\\~";
    case '$': return "\\$";
    case '-': return begins_block(s, at) ? "\\-" : NULL;
    case '+': return begins_block(s, at) ? "\\+" : NULL;
    case '=': return begins_block(s, at) ? "\\=" : NULL;
    case '.': return begins_block(s, at) ? "\\." : NULL;
    case ')': return begins_block(s, at) ? "\\)" : NULL;
    /* Inside a word an underscore is no emphasis: function names stay readable. */
    case '_':
        return at && at + 1 < s.n && char_is_alnum(s.p[at - 1]) && char_is_alnum(s.p[at + 1])
                       ? NULL
                       : "\\_";
    default: return NULL;
    }
}

/* Characters from..to of `s`, which are a word or the blanks between two. */
static void markdown_part(struct out *o, struct str s, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const char *instead = markdown_of(s, i);

        if (!instead)
            continue;
        put_tty(o, str_first(str_from_at(s, from), i - from));
        out_puts(o, instead);
        from = i + 1;
    }
    put_tty(o, str_first(str_from_at(s, from), to - from));
}

void out_markdown(struct out *o, struct str s)
{
    size_t at = 0;

    s = shown(o, s);
    while (at < s.n) {
        size_t n = word_length(str_from_at(s, at));
        struct str word = str_first(str_from_at(s, at), n);

        if (makes_link(word))
            markdown_code(o, word);
        else
            markdown_part(o, s, at, at + n);
        at += n;
        for (; at < s.n && char_is_space(s.p[at]); at++)
            out_puts(o, " ");
    }
}

/* Escapes of a label are \\ \" \n and no others: what is hidden is written with two backslashes. */
void out_label(struct out *o, struct str s)
{
    struct str bytes;
    uint32_t code;

    s = shown(o, s);
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
