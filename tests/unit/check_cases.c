/* SPDX-License-Identifier: Apache-2.0 */
/* Many results in one model: what of an analysis is kept, and what names a case. */
#include "analyzer/diagnose/cases.h"

#include "tests/unit/case_rig.h"

#define BANNER "[    0.000000] Linux version 6.1.0 (a@b) #1 SMP\n"

START_TEST(keeps_what_the_report_tells)
{
    static const char log[] = BANNER
            "[    9.000000] madedrv: gave up\n"
            "[    9.100000] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
            "[    9.100100] RIP: 0010:made_read+0x10/0x80 [madedrv]\n"
            "[    9.100200] Kernel panic - not syncing: Fatal exception\n";
    struct analysis_options options = { 0 };
    struct cases *cases = cases_new();
    const struct case_result *c;
    struct case_rig rig;
    enum severity worst;

    case_start(&rig);
    case_add(&rig, "a.log", STR(log));
    case_settle(&rig, &options);
    ck_assert(cases_add_analysis(cases, rig.a, 3));
    case_stop(&rig);
    ck_assert_uint_eq(cases->of.n, 1);
    c = &cases->of.p[0];
    ck_assert_int_eq(c->exit_code, 3);
    ck_assert_uint_eq(c->n_boots, 1);
    ck_assert(str_eq(c->kernel, STR("6.1.0")));
    ck_assert(str_eq(c->ended_by, STR("panic")));
    ck_assert_uint_eq(c->inputs.n, 1);
    ck_assert(str_eq(c->inputs.p[0].name, STR("a.log")));
    ck_assert(case_cause(c));
    ck_assert(case_worst(c, &worst) && worst >= SEVERITY_ERROR);
    ck_assert(case_first_crash(c));
    ck_assert_uint_eq(case_first_crash(c)->exact.n, 16);
    ck_assert(case_first_crash(c)->evidence.n > 0);
    ck_assert_uint_eq(case_first_crash(c)->evidence.p[0].line, 3);
    cases_free(cases);
}
END_TEST

START_TEST(a_case_without_anything_has_no_name)
{
    struct case_result c = { 0 };
    enum severity worst;

    ck_assert_ptr_null(case_cause(&c));
    ck_assert_ptr_null(case_first_crash(&c));
    ck_assert(!case_worst(&c, &worst));
}
END_TEST

START_TEST(the_first_root_names_the_case)
{
    struct case_diagnosis two[] = { { .role = ROLE_SYMPTOM, .severity = SEVERITY_FATAL },
                                    { .role = ROLE_ROOT, .severity = SEVERITY_ERROR } };
    struct case_crash crashes[] = { { .consequence = true }, { .consequence = false } };
    struct case_result c = { .diagnoses = { two, 2, 2 }, .crashes = { crashes, 2, 2 } };
    enum severity worst;

    ck_assert_ptr_eq(case_cause(&c), &two[1]);
    ck_assert_ptr_eq(case_first_crash(&c), &crashes[1]);
    ck_assert(case_worst(&c, &worst));
    ck_assert_int_eq(worst, SEVERITY_ERROR);
}
END_TEST

Suite *check_cases(void)
{
    Suite *s = suite_create("cases");
    TCase *t = tcase_create("model");

    tcase_add_test(t, keeps_what_the_report_tells);
    tcase_add_test(t, a_case_without_anything_has_no_name);
    tcase_add_test(t, the_first_root_names_the_case);
    suite_add_tcase(s, t);
    return s;
}
