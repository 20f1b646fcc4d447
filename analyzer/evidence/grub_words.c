/* SPDX-License-Identifier: Apache-2.0 */
/* Variables, quotes and words of GRUB's shell; see grub_words.h. */
#include "analyzer/evidence/grub_words.h"

#include "analyzer/core/limits.h"

struct placed grub_value(const struct grub *g, struct str name)
{
    for (size_t i = 0; i < g->variables.n; i++)
        if (str_eq(g->variables.p[i].name, name))
            return g->variables.p[i].value;
    return (struct placed){ 0 };
}

void grub_set(struct grub *g, struct str name, struct placed value)
{
    struct grub_variable *slot;

    for (size_t i = 0; i < g->variables.n; i++) {
        if (str_eq(g->variables.p[i].name, name)) {
            g->variables.p[i].value = value;
            return;
        }
    }
    slot = g->variables.n < LIMIT_MACHINE_VARIABLES ? vec_push(g->arena, &g->variables) : NULL;
    g->full |= !slot;
    if (slot)
        *slot = (struct grub_variable){ name, value };
}

static size_t name_length(struct str s)
{
    size_t n = 0;

    while (n < s.n && char_is_word(s.p[n]))
        n++;
    return n;
}

/* $name or ${name} at the cursor; false when the '$' is only a '$'. */
static bool take_variable(const struct grub *g, struct str *in, struct str *value)
{
    struct str s = *in, name;

    if (!str_take_char(&s, '$'))
        return false;
    if (str_take_char(&s, '{')) {
        if (!str_take_until(&s, '}', &name))
            return false;
    } else {
        name = str_first(s, name_length(s));
        s = str_from_at(s, name.n);
    }
    if (name.n == 0)
        return false;
    *value = grub_value(g, name).text;
    *in = s;
    return true;
}

void grub_append(struct grub *g, struct str *word, struct str piece)
{
    if (piece.n == 0)
        return;
    if (word->n + piece.n > LIMIT_LINE_BYTES) {
        g->full = true;
        return;
    }
    *word = word->n ? arena_printf(g->arena, "%.*s%.*s", STR_ARG(*word), STR_ARG(piece)) : piece;
}

struct str grub_expand(struct grub *g, struct str text)
{
    struct str word = { 0 }, value;

    while (text.n) {
        size_t plain = str_find_char(text, '$');

        if (take_variable(g, &text, &value)) {
            grub_append(g, &word, value);
            continue;
        }
        plain = plain == STR_NOT_FOUND ? text.n : plain ? plain : 1;
        grub_append(g, &word, str_first(text, plain));
        text = str_from_at(text, plain);
    }
    return word;
}

static void push_word(struct grub_words *w, struct str word)
{
    if (w->n < GRUB_WORDS_MAX)
        w->p[w->n++] = word;
}

/* "…": variables are filled in, a backslash keeps the next byte. */
static void take_quoted(struct grub *g, struct str *in, struct str *word)
{
    struct str value;

    while (in->n && !str_take_char(in, '"')) {
        size_t n = 0;

        if (take_variable(g, in, &value)) {
            grub_append(g, word, value);
            continue;
        }
        if (in->p[0] == '\\' && in->n > 1)
            *in = str_from_at(*in, 1);
        do
            n++;
        while (n < in->n && in->p[n] != '"' && in->p[n] != '$' && in->p[n] != '\\');
        grub_append(g, word, str_first(*in, n));
        *in = str_from_at(*in, n);
    }
}

/* An unquoted variable is cut into words at its blanks: the rest of it goes before the cursor. */
static void append_split(struct grub *g, struct grub_words *w, struct str *word, struct str value)
{
    struct str piece;

    while (value.n) {
        size_t blanks = str_take_spaces(&value);

        if (blanks && word->n) {
            push_word(w, *word);
            *word = (struct str){ 0 };
        }
        if (str_take_word(&value, &piece))
            grub_append(g, word, piece);
        else
            break;
    }
}

static bool ends_word(char c)
{
    return char_is_space(c) || c == ';' || c == '{' || c == '}';
}

/* One word; blanks are gone already. Quoted nothing is a word, an unset variable is none. */
static void take_one_word(struct grub *g, struct str *in, struct grub_words *w)
{
    struct str word = { 0 }, value, part;
    bool quoted = false;

    while (in->n && !ends_word(in->p[0])) {
        size_t n = 0;

        if (str_take_char(in, '"')) {
            take_quoted(g, in, &word);
            quoted = true;
        } else if (str_take_char(in, '\'')) {
            if (!str_take_until(in, '\'', &part)) {
                part = *in;
                *in = (struct str){ 0 };
            }
            grub_append(g, &word, part);
            quoted = true;
        } else if (take_variable(g, in, &value)) {
            append_split(g, w, &word, value);
        } else {
            if (in->p[0] == '\\' && in->n > 1)
                *in = str_from_at(*in, 1);
            do
                n++;
            while (n < in->n && !ends_word(in->p[n]) &&
                   !(in->p[n] == '$' || in->p[n] == '"' || in->p[n] == '\'' || in->p[n] == '\\'));
            grub_append(g, &word, str_first(*in, n));
            *in = str_from_at(*in, n);
        }
    }
    if (word.n || quoted)
        push_word(w, word);
}

bool grub_take_command(struct grub *g, struct str *in, struct grub_words *w, char *end)
{
    w->n = 0;
    *end = '\0';
    for (;;) {
        str_take_spaces(in);
        if (in->n == 0)
            return w->n > 0;
        if (in->p[0] == '#' && w->n == 0) {
            *in = (struct str){ 0 };
            return false;
        }
        if (ends_word(in->p[0])) {
            str_take_any(in, end);
            return true;
        }
        take_one_word(g, in, w);
    }
}
