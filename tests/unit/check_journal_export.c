/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of journalctl -o export, with values that are no text; torn ones cost only themselves. */
#include "tests/unit/read_all.h"

#include "analyzer/core/limits.h"

#include <stdlib.h>
#include <string.h>

#define HEAD "__CURSOR=s=1;i=1;b=0123456789abcdef0123456789abcdef;m=10;t=20;x=1\n"

/* The texts of the records, joined by '|'; '?' before what was not explained, '!' before a cut. */
static const struct {
    const char *name;
    struct str in;
    const char *out;
} rows[] = {
    { "two", { STR_INIT(HEAD "MESSAGE=one\n\n" HEAD "MESSAGE=two\n\n") }, "one|two|" },
    { "no blank line at the end", { STR_INIT(HEAD "MESSAGE=one") }, "one|" },
    { "blank lines", { STR_INIT("\n\n" HEAD "MESSAGE=one\n\n\n\n") }, "one|" },
    { "CR LF", { STR_INIT(HEAD "MESSAGE=one\r\n\r\n" HEAD "MESSAGE=two\r\n") }, "one|two|" },
    { "equals sign", { STR_INIT(HEAD "MESSAGE=a=b\n\n") }, "a=b|" },
    { "twice", { STR_INIT(HEAD "MESSAGE=one\nMESSAGE=two\n\n") }, "one|" },
    { "binary",
      { STR_INIT(HEAD "MESSAGE\n\x05\0\0\0\0\0\0\0a\nb\0c\nPRIORITY=3\n\n" HEAD
                      "MESSAGE=two\n\n") },
      "a\nb\0c|two|" },
    { "binary that nobody wants",
      { STR_INIT(HEAD "COREDUMP\n\x04\0\0\0\0\0\0\0\n\n\n\n\nMESSAGE=one\n\n") },
      "one|" },
    { "empty binary",
      { STR_INIT(HEAD "MESSAGE\n\0\0\0\0\0\0\0\0\n\n" HEAD "MESSAGE=two\n\n") },
      "|two|" },
    { "torn binary", { STR_INIT(HEAD "MESSAGE\n\x05\0\0\0\0\0\0\0ab") }, "!ab|" },
    { "torn length", { STR_INIT(HEAD "MESSAGE=one\nX\n\x05\0") }, "!one|" },
    { "absurd length",
      { STR_INIT(HEAD "MESSAGE=one\nX\n\xff\xff\xff\xff\xff\xff\xff\x7f\n" HEAD "MESSAGE=2\n\n") },
      "!one|2|" },
    { "not a field",
      { STR_INIT(HEAD "MESSAGE=one\nhello world\n\n" HEAD "MESSAGE=two\n\n") },
      "one|?hello world|two|" },
};

static size_t join(const struct read_all *all, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < all->n; i++) {
        const struct record *r = all->p[i];

        if (r->flags & RECORD_UNPARSED)
            out[n++] = '?';
        if (r->flags & RECORD_CUT)
            out[n++] = '!';
        memcpy(out + n, r->text.p ? r->text.p : "", r->text.n);
        n += r->text.n;
        out[n++] = '|';
    }
    return n;
}

START_TEST(reads_entries)
{
    struct read_all all = read_all(rows[_i].in, NULL);
    char found[256];
    size_t n = join(&all, found);
    /* The expectation may hold a NUL, too: it ends with the last '|'. */
    const char *expected = rows[_i].out;

    expect_str(str_from(all.format->name), "journal-export");
    ck_assert_msg(memcmp(found, expected, n) == 0 && expected[n] == 0, "%s: found %.*s",
                  rows[_i].name, (int)n, found);
    read_all_done(&all);
}
END_TEST

START_TEST(lines_are_counted_through_binary)
{
    struct read_all all =
            read_all(STR(HEAD "MESSAGE\n\x03\0\0\0\0\0\0\0a\nb\n\n" HEAD "MESSAGE=x\n"), NULL);

    ck_assert_uint_eq(all.n, 2);
    ck_assert_uint_eq(all.p[0]->line, 1);
    ck_assert_uint_eq(all.p[1]->line, 6);
    ck_assert_int_eq(all.p[1]->mono_us, 16);
    ck_assert_int_eq(all.p[1]->wall_us, 32);
    read_all_done(&all);
}
END_TEST

/* A message of a MiB, its length told right: cut, and the next entry is found. */
START_TEST(huge_binary_is_cut)
{
    static const char head[] = HEAD "_HOSTNAME=photon\nMESSAGE\n\0\0\x10\0\0\0\0\0";
    static const char tail[] = "\nPRIORITY=2\n\n" HEAD "MESSAGE=two\n\n";
    size_t size = (size_t)1 << 20, n = sizeof head - 1 + size + sizeof tail - 1;
    char *text = malloc(n);
    struct read_all all;

    ck_assert(text != NULL);
    memset(text, 'x', n);
    memcpy(text, head, sizeof head - 1);
    memcpy(text + sizeof head - 1 + size, tail, sizeof tail - 1);
    all = read_all((struct str){ .p = text, .n = n }, NULL);
    ck_assert_uint_eq(all.n, 2);
    ck_assert_uint_eq(all.p[0]->flags & RECORD_CUT, RECORD_CUT);
    ck_assert_uint_le(all.p[0]->text.n, LIMIT_LINE_BYTES);
    ck_assert_uint_gt(all.p[0]->text.n, LIMIT_LINE_BYTES / 2);
    expect_str(all.p[0]->host, "photon");
    expect_str(all.p[1]->text, "two");
    read_all_done(&all);
    free(text);
}
END_TEST

Suite *check_journal_export(void)
{
    Suite *s = suite_create("journal_export");
    TCase *t = tcase_create("journal_export");

    tcase_add_loop_test(t, reads_entries, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(t, lines_are_counted_through_binary);
    tcase_add_test(t, huge_binary_is_cut);
    suite_add_tcase(s, t);
    return s;
}
