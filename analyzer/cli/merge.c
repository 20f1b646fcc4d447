/* SPDX-License-Identifier: Apache-2.0 */
/* Merged records in order; see merge.h. */
#include "analyzer/cli/merge.h"

#include "analyzer/core/limits.h"

#include <stdlib.h>

struct merge {
    struct boots *boots;
    merge_print print;
    void *ctx;
    const struct boot *held_boot;
    struct held {
        VEC(const struct record *);
    } held;
    struct arena arena; /* of what is held */
};

struct merge *merge_new(struct notes *notes, merge_print print, void *ctx)
{
    struct merge *m = calloc(1, sizeof *m);

    if (!m)
        return NULL;
    m->boots = boots_new(notes);
    m->print = print;
    m->ctx = ctx;
    arena_init(&m->arena, LIMIT_BOOT_ARENA_BYTES);
    if (m->boots)
        return m;
    free(m);
    return NULL;
}

void merge_free(struct merge *m)
{
    if (!m)
        return;
    boots_free(m->boots);
    arena_done(&m->arena);
    free(m);
}

static void drop_held(struct merge *m)
{
    m->held_boot = NULL;
    m->held = (struct held){ 0 };
    arena_done(&m->arena);
}

static void print_held(struct merge *m)
{
    for (size_t i = 0; i < m->held.n; i++)
        m->print(m->ctx, m->held_boot, m->held.p[i]);
    drop_held(m);
}

void merge_begin_input(struct merge *m, uint32_t input, struct str format)
{
    boots_begin_input(m->boots, input, format);
}

/* False when there is no room to hold it back: it is printed then, dump or not. */
static bool hold(struct merge *m, const struct boot *boot, const struct record *r)
{
    const struct record *kept = record_keep(&m->arena, r);
    const struct record **slot = kept ? vec_push(&m->arena, &m->held) : NULL;

    if (!slot)
        return false;
    *slot = kept;
    m->held_boot = boot;
    return true;
}

void merge_add(struct merge *m, const struct record *r)
{
    struct boot_place place;

    /* The VM's configuration belongs to no boot. */
    if (r->kind == RECORD_SETTING)
        return;
    place = boots_add(m->boots, r);
    if (place.dissolved)
        drop_held(m);
    for (size_t i = 0; i < place.n_replay; i++)
        m->print(m->ctx, place.boot, place.replay[i]);
    if (!place.boot || place.duplicate)
        return;
    if (m->held_boot && m->held_boot != boots_on_trial(m->boots))
        print_held(m);
    if (place.boot == boots_on_trial(m->boots) && hold(m, place.boot, r))
        return;
    print_held(m);
    m->print(m->ctx, place.boot, r);
}

void merge_end(struct merge *m)
{
    print_held(m);
}
