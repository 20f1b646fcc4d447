/* SPDX-License-Identifier: Apache-2.0 */
/* Messages on standard error; see complain.h. */
#include "analyzer/cli/complain.h"

#include "reports/layout.h"
#include "reports/out.h"

#include <stdarg.h>
#include <stdio.h>

enum { MESSAGE_BYTES = 2048, SHOWN_BEFORE = 72, SHOWN_BYTES = 160 };

/* Own words, then text that may hold anything. */
static void put(const char *own, struct str text)
{
    struct out *o = out_new(2);

    if (!o)
        return;
    out_puts(o, own);
    out_tty(o, text);
    out_puts(o, "\n");
    out_flush(o, NULL);
    out_free(o);
}

void complain(const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list ap;

    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    put("lastwords: ", str_from(message));
}

static void format_err(const struct err *err, char *out, size_t size)
{
    int n = 0;

    if (err->file[0] && err->line && err->col)
        n = snprintf(out, size, "%s:%u:%u: ", err->file, err->line, err->col);
    else if (err->file[0] && err->line)
        n = snprintf(out, size, "%s:%u: ", err->file, err->line);
    else if (err->file[0])
        n = snprintf(out, size, "%s: ", err->file);
    if (n >= 0 && (size_t)n < size)
        snprintf(out + n, size - (size_t)n, "%s", err->text);
}

void complain_err(const struct err *err)
{
    char message[MESSAGE_BYTES] = "";

    format_err(err, message, sizeof message);
    put("lastwords: ", str_from(message));
}

static bool find_line(struct str source, uint32_t number, struct str *line)
{
    for (uint32_t i = 0; i < number; i++)
        if (!str_take_line(&source, line))
            return false;
    return number > 0;
}

/* The part of a long line that `col` stands in; *col is then counted from its start. */
static struct str shown_part(struct str line, uint32_t *col)
{
    size_t from = 0;

    if (line.n <= SHOWN_BYTES)
        return line;
    if (*col > SHOWN_BEFORE) {
        from = *col - SHOWN_BEFORE;
        while (from < line.n && ((unsigned char)line.p[from] & 0xc0) == 0x80)
            from++;
        *col -= (uint32_t)from;
    }
    line = str_from_at(line, from);
    for (from = SHOWN_BYTES; from < line.n && ((unsigned char)line.p[from] & 0xc0) == 0x80;)
        from--;
    return str_first(line, from);
}

void complain_rule(const struct err *err, struct str source)
{
    char message[MESSAGE_BYTES] = "";
    struct str line;
    struct out *o, *before;
    uint32_t col = err->col;

    format_err(err, message, sizeof message);
    put("", str_from(message));
    if (!find_line(source, err->line, &line) || !(o = out_new(2)))
        return;
    line = shown_part(line, &col);
    out_puts(o, "    ");
    out_tty(o, line);
    out_puts(o, "\n");
    before = out_new_memory();
    if (col && before) {
        out_tty(before, str_first(line, col - 1));
        out_repeat(o, ' ', 4 + layout_columns(out_bytes(before)));
        out_puts(o, "^\n");
    }
    out_free(before);
    out_flush(o, NULL);
    out_free(o);
}
