/* SPDX-License-Identifier: Apache-2.0 */
/* The records around those that rules match: each once, in order, of one boot and one input. */
#include "analyzer/core/limits.h"
#include "analyzer/diagnose/context.h"

#include <check.h>
#include <string.h>

struct rig {
    struct arena arena;
    struct context_window window;
    struct context_lines lines;
    int boot;
};

static uint32_t see(struct rig *rig, uint64_t line, bool hit, const void *boot, uint32_t input)
{
    struct record r;

    record_init(&r);
    r.text = STR("words");
    r.line = line;
    r.input = input;
    return context_add(&rig->window, boot, &r, hit, &rig->lines, &rig->arena);
}

/* One character per record: '.', or 'x' for a hit; 'b' begins another boot, 'i' another input. */
static const struct {
    const char *records;
    const char *kept; /* '1' for each line that is kept */
} windows[] = {
    { "......x......", "0001111110000" },
    { "x", "1" },
    { "xx...", "11110" },
    { "....x..x....", "011111111100" },
    { ".x......x", "111101111" },
    { ".....b.x", "00000111" },
    { ".....i.x", "00000111" },
    { "x.b..", "11000" },
};

START_TEST(keeps_neighbours)
{
    struct rig rig = { 0 };
    int boots[2] = { 0 };
    size_t boot = 0, n = strlen(windows[_i].records), next = 0;
    uint32_t input = 0;
    uint64_t want = 0;

    for (size_t i = 0; i < n; i++) {
        char c = windows[_i].records[i];

        boot += c == 'b';
        input += c == 'i';
        want = see(&rig, i + 1, c == 'x', &boots[boot], input);
        ck_assert(c != 'x' || want == CONTEXT_AFTER);
    }
    for (size_t i = 0; i < n; i++) {
        bool kept = windows[_i].kept[i] == '1';

        if (kept)
            ck_assert_uint_eq(rig.lines.p[next].line, i + 1);
        next += kept;
    }
    arena_done(&rig.arena);
}
END_TEST

START_TEST(finds_what_stands_around)
{
    struct rig rig = { 0 };
    size_t from, to;

    for (uint64_t line = 1; line <= 9; line++)
        see(&rig, line, line == 5, &rig.boot, 0);
    ck_assert(context_around(&rig.lines, 0, 5, &from, &to));
    ck_assert_uint_eq(rig.lines.p[from].line, 2);
    ck_assert_uint_eq(rig.lines.p[to - 1].line, 7);
    ck_assert(!context_around(&rig.lines, 0, 9, &from, &to));
    ck_assert(!context_around(&rig.lines, 1, 5, &from, &to));
    arena_done(&rig.arena);
}
END_TEST

START_TEST(memory_is_bounded)
{
    struct rig rig = { 0 };
    char text[5000];
    struct record r;

    memset(text, 'a', sizeof text);
    record_init(&r);
    r.text = (struct str){ text, sizeof text };
    for (r.line = 1; r.line < 5000; r.line++)
        context_add(&rig.window, &rig.boot, &r, true, &rig.lines, &rig.arena);
    ck_assert_uint_eq(rig.lines.n, LIMIT_CONTEXT_LINES);
    ck_assert_uint_eq(rig.lines.p[0].text.n, CONTEXT_TEXT_BYTES);
    ck_assert(rig.lines.p[0].cut);
    ck_assert_uint_eq(context_add(&rig.window, &rig.boot, &r, true, &rig.lines, &rig.arena), 0);
    arena_done(&rig.arena);
}
END_TEST

Suite *check_context(void)
{
    Suite *s = suite_create("context");
    TCase *t = tcase_create("window");

    tcase_add_loop_test(t, keeps_neighbours, 0, sizeof windows / sizeof windows[0]);
    tcase_add_test(t, finds_what_stands_around);
    tcase_add_test(t, memory_is_bounded);
    suite_add_tcase(s, t);
    return s;
}
