/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The result model, and the one place where all steps stand together. Reports read this and nothing
 * else.
 */
#pragma once

#include "analyzer/core/str_set.h"
#include "analyzer/diagnose/context.h"
#include "analyzer/diagnose/unexplained.h"
#include "analyzer/engine/match.h"
#include "analyzer/evidence/crash.h"
#include "analyzer/evidence/machine.h"
#include "parsers/reader.h"

enum role { ROLE_ROOT, ROLE_SYMPTOM, ROLE_CONTRIBUTING, ROLE_NOTE };
struct str role_name(enum role role);

struct input_result {
    uint32_t index;
    struct str name;
    struct str given;   /* what the call named: the file, its directory or its archive */
    const char *format; /* parser's name; NULL when it could not be read */
    uint64_t bytes, lines, understood;
    bool estimated;
    struct boot_indices {
        VEC(uint32_t);
    } boots;
    struct err err; /* FAIL_NONE when all of it was read */
    bool decompressed;
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
    const struct finding *finding; /* captures and set names: its bindings */
    struct explained {
        VEC(uint32_t); /* indices into diagnoses of what it explains */
    } explains;
    uint32_t explained_by; /* index, or UINT32_MAX */
    bool superseded;       /* shown with --all only */
    uint32_t crash; /* index among its boot's crashes of the first it tells of, or UINT32_MAX */
};

struct unexplained {
    uint64_t count;
    struct str shape;              /* the text with what differs generalised */
    const struct record *evidence; /* its first record */
    uint32_t boot;
};

/* How a case's identity was found: DESIGN.md "machine". */
struct identity {
    struct str id, source, name; /* source: vmx-uuid, machine-id, vmx-path, directory, input */
};

/* What was seen on the way that may name the machine. */
struct identity_clues {
    struct str machine_id, host, vmx_path, directory, input;
};

/* What ranking says of one crash of a boot. */
struct crash_rank {
    struct strs explained_by; /* ids of rules: those that know the report, then their causes */
};

struct crash_ranks {
    VEC(struct crash_rank); /* as many as there are crashes, once the boot was ranked */
};

/* What the observers kept of one boot. */
struct case_boot {
    struct boot *boot;
    struct facts *facts;
    struct hits *hits;
    struct crashes crashes;
    struct crash_ranks crash_ranks;
    struct unexplained_shapes unexplained;
    struct context_lines context; /* with analysis_options.context */
    struct findings findings;
};

/* Will the machine boot next time? Reports of preflight say it first. */
enum verdict {
    VERDICT_NONE,        /* nobody asked */
    VERDICT_BOOTS,       /* everything that was checked is in order */
    VERDICT_FAILS,       /* something that the boot needs is missing: it will not start */
    VERDICT_CRIPPLED,    /* it starts, but stops before it is up, or comes up without parts */
    VERDICT_CANNOT_TELL, /* something could not be checked */
};
struct str verdict_name(enum verdict v);

enum result { RESULT_DIAGNOSED, RESULT_NOTHING_KNOWN, RESULT_CANNOT_TELL, RESULT_NOTHING_READ };
struct str result_name(enum result r);

struct analysis {
    struct arena arena; /* everything below */
    const struct ruleset *rules;
    struct identity identity;
    struct identity_clues clues;
    struct str_set hosts; /* every name by which the log calls a host, up to LIMIT_HOSTS */
    bool more_hosts;      /* and there were more */
    struct input_results {
        VEC(struct input_result);
    } inputs;
    struct boots *boots;
    struct case_boots {
        VEC(struct case_boot); /* what was kept of each boot, same index as in boots */
    } of_boot;
    const struct machine *machine; /* that was looked at, or NULL */
    uint32_t machine_input;        /* the first of its files among the inputs */
    enum verdict verdict;          /* of preflight */
    struct facts case_facts;       /* of the VM: its configuration; of the machine */
    struct findings case_findings; /* of rules of scope case */
    struct matching *matching;
    struct str running;           /* as the options say */
    bool keeps_context;           /* as the options say */
    struct context_window window; /* what may become context */
    const struct rule_test *test; /* sets facts by hand; NULL but in tests of rules */
    uint32_t focus;               /* the boot that the answer is about; UINT32_MAX without boots */
    uint32_t n_alike;             /* other boots that ended like it, by the same root cause */
    struct diagnoses {
        VEC(struct diagnosis); /* in rank order: of the focus boot first */
    } diagnoses;
    struct unexplained_list {
        VEC(struct unexplained);
    } unexplained;
    uint64_t unexplained_records;
    struct notes notes;
    bool no_crashes; /* reports are not looked for */
    enum result result;
    bool open; /* more records come: boots stay in the order in which they began */
};

enum boot_choice { BOOT_BAD, BOOT_OFFSET, BOOT_ALL, BOOT_ID };

struct analysis_options {
    const struct parser *format; /* NULL: detect */
    bool no_prefilter;
    bool no_crashes;               /* to measure what reading crash reports costs */
    bool context;                  /* keep the records around those that rules match */
    struct selection select;       /* which records, */
    bool selects;                  /* when this is set */
    struct str running;            /* this machine's boot id: the log is read while it runs */
    unsigned log_ways;             /* enum log_way, for memory images; 0: all */
    enum boot_choice choice;       /* BOOT_BAD: the last one that ended badly, else the last */
    int64_t boot_offset;           /* BOOT_OFFSET: journalctl's: 0 last, -1 before, 1 first */
    struct str boot_id;            /* BOOT_ID */
    struct symbols *symbols;       /* for source lines of crashes, or NULL */
    bool live, wire;               /* of reader_options */
    const struct machine *machine; /* what was seen of the machine itself, or NULL */
    bool preflight;                /* the question is whether it will boot next time */
    struct str watch; /* the rule of which near misses are remembered, for finding_explain() */
    /* Measures what rules cost; NULL: nobody asks. */
    uint64_t (*clock_ns)(void);
};

/* An empty case whose arena and notes inputs_new() may use already. NULL: out of memory. */
struct analysis *analysis_new(const struct ruleset *rules);
void analysis_free(struct analysis *a);

/* The two halves of analysis_run() that tests of rules need: one input; from hits to findings. */
void analysis_add(struct analysis *a, struct input *in, const struct analysis_options *options);
void analysis_correlate(struct analysis *a);

/* From what was kept to the answer. */
void analysis_conclude(struct analysis *a, const struct analysis_options *options);

/*
 * analysis_add() in steps, for input that goes on. Begin: NULL when it cannot be read, which is in
 * its result. Step: the next record, looked at; STEP_WAIT when there is none yet. The reader is the
 * caller's, who closes it with reader_close().
 */
struct reader *analysis_begin(struct analysis *a, struct input *in,
                              const struct analysis_options *options);

struct analysis_event {
    const struct boot *boot; /* of the record; NULL: it belongs to none */
    bool started;            /* and is its first */
    bool matched;            /* a pattern hit it, or a crash report goes on */
};
enum step analysis_step(struct analysis *a, struct reader *reader, struct analysis_event *event,
                        struct err *err);

/*
 * The names that stand for machines in what was read: the VM's, its directory's, those of all hosts
 * and networks, and of the hosts and users that a diagnosis tells of.
 * They stay the analysis's. False: there are more than were kept, or out of memory.
 */
bool analysis_names(const struct analysis *a, struct arena *arena, struct strs *names);

/* Is it of the boot that the answer is about, or of the case as a whole? */
bool analysis_in_focus(const struct analysis *a, const struct diagnosis *d);

/*
 * The result as it stands now, of a case that goes on, about boot `focus`: a case of its own that
 * shares the boots with `a` and ends before the next step of `a`. `silent`: crash reports that
 * could still go on are whole. NULL: out of memory. Free with analysis_look_free().
 */
struct analysis *analysis_look(struct analysis *a, const struct reader *reader, size_t focus,
                               bool silent, const struct analysis_options *options);
void analysis_look_free(struct analysis *look);

/* Reads every input and diagnoses. Failures of single inputs are in the result. */
void analysis_run(struct analysis *a, struct inputs *inputs,
                  const struct analysis_options *options);
