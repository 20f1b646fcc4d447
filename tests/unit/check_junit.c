/* SPDX-License-Identifier: Apache-2.0 */
/* JUnit and Prometheus: what becomes a test, with which name, and what a label holds. */
#include "reports/junit.h"
#include "tests/unit/case_rig.h"

#include <string.h>

static struct case_diagnosis finding(const char *rule, const char *title, enum role role,
                                     enum severity severity)
{
    return (struct case_diagnosis){
        .rule = str_from(rule), .title = str_from(title), .role = role, .severity = severity
    };
}

static struct out *write(const char *format, const struct cases *cases,
                         const struct report_options *how)
{
    struct out *o = out_new_memory();

    report_find(str_from(format))->write_cases(o, cases, how);
    return o;
}

static bool has(const struct out *o, const char *what)
{
    return str_find(out_bytes(o), str_from(what)) != STR_NOT_FOUND;
}

static const struct report_options from_warning = { .junit_fail_on = SEVERITY_WARNING };

START_TEST(outcomes_follow_role_and_severity)
{
    struct case_diagnosis found[] = {
        finding("a.root", "R", ROLE_ROOT, SEVERITY_FATAL),
        finding("a.mild", "M", ROLE_CONTRIBUTING, SEVERITY_INFO),
        finding("a.symptom", "S", ROLE_SYMPTOM, SEVERITY_FATAL),
        finding("a.note", "N", ROLE_NOTE, SEVERITY_FATAL),
        finding("a.beside", "B", ROLE_CONTRIBUTING, SEVERITY_WARNING),
    };
    static const enum outcome expected[] = { OUTCOME_FAILED, OUTCOME_PASSED, OUTCOME_PASSED,
                                             OUTCOME_PASSED, OUTCOME_FAILED };
    struct case_input in = { .name = STR("a.log"), .format = STR("dmesg"), .bytes = 1 };
    struct case_result c = { .inputs = { &in, 1, 1 }, .diagnoses = { found, 5, 5 } };
    struct arena arena = { 0 };
    struct junit_tests tests;

    ck_assert(junit_tests(&arena, &c, &from_warning, &tests));
    ck_assert_uint_eq(tests.n, 5);
    for (size_t i = 0; i < tests.n; i++)
        ck_assert_int_eq(tests.p[i].outcome, expected[i]);
    ck_assert_uint_eq(tests.counts[OUTCOME_FAILED], 2);
    arena_done(&arena);
}
END_TEST

/* The same rule twice is one test; its name holds nothing that differs from night to night. */
START_TEST(names_are_steady_and_unique)
{
    struct case_diagnosis found[] = {
        finding("a.task", "Task 812 waited 120s at 0xffff8881", ROLE_ROOT, SEVERITY_ERROR),
        finding("a.task", "Task 9 waited 240s at 0xffff0000", ROLE_ROOT, SEVERITY_FATAL),
    };
    struct case_input in = { .name = STR("a.log"), .format = STR("dmesg"), .bytes = 1 };
    struct case_result c = { .inputs = { &in, 1, 1 }, .diagnoses = { found, 2, 2 } };
    struct arena arena = { 0 };
    struct junit_tests tests;

    ck_assert(junit_tests(&arena, &c, &from_warning, &tests));
    ck_assert_uint_eq(tests.n, 1);
    ck_assert(str_eq(tests.p[0].name, STR("a.task Task … waited … at …")));
    ck_assert_uint_eq(tests.p[0].findings.n, 2);
    ck_assert_int_eq(tests.p[0].severity, SEVERITY_FATAL);
    arena_done(&arena);
}
END_TEST

static const struct {
    const char *name;
    enum result result;
    int exit_code;
    const char *error;
    size_t bytes, inputs;
    enum outcome outcome;
    const char *test;
} empties[] = {
    { "torn", RESULT_NOTHING_KNOWN, 3, "breaks off", 9, 1, OUTCOME_ERROR, "input a.log" },
    { "two torn", RESULT_NOTHING_KNOWN, 3, "breaks off", 9, 2, OUTCOME_ERROR, "input a.log" },
    { "empty", RESULT_NOTHING_READ, 2, "", 0, 1, OUTCOME_SKIPPED, "input a.log" },
    { "not there", RESULT_NOTHING_READ, 2, "", 0, 0, OUTCOME_ERROR, "input" },
    { "lost elsewhere", RESULT_NOTHING_KNOWN, 3, "", 9, 1, OUTCOME_ERROR, "input" },
    { "healthy", RESULT_NOTHING_KNOWN, 0, "", 9, 1, OUTCOME_PASSED, "no known failure" },
    { "cannot tell", RESULT_CANNOT_TELL, 0, "", 9, 1, OUTCOME_SKIPPED, "no known failure" },
};

START_TEST(a_case_without_findings)
{
    struct case_input in[2] = { { .name = STR("a.log"),
                                  .format = STR("dmesg"),
                                  .error = str_from(empties[_i].error),
                                  .bytes = empties[_i].bytes } };
    struct case_result c = { .inputs = { in, empties[_i].inputs, 2 },
                             .result = empties[_i].result,
                             .exit_code = empties[_i].exit_code };
    struct arena arena = { 0 };
    struct junit_tests tests;

    in[1] = in[0];
    ck_assert(junit_tests(&arena, &c, &from_warning, &tests));
    ck_assert_uint_eq(tests.n, empties[_i].inputs == 2 ? 2 : 1);
    ck_assert_int_eq(tests.p[0].outcome, empties[_i].outcome);
    ck_assert(str_eq(tests.p[0].name, str_from(empties[_i].test)));
    if (tests.n == 2)
        ck_assert(str_eq(tests.p[1].name, STR("input a.log (2)")));
    arena_done(&arena);
}
END_TEST

START_TEST(every_rule_can_be_a_test)
{
    struct report_options how = from_warning;
    struct case_result c = { .result = RESULT_NOTHING_KNOWN };
    struct case_input in = { .name = STR("a.log"), .bytes = 1 };
    struct arena arena = { 0 };
    struct junit_tests tests;
    struct case_rig rig;

    case_start(&rig);
    c.inputs.p = &in;
    c.inputs.n = 1;
    how.rules = rig.rules;
    how.junit_all_rules = true;
    ck_assert(junit_tests(&arena, &c, &how, &tests));
    ck_assert_uint_eq(tests.n, 2);
    ck_assert(str_eq(tests.p[1].name, STR("sys.made A made failure")));
    ck_assert_int_eq(tests.p[1].outcome, OUTCOME_PASSED);
    arena_done(&arena);
    case_stop(&rig);
}
END_TEST

/* Clones have one name; GitLab would keep the first only. */
START_TEST(machines_of_one_name_get_a_number)
{
    struct case_input in = { .name = STR("a.log"), .bytes = 1 };
    struct case_result two[2] = {
        { .name = STR("vm"), .result = RESULT_NOTHING_KNOWN, .inputs = { &in, 1, 1 } },
        { .name = STR("vm"), .result = RESULT_NOTHING_KNOWN, .inputs = { &in, 1, 1 } },
    };
    struct cases cases = { .of = { two, 2, 2 } };
    struct report_options how = from_warning;
    struct out *o = write("junit", &cases, &how);

    ck_assert(has(o, "<testsuites name=\"lastwords\" tests=\"2\" failures=\"0\" errors=\"0\" "
                     "time=\"0.000\">"));
    ck_assert(has(o, "classname=\"lastwords.vm\""));
    ck_assert(has(o, "classname=\"lastwords.vm (2)\""));
    ck_assert(!has(o, "timestamp"));
    out_free(o);
    how.run_time_us = 1769860800000000;
    o = write("junit", &cases, &how);
    ck_assert(has(o, " timestamp=\"2026-01-31T12:00:00\""));
    out_free(o);
}
END_TEST

START_TEST(metrics_are_counted_in_order)
{
    struct case_diagnosis found[] = {
        finding("b.two", "t", ROLE_ROOT, SEVERITY_ERROR),
        finding("a.one", "t", ROLE_ROOT, SEVERITY_FATAL),
        finding("b.two", "t", ROLE_ROOT, SEVERITY_ERROR),
    };
    struct case_input in[] = { { .format = STR("x"), .bytes = 7 },
                               { .format = STR("x"), .bytes = 5, .error = STR("torn") },
                               { .error = STR("no") },
                               { .format = STR("x") } };
    struct case_result c = { .inputs = { in, 4, 4 }, .diagnoses = { found, 3, 3 } };
    struct cases cases = { .of = { &c, 1, 1 } };
    struct report_options how = { 0 };
    struct out *o = write("prometheus", &cases, &how);

    ck_assert(has(o, "lastwords_findings{rule=\"a.one\",severity=\"fatal\"} 1\n"
                     "lastwords_findings{rule=\"b.two\",severity=\"error\"} 2\n"));
    ck_assert(has(o, "{result=\"complete\"} 1\n"));
    ck_assert(has(o, "{result=\"partial\"} 1\n"));
    ck_assert(has(o, "{result=\"failed\"} 1\n"));
    ck_assert(has(o, "{result=\"empty\"} 1\n"));
    ck_assert(has(o, "lastwords_scanned_bytes 12\n"));
    ck_assert(has(o, "lastwords_run_complete 0\n"));
    ck_assert(!has(o, "timestamp") && !has(o, "duration"));
    out_free(o);
    how.run_time_us = 1769860800500000;
    how.duration_us = 1250000;
    o = write("prometheus", &cases, &how);
    ck_assert(has(o, "lastwords_last_run_timestamp_seconds 1769860800.500000\n"));
    ck_assert(has(o, "lastwords_duration_seconds 1.250000\n"));
    out_free(o);
}
END_TEST

START_TEST(a_label_stays_in_its_quotes)
{
    struct out *o = out_new_memory();

    out_label(o, STR("a\"b\\c\nd\x01\xffz"));
    ck_assert(str_eq(out_bytes(o), STR("\"a\\\"b\\\\c\\\\x0ad\\\\x01\\\\xffz\"")));
    out_free(o);
}
END_TEST

Suite *check_junit(void)
{
    Suite *s = suite_create("junit");
    TCase *t = tcase_create("junit");

    tcase_add_test(t, outcomes_follow_role_and_severity);
    tcase_add_test(t, names_are_steady_and_unique);
    tcase_add_loop_test(t, a_case_without_findings, 0, (int)(sizeof empties / sizeof empties[0]));
    tcase_add_test(t, every_rule_can_be_a_test);
    tcase_add_test(t, machines_of_one_name_get_a_number);
    tcase_add_test(t, metrics_are_counted_in_order);
    tcase_add_test(t, a_label_stays_in_its_quotes);
    suite_add_tcase(s, t);
    return s;
}
