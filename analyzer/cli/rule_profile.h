/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords rules profile FILE…`: what each rule costs on these logs. */
#pragma once

#include "analyzer/cli/cli.h"

/* Analyses what the words behind the first name; prints a table, the costliest rules first. */
int rule_profile_run(struct cli *c);
