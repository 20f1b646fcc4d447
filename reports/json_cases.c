/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `json` and `ndjson` say of many cases. In ndjson each case has its own lines, from header to
 * summary, and this adds the last one, "total"; a missing total means a run that was cut short.
 */
#include "reports/json_cases.h"

#include "analyzer/diagnose/groups.h"
#include "reports/emit.h"

static void put_group(struct emit *e, const struct cases *cases, const struct case_group *g,
                      bool cause)
{
    emit_open(e, '{');
    emit_member_str(e, cause ? "rule" : "signature", g->key);
    emit_member_str(e, "title", g->title);
    if (cause)
        emit_member_str(e, "severity", severity_name(g->severity));
    emit_member_uint(e, "cases", g->members.n);
    emit_member_open(e, "places", '[');
    for (size_t i = 0; i < g->members.n; i++)
        emit_str(e, case_place(&cases->of.p[g->members.p[i]]));
    emit_close(e, ']');
    emit_close(e, '}');
}

static void put_groups(struct emit *e, const struct cases *cases)
{
    struct case_groups causes = { 0 }, crashes = { 0 };
    struct arena arena = { 0 };

    emit_member_open(e, "causes", '[');
    if (groups_by_cause(cases, &arena, &causes))
        for (size_t i = 0; i < causes.n; i++)
            put_group(e, cases, &causes.p[i], true);
    emit_close(e, ']');
    emit_member_open(e, "crashes", '[');
    if (groups_by_crash(cases, &arena, &crashes))
        for (size_t i = 0; i < crashes.n; i++)
            put_group(e, cases, &crashes.p[i], false);
    emit_close(e, ']');
    arena_done(&arena);
}

static void put_sums(struct emit *e, const struct cases *cases)
{
    struct case_counts sums = cases_count(cases);

    emit_member_uint(e, "cases", cases->of.n);
    emit_member_uint(e, "bytes", sums.bytes);
    emit_member_open(e, "results", '{');
    for (size_t i = 0; i <= RESULT_NOTHING_READ; i++) {
        emit_key(e, result_name((enum result)i).p);
        emit_uint(e, sums.by_result[i]);
    }
    emit_close(e, '}');
    emit_member_uint(e, "not_read_in_full", sums.incomplete);
    emit_member_uint(e, "crashed", sums.crashed);
    emit_member_open(e, "by_severity", '{');
    for (size_t i = SEVERITY_COUNT; i > 0; i--) {
        emit_key(e, severity_name((enum severity)(i - 1)).p);
        emit_uint(e, sums.by_severity[i - 1]);
    }
    emit_close(e, '}');
}

static void put_total(struct emit *e, const struct cases *cases, const struct report_options *o)
{
    put_sums(e, cases);
    put_groups(e, cases);
    emit_member_uint(e, "known", cases->known);
    emit_member_uint(e, "without_log", cases->without_log);
    /* A hash of paths: whoever guesses them could see that the guess is right. */
    emit_member_str_or_null(e, "list", out_redactor(e->out) ? (struct str){ 0 } : cases->list);
    emit_member_strs(e, "changed", cases->changed.p, cases->changed.n);
    emit_member_strs(e, "missing", cases->missing.p, cases->missing.n);
    emit_member_bool(e, "complete", cases->complete);
    emit_member_int(e, "exit_code", o->exit_code);
}

static void put_case(struct emit *e, const struct cases *cases, const struct case_result *c)
{
    const struct case_diagnosis *d = case_cause(c);
    const struct case_crash *crash = case_first_crash(c);

    emit_open(e, '{');
    emit_member_str_or_null(e, "id", c->id);
    emit_member_str_or_null(e, "name", c->name);
    emit_member_str(e, "place", case_place(c));
    emit_member_str(e, "result", result_name(c->result));
    emit_member_str_or_null(e, "kernel", c->kernel);
    emit_member_str_or_null(e, "ended_by", c->ended_by);
    emit_member_str_or_null(e, "rule", d ? d->rule : (struct str){ 0 });
    emit_member_str_or_null(e, "severity", d ? severity_name(d->severity) : (struct str){ 0 });
    emit_member_str_or_null(e, "title", d ? d->title : (struct str){ 0 });
    emit_member_str_or_null(e, "crash", crash ? crash->title : (struct str){ 0 });
    emit_member_str_or_null(e, "signature", crash ? crash->exact : (struct str){ 0 });
    emit_member_str_or_null(e, "news",
                            cases->compared ? news_name(case_news(c)) : (struct str){ 0 });
    emit_member_int(e, "exit_code", c->exit_code);
    emit_close(e, '}');
}

void json_write_cases(struct out *out, const struct cases *cases, const struct report_options *o)
{
    struct emit e = { .out = out, .pretty = true };

    emit_open(&e, '{');
    emit_tool(&e, cases->tool_version, cases->rules_sha256, cases->rules_count);
    emit_member_open(&e, "of", '[');
    for (size_t i = 0; i < cases->of.n; i++)
        put_case(&e, cases, &cases->of.p[i]);
    emit_close(&e, ']');
    emit_member_open(&e, "total", '{');
    put_total(&e, cases, o);
    emit_close(&e, '}');
    emit_close(&e, '}');
    out_puts(out, "\n");
}

void json_write_total(struct out *out, const struct cases *cases, const struct report_options *o)
{
    struct emit e = { .out = out };

    emit_open(&e, '{');
    emit_member_str(&e, "type", STR("total"));
    emit_tool(&e, cases->tool_version, cases->rules_sha256, cases->rules_count);
    put_total(&e, cases, o);
    emit_close(&e, '}');
    out_puts(out, "\n");
}
