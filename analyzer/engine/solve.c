/* SPDX-License-Identifier: Apache-2.0 */
/* Solutions of text matchers and alternatives; the common part of solving. See solve.h. */
#include "analyzer/engine/solve.h"

#include "analyzer/engine/applies.h"

#include <string.h>

enum { LOOKS_PER_STEP = 256 };

bool solutions_join(struct solving *s, const struct solution *const *parts, size_t n,
                    struct solutions *out)
{
    struct solution *slot;
    struct used *used;
    size_t n_used = 0, at = 0;

    if (out->n >= SOLUTIONS_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        n_used += parts[i]->n_used;
    used = arena_new(s->a, struct used, n_used + 1);
    slot = used ? vec_push(s->a, out) : NULL;
    if (!slot)
        return false;
    slot->used = used;
    slot->n_used = n_used;
    for (size_t i = 0; i < n; i++) {
        if (parts[i]->n_used)
            memcpy(used + at, parts[i]->used, parts[i]->n_used * sizeof *used);
        at += parts[i]->n_used;
        if (!parts[i]->first.record)
            continue;
        if (!slot->first.record || moment_sorts_before(&parts[i]->first, &slot->first))
            slot->first = parts[i]->first;
        if (!slot->last.record || moment_sorts_before(&slot->last, &parts[i]->last))
            slot->last = parts[i]->last;
    }
    return true;
}

bool solve_look(struct solving *s, size_t n)
{
    size_t cost;

    s->looks += n;
    cost = s->looks / LOOKS_PER_STEP;
    s->looks %= LOOKS_PER_STEP;
    s->budget -= cost < s->budget ? cost : s->budget;
    return s->budget > 0;
}

static bool sorts_before(const struct solution *a, const struct solution *b)
{
    if (!a->first.record || !b->first.record)
        return a->first.record != NULL && !b->first.record;
    return moment_sorts_before(&a->first, &b->first);
}

/* By insertion: nearly always sorted already, and stable where time says nothing. */
void solutions_sort(struct solutions *all)
{
    struct solution moved;
    size_t k;

    for (size_t i = 1; i < all->n; i++) {
        moved = all->p[i];
        for (k = i; k && sorts_before(&moved, &all->p[k - 1]); k--)
            all->p[k] = all->p[k - 1];
        all->p[k] = moved;
    }
}

/* How far the boot had come when the record was written; false when the log does not tell. */
static bool phase_of(const struct part *part, const struct moment *at, enum phase *phase)
{
    const struct phase_marks *marks = hits_phases(part->hits);
    struct moment initrd = { marks->initrd, part->boot, marks->initrd_order, at->part };
    struct moment system = { marks->system, part->boot, marks->system_order, at->part };
    bool known =
            marks->initrd || marks->system || (part->boot && part->boot->head_complete == TRI_YES);

    *phase = PHASE_KERNEL;
    if (initrd.record && moment_before(&initrd, at) == TRI_YES)
        *phase = PHASE_INITRD;
    if (system.record && moment_before(&system, at) == TRI_YES)
        *phase = PHASE_SYSTEM;
    return known;
}

static bool in_phase(const struct part *part, const struct wording *w, const struct moment *at)
{
    enum phase phase;

    return !w->filter.phases ||
           (phase_of(part, at, &phase) && (w->filter.phases & 1u << phase) != 0);
}

static bool add_hit(struct solving *s, const struct used *u, struct solutions *out)
{
    struct used *kept = arena_new(s->a, struct used, 1);
    struct solution *slot = kept ? vec_push(s->a, out) : NULL;

    if (!slot)
        return false;
    *kept = *u;
    *slot = (struct solution){ .used = kept, .n_used = 1, .first = u->at, .last = u->at };
    return true;
}

static void solve_wording(struct solving *s, const struct matcher *m, const struct wording *w,
                          struct solutions *out)
{
    struct used u = { .matcher = m, .wording = w };
    const struct hit_list *list;

    if (applies_to(w->filter.applies, s->facts) == TRI_NO)
        return;
    for (uint32_t part = 0; part < s->n_parts; part++) {
        list = hits_of(s->parts[part].hits, w->index);
        for (size_t i = 0; list && i < hit_list_count(list); i++) {
            u.hit = hit_list_at(list, i);
            u.at = (struct moment){ u.hit->record, s->parts[part].boot, u.hit->order, part };
            if (in_phase(&s->parts[part], w, &u.at) && !add_hit(s, &u, out))
                return;
        }
    }
}

static void keep_one(const struct matcher *m, struct solutions *out)
{
    if (!out->n || (!m->first_only && !m->last_only))
        return;
    if (m->last_only)
        out->p[0] = out->p[out->n - 1];
    out->n = 1;
}

static void solve_not(struct solving *s, const struct matcher *m, struct solutions *out)
{
    if (solve_absent(s, m) == TRI_YES)
        solutions_join(s, NULL, 0, out);
}

void solve(struct solving *s, const struct matcher *m, struct solutions *out)
{
    switch (m->kind) {
    case MATCHER_TEXT:
        for (size_t i = 0; i < m->n_wordings; i++)
            solve_wording(s, m, &m->wordings[i], out);
        solutions_sort(out);
        break;
    case MATCHER_ANY:
        for (size_t i = 0; i < m->n_of; i++)
            solve(s, &m->of[i], out);
        solutions_sort(out);
        break;
    case MATCHER_ALL: solve_all(s, m, out); break;
    case MATCHER_SEQUENCE: solve_sequence(s, m, out); break;
    case MATCHER_COUNT: solve_count(s, m, out); break;
    case MATCHER_NOT: solve_not(s, m, out); break;
    }
    keep_one(m, out);
}

/* Does the hit's id or that of a matcher around it make "id.name" of `name`? */
static bool has_name(const struct used *u, struct str name, size_t *index)
{
    struct str own;

    for (size_t i = 0; i < (u->wording ? u->wording->n_names : 1); i++) {
        own = u->wording ? u->wording->names[i] : STR("count");
        *index = i;
        if (str_eq(own, name))
            return true;
        for (const struct matcher *m = u->matcher; m && name.n > own.n; m = m->parent) {
            if (m->id.n && name.n == m->id.n + 1 + own.n && str_starts(name, m->id) &&
                name.p[m->id.n] == '.' && str_ends(name, own))
                return true;
        }
    }
    return false;
}

struct str solution_text(const struct solution *s, struct str name)
{
    size_t index;

    for (size_t i = 0; i < s->n_used; i++) {
        if (s->used[i].hit && has_name(&s->used[i], name, &index))
            return s->used[i].hit->captures[index];
    }
    return (struct str){ 0 };
}
