/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords rules graph [ID|GLOB…]`: the edges between rules as Graphviz text. */
#pragma once

#include "analyzer/cli/cli.h"

/* All rules, or those that the words name and what they touch. */
int rule_graph_run(struct cli *c);
