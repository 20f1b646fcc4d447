/* SPDX-License-Identifier: Apache-2.0 */
/* The host and what it says of the virtual CPUs. */
#include "tests/unit/fact_rows.h"

static const struct fact_row rows[] = {
    { "product", ORIGIN_HOST,
      "Log for VMware Workstation pid=7864 version=16.2.4 build=build-200 option=Release",
      "host.product", "VMware Workstation" },
    { "version", ORIGIN_HOST,
      "Log for VMware Workstation pid=7864 version=16.2.4 build=build-200 option=Release",
      "host.version", "16.2.4" },
    { "build", ORIGIN_HOST,
      "Log for VMware Workstation pid=7864 version=16.2.4 build=build-200 option=Release",
      "host.build", "200" },
    { "product torn", ORIGIN_HOST, "Log for VMware Work", "host.product", UNKNOWN },
    { "triple fault", ORIGIN_HOST, "Triple fault.", "host.triple_fault", "true" },
    { "halted", ORIGIN_HOST, "MsgHint: msg.monitorevent.halt", "host.cpu_halted", "true" },
    { "the reset behind a triple fault counts", ORIGIN_HOST,
      "Triple fault.\nCPU reset: hard (mode HV)", "host.cpu_reset", "2" },
    { "a guest cannot say it", ORIGIN_GUEST_USER, "Triple fault.", "host.triple_fault", UNKNOWN },
    { "text of unknown origin neither", ORIGIN_UNKNOWN, "Triple fault.", "host.triple_fault",
      UNKNOWN },
    { "soft resets are ordinary", ORIGIN_HOST, "CPU reset: soft (mode HV)", "host.cpu_reset",
      UNKNOWN },
};

START_TEST(reads)
{
    check_row(&rows[_i], false);
}
END_TEST

START_TEST(first_reset_starts_the_machine)
{
    struct arena a = { 0 };
    struct facts f;

    ck_assert(facts_init(&f, &a, NULL));
    add_record(&f, ORIGIN_HOST, STR("CPU reset: hard (mode 0)"), false);
    ck_assert_int_eq(facts_get(&f, FACT_HOST_CPU_RESET)->value.number, 0);
    add_record(&f, ORIGIN_HOST, STR("CPU reset: hard (mode 0)"), false);
    ck_assert_int_eq(facts_get(&f, FACT_HOST_CPU_RESET)->value.number, 1);
    arena_done(&a);
}
END_TEST

START_TEST(reset_behind_the_guest_counts)
{
    struct arena a = { 0 };
    struct facts f;

    ck_assert(facts_init(&f, &a, NULL));
    add_record(&f, ORIGIN_GUEST_KERNEL, STR("anything"), false);
    add_record(&f, ORIGIN_HOST, STR("CPU reset: hard (mode 0)"), false);
    ck_assert_int_eq(facts_get(&f, FACT_HOST_CPU_RESET)->value.number, 1);
    arena_done(&a);
}
END_TEST

Suite *check_facts_host(void)
{
    Suite *s = suite_create("facts_host");
    TCase *t = tcase_create("facts_host");

    tcase_add_loop_test(t, reads, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(t, first_reset_starts_the_machine);
    tcase_add_test(t, reset_behind_the_guest_counts);
    suite_add_tcase(s, t);
    return s;
}
