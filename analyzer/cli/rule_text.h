/* SPDX-License-Identifier: Apache-2.0 */
/* Rules in words and in their own YAML, for `explain` and `rules`. */
#pragma once

#include "analyzer/cli/cli.h"

/* The rule of that id; NULL after saying which id was perhaps meant. */
const struct rule *rule_text_find(const struct cli *c, const char *id);

/* What it recognises, what it advises, what it leads to. */
void rule_text_write(struct out *o, const struct rule *rule);

/* Its entry as it stands in its file. */
void rule_text_source(struct out *o, const struct cli *c, const struct rule *rule);
