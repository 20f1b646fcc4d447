/* SPDX-License-Identifier: Apache-2.0 */
/* What the redactor is told: names, paths, and those of a case; see redact.h. */
#include "reports/redact_inner.h"

#include "parsers/walk.h"
#include "reports/redact_words.h"

#include <string.h>

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

/* `name` with `dash` for each "-"; empty: out of memory. */
static struct str with_dashes(struct arena *arena, struct str name, struct str dash)
{
    size_t dashes = 0, n = 0;
    char *all;

    for (size_t i = 0; i < name.n; i++)
        dashes += name.p[i] == '-';
    all = arena_new(arena, char, name.n + dashes * (dash.n - 1));
    if (!all)
        return (struct str){ 0 };
    for (size_t i = 0; i < name.n; i++) {
        struct str part = name.p[i] == '-' ? dash : (struct str){ name.p + i, 1 };

        memcpy(all + n, part.p, part.n);
        n += part.n;
    }
    return (struct str){ all, n };
}

/*
 * A volume group that is named like its machine writes "-" as the device mapper does, and units of
 * systemd's write that again: "web-7" is in "/dev/mapper/web--7--vg-root" and in
 * "dev-mapper-web\\x2d\\x2d7\\x2d\\x2dvg\\x2droot.device".
 */
static void learn_spellings(struct redactor *r, struct str name, struct str token)
{
    static const char *const dashes[] = { "--", "\\x2d", "\\x2d\\x2d" };

    for (size_t i = 0; i < sizeof dashes / sizeof dashes[0]; i++) {
        struct str spelled = with_dashes(&r->arena, name, str_from(dashes[i]));

        if (spelled.n)
            add(r, &r->names, spelled, token);
        else
            r->full = true;
    }
}

void redact_learn(struct redactor *r, enum value_sort sort, struct str name)
{
    bool number, everywhere;
    struct str token;

    name = str_trim(name);
    number = redact_is_number(name);
    everywhere = name.n >= NAME_MIN && !number && !redact_is_ordinary(name);
    if (name.n == 0)
        return;
    if (everywhere) {
        token = tokens_of(&r->tokens, kind_of(sort), name);
        add(r, &r->names, name, token);
        if (str_find_char(name, '-') != STR_NOT_FOUND)
            learn_spellings(r, name, token);
        return;
    }
    /* "1" as a count is no machine's name; what looks like an address is found by its shape. */
    redact_keep(r, name);
    if (!number || name.n >= NAME_MIN)
        add(r, &r->whole, name, tokens_of(&r->tokens, kind_of(sort), name));
}

/* "uuid" when all of a component is one, and so on; else "path". */
static const char *shape_of(const struct redactor *r, struct str c)
{
    struct kind_search search = { 0 };
    const char *kind = "path";
    struct str value;

    if (kinds_next(&r->kinds, &search, c, 0, &value, &kind) && value.n != c.n)
        kind = "path";
    return kind;
}

/* How one component of a path is shown: its learned name, else a token, and its ending. */
static struct str show_component(struct redactor *r, struct str c)
{
    struct str stem = str_first(c, redact_own_part(c)), token;

    if (names_token(&r->names, c, &token) || names_token(&r->whole, c, &token))
        return token;
    if (stem.n == 0)
        return c;
    if (!names_token(&r->names, stem, &token) && !names_token(&r->whole, stem, &token))
        token = tokens_of(&r->tokens, shape_of(r, stem), stem);
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

    if (shown.n == 0 && text.n)
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
        learn_shown(r, str_first(rest, n), part);
        shown = arena_printf(&r->arena, "%.*s%s%.*s", STR_ARG(shown), at ? "/" : "", STR_ARG(part));
        at += n;
        if (at)
            learn_shown(r, str_first(path, at), shown);
        at++;
    }
}

/* As DNS has them; a VM may be called "Copy of web (2.1)". */
static bool is_host_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!char_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '-' && s.p[i] != '_')
            return false;
    return !redact_is_number(s);
}

/* "web.lab.example.org" is called "web", too, and others are of "lab.example.org". */
static void learn_host(struct redactor *r, struct str host)
{
    size_t dot = is_host_name(host) ? str_find_char(host, '.') : STR_NOT_FOUND;
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

/* "lab/web-7/x.bin: holds no log": what is no input is named in notes alone. */
static void learn_note(struct redactor *r, struct str note)
{
    struct str path;

    if (str_take_until_str(&note, STR(": "), &path) &&
        (str_find_char(path, '/') != STR_NOT_FOUND ||
         (str_find_char(path, '.') != STR_NOT_FOUND && str_find_char(path, ' ') == STR_NOT_FOUND)))
        redact_learn_path(r, path);
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
    if (a->machine)
        redact_learn_path(r, a->machine->root_name);
    for (size_t i = 0; i < a->inputs.n; i++) {
        redact_learn_path(r, a->inputs.p[i].name);
        redact_learn_path(r, a->inputs.p[i].given);
    }
    for (size_t i = 0; i < a->notes.n; i++)
        learn_note(r, a->notes.p[i].text);
}

void redact_learn_cases(struct redactor *r, const struct cases *cases)
{
    for (size_t i = 0; i < cases->of.n; i++)
        learn_names(r, &cases->of.p[i].names);
    for (size_t i = 0; i < cases->changed.n; i++)
        redact_learn_path(r, cases->changed.p[i]);
    for (size_t i = 0; i < cases->of.n; i++) {
        const struct case_result *c = &cases->of.p[i];

        learn_identity(r, c->id, c->name);
        for (size_t k = 0; k < c->inputs.n; k++)
            redact_learn_path(r, c->inputs.p[k].name);
        for (size_t k = 0; k < c->notes.n; k++)
            learn_note(r, c->notes.p[k]);
    }
}

void redact_learn_machine(struct redactor *r, struct str id, struct str name)
{
    if (redact_own_part(walk_base(name)) == name.n)
        learn_host(r, name);
    learn_identity(r, id, name);
}
