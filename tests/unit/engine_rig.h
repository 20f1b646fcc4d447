/* SPDX-License-Identifier: Apache-2.0 */
/* A ruleset from YAML, records from one-line descriptions, and what comes out: for engine tests. */
#pragma once

#include "analyzer/core/limits.h"
#include "analyzer/engine/match.h"
#include "analyzer/evidence/fact.h"

#include <check.h>

struct rig {
    struct arena arena;
    struct problems problems;
    struct ruleset *rs;
    struct matching *matching;
    struct boot boot;
    struct facts facts;
    struct hits *hits;
    struct findings found;
    uint64_t line;
};

/* Loads without judging: the problems are in rig.problems. */
static inline bool rig_load(struct rig *r, const char *yaml)
{
    bool ok;

    *r = (struct rig){ .rs = ruleset_new() };
    r->problems.arena = &r->arena;
    ok = ruleset_load(r->rs, STR("t.yaml"), str_from(yaml), &r->problems);
    return ruleset_compile(r->rs, NULL, &r->problems) && ok;
}

/* Rules that must load, and an empty boot that is complete unless the test says otherwise. */
static inline void rig_start(struct rig *r, const char *yaml)
{
    ck_assert_msg(rig_load(r, yaml), "%u: %s", r->problems.n ? (unsigned)r->problems.p[0].line : 0,
                  r->problems.n ? r->problems.p[0].text : "");
    arena_init(&r->boot.arena, LIMIT_BOOT_ARENA_BYTES);
    r->boot.head_complete = r->boot.tail_complete = TRI_YES;
    r->boot.has_kernel = r->boot.has_user = r->boot.has_host = r->boot.has_console = true;
    r->boot.first_mono_us = r->boot.last_mono_us = TIME_UNKNOWN;
    r->boot.wall_offset_us = TIME_UNKNOWN;
    ck_assert(facts_init(&r->facts, &r->boot.arena, NULL));
    r->matching = matching_new(r->rs);
    r->hits = hits_new(r->rs, &r->boot.arena);
}

static inline void rig_stop(struct rig *r)
{
    matching_free(r->matching);
    ruleset_free(r->rs);
    arena_done(&r->boot.arena);
    arena_done(&r->arena);
}

/* A record of the guest's kernel at `ms` after boot; negative: without a stamp. */
static inline struct record rig_record(const char *text, int64_t ms)
{
    struct record rec;

    record_init(&rec);
    rec.text = str_from(text);
    rec.origin = ORIGIN_GUEST_KERNEL;
    if (ms >= 0)
        rec.mono_us = ms * 1000;
    return rec;
}

static inline size_t rig_add_record(struct rig *r, struct record rec, const char *format)
{
    const struct record *kept = NULL;

    rec.line = ++r->line;
    if (rec.mono_us != TIME_UNKNOWN) {
        if (r->boot.first_mono_us == TIME_UNKNOWN)
            r->boot.first_mono_us = rec.mono_us;
        r->boot.last_mono_us = rec.mono_us;
    }
    facts_add(&r->facts, &rec);
    return match_record(r->matching, r->hits, &rec, str_from(format), &kept);
}

/* Lines of "MS text", the dash for no stamp; "h" or "u" before them is the host's, a program's. */
static inline void rig_add_lines(struct rig *r, const char *lines)
{
    struct arena a = { 0 };
    struct str in = str_from(lines), line;
    uint64_t ms;

    while (str_take_line(&in, &line)) {
        struct record rec = rig_record("", -1);

        if (str_take(&line, STR("h")))
            rec.origin = ORIGIN_HOST;
        else if (str_take(&line, STR("u")))
            rec.origin = ORIGIN_GUEST_USER;
        if (str_take_u64(&line, &ms))
            rec.mono_us = (int64_t)ms * 1000;
        else
            str_take(&line, STR("-"));
        str_take(&line, STR(" "));
        rec.text = arena_str(&a, line);
        rig_add_record(r, rec, "dmesg");
    }
    arena_done(&a);
}

static inline size_t rig_add(struct rig *r, const char *text, int64_t ms)
{
    return rig_add_record(r, rig_record(text, ms), "dmesg");
}

static inline size_t rig_correlate(struct rig *r)
{
    r->found = (struct findings){ 0 };
    correlate(r->rs, &r->boot, r->hits, &r->facts, &r->arena, &r->found);
    return r->found.n;
}

/* The first finding of a rule, which must be there. */
static inline const struct finding *rig_find(const struct rig *r, const char *id)
{
    for (size_t i = 0; i < r->found.n; i++) {
        if (str_eq(r->found.p[i].rule->id, str_from(id)))
            return &r->found.p[i];
    }
    ck_abort_msg("%s does not fire", id);
}

/* A template's text for a finding, values and words joined. */
static inline const char *rig_fill(struct rig *r, const struct template *t, const struct finding *f)
{
    struct text text = { 0 };
    struct str joined = STR("");

    ck_assert(template_fill(t, finding_lookup, f, &r->arena, &text));
    for (size_t i = 0; i < text.n; i++)
        joined = arena_printf(&r->arena, "%.*s%.*s", STR_ARG(joined), STR_ARG(text.p[i].text));
    return joined.p;
}

static inline const char *rig_value(struct rig *r, const struct finding *f, const char *path)
{
    struct value v;

    ck_assert(finding_lookup(f, str_from(path), &r->arena, &v));
    return value_print(&r->arena, &v).p;
}

/* One rule with the usual head; `rest` is indented by two. */
#define RULE(id, rest) "- id: " id "\n  title: T\n  severity: error\n" rest "\n"
#define RULES "lastwords: 1\nrules:\n"
