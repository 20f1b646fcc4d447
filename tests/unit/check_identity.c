/* SPDX-License-Identifier: Apache-2.0 */
/* Which machine a case is about: the best source that the inputs offer. */
#include "tests/unit/case_rig.h"

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])
#define VMX                                                                                        \
    "config.version = \"8\"\n"                                                                     \
    "virtualHW.version = \"19\"\n"                                                                 \
    "displayName = \"web 1\"\n"                                                                    \
    "guestOS = \"vmware-photon-64\"\n"
#define UUID "uuid.bios = \"56 4d 11 22 33 44 55 66-77 88 99 aa bb cc dd ee\"\n"
#define JOURNAL                                                                                    \
    "{\"_BOOT_ID\":\"0123456789abcdef0123456789abcdef\",\"_TRANSPORT\":\"kernel\","                \
    "\"_MACHINE_ID\":\"00112233445566778899aabbccddeeff\",\"_HOSTNAME\":\"web1\","                 \
    "\"MESSAGE\":\"one\",\"__REALTIME_TIMESTAMP\":\"1\"}\n"
#define DMESG "[    0.000000] Linux version 6.1.0 (a@b) #1 SMP\n[    1.000000] one\n"

static const struct {
    const char *names[2], *logs[2];
    const char *source, *id, *name;
} cases[] = {
    { { "a.log" }, { DMESG }, "input", "a.log", "a.log" },
    { { "vms/web1/a.log" }, { DMESG }, "directory", "vms/web1", "vms/web1" },
    { { "j.json" }, { JOURNAL }, "machine-id", "00112233445566778899aabbccddeeff", "web1" },
    { { "vms/web1/j.json" },
      { JOURNAL },
      "machine-id",
      "00112233445566778899aabbccddeeff",
      "web1" },
    { { "web1.vmx", "j.json" }, { VMX UUID, JOURNAL }, "vmx-uuid", NULL, "web 1" },
    { { "j.json", "web1.vmx" }, { JOURNAL, VMX UUID }, "vmx-uuid", NULL, "web 1" },
    { { "j.json", "web1.vmx" },
      { JOURNAL, VMX },
      "machine-id",
      "00112233445566778899aabbccddeeff",
      "web 1" },
    { { "empty.log" }, { "" }, "input", "empty.log", "empty.log" },
};

START_TEST(takes_the_best_source)
{
    const struct identity *found;
    struct case_rig rig;

    case_start(&rig);
    for (size_t i = 0; i < 2 && cases[_i].names[i]; i++)
        case_add(&rig, cases[_i].names[i], str_from(cases[_i].logs[i]));
    case_settle(&rig, &(struct analysis_options){ 0 });
    found = &rig.a->identity;
    ck_assert_msg(str_eq(found->source, str_from(cases[_i].source)), "source %.*s",
                  STR_ARG(found->source));
    if (cases[_i].id)
        ck_assert_msg(str_eq(found->id, str_from(cases[_i].id)), "id %.*s", STR_ARG(found->id));
    ck_assert_uint_gt(found->id.n, 0);
    ck_assert_msg(str_eq(found->name, str_from(cases[_i].name)), "name %.*s", STR_ARG(found->name));
    case_stop(&rig);
}
END_TEST

Suite *check_identity(void)
{
    Suite *s = suite_create("identity");
    TCase *t = tcase_create("identity");

    tcase_add_loop_test(t, takes_the_best_source, 0, COUNT(cases));
    suite_add_tcase(s, t);
    return s;
}
