/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords rules test`: the examples that stand in rule files, run as logs. */
#pragma once

#include "analyzer/cli/cli.h"

/*
 * Runs the tests of the rules that the words name (ids, or files: all rules of those), of all
 * rules when none is named. Prints each that fails and "N passed, N failed".
 */
int rule_tests_run(struct cli *c);

/* Do the words name this file, or the directory it lies in? All files when there are no words. */
bool rule_tests_named(const struct cli *c, struct str file);
