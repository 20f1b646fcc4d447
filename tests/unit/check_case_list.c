/* SPDX-License-Identifier: Apache-2.0 */
/* Which files are one case, by their names. The files need not be there. */
#include "analyzer/fleet/case_list.h"

#include <check.h>
#include <stdio.h>

/* Files named, and the cases that they are: "path = file file; path = …". */
static const struct {
    const char *names[8];
    const char *cases;
} rows[] = {
    { { "v/vmware.log", "v/vmware-0.log", "v/a.vmx" }, "v = v/a.vmx v/vmware-0.log v/vmware.log;" },
    { { "v/vmware.log", "v/serial.log", "w/serial.log" },
      "v = v/serial.log v/vmware.log;w/serial.log = w/serial.log;" },
    { { "v/vmware-web1.log", "v/vmware-web2.log" },
      "v/vmware-web1.log = v/vmware-web1.log;v/vmware-web2.log = v/vmware-web2.log;" },
    { { "syslog", "syslog.1", "syslog.2.gz", "syslog.10.gz" },
      "syslog = syslog.10.gz syslog.2.gz syslog.1 syslog;" },
    { { "l/dmesg", "l/dmesg.0", "l/dmesg.1.gz" }, "l/dmesg = l/dmesg.1.gz l/dmesg.0 l/dmesg;" },
    { { "m-20260102", "m-20251231.xz", "m" }, "m = m-20251231.xz m-20260102 m;" },
    { { "Xorg.0.log.old", "Xorg.0.log" }, "Xorg.0.log = Xorg.0.log.old Xorg.0.log;" },
    { { "10.0.0.1", "10.0.0.2" }, "10.0.0.1 = 10.0.0.1;10.0.0.2 = 10.0.0.2;" },
    { { "a.log", "a.log.gz" }, "a.log = a.log;a.log.gz = a.log.gz;" },
    { { "b-1.tar.gz", "b-2.tar.gz" }, "b-1.tar.gz = b-1.tar.gz;b-2.tar.gz = b-2.tar.gz;" },
    { { "j/system.journal", "j/user-1000.journal" }, "j = j/system.journal j/user-1000.journal;" },
    { { "z", "./a", "z", "/x" }, "/x = /x;a = a;z = z;" },
    { { "v/disk.vmdk", "v/a.nvram", "v/a.vmem", "v/b.log" }, "v/b.log = v/b.log;" },
};

START_TEST(names_make_cases)
{
    struct arena arena = { 0 };
    struct case_list list = { .arena = &arena };
    char told[512] = "";
    size_t n = 0;

    for (size_t i = 0; i < 8 && rows[_i].names[i]; i++)
        case_list_add(&list, str_from(rows[_i].names[i]));
    ck_assert(case_list_settle(&list));
    for (size_t i = 0; i < list.n; i++) {
        n += (size_t)snprintf(told + n, sizeof told - n, "%.*s =", STR_ARG(list.p[i].path));
        for (size_t k = 0; k < list.p[i].files.n; k++)
            n += (size_t)snprintf(told + n, sizeof told - n, " %.*s",
                                  STR_ARG(list.p[i].files.p[k]));
        n += (size_t)snprintf(told + n, sizeof told - n, ";");
    }
    ck_assert_str_eq(told, rows[_i].cases);
    arena_done(&arena);
}
END_TEST

START_TEST(images_are_counted_or_taken)
{
    struct arena arena = { 0 };
    struct case_list without = { .arena = &arena }, with = { .arena = &arena, .images = true };

    case_list_add(&without, STR("v/a.vmem"));
    case_list_add(&with, STR("v/a.vmem"));
    ck_assert(case_list_settle(&without) && case_list_settle(&with));
    ck_assert_uint_eq(without.n, 0);
    ck_assert_uint_eq(without.n_images, 1);
    ck_assert_uint_eq(with.n, 1);
    arena_done(&arena);
}
END_TEST

/* The id names paths, tool and rules; nothing else. */
START_TEST(the_id_is_of_the_set)
{
    struct arena arena = { 0 };
    struct case_list a = { .arena = &arena }, b = { .arena = &arena }, c = { .arena = &arena };
    struct str tool = STR("1"), rules = STR("f00");

    case_list_add(&a, STR("x"));
    case_list_add(&a, STR("y"));
    case_list_add(&b, STR("y"));
    case_list_add(&b, STR("x"));
    case_list_add(&c, STR("x"));
    ck_assert(case_list_settle(&a) && case_list_settle(&b) && case_list_settle(&c));
    ck_assert(str_eq(case_list_id(&a, tool, rules, &arena), case_list_id(&b, tool, rules, &arena)));
    ck_assert(
            !str_eq(case_list_id(&a, tool, rules, &arena), case_list_id(&c, tool, rules, &arena)));
    ck_assert(!str_eq(case_list_id(&a, tool, rules, &arena),
                      case_list_id(&a, tool, STR("f01"), &arena)));
    arena_done(&arena);
}
END_TEST

Suite *check_case_list(void)
{
    Suite *s = suite_create("case_list");
    TCase *t = tcase_create("case_list");

    tcase_add_loop_test(t, names_make_cases, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, images_are_counted_or_taken);
    tcase_add_test(t, the_id_is_of_the_set);
    suite_add_tcase(s, t);
    return s;
}
