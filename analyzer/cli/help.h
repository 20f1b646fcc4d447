/* SPDX-License-Identifier: Apache-2.0 */
/* What the tables of the command line look like to people and shells. */
#pragma once

#include "analyzer/engine/rule.h"
#include "reports/out.h"

void help_short(struct out *o); /* -h: a screen with examples */
void help_long(struct out *o);  /* --help: everything */
void help_version(struct out *o, const struct ruleset *rules);
void help_limits(struct out *o);

/* The codes and what they mean; ends with a row without a code. */
struct help_exit_code {
    const char *code, *meaning;
};
extern const struct help_exit_code help_exit_codes[];

/* --generate: "man", "complete-bash", "complete-zsh", "complete-fish". False: no such word. */
bool help_generate(struct out *o, struct str what);
