/* SPDX-License-Identifier: Apache-2.0 */
/* A case read from memory with a few made rules: for tests of what stands behind the engine. */
#pragma once

#include "analyzer/diagnose/analysis.h"
#include "analyzer/diagnose/identity.h"
#include "analyzer/diagnose/summary.h"

#include <check.h>

struct case_rig {
    struct arena arena;
    struct problems problems;
    struct ruleset *rules;
    struct analysis *a;
};

static inline void case_start(struct case_rig *rig)
{
    static const char rules[] = "lastwords: 1\n"
                                "pack: made\n"
                                "rules:\n"
                                "- id: sys.made\n"
                                "  title: A made failure\n"
                                "  severity: error\n"
                                "  category: hardware\n"
                                "  match:\n"
                                "    literal: 'madedrv: gave up'\n"
                                "  diagnosis: 'It gave up.'\n"
                                "  remediation: ['Make another one.']\n"
                                "  tests:\n"
                                "  - match: 'madedrv: gave up'\n"
                                "  - no_match: 'madedrv: is ready'\n";
    bool ok;

    *rig = (struct case_rig){ .rules = ruleset_new() };
    rig->problems.arena = &rig->arena;
    ok = ruleset_load(rig->rules, STR("made.yaml"), STR(rules), &rig->problems);
    ok = ruleset_compile(rig->rules, NULL, &rig->problems) && ok;
    ck_assert_msg(ok, "%s", rig->problems.n ? rig->problems.p[0].text : "");
    rig->a = analysis_new(rig->rules);
    ck_assert_ptr_nonnull(rig->a);
}

static inline void case_add(struct case_rig *rig, const char *name, struct str bytes)
{
    struct input *in = input_from_memory(str_from(name), bytes);
    size_t slash = str_find_last_char(str_from(name), '/');

    ck_assert_ptr_nonnull(in);
    if (slash != STR_NOT_FOUND)
        in->directory = str_first(str_from(name), slash);
    analysis_add(rig->a, in, &(struct analysis_options){ 0 });
    input_close(in);
}

static inline void case_settle(struct case_rig *rig, const struct analysis_options *options)
{
    analysis_correlate(rig->a);
    summary_choose(rig->a, options);
    identity_settle(rig->a);
}

static inline void case_stop(struct case_rig *rig)
{
    analysis_free(rig->a);
    ruleset_free(rig->rules);
    arena_done(&rig->arena);
}
