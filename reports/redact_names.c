/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sorted array, searched once for each word of a text: when any name begins the rest of the text,
 * then the last one that is not behind it in the order either does or begins with one that does. So
 * each name points to the longest name that it begins with, and a search ends in a short walk. Most
 * words are not even searched for: no name begins with their first three bytes.
 */
#include "reports/redact_names.h"

#include <stdlib.h>

enum { BEGIN_BITS = 20, LOWER_MAX = 4096 };

static size_t begin_of(const char *p)
{
    uint32_t bytes = (uint32_t)(unsigned char)char_lower(p[0]) << 16 |
                     (uint32_t)(unsigned char)char_lower(p[1]) << 8 |
                     (uint32_t)(unsigned char)char_lower(p[2]);

    return (bytes * 2654435761u) >> (32 - BEGIN_BITS);
}

/* `s` in lower case, in `buffer`; empty when it is longer than a name may be. */
static struct str lowered(struct str s, char buffer[LOWER_MAX])
{
    if (s.n > LOWER_MAX)
        return (struct str){ 0 };
    for (size_t i = 0; i < s.n; i++)
        buffer[i] = char_lower(s.p[i]);
    return (struct str){ buffer, s.n };
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!char_is_alpha(s.p[i]))
            return false;
    return true;
}

bool names_add(struct names *names, struct str text, struct str token)
{
    char buffer[LOWER_MAX];
    struct str lower = lowered(str_first(text, LOWER_MAX), buffer);
    size_t before = names->known.of.n, begin;
    struct str *slot;
    struct name *name;

    if (str_set_find(&names->known, lower) != STR_NOT_FOUND)
        return true;
    if (!names->begins)
        names->begins = arena_new(names->arena, uint64_t, ((size_t)1 << BEGIN_BITS) / 64);
    if (!names->begins || str_set_add(names->arena, &names->known, lower) != before ||
        !(slot = vec_push(names->arena, &names->tokens)) ||
        !(name = vec_push(names->arena, &names->of)))
        return false;
    *slot = arena_str(names->arena, token);
    *name = (struct name){ .text = names->known.of.p[before],
                           .token = *slot,
                           .plain = is_plain(lower) };
    if (lower.n >= NAME_MIN) {
        begin = begin_of(lower.p);
        names->begins[begin / 64] |= (uint64_t)1 << begin % 64;
    }
    names->settled = false;
    return name->token.n == token.n;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static void settle(struct names *names)
{
    struct name *all = names->of.p;

    if (names->settled)
        return;
    names->settled = true;
    if (names->of.n)
        qsort(all, names->of.n, sizeof *all, by_text);
    for (size_t i = 0; i < names->of.n; i++) {
        size_t inner = i ? i - 1 : STR_NOT_FOUND;

        while (inner != STR_NOT_FOUND && !str_starts(all[i].text, all[inner].text))
            inner = all[inner].inner;
        all[i].inner = inner;
    }
}

/* How many bytes the name and the text begin with in common; the first `same` are known to be. */
static size_t in_common(struct str name, struct str text, size_t same)
{
    size_t n = name.n < text.n ? name.n : text.n;

    while (same < n && name.p[same] == char_lower(text.p[same]))
        same++;
    return same;
}

/* Does the name stand behind the text, of which it has `same` bytes, in the order? */
static bool is_behind(struct str name, struct str text, size_t same)
{
    if (same == name.n || same == text.n)
        return same < name.n;
    return (unsigned char)name.p[same] > (unsigned char)char_lower(text.p[same]);
}

/*
 * The last name that is not behind the text in the order, and in *same how many bytes of it the
 * text begins with. What both ends of the search have in common with the text all between them
 * have, too: no byte of the text is looked at once for each step.
 */
static size_t last_before(const struct names *names, struct str text, size_t *same)
{
    size_t low = 0, high = names->of.n, low_same = 0, high_same = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct str name = names->of.p[middle].text;
        size_t n = in_common(name, text, low_same < high_same ? low_same : high_same);

        if (is_behind(name, text, n)) {
            high = middle;
            high_same = n;
        } else {
            low = middle + 1;
            low_same = n;
        }
    }
    *same = low_same;
    return low ? low - 1 : STR_NOT_FOUND;
}

bool names_token(const struct names *names, struct str text, struct str *token)
{
    char buffer[LOWER_MAX];
    size_t number = str_set_find(&names->known, lowered(text, buffer));

    if (number >= names->tokens.n)
        return false;
    *token = names->tokens.p[number];
    return true;
}

static bool is_word_char(char c)
{
    return char_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

/*
 * "_" joins words of one identifier, but what it joins to a name that is no common word is not the
 * name's: the disks of the VM web-17 are web-17_1.vmdk and so on.
 */
static bool stands_alone(const struct name *name, struct str text, size_t at)
{
    size_t end = at + name->text.n;

    if (at > 0 && is_word_char(text.p[at - 1]) && (name->plain || text.p[at - 1] != '_'))
        return false;
    if (end == text.n || !is_word_char(text.p[end]))
        return true;
    if (text.p[end] != '_')
        return false;
    return !name->plain || (end + 1 < text.n && char_is_digit(text.p[end + 1]));
}

const struct name *names_at(struct names *names, struct str text, size_t at)
{
    struct str rest = str_from_at(text, at);
    size_t begin, same, i;

    if (rest.n < NAME_MIN || !names->begins ||
        (at > 0 && is_word_char(text.p[at - 1]) && text.p[at - 1] != '_'))
        return NULL;
    begin = begin_of(rest.p);
    if (!(names->begins[begin / 64] >> begin % 64 & 1))
        return NULL;
    settle(names);
    for (i = last_before(names, rest, &same); i != STR_NOT_FOUND; i = names->of.p[i].inner)
        if (names->of.p[i].text.n <= same && stands_alone(&names->of.p[i], text, at))
            return &names->of.p[i];
    return NULL;
}
