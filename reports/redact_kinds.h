/* SPDX-License-Identifier: Apache-2.0 */
/* Private values that are known by their shape: addresses, UUIDs, users in paths. */
#pragma once

#include "analyzer/engine/pattern.h"

enum { KIND_COUNT = 80 };

struct kinds {
    struct pattern *patterns[KIND_COUNT], *suspect;
    struct pattern_scratch *scratch;
};

/* False: out of memory. kinds_done() in both cases. */
bool kinds_init(struct kinds *kinds);
void kinds_done(struct kinds *kinds);

/* What was found ahead of each kind in one text; begin with zero. */
struct kind_search {
    struct str found[KIND_COUNT];
    bool over[KIND_COUNT]; /* nothing more */
};

/*
 * The first value at or behind `from`, of several at one place the longest, and its kind ("ip").
 * Where a pattern gives up on hostile text, everything from there on is one private value. False:
 * none.
 */
bool kinds_next(const struct kinds *kinds, struct kind_search *search, struct str text, size_t from,
                struct str *value, const char **kind);

/* Takes the next dotted name that may be somebody's out of `text`; false: none. */
bool kinds_suspect(const struct kinds *kinds, struct str *text, struct str *name);
