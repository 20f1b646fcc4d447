/* SPDX-License-Identifier: Apache-2.0 */
/* Strings out of images, modules, texts and printk indexes; torn and hostile ones too. */
#include "parsers/kernel_strings.h"

#include <check.h>
#include <string.h>

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])

/* All strings, each with a '|' behind it. */
struct seen {
    char text[512];
    size_t n;
};

static void keep(void *ctx, struct str s)
{
    struct seen *seen = ctx;

    ck_assert_uint_lt(seen->n + s.n + 1, sizeof seen->text);
    memcpy(seen->text + seen->n, s.p, s.n);
    seen->n += s.n;
    seen->text[seen->n++] = '|';
}

static const struct {
    struct str bytes;
    const char *strings, *version, *source;
    bool index, fails, image, modules, text;
} rows[] = {
    { .bytes = { STR_INIT("\177ELF\0\0abc\0\0013warn %d\n\0text\0") },
      .strings = "warn %d|text|",
      .version = "" },
    { .bytes = { STR_INIT("Linux version %s\0Linux version 6.1.0-x (a@b)\0") },
      .strings = "Linux version %s|Linux version 6.1.0-x (a@b)|",
      .version = "6.1.0-x",
      .image = true },
    { .bytes = { STR_INIT(
              "Linux version 6.1.0-x (gcc (Debian 12.2) 12) # SMP Debian 6.1.192-2 (d)\n\0") },
      .strings = "Linux version 6.1.0-x (gcc (Debian 12.2) 12) # SMP Debian 6.1.192-2 (d)|",
      .version = "6.1.0-x",
      .source = "6.1.192-2",
      .image = true },
    { .bytes = { STR_INIT("Linux version 6.1.0-x (Debian gcc) # Debian \0") },
      .strings = "Linux version 6.1.0-x (Debian gcc) # Debian |",
      .version = "6.1.0-x",
      .image = true },
    { .bytes = { STR_INIT("\0vermagic=6.12.1-y SMP\0") },
      .strings = "vermagic=6.12.1-y SMP|",
      .version = "6.12.1-y",
      .modules = true },
    { .bytes = { STR_INIT("one line\nanother\twith tab\nabc\n") },
      .strings = "one line|another\twith tab|",
      .version = "",
      .text = true },
    { .bytes = { STR_INIT("") }, .strings = "", .version = "" },
    { .bytes = { STR_INIT("# <level/flags> filename:line function \"format\"\n"
                          "<4> init/x.c:12 f \"root \\\"%s\\\" gone\\n\"\n"
                          "<3,c> a.c:1 g \"tab\\there\\0\\x41bcd\"") },
      .strings = "root \"%s\" gone|tab\there|Abcd|",
      .version = "",
      .index = true },
    { .bytes = { STR_INIT("<4> init/x.c:12 f no format\n") },
      .strings = "",
      .version = "",
      .index = true,
      .fails = true },
    { .bytes = { STR_INIT("<4> init/x.c:12 f \"torn") },
      .strings = "",
      .version = "",
      .index = true,
      .fails = true },
    { .bytes = { STR_INIT("\0\0\0") }, .strings = "", .version = "", .index = true, .fails = true },
};

START_TEST(strings_are_found)
{
    struct seen seen = { .n = 0 };
    struct kernel_strings k = { .add = keep, .ctx = &seen };
    struct input *in = input_from_memory(STR("made"), rows[_i].bytes);
    struct err err = { 0 };
    bool ok = rows[_i].index ? kernel_strings_read_index(&k, in, &err)
                             : kernel_strings_read(&k, in, &err);

    seen.text[seen.n] = '\0';
    ck_assert_int_eq(!ok, rows[_i].fails);
    ck_assert_str_eq(seen.text, rows[_i].strings);
    ck_assert_str_eq(k.version, rows[_i].version);
    ck_assert_str_eq(k.source, rows[_i].source ? rows[_i].source : "");
    ck_assert_int_eq(k.image, rows[_i].image);
    ck_assert_int_eq(k.modules, rows[_i].modules);
    ck_assert_int_eq(k.text, rows[_i].text);
    input_close(in);
}
END_TEST

START_TEST(a_compressed_kernel_is_named)
{
    char bytes[0x300] = { 0 };
    struct kernel_strings k = { .add = keep };
    struct input *in = input_from_memory(STR("vmlinuz"), (struct str){ bytes, sizeof bytes });
    struct err err = { 0 };

    memcpy(bytes + 0x202, "HdrS", 4);
    ck_assert(!kernel_strings_read(&k, in, &err));
    ck_assert_int_eq(err.code, FAIL_SUPPORT);
    input_close(in);
}
END_TEST

Suite *check_kernel_strings(void);

Suite *check_kernel_strings(void)
{
    Suite *s = suite_create("kernel_strings");
    TCase *tc = tcase_create("kernel_strings");

    tcase_add_loop_test(tc, strings_are_found, 0, COUNT(rows));
    tcase_add_test(tc, a_compressed_kernel_is_named);
    suite_add_tcase(s, tc);
    return s;
}
