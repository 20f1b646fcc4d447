/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In how many ways does a matcher hold in a boot? Each way is a solution: which hits it uses. They
 * are combined bottom-up over the few hits, so the cost is bounded by hits, not by lines.
 */
#pragma once

#include "analyzer/engine/hits.h"
#include "analyzer/engine/moment.h"

/* One hit that a solution uses, or a count. */
struct used {
    const struct matcher *matcher;
    const struct wording *wording; /* NULL: `count` of a MATCHER_COUNT */
    const struct hit *hit;
    struct moment at;
    uint64_t count;
};

/* In the order of the matcher's text. */
struct solution {
    const struct used *used;
    size_t n_used;
    struct moment first, last; /* no record when it uses none */
};

struct solutions {
    VEC(struct solution);
};

/* A boot of the case; rules of scope boot see one, those of scope case see all. */
struct part {
    const struct boot *boot; /* may be NULL */
    const struct hits *hits;
};

struct solving {
    const struct part *parts;
    size_t n_parts;
    const struct facts *facts; /* for applies_to of wordings; may be NULL */
    struct arena *a;           /* scratch: solutions live here */
    size_t budget;             /* steps left for sequences and combinations */
    size_t looks;              /* at single solutions, since the last that cost a step */
    bool unknown;              /* some absence could not be decided */
};

/* More are not looked at: a rule fires on the first that passes its `where`. */
enum { SOLUTIONS_MAX = 1024, SOLVE_BUDGET = 100000 };

/* All solutions in order of time. Memory running out gives fewer. */
void solve(struct solving *s, const struct matcher *m, struct solutions *out);

/* Is it known that `m` (a MATCHER_NOT) does not hold anywhere? */
enum tri solve_absent(struct solving *s, const struct matcher *m);

/* Nor between two moments, either of which may be NULL? `inner` are the solutions of what it
 * negates. */
enum tri solve_between(struct solving *s, const struct matcher *m, const struct solutions *inner,
                       const struct moment *from, const struct moment *to);

/* Inner solvers, one file each. */
void solve_sequence(struct solving *s, const struct matcher *m, struct solutions *out);
void solve_count(struct solving *s, const struct matcher *m, struct solutions *out);
void solve_all(struct solving *s, const struct matcher *m, struct solutions *out);

/* Counts `n` looks at single solutions, many of which cost as much as one step. False: all is
 * spent. */
bool solve_look(struct solving *s, size_t n);

/* Appends the join of `n` solutions; false when there are enough. */
bool solutions_join(struct solving *s, const struct solution *const *parts, size_t n,
                    struct solutions *out);
void solutions_sort(struct solutions *all);

/* The text that a solution binds to a name; .p is NULL when it binds none. */
struct str solution_text(const struct solution *s, struct str name);
