/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of the rule language as a table, and the strict check of a mapping against it.
 */
#pragma once

#include "analyzer/engine/rule.h"
#include "analyzer/engine/yaml.h"

/* Which mapping a key belongs to. */
enum key_scope {
    KEYS_FILE,
    KEYS_RULE,
    KEYS_MATCHER,
    KEYS_COUNT,     /* count: */
    KEYS_CONDITION, /* an item of a rule's where: */
    KEYS_FIELD,     /* an item of a setter's where: */
    KEYS_APPLIES,   /* applies_to: */
    KEYS_SETTER,    /* set: as a mapping */
    KEYS_STEP,      /* an item of remediation: with a condition */
    KEYS_LIST,      /* {list: NAME} in the place of a value */
    KEYS_TEST,      /* an item of tests: */
    KEYS_SCOPES
};

enum key_type {
    TYPE_TEXT,     /* a text */
    TYPE_TEXTS,    /* a text or a list of texts */
    TYPE_FLAG,     /* true or false, nothing else */
    TYPE_NUMBER,   /* a whole number */
    TYPE_DURATION, /* 500ms, 30s, 5min, 2h, 1d */
    TYPE_MAP,
    TYPE_LIST,
    TYPE_STEPS, /* a text, or a list of texts and mappings */
    TYPE_VALUE, /* a text, a list of texts, or {list: NAME} */
    TYPE_COUNT
};

enum key {
#define KEY(scope, sym, name, type, doc) KEY_##scope##_##sym,
#include "analyzer/engine/keys.def"
#undef KEY
    KEY_COUNT
};

struct key_info {
    struct str name;
    enum key_scope scope;
    enum key_type type;
    const char *doc;
};

/* KEY_COUNT rows. */
extern const struct key_info key_infos[];

/*
 * True when `map` is a mapping that holds only keys of the scope, each with a value of its type.
 * Otherwise every fault is a problem, with the nearest name for a key that does not exist.
 */
bool keys_check(const struct node *map, enum key_scope scope, const char *file,
                struct problems *problems);

/* The value of a key in a mapping that passed keys_check(); NULL when it is not there. */
const struct node *key_find(const struct node *map, enum key key);

/* Values of nodes that passed; NULL and what does not fit give empty, false, 0. */
struct str node_text(const struct node *n);
bool node_flag(const struct node *n);
bool duration_parse(struct str s, int64_t *us);

/* The candidate that is nearest to what somebody wrote, if any is near enough. */
struct suggestion {
    struct str wanted, best;
    size_t distance;
};
void suggest(struct suggestion *s, struct str candidate);

/* " (did you mean 'regex'?)" or "" */
const char *suggestion_text(const struct suggestion *s, char *out, size_t size);

/* Adds an error; beyond LIMIT_PROBLEMS they are left out. Always false. */
bool problem_add(struct problems *problems, const char *file, uint32_t line, uint32_t col,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));
