/* SPDX-License-Identifier: Apache-2.0 */
/* Putting the lines of one record together; see lines.h. */
#include "parsers/cutter.h"

#include "analyzer/core/limits.h"

#include <string.h>

struct joiner *lines_joiner(struct lines *in)
{
    in->joiner.n = 0;
    in->joiner.n_lines = 0;
    in->joiner.cut = false;
    return &in->joiner;
}

struct str join_add(struct joiner *j, struct str s)
{
    struct str kept = str_first(s, LIMIT_RECORD_BYTES - j->n);
    char *at = j->p + j->n;

    if (kept.n)
        memcpy(at, kept.p, kept.n);
    j->cut |= kept.n < s.n;
    j->n += kept.n;
    return (struct str){ .p = at, .n = kept.n };
}

struct str join_line(struct joiner *j, struct str text, struct str s)
{
    struct str lf, rest;

    if (++j->n_lines >= LIMIT_RECORD_LINES) {
        j->cut = true;
        return text;
    }
    lf = join_add(j, STR("\n"));
    rest = join_add(j, s);
    if (text.p == NULL)
        text.p = lf.p;
    text.n += lf.n + rest.n;
    return text;
}
