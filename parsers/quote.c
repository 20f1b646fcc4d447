/* SPDX-License-Identifier: Apache-2.0 */
/* Quoted lines; see quote.h. */
#include "parsers/quote.h"

enum {
    QUOTED_LINES_MIN = 2,
    /* RFC 3676 wants lines of 66 to 78 bytes, of which marks take some. */
    WRAPPED_BYTES_MIN = 62,
};

bool quote_is(struct str head)
{
    struct str line;
    size_t quoted = 0;

    while (str_find_char(head, '\n') != STR_NOT_FOUND && str_take_line(&head, &line)) {
        quoted += line.n && line.p[0] == '>';
        if (str_trim(line).n && line.p[0] != '>')
            return false;
    }
    return quoted >= QUOTED_LINES_MIN;
}

struct str quote_strip(struct str line)
{
    struct str rest = line;

    if (!str_starts(line, STR(">")))
        return line;
    while (str_take_char(&rest, '>')) {
        struct str deeper = rest;

        line = rest;
        str_take_spaces(&deeper);
        if (str_starts(deeper, STR(">")))
            rest = deeper;
    }
    str_take_char(&line, ' ');
    return line;
}

bool quote_wrapped(size_t n, struct str next)
{
    struct str word;

    return next.n && !char_is_space(next.p[0]) && next.p[0] != '[' && next.p[0] != '<' &&
           str_take_word(&next, &word) && n + 1 + word.n > WRAPPED_BYTES_MIN;
}
