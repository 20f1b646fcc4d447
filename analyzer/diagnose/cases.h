/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many results: each case as its NDJSON tells it, no more, so that a result that a worker or
 * another machine sent and one of this process are the same thing to a report. Reports of many
 * cases (JUnit, Prometheus, the HTML index, the text of a scan) and history read this; a report of
 * one case that needs no more than this reads it through cases_add_analysis(), too.
 */
#pragma once

#include "analyzer/diagnose/analysis.h"

/* A line of a log that proves something. */
struct case_line {
    struct str input; /* its name */
    uint64_t line;    /* 0: unknown */
    int64_t mono_us;  /* TIME_UNKNOWN: none */
    struct str text;
};

struct case_lines {
    VEC(struct case_line);
};

struct case_diagnosis {
    struct str rule, title, category;
    enum severity severity;
    enum confidence confidence;
    enum role role;
    uint32_t boot;  /* index, UINT32_MAX: the case */
    bool known;     /* an earlier run saw the rule on this machine */
    bool elsewhere; /* not here, but on another one */
    struct str text;
    struct strs steps, references;
    struct case_lines evidence;
};

struct case_crash {
    struct str title, kind, function, module;
    struct str exact, family; /* the signature's hashes, 16 hex digits each */
    uint32_t boot;
    bool consequence; /* of an earlier crash of the same boot */
    bool known;       /* an earlier run saw its family on this machine */
    bool elsewhere;   /* not here, but on another one */
    struct case_lines evidence;
};

struct case_input {
    struct str name;
    struct str format; /* empty: it could not be read */
    struct str error;  /* empty: all of it was read */
    uint64_t bytes, lines;
};

struct case_unexplained {
    uint64_t count;
    struct str shape;
    struct case_line evidence;
};

/* One case. */
struct case_result {
    struct str id, id_source, name; /* of the machine: DESIGN's "machine" */
    struct str kernel, distro;      /* of the boot that the answer is about; empty: unknown */
    struct str ended_by;            /* its end: a word of the schema; empty without boots */
    uint32_t n_boots;
    enum result result;
    int exit_code;
    struct case_inputs {
        VEC(struct case_input);
    } inputs;
    struct case_diagnoses {
        VEC(struct case_diagnosis); /* in rank order; superseded ones are not there */
    } diagnoses;
    struct case_crashes {
        VEC(struct case_crash); /* in order of time */
    } crashes;
    struct case_unexplained_list {
        VEC(struct case_unexplained);
    } unexplained;
    struct strs notes;
    struct strs names; /* that stand for machines in it: for redaction, analysis_names() */
    bool more_names;   /* and there are others, or nobody told */
    bool redacted;     /* tokens stand in place of private values */
};

struct cases {
    struct arena arena;      /* everything below */
    struct str tool_version; /* of the tool that made the results */
    struct str rules_sha256; /* of the rules that made them */
    uint64_t rules_count;
    struct case_results {
        VEC(struct case_result);
    } of;
    struct case_results all; /* with those left out because nothing in them is new; else empty */
    bool complete;  /* every case that was asked for is there, and all of its input was read */
    bool compared;  /* with earlier runs: `known` and `elsewhere` are set */
    uint64_t known; /* cases left out: nothing in them is new (--new-only) */
    uint64_t without_log; /* files left out: they hold no log */
    struct str list; /* names the set of cases that were asked for, 64 hex digits; may be empty */
    struct strs changed; /* inputs of shards that were not the same all the time */
    struct strs missing; /* what was asked for and is not there: "shard 3 of 64" */
};

/* NULL: out of memory. */
struct cases *cases_new(void);
void cases_free(struct cases *cases);

/*
 * Adds a result of this process as its NDJSON would tell it. Texts are copied; `a` may go. False
 * when memory did not suffice.
 */
bool cases_add_analysis(struct cases *cases, const struct analysis *a, int exit_code);

/*
 * A case is known by its machine: the id, else its name, else its first input. Empty: by nothing.
 */
struct str case_machine(const struct case_result *c);

/* What the user finds it by: its directory when its inputs lie in one, else its only input. */
struct str case_place(const struct case_result *c);

/* Why something of the case was not read: its inputs' errors, else the first note. */
struct str case_loss(const struct case_result *c);

/* The diagnosis that names the case: the first of role root, else the first; NULL: none. */
const struct case_diagnosis *case_cause(const struct case_result *c);

/* The crash that names the case: the first that is no consequence; NULL: none. */
const struct case_crash *case_first_crash(const struct case_result *c);

/* The gravest severity among roots and contributing findings; false when there is none. */
bool case_worst(const struct case_result *c, enum severity *worst);

/*
 * What a comparison with earlier runs made of the case. A failure is a root or contributing finding
 * (a rule) or a crash that is no consequence (the family of its signature: the exact one of one bug
 * may differ from night to night); new is one that no earlier run saw on this machine.
 */
enum news {
    NEWS_KNOWN,     /* no failure, or none that is new */
    NEWS_ELSEWHERE, /* new on this machine; each of them was seen on others */
    NEWS_NEW,       /* some were seen nowhere */
    NEWS_COUNT
};
enum news case_news(const struct case_result *c);

/* "known", "elsewhere", "new": the words of reports for programs. */
struct str news_name(enum news news);

/* What a crash is recognised by over nights. */
struct str crash_family(const struct case_crash *crash);
