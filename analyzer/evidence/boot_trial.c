/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a boot that starts another boot, or the log of an earlier one dumped again? When enough of its
 * stamped records are found, to the microsecond, in an earlier boot, it is dissolved into that one.
 */
#include "analyzer/evidence/boot_inner.h"

/* So many equal (microseconds, text) pairs do not happen in two boots. */
enum { TRIAL_PROOF = 6 };

/* Records of any kind after which it is one, too: a hypervisor's log may hold no stamped one. */
enum { TRIAL_RECORDS = 4096 };

bool boot_is_kernel(const struct record *r)
{
    return r->origin == ORIGIN_GUEST_KERNEL || r->facility == FACILITY_KERN;
}

/* A record of the kernel's ring with a stamp that identifies it. */
bool boot_is_stamped(const struct record *r)
{
    return r->mono_us != TIME_UNKNOWN && r->mono_us > 0 && !(r->flags & RECORD_MONO_REL) &&
           (boot_is_kernel(r) || r->origin == ORIGIN_GUEST_USER);
}

void boot_trial_end(struct boots *all)
{
    all->trial.boot = NULL;
    all->trial.twin = NULL;
    all->trial.before = NULL;
    all->trial.proofs = all->trial.stamped = 0;
    all->trial.records = (struct trial_records){ 0 };
    arena_done(&all->trial.arena);
}

/*
 * The banners name two kernels: then equal stamps are no proof (the clock of a virtual machine may
 * be that regular). A banner that was cut differs in its end only.
 */
static bool other_kernel(const struct boot *a, const struct boot *b)
{
    return a->banner.n && b->banner.n && !str_starts(a->banner, b->banner) &&
           !str_starts(b->banner, a->banner);
}

/* Which earlier boot holds this very record? */
static struct boot *find_twin(const struct boots *all, const struct boot *of, uint64_t key)
{
    for (size_t i = all->list.n; i > 0; i--) {
        struct boot *b = all->list.p[i - 1];

        if (b != of && !other_kernel(b, of) && boot_seen_has(b->seen, key))
            return b;
    }
    return NULL;
}

static void remember_for_trial(struct boots *all, const struct record *r)
{
    const struct record *kept = record_keep(&all->trial.arena, r);
    const struct record **slot = kept ? vec_push(&all->trial.arena, &all->trial.records) : NULL;

    if (slot)
        *slot = kept;
}

/* The trial's boot is the twin: moves what the twin lacks there, for the caller to look at. */
static void dissolve(struct boots *all, struct boot_place *place)
{
    struct boot *gone = all->trial.boot, *twin = all->trial.twin;
    struct trial_records *records = &all->trial.records;
    size_t n_new = 0;

    for (size_t i = 0; i < records->n; i++) {
        const struct record *r = records->p[i];

        if (r->mono_us != TIME_UNKNOWN && !boot_seen_add(twin->seen, boot_seen_key(r))) {
            twin->n_duplicates++;
            boot_end_look_again(twin, r);
            continue;
        }
        boot_take(all, twin, r);
        records->p[n_new++] = r;
    }
    twin->merged_dumps++;
    if (all->trial.before)
        all->trial.before->followed = false;
    place->boot = twin;
    place->dissolved = gone;
    place->replay = records->p;
    place->n_replay = n_new;
    place->duplicate = true;
    all->list.n--;
    all->gone = gone;
    all->now = twin;
    all->trial.boot = NULL;
    all->dump_mono_us = records->p[records->n - 1]->mono_us;
}

bool boot_trial_add(struct boots *all, const struct record *r, uint64_t key,
                    struct boot_place *place)
{
    struct boot *twin;

    remember_for_trial(all, r);
    if (all->trial.records.n >= TRIAL_RECORDS) {
        boot_trial_end(all);
        return false;
    }
    if (!boot_is_stamped(r))
        return false;
    all->trial.stamped++;
    twin = find_twin(all, all->trial.boot, key);
    if (twin && twin != all->trial.twin) {
        all->trial.twin = twin;
        all->trial.proofs = 0;
    }
    all->trial.proofs += twin != NULL;
    if (all->trial.proofs >= TRIAL_PROOF && all->trial.boot == all->list.p[all->list.n - 1]) {
        dissolve(all, place);
        return true;
    }
    if (all->trial.stamped >= BOOT_TRIAL_LENGTH)
        boot_trial_end(all);
    return false;
}
