/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of short texts; see words.h. */
#include "analyzer/engine/words.h"

#include <string.h>

void words_init(struct words *w)
{
    w->n = 1;
    w->at[0].n = 0;
}

static void word_set(struct word *to, const struct word *head, const struct word *tail)
{
    memcpy(to->p, head->p, head->n);
    memcpy(to->p + head->n, tail->p, tail->n);
    to->n = head->n + tail->n;
}

void words_copy(struct words *to, const struct words *from)
{
    to->n = 0;
    words_add(to, from);
}

bool words_add(struct words *to, const struct words *more)
{
    static const struct word nothing;

    if (to->n + more->n > WORDS)
        return false;
    for (size_t i = 0; i < more->n; i++)
        word_set(&to->at[to->n++], &more->at[i], &nothing);
    return true;
}

size_t words_shortest(const struct words *w)
{
    size_t least = w->n ? WORD_BYTES : 0;

    for (size_t i = 0; i < w->n; i++)
        least = w->at[i].n < least ? w->at[i].n : least;
    return least;
}

static size_t longest(const struct words *w)
{
    size_t most = 0;

    for (size_t i = 0; i < w->n; i++)
        most = w->at[i].n > most ? w->at[i].n : most;
    return most;
}

size_t words_append(struct words *w, struct str s)
{
    s = str_first(s, WORD_BYTES - longest(w));
    for (size_t i = 0; s.n && i < w->n; i++) {
        memcpy(w->at[i].p + w->at[i].n, s.p, s.n);
        w->at[i].n += s.n;
    }
    return s.n;
}

bool words_multiply(struct words *w, const struct words *by)
{
    struct words product;

    if (w->n * by->n > WORDS || longest(w) + longest(by) > WORD_BYTES)
        return false;
    product.n = 0;
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = 0; k < by->n; k++)
            word_set(&product.at[product.n++], &w->at[i], &by->at[k]);
    words_copy(w, &product);
    return true;
}
