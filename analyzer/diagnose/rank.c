/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranking is a matter of the rules' graph, not of scores: a finding that another one supersedes is
 * set aside, a finding that another one explains is its symptom, and what remains is a root. A
 * cause is as grave as the gravest thing that it led to: a warning that ended in a panic is fatal.
 * What happens for a moment (a pause, a slow disk) explains only what is near to it in time.
 * Roots are ordered by severity, confidence and time of their first evidence.
 */
#include "analyzer/diagnose/rank.h"

#include "analyzer/diagnose/rank_crash.h"

#include <stdlib.h>

static bool is_suppressed(const struct ruleset *rs, const struct findings *all,
                          const struct finding *f)
{
    for (size_t i = 0; i < all->n; i++)
        if (&all->p[i] != f && rule_suppressed_by(rs, f->rule, all->p[i].rule))
            return true;
    return false;
}

/* Text of unknown origin may have been written by anybody: what rests on it alone is less sure. */
static enum confidence confidence_of(const struct finding *f)
{
    enum confidence confidence = f->rule->confidence;
    bool unknown = f->evidence.n > 0;

    for (size_t i = 0; i < f->evidence.n; i++)
        unknown &= f->evidence.p[i]->origin == ORIGIN_UNKNOWN;
    if (f->rule->status <= STATUS_TEST)
        return CONFIDENCE_LOW;
    return unknown && confidence > CONFIDENCE_LOW ? confidence - 1 : confidence;
}

static int64_t time_of(const struct finding *f)
{
    return f->evidence.n ? (int64_t)f->evidence.p[0]->line : INT64_MAX;
}

int rank_compare(const struct candidate *a, const struct candidate *b)
{
    const struct rule *ra = a->finding->rule, *rb = b->finding->rule;
    int64_t ta = time_of(a->finding), tb = time_of(b->finding);

    if (a->role != b->role)
        return a->role < b->role ? -1 : 1;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->confidence != b->confidence)
        return a->confidence > b->confidence ? -1 : 1;
    if (ta != tb)
        return ta < tb ? -1 : 1;
    return str_cmp(ra->id, rb->id);
}

/*
 * led[i * n + j]: c[i] led to c[j]. Edges are transitive, but not those of a rule that explains
 * only what is near: there a path goes over findings of this boot. A full disk may damage a file
 * system and that may end in an oops; where nothing was damaged the oops has another cause.
 */
static bool *find_paths(struct arena *a, const struct ruleset *rs, const struct candidate *c,
                        size_t n)
{
    size_t cells = n * n;
    bool *led = arena_new(a, bool, cells + 1);

    for (size_t at = 0; led && at < cells; at++) {
        const struct finding *x = c[at / n].finding, *y = c[at % n].finding;

        led[at] = x != y &&
                  (x->rule->explains_within_us ? rule_names_symptom(rs, x->rule, y->rule)
                                               : rule_explains(rs, x->rule, y->rule)) &&
                  finding_in_reach(x, y);
    }
    for (size_t k = 0; led && k < n; k++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; led[i * n + k] && j < n; j++)
                led[i * n + j] |= led[k * n + j];
    return led;
}

/* The strongest finding that explains c[i]; SIZE_MAX when none does. */
static size_t find_cause(const bool *led, const struct candidate *c, size_t n, size_t i)
{
    size_t best = SIZE_MAX;

    for (size_t j = 0; j < n; j++) {
        if (j == i || c[j].superseded || !led || !led[j * n + i])
            continue;
        if (best == SIZE_MAX || rank_compare(&c[j], &c[best]) < 0)
            best = j;
    }
    return best;
}

/* Mild findings beside a grave one contribute at most; information is a note. */
static enum role root_role(const struct candidate *c, enum severity worst)
{
    if (c->severity == SEVERITY_INFO)
        return ROLE_NOTE;
    return c->severity <= SEVERITY_WARNING && worst >= SEVERITY_ERROR ? ROLE_CONTRIBUTING
                                                                      : ROLE_ROOT;
}

/* Causes form no circles: ruleset_compile() refuses them. */
static void raise_causes(struct candidate *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t at = c[i].cause; at != SIZE_MAX && !c[i].superseded; at = c[at].cause)
            if (c[at].severity < c[i].finding->rule->severity)
                c[at].severity = c[i].finding->rule->severity;
    }
}

static void assign_roles(const struct ruleset *rs, const struct crash_list *crashes,
                         struct candidate *c, size_t n)
{
    struct arena scratch = { 0 };
    const bool *led = find_paths(&scratch, rs, c, n);
    enum severity worst = SEVERITY_INFO;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            c[i].superseded |=
                    i != j && rule_supersedes(rs, c[j].finding->rule, c[i].finding->rule);
    for (size_t i = 0; i < n; i++)
        c[i].cause = find_cause(led, c, n, i);
    arena_done(&scratch);
    rank_crash_causes(crashes, c, n);
    raise_causes(c, n);
    for (size_t i = 0; i < n; i++)
        if (c[i].cause == SIZE_MAX && !c[i].superseded && c[i].severity > worst)
            worst = c[i].severity;
    for (size_t i = 0; i < n; i++)
        c[i].role = c[i].cause != SIZE_MAX ? ROLE_SYMPTOM : root_role(&c[i], worst);
}

static void sort_candidates(struct candidate **order, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct candidate *c = order[i];
        size_t at = i;

        while (at > 0 && rank_compare(c, order[at - 1]) < 0) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = c;
    }
}

static void add_diagnosis(struct analysis *a, const struct crash_list *crashes, struct candidate *c)
{
    struct diagnosis *d = vec_push(&a->arena, &a->diagnoses);
    const struct finding *f = c->finding;

    if (!d)
        return;
    c->place = (uint32_t)a->diagnoses.n - 1;
    *d = (struct diagnosis){
        .rule = f->rule,
        .role = c->role,
        .severity = c->severity,
        .confidence = c->confidence,
        .boot = f->boot ? f->boot->index : UINT32_MAX,
        .evidence = f->evidence,
        .finding = f,
        .explained_by = UINT32_MAX,
        .superseded = c->superseded,
        .crash = rank_crash_index(crashes, f->crash),
    };
}

static void link_explained(struct analysis *a, struct candidate *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct diagnosis *cause;
        uint32_t *slot;

        if (c[i].cause == SIZE_MAX || c[i].place == UINT32_MAX)
            continue;
        a->diagnoses.p[c[i].place].explained_by = c[c[i].cause].place;
        cause = &a->diagnoses.p[c[c[i].cause].place];
        slot = c[i].superseded ? NULL : vec_push(&a->arena, &cause->explains);
        if (slot)
            *slot = c[i].place;
    }
}

void rank_findings(struct analysis *a, struct case_boot *cb)
{
    const struct findings *findings = &cb->findings;
    const struct crash_list *crashes = &cb->crashes.list;

    struct candidate *c = arena_new(&a->arena, struct candidate, findings->n);
    struct candidate **order = arena_new(&a->arena, struct candidate *, findings->n);
    size_t n = 0, first = a->diagnoses.n;

    if (!c || !order)
        return;
    for (size_t i = 0; i < findings->n; i++) {
        if (is_suppressed(a->rules, findings, &findings->p[i]) ||
            rank_gives_way(cb, &findings->p[i]))
            continue;
        c[n] = (struct candidate){ .finding = &findings->p[i],
                                   .severity = findings->p[i].rule->severity,
                                   .confidence = confidence_of(&findings->p[i]),
                                   .place = UINT32_MAX };
        order[n] = &c[n];
        n++;
    }
    assign_roles(a->rules, crashes, c, n);
    sort_candidates(order, n);
    for (size_t i = 0; i < n; i++)
        add_diagnosis(a, crashes, order[i]);
    link_explained(a, c, n);
    rank_crashes(a, cb, first);
}
