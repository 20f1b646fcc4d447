/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A result model made by hand, for the tests of reports: one boot that died of a wrong root device,
 * with a symptom that is explained, in a log whose name and texts attack every sink.
 */
#pragma once

#include "analyzer/diagnose/analysis.h"

#include <check.h>
#include <stdlib.h>

/* What no terminal may ever get as it is. */
#define MADE_ATTACK                                                                                \
    "\033]0;x\007\xc2\x9b"                                                                         \
    "2J\xe2\x80\xae\r"

struct made_case {
    struct analysis a;
    struct arena arena;
    struct rule cause, symptom;
    struct finding findings[2];
    struct record panic;
    const struct record *evidence[1];
    struct piece title[2], text[2], step[2];
    struct text steps[1];
    struct diagnosis diagnoses[2];
    uint32_t explains[1];
    struct input_result inputs[1];
    struct case_boot boots[1];
    struct facts facts;
    struct unexplained unexplained[1];
};

static inline struct record made_record(uint64_t line, int64_t mono_us, enum level level,
                                        const char *text)
{
    struct record r;

    record_init(&r);
    r.line = line;
    r.offset = line * 100;
    r.mono_us = mono_us;
    r.level = level;
    r.facility = FACILITY_KERN;
    r.origin = ORIGIN_GUEST_KERNEL;
    r.text = str_from(text);
    return r;
}

static inline void made_diagnosis(struct made_case *c, size_t index, const struct rule *rule,
                                  enum role role)
{
    c->diagnoses[index] = (struct diagnosis){ .rule = rule,
                                              .role = role,
                                              .severity = rule->severity,
                                              .confidence = CONFIDENCE_HIGH,
                                              .title = { .p = &c->title[index], .n = 1 },
                                              .text = { .p = c->text, .n = 2 },
                                              .remediation = { .p = c->steps, .n = 1 },
                                              .evidence = { .p = c->evidence, .n = 1 },
                                              .finding = &c->findings[index],
                                              .explained_by = UINT32_MAX };
}

static inline void made_boot(struct made_case *c)
{
    struct record banner = made_record(1, 0, LEVEL_NOTICE, "Linux version 6.1.0-made (x@y) #1");

    c->a.boots = boots_new(&c->a.notes);
    boots_begin_input(c->a.boots, 0, STR("dmesg"));
    boots_add(c->a.boots, &banner);
    boots_add(c->a.boots, &c->panic);
    boots_settle(c->a.boots);
    facts_init(&c->facts, &c->arena, NULL);
    facts_set(&c->facts, FACT_KERNEL_RELEASE, value_text(STR("6.1.0" MADE_ATTACK), SORT_OTHER),
              &c->panic);
    c->boots[0] = (struct case_boot){ .boot = boots_at(c->a.boots, 0), .facts = &c->facts };
    c->a.of_boot.p = c->boots;
    c->a.of_boot.n = 1;
}

/* Free with made_case_free(). */
static inline struct made_case *made_case_new(void)
{
    struct made_case *c = calloc(1, sizeof *c);

    ck_assert_ptr_nonnull(c);
    c->panic = made_record(12, 1125782, LEVEL_EMERG,
                           "Kernel panic - not syncing: VFS: Unable to mount root fs" MADE_ATTACK);
    c->evidence[0] = &c->panic;
    c->title[0] = (struct piece){ .text = STR("The root device is wrong") };
    c->title[1] = (struct piece){ .text = STR("The kernel panicked") };
    c->text[0] = (struct piece){ .text = STR("root= names ") };
    c->text[1] = (struct piece){ .text = STR("sdc1" MADE_ATTACK), .is_value = true };
    c->step[0] = (struct piece){ .text = STR("Use ") };
    c->step[1] = (struct piece){ .text = STR("sda1"), .is_value = true };
    c->steps[0] = (struct text){ .p = c->step, .n = 2 };
    c->cause = (struct rule){ .id = STR("root.made-cause"),
                              .category = STR("root-boot"),
                              .severity = SEVERITY_FATAL };
    c->symptom = (struct rule){ .id = STR("root.made-symptom"),
                                .category = STR("root-boot"),
                                .severity = SEVERITY_CRITICAL };
    made_diagnosis(c, 0, &c->cause, ROLE_ROOT);
    made_diagnosis(c, 1, &c->symptom, ROLE_SYMPTOM);
    c->explains[0] = 1;
    c->diagnoses[0].explains = (struct explained){ .p = c->explains, .n = 1 };
    c->diagnoses[1].explained_by = 0;
    c->a.diagnoses = (struct diagnoses){ .p = c->diagnoses, .n = 2 };
    c->inputs[0] = (struct input_result){
        .name = STR("vm" MADE_ATTACK ".log"), .format = "dmesg", .lines = 12, .understood = 12
    };
    c->a.inputs = (struct input_results){ .p = c->inputs, .n = 1 };
    c->a.notes.arena = &c->arena;
    c->a.result = RESULT_DIAGNOSED;
    made_boot(c);
    note_add(&c->a.notes, NOTE_QUIET, 0, 1, "quiet %s", MADE_ATTACK);
    return c;
}

static inline void made_unexplained(struct made_case *c)
{
    c->unexplained[0] =
            (struct unexplained){ .count = 3, .shape = c->panic.text, .evidence = &c->panic };
    c->a.unexplained = (struct unexplained_list){ .p = c->unexplained, .n = 1 };
    c->a.unexplained_records = 3;
}

static inline void made_case_free(struct made_case *c)
{
    boots_free(c->a.boots);
    arena_done(&c->arena);
    free(c);
}
