/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reports for programs: `json` is one document, `ndjson` the same objects one per line with
 * their "type". reports/schema/lastwords-1.schema.json describes both. Written as a stream by
 * emit.h: one escaper, out_json(), and no second copy of the result in memory.
 */
#include "reports/json.h"

#include "analyzer/evidence/facts_machine.h"
#include "reports/emit.h"
#include "reports/json_cases.h"
#include "reports/json_crash.h"
#include "reports/json_machine.h"
#include "reports/json_redact.h"

struct json {
    struct emit e;
    struct out *scratch;
    bool lines; /* ndjson */
    const struct analysis *a;
    const struct report_options *o;
};

/* A document's objects stand in arrays, a stream's on lines that begin with their type. */
static void begin_object(struct json *j, const char *type)
{
    emit_open(&j->e, '{');
    if (!j->lines)
        return;
    emit_member_str(&j->e, "type", str_from(type));
}

static void end_object(struct json *j)
{
    emit_close(&j->e, '}');
    if (j->lines)
        out_puts(j->e.out, "\n");
}

static void begin_list(struct json *j, const char *key)
{
    if (j->lines)
        return;
    emit_member_open(&j->e, key, '[');
}

static void end_list(struct json *j)
{
    if (!j->lines)
        emit_close(&j->e, ']');
}

static void put_index(struct json *j, const char *key, uint32_t index)
{
    emit_key(&j->e, key);
    if (index == UINT32_MAX)
        emit_null(&j->e);
    else
        emit_uint(&j->e, index);
}

/* The record's own wall clock, else its boot's where that one is certain. */
static void put_wall(struct json *j, const struct record *r, uint32_t boot)
{
    const struct boot *b = boot < boots_count(j->a->boots) ? boots_at(j->a->boots, boot) : NULL;

    emit_key(&j->e, "wall");
    if (r->wall_us == TIME_UNKNOWN && r->mono_us != TIME_UNKNOWN && b &&
        b->wall_offset_us != TIME_UNKNOWN)
        emit_wall(&j->e, r->mono_us + b->wall_offset_us, b->wall_flags);
    else
        emit_wall(&j->e, r->wall_us, r->flags);
}

static void put_record(struct json *j, const struct record *r, uint32_t boot)
{
    if (!r) {
        emit_null(&j->e);
        return;
    }
    emit_open(&j->e, '{');
    emit_member_uint(&j->e, "input", r->input);
    emit_member_uint(&j->e, "line", r->line);
    emit_member_uint(&j->e, "offset", r->offset);
    emit_member_time_us(&j->e, "mono_us", r->mono_us);
    put_wall(j, r, boot);
    emit_member_str(&j->e, "origin", origin_name(r->origin));
    emit_member_str(&j->e, "text", r->text);
    emit_close(&j->e, '}');
}

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
    begin_list(j, "inputs");
    for (size_t i = 0; i < j->a->inputs.n; i++) {
        const struct input_result *in = &j->a->inputs.p[i];

        begin_object(j, "input");
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
        end_object(j);
    }
    end_list(j);
}

static void put_fact_text(struct json *j, const char *key, const struct facts *facts,
                          enum fact_id id)
{
    emit_key(&j->e, key);
    emit_value(&j->e, &facts_get(facts, id)->value);
}

static void put_fact(struct json *j, const struct facts *facts, enum fact_id id, uint32_t boot)
{
    const struct fact *fact = facts_get(facts, id);

    emit_key(&j->e, fact_infos[id].path.p);
    emit_open(&j->e, '{');
    emit_key(&j->e, "value");
    emit_value(&j->e, &fact->value);
    emit_member_bool(&j->e, "known", fact->value.type != VALUE_UNKNOWN);
    emit_key(&j->e, "evidence");
    put_record(j, fact->proof, boot);
    emit_close(&j->e, '}');
}

/* Those of a machine only where one was looked at: most reports are about a log. */
static void put_facts(struct json *j, const struct facts *facts, uint32_t boot)
{
    emit_open(&j->e, '{');
    for (size_t i = 0; i < FACT_COUNT; i++)
        if (j->a->machine || !fact_is_of_machine((enum fact_id)i))
            put_fact(j, facts, (enum fact_id)i, boot);
    emit_close(&j->e, '}');
}

/* Of formats that can be read sparsely the last record may be one that was left out. */
static bool knows_last(const struct analysis *a, const struct boot *b)
{
    for (size_t i = 0; i < b->inputs.n; i++) {
        const char *format = a->inputs.p[b->inputs.p[i]].format;
        const struct parser *parser = format ? parser_find(str_from(format)) : NULL;

        if (!parser || parser->skim)
            return false;
    }
    return true;
}

static void put_boot(struct json *j, size_t index)
{
    const struct boot *b = boots_at(j->a->boots, index);
    const struct facts *facts = j->a->of_boot.p[index].facts;

    begin_object(j, "boot");
    emit_member_uint(&j->e, "index", index);
    emit_member_int(&j->e, "offset", (int64_t)index + 1 - (int64_t)boots_count(j->a->boots));
    emit_member_str_or_null(&j->e, "id", b->id);
    put_fact_text(j, "kernel", facts, FACT_KERNEL_RELEASE);
    put_fact_text(j, "flavour", facts, FACT_KERNEL_FLAVOUR);
    put_fact_text(j, "distro", facts, FACT_DISTRO);
    put_fact_text(j, "cmdline", facts, FACT_CMDLINE_RAW);
    emit_member_wall(&j->e, "started", b->first_wall_us, b->wall_flags);
    emit_member_wall(&j->e, "last", knows_last(j->a, b) ? b->last_wall_us : TIME_UNKNOWN,
                     b->wall_flags);
    emit_member_time_us(&j->e, "wall_offset_us", b->wall_offset_us);
    emit_member_str(&j->e, "ended_by", ended_name(b->ended_by));
    emit_member_tri(&j->e, "head_complete", b->head_complete);
    emit_member_tri(&j->e, "tail_complete", b->tail_complete);
    emit_member_uint(&j->e, "merged_dumps", b->merged_dumps);
    emit_key(&j->e, "facts");
    put_facts(j, facts, (uint32_t)index);
    end_object(j);
}

static void put_boots(struct json *j)
{
    for (size_t i = 0; i < boots_count(j->a->boots); i++)
        put_boot(j, i);
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
    begin_object(j, type);
    emit_member_str(&j->e, "rule", d->rule->id);
    emit_key(&j->e, "title");
    emit_text(&j->e, &d->title, j->scratch);
    emit_member_str(&j->e, "severity", severity_name(d->severity));
    emit_member_str(&j->e, "confidence", confidence_name(d->confidence));
    emit_member_str(&j->e, "category", d->rule->category);
    emit_member_str(&j->e, "role", role_name(d->role));
    put_index(j, "boot", d->boot);
    emit_key(&j->e, "diagnosis");
    emit_text(&j->e, &d->text, j->scratch);
    emit_member_open(&j->e, "remediation", '[');
    for (size_t i = 0; i < d->remediation.n; i++)
        emit_text(&j->e, &d->remediation.p[i], j->scratch);
    emit_close(&j->e, ']');
    emit_member_strs(&j->e, "references", d->rule->references.p, d->rule->references.n);
    emit_member_open(&j->e, "evidence", '[');
    for (size_t i = 0; i < d->evidence.n; i++)
        put_record(j, d->evidence.p[i], d->boot);
    emit_close(&j->e, ']');
    put_captures(j, d);
    if (str_eq(str_from(type), STR("finding")) && j->a->inputs.n)
        emit_member_str(&j->e, "source", j->a->inputs.p[0].name);
    emit_member_open(&j->e, "explains", '[');
    for (size_t i = 0; i < d->explains.n; i++)
        emit_str(&j->e, j->a->diagnoses.p[d->explains.p[i]].rule->id);
    emit_close(&j->e, ']');
    put_index(j, "crash", crash_number(j, d->boot, d->crash));
    end_object(j);
}

static void put_diagnoses(struct json *j)
{
    begin_list(j, "diagnoses");
    for (size_t i = 0; i < j->a->diagnoses.n; i++)
        if (!j->a->diagnoses.p[i].superseded || j->o->all)
            put_diagnosis(j, &j->a->diagnoses.p[i], "diagnosis");
    end_list(j);
}

/* What ranking says of it; a boot that the report does not rank says nothing. */
static void put_crash_rank(struct json *j, uint32_t boot, uint32_t index)
{
    static const struct strs none = { 0 };
    const struct case_boot *cb = &j->a->of_boot.p[boot];
    const struct strs *explained =
            index < cb->crash_ranks.n ? &cb->crash_ranks.p[index].explained_by : &none;

    put_index(j, "consequence_of",
              crash_number(j, boot, cb->crashes.list.p[index]->consequence_of));
    emit_member_strs(&j->e, "explained_by", explained->p, explained->n);
}

static void put_crashes(struct json *j)
{
    begin_list(j, "crashes");
    for (uint32_t boot = 0; boot < j->a->of_boot.n; boot++) {
        const struct crash_list *list = &j->a->of_boot.p[boot].crashes.list;

        for (uint32_t i = 0; i < list->n; i++) {
            begin_object(j, "crash");
            json_crash_members(&j->e, list->p[i], boot);
            put_crash_rank(j, boot, i);
            emit_member_open(&j->e, "evidence", '[');
            for (size_t k = 0; k < list->p[i]->evidence.n; k++)
                put_record(j, list->p[i]->evidence.p[k], boot);
            emit_close(&j->e, ']');
            end_object(j);
        }
    }
    end_list(j);
}

static void put_unexplained(struct json *j)
{
    begin_list(j, "unexplained");
    for (size_t i = 0; i < j->a->unexplained.n; i++) {
        const struct unexplained *u = &j->a->unexplained.p[i];

        begin_object(j, "unexplained");
        emit_member_uint(&j->e, "count", u->count);
        emit_member_str(&j->e, "level",
                        level_name(u->evidence ? u->evidence->level : LEVEL_UNKNOWN));
        emit_key(&j->e, "shape");
        emit_by(&j->e, json_put_shape, u->shape);
        emit_key(&j->e, "evidence");
        put_record(j, u->evidence, u->boot);
        end_object(j);
    }
    end_list(j);
}

static void put_notes(struct json *j)
{
    begin_list(j, "notes");
    for (size_t i = 0; i < j->a->notes.n; i++) {
        const struct note *note = &j->a->notes.p[i];

        begin_object(j, "note");
        emit_member_str(&j->e, "code", note_name(note->code));
        emit_member_str(&j->e, "text", note->text);
        put_index(j, "input", note->input);
        emit_key(&j->e, "line");
        if (note->line)
            emit_uint(&j->e, note->line);
        else
            emit_null(&j->e);
        end_object(j);
    }
    end_list(j);
}

/* preflight: the answer, and what it rests on. */
static void put_next_boot(struct json *j)
{
    emit_member_open(&j->e, "next_boot", '{');
    json_next_boot_members(&j->e, j->a);
    emit_member_open(&j->e, "facts", '{');
    for (size_t i = 0; i < FACT_COUNT; i++)
        if (fact_is_of_machine((enum fact_id)i))
            put_fact(j, &j->a->case_facts, (enum fact_id)i, UINT32_MAX);
    emit_close(&j->e, '}');
    emit_close(&j->e, '}');
}

static void put_summary(struct json *j)
{
    uint64_t counts[SEVERITY_COUNT] = { 0 };

    for (size_t i = 0; i < j->a->diagnoses.n; i++)
        counts[j->a->diagnoses.p[i].severity] += !j->a->diagnoses.p[i].superseded;
    if (!j->lines)
        emit_key(&j->e, "summary");
    begin_object(j, "summary");
    emit_member_str(&j->e, "result", result_name(j->a->result));
    put_index(j, "boot", j->a->focus);
    if (j->a->verdict != VERDICT_NONE)
        put_next_boot(j);
    emit_member_int(&j->e, "exit_code", j->o->exit_code);
    emit_member_open(&j->e, "by_severity", '{');
    for (size_t i = SEVERITY_COUNT; i > 0; i--) {
        emit_key(&j->e, severity_name((enum severity)(i - 1)).p);
        emit_uint(&j->e, counts[i - 1]);
    }
    emit_close(&j->e, '}');
    end_object(j);
}

static void write_json(struct json *j)
{
    j->scratch = out_new_memory();
    if (!j->scratch)
        return;
    begin_object(j, "header");
    put_tool_and_case(j);
    if (j->lines)
        end_object(j);
    put_inputs(j);
    begin_list(j, "boots");
    put_boots(j);
    end_list(j);
    put_diagnoses(j);
    put_crashes(j);
    put_unexplained(j);
    put_notes(j);
    put_summary(j);
    if (!j->lines) {
        end_object(j);
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

void json_write_boots(struct out *out, const struct analysis *a, const struct report_options *o,
                      bool lines)
{
    struct json j = { .e = { .out = out, .pretty = !lines }, .lines = lines, .a = a, .o = o };

    if (!lines)
        emit_open(&j.e, '[');
    put_boots(&j);
    if (lines)
        return;
    emit_close(&j.e, ']');
    out_puts(out, "\n");
}

void json_write_facts(struct out *out, const struct analysis *a, uint32_t boot, bool line)
{
    struct json j = { .e = { .out = out, .pretty = !line }, .a = a };

    put_facts(&j, a->of_boot.p[boot].facts, boot);
    out_puts(out, "\n");
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
