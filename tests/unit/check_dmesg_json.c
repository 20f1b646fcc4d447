/* SPDX-License-Identifier: Apache-2.0 */
/* dmesg --json gives the records that dmesg gives. */
#include "tests/unit/read_all.h"

#define WRAPPED(objects) "{\n   \"dmesg\": [\n      " objects "\n   ]\n}\n"

static const struct {
    const char *in;
    const char *text, *caller;
    int64_t mono_us;
    enum level level;
    enum facility facility;
    enum origin origin;
    unsigned flags;
} rows[] = {
    { WRAPPED("{\n \"pri\": 5,\n \"time\":     0.000000,\n \"msg\": \"Linux version 6\"\n }"),
      "Linux version 6", "", 0, LEVEL_NOTICE, FACILITY_KERN, ORIGIN_GUEST_KERNEL, 0 },
    { WRAPPED("{\"pri\":30,\"time\":12.345678,\"caller\":\"T1\",\"msg\":\"systemd[1]: up\"}"),
      "systemd[1]: up", "T1", 12345678, LEVEL_INFO, FACILITY_DAEMON, ORIGIN_GUEST_USER, 0 },
    { WRAPPED("{\"fac\":\"kern\",\"pri\":\"err\",\"time\":27,\"msg\":\"ata1: failed\"}"),
      "ata1: failed", "", 27000000, LEVEL_ERR, FACILITY_KERN, ORIGIN_GUEST_KERNEL, 0 },
    { WRAPPED("{\"fac\":\"daemon\",\"level\":\"warn\",\"msg\":\"slow\"}"), "slow", "", TIME_UNKNOWN,
      LEVEL_WARNING, FACILITY_DAEMON, ORIGIN_GUEST_USER, 0 },
    { WRAPPED("{\"pri\":192,\"time\":-1.5,\"msg\":\"one\\ntwo\\n\"}"), "one\ntwo", "", TIME_UNKNOWN,
      LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_GUEST_KERNEL, 0 },
    { WRAPPED("{\"pri\":6,\"time\":99999999999.0,\"msg\":\"\"}"), "", "", TIME_UNKNOWN, LEVEL_INFO,
      FACILITY_KERN, ORIGIN_GUEST_KERNEL, 0 },
    { WRAPPED("{\"pri\":6,\"time\":1.0,\"msg\":\"torn"), "{\"pri\":6,\"time\":1.0,\"msg\":\"torn",
      "", TIME_UNKNOWN, LEVEL_UNKNOWN, FACILITY_UNKNOWN, ORIGIN_UNKNOWN, RECORD_UNPARSED },
};

START_TEST(reads_a_record)
{
    struct read_all all = read_all(str_from(rows[_i].in), NULL);
    const struct record *r;

    expect_str(str_from(all.format->name), "dmesg-json");
    ck_assert_uint_eq(all.n, 1);
    r = all.p[0];
    expect_str(r->text, rows[_i].text);
    expect_str(r->caller, rows[_i].caller);
    ck_assert_int_eq(r->mono_us, rows[_i].mono_us);
    ck_assert_int_eq(r->level, rows[_i].level);
    ck_assert_int_eq(r->facility, rows[_i].facility);
    ck_assert_int_eq(r->origin, rows[_i].origin);
    ck_assert_uint_eq(r->flags, rows[_i].flags);
    read_all_done(&all);
}
END_TEST

START_TEST(other_json_is_not_claimed)
{
    struct read_all all = read_all(STR("{\"dmesg\": 5}\n[{\"dmesg\":[]}]\n"), NULL);

    expect_str(str_from(all.format->name), "plain");
    read_all_done(&all);
}
END_TEST

START_TEST(head_may_be_missing)
{
    struct read_all all = read_all(
            STR("\"msg\": \"lost\"\n},{\n\"time\": 2.5,\n\"msg\": \"b\"\n}\n"), "dmesg-json");

    ck_assert_uint_eq(all.n, 2);
    ck_assert_uint_eq(all.p[0]->flags, RECORD_UNPARSED);
    expect_str(all.p[1]->text, "b");
    ck_assert_int_eq(all.p[1]->mono_us, 2500000);
    ck_assert_uint_eq(all.p[1]->line, 2);
    read_all_done(&all);
}
END_TEST

Suite *check_dmesg_json(void)
{
    Suite *s = suite_create("dmesg_json");
    TCase *t = tcase_create("dmesg_json");

    tcase_add_loop_test(t, reads_a_record, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(t, other_json_is_not_claimed);
    tcase_add_test(t, head_may_be_missing);
    suite_add_tcase(s, t);
    return s;
}
