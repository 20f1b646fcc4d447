/* SPDX-License-Identifier: Apache-2.0 */
/* The prefilter against a naive search: random texts and literals from fixed seeds. */
#include "analyzer/engine/prefilter.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { LITERALS_MAX = 300, TEXT_MAX = 20000 };

/* xorshift: the same numbers everywhere. */
static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 33) % below;
}

struct world {
    uint64_t seed;
    struct literal literals[LITERALS_MAX];
    size_t n;
    char text[TEXT_MAX];
    size_t text_bytes;
    bool found[LITERALS_MAX];
};

/* Few letters, so that parts of literals are everywhere. */
static char letter(struct world *w, uint32_t letters)
{
    static const char all[] = "aAbB [0\0\xc3zZ";

    return all[draw(&w->seed, letters)];
}

static void make_world(struct world *w, uint64_t seed)
{
    uint32_t letters, least, most;

    w->seed = seed * 0x9e3779b97f4a7c15u + 1;
    letters = 3 + draw(&w->seed, 9);
    least = PREFILTER_MIN + draw(&w->seed, 8);
    most = least + draw(&w->seed, 2) * draw(&w->seed, 300);
    w->n = 1 + draw(&w->seed, draw(&w->seed, 2) ? 4 : LITERALS_MAX - 1);
    w->text_bytes = draw(&w->seed, draw(&w->seed, 2) ? 200 : TEXT_MAX);
    for (size_t i = 0; i < w->n; i++) {
        size_t n = least + draw(&w->seed, most - least + 1);
        char *p = malloc(n);

        for (size_t k = 0; k < n; k++)
            p[k] = letter(w, letters);
        w->literals[i] = (struct literal){ { p, n }, draw(&w->seed, 3) == 0 };
    }
    for (size_t i = 0; i < w->text_bytes; i++)
        w->text[i] = letter(w, letters);
    for (uint32_t i = draw(&w->seed, 6); i > 0; i--) {
        const struct literal *l = &w->literals[draw(&w->seed, (uint32_t)w->n)];

        if (l->text.n <= w->text_bytes)
            memcpy(w->text + draw(&w->seed, (uint32_t)(w->text_bytes - l->text.n + 1)), l->text.p,
                   l->text.n);
    }
}

static void free_world(struct world *w)
{
    for (size_t i = 0; i < w->n; i++)
        free((char *)(uintptr_t)w->literals[i].text.p);
    free(w);
}

static size_t naive_find(const struct literal *l, struct str text)
{
    return l->nocase ? str_find_nocase(text, l->text) : str_find(text, l->text);
}

static size_t naive_next(const struct world *w, size_t from)
{
    size_t first = SIZE_MAX;

    for (size_t i = 0; i < w->n; i++) {
        struct str rest = { .p = w->text + from, .n = w->text_bytes - from };
        size_t at = naive_find(&w->literals[i], rest);

        if (at != STR_NOT_FOUND && from + at < first)
            first = from + at;
    }
    return first;
}

static void note_found(void *ctx, uint32_t literal)
{
    struct world *w = ctx;

    ck_assert_uint_lt(literal, w->n);
    w->found[literal] = true;
}

START_TEST(agrees_with_a_naive_search)
{
    struct world *w = calloc(1, sizeof *w);
    struct prefilter *f;
    struct str text;
    size_t from = 0;

    make_world(w, (uint64_t)_i);
    text = (struct str){ .p = w->text, .n = w->text_bytes };
    f = prefilter_new(w->literals, w->n);
    ck_assert_ptr_nonnull(f);
    for (int steps = 0; from <= w->text_bytes && steps < 12; steps++) {
        size_t next = prefilter_next(f, text, from);

        ck_assert_uint_eq(next, naive_next(w, from));
        if (next == SIZE_MAX)
            break;
        from = next + 1;
    }
    prefilter_scan(f, text, note_found, w);
    for (size_t i = 0; i < w->n; i++)
        ck_assert_int_eq(w->found[i], naive_find(&w->literals[i], text) != STR_NOT_FOUND);
    prefilter_free(f);
    free_world(w);
}
END_TEST

/* Every length around the classes' seams, at every alignment, and at both ends of the text. */
START_TEST(finds_at_every_place)
{
    struct literal l = { STR("zyxwvutsrqponmlk"), false };
    struct prefilter *f;

    l.text.n = (size_t)_i;
    f = prefilter_new(&l, 1);
    for (size_t n = l.text.n; n < 120; n++) {
        for (size_t at = 0; at + l.text.n <= n; at++) {
            char text[120];
            struct str block = { .p = text, .n = n };

            memset(text, '.', sizeof text);
            memcpy(text + at, l.text.p, l.text.n);
            ck_assert_uint_eq(prefilter_next(f, block, 0), at);
            ck_assert_uint_eq(prefilter_next(f, block, at), at);
            ck_assert_uint_eq(prefilter_next(f, block, at + 1), SIZE_MAX);
            block.n = at + l.text.n - 1;
            ck_assert_uint_eq(prefilter_next(f, block, 0), SIZE_MAX);
        }
    }
    prefilter_free(f);
}
END_TEST

/*
 * The grams that are looked for stand apart, at the rare parts of a literal: texts that end behind
 * any of them are read to their end.
 */
START_TEST(finds_scattered_grams)
{
    static const struct str all[] = {
        { STR_INIT("state of the device is qzj the device state ") },
        { STR_INIT("Xq the status of the service status of zKj") },
        { STR_INIT("status in the device Jk~ing in the device in the status in the") },
    };
    struct literal l = { all[_i], false };
    struct prefilter *f = prefilter_new(&l, 1);
    char text[200];

    for (size_t n = l.text.n; n < sizeof text; n++) {
        for (size_t at = 0; at + l.text.n <= n; at++) {
            struct str block = { .p = text, .n = n };

            memset(text, '.', sizeof text);
            memcpy(text + at, l.text.p, l.text.n);
            for (size_t from = at > 9 ? at - 9 : 0; from <= at; from++)
                ck_assert_uint_eq(prefilter_next(f, block, from), at);
            ck_assert_uint_eq(prefilter_next(f, block, at + 1), SIZE_MAX);
        }
    }
    prefilter_free(f);
}
END_TEST

START_TEST(doubles_keep_their_index)
{
    struct literal l[] = { { STR("same text"), false },
                           { STR("SAME TEXT"), true },
                           { STR("same text"), false },
                           { STR("SAME TEXT"), false } };
    struct world w = { .n = 4 };
    struct prefilter *f = prefilter_new(l, 4);

    prefilter_scan(f, STR("the same text"), note_found, &w);
    ck_assert(w.found[0] && w.found[1] && w.found[2] && !w.found[3]);
    prefilter_free(f);
}
END_TEST

START_TEST(takes_nothing_and_refuses_short)
{
    struct literal l = { STR("abc"), false };
    struct prefilter *f = prefilter_new(NULL, 0);

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(prefilter_next(f, STR("abc"), 0), SIZE_MAX);
    prefilter_scan(f, STR("abc"), note_found, NULL);
    prefilter_free(f);
    ck_assert_ptr_null(prefilter_new(&l, 1));
    l.text = STR("abcd");
    f = prefilter_new(&l, 1);
    ck_assert_uint_eq(prefilter_next(f, (struct str){ 0 }, 0), SIZE_MAX);
    ck_assert_uint_eq(prefilter_next(f, STR("abcd"), 9), SIZE_MAX);
    prefilter_free(f);
}
END_TEST

Suite *check_prefilter(void)
{
    Suite *s = suite_create("prefilter");
    TCase *t = tcase_create("prefilter");

    tcase_add_loop_test(t, agrees_with_a_naive_search, 0, 200);
    tcase_add_loop_test(t, finds_at_every_place, PREFILTER_MIN, 17);
    tcase_add_loop_test(t, finds_scattered_grams, 0, 3);
    tcase_add_test(t, doubles_keep_their_index);
    tcase_add_test(t, takes_nothing_and_refuses_short);
    suite_add_tcase(s, t);
    return s;
}
