/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of journalctl -o json and its relatives; who wrote them. */
#include "tests/unit/read_all.h"

#include <stdio.h>

#define BOOT "0123456789abcdef0123456789abcdef"
#define PROOF "\"_BOOT_ID\":\"" BOOT "\","

/* Who wrote it, by the fields that tell. */
static const struct {
    const char *fields;
    enum origin origin;
    int64_t mono_us;
    unsigned flags;
} writers[] = {
    { "\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"SYSLOG_FACILITY\":\"0\","
      "\"_SOURCE_MONOTONIC_TIMESTAMP\":\"1125782\",\"__MONOTONIC_TIMESTAMP\":\"9000000\"",
      ORIGIN_GUEST_KERNEL, 1125782, 0 },
    { "\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"__MONOTONIC_TIMESTAMP\":\"9\"",
      ORIGIN_GUEST_KERNEL, 9, RECORD_MONO_COARSE },
    { "\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"dracut\",\"SYSLOG_PID\":\"44\"",
      ORIGIN_GUEST_USER, TIME_UNKNOWN, 0 },
    { "\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"3\"", ORIGIN_GUEST_USER, TIME_UNKNOWN, 0 },
    { "\"_TRANSPORT\":\"syslog\",\"SYSLOG_IDENTIFIER\":\"kernel\"", ORIGIN_GUEST_USER, TIME_UNKNOWN,
      0 },
    { "\"_TRANSPORT\":\"stdout\",\"SYSLOG_FACILITY\":\"0\"", ORIGIN_GUEST_USER, TIME_UNKNOWN, 0 },
    { "\"SYSLOG_IDENTIFIER\":\"kernel\"", ORIGIN_GUEST_KERNEL, TIME_UNKNOWN, 0 },
    { "\"SYSLOG_IDENTIFIER\":\"kernel\",\"_PID\":\"7\"", ORIGIN_GUEST_USER, TIME_UNKNOWN, 0 },
    { "\"__MONOTONIC_TIMESTAMP\":\"99999999999999999999\"", ORIGIN_GUEST_USER, TIME_UNKNOWN, 0 },
    { "\"__MONOTONIC_TIMESTAMP\":\"-5\"", ORIGIN_GUEST_USER, TIME_UNKNOWN, 0 },
    { "\"__CURSOR\":\"s=1;i=1;b=x;m=10;t=20;x=1\"", ORIGIN_GUEST_USER, 16, RECORD_MONO_COARSE },
};

START_TEST(tells_who_wrote_it)
{
    char text[512];
    struct read_all all;

    snprintf(text, sizeof text, "{%s%s,\"MESSAGE\":\"Kernel panic\"}\n", PROOF, writers[_i].fields);
    all = read_all(str_from(text), NULL);
    ck_assert_uint_eq(all.n, 1);
    expect_str(str_from(all.format->name), "journal-json");
    expect_str(all.p[0]->text, "Kernel panic");
    ck_assert_int_eq(all.p[0]->origin, writers[_i].origin);
    ck_assert_int_eq(all.p[0]->mono_us, writers[_i].mono_us);
    ck_assert_uint_eq(all.p[0]->flags, writers[_i].flags);
    read_all_done(&all);
}
END_TEST

START_TEST(takes_all_fields)
{
    struct read_all all = read_all(
            STR("{" PROOF "\"_TRANSPORT\":\"journal\",\"MESSAGE\":\"Failed to start\",\"PRIORITY\":"
                "\"3\",\"SYSLOG_FACILITY\":\"3\",\"SYSLOG_IDENTIFIER\":\"systemd\",\"_PID\":\"1\","
                "\"_HOSTNAME\":\"photon\",\"UNIT\":\"a.service\",\"_SYSTEMD_UNIT\":\"init.scope\","
                "\"MESSAGE_ID\":\"" BOOT "\",\"_MACHINE_ID\":\"short\",\"__REALTIME_TIMESTAMP\":"
                "\"1700000000000001\"}\n"),
            NULL);
    const struct record *r = all.p[0];

    ck_assert_uint_eq(all.n, 1);
    ck_assert_int_eq(r->level, LEVEL_ERR);
    ck_assert_int_eq(r->facility, FACILITY_DAEMON);
    ck_assert_int_eq(r->wall_us, 1700000000000001);
    expect_str(r->ident, "systemd");
    expect_str(r->pid, "1");
    expect_str(r->host, "photon");
    expect_str(r->unit, "a.service");
    expect_str(r->boot_id, BOOT);
    expect_str(r->message_id, BOOT);
    expect_str(r->machine_id, "");
    read_all_done(&all);
}
END_TEST

/* The same two entries in every framing. */
static const char *const framings[] = {
    "{" PROOF "\"MESSAGE\":\"one\"}\n{" PROOF "\"MESSAGE\":[116,119,111,255]}\n",
    "{\n\t\"_BOOT_ID\" : \"" BOOT "\",\n\t\"MESSAGE\" : \"one\"\n}\n"
    "{\n\t\"_BOOT_ID\" : \"" BOOT
    "\",\n\t\"MESSAGE\" : [\n\t\t116,\n\t\t119,\n\t\t111,\n\t\t255\n\t]\n}\n",
    "data: {" PROOF "\"MESSAGE\":\"one\"}\n\ndata: {" PROOF "\"MESSAGE\":[116,119,111,255]}\n\n",
    "\x1e{" PROOF "\"MESSAGE\":\"one\"}\n\x1e{" PROOF "\"MESSAGE\":[116,119,111,255]}\n",
    "[{" PROOF "\"MESSAGE\":\"one\"},\n{" PROOF "\"MESSAGE\":[116,119,111,255]}]",
};

START_TEST(reads_every_framing)
{
    struct read_all all = read_all(str_from(framings[_i]), NULL);

    expect_str(str_from(all.format->name), "journal-json");
    ck_assert_uint_eq(all.n, 2);
    expect_str(all.p[0]->text, "one");
    expect_str(all.p[1]->text, "two\xff");
    expect_str(all.p[1]->boot_id, BOOT);
    read_all_done(&all);
}
END_TEST

START_TEST(long_message_left_out_is_marked)
{
    struct read_all all = read_all(STR("{" PROOF "\"MESSAGE\":null}\n"), NULL);

    ck_assert_uint_eq(all.n, 1);
    ck_assert_uint_eq(all.p[0]->text.n, 0);
    ck_assert_uint_eq(all.p[0]->flags, RECORD_CUT);
    read_all_done(&all);
}
END_TEST

START_TEST(other_json_is_not_claimed)
{
    struct read_all all = read_all(STR("{\"MESSAGE\":\"x\"}\n{\"level\":\"error\"}\n"), NULL);

    expect_str(str_from(all.format->name), "plain");
    read_all_done(&all);
}
END_TEST

Suite *check_journal_json(void)
{
    Suite *s = suite_create("journal_json");
    TCase *t = tcase_create("journal_json");

    tcase_add_loop_test(t, tells_who_wrote_it, 0, (int)(sizeof writers / sizeof writers[0]));
    tcase_add_test(t, takes_all_fields);
    tcase_add_loop_test(t, reads_every_framing, 0, (int)(sizeof framings / sizeof framings[0]));
    tcase_add_test(t, long_message_left_out_is_marked);
    tcase_add_test(t, other_json_is_not_claimed);
    suite_add_tcase(s, t);
    return s;
}
