/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of a remediation that depend on facts, and captures that are named like facts. */
#include "tests/unit/engine_rig.h"

static const char rule[] = "lastwords: 1\n"
                           "rules:\n"
                           "- id: root.wrong-device\n"
                           "  title: The root device does not exist\n"
                           "  severity: fatal\n"
                           "  match: {regex: 'Cannot open root device \"(?<root>[^\"]*)\"'}\n"
                           "  where:\n"
                           "  - {fact: root.mounted, is: false}\n"
                           "  remediation:\n"
                           "  - 'Look at ${root}.'\n"
                           "  - when: [{fact: root.device, is: sda1}]\n"
                           "    do: 'Use ${root.device} in place of ${root}.'\n"
                           "  - when: [{fact: root.device, known: false}]\n"
                           "    do: 'Nobody knows.'\n";

static unsigned steps_shown(struct rig *r, const struct finding *f)
{
    unsigned shown = 0;

    for (size_t i = 0; i < f->rule->remediation.n; i++)
        if (finding_wants_step(f, &f->rule->remediation.p[i], &r->arena))
            shown |= 1u << i;
    return shown;
}

START_TEST(a_step_is_shown_when_its_condition_holds)
{
    struct rig r;
    const struct finding *f;

    rig_start(&r, rule);
    rig_add(&r, "VFS: Cannot open root device \"sdc1\"", 1125);
    facts_set(&r.facts, FACT_ROOT_MOUNTED, value_bool(false), NULL);
    ck_assert_uint_eq(rig_correlate(&r), 1);
    f = rig_find(&r, "root.wrong-device");
    ck_assert_uint_eq(steps_shown(&r, f), 1u << 0 | 1u << 2);
    facts_set(&r.facts, FACT_ROOT_DEVICE, value_text(STR("sda1"), SORT_DEVICE), NULL);
    ck_assert_uint_eq(steps_shown(&r, f), 1u << 0 | 1u << 1);
    /* The capture `root` does not hide the fact root.device. */
    ck_assert_str_eq(rig_fill(&r, &f->rule->remediation.p[1].text, f),
                     "Use sda1 in place of sdc1.");
    rig_stop(&r);
}
END_TEST

START_TEST(a_step_needs_both_keys)
{
    struct rig r;

    ck_assert(!rig_load(&r,
                        "lastwords: 1\n"
                        "rules:\n"
                        "- {id: a.b, title: t, severity: info, match: {literal: 'long enough'},\n"
                        "   remediation: [{do: x}]}\n"));
    ck_assert_uint_eq(r.problems.p[0].line, 4);
    ruleset_free(r.rs);
    arena_done(&r.arena);
}
END_TEST

Suite *check_steps(void)
{
    Suite *s = suite_create("steps");
    TCase *t = tcase_create("steps");

    tcase_add_test(t, a_step_is_shown_when_its_condition_holds);
    tcase_add_test(t, a_step_needs_both_keys);
    suite_add_tcase(s, t);
    return s;
}
