/* SPDX-License-Identifier: Apache-2.0 */
/* The reader chooses the format, numbers lines, counts what it understood, and says what it could
 * not. */
#include "analyzer/core/limits.h"
#include "tests/unit/read_all.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])

static const struct {
    const char *text, *format;
    uint64_t lines, understood;
    enum note_code note; /* NOTE_COUNT: none */
} inputs[] = {
    { "[    0.000000] one\n[    1.000000] two\n", "dmesg", 2, 2, NOTE_COUNT },
    { "[    0.000000] one\n[    1.000000] two", "dmesg", 2, 2, NOTE_COUNT },
    { "<6>[    0.000000] one\r\n<6>[    1.000000] two\r\n", "dmesg", 2, 2, NOTE_COUNT },
    { "6,1,0,-;one\n6,2,1000,-;two\n", "kmsg", 2, 2, NOTE_COUNT },
    { "some words\nand more\n", "plain", 2, 0, NOTE_INPUT_PLAIN },
    { "", "plain", 0, 0, NOTE_COUNT },
    { "\n\n\n", "plain", 3, 0, NOTE_INPUT_PLAIN },
};

START_TEST(chooses_the_format)
{
    struct read_all all = read_all(str_from(inputs[_i].text), NULL);
    bool noted = inputs[_i].note == NOTE_COUNT;

    ck_assert_str_eq(all.format->name, inputs[_i].format);
    ck_assert_uint_eq(all.stats.lines, inputs[_i].lines);
    ck_assert_uint_eq(all.stats.understood, inputs[_i].understood);
    ck_assert_uint_eq(all.stats.bytes, strlen(inputs[_i].text));
    ck_assert(!all.stats.estimated);
    for (size_t i = 0; i < all.notes.n; i++)
        noted |= all.notes.p[i].code == inputs[_i].note;
    ck_assert(noted);
    read_all_done(&all);
}
END_TEST

START_TEST(records_know_their_place)
{
    struct read_all all = read_all(STR("[    0.000000] one\n[    1.000000] two\n"), NULL);

    ck_assert_uint_eq(all.n, 2);
    ck_assert_uint_eq(all.p[1]->line, 2);
    ck_assert_uint_eq(all.p[1]->offset, 19);
    ck_assert_uint_eq(all.p[1]->input, 0);
    ck_assert_uint_eq(all.p[1]->gap_line, 0);
    read_all_done(&all);
}
END_TEST

static const struct {
    const char *what, *bytes;
    size_t n;
    const char *format; /* forced */
    bool ok;
} odd[] = {
    { "NULs", "\0\0\0\0\0\0\0\0", 8, NULL, false },
    { "control bytes", "\1\2\3\4\5\6\1\2", 8, NULL, false },
    { "one NUL in a log", "[    0.000000] one\0two\n[    1.000000] two\n", 42, NULL, true },
    { "NULs that the user calls plain", "\0\0\0\0", 4, "plain", true },
    { "UTF-16", "\xff\xfeo\0n\0e\0\n\0", 10, NULL, false },
};

START_TEST(binary_is_refused_unless_asked_for)
{
    struct input *in = input_from_memory(STR("odd"), (struct str){ odd[_i].bytes, odd[_i].n });
    struct arena arena = { 0 };
    struct notes notes = { .arena = &arena };
    struct reader_options options = {
        .notes = &notes, .format = odd[_i].format ? parser_find(str_from(odd[_i].format)) : NULL
    };
    struct reader *reader = NULL;
    struct err err = { 0 };
    bool ok = reader_open(&reader, in, &options, &err);

    ck_assert_msg(ok == odd[_i].ok, "%s", odd[_i].what);
    if (ok)
        reader_close(reader);
    else
        ck_assert_uint_gt(strlen(err.text), 0);
    input_close(in);
    arena_done(&arena);
}
END_TEST

/* Every format read on whatever there is: no format may fail on text, whatever it is. */
static const char *const texts[] = {
    "",
    "\n",
    "x",
    "\0\0\0",
    "[",
    "<",
    "{",
    "<6>",
    "[    0.000000] ",
    "2022-05-26T21:38:13.370Z| vmx| ",
    "{\"MESSAGE\":",
    "__CURSOR=x\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\x7f",
    "\xff\xfe\xfd",
};

START_TEST(every_format_survives_every_text)
{
    for (size_t i = 0; parsers[i]; i++) {
        struct read_all all;

        if (!parsers[i]->next)
            continue;
        all = read_all(str_from(texts[_i]), parsers[i]->name);
        ck_assert_uint_le(all.stats.understood, all.stats.lines);
        read_all_done(&all);
    }
}
END_TEST

START_TEST(long_lines_are_cut_and_counted)
{
    size_t n = 3 * LIMIT_LINE_BYTES;
    char *text = malloc(n);
    struct read_all all;
    size_t cut = 0;

    memset(text, 'x', n);
    memcpy(text, "[    0.000000] one\n[    1.000000] ", 34);
    all = read_all((struct str){ text, n }, NULL);
    ck_assert_uint_eq(all.n, 2);
    ck_assert(all.p[1]->flags & RECORD_CUT);
    for (size_t i = 0; i < all.notes.n; i++)
        cut += all.notes.p[i].code == NOTE_LINES_CUT;
    ck_assert_uint_eq(cut, 1);
    ck_assert_uint_eq(all.stats.bytes, n);
    read_all_done(&all);
    free(text);
}
END_TEST

Suite *check_reader(void)
{
    Suite *s = suite_create("reader");
    TCase *t = tcase_create("reader");

    tcase_add_loop_test(t, chooses_the_format, 0, COUNT(inputs));
    tcase_add_test(t, records_know_their_place);
    tcase_add_loop_test(t, binary_is_refused_unless_asked_for, 0, COUNT(odd));
    tcase_add_loop_test(t, every_format_survives_every_text, 0, COUNT(texts));
    tcase_add_test(t, long_lines_are_cut_and_counted);
    suite_add_tcase(s, t);
    return s;
}
