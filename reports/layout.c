/* SPDX-License-Identifier: Apache-2.0 */
/* Wrapping and cutting for the terminal report; see layout.h. */
#include "reports/layout.h"

/* Bytes of the first `columns` code points of `s`: a column begins at every byte but 10xxxxxx. */
static size_t bytes_of(struct str s, size_t columns)
{
    size_t seen = 0;

    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] & 0xc0) != 0x80 && seen++ == columns)
            return i;
    return s.n;
}

size_t layout_columns(struct str s)
{
    size_t columns = 0;

    for (size_t i = 0; i < s.n; i++)
        columns += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return columns;
}

static size_t word_length(struct str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] != ' ' && s.p[n] != '\n')
        n++;
    return n;
}

/* "s", "MiB),": what a number in front of it counts, and nothing else. */
static bool is_unit(struct str word)
{
    static const struct str units[] = {
        { STR_INIT("s") },   { STR_INIT("ms") },  { STR_INIT("min") }, { STR_INIT("h") },
        { STR_INIT("d") },   { STR_INIT("KiB") }, { STR_INIT("MiB") }, { STR_INIT("GiB") },
        { STR_INIT("TiB") }, { STR_INIT("%") },
    };
    size_t n = 0;

    while (n < word.n && (char_is_alnum(word.p[n]) || word.p[n] == '%'))
        n++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (str_eq(str_first(word, n), units[i]))
            return true;
    return false;
}

/* The next word; a number and its unit are one. */
static bool take_word(struct str *s, struct str *word)
{
    struct str unit;
    size_t n;

    while (s->n && (s->p[0] == ' ' || s->p[0] == '\n'))
        *s = str_from_at(*s, 1);
    n = word_length(*s);
    if (n && n + 1 < s->n && s->p[n] == ' ' && char_is_digit(s->p[n - 1])) {
        unit = str_from_at(*s, n + 1);
        unit = str_first(unit, word_length(unit));
        n += is_unit(unit) ? 1 + unit.n : 0;
    }
    *word = str_first(*s, n);
    *s = str_from_at(*s, n);
    return n > 0;
}

size_t layout_wrap(struct out *o, struct str s, size_t at, size_t indent, size_t width)
{
    struct str word;
    bool first = true;

    while (take_word(&s, &word)) {
        size_t columns = layout_columns(word);

        if (!first && width && at + 1 + columns > width) {
            out_puts(o, "\n");
            out_repeat(o, ' ', indent);
            at = indent;
        } else if (!first) {
            out_puts(o, " ");
            at++;
        }
        out_raw(o, word);
        at += columns;
        first = false;
    }
    return at;
}

void layout_cut(struct out *o, struct str s, size_t columns)
{
    if (columns == 0 || layout_columns(s) <= columns) {
        out_raw(o, s);
        return;
    }
    out_raw(o, str_first(s, bytes_of(s, columns - 1)));
    out_puts(o, "…");
}

void layout_styled(struct out *o, bool color, enum style style, struct str words)
{
    static const char *const codes[] = {
        [STYLE_NONE] = "",          [STYLE_BOLD] = "\033[1m",      [STYLE_DIM] = "\033[2m",
        [STYLE_RED] = "\033[1;31m", [STYLE_YELLOW] = "\033[1;33m", [STYLE_BLUE] = "\033[1;34m",
    };

    if (!color || style == STYLE_NONE) {
        out_raw(o, words);
        return;
    }
    out_puts(o, codes[style]);
    out_raw(o, words);
    out_puts(o, "\033[0m");
}
