/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What nearly matched one rule: a record whose text fits, refused for its level, origin or program;
 * a crash report of another module. For `explain`, which asks why a rule did not fire.
 */
#pragma once

#include "analyzer/engine/hits.h"

/* The first one that a wording refused in a boot. */
struct near_miss {
    const struct hits *hits; /* of the boot */
    uint32_t wording;
    uint64_t line;
    struct str key; /* of the matcher: "level" */
    struct str is;  /* what the record has there; may be empty */
};

struct near;

/* NULL: out of memory. */
struct near *near_new(struct str rule_id);
void near_free(struct near *n);

/* A record, a crash report that the wording did not match. Nothing happens when `n` is NULL. */
void near_look(struct near *n, const struct hits *hits, const struct wording *w,
               const struct record *r, struct str format);
void near_look_crash(struct near *n, const struct hits *hits, const struct wording *w,
                     const struct crash *crash);

/* NULL: none. */
const struct near_miss *near_of(const struct near *n, const struct hits *hits, uint32_t wording);
