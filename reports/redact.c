/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens in place of private values; see redact.h. Names are found by redact_names.c, values by
 * their shape by redact_kinds.c, tokens made by redact_tokens.c; what names a case tells, and how a
 * path is shown, is in redact_learn.c.
 */
#include "reports/redact_inner.h"

#include "reports/redact_words.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEPT_MAX = 1000,
    PIECE_BYTES = 32 << 10,  /* half of what a pattern looks at */
    OVERLAP_BYTES = 4 << 10, /* no value is longer */
    ARENA_BYTES = 512 << 20,
};

struct redactor *redactor_new(struct str key)
{
    struct redactor *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    arena_init(&r->arena, ARENA_BYTES);
    r->tokens.arena = r->names.arena = r->whole.arena = &r->arena;
    r->tokens.key = arena_str(&r->arena, key);
    if (kinds_init(&r->kinds))
        return r;
    redactor_free(r);
    return NULL;
}

void redactor_free(struct redactor *r)
{
    if (!r)
        return;
    kinds_done(&r->kinds);
    arena_done(&r->arena);
    free(r->p);
    free(r);
}

static void add(struct redactor *r, struct str s)
{
    if (s.n > r->size - r->n) {
        size_t want = (r->n + s.n) * 2;
        char *p = realloc(r->p, want);

        /* Without memory the rest is left out: nothing private may slip through. */
        if (!p)
            return;
        r->p = p;
        r->size = want;
    }
    if (s.n)
        memcpy(r->p + r->n, s.p, s.n);
    r->n += s.n;
}

void redact_keep(struct redactor *r, struct str s)
{
    if (s.n && r->kept.of.n < KEPT_MAX)
        str_set_add(&r->arena, &r->kept, s);
}

static void keep_suspects(struct redactor *r, struct str s)
{
    struct str found;

    while (r->kept.of.n < KEPT_MAX && kinds_suspect(&r->kinds, &s, &found))
        redact_keep(r, found);
}

struct private_place {
    struct str value; /* within the text */
    struct str token; /* of a name; else by `kind` */
    const char *kind;
};

/* The first name at or behind `from` and in front of `end`. */
static bool find_name(struct redactor *r, struct str text, size_t from, size_t end,
                      struct private_place *place)
{
    for (size_t at = from; at < end; at++) {
        const struct name *name = names_at(&r->names, text, at);

        if (!name)
            continue;
        *place = (struct private_place){ .value = { text.p + at, name->text.n },
                                         .token = name->token };
        return true;
    }
    return false;
}

/* What was found ahead in one piece of a text. */
struct search {
    struct kind_search kinds;
    struct private_place name;
    bool no_name;
};

/* The first private value at or behind `from`; of several at one place the longest, names first. */
static bool find_next(struct redactor *r, struct search *search, struct str text, size_t from,
                      struct private_place *place)
{
    struct str value;
    const char *kind = NULL;
    bool shape = kinds_next(&r->kinds, &search->kinds, text, from, &value, &kind);
    size_t end = shape ? (size_t)(value.p - text.p) + 1 : text.n;

    if (!search->name.value.p || search->name.value.p < text.p + from) {
        search->name.value.p = NULL;
        search->no_name = !find_name(r, text, from, end, &search->name);
    }
    if (!search->no_name && (!shape || search->name.value.p < value.p ||
                             (search->name.value.p == value.p && search->name.value.n >= value.n)))
        *place = search->name;
    else if (shape)
        *place = (struct private_place){ .value = value, .kind = kind };
    else
        return false;
    return true;
}

/*
 * One piece, no longer than a pattern looks; values that begin behind `most` belong to the next
 * one. Returns how much of it is done.
 */
static size_t redact_piece(struct redactor *r, struct str s, size_t most)
{
    struct search search = { 0 };
    struct private_place place;
    size_t from = 0;

    while (from < most && find_next(r, &search, s, from, &place)) {
        size_t at = (size_t)(place.value.p - s.p);
        struct str between = { s.p + from, at - from };

        if (at >= most)
            break;
        keep_suspects(r, between);
        add(r, between);
        add(r, place.kind ? tokens_of(&r->tokens, place.kind, place.value) : place.token);
        r->count++;
        from = at + place.value.n;
    }
    if (from < most) {
        struct str rest = { s.p + from, most - from };

        keep_suspects(r, rest);
        add(r, rest);
        from = most;
    }
    return from;
}

struct str redact(struct redactor *r, struct str s)
{
    struct str token;

    r->n = 0;
    if (names_token(&r->whole, s, &token)) {
        r->count++;
        return token;
    }
    while (s.n) {
        size_t n = s.n < PIECE_BYTES ? s.n : PIECE_BYTES, most = s.n;

        /* At a blank, behind which a value may begin. */
        if (s.n > PIECE_BYTES) {
            most = PIECE_BYTES - OVERLAP_BYTES;
            while (most > PIECE_BYTES / 2 && !char_is_space(s.p[most - 1]))
                most--;
        }
        s = str_from_at(s, redact_piece(r, str_first(s, n), most));
    }
    return (struct str){ r->p, r->n };
}

struct str redact_hide(struct redactor *r, const char *kind, struct str s)
{
    r->count++;
    return tokens_of(&r->tokens, kind, s);
}

struct str redact_setting(struct redactor *r, struct str key, struct str value)
{
    struct str token;

    if (value.n == 0 || !redact_is_owners(key) || names_token(&r->names, value, &token) ||
        names_token(&r->whole, value, &token))
        return value;
    return redact_hide(r, "setting", value);
}

uint64_t redact_count(const struct redactor *r)
{
    return r->count;
}

bool redact_is_full(const struct redactor *r)
{
    return r->full;
}

size_t redact_map(const struct redactor *r, const struct redact_pair **pairs)
{
    *pairs = r->tokens.map.p;
    return r->tokens.map.n;
}

uint64_t redact_forgotten(const struct redactor *r)
{
    return r->tokens.forgotten;
}

size_t redact_kept(const struct redactor *r, const struct str **kept)
{
    *kept = r->kept.of.p;
    return r->kept.of.n;
}
