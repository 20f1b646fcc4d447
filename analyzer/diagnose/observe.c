/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a record to the boot it belongs to, and to all that watch that boot: facts, crashes, hits,
 * context, unexplained. analysis.c gives it every record; what is kept here waits for the case's
 * end.
 */
#include "analyzer/diagnose/observe.h"

#include "analyzer/diagnose/identity.h"

/* The newest is asked for nearly always. */
struct case_boot *observe_boot(struct analysis *a, struct boot *boot)
{
    struct case_boot *cb;

    for (size_t i = a->of_boot.n; i > 0; i--)
        if (a->of_boot.p[i - 1].boot == boot)
            return &a->of_boot.p[i - 1];
    cb = vec_push(&a->arena, &a->of_boot);
    if (!cb)
        return NULL;
    cb->boot = boot;
    cb->facts = arena_new(&boot->arena, struct facts, 1);
    cb->hits = hits_new(a->rules, &boot->arena);
    if (!cb->facts || !cb->hits || !facts_init(cb->facts, &boot->arena, &a->case_facts) ||
        !crashes_init(&cb->crashes, &boot->arena)) {
        a->of_boot.n--;
        return NULL;
    }
    return cb;
}

static void forget(struct analysis *a, const struct boot *gone)
{
    for (size_t i = 0; i < a->of_boot.n; i++) {
        if (a->of_boot.p[i].boot == gone) {
            crashes_done(&a->of_boot.p[i].crashes);
            a->of_boot.p[i] = a->of_boot.p[--a->of_boot.n];
            return;
        }
    }
}

/* A boot began: no report of another one goes on, and thousands of them may follow. */
static void close_crashes(struct analysis *a, const struct boot *but)
{
    for (size_t i = a->of_boot.n; i > 0; i--)
        if (a->of_boot.p[i - 1].boot != but)
            crashes_close(&a->of_boot.p[i - 1].crashes);
}

/* All observers look at one record of a boot. Returns how many further lines one of them wants. */
static uint32_t observe(struct analysis *a, struct boot *boot, const struct record *r,
                        struct str format, bool *matched)
{
    struct case_boot *cb = observe_boot(a, boot);
    const struct record *kept;
    uint32_t want, other;
    bool hit;

    if (!cb) {
        note_add(&a->notes, NOTE_MEMORY_LIMIT, r->input, 0, "no memory left to look at a boot");
        return 0;
    }
    want = facts_add(cb->facts, r);
    other = a->no_crashes ? 0 : crashes_add(&cb->crashes, r);
    hit = match_record(a->matching, cb->hits, r, format, &kept) > 0;
    *matched |= hit || other > 0;
    want = want > other ? want : other;
    if (hit)
        hits_belong(cb->hits, crashes_owner(&cb->crashes, r));
    else if (unexplained_wants(r) && !crashes_own(&cb->crashes, r))
        unexplained_add(&cb->unexplained, &boot->arena, r);
    if (!a->keeps_context)
        return want;
    other = context_add(&a->window, boot, r, hit, &cb->context, &boot->arena);
    return want > other ? want : other;
}

/* The VM's configuration and the product's header hold for every boot of the case. */
static bool is_of_case(const struct record *r)
{
    return r->kind == RECORD_SETTING ||
           (r->origin == ORIGIN_HOST && str_starts(r->text, STR("Log for VMware ")));
}

/* What a console says without a stamp (initramfs, systemd, a shell) stood behind some kernel line.
 */
static const struct record *placed(const struct record *r, const struct boot *b,
                                   struct record *copy)
{
    if (r->mono_us != TIME_UNKNOWN || r->wall_us != TIME_UNKNOWN ||
        r->host_wall_us != TIME_UNKNOWN || b->last_mono_us == TIME_UNKNOWN)
        return r;
    *copy = *r;
    copy->after_us = b->last_mono_us;
    return copy;
}

void observe_record(struct analysis *a, struct reader *reader, const struct record *r,
                    struct analysis_event *event)
{
    struct str format = str_from(reader_format(reader)->name);
    struct boot_place place;
    struct record copy;
    uint32_t want;

    identity_look(a, r);
    if (is_of_case(r))
        facts_add(&a->case_facts, r);
    if (r->kind == RECORD_SETTING)
        return;
    place = boots_add(a->boots, r);
    if (place.dissolved)
        forget(a, place.dissolved);
    for (size_t i = 0; i < place.n_dropped; i++)
        forget(a, place.dropped[i]);
    if (place.started)
        close_crashes(a, place.boot);
    for (size_t i = 0; i < place.n_replay; i++)
        observe(a, place.boot, place.replay[i], format, &event->matched);
    event->boot = place.boot;
    event->started = place.started;
    if (!place.boot || place.duplicate)
        return;
    want = observe(a, place.boot, placed(r, place.boot, &copy), format, &event->matched);
    reader_want(reader, want > place.want_lines ? want : place.want_lines);
}
