/* SPDX-License-Identifier: Apache-2.0 */
/* Matching the patterns of the crash tables; see crash_pattern.h. */
#include "analyzer/evidence/crash_pattern.h"

static bool is_kind_char(char c)
{
    return (c >= 'a' && c <= 'z') || c == '-';
}

static bool is_word_char(char c)
{
    return !char_is_space(c) && c != ']';
}

static bool is_path_char(char c)
{
    return char_is_word(c) || c == '-' || c == '/' || c == '.';
}

static bool is_hex_char(char c)
{
    return char_hex(c) >= 0;
}

static bool is_any_char(char c)
{
    (void)c;
    return true;
}

static bool take_run(struct str *in, bool (*is)(char), struct str *out)
{
    size_t n = 0;

    while (n < in->n && is(in->p[n]))
        n++;
    if (n == 0)
        return false;
    *out = str_first(*in, n);
    *in = str_from_at(*in, n);
    return true;
}

bool crash_take_address(struct str *in)
{
    struct str s = *in, digits;
    bool angle;

    if (!str_take_char(&s, '['))
        return false;
    angle = str_take_char(&s, '<');
    str_take(&s, STR("0x"));
    if (!take_run(&s, is_hex_char, &digits) || (angle && !str_take_char(&s, '>')) ||
        !str_take_char(&s, ']'))
        return false;
    str_take_char(&s, ':');
    str_take_spaces(&s);
    *in = s;
    return true;
}

bool crash_take_function(struct str *in, struct str *name)
{
    struct str s = *in, run;

    if (!take_run(&s, char_is_word, &run) || s.n == 0 || (s.p[0] != '.' && s.p[0] != '+'))
        return false;
    *name = run;
    *in = s;
    return true;
}

/* "mm/slub.c:123": the path's last part has an extension. */
static bool take_source(struct str *in)
{
    struct str s = *in, path;
    uint64_t number;
    size_t dot;

    if (!take_run(&s, is_path_char, &path) || !str_take_char(&s, ':') || !str_take_u64(&s, &number))
        return false;
    dot = str_find_last_char(path, '.');
    if (dot == STR_NOT_FOUND || dot == 0 || dot + 1 == path.n)
        return false;
    *in = s;
    return true;
}

static void capture(struct crash_captures *c, struct str s)
{
    if (c->n < CRASH_CAPTURES)
        c->s[c->n++] = s;
}

/* One %-token. Names with digits only count as hexadecimal digits do: the class says all. */
static bool take_token(char token, struct str *in, struct crash_captures *c)
{
    static const struct {
        char token;
        bool (*is)(char);
        bool captured;
    } runs[] = {
        { 'n', char_is_word, true }, { 'k', is_kind_char, true },   { 'w', is_word_char, true },
        { 'r', is_any_char, true },  { 'd', char_is_digit, false }, { 'x', is_hex_char, false },
    };
    struct str s;

    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        if (runs[i].token != token)
            continue;
        if (!take_run(in, runs[i].is, &s))
            return false;
        if (runs[i].captured)
            capture(c, token == 'r' ? str_trim_end(s) : s);
        return true;
    }
    switch (token) {
    case 'f':
        if (!crash_take_function(in, &s))
            return false;
        capture(c, s);
        c->function = c->n;
        return true;
    case 'S': return take_source(in);
    case 's': str_take_spaces(in); return true;
    case 'p': return crash_take_address(in);
    case 'a':
        for (int i = 0; i < 2 && crash_take_address(in); i++)
            ;
        str_take_spaces(in);
        return true;
    default: return false;
    }
}

/* "(a|b|)", the cursor behind '('; *pattern moves behind ')'. */
static bool take_choice(const char **pattern, struct str *in, struct crash_captures *c)
{
    const char *p = *pattern;
    struct str taken = { 0 };
    bool found = false;

    while (*p != ')') {
        const char *word = p;

        while (*p != '|' && *p != ')')
            p++;
        if (!found && str_starts(*in, (struct str){ word, (size_t)(p - word) })) {
            found = true;
            taken = str_first(*in, (size_t)(p - word));
        }
        if (*p == '|' && p[1] == ')')
            found = true; /* nothing at all is allowed, too */
        p += *p == '|';
    }
    if (!found)
        return false;
    capture(c, taken);
    *in = str_from_at(*in, taken.n);
    *pattern = p + 1;
    return true;
}

/* The part of the pattern up to a star or its end, at the cursor. */
static bool take_part(const char *p, struct str *in, struct crash_captures *c)
{
    while (*p && *p != '*') {
        if (*p == '%') {
            if (!take_token(p[1], in, c))
                return false;
            p += 2;
        } else if (*p == '(') {
            p++;
            if (!take_choice(&p, in, c))
                return false;
        } else if (*p == '$' && p[1] == '\0') {
            return in->n == 0;
        } else if (in->n && (*p == '?' || *p == in->p[0])) {
            *in = str_from_at(*in, 1);
            p++;
        } else {
            return false;
        }
    }
    return true;
}

/* How many bytes at the part's beginning stand for themselves. */
static size_t literal_bytes(const char *p)
{
    size_t n = 0;

    while (p[n] && p[n] != '*' && p[n] != '%' && p[n] != '(' && p[n] != '?' && p[n] != '$')
        n++;
    return n;
}

/* The bytes with which the part can begin: asked at every place, so before all else. */
static bool first_bytes(const char *p, uint64_t bytes[4])
{
    bool first = true;

    if (*p++ != '(')
        return false;
    for (; *p && *p != ')'; p++) {
        if (first && *p == '|')
            return false;
        if (first)
            bytes[(unsigned char)*p / 64] |= UINT64_C(1) << (unsigned char)*p % 64;
        first = *p == '|';
    }
    return !first;
}

static bool is_in(const uint64_t bytes[4], char c)
{
    return bytes[(unsigned char)c / 64] >> (unsigned char)c % 64 & 1;
}

/* The first place at or behind the cursor where the part stands. */
static bool find_part(const char *p, struct str *in, size_t *at, struct crash_captures *c)
{
    struct str literal = { p, literal_bytes(p) };
    uint64_t bytes[4] = { 0 };
    bool chosen = first_bytes(p, bytes);

    for (size_t i = 0; i <= in->n; i++) {
        size_t next = literal.n ? str_find(str_from_at(*in, i), literal) : 0;
        struct crash_captures tried;
        struct str s;

        if (next == STR_NOT_FOUND)
            return false;
        i += next;
        while (chosen && i < in->n && !is_in(bytes, in->p[i]))
            i++;
        s = str_from_at(*in, i + literal.n);
        tried = *c;
        if (!take_part(p + literal.n, &s, &tried))
            continue;
        *in = s;
        *c = tried;
        *at = i;
        return true;
    }
    return false;
}

bool crash_pattern_find(const char *pattern, struct str line, size_t *at, struct crash_captures *c)
{
    struct crash_captures found = *c;
    struct str in = line;
    size_t first = 0, ignored;
    const char *p = pattern;

    if (*p == '^') {
        p++;
        if (!take_part(p, &in, &found))
            return false;
    } else if (!find_part(p, &in, &first, &found)) {
        return false;
    }
    for (; *p; p++)
        if (*p == '*' && !find_part(p + 1, &in, &ignored, &found))
            return false;
    *c = found;
    *at = first;
    return true;
}

bool crash_pattern_in(const char *pattern, struct str line)
{
    struct crash_captures c = { 0 };
    size_t at;

    return crash_pattern_find(pattern, line, &at, &c);
}

bool crash_pattern_in_any(const char *const *patterns, struct str line)
{
    for (; *patterns; patterns++)
        if (crash_pattern_in(*patterns, line))
            return true;
    return false;
}
