/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in struct err; see err.h. */
#include "analyzer/core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(struct err *err, enum fail code, int sys, const char *file, const char *format,
                 va_list ap)
{
    *err = (struct err){ .code = code, .sys = sys };
    if (file)
        snprintf(err->file, sizeof err->file, "%s", file);
    vsnprintf(err->text, sizeof err->text, format, ap);
}

bool fail(struct err *err, enum fail code, const char *format, ...)
{
    va_list ap;

    if (!err)
        return false;
    va_start(ap, format);
    fill(err, code, 0, NULL, format, ap);
    va_end(ap);
    return false;
}

bool fail_at(struct err *err, enum fail code, const char *file, uint32_t line, uint32_t col,
             const char *format, ...)
{
    va_list ap;

    if (!err)
        return false;
    va_start(ap, format);
    fill(err, code, 0, file, format, ap);
    va_end(ap);
    err->line = line;
    err->col = col;
    return false;
}

bool fail_sys(struct err *err, int sys, const char *file, const char *what)
{
    if (!err)
        return false;
    *err = (struct err){ .code = FAIL_IO, .sys = sys };
    snprintf(err->file, sizeof err->file, "%s", file ? file : "");
    snprintf(err->text, sizeof err->text, "%s: %s", what, strerror(sys));
    return false;
}

bool fail_wrap(struct err *err, const char *format, ...)
{
    char inner[sizeof err->text];
    size_t used;
    int n;
    va_list ap;

    if (!err)
        return false;
    memcpy(inner, err->text, sizeof inner);
    va_start(ap, format);
    n = vsnprintf(err->text, sizeof err->text, format, ap);
    va_end(ap);
    used = n < 0 ? 0 : (size_t)n < sizeof err->text ? (size_t)n : sizeof err->text - 1;
    snprintf(err->text + used, sizeof err->text - used, ": %s", inner);
    return false;
}

const char *err_quote(struct str s, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < s.n && used + 5 <= size; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c >= 0x20 && c < 0x7f)
            out[used++] = (char)c;
        else
            used += (size_t)snprintf(out + used, size - used, "\\x%02x", c);
    }
    if (size)
        out[used] = '\0';
    return out;
}
