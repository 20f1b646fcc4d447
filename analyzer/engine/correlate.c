/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hits and facts become findings: every rule, over the few hits that its wordings have. A pure
 * function; scratch memory is freed before it returns, findings live in the caller's arena.
 */
#include "analyzer/core/limits.h"
#include "analyzer/engine/applies.h"
#include "analyzer/engine/pattern.h"
#include "analyzer/engine/ruleset.h"
#include "analyzer/engine/where.h"

enum { PROOFS_MAX = 4, EVIDENCE_MAX = 16 };

/* One call of correlate(). */
struct correlating {
    const struct ruleset *rs;
    const struct part *parts;
    size_t n_parts;
    struct boot *boot; /* NULL in scope case */
    const struct facts *facts;
    struct arena *a;
    struct findings *out;
};

static bool facts_are_true(const struct correlating *c, const struct strs *paths,
                           struct arena *scratch)
{
    struct value v;

    for (size_t i = 0; i < paths->n; i++) {
        v = fact_of(c->facts, c->boot, paths->p[i], scratch, NULL);
        if (v.type != VALUE_BOOL || !v.truth)
            return false;
    }
    return true;
}

static bool same_place(const struct record *a, const struct record *b)
{
    return a == b ||
           (a->line && a->input == b->input && a->line == b->line && a->offset == b->offset);
}

/* Into its place by time; a record that is there already (kept twice by others, too) is left out.
 */
static void add_evidence(struct arena *a, struct evidence *e, struct moment *times,
                         const struct moment *m)
{
    const struct record **slot;
    size_t at;

    for (size_t i = 0; i < e->n; i++) {
        if (same_place(e->p[i], m->record))
            return;
    }
    slot = e->n < EVIDENCE_MAX ? vec_push(a, e) : NULL;
    if (!slot)
        return;
    for (at = e->n - 1; at && moment_sorts_before(m, &times[at - 1]); at--) {
        e->p[at] = e->p[at - 1];
        times[at] = times[at - 1];
    }
    e->p[at] = m->record;
    times[at] = *m;
}

static void collect_evidence(const struct correlating *c, const struct solution *sol,
                             const struct evidence *proofs, struct finding *f)
{
    struct moment times[EVIDENCE_MAX + 1];
    struct moment m;

    for (size_t i = 0; i < sol->n_used; i++) {
        if (!sol->used[i].hit)
            continue;
        add_evidence(c->a, &f->evidence, times, &sol->used[i].at);
        if (!f->crash && c->boot)
            f->crash = hit_crash(sol->used[i].hit);
    }
    for (size_t i = 0; i < proofs->n && i < PROOFS_MAX; i++) {
        m = (struct moment){ .record = proofs->p[i], .boot = c->boot, .order = UINT64_MAX - i };
        add_evidence(c->a, &f->evidence, times, &m);
    }
}

/* A rule of facts alone waits for no hit. */
static bool is_of_facts(const struct matcher *m)
{
    return m->kind == MATCHER_ALL && m->n_of == 0;
}

static bool has_any_hit(const struct correlating *c, const struct matcher *m)
{
    for (size_t i = 0; i < m->n_wordings; i++) {
        for (size_t k = 0; k < c->n_parts; k++) {
            if (hits_of(c->parts[k].hits, m->wordings[i].index))
                return true;
        }
    }
    for (size_t i = 0; i < m->n_of; i++) {
        if (has_any_hit(c, &m->of[i]))
            return true;
    }
    return false;
}

static bool uses_open_crash(const struct solution *sol)
{
    for (size_t i = 0; i < sol->n_used; i++) {
        if (sol->used[i].hit && sol->used[i].hit->open)
            return true;
    }
    return false;
}

/*
 * No later record can undo it: nothing in it is about absence, no crash report that it read may go
 * on, nothing more specific has begun.
 */
static bool is_certain(const struct correlating *c, const struct rule *r,
                       const struct solution *sol)
{
    const struct rule *other;

    if (r->more->absence || uses_open_crash(sol))
        return false;
    for (size_t i = 0; i < c->rs->rules.n; i++) {
        other = c->rs->rules.p[i];
        if (rule_supersedes(c->rs, other, r) && has_any_hit(c, other->match))
            return false;
    }
    return true;
}

/* Findings of boot and case scope are compared later: parts are the boots' numbers then. */
static struct period period_of(const struct solution *sol)
{
    struct period s = { .first = sol->first, .last = sol->last };

    s.first.part = s.first.boot ? s.first.boot->index : 0;
    s.last.part = s.last.boot ? s.last.boot->index : 0;
    return s;
}

/* When a cause held again and again, each time may have had its effect. */
static void note_times(const struct correlating *c, const struct solutions *all, struct finding *f)
{
    struct period *slot;

    for (size_t i = 0; f->rule->explains_within_us && i < all->n; i++) {
        slot = all->p[i].first.record ? vec_push(c->a, &f->times) : NULL;
        if (slot)
            *slot = period_of(&all->p[i]);
    }
}

static bool add_finding(const struct correlating *c, const struct rule *r,
                        const struct solution *sol, struct pattern_scratch **scratch)
{
    struct scene scene = {
        .rule = r, .boot = c->boot, .facts = c->facts, .a = c->a, .scratch = *scratch
    };
    struct finding *f = vec_push(c->a, c->out);

    if (!f)
        return false;
    scene_bind(&scene, sol); /* again, now in the memory of the finding */
    conditions_hold(&scene, r->where, NULL);
    *scratch = scene.scratch;
    f->rule = r;
    f->boot = c->boot;
    f->bindings = scene.names.p;
    f->n_bindings = scene.names.n;
    f->facts = c->facts;
    f->when = period_of(sol);
    f->certain = is_certain(c, r, sol);
    collect_evidence(c, sol, &scene.proofs, f);
    return true;
}

/* With `per`, values that have a finding already; without, the first finding is the only one. */
static bool is_new(const struct scene *scene, struct strs *seen, struct arena *a)
{
    struct value v;
    struct str *slot, text;

    if (!scene->rule->more->per.n)
        return true;
    v = scene_value(scene, scene->rule->more->per, NULL);
    text = value_print(a, &v);
    if (strs_have(seen, text))
        return false;
    slot = vec_push(a, seen);
    if (slot)
        *slot = text;
    return slot != NULL;
}

/* `unless`: what is not known does not stand in the way. */
static bool is_barred(struct scene *scene, const struct condition *unless)
{
    for (const struct condition *c = unless; c; c = c->next) {
        if (condition_holds(scene, c, NULL) == TRI_YES)
            return true;
    }
    return false;
}

static void correlate_rule(const struct correlating *c, const struct rule *r,
                           struct pattern_scratch **scratch)
{
    struct arena arena = { 0 };
    struct solving solving = { .parts = c->parts,
                               .n_parts = c->n_parts,
                               .facts = c->facts,
                               .a = &arena,
                               .budget = SOLVE_BUDGET };
    struct solutions all = { 0 };
    struct strs seen = { 0 };
    size_t most = r->more->per.n ? LIMIT_FINDINGS_PER_RULE : 1, found = 0;

    if (facts_are_true(c, &r->more->requires, &arena))
        solve(&solving, r->match, &all);
    for (size_t i = 0; i < all.n && found < most; i++) {
        struct scene scene = {
            .rule = r, .boot = c->boot, .facts = c->facts, .a = &arena, .scratch = *scratch
        };

        scene_bind(&scene, &all.p[i]);
        if (conditions_hold(&scene, r->where, NULL) == TRI_YES &&
            !is_barred(&scene, r->more->unless) && is_new(&scene, &seen, &arena)) {
            *scratch = scene.scratch;
            if (add_finding(c, r, &all.p[i], scratch)) {
                note_times(c, &all, &c->out->p[c->out->n - 1]);
                found++;
            }
        }
        *scratch = scene.scratch;
    }
    arena_done(&arena);
}

/* Can it hold at all? Most rules have not a single hit in a boot. */
static bool may_hold(const struct correlating *c, const struct rule *r)
{
    return r->status != STATUS_RETIRED && r->case_scope == !c->boot &&
           (r->more->absence || is_of_facts(r->match) || has_any_hit(c, r->match)) &&
           applies_to(r->more->applies, c->facts) != TRI_NO;
}

static void correlate_all(const struct correlating *c)
{
    struct pattern_scratch *scratch = NULL;

    for (size_t i = 0; i < c->rs->rules.n; i++) {
        if (may_hold(c, c->rs->rules.p[i]))
            correlate_rule(c, c->rs->rules.p[i], &scratch);
    }
    pattern_scratch_free(scratch);
}

void correlate(const struct ruleset *rs, struct boot *boot, const struct hits *hits,
               const struct facts *facts, struct arena *a, struct findings *out)
{
    struct part part = { .boot = boot, .hits = hits };
    struct correlating c = {
        .rs = rs, .parts = &part, .n_parts = 1, .boot = boot, .facts = facts, .a = a, .out = out
    };

    correlate_all(&c);
}

void correlate_case(const struct ruleset *rs, const struct case_part *boots, size_t n,
                    const struct facts *facts, struct arena *a, struct findings *out)
{
    struct part *parts = arena_new(a, struct part, n + 1);
    struct correlating c = {
        .rs = rs, .parts = parts, .n_parts = n, .facts = facts, .a = a, .out = out
    };

    for (size_t i = 0; parts && i < n; i++)
        parts[i] = (struct part){ .boot = boots[i].boot, .hits = boots[i].hits };
    if (parts)
        correlate_all(&c);
}

/* Recursion over the rule's tree, at most LIMIT_YAML_DEPTH deep. */
static bool met_crash(const struct matcher *m, const struct hits *hits, const struct crash *crash)
{
    const struct hit_list *list;

    for (size_t i = 0; i < m->n_wordings; i++) {
        list = hits_of(hits, m->wordings[i].index);
        for (size_t k = 0; list && k < hit_list_count(list); k++) {
            if (hit_crash(hit_list_at(list, k)) == crash)
                return true;
        }
    }
    for (size_t i = 0; m->kind != MATCHER_NOT && i < m->n_of; i++) {
        if (met_crash(&m->of[i], hits, crash))
            return true;
    }
    return false;
}

bool rule_met_crash(const struct rule *rule, const struct hits *hits, const struct crash *crash)
{
    return met_crash(rule->match, hits, crash);
}

/* Nearer than `us` to the period, or inside it? */
static bool in_reach(const struct period *s, const struct moment *at, int64_t us)
{
    return moment_within(&s->first, at, us) != TRI_NO ||
           moment_within(&s->last, at, us) != TRI_NO ||
           (moment_before(&s->first, at) == TRI_YES && moment_before(at, &s->last) == TRI_YES);
}

bool finding_in_reach(const struct finding *cause, const struct finding *effect)
{
    int64_t us = cause->rule->explains_within_us;

    /* An effect of several steps may begin long before: the Tools came up, then fell silent. */
    if (!us || !cause->times.n || !effect->when.first.record)
        return true;
    for (size_t i = 0; i < cause->times.n; i++) {
        if (in_reach(&cause->times.p[i], &effect->when.first, us) ||
            in_reach(&cause->times.p[i], &effect->when.last, us))
            return true;
    }
    return false;
}

bool finding_lookup(const void *ctx, struct str path, struct arena *a, struct value *out)
{
    const struct finding *f = ctx;

    if (!binding_find(f->bindings, f->n_bindings, path, a, out))
        *out = fact_of(f->facts, f->boot, path, a, NULL);
    return true;
}

bool finding_wants_step(const struct finding *f, const struct rule_step *step, struct arena *a)
{
    struct scene scene = { .rule = f->rule,
                           .boot = f->boot,
                           .facts = f->facts,
                           .names = { .p = f->bindings, .n = f->n_bindings },
                           .a = a };
    bool wants = conditions_hold(&scene, step->when, NULL) == TRI_YES;

    pattern_scratch_free(scene.scratch);
    return wants;
}
