/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a case that goes on says at this moment; see analysis.h. Everything behind the observers is
 * a pure function of what they kept, but it writes as it goes: facts that follow from others,
 * findings, diagnoses, notes. So it works on a copy whose arena is thrown away afterwards, and a
 * look costs no memory.
 */
#include "analyzer/diagnose/analysis.h"

#include "analyzer/core/limits.h"

#include <stdlib.h>

static bool copy_boot(struct analysis *look, struct case_boot *from, bool silent)
{
    struct case_boot *cb = vec_push(&look->arena, &look->of_boot);
    struct facts *facts = arena_new(&look->arena, struct facts, 1);

    if (!cb || !facts)
        return false;
    crashes_settle(&from->crashes);
    *cb = *from;
    if (silent)
        cb->crashes.watch = NULL; /* no report is open */
    *facts = *from->facts;
    facts->arena = &look->arena;
    cb->facts = facts;
    cb->findings = (struct findings){ 0 };
    return true;
}

static bool copy_input(struct analysis *look, const struct input_result *from,
                       const struct reader *reader)
{
    struct input_result *in = vec_push(&look->arena, &look->inputs);
    struct reader_stats stats;

    if (!in)
        return false;
    *in = *from;
    in->boots = (struct boot_indices){ 0 };
    if (!reader)
        return true;
    stats = reader_stats(reader);
    in->bytes = stats.bytes;
    in->lines = stats.lines;
    in->understood = stats.understood;
    return true;
}

struct analysis *analysis_look(struct analysis *a, const struct reader *reader, size_t focus,
                               bool silent, const struct analysis_options *options)
{
    struct analysis *look = calloc(1, sizeof *look);
    struct analysis_options how = *options;
    bool ok = look != NULL;

    if (!ok)
        return NULL;
    *look = (struct analysis){
        .rules = a->rules,
        .clues = a->clues,
        .boots = a->boots,
        .case_facts = a->case_facts,
        .matching = a->matching,
        .focus = UINT32_MAX,
        .notes = a->notes,
        .open = true,
    };
    arena_init(&look->arena, LIMIT_CASE_ARENA_BYTES);
    look->notes.arena = look->case_facts.arena = &look->arena;
    for (size_t i = 0; ok && i < a->of_boot.n; i++)
        ok = copy_boot(look, &a->of_boot.p[i], silent);
    for (size_t i = 0; ok && i < a->inputs.n; i++)
        ok = copy_input(look, &a->inputs.p[i], reader);
    if (!ok) {
        analysis_look_free(look);
        return NULL;
    }
    how.choice = BOOT_OFFSET;
    how.boot_offset = (int64_t)focus + 1 - (int64_t)boots_count(a->boots);
    analysis_conclude(look, &how);
    return look;
}

void analysis_look_free(struct analysis *look)
{
    if (!look)
        return;
    arena_done(&look->arena);
    free(look);
}
