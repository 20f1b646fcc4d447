/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the commands share: the parsed command line, the rules, where output goes, and the steps
 * that every run takes in the same order: rules, output, inputs, sandbox, analysis.
 */
#pragma once

#include "analyzer/cli/args.h"
#include "analyzer/cli/live.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/rules_path.h"
#include "analyzer/diagnose/analysis.h"
#include "analyzer/fleet/history_writer.h"

/* The contract with scripts; higher ones outrank lower ones but for EXIT_FINDING. */
enum exit_code {
    EXIT_FINE = 0,    /* complete, with findings or without */
    EXIT_FINDING = 1, /* complete, and a finding at or above --fail-on */
    EXIT_NOTHING = 2, /* nothing was analysed: usage, configuration, rules, no readable input */
    EXIT_PART = 3,    /* input bytes were never analysed, or output was not fully written */
};

struct cli {
    struct args args;
    struct arena arena; /* of the process */
    struct problems problems;
    struct rule_files rule_files;
    struct ruleset *rules;
    struct symbols *symbols; /* of --vmlinux, opened and not yet looked into; NULL: none */
    struct output output;
    struct outputs {
        VEC(struct output);
    } files;                   /* of --json FILE and its like, in their order */
    struct redactor *redactor; /* of --redact, or NULL */
    struct output redact_map;  /* of --redact-map; without `out` when there is none */
    int64_t run_time_us;       /* of --run-time; 0: none */
    int64_t started_us;        /* on the monotonic clock, with --run-time now; else 0 */
    enum severity junit_fail_on;
    const char *user_dir;     /* $XDG_CONFIG_HOME or $HOME/.config in `arena`; NULL */
    const char *machine_hint; /* the kernel's log is read: what would give more; NULL */
    bool no_color;            /* $NO_COLOR is set and not empty, or $TERM is dumb */
    const char *fail_on;      /* LASTWORDS_FAIL_ON, or NULL */
    const char *state_dir;    /* $STATE_DIRECTORY, or below $XDG_STATE_HOME; NULL */
    struct live live;         /* guests that run */
    struct arena machine;     /* what was seen of the machine itself */

    struct history_writer *history; /* of --history, or NULL */
};

/* Each prints what is wrong and returns false; the run then ends with EXIT_NOTHING. */
bool cli_load_rules(struct cli *c);
bool cli_open_output(struct cli *c); /* --output or standard output, and the files of --json FILE */

/* Nothing appears in any file. */
void cli_abandon_output(struct cli *c);

/* Prints every problem of loading rules. */
void cli_print_problems(const struct cli *c);

/*
 * Opens what the words from `first` on name, or this machine's journal or kernel log when there are
 * none. `arena` and `notes` are the inputs'; what cannot be opened is a note. NULL: out of memory.
 */
struct inputs *cli_open_inputs(struct cli *c, size_t first, struct arena *arena,
                               struct notes *notes);

/*
 * Says notes from the one at `from` on standard error: those of input bytes that were lost, or the
 * others. `inputs` names the inputs that they are about, or is NULL.
 */
void cli_print_notes(const struct input_results *inputs, const struct notes *notes, size_t from,
                     bool losses);

/* Says on standard error what could not be opened. */
void cli_print_losses(const struct cli *c, size_t first, const struct notes *notes);

/*
 * Enters the sandbox as --sandbox says; false when it was required and cannot be had. Guests that
 * run are read here, behind it, and let go.
 */
bool cli_confine(struct cli *c, struct notes *notes);

/* --input-format, --boot, --vmlinux and the rest; false when a word is not one of theirs. */
bool cli_analysis_options(struct cli *c, struct analysis_options *out);

/*
 * All of it, for the words from `first` on. NULL: printed already, end with EXIT_NOTHING. Free
 * with analysis_free().
 */
struct analysis *cli_analyse(struct cli *c, size_t first, const struct analysis_options *options);

/*
 * What commands with an output have in common: loads the rules, opens the output, analyses all the
 * words. NULL: printed already and nothing was left behind.
 */
struct analysis *cli_analyse_for_output(struct cli *c, const struct analysis_options *options);

/* EXIT_NOTHING when nothing was read, EXIT_PART when bytes were lost, else EXIT_FINE. */
enum exit_code cli_judge(const struct analysis *a);

/* --format among the reports; NULL: complained. */
const struct report *cli_choose_report(const struct cli *c);

/* --fail-on, else the environment's: NULL is neither. */
const char *cli_fail_on(const struct cli *c);

/* Its severity; false when it is none and was complained about. */
bool cli_threshold(const struct cli *c, const char *word, enum severity *threshold);

/*
 * What reports are told of the run: --run-time and --junit-fail-on; notes when it began. False when
 * a word is not one of theirs and was complained about.
 */
bool cli_check_run_time(struct cli *c);

/* How long the run took so far; 0 unless --run-time is "now". */
int64_t cli_duration_us(const struct cli *c);

/* The whole of `diagnose`, or of `preflight`: analyses, writes the reports, returns the exit code.
 */
int cli_report(struct cli *c, bool preflight);

/* What the report writers ask for; `path` NULL is standard output. */
struct report_options cli_report_options(const struct cli *c, const char *path);

/*
 * Closes the output. A reader that went away is no fault (0); any other write error is printed and
 * gives EXIT_PART; else `code`.
 */
int cli_close_output(struct cli *c, int code);

/* The same, and says what --redact did: behind it nothing is written that a log told. */
int cli_finish(struct cli *c, int code);

/* The commands, by the symbols of commands.def; they return the exit code. */
#define COMMAND(sym, letter, name, words, help) int cmd_##sym(struct cli *c);
#include "analyzer/cli/commands.def"
#undef COMMAND
