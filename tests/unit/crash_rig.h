/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of crashes share: a log's text in, the crashes of one boot out. */
#pragma once

#include "analyzer/evidence/crash.h"
#include "tests/unit/read_all.h"

struct crash_rig {
    struct read_all records;
    struct arena arena;
    struct crashes crashes;
};

/* `format` NULL: detect. Free with crash_rig_done(). */
static inline struct crash_rig crash_rig(struct str text, const char *format)
{
    struct crash_rig rig = { .records = read_all(text, format) };

    arena_init(&rig.arena, (size_t)64 << 20);
    return rig;
}

/* Behind crash_rig(): the arena may not move once crashes live in it. */
static inline void crash_rig_run(struct crash_rig *rig)
{
    ck_assert(crashes_init(&rig->crashes, &rig->arena));
    for (size_t i = 0; i < rig->records.n; i++)
        crashes_add(&rig->crashes, rig->records.p[i]);
    crashes_settle(&rig->crashes);
}

static inline void crash_rig_done(struct crash_rig *rig)
{
    crashes_done(&rig->crashes);
    arena_done(&rig->arena);
    read_all_done(&rig->records);
}
