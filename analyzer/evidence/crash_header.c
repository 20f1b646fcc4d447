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

/*
 * Each header has one of these bytes behind its first word; looking for them alone rules out most
 * lines at the cost of one memchr() or two.
 */
static bool may_hold_header(struct str line)
{
    return line.n >= 5 && (str_find_char(line, ':') != STR_NOT_FOUND ||
                           str_find(line, STR("Kernel ")) != STR_NOT_FOUND ||
                           str_find(line, STR("kernel")) != STR_NOT_FOUND ||
                           str_find(line, STR("BUG kmalloc-")) != STR_NOT_FOUND ||
                           str_find(line, STR("general protection")) != STR_NOT_FOUND);
}

static bool is_excluded(enum crash_header h, struct str line)
{
    for (size_t i = 0; i < sizeof exclusions / sizeof exclusions[0]; i++)
        if (exclusions[i].header == h && crash_pattern_in(exclusions[i].pattern, line))
            return true;
    return false;
}

enum crash_header crash_header_find(struct str line, size_t *at)
{
    if (!may_hold_header(line))
        return HEADER_NONE;
    for (int h = HEADER_NONE + 1; h < HEADER_COUNT; h++) {
        size_t found = str_find(line, headers[h].literal);

        if (found == STR_NOT_FOUND || is_excluded((enum crash_header)h, line))
            continue;
        *at = found;
        return (enum crash_header)h;
    }
    return HEADER_NONE;
}

unsigned crash_header_flags(enum crash_header h)
{
    return headers[h].flags;
}
