/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a record happened, as far as it can be compared with another one: kernel stamps inside a
 * boot, wall clocks where both have one of the same kind, the order of arrival inside one input.
 * What cannot be compared is unknown, and no condition on it holds.
 */
#pragma once

#include "analyzer/evidence/boot.h"

struct moment {
    const struct record *record; /* NULL: no moment */
    const struct boot *boot;     /* of the record; NULL when there is none */
    uint64_t order;              /* of arrival in the boot */
    uint32_t part;               /* which boot of the case */
};

/* b - a in *us, give or take *error_us. False when the clocks cannot be compared. */
bool moment_distance(const struct moment *a, const struct moment *b, int64_t *us,
                     int64_t *error_us);

/* Was `a` before `b`? A record is not before itself. */
enum tri moment_before(const struct moment *a, const struct moment *b);

/* A total order for sorting: moment_before() where it knows, arrival elsewhere. */
bool moment_sorts_before(const struct moment *a, const struct moment *b);

/* Was b at most `us` after a? */
enum tri moment_within(const struct moment *a, const struct moment *b, int64_t us);
