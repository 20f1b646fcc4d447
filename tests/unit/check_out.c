/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing that a log says moves, hides or reorders what a reader sees, in any sink. */
#include "reports/out.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_safe_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return true;
}

START_TEST(tty_shows_every_byte)
{
    struct out *o = out_new_memory();
    char c = (char)_i, hex[8];
    struct str got;

    out_tty(o, (struct str){ .p = &c, .n = 1 });
    got = out_bytes(o);
    ck_assert(is_safe_ascii(got));
    snprintf(hex, sizeof hex, "\\x%02x", (unsigned)_i);
    if (c == '\t')
        ck_assert(str_eq(got, STR(" ")));
    else if (c == '\n')
        ck_assert(str_eq(got, STR("\\n")));
    else if (_i >= 0x20 && _i < 0x7f)
        ck_assert(str_eq(got, (struct str){ .p = &c, .n = 1 }));
    else
        ck_assert(str_eq(got, str_from(hex)));
    out_free(o);
}
END_TEST

/* An independent reader of JSON gets the byte back, or U+FFFD for half a character. */
START_TEST(json_holds_every_byte)
{
    struct out *o = out_new_memory();
    char text[3] = { 'a', (char)_i, 'z' }, expected[8] = { 0 };
    size_t n = 0;
    json_t *parsed;
    struct str got;

    out_json(o, (struct str){ .p = text, .n = sizeof text });
    got = out_bytes(o);
    ck_assert(is_safe_ascii(got));
    parsed = json_loadb(got.p, got.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    ck_assert_ptr_nonnull(parsed);
    expected[n++] = 'a';
    if (_i < 0x80) {
        expected[n++] = (char)_i;
    } else {
        memcpy(expected + n, "\xef\xbf\xbd", 3);
        n += 3;
    }
    expected[n++] = 'z';
    ck_assert_uint_eq(json_string_length(parsed), n);
    ck_assert_int_eq(memcmp(json_string_value(parsed), expected, n), 0);
    json_decref(parsed);
    out_free(o);
}
END_TEST

static const struct {
    const char *name, *in, *tty, *json;
} texts[] = {
    { "letters of other scripts pass",
      "Gr\xc3\xb6\xc3\x9f"
      "e \xe6\x97\xa5",
      "Gr\xc3\xb6\xc3\x9f"
      "e \xe6\x97\xa5",
      "\"Gr\xc3\xb6\xc3\x9f"
      "e \xe6\x97\xa5\"" },
    { "colour", "\x1b[31mred", "\\x1b[31mred", "\"\\u001b[31mred\"" },
    { "operating system command", "\x1b]8;;x\x07", "\\x1b]8;;x\\x07", "\"\\u001b]8;;x\\u0007\"" },
    { "carriage return", "ok\rbad", "ok\\x0dbad", "\"ok\\rbad\"" },
    { "C1 control sequence introducer",
      "\xc2\x9b"
      "2J",
      "\\xc2\\x9b2J", "\"\\u009b2J\"" },
    { "right-to-left override",
      "a\xe2\x80\xae"
      "b",
      "a\\xe2\\x80\\xaeb", "\"a\\u202eb\"" },
    { "isolates", "\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9",
      "\"\\u2066\\u2069\"" },
    { "zero width", "\xe2\x80\x8b\xef\xbb\xbf", "\\xe2\\x80\\x8b\\xef\\xbb\\xbf",
      "\"\\u200b\\ufeff\"" },
    { "line separator", "\xe2\x80\xa8", "\\xe2\\x80\\xa8", "\"\\u2028\"" },
    { "tags", "\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81", "\"\\udb40\\udc41\"" },
    { "overlong slash", "\xc0\xaf", "\\xc0\\xaf", "\"\\ufffd\\ufffd\"" },
    { "surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
    { "cut character", "a\xe2\x82", "a\\xe2\\x82", "\"a\\ufffd\\ufffd\"" },
    { "quotes", "say \"\\n\"", "say \"\\n\"", "\"say \\\"\\\\n\\\"\"" },
    { "empty", "", "", "\"\"" },
};

START_TEST(escapes)
{
    struct out *o = out_new_memory();

    out_tty(o, str_from(texts[_i].in));
    ck_assert_msg(str_eq(out_bytes(o), str_from(texts[_i].tty)), "%s: %.*s", texts[_i].name,
                  STR_ARG(out_bytes(o)));
    out_clear(o);
    out_json(o, str_from(texts[_i].in));
    ck_assert_msg(str_eq(out_bytes(o), str_from(texts[_i].json)), "%s: %.*s", texts[_i].name,
                  STR_ARG(out_bytes(o)));
    out_free(o);
}
END_TEST

START_TEST(large_output_arrives_whole)
{
    char name[] = "/tmp/lastwords-check-XXXXXX", back[4096];
    int fd = mkstemp(name);
    struct out *o = out_new(fd);
    size_t total = 0;
    ssize_t got;

    for (int i = 0; i < 100000; i++)
        out_printf(o, "%09d\n", i);
    ck_assert(out_flush(o, NULL));
    ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
    while ((got = read(fd, back, sizeof back)) > 0)
        total += (size_t)got;
    ck_assert_uint_eq(total, 1000000);
    out_free(o);
    close(fd);
    unlink(name);
}
END_TEST

START_TEST(first_write_error_is_kept)
{
    struct out *o = out_new(open("/dev/full", O_WRONLY | O_CLOEXEC));
    struct err err = { 0 };

    out_puts(o, "lost");
    ck_assert(!out_flush(o, &err));
    ck_assert_int_eq(err.sys, ENOSPC);
    out_puts(o, "more");
    ck_assert(!out_flush(o, &err));
    out_free(o);
}
END_TEST

Suite *check_out(void)
{
    Suite *s = suite_create("out");
    TCase *t = tcase_create("out");

    tcase_add_loop_test(t, tty_shows_every_byte, 0, 256);
    tcase_add_loop_test(t, json_holds_every_byte, 0, 256);
    tcase_add_loop_test(t, escapes, 0, (int)(sizeof texts / sizeof texts[0]));
    tcase_add_test(t, large_output_arrives_whole);
    tcase_add_test(t, first_write_error_is_kept);
    suite_add_tcase(s, t);
    return s;
}
