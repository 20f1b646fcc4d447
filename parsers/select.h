/* SPDX-License-Identifier: Apache-2.0 */
/* Which records of an input are wanted: those of a time, those of a machine. */
#pragma once

#include "analyzer/core/record.h"

struct selection {
    struct str machine_id;  /* empty: any */
    int64_t since_us;       /* TIME_UNKNOWN: from the beginning */
    int64_t until_us;       /* TIME_UNKNOWN: to the end; a record of that very moment is in */
    int64_t since_local_us; /* the same in the date and time of day of where it was asked, for */
    int64_t until_local_us; /* stamps that do not tell their zone */
};

/* One input so far. */
struct selecting {
    bool outside; /* the last record with a clock was */
    bool clocked; /* there was one */
};

/*
 * A record without wall clock goes with the one before it; one that names no machine is of any.
 * Settings always pass.
 */
bool selection_takes(const struct selection *s, struct selecting *state, const struct record *r);

/* Is a time asked for? */
bool selection_has_times(const struct selection *s);
