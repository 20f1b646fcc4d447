/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping hits; see hits.h. Records are counted by how many hits hold them; one that nobody holds
 * any more goes to a free list by size, so that a flood of ten million matching lines costs what
 * its first thousand cost.
 */
#include "analyzer/engine/hits.h"

#include "analyzer/core/limits.h"

#include <string.h>

enum {
    BUCKETS = 64,
    HALF = LIMIT_HITS_PER_PATTERN / 2,
    SIZES = 12, /* 64 bytes to 128 KiB: the texts of a record */
    SMALLEST = 64,
};

struct kept_record {
    struct record record;
    uint32_t holders;
    uint32_t size; /* index of its buffer's size */
    char *buf;
    const struct crash *crash; /* the report whose part it is, or NULL */
    struct kept_record *next_free;
};

struct hit_list {
    struct hit_list *next;
    const struct wording *wording;
    uint64_t total;
    struct first_hits {
        VEC(struct hit);
    } first;
    struct hit *last; /* a ring of HALF, made when it is needed */
};

struct hits {
    struct arena *arena;
    uint64_t order;
    struct kept_record *newest; /* what hits_keep() gave last */
    struct hit_list *buckets[BUCKETS];
    struct kept_record *free[SIZES];
    struct phase_marks phases;
};

struct hits *hits_new(const struct ruleset *rs, struct arena *boot_arena)
{
    struct hits *h = arena_new(boot_arena, struct hits, 1);

    (void)rs;
    if (h)
        h->arena = boot_arena;
    return h;
}

static uint32_t size_index(size_t bytes)
{
    uint32_t i = 0;

    while (i < SIZES - 1 && (size_t)SMALLEST << i < bytes)
        i++;
    return i;
}

struct kept_record *hits_keep(struct hits *h, const struct record *r)
{
    size_t bytes = record_bytes(r);
    uint32_t size = size_index(bytes);
    struct kept_record *k = h->free[size];

    if (bytes > (size_t)SMALLEST << size)
        return NULL;
    if (k) {
        h->free[size] = k->next_free;
    } else {
        k = arena_new(h->arena, struct kept_record, 1);
        if (!k)
            return NULL;
        k->buf = arena_alloc(h->arena, (size_t)SMALLEST << size);
        if (!k->buf)
            return NULL;
        k->size = size;
    }
    record_copy(&k->record, r, k->buf);
    k->crash = NULL;
    h->newest = k;
    return k;
}

const struct record *kept_record(const struct kept_record *k)
{
    return &k->record;
}

void hits_release(struct hits *h, struct kept_record *k)
{
    if (k->holders)
        return;
    k->next_free = h->free[k->size];
    h->free[k->size] = k;
}

static struct hit_list *list_of(struct hits *h, const struct wording *w)
{
    struct hit_list **slot = &h->buckets[w->index % BUCKETS];

    for (struct hit_list *l = *slot; l; l = l->next) {
        if (l->wording == w)
            return l;
    }
    struct hit_list *l = arena_new(h->arena, struct hit_list, 1);

    if (!l)
        return NULL;
    l->wording = w;
    l->next = *slot;
    *slot = l;
    return l;
}

/* A place for one more hit: at the end of the first half, or over the oldest of the last half. */
static struct hit *take_slot(struct hits *h, struct hit_list *l)
{
    struct hit *slot;

    if (l->first.n < HALF)
        return vec_push(h->arena, &l->first);
    if (!l->last)
        l->last = arena_new(h->arena, struct hit, HALF);
    if (!l->last)
        return NULL;
    slot = &l->last[(l->total - HALF) % HALF];
    if (slot->kept) {
        slot->kept->holders--;
        hits_release(h, slot->kept);
        slot->kept = NULL;
    }
    return slot;
}

/* The same place in the copy. */
static struct str move_slice(struct str s, const struct record *from, const struct record *to)
{
    return s.p ? (struct str){ to->text.p + (s.p - from->text.p), s.n } : s;
}

bool hits_add(struct hits *h, const struct wording *w, struct kept_record *k,
              const struct record *original, const struct str *captures)
{
    struct hit_list *l = list_of(h, w);
    struct hit *hit = l ? take_slot(h, l) : NULL;

    if (!hit)
        return false;
    if (w->n_names && !hit->captures)
        hit->captures = arena_new(h->arena, struct str, w->n_names);
    if (w->n_names && !hit->captures) {
        if (l->first.n && hit == &l->first.p[l->first.n - 1])
            l->first.n--;
        return false;
    }
    for (size_t i = 0; i < w->n_names; i++)
        hit->captures[i] = move_slice(captures[i], original, &k->record);
    hit->kept = k;
    hit->record = &k->record;
    hit->order = h->order;
    k->holders++;
    l->total++;
    return true;
}

void hits_forget(struct hits *h, uint32_t wording)
{
    for (struct hit_list *l = h->buckets[wording % BUCKETS]; l; l = l->next) {
        if (l->wording->index == wording) {
            l->first.n = 0;
            l->total = 0;
        }
    }
}

bool hits_add_crash(struct hits *h, const struct wording *w, const struct hit *hit)
{
    struct hit_list *l = list_of(h, w);
    struct hit *slot = l && l->first.n < HALF ? vec_push(h->arena, &l->first) : NULL;

    if (!slot)
        return false;
    *slot = *hit;
    l->total++;
    return true;
}

void hits_belong(struct hits *h, const struct crash *crash)
{
    if (h->newest)
        h->newest->crash = crash;
}

const struct crash *hit_crash(const struct hit *hit)
{
    return hit->crash ? hit->crash : hit->kept ? hit->kept->crash : NULL;
}

uint64_t hits_next_order(struct hits *h)
{
    return ++h->order;
}

const struct hit_list *hits_of(const struct hits *h, uint32_t wording)
{
    for (const struct hit_list *l = h->buckets[wording % BUCKETS]; l; l = l->next) {
        if (l->wording->index == wording)
            return l->total ? l : NULL;
    }
    return NULL;
}

size_t hit_list_count(const struct hit_list *list)
{
    return list->total < LIMIT_HITS_PER_PATTERN ? (size_t)list->total : LIMIT_HITS_PER_PATTERN;
}

uint64_t hit_list_total(const struct hit_list *list)
{
    return list->total;
}

const struct hit *hit_list_at(const struct hit_list *list, size_t i)
{
    uint64_t oldest;

    if (i < list->first.n)
        return &list->first.p[i];
    oldest = list->total > LIMIT_HITS_PER_PATTERN ? list->total - LIMIT_HITS_PER_PATTERN : 0;
    return &list->last[(oldest + i - HALF) % HALF];
}

const struct phase_marks *hits_phases(const struct hits *h)
{
    return &h->phases;
}

void hits_mark_phase(struct hits *h, enum phase phase, const struct record *r)
{
    const struct record **mark = phase == PHASE_INITRD ? &h->phases.initrd : &h->phases.system;
    uint64_t *order = phase == PHASE_INITRD ? &h->phases.initrd_order : &h->phases.system_order;

    if (phase == PHASE_KERNEL || *mark)
        return;
    *mark = record_keep(h->arena, r);
    *order = h->order;
}
