/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The edges between rules as their authors wrote them, globs resolved: for drawing. Ranking uses
 * the transitive ones of edges.h.
 */
#pragma once

#include "analyzer/engine/rule.h"

enum graph_kind {
    GRAPH_EXPLAINS,   /* from the cause to the symptom */
    GRAPH_SUPERSEDES, /* from the more particular to the general */
    GRAPH_MUTES,      /* suppress_if, from the rule that is named there */
    GRAPH_KINDS
};

struct graph_edge {
    uint32_t from, to; /* indices in the ruleset */
    enum graph_kind kind;
};

struct graph {
    VEC(struct graph_edge); /* by from, to, kind; without doubles */
};

/* In `a`. False: out of memory. */
bool graph_build(const struct ruleset *rs, struct arena *a, struct graph *out);
