/* SPDX-License-Identifier: Apache-2.0 */
/* The first screen: what it must say, that it fits, and that no byte of a log acts on a terminal.
 */
#include "reports/layout.h"
#include "reports/report.h"
#include "reports/wording.h"

#include "tests/unit/made_case.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct out *write_report(const struct analysis *a, bool color, bool all, unsigned width)
{
    struct report_options options = { .color = color, .width = width, .cut = width, .all = all };
    struct out *o = out_new_memory();

    report_find(STR("text"))->write(o, a, &options);
    return o;
}

static bool says(const struct out *o, const char *words)
{
    return str_find(out_bytes(o), str_from(words)) != STR_NOT_FOUND;
}

START_TEST(diagnosis_has_all_its_parts)
{
    static const char *const parts[] = {
        "6.1.0",
        "1 boot, ended in a kernel panic 1.1 s after start",
        "FATAL  The root",
        "root.made-cause\n",
        "root= names sdc1",
        "log:12  1.125782  Kernel panic - not syncing",
        "What to do\n",
        "1. Use sda1",
        "It explains",
        "The kernel panicked",
        "quiet",
    };
    struct made_case *c = made_case_new();
    struct out *o = write_report(&c->a, false, false, 0);

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        ck_assert_msg(says(o, parts[i]), "%s is not in:\n%.*s", parts[i], STR_ARG(out_bytes(o)));
    ck_assert(!says(o, "CRITICAL"));
    out_free(o);
    made_case_free(c);
}
END_TEST

/* --all, colour, width: whatever is asked for, only our own colour sequences come out. */
START_TEST(no_byte_of_the_log_acts)
{
    struct made_case *c = made_case_new();
    struct out *o;
    struct str s;

    made_unexplained(c);
    c->a.result = (enum result)(_i % 4);
    c->a.inputs.p[0].err.code = FAIL_IO;
    snprintf(c->a.inputs.p[0].err.text, sizeof c->a.inputs.p[0].err.text, "torn %s", MADE_ATTACK);
    o = write_report(&c->a, _i & 4, _i & 8, _i & 16 ? 0 : 60);
    s = out_bytes(o);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char b = (unsigned char)s.p[i];

        ck_assert(b == '\n' || b >= 0x20 || (b == 0x1b && _i & 4));
        ck_assert(b != 0x7f && b != 0x9b);
    }
    ck_assert(!says(o, "\033]"));
    ck_assert(!says(o, "\xe2\x80\xae"));
    out_free(o);
    made_case_free(c);
}
END_TEST

START_TEST(lines_fit_the_width)
{
    struct made_case *c = made_case_new();
    struct out *o = write_report(&c->a, false, true, 60);
    struct str rest = out_bytes(o), line;

    while (str_take_line(&rest, &line))
        ck_assert_msg(layout_columns(line) <= 60, "%.*s", STR_ARG(line));
    out_free(o);
    made_case_free(c);
}
END_TEST

START_TEST(nothing_known_is_an_answer)
{
    struct made_case *c = made_case_new();
    struct out *o;

    made_unexplained(c);
    c->a.diagnoses.n = 0;
    c->a.result = RESULT_NOTHING_KNOWN;
    o = write_report(&c->a, false, false, 100);
    ck_assert(says(o, "Nothing known was found"));
    ck_assert(says(o, "that no rule explains"));
    ck_assert(says(o, "(3 times) Kernel panic"));
    out_free(o);
    made_case_free(c);
}
END_TEST

START_TEST(what_is_missing_is_named)
{
    struct made_case *c = made_case_new();
    struct out *o;

    c->a.diagnoses.n = 0;
    c->a.result = RESULT_CANNOT_TELL;
    note_add(&c->a.notes, NOTE_EVIDENCE_MISSING, NOTE_NO_INPUT, 0, "add a serial port");
    o = write_report(&c->a, false, false, 100);
    ck_assert(says(o, "cannot tell"));
    ck_assert(says(o, "- add a serial port\n"));
    out_free(o);
    made_case_free(c);
}
END_TEST

static const struct {
    int64_t us;
    const char *words;
} durations[] = {
    { 0, "0 ms" },
    { 640000, "640 ms" },
    { 1125782, "1.1 s" },
    { 59999999, "59.9 s" },
    { 200000000, "3 min 20 s" },
    { 7500000000, "2 h 5 min" },
    { 356400000000, "4 d 3 h" },
    { TIME_UNKNOWN, "" },
};

START_TEST(words_durations)
{
    struct out *o = out_new_memory();

    wording_duration(o, durations[_i].us);
    ck_assert(str_eq(out_bytes(o), str_from(durations[_i].words)));
    out_free(o);
}
END_TEST

static const struct {
    uint64_t bytes;
    const char *words;
} sizes[] = {
    { 0, "0 bytes" },           { 1, "1 byte" },     { 1023, "1023 bytes" },
    { 1024, "1.0 KiB" },        { 1536, "1.5 KiB" }, { (uint64_t)8 << 30, "8.0 GiB" },
    { UINT64_MAX, "15.9 EiB" },
};

START_TEST(words_sizes)
{
    struct out *o = out_new_memory();

    wording_bytes(o, sizes[_i].bytes);
    ck_assert_msg(str_eq(out_bytes(o), str_from(sizes[_i].words)), "%.*s", STR_ARG(out_bytes(o)));
    out_free(o);
}
END_TEST

Suite *check_terminal(void)
{
    Suite *s = suite_create("terminal");
    TCase *t = tcase_create("terminal");

    tcase_add_test(t, diagnosis_has_all_its_parts);
    tcase_add_loop_test(t, no_byte_of_the_log_acts, 0, 32);
    tcase_add_test(t, lines_fit_the_width);
    tcase_add_test(t, nothing_known_is_an_answer);
    tcase_add_test(t, what_is_missing_is_named);
    tcase_add_loop_test(t, words_durations, 0, (int)(sizeof durations / sizeof durations[0]));
    tcase_add_loop_test(t, words_sizes, 0, (int)(sizeof sizes / sizeof sizes[0]));
    suite_add_tcase(s, t);
    return s;
}
