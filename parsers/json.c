/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts JSON objects from lines and reads them with jansson; see json.h.
 *
 * A scanner that knows only strings and brackets finds where an object ends, and where it must have
 * been torn: a string that is open at the end of a line (JSON has no such strings), a bracket that
 * does not fit, a '{' where no value can stand. Its bytes are collected in the input's joiner; when
 * jansson has read them, the joiner takes the decoded values of the fields asked for.
 */
#include "parsers/json.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

/* Levels of brackets; journal and dmesg have three. The bits of json_stream.arrays. */
enum { DEPTH_MAX = 64 };

enum scan {
    SCAN_MORE,   /* the object goes on in the next line */
    SCAN_DONE,   /* its last bracket was seen */
    SCAN_AGAIN,  /* it was only the wrapping: an object of an array starts here */
    SCAN_BROKEN, /* torn before this byte */
};

static bool in_array(const struct json_stream *s)
{
    return s->depth && (s->arrays >> (s->depth - 1) & 1);
}

static enum scan open_bracket(struct json_stream *s, char c)
{
    bool value = s->depth == 0 || in_array(s) || s->before == ':';

    if (c == '{' && in_array(s))
        return SCAN_AGAIN;
    if (!value || s->depth == DEPTH_MAX)
        return SCAN_BROKEN;
    s->arrays &= ~((uint64_t)1 << s->depth);
    s->arrays |= (uint64_t)(c == '[') << s->depth;
    s->depth++;
    return SCAN_MORE;
}

static enum scan close_bracket(struct json_stream *s, char c)
{
    if (s->depth == 0 || in_array(s) != (c == ']'))
        return SCAN_BROKEN;
    s->depth--;
    return s->depth ? SCAN_MORE : SCAN_DONE;
}

static void scan_string(struct json_stream *s, char c)
{
    if (s->escaped)
        s->escaped = false;
    else if (c == '\\')
        s->escaped = true;
    else if (c == '"')
        s->in_string = false;
}

/* Scans `text` of the open object; *used bytes of it belong to it (or, torn, came before). */
static enum scan scan_object(struct json_stream *s, struct str text, size_t *used)
{
    enum scan found = SCAN_MORE;
    size_t i;

    for (i = 0; i < text.n && found == SCAN_MORE; i++) {
        char c = text.p[i];

        if (s->in_string) {
            scan_string(s, c);
            continue;
        }
        if (c == '"')
            s->in_string = true;
        else if (c == '{' || c == '[')
            found = open_bracket(s, c);
        else if (c == '}' || c == ']')
            found = close_bracket(s, c);
        if (!char_is_space(c))
            s->before = c;
    }
    if (found == SCAN_AGAIN || found == SCAN_BROKEN)
        i--;
    else if (found == SCAN_MORE && s->in_string)
        found = SCAN_BROKEN;
    *used = i;
    return found;
}

/* Where the next object or anything strange starts in `text` from `at` on. */
static size_t skip_wrapping(struct str text, size_t at)
{
    struct str rest = str_from_at(text, at);

    if (at == 0)
        str_take(&rest, STR("data:"));
    for (at = text.n - rest.n; at < text.n; at++) {
        char c = text.p[at];

        if (!char_is_space(c) && c != ',' && c != '[' && c != ']' && c != '}' && c != '\x1e' &&
            c != '\r')
            break;
    }
    return at;
}

/* The length of the UTF-8 sequence at the start of `s`, or 0: RFC 3629. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
    size_t length = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

    if (length == 0 || p[0] > 0xf4 || length > n)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return length;
}

/*
 * dmesg --json prints the bytes of a record as they are, so a string may be no UTF-8. What jansson
 * would refuse becomes '?', control bytes a blank.
 */
static void mend(char *bytes, size_t n)
{
    size_t length;

    for (size_t i = 0; i < n; i += length) {
        const unsigned char *p = (const unsigned char *)bytes + i;

        length = utf8_length(p, n - i);
        if (length == 0 || *p < 0x20) {
            bytes[i] = length ? ' ' : '?';
            length = 1;
        }
    }
}

static void read_number(const json_t *value, struct json_field *field, struct joiner *j)
{
    char digits[24];
    int n;

    field->kind = FIELD_NUMBER;
    field->micros = TIME_UNKNOWN;
    if (json_is_integer(value)) {
        field->number = json_integer_value(value);
        n = snprintf(digits, sizeof digits, "%" PRId64, field->number);
        field->text = join_add(j, (struct str){ .p = digits, .n = (size_t)n });
        if (field->number <= INT64_MAX / 1000000 && field->number >= INT64_MIN / 1000000)
            field->micros = field->number * 1000000;
        return;
    }
    /* jansson has no other way to fractions; 12.345678 s is exact far beyond MONO_SEC_MAX. */
    if (json_real_value(value) < 9e12 && json_real_value(value) > -9e12) {
        field->number = (int64_t)json_real_value(value);
        field->micros =
                (int64_t)(json_real_value(value) * 1e6 + (json_real_value(value) < 0 ? -0.5 : 0.5));
    }
}

/* [72,105]: journalctl's form of a field that is not printable text. */
static bool read_bytes(const json_t *array, struct json_field *field, struct joiner *j)
{
    struct str text = join_add(j, STR(""));

    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        char byte = (char)json_integer_value(item);

        if (!json_is_integer(item) || json_integer_value(item) < 0 ||
            json_integer_value(item) > 255)
            return false;
        text.n += join_add(j, (struct str){ .p = &byte, .n = 1 }).n;
    }
    field->kind = FIELD_TEXT;
    field->text = text;
    return true;
}

static void read_value(const json_t *value, struct json_field *field, struct joiner *j)
{
    /* A field that an entry has several times: ["first", "second"], each maybe an array of bytes.
     */
    if (json_is_array(value) && !json_is_integer(json_array_get(value, 0)))
        value = json_array_get(value, 0);
    if (json_is_string(value)) {
        field->kind = FIELD_TEXT;
        field->text = join_add(
                j, (struct str){ .p = json_string_value(value), .n = json_string_length(value) });
    } else if (json_is_array(value)) {
        read_bytes(value, field, j);
    } else if (json_is_number(value)) {
        read_number(value, field, j);
    } else if (json_is_null(value)) {
        field->kind = FIELD_NULL;
    }
}

/* Reads the collected bytes; false when jansson does not take them for an object. */
static bool read_object(struct json_stream *s, struct lines *in, struct json_field *fields)
{
    struct joiner *j = s->object;
    json_t *root = json_loadb(j->p, j->n, JSON_ALLOW_NUL, NULL);

    if (!root) {
        mend(j->p, j->n);
        root = json_loadb(j->p, j->n, JSON_ALLOW_NUL, NULL);
    }
    if (!root)
        return false;
    j = lines_joiner(in);
    for (; fields->name; fields++) {
        const json_t *value = json_object_get(root, fields->name);

        if (value)
            read_value(value, fields, j);
    }
    json_decref(root);
    return true;
}

static void begin_object(struct json_stream *s, struct lines *in, const struct line *line)
{
    s->object = lines_joiner(in);
    s->start = (struct lines_place){ .line = line->number, .offset = line->offset };
    s->depth = 0;
    s->arrays = 0;
    s->in_string = s->escaped = false;
    s->before = 0;
}

/* Gives out what was collected: read, or as it stands. */
static enum step end_object(struct json_stream *s, struct lines *in, struct json_field *fields,
                            bool whole, struct record *out)
{
    bool cut = s->object->cut;

    out->line = s->start.line;
    out->offset = s->start.offset;
    if (!whole || cut || !read_object(s, in, fields)) {
        out->text = (struct str){ .p = s->object->p, .n = s->object->n };
        out->flags |= RECORD_UNPARSED;
    }
    if (cut)
        out->flags |= RECORD_CUT;
    s->object = NULL;
    return STEP_RECORD;
}

/* Lets the line come again when there is more in it. */
static void keep_rest(struct json_stream *s, struct lines *in, struct str text, size_t from)
{
    s->column = skip_wrapping(text, from);
    if (s->column < text.n)
        lines_unread(in);
    else
        s->column = 0;
}

static enum step not_an_object(struct lines *in, const struct line *line, size_t from,
                               struct record *out)
{
    out->text = join_add(lines_joiner(in), str_from_at(line->text, from));
    out->line = line->number;
    out->offset = line->offset;
    out->flags |= RECORD_UNPARSED;
    return STEP_RECORD;
}

/* Collects what of the line from *at on belongs to the open object, and moves *at behind it. */
static enum scan collect(struct json_stream *s, struct lines *in, const struct line *line,
                         size_t *at)
{
    for (;;) {
        struct str rest = str_from_at(line->text, *at);
        size_t used;
        enum scan found = scan_object(s, rest, &used);

        join_add(s->object, str_first(rest, used));
        *at += used;
        if (found != SCAN_AGAIN)
            return found;
        begin_object(s, in, line);
    }
}

/* A line that starts an object while one is open: the open one was torn. */
static bool starts_anew(const struct json_stream *s, struct str text)
{
    return str_starts(text, STR("\x1e")) || str_starts(text, STR("data:")) ||
           (str_starts(text, STR("{")) && !in_array(s));
}

enum step json_next(struct json_stream *s, struct lines *in, struct json_field *fields,
                    struct record *out, struct err *err)
{
    for (struct json_field *f = fields; f->name; f++)
        *f = (struct json_field){ .name = f->name, .micros = TIME_UNKNOWN };
    for (;;) {
        struct line line;
        enum step step = lines_next(in, &line, err);
        size_t at = s->column;
        enum scan found;

        s->column = 0;
        if (step == STEP_WAIT || (step != STEP_RECORD && !s->object))
            return step;
        if (step != STEP_RECORD)
            return end_object(s, in, fields, false, out);
        if (s->object && starts_anew(s, line.text)) {
            lines_unread(in);
            return end_object(s, in, fields, false, out);
        }
        if (!s->object) {
            at = skip_wrapping(line.text, at);
            if (at == line.text.n)
                continue;
            if (line.text.p[at] != '{')
                return not_an_object(in, &line, at, out);
            begin_object(s, in, &line);
        }
        found = collect(s, in, &line, &at);
        if (found == SCAN_MORE)
            continue;
        keep_rest(s, in, line.text, at);
        return end_object(s, in, fields, found == SCAN_DONE, out);
    }
}
