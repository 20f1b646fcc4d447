/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules a run has: those in the program, then /etc/lastwords/rules.d, then the user's
 * lastwords/rules.d, then every --rules. A rule with the id of an earlier one replaces it.
 */
#pragma once

#include "analyzer/engine/rule.h"

/* A rule file as it was read, for messages and `rules show`. */
struct rule_file {
    struct str name, yaml;
    struct str packed; /* of a shipped file that nobody wants to read in full */
};

struct rule_files {
    VEC(struct rule_file);
};

struct rule_sources {
    const char *const *paths; /* of --rules */
    size_t n_paths;
    const char *user_dir; /* $XDG_CONFIG_HOME, or $HOME/.config; NULL: none */
    bool only_paths;      /* leave out what is not named */
    bool in_full;         /* shipped rules with their tests, from their YAML: slower */
};

/*
 * Reads all rule files in order into `a`. Refused, with an error in `errors`: what others may write
 * to, what is not a file, what is too large. As root no user's directory is read.
 */
bool rules_read(struct rule_files *files, const struct rule_sources *from, struct arena *a,
                struct problems *errors);

/* Loads and compiles them; NULL when anything is wrong: every fault is in `errors`. */
struct ruleset *rules_load(const struct rule_files *files, struct problems *errors);

/* The whole of a file that rules name, a test's log: at most 4 MiB. */
bool rules_read_file(struct str path, struct arena *a, struct rule_file *out, struct err *err);

/* The text of the file that `name` was, or empty. */
struct str rules_source(const struct rule_files *files, struct str name);
