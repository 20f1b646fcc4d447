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

/* The first header of the table that stands at this place, below `below`. */
static int header_at(struct str here, int below)
{
    for (int h = HEADER_NONE + 1; h < below; h++)
        if (headers[h].literal.p[0] == here.p[0] && headers[h].literal.p[1] == here.p[1] &&
            str_starts(here, headers[h].literal))
            return h;
    return below;
}

enum crash_header crash_header_find(struct str line, size_t *at)
{
    int best = HEADER_COUNT;

    for (size_t i = 0; i + 5 <= line.n; i++) {
        int h;

        h = header_at(str_from_at(line, i), best);
        if (h == best || (headers[h].flags & HEADER_START && str_trim(str_first(line, i)).n) ||
            is_excluded((enum crash_header)h, line))
            continue;
        best = h;
        *at = i;
    }
    return best == HEADER_COUNT ? HEADER_NONE : (enum crash_header)best;
}

unsigned crash_header_flags(enum crash_header h)
{
    return headers[h].flags;
}
