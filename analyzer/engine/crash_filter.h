/* SPDX-License-Identifier: Apache-2.0 */
/* What `block: crash` asks of a crash report, and what it binds. */
#pragma once

#include "analyzer/engine/rule.h"
#include "analyzer/evidence/crash.h"

/* Keys of a matcher with block: crash; each a list of which one must fit, empty: whatever. */
enum crash_field {
    CRASH_KIND,
    CRASH_FUNCTION,
    CRASH_MODULE,
    CRASH_FRAME,
    CRASH_TAINT,
    CRASH_COMM,
    CRASH_PANIC,
    CRASH_FIELDS
};

struct crash_filter {
    struct strs wanted[CRASH_FIELDS];
};

/* Every crash matcher binds these, behind the groups of its expression. */
enum { CRASH_NAMES = 8 };
extern const struct str crash_names[CRASH_NAMES];

bool crash_filter_passes(const struct crash_filter *f, const struct crash *c);

/* The key that the report does not fit ("module"), and in *is what it tells there; empty: none. */
struct str crash_filter_refuses(const struct crash_filter *f, const struct crash *c,
                                struct str *is);

/* The values of crash_names[]; .p is NULL where the report does not tell. */
void crash_values(const struct crash *c, struct str values[CRASH_NAMES]);

/* Is there a kind of crash of which this glob speaks? */
bool crash_kind_known(struct str glob);
