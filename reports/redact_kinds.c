/* SPDX-License-Identifier: Apache-2.0 */
/* A table of expressions and the search through it; see redact_kinds.h. */
#include "reports/redact_kinds.h"

#include "reports/redact_words.h"

/* What names of machines end with, as far as other words do not. */
#define NAME_ENDINGS                                                                               \
    "local|localdomain|lan|corp|internal|intranet|intra|private|home|test|example|invalid|com|"    \
    "net|"                                                                                         \
    "org|edu|gov|mil|int|info|biz|io|cloud|dev|tech|de|at|ch|eu|uk|fr|nl|be|it|es|pl|cz|dk|se|fi|" \
    "cn|in|jp|kr|tw|ru|ua|us|ca|mx|br|au|nz"

static const struct {
    const char *token, *regex;
    struct str hint;
    size_t least; /* bytes of a value */
    bool words;
} kinds_table[] = {
#define KIND(word, inside, bytes, of_words, expression)                                            \
    { .token = (word),                                                                             \
      .regex = (expression),                                                                       \
      .hint = { STR_INIT(inside) },                                                                \
      .least = (bytes),                                                                            \
      .words = (of_words) },
#include "reports/redact_kinds.def"
#undef KIND
};

enum { KINDS = sizeof kinds_table / sizeof kinds_table[0] };
_Static_assert((size_t)KINDS <= (size_t)KIND_COUNT, "a search has room for every kind");

/* Names with one dot that may be somebody's, or a file's: for the list of what was kept. */
static const char suspect_regex[] =
        "(?i)(?<![\\w./@-])(?<v>[a-z][\\w-]*(?:\\.[\\w-]+)*\\.(?:" NAME_ENDINGS
        "))(?![\\w-]|\\.\\w)";

bool kinds_init(struct kinds *kinds)
{
    struct err err;
    bool ok;

    *kinds = (struct kinds){ .scratch = pattern_scratch_new(false),
                             .suspect = pattern_new(STR(suspect_regex), false, &err) };
    ok = kinds->scratch && kinds->suspect;
    for (size_t i = 0; ok && i < KINDS; i++) {
        kinds->patterns[i] = pattern_new(str_from(kinds_table[i].regex), false, &err);
        ok = kinds->patterns[i] != NULL;
    }
    return ok;
}

void kinds_done(struct kinds *kinds)
{
    for (size_t i = 0; i < KINDS; i++)
        pattern_free(kinds->patterns[i]);
    pattern_free(kinds->suspect);
    pattern_scratch_free(kinds->scratch);
}

/* The first value of a kind that is not one that everybody has. */
static bool find(const struct kinds *kinds, size_t kind, struct str rest, struct str *found)
{
    enum pattern_result result = PATTERN_NO;

    while (rest.n >= kinds_table[kind].least &&
           (result = pattern_match(kinds->patterns[kind], kinds->scratch, rest, found)) ==
                   PATTERN_YES) {
        if (!found->n)
            return false;
        if (!redact_is_ordinary(*found) && !(kinds_table[kind].words && redact_is_of_words(*found)))
            return true;
        rest = str_from_at(rest, (size_t)(found->p - rest.p) + found->n);
    }
    if (result != PATTERN_GAVE_UP)
        return false;
    *found = rest;
    return true;
}

bool kinds_next(const struct kinds *kinds, struct kind_search *search, struct str text, size_t from,
                struct str *value, const char **kind)
{
    struct str rest = str_from_at(text, from);

    *value = (struct str){ 0 };
    for (size_t i = 0; i < KINDS; i++) {
        struct str *found = &search->found[i];

        if (!search->over[i] && (!found->p || found->p < rest.p))
            search->over[i] = (kinds_table[i].hint.n &&
                               str_find(rest, kinds_table[i].hint) == STR_NOT_FOUND) ||
                              !find(kinds, i, rest, found);
        if (search->over[i] ||
            (value->p && (found->p > value->p || (found->p == value->p && found->n <= value->n))))
            continue;
        *value = *found;
        *kind = kinds_table[i].token;
    }
    return value->p;
}

bool kinds_suspect(const struct kinds *kinds, struct str *text, struct str *name)
{
    if (text->n < 4 || str_find_char(*text, '.') == STR_NOT_FOUND ||
        pattern_match(kinds->suspect, kinds->scratch, *text, name) != PATTERN_YES || !name->n)
        return false;
    *text = str_from_at(*text, (size_t)(name->p + name->n - text->p));
    return true;
}
