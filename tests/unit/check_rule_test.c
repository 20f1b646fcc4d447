/* SPDX-License-Identifier: Apache-2.0 */
/* The runner of rule tests, on the examples of RULES.md and on tests that must fail. */
#include "analyzer/diagnose/rule_test.h"
#include "analyzer/engine/keys.h"
#include "analyzer/engine/setfunc.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench {
    struct arena arena;
    struct problems problems;
    struct ruleset *rs;
};

static void start(struct bench *b, struct str yaml)
{
    bool ok;

    *b = (struct bench){ .rs = ruleset_new() };
    b->problems.arena = &b->arena;
    ok = ruleset_load(b->rs, STR("RULES.md"), yaml, &b->problems);
    ok = ruleset_compile(b->rs, NULL, &b->problems) && ok;
    ck_assert_msg(ok, "%u: %s", b->problems.n ? (unsigned)b->problems.p[0].line : 0,
                  b->problems.n ? b->problems.p[0].text : "");
}

static void stop(struct bench *b)
{
    ruleset_free(b->rs);
    arena_done(&b->arena);
}

static size_t run_all(struct bench *b, struct str *why)
{
    size_t failed = 0;

    for (size_t i = 0; i < ruleset_count(b->rs); i++) {
        const struct rule *r = ruleset_at(b->rs, i);

        for (size_t k = 0; k < r->n_tests; k++)
            failed += !rule_test_run(b->rs, r, &r->tests[k], r->tests[k].text, &b->arena, why);
    }
    return failed;
}

static struct str read_file(const char *name)
{
    static char bytes[1 << 18];
    FILE *f = fopen(name, "rb");
    size_t n;

    ck_assert_msg(f != NULL, "%s", name);
    n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    return (struct str){ bytes, n };
}

START_TEST(examples_of_rules_md_hold)
{
    struct str in = read_file("RULES.md"), block, why = { 0 };
    struct bench b;
    int n = 0;

    while (str_take_until_str(&in, STR("```yaml\n"), &block) &&
           str_take_until_str(&in, STR("```\n"), &block)) {
        start(&b, block);
        ck_assert_msg(run_all(&b, &why) == 0, "block %d: %.*s", n, STR_ARG(why));
        stop(&b);
        n++;
    }
    ck_assert_int_gt(n, 3);
}
END_TEST

static void assert_told(struct str manual, struct str name)
{
    struct arena a = { 0 };
    struct str code = arena_printf(&a, "`%.*s", STR_ARG(name));

    ck_assert_msg(str_find(manual, code) != STR_NOT_FOUND, "RULES.md does not tell of %.*s`",
                  STR_ARG(code));
    arena_done(&a);
}

/* Every key, function and fact has its place in the manual. */
START_TEST(rules_md_is_complete)
{
    struct str manual = read_file("RULES.md");

    for (size_t i = 0; i < KEY_COUNT; i++)
        assert_told(manual, key_infos[i].name);
    for (const struct setfunc *f = setfuncs; f->name.n; f++)
        assert_told(manual, f->name);
    for (size_t i = 0; i < FACT_COUNT; i++)
        assert_told(manual, fact_infos[i].path);
}
END_TEST

#define HEAD                                                                                       \
    "lastwords: 1\nrules:\n- id: a.b\n  title: T\n  severity: error\n"                             \
    "  match: {regex: '^site: (?<n>\\d+) lost'}\n  tests:\n"

static const struct {
    const char *tests, *why;
} failing[] = {
    { "  - match: '[    1.000000] other'\n", "does not fire" },
    { "  - match: '[    1.000000] other'\n", "^site: (?<n>\\d+) lost: no record" },
    { "  - no_match: '[    1.000000] site: 4 lost'\n", "fires and should not" },
    { "  - match: '[    1.000000] site: 4 lost'\n    expect: {n: 5}\n", "n is '4', expected '5'" },
    { "  - match: '[    1.000000] site: 4 lost'\n    expect: {kernel.release: x}\n",
      "kernel.release is '(not in the log)', expected 'x'" },
};

START_TEST(failing_tests_say_why)
{
    struct bench b;
    struct str why = { 0 };
    struct str yaml;
    struct arena a = { 0 };

    yaml = arena_printf(&a, "%s%s", HEAD, failing[_i].tests);
    start(&b, yaml);
    ck_assert_uint_eq(run_all(&b, &why), 1);
    ck_assert_msg(str_find(why, str_from(failing[_i].why)) != STR_NOT_FOUND, "%.*s", STR_ARG(why));
    stop(&b);
    arena_done(&a);
}
END_TEST

Suite *check_rule_test(void)
{
    Suite *s = suite_create("rule_test");
    TCase *t = tcase_create("rule_test");

    tcase_add_test(t, examples_of_rules_md_hold);
    tcase_add_test(t, rules_md_is_complete);
    tcase_add_loop_test(t, failing_tests_say_why, 0, (int)(sizeof failing / sizeof failing[0]));
    suite_add_tcase(s, t);
    return s;
}
