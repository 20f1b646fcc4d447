/* SPDX-License-Identifier: Apache-2.0 */
/* The coarse look never misses a gram, with and without vector instructions. */
#include "analyzer/engine/shuffle.h"

#include <check.h>
#include <string.h>

/* xorshift: the same numbers everywhere. */
static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 33) % below;
}

START_TEST(finds_every_gram)
{
    static const char letters[] = "aAbB \0\xff[z";
    char grams[SHUFFLE_GRAMS_MAX][SHUFFLE_GRAM], text[500];
    size_t lengths[SHUFFLE_GRAMS_MAX];
    struct shuffle s = { 0 };
    uint64_t seed = 77 + (uint64_t)_i;
    size_t n = 1 + draw(&seed, SHUFFLE_GRAMS_MAX), end = sizeof text - SHUFFLE_BYTES + 1;

    for (size_t i = 0; i < n; i++) {
        lengths[i] = 4 + draw(&seed, SHUFFLE_GRAM - 3);
        for (size_t k = 0; k < SHUFFLE_GRAM; k++)
            grams[i][k] = letters[draw(&seed, 9)];
        shuffle_add(&s, (struct str){ grams[i], lengths[i] }, false);
    }
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = letters[draw(&seed, 9)];
    for (size_t at = 0; at < end; at += SHUFFLE_PLACES) {
        uint32_t places = 0, plain = 0;

        if (shuffle_next(&s, text, at, at + 1, &places) != at)
            places = 0;
        if (shuffle_next_plain(&s, text, at, at + 1, &plain) != at)
            plain = 0;
        ck_assert_uint_eq(places, plain);
        for (size_t i = 0; i < SHUFFLE_PLACES; i++)
            for (size_t k = 0; k < n; k++)
                if (memcmp(text + at + i, grams[k], lengths[k]) == 0)
                    ck_assert(places >> i & 1);
    }
}
END_TEST

START_TEST(skips_what_holds_none)
{
    struct shuffle s = { 0 };
    char text[200];
    uint32_t places = 0;

    memset(text, '.', sizeof text);
    memcpy(text + 100, "OOPS", 4);
    shuffle_add(&s, STR("oops"), true);
    ck_assert_uint_eq(shuffle_next(&s, text, 0, 160, &places), 96);
    ck_assert_uint_eq(places, 1u << 4);
    ck_assert_uint_ge(shuffle_next(&s, text, 104, 160, &places), 160);
    ck_assert_uint_eq(shuffle_next_plain(&s, text, 0, 160, &places), 96);
}
END_TEST

Suite *check_shuffle(void)
{
    Suite *s = suite_create("shuffle");
    TCase *t = tcase_create("shuffle");

    tcase_add_loop_test(t, finds_every_gram, 0, 100);
    tcase_add_test(t, skips_what_holds_none);
    suite_add_tcase(s, t);
    return s;
}
