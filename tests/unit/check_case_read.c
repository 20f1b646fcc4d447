/* SPDX-License-Identifier: Apache-2.0 */
/* A result that was written and read back is the result; one that a stranger made is refused. */
#include "analyzer/fleet/case_read.h"

#include "reports/report.h"
#include "tests/unit/case_rig.h"

#include <string.h>

#define BANNER "[    0.000000] Linux version 6.1.0 (a@b) #1 SMP\n"

static const char crash_log[] =
        BANNER "[    9.000000] madedrv: gave up\n"
               "[    9.100000] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
               "[    9.100100] RIP: 0010:made_read+0x10/0x80 [madedrv]\n"
               "[    9.100200] Kernel panic - not syncing: Fatal exception\n";

/* The NDJSON of a case in `out`, and the same case as this process knows it. */
static void write_case(struct out *out, struct cases *cases)
{
    struct report_options how = { .exit_code = 3, .tool_version = STR("1.0") };
    struct analysis_options options = { 0 };
    struct case_rig rig;

    case_start(&rig);
    case_add(&rig, "vm/a.log", STR(crash_log));
    case_settle(&rig, &options);
    report_find(STR("ndjson"))->write(out, rig.a, &how);
    if (cases)
        ck_assert(cases_add_analysis(cases, rig.a, 3));
    case_stop(&rig);
}

static void same(struct str a, struct str b)
{
    ck_assert_msg(str_eq(a, b), "\"%.*s\" and \"%.*s\"", STR_ARG(a), STR_ARG(b));
}

static void same_lines(const struct case_lines *a, const struct case_lines *b)
{
    ck_assert_uint_eq(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        same(a->p[i].input, b->p[i].input);
        same(a->p[i].text, b->p[i].text);
        ck_assert_uint_eq(a->p[i].line, b->p[i].line);
        ck_assert_int_eq(a->p[i].mono_us, b->p[i].mono_us);
    }
}

START_TEST(what_was_written_is_read)
{
    struct cases *told = cases_new(), *read = cases_new();
    struct out *out = out_new_memory();
    const struct case_result *a;
    struct case_result b;
    struct err err;

    write_case(out, told);
    ck_assert_msg(case_read(read, out_bytes(out), &b, &err), "%s", err.text);
    a = &told->of.p[0];
    same(a->id, b.id);
    same(a->id_source, b.id_source);
    same(a->name, b.name);
    same(a->kernel, b.kernel);
    same(a->distro, b.distro);
    same(a->ended_by, b.ended_by);
    ck_assert_uint_eq(a->n_boots, b.n_boots);
    ck_assert_int_eq(a->exit_code, b.exit_code);
    ck_assert_int_eq(a->result, b.result);
    ck_assert_uint_eq(b.inputs.n, 1);
    same(b.inputs.p[0].name, STR("vm/a.log"));
    ck_assert_uint_eq(a->diagnoses.n, b.diagnoses.n);
    for (size_t i = 0; i < b.diagnoses.n; i++) {
        same(a->diagnoses.p[i].rule, b.diagnoses.p[i].rule);
        same(a->diagnoses.p[i].text, b.diagnoses.p[i].text);
        ck_assert_int_eq(a->diagnoses.p[i].severity, b.diagnoses.p[i].severity);
        ck_assert_int_eq(a->diagnoses.p[i].role, b.diagnoses.p[i].role);
        ck_assert_uint_eq(a->diagnoses.p[i].boot, b.diagnoses.p[i].boot);
        ck_assert_uint_eq(a->diagnoses.p[i].steps.n, b.diagnoses.p[i].steps.n);
        same_lines(&a->diagnoses.p[i].evidence, &b.diagnoses.p[i].evidence);
    }
    ck_assert_uint_gt(b.crashes.n, 0);
    ck_assert_uint_eq(a->crashes.n, b.crashes.n);
    for (size_t i = 0; i < b.crashes.n; i++) {
        same(a->crashes.p[i].exact, b.crashes.p[i].exact);
        same(a->crashes.p[i].family, b.crashes.p[i].family);
        same(a->crashes.p[i].module, b.crashes.p[i].module);
        ck_assert_int_eq(a->crashes.p[i].consequence, b.crashes.p[i].consequence);
        same_lines(&a->crashes.p[i].evidence, &b.crashes.p[i].evidence);
    }
    ck_assert_uint_eq(a->notes.n, b.notes.n);
    ck_assert_uint_eq(a->unexplained.n, b.unexplained.n);
    same(read->tool_version, STR("1.0"));
    out_free(out);
    cases_free(told);
    cases_free(read);
}
END_TEST

/* Each replaces a word of a good result by one that no worker of ours writes. */
static const struct {
    const char *name, *from, *to;
} forged[] = {
    { "schema", "\"lastwords/1\"", "\"lastwords/9\"" },
    { "severity", "\"severity\":\"error\"", "\"severity\":\"dreadful\"" },
    { "number for text", "\"category\":\"hardware\"", "\"category\":7" },
    { "input that is none", "\"evidence\":[{\"input\":0", "\"evidence\":[{\"input\":9" },
    { "boot that is none", "\"role\":\"root\",\"boot\":0", "\"role\":\"root\",\"boot\":77" },
    { "negative line", "\"line\":2", "\"line\":-2" },
    { "result", "\"result\":\"diagnosed\"", "\"result\":\"fine\"" },
    { "exit code", "\"exit_code\":3", "\"exit_code\":300" },
    { "type", "{\"type\":\"boot\"", "{\"type\":\"boots\"" },
    { "order", "{\"type\":\"summary\"", "{\"type\":\"input\"" },
    { "second header", "{\"type\":\"boot\"", "{\"type\":\"header\"" },
    { "a key twice", "\"exit_code\":3", "\"exit_code\":3,\"exit_code\":3" },
    { "bytes behind", "\"warning\":0,\"info\":0}}", "\"warning\":0,\"info\":0}}x" },
};

START_TEST(a_forged_result_is_refused)
{
    struct out *out = out_new_memory(), *bad = out_new_memory();
    struct cases *cases = cases_new();
    struct str from = str_from(forged[_i].from), whole;
    struct case_result c;
    struct err err;
    size_t at;

    write_case(out, NULL);
    whole = out_bytes(out);
    at = str_find(whole, from);
    ck_assert_msg(at != STR_NOT_FOUND, "%s is not in the result", forged[_i].from);
    out_raw(bad, str_first(whole, at));
    out_puts(bad, forged[_i].to);
    out_raw(bad, str_from_at(whole, at + from.n));
    ck_assert_msg(!case_read(cases, out_bytes(bad), &c, &err), "%s", forged[_i].name);
    ck_assert_uint_eq(c.diagnoses.n, 0);
    ck_assert_str_ne(err.text, "");
    out_free(out);
    out_free(bad);
    cases_free(cases);
}
END_TEST

START_TEST(a_torn_result_is_refused_wherever_it_tears)
{
    struct out *out = out_new_memory();
    struct cases *cases = cases_new();
    struct case_result c;
    struct err err;

    write_case(out, NULL);
    for (size_t n = 0; n + 2 < out_bytes(out).n; n += 97)
        ck_assert(!case_read(cases, str_first(out_bytes(out), n), &c, &err));
    ck_assert(case_read(cases, out_bytes(out), &c, &err));
    out_free(out);
    cases_free(cases);
}
END_TEST

START_TEST(results_of_other_rules_are_refused)
{
    struct out *out = out_new_memory();
    struct cases *cases = cases_new();
    struct case_result c;
    struct err err;

    cases->tool_version = STR("1.0");
    cases->rules_sha256 = STR("0123456789012345678901234567890123456789012345678901234567890123");
    write_case(out, NULL);
    ck_assert(!case_read(cases, out_bytes(out), &c, &err));
    ck_assert_int_eq(err.code, FAIL_USAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "other rules"));
    out_free(out);
    cases_free(cases);
}
END_TEST

Suite *check_case_read(void)
{
    Suite *s = suite_create("case_read");
    TCase *t = tcase_create("case_read");

    tcase_add_test(t, what_was_written_is_read);
    tcase_add_loop_test(t, a_forged_result_is_refused, 0, sizeof forged / sizeof forged[0]);
    tcase_add_test(t, a_torn_result_is_refused_wherever_it_tears);
    tcase_add_test(t, results_of_other_rules_are_refused);
    suite_add_tcase(s, t);
    return s;
}
