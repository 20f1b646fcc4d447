/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which shard reads which case; see plan.h. A store is what lies on one file system. Without
 * locality all cases are one store; with it, each store gets shards of its own by its bytes, and
 * stores are put together only where there are more of them than shards.
 */
#include "analyzer/fleet/plan.h"

#include <stdlib.h>

/* For sorting. */
struct weight {
    uint64_t bytes;
    uint32_t index;
};

struct store {
    uint64_t device, bytes; /* an empty case is work, too: a byte more for each */
    uint64_t cases;
    struct str directory; /* above all of its cases */
    uint32_t from, shards;
};

struct sharing {
    struct plan *plan;
    struct arena *arena;
    struct stores {
        VEC(struct store);
    } stores;
    uint32_t *store_of; /* by case */
    uint64_t *loads;    /* by shard */
};

static int by_weight(const void *pa, const void *pb)
{
    const struct weight *a = pa, *b = pb;

    if (a->bytes != b->bytes)
        return a->bytes > b->bytes ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static uint32_t lightest(const uint64_t *loads, uint32_t n)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < n; i++)
        if (loads[i] < loads[best])
            best = i;
    return best;
}

/* "ds1/vm1/x" and "ds1/vm2" are below "ds1"; the one that holds a path is "." for "x". */
static struct str directory_of(struct str path)
{
    size_t slash = str_find_last_char(path, '/');

    if (slash == STR_NOT_FOUND)
        return STR(".");
    return str_first(path, slash ? slash : 1);
}

static bool is_below(struct str path, struct str directory)
{
    if (str_eq(directory, STR(".")) || str_eq(directory, STR("/")))
        return true;
    return str_starts(path, directory) && path.n > directory.n && path.p[directory.n] == '/';
}

static bool add_to_store(struct sharing *s, uint32_t i, bool by_store)
{
    const struct scan_case *c = &s->plan->cases.p[i];
    uint32_t at = 0;

    while (at < s->stores.n && by_store && s->stores.p[at].device != c->device)
        at++;
    if (at == s->stores.n) {
        struct store *added = vec_push(s->arena, &s->stores);

        if (!added)
            return false;
        added->device = c->device;
        added->directory = directory_of(c->path);
    }
    while (!is_below(c->path, s->stores.p[at].directory))
        s->stores.p[at].directory = directory_of(s->stores.p[at].directory);
    s->stores.p[at].bytes += c->bytes + 1;
    s->stores.p[at].cases++;
    s->store_of[i] = at;
    return true;
}

/* The store whose shards have most to read; one with a shard for each case gets no more. */
static struct store *neediest(struct stores *stores)
{
    struct store *best = NULL;

    for (size_t i = 0; i < stores->n; i++) {
        struct store *store = &stores->p[i];

        if (store->shards < store->cases &&
            (!best || store->bytes / store->shards > best->bytes / best->shards))
            best = store;
    }
    return best;
}

static void give_shards(struct sharing *s)
{
    uint32_t left = s->plan->shards - (uint32_t)s->stores.n, from = 0;
    struct store *store;

    for (size_t i = 0; i < s->stores.n; i++)
        s->stores.p[i].shards = 1;
    for (; left && (store = neediest(&s->stores)); left--)
        store->shards++;
    for (size_t i = 0; i < s->stores.n; i++) {
        s->stores.p[i].from = from;
        from += s->stores.p[i].shards;
    }
}

/* More stores than shards: each whole in the lightest one, the largest first. */
static bool give_stores(struct sharing *s)
{
    size_t n = s->stores.n;
    struct weight *order = arena_new(s->arena, struct weight, n);
    uint64_t *loads = arena_new(s->arena, uint64_t, s->plan->shards);

    if (!order || !loads)
        return false;
    for (uint32_t i = 0; i < n; i++)
        order[i] = (struct weight){ s->stores.p[i].bytes, i };
    qsort(order, n, sizeof *order, by_weight);
    for (size_t i = 0; i < n; i++) {
        struct store *store = &s->stores.p[order[i].index];

        store->shards = 1;
        store->from = lightest(loads, s->plan->shards);
        loads[store->from] += store->bytes;
    }
    return true;
}

/* The largest cases first, each to the lightest of its store's shards. */
static bool give_cases(struct sharing *s)
{
    struct case_list *cases = &s->plan->cases;
    struct weight *order = arena_new(s->arena, struct weight, cases->n);

    if (!order)
        return false;
    for (uint32_t i = 0; i < cases->n; i++)
        order[i] = (struct weight){ cases->p[i].bytes, i };
    qsort(order, cases->n, sizeof *order, by_weight);
    for (size_t i = 0; i < cases->n; i++) {
        const struct store *store = &s->stores.p[s->store_of[order[i].index]];
        uint32_t shard = store->from + lightest(s->loads + store->from, store->shards);

        s->plan->shard_of[order[i].index] = shard;
        s->loads[shard] += order[i].bytes + 1;
    }
    return true;
}

bool plan_share(struct plan *plan, bool by_store, struct arena *arena)
{
    struct sharing s = { .plan = plan, .arena = arena };
    uint32_t n = (uint32_t)plan->cases.n;

    plan->shard_of = arena_new(arena, uint32_t, n ? n : 1);
    s.store_of = arena_new(arena, uint32_t, n ? n : 1);
    s.loads = arena_new(arena, uint64_t, plan->shards);
    if (!plan->shard_of || !s.store_of || !s.loads)
        return false;
    if (n == 0)
        return true;
    for (uint32_t i = 0; i < n; i++)
        if (!add_to_store(&s, i, by_store))
            return false;
    if (!by_store)
        s.stores.p[0].shards = plan->shards;
    else if (s.stores.n <= plan->shards)
        give_shards(&s);
    else if (!give_stores(&s))
        return false;
    for (uint32_t i = 0; by_store && i < n; i++)
        plan->cases.p[i].store = s.stores.p[s.store_of[i]].directory;
    return give_cases(&s);
}
