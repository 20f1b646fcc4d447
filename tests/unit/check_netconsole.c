/* SPDX-License-Identifier: Apache-2.0 */
/* Netconsole: what receivers put before the kernel's line, fragments, releases. */
#include "tests/unit/read_all.h"

static const struct {
    const char *in, *text;
    int64_t mono_us;
    enum level level;
    const char *host;
} lines[] = {
    { "192.0.2.7:6665 [   12.345678] text\n", "text", 12345678, LEVEL_UNKNOWN, "192.0.2.7:6665" },
    { "Nov 20 23:35:17 192.0.2.7 [   12.345678] text\n", "text", 12345678, LEVEL_UNKNOWN,
      "192.0.2.7" },
    { "2026-11-20T23:35:17Z vm7 <4>[   12.345678] text\n", "text", 12345678, LEVEL_WARNING, "vm7" },
    { "[2001:db8::7]:6665 4,1,2000,-;text\n", "text", 2000, LEVEL_WARNING, "[2001:db8::7]:6665" },
    { "6.4.0-rc1,6,444,501151268,-;text\n", "text", 501151268, LEVEL_INFO, "" },
    { "6,416,1734242,-,ncfrag=0/12;one \n6,416,1734242,-,ncfrag=4/12;two \n"
      "6,416,1734242,-,ncfrag=8/12;three\n",
      "one two three", 1734242, LEVEL_INFO, "" },
    { "6,416,1734242,-,ncfrag=0/12;one 6,416,1734242,-,ncfrag=4/12;glued\n", "one glued", 1734242,
      LEVEL_INFO, "" },
};

START_TEST(reads_one_record)
{
    struct read_all all = read_all(str_from(lines[_i].in), NULL);

    expect_str(str_from(all.format->name), "netconsole");
    ck_assert_uint_eq(all.n, 1);
    expect_str(all.p[0]->text, lines[_i].text);
    ck_assert_int_eq(all.p[0]->mono_us, lines[_i].mono_us);
    ck_assert_int_eq(all.p[0]->level, lines[_i].level);
    ck_assert_int_eq(all.p[0]->origin, ORIGIN_GUEST_KERNEL);
    expect_str(all.p[0]->host, lines[_i].host);
    read_all_done(&all);
}
END_TEST

/* Local logs and the prefixes of other formats. */
static const struct {
    const char *in, *format;
} others[] = {
    { "[   12.345678] text\n[   12.400000] text\n", "dmesg" },
    { "6,416,1734242,-;text\n", "kmsg" },
    { "Nov 20 23:35:17 vm7 kernel: [   12.345678] text\n", "syslog" },
    { "192.0.2.7 - - [20/Nov/2026:23:35:17 +0000] \"GET / HTTP/1.1\" 200\n", "plain" },
};

START_TEST(leaves_others_alone)
{
    struct read_all all = read_all(str_from(others[_i].in), NULL);

    expect_str(str_from(all.format->name), others[_i].format);
    read_all_done(&all);
}
END_TEST

START_TEST(torn_fragments_are_read)
{
    struct read_all all = read_all(STR("6,1,5,-,ncfrag=0/90;first of\n6,1,5,-,ncfrag=8/90\n"
                                       "6,9,7,-,ncfrag=40/90;a middle without its head\n"
                                       "6,10,8,-;after\n"),
                                   NULL);

    ck_assert_uint_eq(all.n, 3);
    expect_str(all.p[0]->text, "first of");
    expect_str(all.p[1]->text, "a middle without its head");
    expect_str(all.p[2]->text, "after");
    read_all_done(&all);
}
END_TEST

Suite *check_netconsole(void)
{
    Suite *s = suite_create("netconsole");
    TCase *t = tcase_create("netconsole");

    tcase_add_loop_test(t, reads_one_record, 0, (int)(sizeof lines / sizeof lines[0]));
    tcase_add_loop_test(t, leaves_others_alone, 0, (int)(sizeof others / sizeof others[0]));
    tcase_add_test(t, torn_fragments_are_read);
    suite_add_tcase(s, t);
    return s;
}
