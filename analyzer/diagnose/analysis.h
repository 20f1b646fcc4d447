/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The result model, and the one place where all steps stand together. Reports read this and nothing
 * else.
 */
#pragma once

#include "analyzer/engine/match.h"
#include "parsers/reader.h"

enum role { ROLE_ROOT, ROLE_SYMPTOM, ROLE_CONTRIBUTING, ROLE_NOTE };
struct str role_name(enum role role);

struct input_result {
    struct str name;
    const char *format; /* parser's name; NULL when it could not be read */
    uint64_t bytes, lines, understood;
    bool estimated;
    struct boot_indices {
        VEC(uint32_t);
    } boots;
    struct err err; /* FAIL_NONE when all of it was read */
};

struct diagnosis {
    const struct rule *rule;
    enum role role;
    enum severity severity;
    enum confidence confidence;
    uint32_t boot; /* index into boots; UINT32_MAX: the case */
    struct text title, text;
    struct remediation_steps {
        VEC(struct text);
    } remediation;
    struct evidence evidence;
    const struct binding *bindings; /* captures and set names */
    size_t n_bindings;
    struct explained {
        VEC(uint32_t); /* indices into diagnoses of what it explains */
    } explains;
    uint32_t explained_by; /* index, or UINT32_MAX */
    bool superseded;       /* shown with --all only */
};

struct unexplained {
    uint64_t count;
    enum level level;
    struct str shape;             /* the text with numbers, addresses and names generalised */
    const struct record *evidence; /* its first record */
    uint32_t boot;
};

/* How a case's identity was found: DESIGN.md "machine". */
struct identity {
    struct str id, source, name; /* source: vmx-uuid, machine-id, vmx-path, directory, input */
};

enum result { RESULT_DIAGNOSED, RESULT_NOTHING_KNOWN, RESULT_CANNOT_TELL, RESULT_NOTHING_READ };
struct str result_name(enum result r);

struct analysis {
    struct arena arena; /* everything below */
    const struct ruleset *rules;
    struct identity identity;
    struct input_results {
        VEC(struct input_result);
    } inputs;
    struct boots *boots;
    struct facts **facts; /* of each boot, same index */
    struct hits **hits;   /* of each boot, same index */
    struct facts case_facts;
    struct arena case_facts_arena;
    uint32_t focus; /* the boot that the answer is about; UINT32_MAX without boots */
    struct diagnoses {
        VEC(struct diagnosis); /* in rank order: of the focus boot first */
    } diagnoses;
    struct unexplained_list {
        VEC(struct unexplained);
    } unexplained;
    uint64_t unexplained_records;
    struct notes notes;
    enum result result;
};

enum boot_choice { BOOT_BAD, BOOT_OFFSET, BOOT_ALL, BOOT_ID };

struct analysis_options {
    const struct ruleset *rules;
    const struct parser *format;  /* NULL: detect */
    bool no_prefilter;
    enum boot_choice choice;      /* BOOT_BAD: the last one that ended badly, else the last */
    int64_t boot_offset;          /* BOOT_OFFSET: journalctl's: 0 last, -1 before, 1 first */
    struct str boot_id;           /* BOOT_ID */
};

/*
 * Reads every input, diagnoses, and returns the result (NULL: out of memory). Failures of single
 * inputs are in the result. `after_open` is called once when all inputs are open, before the first
 * byte is analysed (the sandbox); may be NULL.
 */
struct analysis *analysis_run(struct inputs *inputs, const struct analysis_options *options);
void analysis_free(struct analysis *a);
