/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the loader share: from nodes to struct rule. */
#pragma once

#include "analyzer/engine/keys.h"
#include "analyzer/engine/ruleset.h"

struct loader {
    struct ruleset *rs;
    struct arena *a; /* the ruleset's */
    const char *file;
    struct problems *problems;
    const struct node *lists;     /* `lists:` of the file, or NULL */
    const unsigned char *digests; /* of the file's rules, if they are known; else NULL */
    size_t faults;                /* of the rule at hand; a rule with any is left out */
};

/* A problem at a node; counts it; always false. */
bool load_fault(struct loader *l, const struct node *at, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* keys_check() that counts. */
bool load_keys(struct loader *l, const struct node *map, enum key_scope scope);

/* A text, a list of texts or {list: NAME}; NULL gives the empty list. */
bool load_texts(struct loader *l, const struct node *n, struct strs *out);

/* One text as a template whose faults point into the file. */
bool load_template(struct loader *l, const struct node *n, struct template *out);

/* A map of texts or lists of texts (default:, expect:, facts:). */
bool load_named(struct loader *l, const struct node *n, struct rule_named **out, size_t *n_out);

bool load_applies(struct loader *l, const struct node *n, const struct applies **out);

/*
 * The bit of an origin and, except for the host, that of unknown: text that no format explains may
 * be the guest's, never the host's.
 */
unsigned load_origin_bits(enum origin o);

/* The filter keys of a matcher over what *f already says. */
bool load_filter(struct loader *l, const struct node *n, struct filter *f);

/* A text matcher's own wording. */
bool load_wording(struct loader *l, const struct node *n, const struct filter *inherited,
                  struct wording *w);

/* Its literal or regex, each of which may be NULL, not both given. */
bool load_wording_text(struct loader *l, const struct node *literal, const struct node *regex,
                       struct wording *w);

/* Faults when one of the keys is there: "'key' why". */
bool load_refuse(struct loader *l, const struct node *n, const enum key *keys, size_t count,
                 const char *why);

/* A matcher with block: crash; and for all others: none of the keys that go with it. */
bool load_crash(struct loader *l, const struct node *n, const struct node *alt,
                const struct filter *inherited, struct matcher *m);
bool load_crash_none(struct loader *l, const struct node *n);

/* The rule's matcher; `alt` may be NULL. NULL: faults were counted. */
struct matcher *load_matcher(struct loader *l, const struct node *match, const struct node *alt);

/* Conditions of where: (KEYS_CONDITION) or of a choice (KEYS_FIELD). */
bool load_conditions(struct loader *l, const struct node *list, enum key_scope scope,
                     const struct condition **out);
bool load_setters(struct loader *l, const struct node *map, const struct setter **out);
bool load_tests(struct loader *l, const struct node *list, struct rule *rule);

/* Faults when names that texts, conditions and setters use are bound nowhere. */
bool load_check_names(struct loader *l, const struct rule *rule, const struct node *node);

/* May a later record of the boot make a finding of the rule untrue? */
bool load_can_be_undone(const struct rule *rule);
