/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The segmenter: records in, boots out; see boot.h.
 *
 * A new boot starts at a kernel's banner, where kernel stamps fall back, where the boot id changes,
 * where the format marks it, or where the hypervisor starts or resets the VM after its guest wrote
 * something. None of these proves that it is another boot: a ring buffer that is dumped again
 * begins with the same banner. So a boot that starts is on trial: boot_trial.c.
 */
#include "analyzer/evidence/boot.h"

#include "analyzer/core/limits.h"
#include "analyzer/evidence/boot_inner.h"

#include <stdlib.h>
#include <string.h>

/* Boots whose records are remembered for comparing; older ones are not dumped again. */
enum { SEEN_BOOTS = 16 };

/* Stamps of several CPUs interleave; only a fall larger than this is a restart. */
static const int64_t fall_us = 1000000;

struct boots *boots_new(struct notes *notes)
{
    struct boots *all = calloc(1, sizeof *all);

    if (!all)
        return NULL;
    all->notes = notes;
    all->dump_mono_us = TIME_UNKNOWN;
    all->most = LIMIT_BOOTS;
    arena_init(&all->trial.arena, LIMIT_BOOT_ARENA_BYTES);
    boot_signs_init(&all->signs);
    return all;
}

static void boot_free(struct boot *b)
{
    if (!b)
        return;
    boot_seen_free(b->seen);
    arena_done(&b->arena);
    free(b);
}

/* What the last boots_add() let go. */
static void free_gone(struct boots *all)
{
    boot_free(all->gone);
    all->gone = NULL;
    for (size_t i = 0; i < all->dropped.n; i++)
        boot_free(all->dropped.p[i]);
    all->dropped.n = 0;
}

void boots_free(struct boots *all)
{
    if (!all)
        return;
    for (size_t i = 0; i < all->list.n; i++)
        boot_free(all->list.p[i]);
    free_gone(all);
    arena_done(&all->trial.arena);
    arena_done(&all->arena);
    free(all);
}

void boots_begin_input(struct boots *all, uint32_t input, struct str format)
{
    all->input = input;
    all->format = format;
    all->fresh_input = true;
    all->marked = false;
}

static size_t bytes_of_boots(const struct boots *all)
{
    size_t bytes = 0;

    for (size_t i = 0; i < all->list.n; i++)
        bytes += all->list.p[i]->arena.used_bytes;
    return bytes;
}

/* The earliest boot goes, unless one of the last two: they are being read. */
static bool drop_earliest(struct boots *all)
{
    struct boot *b = all->list.p[0], **slot;

    if (all->list.n <= 2 || b == all->now || !(slot = vec_push(&all->arena, &all->dropped)))
        return false;
    *slot = b;
    all->list.n--;
    memmove(all->list.p, all->list.p + 1, all->list.n * sizeof(struct boot *));
    if (!all->full && all->most == LIMIT_BOOTS)
        note_add(all->notes, NOTE_BOOT_LIMIT, NOTE_NO_INPUT, 0,
                 "more boots than are kept (%d, or %zu MiB of their records): the earliest were "
                 "left out",
                 LIMIT_BOOTS, LIMIT_BOOTS_BYTES >> 20);
    all->full = true;
    return true;
}

static void make_room(struct boots *all)
{
    while (all->list.n >= all->most || bytes_of_boots(all) > LIMIT_BOOTS_BYTES)
        if (!drop_earliest(all))
            return;
}

static struct boot *start_boot(struct boots *all)
{
    struct boot **slot, *b;

    make_room(all);
    b = calloc(1, sizeof *b);
    slot = b ? vec_push(&all->arena, &all->list) : NULL;
    if (!slot) {
        free(b);
        return NULL;
    }
    *slot = b;
    arena_init(&b->arena, LIMIT_BOOT_ARENA_BYTES);
    b->index = (uint32_t)all->list.n - 1;
    b->serial = ++all->begun;
    b->first_mono_us = b->last_mono_us = TIME_UNKNOWN;
    b->first_wall_us = b->last_wall_us = TIME_UNKNOWN;
    b->wall_offset_us = TIME_UNKNOWN;
    b->seen = boot_seen_new();
    if (all->list.n > SEEN_BOOTS) {
        struct boot *old = all->list.p[all->list.n - 1 - SEEN_BOOTS];

        boot_seen_free(old->seen);
        old->seen = NULL;
    }
    boot_trial_end(all);
    all->dump_mono_us = TIME_UNKNOWN;
    if (all->list.n > 1)
        all->trial.boot = b;
    return b;
}

static struct boot *find_by_id(const struct boots *all, struct str id)
{
    for (size_t i = all->list.n; i > 0; i--)
        if (str_eq(all->list.p[i - 1]->id, id))
            return all->list.p[i - 1];
    return NULL;
}

/* A hypervisor's line after which the guest starts anew. */
static bool is_power_on(struct str text)
{
    return str_starts(text, STR("Log for VMware "));
}

static bool is_cpu_reset(struct str text)
{
    return str_starts(text, STR("CPU reset: "));
}

static bool stamps_fell(const struct boots *all, const struct record *r)
{
    int64_t last_us =
            all->dump_mono_us != TIME_UNKNOWN ? all->dump_mono_us : all->now->last_mono_us;

    return boot_is_kernel(r) && r->mono_us != TIME_UNKNOWN && last_us != TIME_UNKNOWN &&
           !(r->flags & (RECORD_MONO_REL | RECORD_MONO_COARSE)) && last_us - r->mono_us > fall_us &&
           r->mono_us < last_us / 2;
}

/* Does `r` start another boot than the one that is open? */
static bool starts_boot(const struct boots *all, const struct record *r)
{
    const struct boot *b = all->now;

    if (!b || all->marked)
        return true;
    if (r->boot_id.n)
        return b->id.n && !str_eq(b->id, r->boot_id);
    if (all->fresh_input)
        return !str_eq(all->format, STR("vmware-log")) || is_power_on(r->text) || !b->has_host ||
               r->wall_us == TIME_UNKNOWN || r->wall_us < b->last_wall_us;
    if (r->origin == ORIGIN_HOST)
        return is_power_on(r->text) || (is_cpu_reset(r->text) && b->has_kernel);
    if (boot_is_banner(r->text) && r->origin != ORIGIN_GUEST_USER)
        return b->has_kernel;
    return stamps_fell(all, r);
}

static void count_input(struct boot *b, uint32_t input)
{
    uint32_t *slot;

    if (b->inputs.n && b->inputs.p[b->inputs.n - 1] == input)
        return;
    slot = vec_push(&b->arena, &b->inputs);
    if (slot)
        *slot = input;
}

static void look_at_sequence(struct boot *b, const struct record *r)
{
    if (!r->has_seq)
        return;
    if (b->last_seq && r->seq > b->last_seq + 1 && !r->gap_line)
        b->gaps++;
    b->last_seq = r->seq;
}

static void note_mono(struct boot *b, int64_t mono_us)
{
    if (mono_us == TIME_UNKNOWN)
        return;
    if (b->first_mono_us == TIME_UNKNOWN)
        b->first_mono_us = mono_us;
    if (b->last_mono_us == TIME_UNKNOWN || mono_us > b->last_mono_us)
        b->last_mono_us = mono_us;
}

/* The lines that were left out before `r` belong to the boot that was open until then. */
static void note_gap(struct boot *b, const struct record *r)
{
    if (!b || !r->gap_line || r->input != b->last_input)
        return;
    b->last_line = r->gap_line;
    note_mono(b, r->gap_mono_us);
}

static void note_times(struct boot *b, const struct record *r)
{
    int64_t wall = r->wall_us;

    if (r->origin != ORIGIN_HOST)
        note_mono(b, r->mono_us);
    if (wall == TIME_UNKNOWN)
        return;
    b->wall_flags |= r->flags & (RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE);
    if (b->first_wall_us == TIME_UNKNOWN)
        b->first_wall_us = wall;
    if (b->last_wall_us == TIME_UNKNOWN || wall > b->last_wall_us)
        b->last_wall_us = wall;
}

void boot_take(struct boots *all, struct boot *b, const struct record *r)
{
    b->n_records++;
    b->last_input = r->input;
    b->last_line = r->line;
    count_input(b, r->input);
    if (!b->first)
        b->first = record_keep(&b->arena, r);
    if (r->boot_id.n && !b->id.n)
        b->id = arena_str(&b->arena, r->boot_id);
    if (r->machine_id.n && !b->machine_id.n)
        b->machine_id = arena_str(&b->arena, r->machine_id);
    if (r->host.n && !b->host.n)
        b->host = arena_str(&b->arena, r->host);
    if (boot_is_kernel(r) || boot_is_banner(r->text)) {
        b->has_kernel = true;
        b->n_kernel_records++;
    }
    if (!b->banner.n && boot_is_banner(r->text) && r->origin != ORIGIN_GUEST_USER)
        b->banner = arena_str(&b->arena, r->text);
    b->has_host |= r->origin == ORIGIN_HOST;
    b->has_user |= r->origin == ORIGIN_GUEST_USER;
    look_at_sequence(b, r);
    note_times(b, r);
    boot_end_look(b, r, &all->signs);
}

/* The last boot of the machine that `r` names; several may write into one journal. */
static struct boot *last_of_machine(const struct boots *all, const struct record *r)
{
    if (!r->machine_id.n || !all->now || !all->now->machine_id.n)
        return all->now;
    for (size_t i = all->list.n; i > 0; i--)
        if (str_eq(all->list.p[i - 1]->machine_id, r->machine_id))
            return all->list.p[i - 1];
    return NULL;
}

/* The boot that `r` belongs to; sets `started`. */
static struct boot *choose_boot(struct boots *all, const struct record *r, bool *started)
{
    struct boot *known = r->boot_id.n ? find_by_id(all, r->boot_id) : NULL;
    struct boot *next, *before;

    if (known) {
        if (known != all->now)
            boot_trial_end(all);
        return known;
    }
    if (!starts_boot(all, r))
        return all->now;
    next = start_boot(all);
    before = next ? last_of_machine(all, r) : NULL;
    if (before && !all->fresh_input) {
        before->followed = true;
        all->trial.before = before;
    }
    *started = next != NULL;
    return next;
}

struct boot_place boots_add(struct boots *all, const struct record *r)
{
    struct boot_place place = { 0 };
    uint64_t key;
    bool fresh;

    free_gone(all);
    note_gap(all->now, r);
    if (r->kind == RECORD_BOOT_MARK) {
        all->marked = all->now != NULL && all->now->has_kernel + all->now->has_user > 0;
        if (r->text.n == 0)
            return place;
    }
    place.boot = choose_boot(all, r, &place.started);
    place.dropped = all->dropped.p;
    place.n_dropped = all->dropped.n;
    if (place.started)
        place.want_lines = BOOT_TRIAL_LENGTH;
    all->now = place.boot;
    all->fresh_input = all->marked = false;
    if (!place.boot)
        return place;
    if (all->dump_mono_us != TIME_UNKNOWN && boot_is_kernel(r) && r->mono_us != TIME_UNKNOWN)
        all->dump_mono_us = r->mono_us;
    if (str_eq(all->format, STR("console")))
        place.boot->has_console = true;
    key = boot_seen_key(r);
    fresh = r->mono_us == TIME_UNKNOWN || !boot_is_kernel(r) ||
            boot_seen_add(place.boot->seen, key);
    if (all->trial.boot == place.boot && boot_trial_add(all, r, key, &place))
        return place;
    if (!fresh && boot_is_stamped(r) && place.boot->merged_dumps) {
        place.boot->n_duplicates++;
        place.duplicate = true;
        boot_end_look_again(place.boot, r);
        return place;
    }
    boot_take(all, place.boot, r);
    return place;
}

const struct boot *boots_on_trial(const struct boots *all)
{
    return all->trial.boot;
}

void boots_settle_open(struct boots *all)
{
    for (size_t i = 0; i < all->list.n; i++) {
        all->list.p[i]->index = (uint32_t)i;
        boot_end_settle(all->list.p[i]);
    }
    for (size_t i = 1; i < all->list.n; i++)
        boot_end_aftermath(all->list.p[i - 1], all->list.p[i]);
}

void boots_settle(struct boots *all)
{
    boot_order(&all->list);
    boots_settle_open(all);
}

void boots_mark_running(struct boots *all, struct str boot_id)
{
    struct boot *b = all->list.n ? all->list.p[all->list.n - 1] : NULL;

    if (!b || b->ended_by != ENDED_END_OF_LOG || (b->id.n && !str_eq(b->id, boot_id)))
        return;
    b->ended_by = ENDED_RUNNING;
    if (!b->dropped && !b->throttled)
        b->tail_complete = TRI_YES;
}

void boots_keep(struct boots *all, size_t n)
{
    all->most = n;
}

size_t boots_count(const struct boots *all)
{
    return all->list.n;
}

struct boot *boots_at(const struct boots *all, size_t index)
{
    return all->list.p[index];
}
