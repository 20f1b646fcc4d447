/* SPDX-License-Identifier: Apache-2.0 */
/* Log bytes in Markdown, of which nothing acts there; see out.h. */
#include "reports/out_escape.h"

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
        escape_tty(o, str_first(word, bar));
        out_puts(o, "\\|");
        word = str_from_at(word, bar + 1);
    }
    escape_tty(o, word);
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
        escape_tty(o, str_first(str_from_at(s, from), i - from));
        out_puts(o, instead);
        from = i + 1;
    }
    escape_tty(o, str_first(str_from_at(s, from), to - from));
}

void out_markdown(struct out *o, struct str s)
{
    size_t at = 0;

    s = escape_shown(o, s);
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
