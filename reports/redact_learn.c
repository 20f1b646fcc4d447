/* SPDX-License-Identifier: Apache-2.0 */
/* What the redactor is told: names, paths, and those of a case; see redact.h. */
#include "reports/redact_inner.h"

#include "parsers/walk.h"
#include "reports/redact_words.h"

static const char *kind_of(enum value_sort sort)
{
    static const char *const words[] = {
        [SORT_OTHER] = "name", [SORT_HOST] = "host", [SORT_USER] = "user", [SORT_IP] = "ip",
        [SORT_MAC] = "mac",    [SORT_UUID] = "uuid", [SORT_PATH] = "path", [SORT_DEVICE] = "device",
    };

    return words[sort];
}

static void add(struct redactor *r, struct names *names, struct str text, struct str token)
{
    r->full = !names_add(names, text, token) || r->full;
}

void redact_learn(struct redactor *r, enum value_sort sort, struct str name)
{
    bool number, everywhere;

    name = str_trim(name);
    number = redact_is_number(name);
    everywhere = name.n >= NAME_MIN && !number && !redact_is_ordinary(name);
    if (name.n == 0)
        return;
    if (everywhere) {
        add(r, &r->names, name, tokens_of(&r->tokens, kind_of(sort), name));
        return;
    }
    /* "1" as a count is no machine's name; what looks like an address is found by its shape. */
    redact_keep(r, name);
    if (!number || name.n >= NAME_MIN)
        add(r, &r->whole, name, tokens_of(&r->tokens, kind_of(sort), name));
}

/* How one component of a path is shown: its learned name, else a token, and its ending. */
static struct str show_component(struct redactor *r, struct str c)
{
    struct str stem = str_first(c, redact_own_part(c)), token;

    if (stem.n == 0)
        return c;
    if (!names_token(&r->names, stem, &token) && !names_token(&r->whole, stem, &token))
        token = tokens_of(&r->tokens, "path", stem);
    return arena_printf(&r->arena, "%.*s%.*s", STR_ARG(token), STR_ARG(str_from_at(c, stem.n)));
}

/*
 * A component alone is a word: "web-7.log" is found wherever it stands, "incoming" only where it is
 * all of a text.
 */
static void learn_shown(struct redactor *r, struct str text, struct str shown)
{
    bool word =
            str_find_char(text, '/') != STR_NOT_FOUND || str_find_char(text, '.') != STR_NOT_FOUND;

    if (shown.n == 0)
        r->full = true;
    else if (!str_eq(text, shown))
        add(r, word && text.n >= NAME_MIN ? &r->names : &r->whole, text, shown);
}

void redact_learn_path(struct redactor *r, struct str path)
{
    struct str shown = { 0 }, known;
    size_t at = 0;

    if (!path.n || names_token(&r->names, path, &known) || names_token(&r->whole, path, &known))
        return;
    while (at <= path.n) {
        struct str rest = str_from_at(path, at), part;
        size_t slash = str_find_char(rest, '/');
        size_t n = slash == STR_NOT_FOUND ? rest.n : slash;

        part = show_component(r, str_first(rest, n));
        shown = arena_printf(&r->arena, "%.*s%s%.*s", STR_ARG(shown), at ? "/" : "", STR_ARG(part));
        at += n;
        if (at)
            learn_shown(r, str_first(path, at), shown);
        at++;
    }
}

/* "web.lab.example.org" is called "web", too, and others are of "lab.example.org". */
static void learn_host(struct redactor *r, struct str host)
{
    bool label = str_find_char(host, ' ') == STR_NOT_FOUND && !redact_is_number(host);
    size_t dot = label ? str_find_char(host, '.') : STR_NOT_FOUND;
    struct str domain;

    redact_learn(r, SORT_HOST, host);
    if (dot == STR_NOT_FOUND)
        return;
    redact_learn(r, SORT_HOST, str_first(host, dot));
    domain = str_from_at(host, dot + 1);
    if (str_find_char(domain, '.') != STR_NOT_FOUND)
        redact_learn(r, SORT_HOST, domain);
}

static bool is_letters(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!char_is_alpha(s.p[i]))
            return false;
    return true;
}

/* A machine is named by its log, else by where the log lies: that may be an ordinary word. */
static void learn_identity(struct redactor *r, struct str id, struct str name)
{
    struct str base = walk_base(name), stem = str_first(base, redact_own_part(base));

    if (!is_letters(stem))
        redact_learn(r, SORT_HOST, stem);
    redact_learn_path(r, id);
    redact_learn_path(r, name);
}

static void learn_names(struct redactor *r, const struct strs *names)
{
    for (size_t i = 0; i < names->n; i++)
        learn_host(r, names->p[i]);
}

void redact_learn_analysis(struct redactor *r, const struct analysis *a)
{
    struct arena arena = { 0 };
    struct strs names = { 0 };

    if (!r)
        return;
    r->full = !analysis_names(a, &arena, &names) || r->full;
    learn_names(r, &names);
    arena_done(&arena);
    learn_identity(r, a->identity.id, a->identity.name);
    for (size_t i = 0; i < a->inputs.n; i++) {
        redact_learn_path(r, a->inputs.p[i].name);
        redact_learn_path(r, a->inputs.p[i].given);
    }
}

void redact_learn_cases(struct redactor *r, const struct cases *cases)
{
    for (size_t i = 0; i < cases->of.n; i++)
        learn_names(r, &cases->of.p[i].names);
    for (size_t i = 0; i < cases->of.n; i++) {
        const struct case_result *c = &cases->of.p[i];

        learn_identity(r, c->id, c->name);
        for (size_t k = 0; k < c->inputs.n; k++)
            redact_learn_path(r, c->inputs.p[k].name);
    }
}
