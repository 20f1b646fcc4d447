/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the fixed strings that begin a crash report; see crash_header.h. */
#include "analyzer/evidence/crash_header.h"

#include "analyzer/evidence/crash.h"
#include "analyzer/evidence/crash_pattern.h"

struct header_row {
    struct str literal;
    unsigned flags;
};

static const struct header_row headers[] = {
    [HEADER_NONE] = { .flags = 0 },
#define HEADER(sym, text, bits) [HEADER_##sym] = { .literal = { STR_INIT(text) }, .flags = (bits) },
#define NOT_HEADER(sym, pattern)
#include "analyzer/evidence/crash_headers.def"
#undef HEADER
#undef NOT_HEADER
};

static const struct {
    enum crash_header header;
    const char *pattern;
} exclusions[] = {
#define HEADER(sym, text, bits)
#define NOT_HEADER(sym, text) { HEADER_##sym, text },
#include "analyzer/evidence/crash_headers.def"
#undef HEADER
#undef NOT_HEADER
};

const char *const crash_literals[] = {
#define HEADER(sym, text, bits) text,
#define NOT_HEADER(sym, pattern)
#include "analyzer/evidence/crash_headers.def"
#undef HEADER
#undef NOT_HEADER
    NULL,
};

static bool is_excluded(enum crash_header h, struct str line)
{
    for (size_t i = 0; i < sizeof exclusions / sizeof exclusions[0]; i++)
        if (exclusions[i].header == h && crash_pattern_in(exclusions[i].pattern, line))
            return true;
    return false;
}

/* Where in the line the header stands and counts. */
static bool stands_in(enum crash_header h, struct str line, size_t *at)
{
    struct str literal = headers[h].literal;

    for (size_t from = 0; from < line.n; from = *at + 1) {
        size_t found = str_find(str_from_at(line, from), literal);

        if (found == STR_NOT_FOUND)
            return false;
        *at = from + found;
        if (!(headers[h].flags & HEADER_START) || str_trim(str_first(line, *at)).n == 0)
            return !is_excluded(h, line);
    }
    return false;
}

enum crash_header crash_header_find(struct str line, const struct pairs *pairs, size_t *at)
{
    for (int h = HEADER_NONE + 1; h < HEADER_COUNT; h++)
        if (pairs_may_hold(pairs, headers[h].literal) && stands_in((enum crash_header)h, line, at))
            return (enum crash_header)h;
    return HEADER_NONE;
}

bool crash_header_joins(struct str line)
{
    for (int h = HEADER_NONE + 1; h < HEADER_COUNT; h++)
        if ((headers[h].flags & HEADER_JOINS) &&
            str_find(line, headers[h].literal) != STR_NOT_FOUND)
            return true;
    return false;
}

unsigned crash_header_flags(enum crash_header h)
{
    return headers[h].flags;
}
