/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Borrowed bytes and the cursor functions that parsers are made of.
 *
 * Log bytes may lack a NUL, contain one, or be invalid UTF-8, and never meet the locale. Every
 * str_take_*() advances `in` on success and leaves everything untouched on failure, so that
 * alternatives chain with || and &&.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Not NUL-terminated; valid as long as the memory it points into. Zero is the empty string. */
struct str {
    const char *p;
    size_t n;
};

#define STR_INIT(lit) .p = (lit), .n = sizeof(lit) - 1
#define STR(lit) ((struct str){ STR_INIT(lit) })
#define STR_ARG(s) (int)(s).n, (s).p

#define STR_NOT_FOUND SIZE_MAX

/* The bytes of a C string, without its NUL; NULL gives the empty string. */
struct str str_from(const char *c);

/* The part of `s` from `from` on; empty when `from` is past its end. */
static inline struct str str_from_at(struct str s, size_t from)
{
    if (from >= s.n)
        return (struct str){ 0 };
    return (struct str){ .p = s.p + from, .n = s.n - from };
}

/* At most the first `n` bytes of `s`. */
static inline struct str str_first(struct str s, size_t n)
{
    if (s.n > n)
        s.n = n;
    return s;
}

/* Here since tables of names and prefixes are tried at every place: most differ at once. */
static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n &&
           (prefix.n == 0 || (s.p[0] == prefix.p[0] && memcmp(s.p, prefix.p, prefix.n) == 0));
}

bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
bool str_ends(struct str s, struct str suffix);

/* Bytewise order: negative, zero or positive as memcmp() has it; a prefix sorts first. */
int str_cmp(struct str a, struct str b);

/* Offset of the first occurrence, or STR_NOT_FOUND. An empty needle is found at 0. */
size_t str_find(struct str s, struct str needle);
size_t str_find_nocase(struct str s, struct str needle);
size_t str_find_char(struct str s, char c);
size_t str_find_last_char(struct str s, char c);

/* FNV-1a, 64 bit: for tables inside one run, never for output. */
uint64_t str_hash(struct str s);

/* Without blanks and tabs at both ends; at the end only. */
struct str str_trim(struct str s);
struct str str_trim_end(struct str s);

/* Without the '\r's at its end. */
struct str str_trim_cr(struct str s);

/* Without at most `width` blanks at its beginning. */
struct str str_unindent(struct str s, size_t width);

/* ASCII classes, whatever the locale. */
static inline bool char_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
bool char_is_alpha(char c);
bool char_is_alnum(char c);
bool char_is_word(char c); /* alphanumeric or '_': \w of a pattern */
static inline bool char_is_space(char c)
{
    return c == ' ' || c == '\t';
}
char char_lower(char c);

/* The value of a hexadecimal digit, or -1. */
int char_hex(char c);

/* Cursor functions. The number is the value of all digits at the cursor; more than fits fails. */
bool str_take(struct str *in, struct str prefix);
bool str_take_nocase(struct str *in, struct str prefix);
static inline bool str_take_char(struct str *in, char c)
{
    if (in->n == 0 || in->p[0] != c)
        return false;
    in->p++;
    in->n--;
    return true;
}
bool str_take_any(struct str *in, char *c);
bool str_take_u64(struct str *in, uint64_t *value);
bool str_take_i64(struct str *in, int64_t *value);
bool str_take_hex(struct str *in, uint64_t *value); /* without 0x */

/* Exactly `n` decimal digits. */
bool str_take_digits(struct str *in, size_t n, uint64_t *value);

/* A decimal fraction of 1 to 9 digits (after the point) as microseconds; further digits cut. */
bool str_take_micros(struct str *in, uint64_t *us);

/* Skips blanks and tabs; always succeeds and returns how many. */
size_t str_take_spaces(struct str *in);

/* The bytes up to `end`, which is taken but not part of `out`; fails when `end` is not there. */
bool str_take_until(struct str *in, char end, struct str *out);
bool str_take_until_str(struct str *in, struct str end, struct str *out);

/* The longest run (at least one byte) without blank, tab or newline. */
bool str_take_word(struct str *in, struct str *out);

/* One line without its '\n' (and without a '\r' before it); fails at the end of `in`. */
bool str_take_line(struct str *in, struct str *out);

/*
 * One well-formed UTF-8 sequence (no overlong forms, no surrogates, at most U+10FFFF) as its code
 * point; fails on any other byte.
 */
bool str_take_utf8(struct str *in, uint32_t *code);

/* The whole of `s` as a number; false when anything else stands in it. */
bool str_to_u64(struct str s, uint64_t *value);
bool str_to_i64(struct str s, int64_t *value);
