/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reports for programs: `json` is one document, `ndjson` the same objects one per line with
 * their "type". reports/schema/lastwords-1.schema.json describes both. Written as a stream by
 * emit.h: one escaper, out_json(), and no second copy of the result in memory. Boots and facts are
 * in json_boots.c, crashes in json_crash.c.
 */
#include "reports/json_inner.h"

#include "reports/json_cases.h"
#include "reports/json_crash.h"
#include "reports/json_redact.h"

/* What a redactor has to know of every case before it sees the first. */
static void put_names(struct json *j)
{
    struct arena arena = { 0 };
    struct strs names = { 0 };
    bool all = analysis_names(j->a, &arena, &names);

    emit_member_strs(&j->e, "names", names.p, names.n);
    emit_member_bool(&j->e, "more_names", !all);
    arena_done(&arena);
}

static void put_tool_and_case(struct json *j)
{
    const struct identity *id = &j->a->identity;

    emit_tool(&j->e, j->o->tool_version, j->a->rules ? ruleset_sha256(j->a->rules) : STR(""),
              j->a->rules ? ruleset_count(j->a->rules) : 0);
    emit_member_open(&j->e, "case", '{');
    emit_member_str_or_null(&j->e, "id", id->id);
    emit_member_str_or_null(&j->e, "id_source", id->source);
    emit_member_str_or_null(&j->e, "name", id->name);
    if (j->lines)
        put_names(j);
    emit_close(&j->e, '}');
}

static void put_inputs(struct json *j)
{
    json_begin_list(j, "inputs");
    for (size_t i = 0; i < j->a->inputs.n; i++) {
        const struct input_result *in = &j->a->inputs.p[i];

        json_begin_object(j, "input");
        emit_member_str(&j->e, "name", in->name);
        emit_member_str_or_null(&j->e, "format", str_from(in->format));
        emit_member_uint(&j->e, "bytes", in->bytes);
        emit_member_uint(&j->e, "lines", in->lines);
        emit_member_uint(&j->e, "understood", in->understood);
        emit_member_bool(&j->e, "estimated", in->estimated);
        emit_member_open(&j->e, "boots", '[');
        for (size_t b = 0; b < in->boots.n; b++)
            emit_uint(&j->e, in->boots.p[b]);
        emit_close(&j->e, ']');
        emit_member_str_or_null(&j->e, "error", str_from(in->err.text));
        json_end_object(j);
    }
    json_end_list(j);
}

static void put_captures(struct json *j, const struct diagnosis *d)
{
    emit_member_open(&j->e, "captures", '{');
    for (size_t i = 0; i < d->finding->n_bindings; i++) {
        emit_key_str(&j->e, d->finding->bindings[i].name);
        emit_value(&j->e, &d->finding->bindings[i].value);
    }
    emit_close(&j->e, '}');
}

/* Crashes are numbered through all boots, as they stand in the array. */
static uint32_t crash_number(const struct json *j, uint32_t boot, uint32_t index)
{
    uint32_t before = 0;

    if (index == UINT32_MAX || boot >= j->a->of_boot.n)
        return UINT32_MAX;
    for (uint32_t i = 0; i < boot; i++)
        before += (uint32_t)j->a->of_boot.p[i].crashes.list.n;
    return before + index;
}

/* `type`: "diagnosis", or "finding" of a case that goes on. */
static void put_diagnosis(struct json *j, const struct diagnosis *d, const char *type)
{
    json_begin_object(j, type);
    emit_member_str(&j->e, "rule", d->rule->id);
    emit_key(&j->e, "title");
    emit_text(&j->e, &d->title, j->scratch);
    emit_member_str(&j->e, "severity", severity_name(d->severity));
    emit_member_str(&j->e, "confidence", confidence_name(d->confidence));
    emit_member_str(&j->e, "category", d->rule->category);
    emit_member_str(&j->e, "role", role_name(d->role));
    json_put_index(j, "boot", d->boot);
    emit_key(&j->e, "diagnosis");
    emit_text(&j->e, &d->text, j->scratch);
    emit_member_open(&j->e, "remediation", '[');
    for (size_t i = 0; i < d->remediation.n; i++)
        emit_text(&j->e, &d->remediation.p[i], j->scratch);
    emit_close(&j->e, ']');
    emit_member_strs(&j->e, "references", d->rule->references.p, d->rule->references.n);
    emit_member_open(&j->e, "evidence", '[');
    for (size_t i = 0; i < d->evidence.n; i++)
        json_put_record(j, d->evidence.p[i], d->boot);
    emit_close(&j->e, ']');
    put_captures(j, d);
    if (str_eq(str_from(type), STR("finding")) && j->a->inputs.n)
        emit_member_str(&j->e, "source", j->a->inputs.p[0].name);
    emit_member_open(&j->e, "explains", '[');
    for (size_t i = 0; i < d->explains.n; i++)
        emit_str(&j->e, j->a->diagnoses.p[d->explains.p[i]].rule->id);
    emit_close(&j->e, ']');
    json_put_index(j, "crash", crash_number(j, d->boot, d->crash));
    json_end_object(j);
}

static void put_diagnoses(struct json *j)
{
    json_begin_list(j, "diagnoses");
    for (size_t i = 0; i < j->a->diagnoses.n; i++)
        if (!j->a->diagnoses.p[i].superseded || j->o->all)
            put_diagnosis(j, &j->a->diagnoses.p[i], "diagnosis");
    json_end_list(j);
}

/* What ranking says of it; a boot that the report does not rank says nothing. */
static void put_crash_rank(struct json *j, uint32_t boot, uint32_t index)
{
    static const struct strs none = { 0 };
    const struct case_boot *cb = &j->a->of_boot.p[boot];
    const struct strs *explained =
            index < cb->crash_ranks.n ? &cb->crash_ranks.p[index].explained_by : &none;

    json_put_index(j, "consequence_of",
                   crash_number(j, boot, cb->crashes.list.p[index]->consequence_of));
    emit_member_strs(&j->e, "explained_by", explained->p, explained->n);
}

static void put_crashes(struct json *j)
{
    json_begin_list(j, "crashes");
    for (uint32_t boot = 0; boot < j->a->of_boot.n; boot++) {
        const struct crash_list *list = &j->a->of_boot.p[boot].crashes.list;

        for (uint32_t i = 0; i < list->n; i++) {
            json_begin_object(j, "crash");
            json_crash_members(&j->e, list->p[i], boot);
            put_crash_rank(j, boot, i);
            emit_member_open(&j->e, "evidence", '[');
            for (size_t k = 0; k < list->p[i]->evidence.n; k++)
                json_put_record(j, list->p[i]->evidence.p[k], boot);
            emit_close(&j->e, ']');
            json_end_object(j);
        }
    }
    json_end_list(j);
}

static void put_unexplained(struct json *j)
{
    json_begin_list(j, "unexplained");
    for (size_t i = 0; i < j->a->unexplained.n; i++) {
        const struct unexplained *u = &j->a->unexplained.p[i];

        json_begin_object(j, "unexplained");
        emit_member_uint(&j->e, "count", u->count);
        emit_member_str(&j->e, "level",
                        level_name(u->evidence ? u->evidence->level : LEVEL_UNKNOWN));
        emit_key(&j->e, "shape");
        emit_by(&j->e, json_put_shape, u->shape);
        emit_key(&j->e, "evidence");
        json_put_record(j, u->evidence, u->boot);
        json_end_object(j);
    }
    json_end_list(j);
}

static void put_notes(struct json *j)
{
    json_begin_list(j, "notes");
    for (size_t i = 0; i < j->a->notes.n; i++) {
        const struct note *note = &j->a->notes.p[i];

        json_begin_object(j, "note");
        emit_member_str(&j->e, "code", note_name(note->code));
        emit_member_str(&j->e, "text", note->text);
        json_put_index(j, "input", note->input);
        emit_member_uint_or_null(&j->e, "line", note->line > 0, note->line);
        json_end_object(j);
    }
    json_end_list(j);
}

static void put_summary(struct json *j)
{
    uint64_t counts[SEVERITY_COUNT] = { 0 };

    for (size_t i = 0; i < j->a->diagnoses.n; i++)
        counts[j->a->diagnoses.p[i].severity] += !j->a->diagnoses.p[i].superseded;
    if (!j->lines)
        emit_key(&j->e, "summary");
    json_begin_object(j, "summary");
    emit_member_str(&j->e, "result", result_name(j->a->result));
    json_put_index(j, "boot", j->a->focus);
    if (j->a->verdict != VERDICT_NONE)
        json_put_next_boot(j);
    emit_member_int(&j->e, "exit_code", j->o->exit_code);
    emit_member_open(&j->e, "by_severity", '{');
    for (size_t i = SEVERITY_COUNT; i > 0; i--) {
        emit_key(&j->e, severity_name((enum severity)(i - 1)).p);
        emit_uint(&j->e, counts[i - 1]);
    }
    emit_close(&j->e, '}');
    json_end_object(j);
}

static void write_json(struct json *j)
{
    j->scratch = out_new_memory();
    if (!j->scratch)
        return;
    json_begin_object(j, "header");
    put_tool_and_case(j);
    if (j->lines)
        json_end_object(j);
    put_inputs(j);
    json_begin_list(j, "boots");
    json_put_boots(j);
    json_end_list(j);
    put_diagnoses(j);
    put_crashes(j);
    put_unexplained(j);
    put_notes(j);
    put_summary(j);
    if (!j->lines) {
        json_end_object(j);
        out_puts(j->e.out, "\n");
    }
    out_free(j->scratch);
}

static void write_document(struct out *out, const struct analysis *a,
                           const struct report_options *o)
{
    struct json j = { .e = { .out = out, .pretty = true }, .a = a, .o = o };

    write_json(&j);
}

static void write_lines(struct out *out, const struct analysis *a, const struct report_options *o)
{
    struct json j = { .e = { .out = out }, .lines = true, .a = a, .o = o };

    write_json(&j);
}

static void write_finding(struct out *out, const struct analysis *a, const struct diagnosis *d,
                          const struct report_options *o)
{
    struct json j = { .e = { .out = out }, .lines = true, .a = a, .o = o };

    j.scratch = out_new_memory();
    if (j.scratch)
        put_diagnosis(&j, d, "finding");
    out_free(j.scratch);
}

const struct report report_json = {
    .name = "json",
    .title = "one JSON document, schema lastwords/1",
    .write = write_document,
    .write_cases = json_write_cases,
};

const struct report report_ndjson = {
    .name = "ndjson",
    .title = "the same objects, one per line; the last is the summary",
    .write = write_lines,
    .write_cases = json_write_total,
    .case_lines = true,
    .write_finding = write_finding,
};
