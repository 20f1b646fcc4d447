/* SPDX-License-Identifier: Apache-2.0 */
/* Direct edges between rules; see graph.h. */
#include "analyzer/engine/graph.h"

#include "analyzer/engine/matcher.h"

#include <stdlib.h>

struct drawing {
    const struct ruleset *rs;
    struct arena *a;
    struct graph *graph;
};

static bool add_edge(struct drawing *d, struct graph_edge edge)
{
    struct graph_edge *slot = vec_push(d->a, d->graph);

    if (slot)
        *slot = edge;
    return slot != NULL;
}

/* `back`: the edges end at `r`. */
static bool add_list(struct drawing *d, const struct rule *r, const struct strs *ids,
                     enum graph_kind kind, bool back)
{
    bool ok = true;

    for (size_t i = 0; i < ids->n; i++) {
        for (size_t k = 0; ok && k < ruleset_count(d->rs); k++) {
            const struct rule *t = ruleset_at(d->rs, k);

            if (t != r && glob_match(ids->p[i], t->id))
                ok = add_edge(d, back ? (struct graph_edge){ t->index, r->index, kind }
                                      : (struct graph_edge){ r->index, t->index, kind });
        }
    }
    return ok;
}

static int cmp_edges(const void *a, const void *b)
{
    const struct graph_edge *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return (x->kind > y->kind) - (x->kind < y->kind);
}

bool graph_build(const struct ruleset *rs, struct arena *a, struct graph *out)
{
    struct drawing d = { rs, a, out };
    size_t kept = 0;
    bool ok = true;

    for (size_t i = 0; ok && i < ruleset_count(rs); i++) {
        const struct rule *r = ruleset_at(rs, i);

        ok = add_list(&d, r, &r->explains, GRAPH_EXPLAINS, false) &&
             add_list(&d, r, &r->caused_by, GRAPH_EXPLAINS, true) &&
             add_list(&d, r, &r->supersedes, GRAPH_SUPERSEDES, false) &&
             add_list(&d, r, &r->suppress_if, GRAPH_MUTES, true);
    }
    if (out->n)
        qsort(out->p, out->n, sizeof *out->p, cmp_edges);
    for (size_t i = 0; i < out->n; i++)
        if (!kept || cmp_edges(&out->p[kept - 1], &out->p[i]) != 0)
            out->p[kept++] = out->p[i];
    out->n = kept;
    return ok;
}
