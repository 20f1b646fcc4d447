/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is flags, a pattern, '\n' and a subject: where the pattern matches, one of its literals
 * must stand in the subject.
 */
#include "analyzer/engine/literal.h"
#include "analyzer/engine/pattern.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool stands(const struct literals *all, struct str subject)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct literal *l = &all->p[i];

        if (l->text.n < PREFILTER_MIN)
            abort();
        if ((l->nocase ? str_find_nocase(subject, l->text) : str_find(subject, l->text)) !=
            STR_NOT_FOUND)
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = { .p = (const char *)data, .n = size }, regex;
    struct arena a = { .limit_bytes = 1 << 20 };
    struct literals all = { 0 };
    struct pattern_scratch *s;
    struct pattern *p;
    char flags;

    if (!str_take_any(&in, &flags) || !str_take_until(&in, '\n', &regex))
        return 0;
    p = pattern_new(regex, flags & 1, NULL);
    s = pattern_scratch_new(flags & 2);
    if (p && literal_extract(&a, regex, flags & 1, &all) && !stands(&all, in) &&
        pattern_match(p, s, in, NULL) == PATTERN_YES)
        abort();
    pattern_scratch_free(s);
    pattern_free(p);
    arena_done(&a);
    return 0;
}
