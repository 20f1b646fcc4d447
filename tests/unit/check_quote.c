/* SPDX-License-Identifier: Apache-2.0 */
/* Logs that were quoted in a mail are read as if they were not. */
#include "parsers/quote.h"

#include "tests/unit/read_all.h"

#include <stdlib.h>

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])

static const struct {
    const char *head;
    bool quoted;
} heads[] = {
    { "> a\n> b\n", true },
    { ">a\n\n>> b\n> c cut", true },
    { ">>>>> a\n>>>>>\n \n>>>> b\n", true },
    { "> a\n", false },
    { "> a\n> b", false },
    { "> a\nanswer\n> b\n", false },
    { "Hello,\n> a\n> b\n", false },
    { "  > a\n  > b\n", false },
    { "[    1.000000] a > b\n[    1.100000] c\n", false },
    { "\n\n\n", false },
    { "", false },
};

START_TEST(tells_quotations)
{
    ck_assert_int_eq(quote_is(str_from(heads[_i].head)), heads[_i].quoted);
}
END_TEST

static const struct {
    const char *line, *rest;
} lines[] = {
    { "> [    1.0] a", "[    1.0] a" },
    { ">[    1.0] a", "[    1.0] a" },
    { ">>> a", "a" },
    { ">  > [DEPEND] x", "[DEPEND] x" },
    { ">          Starting x...", "         Starting x..." },
    { ">", "" },
    { "> >", "" },
    { "a > b", "a > b" },
    { " > a", " > a" },
    { "", "" },
};

START_TEST(strips_marks)
{
    struct str rest = quote_strip(str_from(lines[_i].line));

    ck_assert(str_eq(rest, str_from(lines[_i].rest)));
}
END_TEST

/* Each with what is read of it. */
static const struct {
    const char *in, *format;
    size_t n;
    const char *first, *last;
} texts[] = {
    { "> [    1.000000] one\n> [    1.100000] two\n", "dmesg", 2, "one", "two" },
    { "> Linux version 6.1.0-13-amd64 (b@h) (gcc 12) #1 SMP\n> Command line: ro\n", "dmesg", 2,
      "Linux version 6.1.0-13-amd64 (b@h) (gcc 12) #1 SMP", "Command line: ro" },
    { "> > sept. 27 21:47:33 host kernel: one\n> > sept. 27 21:47:34 host kernel: two\n",
      "journal-text", 2, "one", "two" },
    { ">> [   16.702255] VFS: Cannot open root device \n"
      ">> \"PARTUUID=00000000-05c7-43f8-b147-93140ad315e5\" or \n"
      ">> unknown-block(0,0): error -6\n>> [   16.713114] next\n",
      "dmesg", 2,
      "VFS: Cannot open root device \"PARTUUID=00000000-05c7-43f8-b147-93140ad315e5\" or "
      "unknown-block(0,0): error -6",
      "next" },
    { "> [    1.000000] a short line\n> is not wrapped\n> [    1.100000] next\n", "dmesg", 3,
      "a short line", "next" },
    { "> [    1.000000] who answers below a line that is long enough to be wrapped\n>\n"
      "> [    1.100000] next\n",
      "dmesg", 3, "who answers below a line that is long enough to be wrapped", "next" },
};

START_TEST(reads_quoted_logs)
{
    struct read_all all = read_all(str_from(texts[_i].in), NULL);

    ck_assert_str_eq(all.format->name, texts[_i].format);
    ck_assert_uint_eq(all.n, texts[_i].n);
    ck_assert(str_eq(all.p[0]->text, str_from(texts[_i].first)));
    ck_assert(str_eq(all.p[all.n - 1]->text, str_from(texts[_i].last)));
    ck_assert_uint_eq(all.p[0]->line, 1);
    read_all_done(&all);
}
END_TEST

Suite *check_quote(void)
{
    Suite *s = suite_create("quote");
    TCase *t = tcase_create("all");

    tcase_add_loop_test(t, tells_quotations, 0, COUNT(heads));
    tcase_add_loop_test(t, strips_marks, 0, COUNT(lines));
    tcase_add_loop_test(t, reads_quoted_logs, 0, COUNT(texts));
    suite_add_tcase(s, t);
    return s;
}
