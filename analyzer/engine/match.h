/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matching records against patterns (hits), and turning a boot's hits and facts into findings.
 */
#pragma once

#include "analyzer/engine/moment.h"
#include "analyzer/engine/rule.h"
#include "analyzer/evidence/boot.h"
#include "analyzer/evidence/crash.h"
#include "analyzer/evidence/fact.h"

/* Per run of analysis: PCRE2 match data and counts of what limits cut. */
struct matching;

/* NULL: out of memory. `rs` must outlive it. */
struct matching *matching_new(const struct ruleset *rs);
void matching_free(struct matching *m);

/* Notes on patterns that gave up. */
void matching_notes(const struct matching *m, struct notes *notes);

/* What the texts of one wording cost: how often they were looked at, and for how long. */
struct wording_cost {
    uint64_t candidates; /* records that hold its literal, or all when it has none */
    uint64_t runs;       /* of these, texts that were searched: origin, level and the rest agree */
    uint64_t matches;
    uint64_t gave_up; /* at a limit of PCRE2 */
    uint64_t ns;
};

/* From now on matching is measured by this clock. False: out of memory. */
bool matching_measure(struct matching *m, uint64_t (*clock_ns)(void));

/* By index of wording; NULL when it was not measured. */
const struct wording_cost *matching_costs(const struct matching *m);

/*
 * From now on what nearly matches this rule is remembered, for finding_explain(). False: out of
 * memory. matching_near() is NULL when nobody asked.
 */
struct near;
bool matching_watch(struct matching *m, struct str rule_id);
const struct near *matching_near(const struct matching *m);

/* The hits of one boot, in its arena. */
struct hits;
struct hits *hits_new(const struct ruleset *rs, struct arena *boot_arena);

/*
 * Tries the patterns whose literal stands in the record (all that have none). Returns the number
 * of hits; when it is not 0 *kept is the record as it was kept in the boot's arena. In a flood its
 * memory is used again once LIMIT_HITS_PER_PATTERN later hits have come: who wants it for longer
 * keeps a copy. `format` is the parser's name, for `format:`.
 */
size_t match_record(struct matching *m, struct hits *hits, const struct record *r,
                    struct str format, const struct record **kept);

/* The record that match_record() kept last is a part of this crash report. */
void hits_belong(struct hits *hits, const struct crash *crash);

/*
 * Tries the wordings of block: crash on every report, in place of what an earlier call found. What
 * is bound points into the crashes; the rest lives in `a`. Before correlate().
 */
void match_crashes(struct matching *m, struct hits *hits, const struct crashes *crashes,
                   struct arena *a);

/* Did the rule hit this crash report, as a whole or some record of it? */
bool rule_met_crash(const struct rule *rule, const struct hits *hits, const struct crash *crash);

struct binding {
    struct str name; /* "root", "open.root", "disk_guess" */
    struct value value;
};

struct evidence {
    VEC(const struct record *);
};

/* From its first record to its last. */
struct period {
    struct moment first, last;
};

struct periods {
    VEC(struct period);
};

struct finding {
    const struct rule *rule;
    struct boot *boot;        /* NULL: scope case */
    struct evidence evidence; /* in order of time, without doubles */
    struct binding *bindings;
    size_t n_bindings;
    const struct facts *facts; /* what its templates may look up */
    struct period when;        /* of the finding; no record in it when it stands on facts alone */
    struct periods times;      /* each time that the rule held; only with explains_within */
    const struct crash *crash; /* the first report among its evidence; NULL without, or no boot */
    bool certain;              /* no later record can undo it */
};

struct findings {
    VEC(struct finding);
};

/*
 * A pure function of what the boot kept: evaluates every rule over hits and facts. May be called
 * on an open boot; findings live in `a`.
 */
void correlate(const struct ruleset *rs, struct boot *boot, const struct hits *hits,
               const struct facts *facts, struct arena *a, struct findings *out);

/* One boot of a case, in order of time. */
struct case_part {
    const struct boot *boot;
    const struct hits *hits;
};

/* The same for rules of `scope: case`, over the hits of all boots; findings have no boot. */
void correlate_case(const struct ruleset *rs, const struct case_part *boots, size_t n,
                    const struct facts *facts, struct arena *a, struct findings *out);

/*
 * May `cause` have led to `effect`, by its rule's explains_within? No only where the clocks say
 * that it never held so near to it.
 */
bool finding_in_reach(const struct finding *cause, const struct finding *effect);

/* For template_fill(): ctx is the finding. */
bool finding_lookup(const void *ctx, struct str path, struct arena *a, struct value *out);

/* Is the step of the finding's rule to be shown? A step without a condition always is. */
bool finding_wants_step(const struct finding *f, const struct rule_step *step, struct arena *a);

/*
 * "Why did my rule not fire": writes, line by line into `a`, which condition of `rule` held on
 * which record and which did not.
 */
struct explain_scope {
    struct boot *boot; /* NULL: the whole case, for a rule of scope case */
    const struct case_part *parts;
    size_t n_parts; /* 1 of a boot */
    const struct facts *facts;
    const struct matching *matching; /* or NULL */
};
struct strs finding_explain(const struct ruleset *rs, const struct rule *rule,
                            const struct explain_scope *scope, struct arena *a);
