/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of struct ruleset, for the engine's own files. */
#pragma once

#include "analyzer/engine/literal.h"
#include "analyzer/engine/matcher.h"
#include "analyzer/engine/prefilter.h"

struct pattern;

/* For each rule the sorted indices of the rules that it reaches, transitively. */
struct edges {
    struct edge_list {
        VEC(uint32_t);
    } * from; /* as many as there are rules */
};

#define NO_WORDING UINT32_MAX

struct ruleset {
    struct arena arena;
    struct loaded_rules {
        VEC(struct rule *); /* as loaded; compiled: by id, overridden ones left out */
    } rules;
    struct owned_patterns {
        VEC(struct pattern *); /* of conditions; freed with the ruleset */
    } patterns;
    struct wordings {
        VEC(struct wording *); /* by index */
    } wordings;
    struct edges explains, supersedes, suppressed_by;
    struct edges says; /* explains and caused_by as written: not transitive, not sorted */
    struct prefilter *prefilter;
    struct literals literals;         /* of the prefilter */
    const uint32_t *literal_wordings; /* by literal: index of its wording, or NO_WORDING */
    const uint32_t *unfiltered;       /* wordings without a literal: tried on every record */
    size_t n_unfiltered;
    struct crash_wordings {
        VEC(uint32_t); /* of block: crash: tried on crash reports, never on records */
    } crash_wordings;
    bool uses_phase; /* some wording asks for the phase of the boot */
    bool sees_all;   /* some wording has no literal that stands in the raw bytes */
    char sha256[65];
};
