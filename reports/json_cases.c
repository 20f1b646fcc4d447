/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `json` and `ndjson` say of many cases. In ndjson each case has its own lines, from header to
 * summary, and this adds the last one, "total"; a missing total means a run that was cut short.
 */
#include "reports/json_cases.h"

#include "analyzer/diagnose/groups.h"
#include "reports/emit.h"

static void put_str(struct emit *e, const char *key, struct str s)
{
    emit_key(e, key);
    emit_str(e, s);
}

static void put_uint(struct emit *e, const char *key, uint64_t number)
{
    emit_key(e, key);
    emit_uint(e, number);
}

static void put_tool(struct emit *e, const struct cases *cases)
{
    put_str(e, "schema", STR("lastwords/1"));
    emit_key(e, "tool");
    emit_open(e, '{');
    put_str(e, "version", cases->tool_version);
    emit_key(e, "rules");
    emit_open(e, '{');
    put_str(e, "version", cases->tool_version);
    put_str(e, "sha256", cases->rules_sha256);
    put_uint(e, "count", cases->rules_count);
    emit_close(e, '}');
    emit_close(e, '}');
}

static void put_group(struct emit *e, const struct cases *cases, const struct case_group *g,
                      bool cause)
{
    emit_open(e, '{');
    put_str(e, cause ? "rule" : "signature", g->key);
    put_str(e, "title", g->title);
    if (cause)
        put_str(e, "severity", severity_name(g->severity));
    put_uint(e, "cases", g->members.n);
    emit_key(e, "places");
    emit_open(e, '[');
    for (size_t i = 0; i < g->members.n; i++)
        emit_str(e, case_place(&cases->of.p[g->members.p[i]]));
    emit_close(e, ']');
    emit_close(e, '}');
}

static void put_groups(struct emit *e, const struct cases *cases)
{
    struct case_groups causes = { 0 }, crashes = { 0 };
    struct arena arena = { 0 };

    emit_key(e, "causes");
    emit_open(e, '[');
    if (groups_by_cause(cases, &arena, &causes))
        for (size_t i = 0; i < causes.n; i++)
            put_group(e, cases, &causes.p[i], true);
    emit_close(e, ']');
    emit_key(e, "crashes");
    emit_open(e, '[');
    if (groups_by_crash(cases, &arena, &crashes))
        for (size_t i = 0; i < crashes.n; i++)
            put_group(e, cases, &crashes.p[i], false);
    emit_close(e, ']');
    arena_done(&arena);
}

static void put_sums(struct emit *e, const struct cases *cases)
{
    struct case_counts sums = cases_count(cases);

    put_uint(e, "cases", cases->of.n);
    put_uint(e, "bytes", sums.bytes);
    emit_key(e, "results");
    emit_open(e, '{');
    for (size_t i = 0; i <= RESULT_NOTHING_READ; i++) {
        emit_key_str(e, result_name((enum result)i));
        emit_uint(e, sums.by_result[i]);
    }
    emit_close(e, '}');
    put_uint(e, "not_read_in_full", sums.incomplete);
    put_uint(e, "crashed", sums.crashed);
    emit_key(e, "by_severity");
    emit_open(e, '{');
    for (size_t i = SEVERITY_COUNT; i > 0; i--) {
        emit_key_str(e, severity_name((enum severity)(i - 1)));
        emit_uint(e, sums.by_severity[i - 1]);
    }
    emit_close(e, '}');
}

static void put_total(struct emit *e, const struct cases *cases, const struct report_options *o)
{
    put_sums(e, cases);
    put_groups(e, cases);
    put_uint(e, "known", cases->known);
    put_uint(e, "without_log", cases->without_log);
    emit_key(e, "list");
    emit_str_or_null(e, cases->list);
    emit_key(e, "missing");
    emit_open(e, '[');
    for (size_t i = 0; i < cases->missing.n; i++)
        emit_str(e, cases->missing.p[i]);
    emit_close(e, ']');
    emit_key(e, "complete");
    emit_bool(e, cases->complete);
    emit_key(e, "exit_code");
    emit_int(e, o->exit_code);
}

static void put_case(struct emit *e, const struct case_result *c)
{
    const struct case_diagnosis *d = case_cause(c);
    const struct case_crash *crash = case_first_crash(c);

    emit_open(e, '{');
    emit_key(e, "id");
    emit_str_or_null(e, c->id);
    emit_key(e, "name");
    emit_str_or_null(e, c->name);
    put_str(e, "place", case_place(c));
    put_str(e, "result", result_name(c->result));
    emit_key(e, "kernel");
    emit_str_or_null(e, c->kernel);
    emit_key(e, "ended_by");
    emit_str_or_null(e, c->ended_by);
    emit_key(e, "rule");
    emit_str_or_null(e, d ? d->rule : (struct str){ 0 });
    emit_key(e, "severity");
    emit_str_or_null(e, d ? severity_name(d->severity) : (struct str){ 0 });
    emit_key(e, "title");
    emit_str_or_null(e, d ? d->title : (struct str){ 0 });
    emit_key(e, "crash");
    emit_str_or_null(e, crash ? crash->title : (struct str){ 0 });
    emit_key(e, "signature");
    emit_str_or_null(e, crash ? crash->exact : (struct str){ 0 });
    emit_key(e, "exit_code");
    emit_int(e, c->exit_code);
    emit_close(e, '}');
}

void json_write_cases(struct out *out, const struct cases *cases, const struct report_options *o)
{
    struct emit e = { .out = out, .pretty = true };

    emit_open(&e, '{');
    put_tool(&e, cases);
    emit_key(&e, "of");
    emit_open(&e, '[');
    for (size_t i = 0; i < cases->of.n; i++)
        put_case(&e, &cases->of.p[i]);
    emit_close(&e, ']');
    emit_key(&e, "total");
    emit_open(&e, '{');
    put_total(&e, cases, o);
    emit_close(&e, '}');
    emit_close(&e, '}');
    out_puts(out, "\n");
}

void json_write_total(struct out *out, const struct cases *cases, const struct report_options *o)
{
    struct emit e = { .out = out };

    emit_open(&e, '{');
    put_str(&e, "type", STR("total"));
    put_tool(&e, cases);
    put_total(&e, cases, o);
    emit_close(&e, '}');
    out_puts(out, "\n");
}
