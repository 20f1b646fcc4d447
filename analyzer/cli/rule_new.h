/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords rules new LINE`: the start of a rule for one line of a log. */
#pragma once

#include "analyzer/cli/cli.h"

/*
 * The words behind `new` are the line itself, FILE:NUMBER, or "-" for the first line of standard
 * input. Prints a rule file whose tests pass; EXIT_NOTHING when no rule can be made of the line.
 */
int rule_new_run(struct cli *c);
