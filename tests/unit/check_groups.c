/* SPDX-License-Identifier: Apache-2.0 */
/* The same cause on many machines is one group; the gravest and largest come first. */
#include "analyzer/diagnose/groups.h"

#include <check.h>

/* One case per row: rule and severity of its cause ("" none), signature of its crash ("" none). */
static const struct {
    const char *rule;
    enum severity severity;
    const char *crash;
} rows[] = {
    { "a.often", SEVERITY_ERROR, "" },  { "a.fatal", SEVERITY_FATAL, "11" },
    { "a.often", SEVERITY_ERROR, "" },  { "", SEVERITY_INFO, "22" },
    { "b.once", SEVERITY_ERROR, "22" }, { "a.often", SEVERITY_WARNING, "11" },
    { "", SEVERITY_INFO, "" },          { "a.note", SEVERITY_INFO, "22" },
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void add_row(struct cases *cases, size_t i)
{
    struct case_result *c = vec_push(&cases->arena, &cases->of);
    struct case_diagnosis *d;
    struct case_crash *crash;

    if (!c)
        return;
    c->exit_code = i == 3 ? 3 : 0;
    c->result = rows[i].rule[0] ? RESULT_DIAGNOSED : RESULT_NOTHING_KNOWN;
    if (rows[i].rule[0] && (d = vec_push(&cases->arena, &c->diagnoses))) {
        d->rule = str_from(rows[i].rule);
        d->severity = rows[i].severity;
        d->role = rows[i].severity == SEVERITY_INFO ? ROLE_NOTE : ROLE_ROOT;
    }
    if (rows[i].crash[0] && (crash = vec_push(&cases->arena, &c->crashes)))
        crash->exact = str_from(rows[i].crash);
}

static struct cases *made_cases(void)
{
    struct cases *cases = cases_new();

    ck_assert_ptr_nonnull(cases);
    for (size_t i = 0; i < ROWS; i++)
        add_row(cases, i);
    ck_assert_uint_eq(cases->of.n, ROWS);
    return cases;
}

START_TEST(by_cause)
{
    struct cases *cases = made_cases();
    struct case_groups groups = { 0 };

    ck_assert(groups_by_cause(cases, &cases->arena, &groups));
    ck_assert_uint_eq(groups.n, 3);
    ck_assert(str_eq(groups.p[0].key, STR("a.fatal")));
    ck_assert(str_eq(groups.p[1].key, STR("a.often")));
    ck_assert_uint_eq(groups.p[1].members.n, 3);
    ck_assert_uint_eq(groups.p[1].members.p[0], 0);
    ck_assert_uint_eq(groups.p[1].members.p[2], 5);
    ck_assert_int_eq(groups.p[1].severity, SEVERITY_ERROR);
    ck_assert(str_eq(groups.p[2].key, STR("b.once")));
    cases_free(cases);
}
END_TEST

/* What each of the members says is said of the group, and no more. */
static const struct {
    const char *titles[3], *group;
} titles[] = {
    { { "Disk sda is full", "Disk sda is full" }, "Disk sda is full" },
    { { "Disk sda is full", "Disk sdb is full" }, "Disk … is full" },
    { { "Disk sda is full", "Disk sdb is full", "Disk sda is full" }, "Disk … is full" },
    { { "Disk sda is full", "Disk sdb is full", "Disk sdc holds nothing" }, "Disk …" },
    { { "stopped: a b c", "stopped: d", "stopped: a" }, "stopped: …" },
    { { "sda", "sda1" }, "…" },
    { { "full of a", "full of a a" }, "full of …" },
    { { "sda is full", "dm-0 is full" }, "… is full" },
    { { "a a", "a a a" }, "a …" },
    { { "", "b" }, "…" },
};

START_TEST(titles_differ)
{
    struct cases *cases = cases_new();
    struct case_groups groups = { 0 };

    ck_assert_ptr_nonnull(cases);
    for (size_t i = 0; i < 3 && titles[_i].titles[i]; i++) {
        struct case_result *c = vec_push(&cases->arena, &cases->of);
        struct case_diagnosis *d = c ? vec_push(&cases->arena, &c->diagnoses) : NULL;

        ck_assert_ptr_nonnull(d);
        d->rule = STR("a.b");
        d->severity = SEVERITY_ERROR;
        d->role = ROLE_ROOT;
        d->title = str_from(titles[_i].titles[i]);
    }
    ck_assert(groups_by_cause(cases, &cases->arena, &groups));
    ck_assert_uint_eq(groups.n, 1);
    ck_assert_msg(str_eq(groups.p[0].title, str_from(titles[_i].group)), "%.*s",
                  STR_ARG(groups.p[0].title));
    cases_free(cases);
}
END_TEST

START_TEST(by_crash)
{
    struct cases *cases = made_cases();
    struct case_groups groups = { 0 };

    ck_assert(groups_by_crash(cases, &cases->arena, &groups));
    ck_assert_uint_eq(groups.n, 2);
    ck_assert(str_eq(groups.p[0].key, STR("22")));
    ck_assert_uint_eq(groups.p[0].members.n, 3);
    ck_assert(str_eq(groups.p[1].key, STR("11")));
    cases_free(cases);
}
END_TEST

START_TEST(counts)
{
    struct cases *cases = made_cases();
    struct case_counts n = cases_count(cases);
    struct case_groups none = { 0 };

    ck_assert_uint_eq(n.by_result[RESULT_DIAGNOSED], 6);
    ck_assert_uint_eq(n.by_result[RESULT_NOTHING_KNOWN], 2);
    ck_assert_uint_eq(n.incomplete, 1);
    cases->of.n = 0;
    ck_assert(groups_by_cause(cases, &cases->arena, &none));
    ck_assert_uint_eq(none.n, 0);
    cases_free(cases);
}
END_TEST

Suite *check_groups(void)
{
    Suite *s = suite_create("groups");
    TCase *t = tcase_create("groups");

    tcase_add_test(t, by_cause);
    tcase_add_loop_test(t, titles_differ, 0, (int)(sizeof titles / sizeof titles[0]));
    tcase_add_test(t, by_crash);
    tcase_add_test(t, counts);
    suite_add_tcase(s, t);
    return s;
}
