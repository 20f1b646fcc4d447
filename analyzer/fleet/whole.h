/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results of parts of one scan put together: shards, merges of some shards, whole scans, in any
 * order and any number of times. What comes out depends on which cases are there, on nothing else.
 */
#pragma once

#include "analyzer/diagnose/cases.h"
#include "analyzer/fleet/case_store.h"
#include "analyzer/fleet/plan.h"

struct whole;

/* Empty. NULL: out of memory. */
struct whole *whole_new(void);
void whole_free(struct whole *w);

/*
 * Adds a file of results, which stays open as long as the merge. False with *err: FAIL_USAGE when
 * other rules, another version or another set of cases made it; else it is torn or no such file,
 * and nothing of it was taken.
 */
bool whole_add(struct whole *w, int fd, struct err *err);

/* Was anything added? */
bool whole_any(const struct whole *w);

/*
 * All cases in the order of the whole scan: results into `cases`, lines into `store`. Says in
 * cases->missing what is not there and in
 * cases->changed which inputs were not the same in all readings. False with *err when a case cannot
 * be read.
 */
bool whole_finish(struct whole *w, struct cases *cases, struct case_store *store, struct err *err);

/* What to write behind the cases so that more can be merged later; NULL: nothing is missing. */
const struct part *whole_part(const struct whole *w);
