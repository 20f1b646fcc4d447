/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input is a list of literals and a text: the prefilter must find what a naive search finds.
 *
 *     bytes: count, then (length, case, literal) for each, then the text
 */
#include "analyzer/engine/prefilter.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LITERALS_MAX = 200 };

struct expected {
    struct literal literals[LITERALS_MAX];
    bool found[LITERALS_MAX];
};

static void note_found(void *ctx, uint32_t literal)
{
    ((struct expected *)ctx)->found[literal] = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = { .p = (const char *)data, .n = size };
    struct expected e = { 0 };
    struct prefilter *f;
    size_t n = 0, first = SIZE_MAX;
    char count = 0, head = 0;

    str_take_any(&in, &count);
    while (n < (uint8_t)count % LITERALS_MAX && str_take_any(&in, &head)) {
        size_t bytes = PREFILTER_MIN + ((uint8_t)head >> 1) % 32;

        if (bytes > in.n)
            break;
        e.literals[n++] = (struct literal){ str_first(in, bytes), head & 1 };
        in = str_from_at(in, bytes);
    }
    f = prefilter_new(e.literals, n);
    prefilter_scan(f, in, note_found, &e);
    for (size_t i = 0; i < n; i++) {
        const struct literal *l = &e.literals[i];
        size_t at = l->nocase ? str_find_nocase(in, l->text) : str_find(in, l->text);

        if (e.found[i] != (at != STR_NOT_FOUND))
            abort();
        first = at != STR_NOT_FOUND && at < first ? at : first;
    }
    if (prefilter_next(f, in, 0) != first)
        abort();
    prefilter_free(f);
    return 0;
}
