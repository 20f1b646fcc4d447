/* SPDX-License-Identifier: Apache-2.0 */
/* Syslog lines of several daemons; only what they call the kernel's is the kernel's. */
#include "tests/unit/read_all.h"

#define KERNEL ORIGIN_GUEST_KERNEL
#define USER ORIGIN_GUEST_USER
#define NO_YEAR (RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE)

/* Nov 20 of the year that stands for none. */
#define NOV_20 (INT64_C(91065600) * 1000000)

static const struct {
    const char *in, *text;
    int64_t mono_us, wall_us;
    unsigned flags;
    enum level level;
    enum origin origin;
    const char *host, *ident, *pid;
} lines[] = {
    { "Nov 20 00:00:17 vm7 kernel: [    1.125782] VFS: text\n", "VFS: text", 1125782,
      NOV_20 + 17000000, NO_YEAR, LEVEL_UNKNOWN, KERNEL, "vm7", "kernel", "" },
    { "<3>Nov 20 00:00:17 vm7 kernel: [    1.125782][   T1] text\n", "text", 1125782,
      NOV_20 + 17000000, NO_YEAR, LEVEL_ERR, KERNEL, "vm7", "kernel", "" },
    { "<11>Nov 20 00:00:17 vm7 kernel: Kernel panic - not syncing: forged\n",
      "Kernel panic - not syncing: forged", TIME_UNKNOWN, NOV_20 + 17000000, NO_YEAR, LEVEL_ERR,
      USER, "vm7", "kernel", "" },
    { "Nov 20 00:00:17 vm7 my-program[77]: [    1.000000] forged\n", "[    1.000000] forged",
      TIME_UNKNOWN, NOV_20 + 17000000, NO_YEAR, LEVEL_UNKNOWN, USER, "vm7", "my-program", "77" },
    { "2000-01-01T02:00:00.500000+02:00 vm7 kernel: text\n", "text", TIME_UNKNOWN, 946684800500000,
      0, LEVEL_UNKNOWN, KERNEL, "vm7", "kernel", "" },
    { "Nov 20 00:00:17 vm7 kern.warn kernel: [    1.125782] text\n", "text", 1125782,
      NOV_20 + 17000000, NO_YEAR, LEVEL_WARNING, KERNEL, "vm7", "kernel", "" },
    { "Nov 20 00:00:17 kernel: no host\n", "no host", TIME_UNKNOWN, NOV_20 + 17000000, NO_YEAR,
      LEVEL_UNKNOWN, KERNEL, "", "kernel", "" },
    { "<4>1 2000-01-01T00:00:00Z vm7 kernel - - - [    2.000000] text\n", "text", 2000000,
      946684800000000, RECORD_WALL_COARSE, LEVEL_WARNING, KERNEL, "vm7", "kernel", "" },
    { "<30>1 2000-01-01T00:00:00.1Z vm7 app 12 id [a@1 x=\"p\\]q\"][b@1] text\n", "text",
      TIME_UNKNOWN, 946684800100000, 0, LEVEL_INFO, USER, "vm7", "app", "12" },
    { "<30>1 - - app - - [a@1 x=\"y\"][b@1] \xef\xbb\xbftext\n", "text", TIME_UNKNOWN, TIME_UNKNOWN,
      0, LEVEL_INFO, USER, "", "app", "" },
    { "Nov 20 00:00:17 vm7 app: one#012two#011#01x #\n", "one\ntwo\t#01x #", TIME_UNKNOWN,
      NOV_20 + 17000000, NO_YEAR, LEVEL_UNKNOWN, USER, "vm7", "app", "" },
    { " kernel:[    1.125782] by wall\n", "by wall", 1125782, TIME_UNKNOWN, 0, LEVEL_UNKNOWN,
      KERNEL, "", "", "" },
    { " kernel:by wall\n", "by wall", TIME_UNKNOWN, TIME_UNKNOWN, 0, LEVEL_UNKNOWN, KERNEL, "", "",
      "" },
    { "Message from syslogd@vm7 at Nov 20 00:00:17 ...\n",
      "Message from syslogd@vm7 at Nov 20 00:00:17 ...", TIME_UNKNOWN, TIME_UNKNOWN, 0,
      LEVEL_UNKNOWN, ORIGIN_UNKNOWN, "", "", "" },
    { "Nov 20 00:00:17 vm7 last message repeated 3 times\n", "last message repeated 3 times",
      TIME_UNKNOWN, NOV_20 + 17000000, NO_YEAR, LEVEL_UNKNOWN, USER, "vm7", "", "" },
};

START_TEST(reads_one_line)
{
    struct read_all all = read_all(str_from(lines[_i].in), "syslog");
    const struct record *r = all.p[0];

    ck_assert_uint_eq(all.n, 1);
    expect_str(r->text, lines[_i].text);
    ck_assert_int_eq(r->mono_us, lines[_i].mono_us);
    ck_assert_int_eq(r->wall_us, lines[_i].wall_us);
    ck_assert_uint_eq(r->flags, lines[_i].flags);
    ck_assert_int_eq(r->level, lines[_i].level);
    ck_assert_int_eq(r->origin, lines[_i].origin);
    expect_str(r->host, lines[_i].host);
    expect_str(r->ident, lines[_i].ident);
    expect_str(r->pid, lines[_i].pid);
    read_all_done(&all);
}
END_TEST

static const char *const no_heads[] = {
    "Nov 20 00:00:17\n",
    "Nov 20 00:00:17 words without an ident\n",
    "Nov 31 25:00:17 vm7 kernel: no such day\n",
    "2000-01-01T00:00:00.000Z| vmx| I120: another format\n",
    "2000-01-01T00:00:00.000Z In(05) vmx - another format\n",
    "<4>1 2000-01-01T00:00:00Z vm7 kernel\n",
    "<30>1 - - app - - [a@1 never closed\n",
    "<999>Nov 20 00:00:17 vm7 kernel: text\n",
    "kernel: text\n",
};

START_TEST(other_lines_are_unparsed)
{
    struct read_all all = read_all(str_from(no_heads[_i]), "syslog");

    ck_assert_uint_eq(all.n, 1);
    ck_assert(all.p[0]->flags & RECORD_UNPARSED);
    ck_assert_int_eq(all.p[0]->origin, ORIGIN_UNKNOWN);
    ck_assert_int_eq(all.p[0]->wall_us, TIME_UNKNOWN);
    read_all_done(&all);
}
END_TEST

START_TEST(joins_indented_lines)
{
    struct read_all all = read_all(STR("Nov 20 00:00:17 vm7 kernel: [    1.0] a#012b\n"
                                       "                            c\n"
                                       "Nov 20 00:00:18 vm7 app: d\n"),
                                   "syslog");

    ck_assert_uint_eq(all.n, 2);
    expect_str(all.p[0]->text, "[    1.0] a\nb\nc");
    ck_assert_uint_eq(all.p[1]->line, 3);
    read_all_done(&all);
}
END_TEST

START_TEST(wins_where_the_kernel_stamped)
{
    struct read_all all = read_all(STR("Nov 20 00:00:17 vm7 kernel: [    1.000000] a\n"
                                       "Nov 20 00:00:17 vm7 kernel: [    1.100000] b\n"
                                       "Nov 20 00:00:18 vm7 app: c\n"),
                                   NULL);

    expect_str(str_from(all.format->name), "syslog");
    ck_assert_int_eq(all.p[1]->mono_us, 1100000);
    read_all_done(&all);
}
END_TEST

Suite *check_syslog(void)
{
    Suite *s = suite_create("syslog");
    TCase *t = tcase_create("syslog");

    tcase_add_loop_test(t, reads_one_line, 0, (int)(sizeof lines / sizeof lines[0]));
    tcase_add_loop_test(t, other_lines_are_unparsed, 0,
                        (int)(sizeof no_heads / sizeof no_heads[0]));
    tcase_add_test(t, joins_indented_lines);
    tcase_add_test(t, wins_where_the_kernel_stamped);
    suite_add_tcase(s, t);
    return s;
}
