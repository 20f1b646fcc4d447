/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spine: records in, result model out. Every record goes to the observers (observe.c); when the
 * case ends, correlation and ranking turn what they kept into diagnoses.
 */
#include "analyzer/diagnose/analysis.h"

#include "analyzer/core/limits.h"
#include "analyzer/diagnose/identity.h"
#include "analyzer/diagnose/observe.h"
#include "analyzer/diagnose/rank.h"
#include "analyzer/diagnose/remedy.h"
#include "analyzer/diagnose/rule_test.h"
#include "analyzer/diagnose/summary.h"
#include "analyzer/evidence/crash_source.h"
#include "analyzer/evidence/facts_boot.h"
#include "analyzer/evidence/facts_crash.h"
#include "analyzer/evidence/facts_machine.h"

#include <stdlib.h>

enum { NOTE_ROOM_BYTES = 4096 };

static const struct str role_names[] = {
    [ROLE_ROOT] = { STR_INIT("root") },
    [ROLE_SYMPTOM] = { STR_INIT("symptom") },
    [ROLE_CONTRIBUTING] = { STR_INIT("contributing") },
    [ROLE_NOTE] = { STR_INIT("note") },
};

struct str role_name(enum role role)
{
    return role_names[role];
}

bool analysis_in_focus(const struct analysis *a, const struct diagnosis *d)
{
    return d->boot == a->focus || d->boot == UINT32_MAX;
}

struct analysis *analysis_new(const struct ruleset *rules)
{
    struct analysis *a = calloc(1, sizeof *a);

    if (!a)
        return NULL;
    arena_init(&a->arena, LIMIT_CASE_ARENA_BYTES);
    a->notes.arena = &a->arena;
    a->rules = rules;
    a->focus = UINT32_MAX;
    a->boots = boots_new(&a->notes);
    a->matching = matching_new(rules);
    if (!a->boots || !a->matching || !facts_init(&a->case_facts, &a->arena, NULL)) {
        analysis_free(a);
        return NULL;
    }
    return a;
}

void analysis_free(struct analysis *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->of_boot.n; i++)
        crashes_done(&a->of_boot.p[i].crashes);
    boots_free(a->boots);
    matching_free(a->matching);
    arena_done(&a->arena);
    free(a);
}

static void finish_input(struct input_result *result, struct reader *reader)
{
    struct reader_stats stats = reader_stats(reader);

    result->bytes = stats.bytes;
    result->lines = stats.lines;
    result->understood = stats.understood;
    result->estimated = stats.estimated;
}

static void begin_boots(struct analysis *a, struct input_result *result,
                        const struct reader *reader)
{
    result->format = reader_format(reader)->name;
    boots_begin_input(a->boots, result->index, str_from(result->format));
}

static void note_failure(struct analysis *a, struct input_result *result, const struct err *err)
{
    static const enum note_code codes[] = {
        [FAIL_IO] = NOTE_INPUT_UNREADABLE, [FAIL_FORMAT] = NOTE_INPUT_BINARY,
        [FAIL_LIMIT] = NOTE_INPUT_LIMIT,   [FAIL_SUPPORT] = NOTE_INPUT_UNSUPPORTED,
        [FAIL_SYNTAX] = NOTE_INPUT_BINARY, [FAIL_USAGE] = NOTE_INPUT_UNREADABLE,
    };
    bool torn = err->code == FAIL_FORMAT && (result->format || result->decompressed);

    result->err = *err;
    note_add(&a->notes, torn ? NOTE_INPUT_TORN : codes[err->code], result->index, 0, "%s",
             err->text);
}

struct reader *analysis_begin(struct analysis *a, struct input *in,
                              const struct analysis_options *options)
{
    struct sieve sieve = { .next_hit = ruleset_next_hit, .ctx = a->rules };
    struct input_result *result = vec_push(&a->arena, &a->inputs);
    struct reader_options how = { .format = options->format,
                                  .sieve = options->no_prefilter ? NULL : &sieve,
                                  .notes = &a->notes,
                                  .select = options->selects ? &options->select : NULL,
                                  .log_ways = options->log_ways,
                                  .live = options->live,
                                  .wire = options->wire };
    struct reader *reader;
    struct err err = { 0 };

    if (!result)
        return NULL;
    a->keeps_context = options->context;
    if (options->watch.n)
        matching_watch(a->matching, options->watch); /* without memory nothing is remembered */
    a->running = options->running;
    result->index = how.input_index = (uint32_t)a->inputs.n - 1;
    result->name = arena_str(&a->arena, in->name);
    result->given = in->given.n ? arena_str(&a->arena, in->given) : result->name;
    result->decompressed = in->decompressed;
    identity_input(a, in);
    if (!reader_open(&reader, in, &how, &err)) {
        note_failure(a, result, &err);
        return NULL;
    }
    if (reader_format(reader))
        begin_boots(a, result, reader);
    return reader;
}

enum step analysis_step(struct analysis *a, struct reader *reader, struct analysis_event *event,
                        struct err *err)
{
    struct input_result *result = &a->inputs.p[a->inputs.n - 1];
    struct record r;
    enum step step = reader_next(reader, &r, err);

    *event = (struct analysis_event){ 0 };
    if (step == STEP_FAIL)
        note_failure(a, result, err);
    if (step != STEP_RECORD)
        return step;
    if (!result->format)
        begin_boots(a, result, reader);
    observe_record(a, reader, &r, event);
    return STEP_RECORD;
}

static void end_input(struct analysis *a, struct reader *reader)
{
    struct input_result *result = &a->inputs.p[a->inputs.n - 1];

    finish_input(result, reader);
    if (result->err.code == FAIL_NONE && result->bytes == 0)
        note_add(&a->notes, NOTE_INPUT_EMPTY, result->index, 0, "is empty");
    reader_close(reader);
}

void analysis_add(struct analysis *a, struct input *in, const struct analysis_options *options)
{
    struct reader *reader = analysis_begin(a, in, options);
    struct analysis_event event;
    struct err err;

    while (reader && analysis_step(a, reader, &event, &err) == STEP_RECORD)
        ;
    if (reader)
        end_input(a, reader);
}

/* Puts what was kept into the order of the settled boots. */
static void order_kept(struct analysis *a)
{
    for (size_t i = 0; i < a->of_boot.n; i++) {
        while (a->of_boot.p[i].boot->index != i && a->of_boot.p[i].boot->index < a->of_boot.n) {
            struct case_boot *there = &a->of_boot.p[a->of_boot.p[i].boot->index];
            struct case_boot swap = *there;

            if (there->boot == a->of_boot.p[i].boot)
                break;
            *there = a->of_boot.p[i];
            a->of_boot.p[i] = swap;
        }
    }
}

static void settle(struct analysis *a)
{
    struct boot_before before = { 0 };

    if (a->open)
        boots_settle_open(a->boots);
    else
        boots_settle(a->boots);
    if (a->running.n)
        boots_mark_running(a->boots, a->running);
    for (size_t i = 0; i < boots_count(a->boots); i++)
        observe_boot(a, boots_at(a->boots, i));
    order_kept(a);
    for (size_t i = 0; i < a->of_boot.n; i++) {
        struct case_boot *cb = &a->of_boot.p[i];

        crashes_settle(&cb->crashes);
        facts_set_crashes(cb->facts, &cb->crashes);
        match_crashes(a->matching, cb->hits, &cb->crashes, &a->arena);
        facts_set_boot(cb->facts, cb->boot, i ? &before : NULL);
        if (a->test)
            rule_test_facts(a->test, cb->facts, &a->arena);
        correlate(a->rules, cb->boot, cb->hits, cb->facts, &a->arena, &cb->findings);
        before = (struct boot_before){ cb->boot, cb->facts };
    }
}

/* Rules of scope case see the hits of all boots; what they find belongs to the answer as a whole.
 */
static void correlate_boots(struct analysis *a)
{
    struct case_part *parts = arena_new(&a->arena, struct case_part, a->of_boot.n);

    if (!parts)
        return;
    if (a->test)
        rule_test_facts(a->test, &a->case_facts, &a->arena);
    for (size_t i = 0; i < a->of_boot.n; i++)
        parts[i] = (struct case_part){ a->of_boot.p[i].boot, a->of_boot.p[i].hits };
    correlate_case(a->rules, parts, a->of_boot.n, &a->case_facts, &a->arena, &a->case_findings);
}

void analysis_correlate(struct analysis *a)
{
    settle(a);
    correlate_boots(a);
}

static void list_inputs_boots(struct analysis *a)
{
    for (size_t i = 0; i < boots_count(a->boots); i++) {
        const struct boot *b = boots_at(a->boots, i);

        for (size_t k = 0; k < b->inputs.n; k++) {
            uint32_t *slot = vec_push(&a->arena, &a->inputs.p[b->inputs.p[k]].boots);

            if (slot)
                *slot = b->index;
        }
    }
}

static void find_sources(struct analysis *a, struct symbols *symbols)
{
    struct crash_sources sources = { .symbols = symbols, .arena = &a->arena, .notes = &a->notes };

    for (size_t i = 0; symbols && i < a->of_boot.n; i++) {
        sources.place = a->of_boot.p[i].crashes.place;
        for (size_t k = 0; k < a->of_boot.p[i].crashes.list.n; k++)
            crash_sources_fill(&sources, a->of_boot.p[i].crashes.list.p[k]);
    }
}

/* Its files stand among the inputs, so that a line of them is evidence like any other. */
static void add_machine(struct analysis *a, const struct machine *m)
{
    a->machine = m;
    a->machine_input = (uint32_t)a->inputs.n;
    for (size_t i = 0; i < m->files.n; i++) {
        const struct machine_file *file = &m->files.p[i];
        struct input_result *result = vec_push(&a->arena, &a->inputs);

        if (!result)
            return;
        *result = (struct input_result){ .index = (uint32_t)a->inputs.n - 1,
                                         .name = file->name,
                                         .given = STR("this machine"),
                                         .format = "machine",
                                         .bytes = file->bytes.n,
                                         .lines = file->lines,
                                         .understood = file->lines };
    }
    if (m->machine_id.n && !a->clues.machine_id.n)
        a->clues.machine_id = m->machine_id;
    facts_set_machine(&a->case_facts, m, a->machine_input);
}

/* What was lost nobody can tell; the note itself needs a little of what is no longer there. */
static void note_full(struct analysis *a)
{
    if (!a->arena.refused)
        return;
    a->arena.limit_bytes += NOTE_ROOM_BYTES;
    note_add(&a->notes, NOTE_MEMORY_LIMIT, NOTE_NO_INPUT, 0,
             "more was found than fits into %zu MiB: this report is not whole",
             LIMIT_CASE_ARENA_BYTES >> 20);
}

void analysis_conclude(struct analysis *a, const struct analysis_options *options)
{
    if (options->machine)
        add_machine(a, options->machine);
    analysis_correlate(a);
    identity_note_machines(a);
    find_sources(a, options->symbols);
    list_inputs_boots(a);
    summary_choose(a, options);
    remedy_fill(a);
    matching_notes(a->matching, &a->notes);
    identity_settle(a);
    note_full(a);
}

void analysis_run(struct analysis *a, struct inputs *inputs, const struct analysis_options *options)
{
    struct input *in;
    struct err err;
    enum step step;

    a->no_crashes = options->no_crashes;
    if (options->clock_ns && !matching_measure(a->matching, options->clock_ns))
        note_add(&a->notes, NOTE_MEMORY_LIMIT, NOTE_NO_INPUT, 0, "no memory left to measure rules");
    while ((step = inputs_next(inputs, &in, &err)) == STEP_RECORD) {
        analysis_add(a, in, options);
        input_close(in);
    }
    if (step == STEP_FAIL)
        note_add(&a->notes, NOTE_INPUT_TORN, NOTE_NO_INPUT, 0, "%s", err.text);
    analysis_conclude(a, options);
}
