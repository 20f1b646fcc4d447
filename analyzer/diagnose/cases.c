/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The result model of many cases, filled from one analysis; see cases.h. What is copied here is
 * what the report `ndjson` writes: the two must not drift apart.
 */
#include "analyzer/diagnose/cases.h"

#include "analyzer/core/limits.h"
#include "parsers/walk.h"

#include <stdlib.h>

enum { CASES_BYTES = 1 << 30 }; /* ten thousand cases of some tens of KiB */

struct cases *cases_new(void)
{
    struct cases *cases = calloc(1, sizeof *cases);

    if (cases)
        arena_init(&cases->arena, CASES_BYTES);
    return cases;
}

void cases_free(struct cases *cases)
{
    if (!cases)
        return;
    arena_done(&cases->arena);
    free(cases);
}

/* The words and values of a filled-in template, one behind the other. */
static struct str flatten(struct arena *arena, const struct text *text)
{
    size_t bytes = 0;
    char *p;

    for (size_t i = 0; i < text->n; i++)
        bytes += text->p[i].text.n;
    p = arena_new(arena, char, bytes + 1);
    if (!p)
        return (struct str){ 0 };
    bytes = 0;
    for (size_t i = 0; i < text->n; i++)
        for (size_t k = 0; k < text->p[i].text.n; k++)
            p[bytes++] = text->p[i].text.p[k];
    return (struct str){ p, bytes };
}

static bool copy_strs(struct arena *arena, const struct strs *from, struct strs *to)
{
    for (size_t i = 0; i < from->n; i++) {
        struct str *s = vec_push(arena, to);

        if (!s)
            return false;
        *s = arena_str(arena, from->p[i]);
    }
    return true;
}

static struct case_line line_of(struct arena *arena, const struct analysis *a,
                                const struct record *r)
{
    struct case_line line = { .mono_us = TIME_UNKNOWN };

    if (!r)
        return line;
    if (r->input < a->inputs.n)
        line.input = arena_str(arena, a->inputs.p[r->input].name);
    line.line = r->line;
    line.mono_us = r->mono_us;
    line.text = arena_str(arena, r->text);
    return line;
}

static bool add_line(struct arena *arena, const struct analysis *a, const struct record *r,
                     struct case_lines *to)
{
    struct case_line *line = vec_push(arena, to);

    if (line)
        *line = line_of(arena, a, r);
    return line;
}

static bool add_inputs(struct arena *arena, const struct analysis *a, struct case_result *c)
{
    for (size_t i = 0; i < a->inputs.n; i++) {
        const struct input_result *in = &a->inputs.p[i];
        struct case_input *to = vec_push(arena, &c->inputs);

        if (!to)
            return false;
        to->name = arena_str(arena, in->name);
        to->format = arena_str(arena, str_from(in->format));
        to->error = arena_str(arena, str_from(in->err.text));
        to->bytes = in->bytes;
        to->lines = in->lines;
    }
    return true;
}

static bool add_diagnosis(struct arena *arena, const struct analysis *a, const struct diagnosis *d,
                          struct case_result *c)
{
    struct case_diagnosis *to = vec_push(arena, &c->diagnoses);

    if (!to)
        return false;
    to->rule = arena_str(arena, d->rule->id);
    to->title = flatten(arena, &d->title);
    to->category = arena_str(arena, d->rule->category);
    to->severity = d->severity;
    to->confidence = d->confidence;
    to->role = d->role;
    to->boot = d->boot;
    to->text = flatten(arena, &d->text);
    for (size_t i = 0; i < d->remediation.n; i++) {
        struct str *step = vec_push(arena, &to->steps);

        if (!step)
            return false;
        *step = flatten(arena, &d->remediation.p[i]);
    }
    for (size_t i = 0; i < d->evidence.n && i < LIMIT_CASE_EVIDENCE; i++)
        if (!add_line(arena, a, d->evidence.p[i], &to->evidence))
            return false;
    return copy_strs(arena, &d->rule->references, &to->references);
}

static bool add_crash(struct arena *arena, const struct analysis *a, const struct crash *crash,
                      uint32_t boot, struct case_result *c)
{
    struct case_crash *to = vec_push(arena, &c->crashes);

    if (!to)
        return false;
    to->title = arena_str(arena, crash->title);
    to->kind = arena_str(arena, crash->kind->name);
    to->function = arena_str(arena, crash->function);
    to->module = arena_str(arena, crash->module);
    to->exact = arena_printf(arena, "%016llx", (unsigned long long)crash->signature.exact);
    to->family = arena_printf(arena, "%016llx", (unsigned long long)crash->signature.family);
    to->boot = boot;
    to->consequence = crash->consequence_of != UINT32_MAX;
    for (size_t i = 0; i < crash->evidence.n && i < LIMIT_CASE_EVIDENCE; i++)
        if (!add_line(arena, a, crash->evidence.p[i], &to->evidence))
            return false;
    return true;
}

static bool add_unexplained(struct arena *arena, const struct analysis *a, struct case_result *c)
{
    for (size_t i = 0; i < a->unexplained.n && i < LIMIT_CASE_UNEXPLAINED; i++) {
        struct case_unexplained *to = vec_push(arena, &c->unexplained);

        if (!to)
            return false;
        to->count = a->unexplained.p[i].count;
        to->shape = arena_str(arena, a->unexplained.p[i].shape);
        to->evidence = line_of(arena, a, a->unexplained.p[i].evidence);
    }
    return true;
}

static bool add_findings(struct arena *arena, const struct analysis *a, struct case_result *c)
{
    for (size_t i = 0; i < a->diagnoses.n; i++)
        if (!a->diagnoses.p[i].superseded && !add_diagnosis(arena, a, &a->diagnoses.p[i], c))
            return false;
    for (uint32_t boot = 0; boot < a->of_boot.n; boot++) {
        const struct crash_list *list = &a->of_boot.p[boot].crashes.list;

        for (size_t i = 0; i < list->n; i++)
            if (!add_crash(arena, a, list->p[i], boot, c))
                return false;
    }
    for (size_t i = 0; i < a->notes.n; i++) {
        struct str *note = vec_push(arena, &c->notes);

        if (!note)
            return false;
        *note = arena_str(arena, a->notes.p[i].text);
    }
    return add_unexplained(arena, a, c);
}

static struct str text_fact(struct arena *arena, const struct facts *facts, enum fact_id id)
{
    const struct value *value = &facts_get(facts, id)->value;

    return value->type == VALUE_TEXT ? arena_str(arena, value->text) : (struct str){ 0 };
}

static bool add_names(struct arena *arena, const struct analysis *a, struct case_result *c)
{
    struct arena scratch = { 0 };
    struct strs names = { 0 };
    bool ok;

    c->more_names = !analysis_names(a, &scratch, &names);
    ok = copy_strs(arena, &names, &c->names);
    arena_done(&scratch);
    return ok;
}

static void describe(struct arena *arena, const struct analysis *a, struct case_result *c)
{
    c->id = arena_str(arena, a->identity.id);
    c->id_source = arena_str(arena, a->identity.source);
    c->name = arena_str(arena, a->identity.name);
    c->result = a->result;
    c->n_boots = (uint32_t)a->of_boot.n;
    if (a->focus >= a->of_boot.n)
        return;
    c->kernel = text_fact(arena, a->of_boot.p[a->focus].facts, FACT_KERNEL_RELEASE);
    c->distro = text_fact(arena, a->of_boot.p[a->focus].facts, FACT_DISTRO);
    c->ended_by = ended_name(a->of_boot.p[a->focus].boot->ended_by);
}

bool cases_add_analysis(struct cases *cases, const struct analysis *a, int exit_code)
{
    struct arena *arena = &cases->arena;
    struct case_result *c = vec_push(arena, &cases->of);

    if (!c)
        return false;
    if (a->rules) {
        cases->rules_sha256 = arena_str(arena, ruleset_sha256(a->rules));
        cases->rules_count = ruleset_count(a->rules);
    }
    describe(arena, a, c);
    c->exit_code = exit_code;
    return add_names(arena, a, c) && add_inputs(arena, a, c) && add_findings(arena, a, c);
}

struct str case_machine(const struct case_result *c)
{
    if (c->id.n)
        return c->id;
    if (c->name.n || c->inputs.n == 0)
        return c->name;
    return c->inputs.p[0].name;
}

struct str case_place(const struct case_result *c)
{
    struct str directory;

    if (c->inputs.n == 0)
        return c->name;
    if (c->inputs.n == 1)
        return c->inputs.p[0].name;
    directory = walk_parent(c->inputs.p[0].name);
    for (size_t i = 1; i < c->inputs.n; i++)
        if (!str_eq(directory, walk_parent(c->inputs.p[i].name)))
            return c->inputs.p[0].name;
    return directory.n ? directory : c->inputs.p[0].name;
}

struct str case_loss(const struct case_result *c)
{
    for (size_t i = 0; i < c->inputs.n; i++)
        if (c->inputs.p[i].error.n)
            return c->inputs.p[i].error;
    return c->notes.n ? c->notes.p[0] : STR("not read in full");
}

const struct case_diagnosis *case_cause(const struct case_result *c)
{
    for (size_t i = 0; i < c->diagnoses.n; i++)
        if (c->diagnoses.p[i].role == ROLE_ROOT)
            return &c->diagnoses.p[i];
    return c->diagnoses.n ? &c->diagnoses.p[0] : NULL;
}

const struct case_crash *case_first_crash(const struct case_result *c)
{
    for (size_t i = 0; i < c->crashes.n; i++)
        if (!c->crashes.p[i].consequence)
            return &c->crashes.p[i];
    return NULL;
}

bool case_worst(const struct case_result *c, enum severity *worst)
{
    bool any = false;

    for (size_t i = 0; i < c->diagnoses.n; i++) {
        const struct case_diagnosis *d = &c->diagnoses.p[i];

        if (d->role != ROLE_ROOT && d->role != ROLE_CONTRIBUTING)
            continue;
        if (!any || d->severity > *worst)
            *worst = d->severity;
        any = true;
    }
    return any;
}

static enum news add_news(enum news so_far, bool known, bool elsewhere)
{
    enum news this = known ? NEWS_KNOWN : elsewhere ? NEWS_ELSEWHERE : NEWS_NEW;

    return this > so_far ? this : so_far;
}

enum news case_news(const struct case_result *c)
{
    enum news news = NEWS_KNOWN;

    for (size_t i = 0; i < c->diagnoses.n; i++) {
        const struct case_diagnosis *d = &c->diagnoses.p[i];

        if (d->role == ROLE_ROOT || d->role == ROLE_CONTRIBUTING)
            news = add_news(news, d->known, d->elsewhere);
    }
    for (size_t i = 0; i < c->crashes.n; i++)
        if (!c->crashes.p[i].consequence)
            news = add_news(news, c->crashes.p[i].known, c->crashes.p[i].elsewhere);
    return news;
}

struct str news_name(enum news news)
{
    static const struct str names[NEWS_COUNT] = {
        [NEWS_KNOWN] = { STR_INIT("known") },
        [NEWS_ELSEWHERE] = { STR_INIT("elsewhere") },
        [NEWS_NEW] = { STR_INIT("new") },
    };

    return names[news];
}

struct str crash_family(const struct case_crash *crash)
{
    return crash->family.n ? crash->family : crash->exact;
}
