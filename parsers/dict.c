/* SPDX-License-Identifier: Apache-2.0 */
/* `key = "value"`; see dict.h. */
#include "parsers/dict.h"

/* "|22" at the cursor → '"'. */
static bool take_escape(struct str *in, char *c)
{
    int high, low;

    if (in->n < 3 || in->p[0] != '|')
        return false;
    high = char_hex(in->p[1]);
    low = char_hex(in->p[2]);
    if (high < 0 || low < 0)
        return false;
    *c = (char)(high << 4 | low);
    *in = str_from_at(*in, 3);
    return true;
}

/* A '|' that no two hex digits follow stands for itself. */
static struct str unescape(struct str s, struct joiner *j)
{
    struct str out = { .p = j->p + j->n, .n = 0 };
    struct str plain;
    size_t bar;
    char c;

    while ((bar = str_find_char(s, '|')) != STR_NOT_FOUND) {
        plain = str_first(s, bar);
        s = str_from_at(s, bar);
        out.n += join_add(j, plain).n;
        if (!take_escape(&s, &c)) {
            c = '|';
            s = str_from_at(s, 1);
        }
        out.n += join_add(j, (struct str){ .p = &c, .n = 1 }).n;
    }
    out.n += join_add(j, s).n;
    return out;
}

/* The closing quote ends the line; only a comment may follow. */
static bool take_quoted(struct str *in, struct str *value)
{
    struct str s = *in;

    if (!str_take_char(&s, '"') || !str_take_until(&s, '"', value) || !dict_is_blank(s))
        return false;
    *in = s;
    return true;
}

bool dict_is_blank(struct str text)
{
    text = str_trim(text);
    return text.n == 0 || text.p[0] == '#';
}

bool dict_take_setting(struct str text, struct str *key, struct str *raw)
{
    struct str s = text, name, rest, word;

    if (!str_take_until(&s, '=', &name))
        return false;
    name = rest = str_trim(name);
    /* No blank, no '#': the key is one word. */
    if (!str_take_word(&rest, &word) || rest.n || str_find_char(name, '#') != STR_NOT_FOUND)
        return false;
    str_take_spaces(&s);
    *key = name;
    *raw = s;
    return true;
}

struct str dict_value(struct str raw, struct joiner *j)
{
    struct str value;

    if (!take_quoted(&raw, &value))
        return raw;
    return str_find_char(value, '|') == STR_NOT_FOUND ? value : unescape(value, j);
}
