/* SPDX-License-Identifier: Apache-2.0 */
/* Every mode of dmesg(1) gives the same records; whatever is no kernel text is not claimed. */
#include "tests/unit/read_all.h"

#include <stdlib.h>
#include <string.h>

/* One line, and what it says. */
static const struct {
    const char *in;
    const char *text;
    int64_t mono_us, wall_us;
    enum level level;
    enum facility facility;
    enum origin origin;
    unsigned flags;
    const char *caller;
} lines[] = {
    { "[    1.125782] VFS: broken\n", "VFS: broken", 1125782, TIME_UNKNOWN, LEVEL_UNKNOWN,
      FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0, "" },
    { "[Fr Nov 20 23:35:17 2026] text\n", "text", TIME_UNKNOWN, INT64_C(1795217717000000),
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL,
      RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE, "" },
    { "[ven. nov. 20 23:35:17 2026] text\n", "text", TIME_UNKNOWN, INT64_C(1795217717000000),
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL,
      RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE, "" },
    { "[ven. 20 nov. 23:35:17 2026] text\n", "text", TIME_UNKNOWN, INT64_C(1795217717000000),
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL,
      RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE, "" },
    { "[Fr 20. Nov 23:35:17 2026] text\n", "text", TIME_UNKNOWN, INT64_C(1795217717000000),
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL,
      RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE, "" },
    { "[\xd0\xbf\xd1\x82 \xd0\xbd\xd0\xbe\xd1\x8f 20 23:35:17 2026] text\n", "text", TIME_UNKNOWN,
      INT64_C(1795217717000000), LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL,
      RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE, "" },
    { "[\xe4\xba\x94 11\xe6\x9c\x88 20 23:35:17 2026] text\n", "text", TIME_UNKNOWN,
      INT64_C(1795217717000000), LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL,
      RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE, "" },
    { "<4>[12345.000001] text\n", "text", 12345000001, TIME_UNKNOWN, LEVEL_WARNING, FACILITY_KERN,
      ORIGIN_GUEST_KERNEL, 0, "" },
    { "<30>[    5.100000] systemd[1]: hello\n", "systemd[1]: hello", 5100000, TIME_UNKNOWN,
      LEVEL_INFO, FACILITY_DAEMON, ORIGIN_GUEST_USER, 0, "" },
    { "<6>[    0.500000][    T1] by a thread\n", "by a thread", 500000, TIME_UNKNOWN, LEVEL_INFO,
      FACILITY_KERN, ORIGIN_GUEST_KERNEL, 0, "T1" },
    { "[    0.500000] [C3] by a cpu\n", "by a cpu", 500000, TIME_UNKNOWN, LEVEL_UNKNOWN,
      FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0, "C3" },
    { "kern  :err   : [    2.000000] ata1: failed\n", "ata1: failed", 2000000, TIME_UNKNOWN,
      LEVEL_ERR, FACILITY_KERN, ORIGIN_GUEST_KERNEL, 0, "" },
    { "daemon:warn  : [    2.000000] unit slow\n", "unit slow", 2000000, TIME_UNKNOWN,
      LEVEL_WARNING, FACILITY_DAEMON, ORIGIN_GUEST_USER, 0, "" },
    { "[Sat Jan  1 00:00:01 2000] text\n", "text", TIME_UNKNOWN, 946684801000000, LEVEL_UNKNOWN,
      FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE, "" },
    { "[s\xc3\xa1m. janv.  1 00:00:01 2000] text\n", "text", TIME_UNKNOWN, 946684801000000,
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL,
      RECORD_WALL_COARSE | RECORD_WALL_NO_ZONE, "" },
    { "[\xe5\x85\xad 1\xe6\x9c\x88  1 00:00:01 2000] text\n", "text", TIME_UNKNOWN, 946684801000000,
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL,
      RECORD_WALL_COARSE | RECORD_WALL_NO_ZONE, "" },
    { "> > [    1.125782] quoted\n", "quoted", 1125782, TIME_UNKNOWN, LEVEL_UNKNOWN,
      FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0, "" },
    { " kernel:[    1.125782] by wall\n", "by wall", 1125782, TIME_UNKNOWN, LEVEL_UNKNOWN,
      FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0, "" },
    { " kernel:BUG: soft lockup by wall\n", "BUG: soft lockup by wall", TIME_UNKNOWN, TIME_UNKNOWN,
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0, "" },
    { "2000-01-01T02:00:01,500000+02:00 text\n", "text", TIME_UNKNOWN, 946684801500000,
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0, "" },
    { "[<    0.250000>] text\n", "text", 250000, TIME_UNKNOWN, LEVEL_UNKNOWN, FACILITY_UNKNOWN,
      ORIGIN_GUEST_KERNEL, RECORD_MONO_REL, "" },
    { "[<    0,250000>] text\n", "text", 250000, TIME_UNKNOWN, LEVEL_UNKNOWN, FACILITY_UNKNOWN,
      ORIGIN_GUEST_KERNEL, RECORD_MONO_REL, "" },
    { "[    7.000000 <    0.250000>] text\n", "text", 7000000, TIME_UNKNOWN, LEVEL_UNKNOWN,
      FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0, "" },
    { "[    7.000000] [Sat Jan  1 00:00:01 2000] text\n", "text", 7000000, 946684801000000,
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL,
      RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE, "" },
    { "[ 0.408874] unpadded\n", "unpadded", 408874, TIME_UNKNOWN, LEVEL_UNKNOWN, FACILITY_UNKNOWN,
      ORIGIN_GUEST_KERNEL, 0, "" },
    { "[    3.000000]\n", "", 3000000, TIME_UNKNOWN, LEVEL_UNKNOWN, FACILITY_UNKNOWN,
      ORIGIN_GUEST_KERNEL, 0, "" },
    { "[    3.000000]  two blanks stay one\r\n", " two blanks stay one", 3000000, TIME_UNKNOWN,
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0, "" },
    { "\x1b[32m[    4.000000] \x1b[0m\x1b[33msda: \x1b[0mcolour\n", "sda: colour", 4000000,
      TIME_UNKNOWN, LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0, "" },
    { "<4> no stamps at all\n", " no stamps at all", TIME_UNKNOWN, TIME_UNKNOWN, LEVEL_WARNING,
      FACILITY_KERN, ORIGIN_GUEST_KERNEL, 0, "" },
    { "[99999999999.999999] beyond any uptime\n", "[99999999999.999999] beyond any uptime",
      TIME_UNKNOWN, TIME_UNKNOWN, LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_UNKNOWN, 0, "" },
    { "<192>[    1.000000] no such priority\n", "no such priority", 1000000, TIME_UNKNOWN,
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0, "" },
};

START_TEST(reads_one_line)
{
    struct read_all all = read_all(str_from(lines[_i].in), "dmesg");
    const struct record *r = all.p[0];

    ck_assert_uint_eq(all.n, 1);
    expect_str(r->text, lines[_i].text);
    ck_assert_int_eq(r->mono_us, lines[_i].mono_us);
    ck_assert_int_eq(r->wall_us, lines[_i].wall_us);
    ck_assert_int_eq(r->level, lines[_i].level);
    ck_assert_int_eq(r->facility, lines[_i].facility);
    ck_assert_int_eq(r->origin, lines[_i].origin);
    ck_assert_uint_eq(r->flags, lines[_i].flags);
    expect_str(r->caller, lines[_i].caller);
    read_all_done(&all);
}
END_TEST

/* The same record of two lines in several modes. */
static const char *const indented[] = {
    "[    1.000000] first\n               second\n[    1.100000] next\n",
    "<4>[    1.000000] first\n                  second\n<4>[    1.100000] next\n",
    "kern  :warn  : [    1.000000] first\n                              second\n"
    "kern  :warn  : [    1.100000] next\n",
    "[<    1.000000>] first\r\n                 second\r\n[<    0.100000>] next\r\n",
};

START_TEST(joins_indented_lines)
{
    struct read_all all = read_all(str_from(indented[_i]), NULL);

    expect_str(str_from(all.format->name), "dmesg");
    ck_assert_uint_eq(all.n, 2);
    expect_str(all.p[0]->text, "first\nsecond");
    ck_assert_uint_eq(all.p[0]->line, 1);
    expect_str(all.p[1]->text, "next");
    ck_assert_uint_eq(all.p[1]->line, 3);
    ck_assert_int_eq(all.p[1]->mono_us, 1100000);
    read_all_done(&all);
}
END_TEST

/* dmesg -H in English, and with the decimal comma and months of other locales. */
static const char *const human[] = {
    "[Nov20 23:35] zero\n[  +1.500000] one\n[  -0.250000] back\n"
    "[Nov20 23:40] minutes later\n[ +12.000000] end\n",
    "[M\xc3\xa4r 6 23:35] zero\n[  +1,500000] one\n[  -0,250000] back\n"
    "[M\xc3\xa4r 6 23:40] minutes later\n[ +12,000000] end\n",
};

START_TEST(sums_human_differences)
{
    struct read_all all = read_all(str_from(human[_i]), NULL);
    static const int64_t expected[] = { 0, 1500000, 1250000, 240000000, 252000000 };

    ck_assert_uint_eq(all.n, 5);
    for (size_t i = 0; i < all.n; i++) {
        ck_assert_int_eq(all.p[i]->mono_us, expected[i]);
        ck_assert(all.p[i]->flags & RECORD_MONO_REL);
        ck_assert(all.p[i]->flags & RECORD_WALL_NO_YEAR);
    }
    ck_assert_int_eq(all.p[4]->wall_us - all.p[0]->wall_us, 312000000);
    read_all_done(&all);
}
END_TEST

static const struct {
    const char *in, *format;
} bids[] = {
    { "Linux version 6.1.0-13-amd64 (b@h) (gcc 12) #1 SMP\nCommand line: ro\n", "dmesg" },
    { "Linux version 6.1.0-13-amd64 (b@h) (gcc 12) #1 SMP\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\n"
      "k\nl\nm\nn\no\np\nq\nr\n",
      "dmesg" },
    { "BUG: kernel NULL pointer dereference, address: 0000000000000008\nRIP: 0010:f+0x1/0x2\n",
      "dmesg" },
    { "Message from syslogd@web4 at Jun 17 13:06:42 ...\n kernel:[  405.698255] text\n", "dmesg" },
    { "Message from syslogd@web4 at Jun 17 13:06:42 ...\n kernel:text\n", "dmesg" },
    { "kernel: text\n", "plain" },
    { "> BUG: kernel NULL pointer dereference, address: 08\n> RIP: 0010:f+0x1/0x2\n", "dmesg" },
    { "Dear all,\nmy guest said Call Trace: and died\nregards\n", "plain" },
    { "Call Trace: is printed once\n", "plain" },
    { "  12: [    1.000000] from a viewer\n  13: [    1.100000] with line numbers\n", "dmesg" },
    { "[section]\nkey = value\n[2.5]\n", "plain" },
    { "<html><body>[1]</body>\n", "plain" },
    { "", "plain" },
};

START_TEST(bids_for_kernel_text_only)
{
    struct read_all all = read_all(str_from(bids[_i].in), NULL);

    expect_str(str_from(all.format->name), bids[_i].format);
    read_all_done(&all);
}
END_TEST

START_TEST(text_without_prefix_is_of_unknown_origin)
{
    struct read_all all = read_all(STR("[    1.000000] kernel\n"
                                       "Kernel panic - not syncing: says who?\n"
                                       "guest login: [    2.000000] kernel again\n"),
                                   "dmesg");

    ck_assert_uint_eq(all.n, 3);
    ck_assert_int_eq(all.p[1]->origin, ORIGIN_UNKNOWN);
    ck_assert(all.p[1]->flags & RECORD_UNPARSED);
    ck_assert_int_eq(all.p[2]->origin, ORIGIN_GUEST_KERNEL);
    expect_str(all.p[2]->text, "kernel again");
    ck_assert_uint_eq(all.stats.understood, 2);
    read_all_done(&all);
}
END_TEST

/* A record of more lines than are kept is cut and the rest still read. */
START_TEST(huge_records_are_cut)
{
    size_t n = (size_t)4 << 20;
    char *p = malloc(n);
    struct read_all all;
    size_t at = 0;

    ck_assert(p != NULL);
    memcpy(p, "[    1.000000] head\n", 20);
    for (at = 20; at + 120 < n; at += 100) {
        memset(p + at, ' ', 99);
        p[at + 98] = 'x';
        p[at + 99] = '\n';
    }
    memcpy(p + at, "[    2.000000] end\n", 19);
    all = read_all((struct str){ p, at + 19 }, "dmesg");
    ck_assert_uint_eq(all.n, 2);
    ck_assert(all.p[0]->flags & RECORD_CUT);
    expect_str(all.p[1]->text, "end");
    read_all_done(&all);
    free(p);
}
END_TEST

START_TEST(torn_and_binary_input_is_read)
{
    static const struct str inputs[] = {
        { STR_INIT("[") },
        { STR_INIT("<") },
        { STR_INIT("[    1.") },
        { STR_INIT("[    1.000000] a\0b\xff\n[") },
        { STR_INIT("                    \n") },
        { STR_INIT("\x1b[\n\x1b]\n\x1b") },
        { STR_INIT("kern  :") },
    };

    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        struct read_all all = read_all(inputs[i], "dmesg");

        ck_assert_uint_ge(all.n, 1);
        read_all_done(&all);
    }
}
END_TEST

/* The first line of what was copied from a terminal lacks its first bytes now and then. */
START_TEST(first_line_begins_late)
{
    struct read_all all = read_all(STR("36.026949] refcount_t: underflow\n[   36.026959] next\n"
                                       "36.026960] text\n"),
                                   NULL);

    ck_assert_uint_eq(all.n, 3);
    expect_str(str_from(all.format->name), "dmesg");
    expect_str(all.p[0]->text, "refcount_t: underflow");
    ck_assert_int_eq(all.p[0]->mono_us, 36026949);
    ck_assert_int_eq(all.p[0]->origin, ORIGIN_GUEST_KERNEL);
    ck_assert_uint_eq(all.p[0]->flags & RECORD_UNPARSED, 0);
    expect_str(all.p[2]->text, "36.026960] text");
    ck_assert(all.p[2]->flags & RECORD_UNPARSED);
    read_all_done(&all);
}
END_TEST

/* What skim says of a line is what next reads from it. */
START_TEST(skim_agrees_with_next)
{
    const struct parser *dmesg = parser_find(STR("dmesg"));
    struct str line = str_trim_cr(str_first(str_from(lines[_i].in), strlen(lines[_i].in) - 1));
    struct skim skim = { .kind = SKIM_OTHER, .level = LEVEL_UNKNOWN, .mono_us = TIME_UNKNOWN };
    bool prefixed = lines[_i].origin != ORIGIN_UNKNOWN && lines[_i].in[1] != '1';

    dmesg->skim(line, &skim);
    ck_assert_int_eq(skim.kind, prefixed ? SKIM_HEAD : SKIM_OTHER);
    if (!prefixed || lines[_i].flags & RECORD_MONO_REL)
        return;
    ck_assert_int_eq(skim.mono_us, lines[_i].mono_us);
    ck_assert_int_eq(skim.level, lines[_i].level);
}
END_TEST

Suite *check_dmesg(void)
{
    Suite *s = suite_create("dmesg");
    TCase *t = tcase_create("dmesg");

    tcase_add_loop_test(t, reads_one_line, 0, (int)(sizeof lines / sizeof lines[0]));
    tcase_add_loop_test(t, skim_agrees_with_next, 0, (int)(sizeof lines / sizeof lines[0]));
    tcase_add_loop_test(t, joins_indented_lines, 0, (int)(sizeof indented / sizeof indented[0]));
    tcase_add_loop_test(t, bids_for_kernel_text_only, 0, (int)(sizeof bids / sizeof bids[0]));
    tcase_add_loop_test(t, sums_human_differences, 0, (int)(sizeof human / sizeof human[0]));
    tcase_add_test(t, first_line_begins_late);
    tcase_add_test(t, text_without_prefix_is_of_unknown_origin);
    tcase_add_test(t, huge_records_are_cut);
    tcase_add_test(t, torn_and_binary_input_is_read);
    suite_add_tcase(s, t);
    return s;
}
