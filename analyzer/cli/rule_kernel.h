/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `lastwords rules check --kernel-strings FILE --printk-index FILE --program-strings FILE`: which
 * rules a kernel, or programs, can feed.
 */
#pragma once

#include "analyzer/cli/cli.h"

/* Was one of the options given? */
bool rule_kernel_wanted(const struct cli *c);

/*
 * Prints which rules are dead on that kernel, which may be, which are not for it, and the sums;
 * with
 * --all every text. EXIT_FINDING when one is dead, EXIT_NOTHING when a file cannot be read.
 */
int rule_kernel_run(struct cli *c);
