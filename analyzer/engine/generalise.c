/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the text: at every place where a token may begin, the kinds of general_kind.h are
 * tried. What none of them takes is a fixed piece. From the pieces come the expression, the
 * template and the near text.
 */
#include "analyzer/engine/generalise.h"

#include "analyzer/engine/general_kind.h"

#include <string.h>

enum { WORD_LEAST = 4, SLUG_WORDS = 4, NAME_BYTES = 20 };

struct piece {
    struct str text;
    struct str regex; /* empty: fixed */
    struct str name;
};

struct pieces {
    VEC(struct piece);
};

/* Printable, one line, valid UTF-8; what is not is left out with all that follows it. */
static struct str printable_line(struct str text)
{
    struct str s = str_first(text, GENERAL_BYTES), rest;
    uint32_t code;
    size_t n = 0;

    for (rest = s; rest.n; n = s.n - rest.n)
        if (!str_take_utf8(&rest, &code) || (code < ' ' && code != '\t') ||
            (code >= 0x7f && code < 0xa0))
            break;
    return str_trim(str_first(s, n));
}

/* "sector 20480" is called sector; words that say nothing give no name. */
static struct str name_before(struct str before)
{
    static const struct str empty[] = {
        { STR_INIT("after") }, { STR_INIT("in") },   { STR_INIT("for") },  { STR_INIT("to") },
        { STR_INIT("of") },    { STR_INIT("at") },   { STR_INIT("from") }, { STR_INIT("on") },
        { STR_INIT("with") },  { STR_INIT("the") },  { STR_INIT("is") },   { STR_INIT("was") },
        { STR_INIT("by") },    { STR_INIT("and") },  { STR_INIT("than") }, { STR_INIT("or") },
        { STR_INIT("not") },   { STR_INIT("have") }, { STR_INIT("all") },  { STR_INIT("only") },
    };
    struct str s = before;
    size_t n = 0;

    while (s.n && strchr(" =:#(", s.p[s.n - 1]))
        s.n--;
    if (s.n == before.n)
        return (struct str){ 0 };
    while (n < s.n && s.p[s.n - n - 1] >= 'a' && s.p[s.n - n - 1] <= 'z')
        n++;
    if (n < 2 || n > NAME_BYTES || (n < s.n && char_is_word(s.p[s.n - n - 1])))
        return (struct str){ 0 };
    s = str_from_at(s, s.n - n);
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++)
        if (str_eq(s, empty[i]))
            return (struct str){ 0 };
    return s;
}

/* `name`, or `name`2, `name`3 … when it is taken. */
static struct str free_name(struct arena *a, const struct pieces *all, struct str name)
{
    struct str tried = name;

    for (unsigned n = 2;; n++) {
        bool taken = false;

        for (size_t i = 0; i < all->n; i++)
            taken = taken || str_eq(all->p[i].name, tried);
        if (!taken)
            return tried;
        tried = arena_printf(a, "%.*s%u", STR_ARG(name), n);
        if (!tried.n)
            return tried;
    }
}

static bool add_piece(struct arena *a, struct pieces *all, struct piece piece)
{
    struct piece *slot = piece.text.n ? vec_push(a, all) : NULL;

    if (slot)
        *slot = piece;
    return slot || !piece.text.n;
}

static bool cut(struct arena *a, struct str text, struct pieces *all)
{
    struct str in = text, rest;
    size_t from = 0;

    while (in.n) {
        size_t at = text.n - in.n;
        bool inside = at > 0 && char_is_word(text.p[at - 1]);
        const struct general_kind *kind = inside ? NULL : general_kind_at(text, at, &rest);
        struct str taken, before, name;
        size_t quote;

        if (!kind) {
            in = str_from_at(in, 1);
            continue;
        }
        taken = str_first(in, in.n - rest.n);
        quote = taken.p[0] == '"' || taken.p[0] == '\''; /* the quotes stay fixed */
        before = (struct str){ .p = text.p + from, .n = at + quote - from };
        name = kind->number ? name_before(before) : (struct str){ 0 };
        name = free_name(a, all, name.n ? name : kind->name);
        taken = (struct str){ .p = taken.p + quote, .n = taken.n - 2 * quote };
        if (!name.n || !add_piece(a, all, (struct piece){ .text = before }) ||
            !add_piece(a, all, (struct piece){ taken, kind->regex, name }))
            return false;
        from = at + quote + taken.n;
        in = str_from_at(text, from + quote);
    }
    return add_piece(a, all, (struct piece){ .text = str_from_at(text, from) });
}

/*
 * A fixed text as an expression. What is not ASCII is any bytes, so that the whole stays plain; a
 * tab is written so that it is seen.
 */
static size_t escape(struct str text, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] >= 0x80) {
            if (i && (unsigned char)text.p[i - 1] >= 0x80)
                continue;
            out[n++] = '.';
            out[n++] = '+';
            continue;
        }
        if (strchr("\t\\^$.|?*+()[]{}", text.p[i]))
            out[n++] = '\\';
        out[n++] = text.p[i] == '\t' ? 't' : text.p[i];
    }
    return n;
}

static struct str make_regex(struct arena *a, const struct pieces *all, bool whole)
{
    struct str out = whole ? STR("^") : STR("");

    for (size_t i = 0; i < all->n; i++) {
        const struct piece *p = &all->p[i];
        char escaped[2 * GENERAL_BYTES];
        size_t n = p->regex.n ? 0 : escape(p->text, escaped);

        out = p->regex.n ? arena_printf(a, "%.*s(?<%.*s>%.*s)", STR_ARG(out), STR_ARG(p->name),
                                        STR_ARG(p->regex))
                         : arena_printf(a, "%.*s%.*s", STR_ARG(out), (int)n, escaped);
    }
    return out;
}

/* Titles are one line of words. */
static struct str blanks_for_tabs(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.n);

    for (size_t i = 0; out && i < s.n; i++)
        out[i] = s.p[i] == '\t' ? ' ' : s.p[i];
    return (struct str){ out, out ? s.n : 0 };
}

/* "${" of the log itself would be a name: it is doubled. */
static struct str make_worded(struct arena *a, const struct pieces *all)
{
    struct str out = { 0 };

    for (size_t i = 0; i < all->n; i++) {
        struct str text = all->p[i].text, head;

        if (all->p[i].regex.n) {
            out = arena_printf(a, "%.*s${%.*s}", STR_ARG(out), STR_ARG(all->p[i].name));
            continue;
        }
        while (str_take_until_str(&text, STR("${"), &head))
            out = arena_printf(a, "%.*s%.*s$${", STR_ARG(out), STR_ARG(head));
        out = arena_printf(a, "%.*s%.*s", STR_ARG(out), STR_ARG(text));
    }
    return blanks_for_tabs(a, out);
}

/* The next run of ASCII letters of `in`; false at its end. */
static bool take_letters(struct str *in, struct str *out)
{
    size_t n = 0;

    while (in->n && !char_is_alpha(in->p[0]))
        *in = str_from_at(*in, 1);
    while (n < in->n && char_is_alpha(in->p[n]))
        n++;
    *out = str_first(*in, n);
    *in = str_from_at(*in, n);
    return n > 0;
}

/* The longest fixed word, the last of those: what says that something failed stands behind. */
static struct str longest_word(const struct pieces *all)
{
    struct str best = { 0 }, s, word;

    for (size_t i = 0; i < all->n; i++) {
        s = all->p[i].regex.n ? (struct str){ 0 } : all->p[i].text;
        while (take_letters(&s, &word))
            if (word.n >= best.n)
                best = word;
    }
    return best;
}

static struct str make_slug(struct arena *a, const struct pieces *all)
{
    struct str out = { 0 }, s, word;
    char lower[NAME_BYTES];
    size_t words = 0;

    for (size_t i = 0; i < all->n; i++) {
        s = all->p[i].regex.n ? (struct str){ 0 } : all->p[i].text;
        while (words < SLUG_WORDS && take_letters(&s, &word)) {
            size_t n = word.n < sizeof lower ? word.n : sizeof lower;

            if (word.n < 3)
                continue;
            for (size_t k = 0; k < n; k++)
                lower[k] = char_lower(word.p[k]);
            out = arena_printf(a, "%.*s%s%.*s", STR_ARG(out), out.n ? "-" : "", (int)n, lower);
            words++;
        }
    }
    return out;
}

static bool list_captures(struct arena *a, const struct pieces *all, struct general *out)
{
    for (size_t i = 0; i < all->n; i++) {
        struct general_capture *slot = all->p[i].regex.n ? vec_push(a, &out->captures) : NULL;

        if (slot)
            *slot = (struct general_capture){ all->p[i].name, all->p[i].text };
        else if (all->p[i].regex.n)
            return false;
    }
    return true;
}

bool generalise(struct arena *a, struct str text, bool whole, struct general *out)
{
    struct general g = { .text = arena_str(a, printable_line(text)) };
    struct pieces all = { 0 };
    struct str word;
    size_t at;

    if (!g.text.n || !cut(a, g.text, &all))
        return false;
    word = longest_word(&all);
    if (word.n < WORD_LEAST || !list_captures(a, &all, &g))
        return false;
    at = (size_t)(word.p - g.text.p);
    g.near = arena_printf(a, "%.*s%s%.*s", (int)at, g.text.p,
                          str_eq(word, STR("other")) ? "another thing" : "other",
                          STR_ARG(str_from_at(g.text, at + word.n)));
    if (g.captures.n)
        g.regex = make_regex(a, &all, whole && text.p[0] == g.text.p[0]);
    g.worded = make_worded(a, &all);
    g.slug = make_slug(a, &all);
    *out = g;
    return g.near.n && g.worded.n && g.slug.n && (g.regex.n || !g.captures.n);
}
