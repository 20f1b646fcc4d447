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

/* "Msg_Question:" alone says nothing. */
START_TEST(shows_what_a_record_of_lines_says)
{
    struct made_case *c = made_case_new();
    struct out *o;

    c->panic.text = STR("Msg_Question:\n\n[msg.x] The disk is full.\nRetry?\nCancel?\n");
    o = write_report(&c->a, false, false, 0);
    ck_assert_msg(says(o, "12  1.125782  Msg_Question:\n"), "%.*s", STR_ARG(out_bytes(o)));
    ck_assert(says(o, "  [msg.x] The disk is full.\n"));
    ck_assert(says(o, "  Retry? …\n"));
    ck_assert(!says(o, "Cancel?"));
    out_free(o);
    made_case_free(c);
}
END_TEST

START_TEST(numbers_stay_with_their_units)
{
    static const char words[] = "it took 5 min 12 s (8.0 GiB). 7 small";
    struct out *o = out_new_memory();

    layout_wrap(o, str_from(words), 0, 0, 14);
    ck_assert_msg(str_eq(out_bytes(o), STR("it took 5 min\n12 s\n(8.0 GiB). 7\nsmall")), "%.*s",
                  STR_ARG(out_bytes(o)));
    out_free(o);
}
END_TEST

/* The name that the user typed, or the log's: not that of the settings beside it. */
static const struct {
    const char *names[3], *given[3];
    const char *title;
} titles[] = {
    { { "vm/a.vmx", "vm/vmware.log" }, { "vm", "vm" }, "vm ·" },
    { { "x/b.tgz!/a.vmx", "x/b.tgz!/c.log" }, { "x/b.tgz", "x/b.tgz" }, "b.tgz ·" },
    { { "vm/a.vmx", "vm/vmware.log" }, { "vm/a.vmx", "vm/vmware.log" }, "vmware.log and 1 more ·" },
    { { "./a.vmx", "./vmware.log" }, { ".", "." }, "vmware.log and 1 more ·" },
    { { "vm/a.vmx", "vm/vmware.log", "o/x.log" }, { "vm", "vm", "o/x.log" }, "vm and 1 more ·" },
    { { "vm/a.log" }, { "vm/a.log" }, "a.log ·" },
    { { "vm/a.log" }, { "vm" }, "a.log ·" },
};

START_TEST(title_is_what_was_named)
{
    struct made_case *c = made_case_new();
    struct input_result inputs[3] = { 0 };
    struct out *o;
    size_t n = 0;

    for (; n < 3 && titles[_i].names[n]; n++) {
        inputs[n].name = str_from(titles[_i].names[n]);
        inputs[n].given = str_from(titles[_i].given[n]);
    }
    c->a.inputs = (struct input_results){ .p = inputs, .n = n };
    boots_at(c->a.boots, 0)->inputs.p[0] = n > 1;
    o = write_report(&c->a, false, false, 0);
    ck_assert_msg(str_starts(out_bytes(o), str_from(titles[_i].title)), "%.*s",
                  STR_ARG(str_first(out_bytes(o), 60)));
    out_free(o);
    made_case_free(c);
}
END_TEST

/* Without the kernel's stamps the wall clock tells the length, if it tells the start. */
static const struct {
    int64_t mono_us, first_us, last_us;
    unsigned flags;
    enum tri head;
    const char *words;
} lengths[] = {
    { 6400000, 100, 200, 0, TRI_YES, "its log ends 6.4 s after start" },
    { TIME_UNKNOWN, 1000000, 7400000, 0, TRI_YES, "its log ends 6.4 s after start" },
    { TIME_UNKNOWN, 1000000, 7000000, RECORD_WALL_COARSE, TRI_YES,
      "its log ends about 6 s after start" },
    { TIME_UNKNOWN, 1000000, 7000000, 0, TRI_NO, "its log ends" },
    { TIME_UNKNOWN, TIME_UNKNOWN, TIME_UNKNOWN, 0, TRI_YES, "its log ends" },
    { TIME_UNKNOWN, 7000000, 7000000, 0, TRI_YES, "its log ends" },
};

START_TEST(lengths_are_what_is_known)
{
    struct out *o = out_new_memory();
    struct wording w = { .out = o, .value = out_tty };
    struct boot b = { .last_mono_us = lengths[_i].mono_us,
                      .first_wall_us = lengths[_i].first_us,
                      .last_wall_us = lengths[_i].last_us,
                      .wall_flags = lengths[_i].flags,
                      .head_complete = lengths[_i].head,
                      .has_kernel = true,
                      .ended_by = ENDED_END_OF_LOG };

    wording_ended(&w, &b);
    ck_assert_msg(str_eq(out_bytes(o), str_from(lengths[_i].words)), "%.*s", STR_ARG(out_bytes(o)));
    out_free(o);
}
END_TEST

START_TEST(a_torn_input_is_told_once)
{
    struct made_case *c = made_case_new();
    struct out *o;
    size_t at;

    c->a.inputs.p[0].err.code = FAIL_FORMAT;
    snprintf(c->a.inputs.p[0].err.text, sizeof c->a.inputs.p[0].err.text, "breaks off");
    note_add(&c->a.notes, NOTE_INPUT_TORN, 0, 0, "breaks off");
    c->a.n_alike = 2;
    o = write_report(&c->a, false, false, 0);
    at = str_find(out_bytes(o), STR("breaks off"));
    ck_assert(at != STR_NOT_FOUND);
    ck_assert(str_find(str_from_at(out_bytes(o), at + 1), STR("breaks off")) == STR_NOT_FOUND);
    ck_assert(says(o, "after start, for the same reason as 2 other boots\n"));
    out_free(o);
    made_case_free(c);
}
END_TEST

/* What the second line says of the log's completeness is no note again. */
START_TEST(what_the_header_says_is_no_note)
{
    struct made_case *c = made_case_new();
    struct out *o;

    note_add(&c->a.notes, NOTE_NO_HEAD, NOTE_NO_INPUT, 0, "no beginning");
    note_add(&c->a.notes, NOTE_NO_TAIL, NOTE_NO_INPUT, 0, "no end");
    note_add(&c->a.notes, NOTE_DUMPS_MERGED, NOTE_NO_INPUT, 0, "merged");
    o = write_report(&c->a, false, false, 0);
    ck_assert(says(o, "\n1 note: quiet"));
    ck_assert(!says(o, "no end"));
    out_free(o);
    o = write_report(&c->a, false, true, 0);
    ck_assert(says(o, "no end"));
    out_free(o);
    made_case_free(c);
}
END_TEST

static const struct {
    unsigned flags;
    const char *words;
} stamps[] = {
    { 0, "2026-05-20 06:12:10.250" },
    { RECORD_WALL_COARSE, "2026-05-20 06:12:10" },
    { RECORD_WALL_NO_YEAR, "05-20 06:12:10.250" },
    { RECORD_WALL_NO_YEAR | RECORD_WALL_COARSE, "05-20 06:12:10" },
};

START_TEST(stamps_are_as_fine_as_the_log)
{
    struct record r = made_record(1, TIME_UNKNOWN, LEVEL_ERR, "x");
    struct str iso = STR("2026-05-20T06:12:10.250Z");
    struct out *o = out_new_memory();
    unsigned gaps;

    ck_assert(clock_take_iso(&iso, &r.wall_us, &gaps));
    r.flags = stamps[_i].flags;
    wording_stamp(o, &r);
    ck_assert_msg(str_eq(out_bytes(o), str_from(stamps[_i].words)), "%.*s", STR_ARG(out_bytes(o)));
    out_free(o);
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
    tcase_add_test(t, shows_what_a_record_of_lines_says);
    tcase_add_test(t, numbers_stay_with_their_units);
    tcase_add_loop_test(t, title_is_what_was_named, 0, (int)(sizeof titles / sizeof titles[0]));
    tcase_add_loop_test(t, lengths_are_what_is_known, 0, (int)(sizeof lengths / sizeof lengths[0]));
    tcase_add_test(t, a_torn_input_is_told_once);
    tcase_add_test(t, what_the_header_says_is_no_note);
    tcase_add_loop_test(t, stamps_are_as_fine_as_the_log, 0,
                        (int)(sizeof stamps / sizeof stamps[0]));
    tcase_add_test(t, nothing_known_is_an_answer);
    tcase_add_test(t, what_is_missing_is_named);
    tcase_add_loop_test(t, words_durations, 0, (int)(sizeof durations / sizeof durations[0]));
    tcase_add_loop_test(t, words_sizes, 0, (int)(sizeof sizes / sizeof sizes[0]));
    suite_add_tcase(s, t);
    return s;
}
