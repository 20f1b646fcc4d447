/* SPDX-License-Identifier: Apache-2.0 */
/* Characters, classes, escapes and quantifiers of PCRE2, as far as they are followed. */
#include "analyzer/engine/regex_atom.h"

#include <limits.h>
#include <string.h>

struct atom atom_of(char c)
{
    if (c < ' ' || c > '~')
        return (struct atom){ .kind = ATOM_ANY };
    return (struct atom){ .kind = ATOM_CHARS, .n = 1, .chars = { c } };
}

bool atom_take_escape(struct str *in, struct atom *out)
{
    struct str name;
    char c;

    if (!str_take_any(in, &c))
        return false;
    *out = (struct atom){ .kind = ATOM_ANY };
    if (!char_is_alnum(c)) {
        /* The further bytes of a UTF-8 character come as atoms of their own, which end runs, too.
         */
        *out = atom_of(c);
        return true;
    }
    if (strchr("AbBGKzZ", c)) {
        out->kind = ATOM_EMPTY;
        return true;
    }
    if (strchr("dDhHRsSvVwWXaefnrt", c))
        return true;
    if (c == 'N')
        return !str_starts(*in, STR("{"));
    if (c == 'c')
        return str_take_any(in, &c);
    if (char_is_digit(c)) {
        /* A back reference or octal: how many digits belong to it does not matter to us. */
        while (in->n && char_is_digit(in->p[0]))
            *in = str_from_at(*in, 1);
        return true;
    }
    if (c == 'x' && !str_starts(*in, STR("{"))) {
        for (int i = 0; i < 2 && in->n && char_hex(in->p[0]) >= 0; i++)
            *in = str_from_at(*in, 1);
        return true;
    }
    if (c == 'x' || c == 'p' || c == 'P')
        return str_take(in, STR("{")) ? str_take_until(in, '}', &name) : str_take_any(in, &c);
    return false;
}

bool atom_take_class(struct str *in, struct atom *out)
{
    bool open = str_take(in, STR("^")), first = true;
    char c;

    *out = (struct atom){ .kind = ATOM_CHARS };
    for (;; first = false) {
        struct atom escaped;

        if (!str_take_any(in, &c))
            return false;
        if (c == ']' && !first)
            break;
        if (c == '[' && in->n && strchr(":.=", in->p[0])) {
            struct str name;

            if (!str_take_until_str(in, STR(":]"), &name))
                return false;
            open = true;
            continue;
        }
        escaped = atom_of(c);
        if (c == '\\' && !atom_take_escape(in, &escaped))
            return false;
        /* "a-z": a set, unless the '-' stands first or last; in doubt it is one. */
        open |= escaped.kind != ATOM_CHARS || c == '-' || out->n == CLASS_CHARS;
        if (!open)
            out->chars[out->n++] = escaped.chars[0];
    }
    if (open)
        *out = (struct atom){ .kind = ATOM_ANY };
    return true;
}

/* "{2}", "{2,}", "{2,3}". False: braces that another PCRE2 would read as a quantifier. */
static bool take_braces(struct str *in, struct repeat *out, bool *taken)
{
    struct str s = *in, inner;
    uint64_t least = 0, most = 1;

    if (!str_take(&s, STR("{")) || !str_take_until(&s, '}', &inner))
        return true;
    for (size_t i = 0; i < inner.n; i++)
        if (!char_is_digit(inner.p[i]) && inner.p[i] != ',' && !char_is_space(inner.p[i]))
            return true;
    if (!inner.n)
        return true;
    if (!str_take_u64(&inner, &least))
        return false;
    most = least;
    if (str_take(&inner, STR(",")) && !str_take_u64(&inner, &most))
        most = UINT64_MAX;
    if (inner.n)
        return false;
    *out = (struct repeat){ .none = least == 0, .again = most > 1 };
    *taken = true;
    *in = s;
    return true;
}

bool atom_take_repeat(struct str *in, struct repeat *out)
{
    bool taken = true;

    *out = (struct repeat){ 0 };
    if (!in->n || !strchr("*+?{", in->p[0]))
        return true;
    if (str_take(in, STR("*")))
        *out = (struct repeat){ .none = true, .again = true };
    else if (str_take(in, STR("+")))
        out->again = true;
    else if (str_take(in, STR("?")))
        out->none = true;
    else if (taken = false, !take_braces(in, out, &taken))
        return false;
    if (!taken)
        return true;
    if (!str_take(in, STR("?")))
        str_take(in, STR("+"));
    /* A quantifier behind a quantifier. */
    return !in->n || !strchr("*+?{", in->p[0]);
}

size_t atom_plain_length(struct str s)
{
    static const bool special[UCHAR_MAX + 1] = {
        ['('] = true,  [')'] = true, ['|'] = true, ['['] = true, [']'] = true,
        ['{'] = true,  ['}'] = true, ['^'] = true, ['$'] = true, ['.'] = true,
        ['\\'] = true, ['*'] = true, ['+'] = true, ['?'] = true,
    };
    size_t n = 0;

    while (n < s.n && s.p[n] >= ' ' && s.p[n] <= '~' && !special[(unsigned char)s.p[n]])
        n++;
    return n;
}
