/* SPDX-License-Identifier: Apache-2.0 */
/* The prefixes of vmware.log's lines; every line here is written for these tests. */
#include "parsers/vmware_line.h"

#include <check.h>

#define B "2019-05-06T07:08:09.010Z| vcpu-0| I125: "
#define B_MORE "2019-05-06T07:08:09.010Z| vcpu-0| I125+ "
#define C "2023-05-06T07:08:09.010Z In(05) vcpu-0 - "
#define C_MORE "2023-05-06T07:08:09.010Z In(05)+ vcpu-0 - "
#define D "2026-05-06T07:08:09.010Z -INFO vmware-vmx 9 [ws@4413 threadName=\"vmx\"] "
#define D_MORE "2026-05-06T07:08:09.010Z +INFO vmware-vmx 9 [ws@4413 threadName=\"vmx\"] "
#define A "Mar 09 07:05:01.250: vcpu-0| "

static void assert_text(struct str actual, const char *expected)
{
    ck_assert_msg(str_eq(actual, str_from(expected)), "\"%.*s\", expected \"%s\"", STR_ARG(actual),
                  expected);
}

static const struct {
    const char *line;
    const char *wall; /* NULL: unknown */
    const char *thread;
    const char *opid;
    const char *text;
    enum level level;
    unsigned flags;
} grammars[] = {
    { "Mar 09 07:05:01: vmx| Starting", "1972-03-09T07:05:01.000000Z", "vmx", "", "Starting",
      LEVEL_UNKNOWN, RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE },
    { "Mar 09 07:05:01.250: Worker#3| Idle", "1972-03-09T07:05:01.250000Z", "Worker#3", "", "Idle",
      LEVEL_UNKNOWN, RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE },
    { "okt 09 07:05:01.250: vmx| Dutch", "1972-10-09T07:05:01.250000Z", "vmx", "", "Dutch",
      LEVEL_UNKNOWN, RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE },
    { "8\xe6\x9c\x88 09 07:05:01.250: vmx| Chinese", "1972-08-09T07:05:01.250000Z", "vmx", "",
      "Chinese", LEVEL_UNKNOWN, RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE },
    { "\xe0\xb8\xa1 09 07:05:01.250: vmx| month unread", NULL, "vmx", "", "month unread",
      LEVEL_UNKNOWN, RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE },
    { "2012-07-06T21:01:10.891Z| vcpu-0| no level", "2012-07-06T21:01:10.891000Z", "vcpu-0", "",
      "no level", LEVEL_UNKNOWN, 0 },
    { "2013-01-02T03:04:05.006+05:30| vmx| I120: text", "2013-01-01T21:34:05.006000Z", "vmx", "",
      "text", LEVEL_INFO, 0 },
    { "2016-08-30T16:02:43.220-07:00| mks| W115: text", "2016-08-30T23:02:43.220000Z", "mks", "",
      "text", LEVEL_WARNING, 0 },
    { "2017-08-30T16:02:43.220Z| vmx| A115: audit", "2017-08-30T16:02:43.220000Z", "vmx", "",
      "audit", LEVEL_NOTICE, 0 },
    { "2017-08-30T16:02:43.220Z| vmx| E105: PANIC: x", "2017-08-30T16:02:43.220000Z", "vmx", "",
      "PANIC: x", LEVEL_ERR, 0 },
    { "2020-08-30T16:02:43.220Z| vmx| | I005: ESXi 7.0", "2020-08-30T16:02:43.220000Z", "vmx", "",
      "ESXi 7.0", LEVEL_INFO, 0 },
    { "2020-08-30T16:02:43.220Z| vcpu-1| 5ab9-11-c0de| W003: with an operation",
      "2020-08-30T16:02:43.220000Z", "vcpu-1", "5ab9-11-c0de", "with an operation", LEVEL_WARNING,
      0 },
    { "2020-08-30T16:02:43.220Z| vmx| no level| I005: text", "2020-08-30T16:02:43.220000Z", "vmx",
      "", "no level| I005: text", LEVEL_UNKNOWN, 0 },
    { "2021-11-15T00:23:51+01:00[+0.000]| mks| C001: dying", "2021-11-14T23:23:51.000000Z", "mks",
      "", "dying", LEVEL_CRIT, RECORD_WALL_COARSE },
    { "2022-01-02T03:04:05.006Z In(05) vmx Text of Workstation", "2022-01-02T03:04:05.006000Z",
      "vmx", "", "Text of Workstation", LEVEL_INFO, 0 },
    { "2022-01-02T03:04:05.006Z Wa(03) vcpu-1 - Text of ESXi", "2022-01-02T03:04:05.006000Z",
      "vcpu-1", "", "Text of ESXi", LEVEL_WARNING, 0 },
    { "2022-01-02T03:04:05.006Z Cr(01) vmx vim-cmd-09-b1 Panic", "2022-01-02T03:04:05.006000Z",
      "vmx", "vim-cmd-09-b1", "Panic", LEVEL_CRIT, 0 },
    { "2022-01-02T03:04:05.006Z In(05) main  Indented", "2022-01-02T03:04:05.006000Z", "main", "",
      " Indented", LEVEL_INFO, 0 },
    { "2022-01-02T03:04:05.006Z In(05) vmx", "2022-01-02T03:04:05.006000Z", "vmx", "", "",
      LEVEL_INFO, 0 },
    { "2026-01-02T03:04:05.006Z -ERROR vmware-vmx 77 [ws@4413 threadName=\"mks\"] text",
      "2026-01-02T03:04:05.006000Z", "mks", "", "text", LEVEL_ERR, 0 },
    { "2026-01-02T03:04:05.006Z -INFO vmx 77 [esx@4413 threadName=\"vmx\" opID=\"a-1\"] text",
      "2026-01-02T03:04:05.006000Z", "vmx", "a-1", "text", LEVEL_INFO, 0 },
    { "vmx| I125: log.timeStamp off", NULL, "vmx", "", "log.timeStamp off", LEVEL_INFO, 0 },
    { "vcpu-0| both off", NULL, "vcpu-0", "", "both off", LEVEL_UNKNOWN, 0 },
    { "2016-08-30T16:02:43.220Z| I125: log.threadName off", "2016-08-30T16:02:43.220000Z", "", "",
      "log.threadName off", LEVEL_INFO, 0 },
    { "2016-13-30T16:02:43.220Z| vmx| I125: no such month", NULL, "vmx", "", "no such month",
      LEVEL_INFO, 0 },
};

START_TEST(splits_each_grammar)
{
    struct vmware_line l;
    char wall[CLOCK_TEXT];
    unsigned flags;
    int64_t wall_us;

    ck_assert(vmware_line_split(str_from(grammars[_i].line), &l));
    if (vmware_line_has_opid(&l))
        vmware_line_take_opid(&l);
    vmware_line_take_fields(&l);
    wall_us = vmware_line_time(&l, &flags);
    assert_text(l.text, grammars[_i].text);
    assert_text(l.thread, grammars[_i].thread);
    assert_text(l.opid, grammars[_i].opid);
    ck_assert_int_eq(l.level, grammars[_i].level);
    ck_assert_uint_eq(flags, grammars[_i].flags);
    ck_assert(!l.continues);
    if (grammars[_i].wall)
        ck_assert_str_eq(clock_format(wall_us, wall), grammars[_i].wall);
    else
        ck_assert(wall_us == TIME_UNKNOWN);
}
END_TEST

static const struct {
    const char *line;
    enum skim_kind kind;
    enum level level;
    int64_t mono_us;
    bool wanted; /* no marks: only the lines above tell whose it is */
} skims[] = {
    { B "x", SKIM_HEAD, LEVEL_INFO, TIME_UNKNOWN, false },
    { B_MORE "x", SKIM_CONT, LEVEL_INFO, TIME_UNKNOWN, false },
    { B "Guest: <3>[    1.000002] x", SKIM_HEAD, LEVEL_ERR, 1000002, false },
    { C "Guest: <3>[    1.000002] x", SKIM_HEAD, LEVEL_ERR, 1000002, false },
    { "2023-05-06T07:08:09.010Z In(05) vmx Guest: <3>[    1.000002] x", SKIM_HEAD, LEVEL_ERR,
      1000002, false },
    { D "Guest: <3>[    1.000002] x", SKIM_HEAD, LEVEL_ERR, 1000002, false },
    { A "Guest: <3>[    1.000002] x", SKIM_HEAD, LEVEL_ERR, 1000002, true },
    { "2012-07-06T21:01:10.891Z| vcpu-0| x", SKIM_HEAD, LEVEL_UNKNOWN, TIME_UNKNOWN, true },
    { B_MORE "<3>[    1.000002] x", SKIM_CONT, LEVEL_ERR, 1000002, false },
    { "\t<3>[1.000002] x", SKIM_CONT, LEVEL_ERR, 1000002, false },
    { D_MORE "x", SKIM_CONT, LEVEL_INFO, TIME_UNKNOWN, false },
    { C_MORE "x", SKIM_CONT, LEVEL_INFO, TIME_UNKNOWN, false },
    { A "x", SKIM_HEAD, LEVEL_UNKNOWN, TIME_UNKNOWN, true },
    { "2020-05-06T07:08:09.010Z| vcpu-0| | E002: a text long enough for the fixed places",
      SKIM_HEAD, LEVEL_ERR, TIME_UNKNOWN, false },
    { "2020-05-06T07:08:09.010Z| vcpu-0| | I005: Guest: <3>[    1.000002] x", SKIM_HEAD, LEVEL_ERR,
      1000002, false },
    { "2020-05-06T07:08:09.010Z| vcpu-0| 9a-1| W003: a text long enough", SKIM_HEAD, LEVEL_WARNING,
      TIME_UNKNOWN, false },
    { "2023-05-06T07:08:09.010Z Er(02) vmx x", SKIM_HEAD, LEVEL_ERR, TIME_UNKNOWN, false },
    { "<<< Log Throttled >>>", SKIM_HEAD, LEVEL_UNKNOWN, TIME_UNKNOWN, false },
    { "bare", SKIM_OTHER, LEVEL_UNKNOWN, TIME_UNKNOWN, false },
    { "", SKIM_OTHER, LEVEL_UNKNOWN, TIME_UNKNOWN, false },
};

START_TEST(skims_at_fixed_places)
{
    struct skim skim;

    vmware_line_skim(str_from(skims[_i].line), &skim);
    ck_assert_int_eq(skim.kind, skims[_i].kind);
    ck_assert_int_eq(skim.level, skims[_i].level);
    ck_assert_int_eq(skim.mono_us, skims[_i].mono_us);
    ck_assert_int_eq(skim.wanted, skims[_i].wanted);
}
END_TEST

Suite *check_vmware_line(void)
{
    Suite *s = suite_create("vmware_line");
    TCase *t = tcase_create("vmware_line");

    tcase_add_loop_test(t, splits_each_grammar, 0, (int)(sizeof grammars / sizeof grammars[0]));
    tcase_add_loop_test(t, skims_at_fixed_places, 0, (int)(sizeof skims / sizeof skims[0]));
    suite_add_tcase(s, t);
    return s;
}
