/* SPDX-License-Identifier: Apache-2.0 */
/* Notes count what repeats, end at a limit, and know which of them mean lost bytes. */
#include "analyzer/core/limits.h"
#include "analyzer/core/notes.h"

#include <check.h>

START_TEST(the_same_note_counts_up)
{
    struct arena arena = { 0 };
    struct notes notes = { .arena = &arena };

    for (unsigned i = 0; i < 3; i++)
        note_add(&notes, NOTE_INPUT_TORN, 0, 7 + i, "is %s", "torn");
    note_add(&notes, NOTE_INPUT_TORN, 1, 7, "is torn");
    note_add(&notes, NOTE_INPUT_EMPTY, 0, 7, "is torn");
    ck_assert_uint_eq(notes.n, 3);
    ck_assert_uint_eq(notes.p[0].count, 3);
    ck_assert_uint_eq(notes.p[0].line, 7);
    ck_assert(str_eq(notes.p[0].text, STR("is torn")));
    arena_done(&arena);
}
END_TEST

START_TEST(a_flood_is_counted)
{
    struct arena arena = { 0 };
    struct notes notes = { .arena = &arena };

    for (unsigned i = 0; i < LIMIT_NOTES + 500; i++)
        note_add(&notes, NOTE_CLOCK_JUMPED, 0, i, "jump %u", i);
    ck_assert_uint_eq(notes.n, LIMIT_NOTES);
    ck_assert_uint_eq(notes.dropped, 500);
    note_add(&notes, NOTE_CLOCK_JUMPED, 0, 0, "jump 0");
    ck_assert_uint_eq(notes.p[0].count, 2);
    ck_assert_uint_eq(notes.dropped, 500);
    arena_done(&arena);
}
END_TEST

/* A repeated note must not eat memory: a damaged archive can repeat one for every member. */
START_TEST(repeating_costs_nothing)
{
    struct arena arena = { 0 };
    struct notes notes = { .arena = &arena };
    size_t used;

    note_add(&notes, NOTE_INPUT_TORN, 0, 0, "is torn");
    used = arena.used_bytes;
    for (unsigned i = 0; i < 1000; i++)
        note_add(&notes, NOTE_INPUT_TORN, 0, 0, "is torn");
    ck_assert_uint_eq(arena.used_bytes, used);
    ck_assert_uint_eq(notes.p[0].count, 1001);
    arena_done(&arena);
}
END_TEST

START_TEST(losses_are_known)
{
    static const enum note_code losses[] = { NOTE_INPUT_UNREADABLE, NOTE_INPUT_TORN,
                                             NOTE_INPUT_LIMIT, NOTE_INPUT_SHRANK,
                                             NOTE_INPUT_UNSUPPORTED, NOTE_WORKER };
    size_t n = 0;

    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++)
        ck_assert(note_is_loss(losses[i]));
    for (unsigned i = 0; i < NOTE_COUNT; i++) {
        ck_assert_uint_gt(note_name((enum note_code)i).n, 0);
        n += note_is_loss((enum note_code)i);
    }
    ck_assert_uint_eq(n, sizeof losses / sizeof losses[0]);
}
END_TEST

Suite *check_notes(void)
{
    Suite *s = suite_create("notes");
    TCase *t = tcase_create("notes");

    tcase_add_test(t, the_same_note_counts_up);
    tcase_add_test(t, a_flood_is_counted);
    tcase_add_test(t, repeating_costs_nothing);
    tcase_add_test(t, losses_are_known);
    suite_add_tcase(s, t);
    return s;
}
