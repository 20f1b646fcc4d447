/* SPDX-License-Identifier: Apache-2.0 */
/* Terminal escape sequences; see ansi.h. */
#include "parsers/ansi.h"

#include "analyzer/core/limits.h"

enum { ESC = 0x1b, BEL = 0x07 };

/* An OSC or DCS string that does not end within this many bytes is text behind a lone ESC. */
#define STRING_BYTES_MAX ((size_t)1024)

static bool in_range(struct str s, unsigned char from, unsigned char to)
{
    return s.n && (unsigned char)s.p[0] >= from && (unsigned char)s.p[0] <= to;
}

static void take_range(struct str *s, unsigned char from, unsigned char to)
{
    while (in_range(*s, from, to))
        *s = str_from_at(*s, 1);
}

/* Behind "ESC [": parameters, intermediates, one final byte. */
static void take_csi(struct str *s, enum ansi_effect *effect)
{
    take_range(s, 0x30, 0x3f);
    take_range(s, 0x20, 0x2f);
    if (!in_range(*s, 0x40, 0x7e))
        return;
    if (s->p[0] == 'J' || s->p[0] == 'H' || s->p[0] == 'f')
        *effect = ANSI_BREAK;
    *s = str_from_at(*s, 1);
}

/* Behind "ESC ]" and the like: up to BEL or "ESC \". */
static void take_string(struct str *s)
{
    struct str body = str_first(*s, STRING_BYTES_MAX);

    for (size_t i = 0; i < body.n; i++) {
        if (body.p[i] == BEL) {
            *s = str_from_at(*s, i + 1);
            return;
        }
        if (body.p[i] == ESC) {
            *s = str_from_at(*s, i);
            str_take(s, STR("\x1b\\"));
            return;
        }
    }
}

bool ansi_take(struct str *in, enum ansi_effect *effect)
{
    struct str s = *in;

    if (!str_take_char(&s, ESC))
        return false;
    *effect = ANSI_STYLE;
    if (str_take_char(&s, '[')) {
        take_csi(&s, effect);
    } else if (str_take_char(&s, ']') || str_take_char(&s, 'P') || str_take_char(&s, '_') ||
               str_take_char(&s, '^') || str_take_char(&s, 'X')) {
        take_string(&s);
    } else if (str_take_char(&s, 'c')) {
        *effect = ANSI_BREAK;
    } else {
        take_range(&s, 0x20, 0x2f);
        if (in_range(s, 0x30, 0x7e))
            s = str_from_at(s, 1);
    }
    *in = s;
    return true;
}

struct str ansi_strip(struct str s, char *to, size_t max)
{
    size_t n = 0;
    enum ansi_effect effect;

    while (s.n && n < max) {
        unsigned char c = (unsigned char)s.p[0];

        if (ansi_take(&s, &effect))
            continue;
        if ((c >= 0x20 && c != 0x7f) || c == '\t')
            to[n++] = (char)c;
        else if (c == '\b' && n)
            n--;
        s = str_from_at(s, 1);
    }
    return (struct str){ .p = to, .n = n };
}

struct str ansi_join(struct joiner *j, struct str s)
{
    struct str out = ansi_strip(s, j->p + j->n, LIMIT_RECORD_BYTES - j->n);

    j->n += out.n;
    return out;
}
