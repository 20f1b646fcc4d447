/* SPDX-License-Identifier: Apache-2.0 */
/* Crash reports in ranking; see rank_crash.h. */
#include "analyzer/diagnose/rank_crash.h"

uint32_t rank_crash_index(const struct crash_list *crashes, const struct crash *crash)
{
    for (size_t i = 0; crash && i < crashes->n; i++)
        if (crashes->p[i] == crash)
            return (uint32_t)i;
    return UINT32_MAX;
}

/*
 * Does the rule say what this report is? A rule fires once in a boot, however many reports it fits:
 * so its hits are asked, not its finding. What is mere information ("the kernel is tainted") stands
 * in a report and explains nothing.
 */
static bool knows(const struct case_boot *cb, const struct rule *rule, const struct crash *crash)
{
    return rule->severity > SEVERITY_INFO && rule_met_crash(rule, cb->hits, crash);
}

bool rank_gives_way(const struct case_boot *cb, const struct finding *f)
{
    if (!f->rule->catch_all || !f->crash)
        return false;
    for (size_t i = 0; i < cb->findings.n; i++) {
        const struct rule *other = cb->findings.p[i].rule;

        if (!other->catch_all && knows(cb, other, f->crash))
            return true;
    }
    return false;
}

static bool same_record(const struct record *a, const struct record *b)
{
    return a->input == b->input && a->line == b->line;
}

/* Does all that it rests on stand at the end of its report, "Kernel panic - not syncing: …"? */
static bool is_end(const struct finding *f)
{
    const struct crash *crash = f->crash;
    bool at_end;

    for (size_t i = 0; i < f->evidence.n; i++) {
        at_end = false;
        for (size_t k = 1; k < crash->evidence.n; k++)
            at_end |= same_record(f->evidence.p[i], crash->evidence.p[k]);
        if (!at_end)
            return false;
    }
    return f->evidence.n > 0;
}

/* Would `cause` as its cause close a circle? */
static bool leads_back(const struct candidate *c, size_t cause, size_t to)
{
    for (; cause != SIZE_MAX; cause = c[cause].cause)
        if (cause == to)
            return true;
    return false;
}

/* Is c[j] about the report `first`, and about more than that it ended? */
static bool tells_of(const struct candidate *c, const struct crash *first)
{
    return !c->superseded && c->finding->crash == first && !is_end(c->finding) &&
           c->finding->rule->severity > SEVERITY_INFO;
}

static size_t best_of(const struct candidate *c, size_t n, size_t i, const struct crash *first)
{
    size_t best = SIZE_MAX;

    for (size_t j = 0; j < n; j++)
        if (j != i && tells_of(&c[j], first) && !leads_back(c, j, i) &&
            (best == SIZE_MAX || rank_compare(&c[j], &c[best]) < 0))
            best = j;
    return best;
}

/* The report that a finding about `crash` is to be blamed on; NULL: none. */
static const struct crash *blamed(const struct crash_list *crashes, const struct finding *f)
{
    if (rank_crash_index(crashes, f->crash) == UINT32_MAX)
        return NULL;
    if (is_end(f))
        return f->crash;
    return f->crash->consequence_of < crashes->n ? crashes->p[f->crash->consequence_of] : NULL;
}

void rank_crash_causes(const struct crash_list *crashes, struct candidate *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct crash *first;

        if (c[i].cause != SIZE_MAX || c[i].finding->rule->severity == SEVERITY_INFO)
            continue;
        first = blamed(crashes, c[i].finding);
        if (first)
            c[i].cause = best_of(c, n, i, first);
    }
}

static void add_rule(struct analysis *a, struct crash_rank *rank, const struct rule *rule)
{
    struct str *slot;

    if (rule->catch_all)
        return;
    for (size_t i = 0; i < rank->explained_by.n; i++)
        if (str_eq(rank->explained_by.p[i], rule->id))
            return;
    slot = vec_push(&a->arena, &rank->explained_by);
    if (slot)
        *slot = rule->id;
}

/* "refcount_t: underflow", printed in front of a WARNING, says more than what it set aside. */
static bool took_over(const struct analysis *a, const struct case_boot *cb, const struct rule *rule,
                      const struct crash *crash)
{
    for (size_t i = 0; i < cb->findings.n; i++) {
        const struct rule *other = cb->findings.p[i].rule;

        if (rule_supersedes(a->rules, rule, other) && knows(cb, other, crash))
            return true;
    }
    return false;
}

/* Of a catch_all rule each finding is about one report. */
static bool is_about(const struct analysis *a, const struct case_boot *cb,
                     const struct diagnosis *d, const struct crash *crash)
{
    if (d->boot != cb->boot->index || d->superseded)
        return false;
    if (d->rule->catch_all)
        return d->finding->crash == crash;
    return knows(cb, d->rule, crash) || took_over(a, cb, d->rule, crash);
}

/* Does it say more than another finding about the same report that explains it? */
static bool is_first_about(const struct analysis *a, const struct case_boot *cb,
                           const struct diagnosis *d, const struct crash *crash)
{
    return is_about(a, cb, d, crash) && (d->explained_by == UINT32_MAX ||
                                         !is_about(a, cb, &a->diagnoses.p[d->explained_by], crash));
}

/*
 * Those that know the report itself come first, whatever explains them behind. A catch_all rule
 * explains nothing, but what explains its finding does.
 */
static void rank_crash(struct analysis *a, const struct case_boot *cb, size_t first,
                       struct crash_rank *rank, const struct crash *crash)
{
    for (size_t i = first; i < a->diagnoses.n; i++)
        if (is_first_about(a, cb, &a->diagnoses.p[i], crash))
            add_rule(a, rank, a->diagnoses.p[i].rule);
    for (size_t i = first; i < a->diagnoses.n; i++) {
        const struct diagnosis *d = &a->diagnoses.p[i];

        if (!is_first_about(a, cb, d, crash))
            continue;
        while (d->explained_by != UINT32_MAX) {
            d = &a->diagnoses.p[d->explained_by];
            add_rule(a, rank, d->rule);
        }
    }
}

void rank_crashes(struct analysis *a, struct case_boot *cb, size_t first)
{
    const struct crash_list *crashes = &cb->crashes.list;

    cb->crash_ranks = (struct crash_ranks){ 0 };
    for (size_t i = 0; i < crashes->n; i++) {
        struct crash_rank *rank = vec_push(&a->arena, &cb->crash_ranks);

        if (rank)
            rank_crash(a, cb, first, rank, crashes->p[i]);
    }
}
