/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions' names against a long list of patterns (crash_pattern.h): each pattern stands in a
 * table under its first three bytes, so that a name is asked about the few that may match. Made
 * anew for each report, which costs less than looking at two names without it.
 */
#pragma once

#include "analyzer/core/str.h"

enum { NAMES_PLACES = 1024, NAMES_MAX = 254 };

struct crash_names {
    const char *const *patterns; /* NULL-terminated, at most NAMES_MAX */
    uint8_t first[NAMES_PLACES]; /* 1 + index of a pattern that begins so, or 0 */
    uint8_t next[NAMES_MAX + 1]; /* the same, of one that begins alike */
    uint8_t odd;                 /* the first of those without three plain bytes */
};

/* `patterns` must outlive it. */
void crash_names_init(struct crash_names *x, const char *const *patterns);

bool crash_names_has(const struct crash_names *x, struct str name);
