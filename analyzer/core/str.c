/* SPDX-License-Identifier: Apache-2.0 */
/* Slices and cursors over log bytes; see str.h. */
#include "analyzer/core/str.h"

#include <string.h>

struct str str_from(const char *c)
{
    return (struct str){ .p = c, .n = c ? strlen(c) : 0 };
}

bool char_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool char_is_alnum(char c)
{
    return char_is_digit(c) || char_is_alpha(c);
}

bool char_is_word(char c)
{
    return char_is_alnum(c) || c == '_';
}

char char_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

int char_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (char_lower(a.p[i]) != char_lower(b.p[i]))
            return false;
    return true;
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || str_eq(str_from_at(s, s.n - suffix.n), suffix));
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    if (order)
        return order;
    return a.n < b.n ? -1 : a.n > b.n;
}

/* In texts up to this size memmem() takes longer to prepare than a plain search to end. */
enum { FIND_SHORT = 512 };

size_t str_find(struct str s, struct str needle)
{
    const char *hit = s.p, *last;

    if (needle.n == 0)
        return 0;
    if (needle.n > s.n)
        return STR_NOT_FOUND;
    last = s.p + s.n - needle.n;
    if (s.n > FIND_SHORT) {
        hit = memmem(s.p, s.n, needle.p, needle.n);
    } else {
        while (hit && (hit[needle.n - 1] != needle.p[needle.n - 1] ||
                       memcmp(hit, needle.p, needle.n) != 0))
            hit = hit < last ? memchr(hit + 1, needle.p[0], (size_t)(last - hit)) : NULL;
    }
    return hit ? (size_t)(hit - s.p) : STR_NOT_FOUND;
}

size_t str_find_nocase(struct str s, struct str needle)
{
    for (size_t at = 0; at + needle.n <= s.n; at++)
        if (str_eq_nocase(str_first(str_from_at(s, at), needle.n), needle))
            return at;
    return STR_NOT_FOUND;
}

size_t str_find_char(struct str s, char c)
{
    const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

    return hit ? (size_t)(hit - s.p) : STR_NOT_FOUND;
}

size_t str_find_last_char(struct str s, char c)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == c)
            return i - 1;
    return STR_NOT_FOUND;
}

uint64_t str_hash(struct str s)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return hash;
}

struct str str_trim_end(struct str s)
{
    while (s.n && char_is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

struct str str_trim_cr(struct str s)
{
    while (s.n && s.p[s.n - 1] == '\r')
        s.n--;
    return s;
}

struct str str_unindent(struct str s, size_t width)
{
    size_t n = 0;

    while (n < width && n < s.n && s.p[n] == ' ')
        n++;
    return str_from_at(s, n);
}

struct str str_trim(struct str s)
{
    str_take_spaces(&s);
    return str_trim_end(s);
}

bool str_take(struct str *in, struct str prefix)
{
    if (!str_starts(*in, prefix))
        return false;
    in->p += prefix.n;
    in->n -= prefix.n;
    return true;
}

bool str_take_nocase(struct str *in, struct str prefix)
{
    if (!str_eq_nocase(str_first(*in, prefix.n), prefix))
        return false;
    in->p += prefix.n;
    in->n -= prefix.n;
    return true;
}

bool str_take_any(struct str *in, char *c)
{
    if (in->n == 0)
        return false;
    *c = in->p[0];
    in->p++;
    in->n--;
    return true;
}

bool str_take_u64(struct str *in, uint64_t *value)
{
    struct str s = *in;
    uint64_t v = 0;

    while (s.n && char_is_digit(s.p[0])) {
        uint64_t digit = (uint64_t)(s.p[0] - '0');

        if (v >= UINT64_MAX / 10 && (v > UINT64_MAX / 10 || digit > UINT64_MAX % 10))
            return false;
        v = v * 10 + digit;
        s.p++;
        s.n--;
    }
    if (s.n == in->n)
        return false;
    *value = v;
    *in = s;
    return true;
}

bool str_take_i64(struct str *in, int64_t *value)
{
    struct str s = *in;
    bool negative = str_take_char(&s, '-');
    uint64_t v;

    if (!str_take_u64(&s, &v) || v > (uint64_t)INT64_MAX)
        return false;
    *value = negative ? -(int64_t)v : (int64_t)v;
    *in = s;
    return true;
}

bool str_take_hex(struct str *in, uint64_t *value)
{
    struct str s = *in;
    uint64_t v = 0;

    while (s.n && char_hex(s.p[0]) >= 0) {
        if (v >> 60)
            return false;
        v = v << 4 | (uint64_t)char_hex(s.p[0]);
        s.p++;
        s.n--;
    }
    if (s.n == in->n)
        return false;
    *value = v;
    *in = s;
    return true;
}

bool str_take_digits(struct str *in, size_t n, uint64_t *value)
{
    struct str digits = str_first(*in, n);

    if (digits.n != n || !str_take_u64(&digits, value) || digits.n != 0)
        return false;
    in->p += n;
    in->n -= n;
    return true;
}

bool str_take_micros(struct str *in, uint64_t *us)
{
    struct str s = *in;
    uint64_t v = 0;
    unsigned n = 0;

    for (; s.n && char_is_digit(s.p[0]) && n < 9; n++, s.p++, s.n--)
        if (n < 6)
            v = v * 10 + (uint64_t)(s.p[0] - '0');
    if (n == 0)
        return false;
    for (; n < 6; n++)
        v *= 10;
    *us = v;
    *in = s;
    return true;
}

size_t str_take_spaces(struct str *in)
{
    size_t n = 0;

    while (n < in->n && char_is_space(in->p[n]))
        n++;
    *in = str_from_at(*in, n);
    return n;
}

bool str_take_until(struct str *in, char end, struct str *out)
{
    size_t at = str_find_char(*in, end);

    if (at == STR_NOT_FOUND)
        return false;
    *out = str_first(*in, at);
    in->p += at + 1;
    in->n -= at + 1;
    return true;
}

bool str_take_until_str(struct str *in, struct str end, struct str *out)
{
    size_t at = str_find(*in, end);

    if (at == STR_NOT_FOUND)
        return false;
    *out = str_first(*in, at);
    in->p += at + end.n;
    in->n -= at + end.n;
    return true;
}

bool str_take_word(struct str *in, struct str *out)
{
    size_t n = 0;

    while (n < in->n && !char_is_space(in->p[n]) && in->p[n] != '\n')
        n++;
    if (n == 0)
        return false;
    *out = str_first(*in, n);
    in->p += n;
    in->n -= n;
    return true;
}

bool str_take_line(struct str *in, struct str *out)
{
    if (in->n == 0)
        return false;
    if (!str_take_until(in, '\n', out)) {
        *out = *in;
        *in = (struct str){ 0 };
    }
    if (out->n && out->p[out->n - 1] == '\r')
        out->n--;
    return true;
}

bool str_to_u64(struct str s, uint64_t *value)
{
    uint64_t v;

    if (!str_take_u64(&s, &v) || s.n)
        return false;
    *value = v;
    return true;
}

bool str_to_i64(struct str s, int64_t *value)
{
    int64_t v;

    if (!str_take_i64(&s, &v) || s.n)
        return false;
    *value = v;
    return true;
}

bool str_take_utf8(struct str *in, uint32_t *code)
{
    /* RFC 3629: by length, the lowest code point that needs it and the bits of the first byte. */
    static const struct {
        uint32_t lowest;
        unsigned char mask, lead;
    } forms[] = {
        { 0, 0x80, 0x00 }, { 0x80, 0xe0, 0xc0 }, { 0x800, 0xf0, 0xe0 }, { 0x10000, 0xf8, 0xf0 }
    };
    unsigned char first = in->n ? (unsigned char)in->p[0] : 0xff;

    for (size_t more = 0; more < 4 && more < in->n; more++) {
        uint32_t value = first & (unsigned char)~forms[more].mask;

        if ((first & forms[more].mask) != forms[more].lead)
            continue;
        for (size_t i = 1; i <= more; i++) {
            unsigned char c = (unsigned char)in->p[i];

            if ((c & 0xc0) != 0x80)
                return false;
            value = value << 6 | (c & 0x3fu);
        }
        if (value < forms[more].lowest || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
            return false;
        *code = value;
        *in = str_from_at(*in, more + 1);
        return true;
    }
    return false;
}
