/* SPDX-License-Identifier: Apache-2.0 */
/* See crash_names.h. */
#include "analyzer/evidence/crash_names.h"

#include "analyzer/evidence/crash_pattern.h"

enum { KEY_BYTES = 3 };

static unsigned place_of(const char *p)
{
    unsigned hash = (unsigned)(unsigned char)p[0] * 961 + (unsigned)(unsigned char)p[1] * 31 +
                    (unsigned char)p[2];

    return hash % NAMES_PLACES;
}

/* Where the pattern's plain bytes begin; NULL when there are too few to stand for it. */
static const char *key_of(const char *pattern)
{
    const char *p = pattern + (*pattern == '^');

    for (int i = 0; i < KEY_BYTES; i++)
        if (!char_is_word(p[i]))
            return NULL;
    return p;
}

void crash_names_init(struct crash_names *x, const char *const *patterns)
{
    *x = (struct crash_names){ .patterns = patterns };
    for (uint8_t i = 0; i < NAMES_MAX && patterns[i]; i++) {
        const char *key = key_of(patterns[i]);
        uint8_t *slot = key ? &x->first[place_of(key)] : &x->odd;

        x->next[i] = *slot;
        *slot = (uint8_t)(i + 1);
    }
}

static bool any_matches(const struct crash_names *x, uint8_t from, const char *here,
                        struct str name)
{
    for (unsigned i = from; i; i = x->next[i - 1]) {
        const char *pattern = x->patterns[i - 1], *key = here ? key_of(pattern) : NULL;

        if (key && (here[0] != key[0] || here[1] != key[1] || here[2] != key[2]))
            continue;
        if (crash_pattern_in(pattern, name))
            return true;
    }
    return false;
}

bool crash_names_has(const struct crash_names *x, struct str name)
{
    for (size_t i = 0; i + KEY_BYTES <= name.n; i++) {
        uint8_t from = x->first[place_of(name.p + i)];

        if (from && any_matches(x, from, name.p + i, name))
            return true;
    }
    return x->odd && any_matches(x, x->odd, NULL, name);
}
