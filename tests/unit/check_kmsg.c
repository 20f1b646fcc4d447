/* SPDX-License-Identifier: Apache-2.0 */
/* Records of /dev/kmsg: heads, device lines, escapes, NUL-separated files. */
#include "tests/unit/read_all.h"

static const struct {
    const char *in, *text;
    int64_t mono_us;
    uint64_t seq;
    enum level level;
    enum origin origin;
    const char *caller;
} lines[] = {
    { "6,339,5140900,-;NET: text; with semicolons\n", "NET: text; with semicolons", 5140900, 339,
      LEVEL_INFO, ORIGIN_GUEST_KERNEL, "" },
    { "4,1,0,-,caller=T12;text\n", "text", 0, 1, LEVEL_WARNING, ORIGIN_GUEST_KERNEL, "T12" },
    { "4,1,7,c,caller=C0,more=x;text\n", "text", 7, 1, LEVEL_WARNING, ORIGIN_GUEST_KERNEL, "C0" },
    { "30,2,100,-;systemd[1]: Kernel panic\n", "systemd[1]: Kernel panic", 100, 2, LEVEL_INFO,
      ORIGIN_GUEST_USER, "" },
    { "1000,2,100,-;a facility without name\n", "a facility without name", 100, 2, LEVEL_EMERG,
      ORIGIN_GUEST_USER, "" },
    { "6,3,100,-;one\\x0atwo \\xc3\\xa9 \\x5c \\xzz \\x4\n", "one\ntwo \xc3\xa9 \\ \\xzz \\x4", 100,
      3, LEVEL_INFO, ORIGIN_GUEST_KERNEL, "" },
    { "6,4,100,-;\n", "", 100, 4, LEVEL_INFO, ORIGIN_GUEST_KERNEL, "" },
};

START_TEST(reads_one_record)
{
    struct read_all all = read_all(str_from(lines[_i].in), NULL);
    const struct record *r = all.p[0];

    expect_str(str_from(all.format->name), "kmsg");
    ck_assert_uint_eq(all.n, 1);
    expect_str(r->text, lines[_i].text);
    ck_assert_int_eq(r->mono_us, lines[_i].mono_us);
    ck_assert(r->has_seq);
    ck_assert_uint_eq(r->seq, lines[_i].seq);
    ck_assert_int_eq(r->level, lines[_i].level);
    ck_assert_int_eq(r->origin, lines[_i].origin);
    expect_str(r->caller, lines[_i].caller);
    read_all_done(&all);
}
END_TEST

START_TEST(device_lines_are_not_text)
{
    struct read_all all = read_all(STR("6,1,10,-;usb 1-1: new device\n SUBSYSTEM=usb\n"
                                       " DEVICE=c189:1\n6,2,20,-;next\n"),
                                   NULL);

    ck_assert_uint_eq(all.n, 2);
    expect_str(all.p[0]->text, "usb 1-1: new device");
    ck_assert_uint_eq(all.p[1]->line, 4);
    ck_assert_uint_eq(all.stats.understood, 4);
    read_all_done(&all);
}
END_TEST

START_TEST(nul_separated_files_are_read)
{
    struct read_all all = read_all(STR("6,1,10,-;one\n\0"
                                       "6,2,20,-;two\n\0"),
                                   NULL);

    ck_assert_uint_eq(all.n, 2);
    expect_str(all.p[1]->text, "two");
    read_all_done(&all);
}
END_TEST

static const char *const no_heads[] = {
    "6,1,10;text\n",
    "6,1,10,x;text\n",
    "1024,1,10,-;text\n",
    "6,1,10,-\n",
    "a,b,c\n",
    "6,1,10,-caller;x\n",
    ",,,-;\n",
    "6,1,9999999999999999999,-;\n",
    "6,",
};

START_TEST(other_lines_are_unparsed)
{
    struct read_all all = read_all(str_from(no_heads[_i]), "kmsg");

    ck_assert_uint_eq(all.n, 1);
    ck_assert(all.p[0]->flags & RECORD_UNPARSED);
    ck_assert_int_eq(all.p[0]->origin, ORIGIN_UNKNOWN);
    read_all_done(&all);
    all = read_all(str_from(no_heads[_i]), NULL);
    ck_assert_str_ne(all.format->name, "kmsg");
    read_all_done(&all);
}
END_TEST

Suite *check_kmsg(void)
{
    Suite *s = suite_create("kmsg");
    TCase *t = tcase_create("kmsg");

    tcase_add_loop_test(t, reads_one_record, 0, (int)(sizeof lines / sizeof lines[0]));
    tcase_add_loop_test(t, other_lines_are_unparsed, 0,
                        (int)(sizeof no_heads / sizeof no_heads[0]));
    tcase_add_test(t, device_lines_are_not_text);
    tcase_add_test(t, nul_separated_files_are_read);
    suite_add_tcase(s, t);
    return s;
}
