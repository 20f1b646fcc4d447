/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line. commands.def and options.def are its whole grammar; help, man page and
 * completions are printed from the same rows.
 */
#pragma once

#include "analyzer/core/err.h"
#include "analyzer/core/vec.h"
#include "analyzer/engine/rule.h"
#include "reports/report.h"

enum command {
#define COMMAND(sym, letter, name, words, help) COMMAND_##sym,
#include "analyzer/cli/commands.def"
#undef COMMAND
    COMMAND_COUNT
};

struct command_info {
    char letter; /* in options.def */
    const char *name, *words, *help;
};

enum option {
#define OPTION(sym, letter, name, arg, commands, help) OPTION_##sym,
#include "analyzer/cli/options.def"
#undef OPTION
    OPTION_COUNT
};

struct option_info {
    char letter; /* 0: none */
    const char *name, *arg;
    const char *commands; /* letters, NULL: all */
    const char *help;     /* "": hidden */
};

extern const struct command_info command_infos[]; /* COMMAND_COUNT rows */
extern const struct option_info option_infos[];   /* OPTION_COUNT rows */

/* One more report in the same run: --json FILE. */
struct report_file {
    const struct report *report;
    const char *path;
};

/* Slices of argv; lists live in the arena that args_parse() was given. */
struct args {
    enum command command;
    bool command_named;
    bool short_help;                 /* -h, not --help */
    const char *value[OPTION_COUNT]; /* last one given; "" without an argument; NULL: not given */
    struct words {
        VEC(const char *);
    } words;                      /* what is neither option nor command */
    struct words rules;           /* every --rules */
    struct words vmlinux;         /* every --vmlinux */
    struct words printk_index;    /* every --printk-index */
    struct words kernel_strings;  /* every --kernel-strings */
    struct words program_strings; /* every --program-strings */
    struct report_files {
        VEC(struct report_file);
    } report_files;
};

/* Unknown words fail with the nearest one; so do options that the command does not take. */
bool args_parse(struct args *out, int argc, char *const *argv, struct arena *arena,
                struct err *err);

/* True when the option was given. */
bool args_has(const struct args *a, enum option o);

/* " (did you mean 'records'?)", or "", for a word that names no command. */
const char *args_near_command(const char *word, char *out, size_t size);

/* Is this what -b takes: a number with or without sign, "all", 32 hex digits? */
bool args_is_boot(struct str word);
