/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What rules become when they are loaded: matchers, wordings, conditions, setters, tests. The
 * engine's own; only the runner of rule tests looks in from outside. Immutable after
 * ruleset_compile(), everything lives in the ruleset's arena.
 */
#pragma once

#include "analyzer/engine/crash_filter.h"
#include "analyzer/engine/rule.h"
#include "analyzer/engine/yaml.h"

struct versions { /* alternatives of applies_to: kernel, each a conjunction of comparisons */
    VEC(struct version_range);
};

enum version_op { VERSION_LT, VERSION_LE, VERSION_EQ, VERSION_GE, VERSION_GT };

struct version_test {
    enum version_op op;
    struct str version;
};

struct version_range {
    VEC(struct version_test);
};

struct applies {
    struct versions kernel;
    struct strs flavour, distro, arch;
};

/* Which records a wording looks at; inner matchers inherit what they do not say themselves. */
struct filter {
    unsigned origins;                   /* bits by enum origin */
    enum level level_min, level_max;    /* syslog numbers, both included */
    struct strs formats, idents, units; /* empty: whatever */
    struct strs drivers;
    unsigned phases; /* bits by enum phase; 0: whatever */
    bool nocase;
    const struct applies *applies; /* NULL: all */
};

enum phase { PHASE_KERNEL, PHASE_INITRD, PHASE_SYSTEM, PHASE_COUNT };

enum wording_kind {
    WORDING_LITERAL,
    WORDING_REGEX,
    WORDING_ANYTHING, /* message_id or block alone: whatever the text says */
};

/* One way in which a message is worded: what the prefilter and PCRE2 work with. */
struct wording {
    enum wording_kind kind;
    uint32_t index; /* in the ruleset: the "pattern" of hits */
    struct str text;
    struct str message_id;
    struct str rule_id; /* whose it is, for messages */
    struct filter filter;
    const struct crash_filter
            *crash;          /* block: crash, the text is a report's title; NULL: records */
    const struct str *names; /* of its captures, by number; "device" or a crash's own names last */
    size_t n_names;
    enum node_style style; /* as the text stands in the file */
    uint32_t line, col;
};

enum matcher_kind {
    MATCHER_TEXT,
    MATCHER_ANY,
    MATCHER_ALL,
    MATCHER_SEQUENCE,
    MATCHER_NOT,
    MATCHER_COUNT,
};

struct matcher {
    enum matcher_kind kind;
    struct str id;                /* name of the step, or empty */
    const struct matcher *parent; /* NULL for the rule's own */
    uint32_t line, col;
    int64_t within_us; /* 0: whenever */
    bool first_only, last_only;
    struct wording *wordings; /* MATCHER_TEXT; of crash reports, too */
    size_t n_wordings;
    struct matcher *of; /* the others: inner matchers */
    size_t n_of;
    uint64_t min; /* MATCHER_COUNT */
    struct str by;
};

enum condition_op {
    OP_IS,
    OP_IS_NOT,
    OP_HAS,
    OP_LACKS,
    OP_LT,
    OP_GT,
    OP_EMPTY,
    OP_KNOWN,
    OP_ANY, /* one of `of` holds */
};

/* One condition; a rule's `where:` is a list of them that ends with NULL in `next`. */
struct condition {
    enum condition_op op;
    struct str path; /* of a fact; of a name when is_name; of a field in a setter */
    bool is_name;
    bool flag;  /* OP_EMPTY, OP_KNOWN */
    bool regex; /* the values are expressions */
    struct templates values;
    struct patterns { /* compiled `values`, when regex and without ${…} */
        VEC(struct pattern *);
    } patterns;
    const struct condition *of, *next;
    uint32_t line, col;
};

struct setfunc;

/* An argument of a setter: a name or fact path, or a constant. */
struct argument {
    struct str path;
    struct value constant; /* when path is empty */
};

/* One name of `set:`; they are evaluated in their order. */
struct setter {
    struct str name;
    const struct setfunc *func;
    struct argument *args;
    size_t n_args;
    const struct condition *where; /* of a choice: filters the first argument's items */
    struct str take;               /* of a choice: a field of the items */
    const struct setter *next;
    uint32_t line, col;
};

struct rule_named {
    struct str name;
    struct value value;
    uint32_t line, col;
};

struct rule_test {
    struct str text;
    struct str input; /* a file's path as written, or empty */
    bool fires;
    struct rule_named *expect, *facts;
    size_t n_expect, n_facts;
    struct str why;
    uint32_t line;
};

/* What else the loader knows of a rule: struct rule's `more`. */
struct rule_more {
    struct matcher *match;
    struct strs requires;
    struct strs needs_config, text_from;
    const struct applies *applies;
    struct rule_named *defaults;
    size_t n_defaults;
    const struct condition *unless;
    struct str per;
    struct str pack;
    bool absence;             /* something that a later record could undo */
    unsigned char digest[32]; /* SHA-256 of its normal form */
};

/* All names that a matcher binds whenever it holds ("root", "open.root"); in `a`. */
bool matcher_names(struct arena *a, const struct matcher *m, struct strs *out);

/* Is `name` bound by some branch, at least? */
bool matcher_may_bind(const struct matcher *m, struct str name);

bool strs_have(const struct strs *list, struct str s);

/* '*' stands for any bytes, '?' for one. */
bool glob_match(struct str glob, struct str s);
