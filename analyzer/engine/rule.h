/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compiled rule and the ruleset that owns it: immutable after ruleset_compile(), shared by all
 * cases of a run. RULES.md is the language's manual.
 */
#pragma once

#include "analyzer/core/err.h"
#include "analyzer/core/record.h"
#include "analyzer/engine/template.h"
#include "analyzer/evidence/value.h"

enum severity {
#define SEVERITY(sym, name, meaning) SEVERITY_##sym,
#include "analyzer/engine/severity.def"
#undef SEVERITY
    SEVERITY_COUNT
};

enum confidence { CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };
enum status { STATUS_DRAFT, STATUS_TEST, STATUS_STABLE, STATUS_RETIRED };

struct str severity_name(enum severity s);
bool severity_from_name(struct str name, enum severity *s);
struct str confidence_name(enum confidence c);
struct str status_name(enum status s);

struct templates {
    VEC(struct template);
};

struct condition; /* compiled `where:` */

/* One step of a remediation. */
struct rule_step {
    struct template text;
    const struct condition *when; /* NULL: always */
};

struct rule_steps {
    VEC(struct rule_step);
};

struct matcher;   /* compiled `match:` tree; matcher.h is the engine's own */
struct setter;    /* compiled `set:` */
struct rule_test; /* one entry of `tests:` */
struct rule_more; /* what only the engine asks for */

struct rule {
    uint32_t index; /* in the ruleset */
    struct str id, title, category;
    struct str file; /* where it was read, as the user named it; "rules/x.yaml" for shipped */
    uint32_t line;
    enum severity severity;
    enum confidence confidence;
    enum status status;
    struct template title_template; /* the title, ${…} filled in for reports */
    struct template diagnosis;
    struct rule_steps remediation;
    struct strs references, tags, false_positives;
    struct strs supersedes, explains, caused_by, suppress_if; /* ids or globs, as written */
    const struct matcher *match;
    const struct condition *where;
    const struct setter *set;
    const struct rule_test *tests;
    size_t n_tests;
    int64_t explains_within_us; /* 0: whenever; else so far from it at most */
    bool case_scope;            /* scope: case */
    bool catch_all;             /* gives way to any other rule that knows the same crash report */
    const struct rule_more *more;
};

struct ruleset;

/* Errors and lints of loading, all of a run: VEC of struct err in an arena. */
struct problems {
    VEC(struct err);
    struct arena *arena;
};

/* Without rules; it owns all that is loaded into it. NULL: out of memory. */
struct ruleset *ruleset_new(void);
void ruleset_free(struct ruleset *rs);

/*
 * Reads one YAML document; `file` is its name for messages. A rule with the id of an earlier one
 * replaces it. False when anything is wrong: every problem is in `errors`; good rules of the file
 * are kept.
 */
bool ruleset_load(struct ruleset *rs, struct str file, struct str yaml, struct problems *errors);

/*
 * The same of what packed_write() made of the document, without the rules' tests. `packed` stays
 * as long as the ruleset.
 */
bool ruleset_load_packed(struct ruleset *rs, struct str file, struct str packed,
                         struct problems *errors);

/*
 * Resolves edges, checks for cycles and undefined names, builds the prefilter over all patterns and
 * `extra` literals (NULL-terminated lists of NULL-terminated lists, may be NULL). Once, after the
 * last ruleset_load().
 */
bool ruleset_compile(struct ruleset *rs, const char *const *const *extra, struct problems *errors);

/* The rules in the order of loading, valid until ruleset_free(); by id, or NULL. */
size_t ruleset_count(const struct ruleset *rs);
const struct rule *ruleset_at(const struct ruleset *rs, size_t index);
const struct rule *ruleset_find(const struct ruleset *rs, struct str id);

/*
 * Expressions that PCRE2 refuses, as the loader itself does not compile them, and those whose time
 * is exponential. For `rules check`; false when `problems` got anything.
 */
bool ruleset_check(const struct ruleset *rs, struct problems *problems);

/* What is allowed but doubtful (lints). For `rules check`; false when `problems` got anything. */
bool ruleset_lint(const struct ruleset *rs, struct problems *problems);

/* SHA-256 in hex over the normalised rules, after overrides; 64 digits. */
struct str ruleset_sha256(const struct ruleset *rs);

/* What the prefilter looks for: every literal of rules and `extra`, in order, doubles included. */
struct literal;
const struct literal *ruleset_literals(const struct ruleset *rs, size_t *n);

/* struct sieve's next_hit(): ctx is the ruleset. */
size_t ruleset_next_hit(const void *ctx, struct str block, size_t from);

/* Does `a` or `b` itself name the other one as its symptom or cause? */
bool rule_names_symptom(const struct ruleset *rs, const struct rule *a, const struct rule *b);

/* Does `a` (transitively) explain or supersede `b`? Globs and caused_by are resolved. */
bool rule_explains(const struct ruleset *rs, const struct rule *a, const struct rule *b);
bool rule_supersedes(const struct ruleset *rs, const struct rule *a, const struct rule *b);
bool rule_suppressed_by(const struct ruleset *rs, const struct rule *a, const struct rule *b);
