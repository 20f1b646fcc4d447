/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The graph between rules: `explains` and `caused_by` (the same edge, seen from either end),
 * `supersedes`, `suppress_if`. Globs become rules, edges become transitive, and a cycle is an
 * error: nothing can be its own cause.
 */
#include "analyzer/engine/edges.h"

#include "analyzer/core/limits.h"
#include "analyzer/engine/keys.h"

#include <stdlib.h>

/* What stands before the first '*' or '?'; all of it is no glob. */
static struct str glob_head(struct str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] != '*' && s.p[n] != '?')
        n++;
    return str_first(s, n);
}

struct builder {
    struct ruleset *rs;
    struct arena *a; /* scratch */
    struct problems *errors;
    struct edges direct;
    size_t n_edges;
    const char *word;
};

static bool out_of_edges(struct builder *b)
{
    return problem_add(b->errors, "", 0, 0, "too many edges between rules");
}

static bool add_edge(struct builder *b, uint32_t from, uint32_t to)
{
    uint32_t *slot = b->n_edges < LIMIT_RULE_EDGES ? vec_push(b->a, &b->direct.from[from]) : NULL;

    if (!slot)
        return out_of_edges(b);
    *slot = to;
    b->n_edges++;
    return true;
}

/*
 * The first rule that a glob may mean: rules are sorted by id, so those that begin as it does stand
 * side by side.
 */
static size_t first_with(const struct ruleset *rs, struct str head)
{
    size_t from = 0, to = rs->rules.n, middle;

    while (from < to) {
        middle = from + (to - from) / 2;
        if (str_cmp(rs->rules.p[middle]->id, head) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/*
 * All edges that one id or glob of rule `r` stands for. A glob among causes means failures: a note
 * that happens to share their area must be named to become the cause of anything.
 */
static bool add_edges(struct builder *b, const struct rule *r, struct str target, bool reversed)
{
    const struct rule *t;
    struct str head = glob_head(target);
    bool ok = true;

    if (head.n == target.n) {
        t = ruleset_find(b->rs, target);
        if (!t)
            return true; /* another pack may have it; ruleset_lint() tells */
        if (t == r)
            return problem_add(b->errors, r->file.p, r->line, 1, "%s: '%.*s' names itself", b->word,
                               STR_ARG(r->id));
        return reversed ? add_edge(b, t->index, r->index) : add_edge(b, r->index, t->index);
    }
    for (size_t i = first_with(b->rs, head); ok && i < b->rs->rules.n; i++) {
        t = b->rs->rules.p[i];
        if (!str_starts(t->id, head))
            break;
        if (t != r && glob_match(target, t->id) && !(reversed && t->severity == SEVERITY_INFO))
            ok = reversed ? add_edge(b, t->index, r->index) : add_edge(b, r->index, t->index);
    }
    return ok;
}

static bool add_list(struct builder *b, const struct rule *r, const struct strs *list,
                     bool reversed)
{
    bool ok = true;

    for (size_t i = 0; i < list->n; i++)
        ok = add_edges(b, r, list->p[i], reversed) && ok;
    return ok;
}

static int cmp_u32(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* What rule `from` reaches; `seen` holds from+1 for rules that are already in. */
static bool close_one(struct builder *b, uint32_t from, uint32_t *seen, struct edge_list *out)
{
    const struct rule *r = b->rs->rules.p[from];
    const struct edge_list *next = &b->direct.from[from];
    uint32_t *slot;

    for (size_t at = 0;; at++) {
        for (size_t i = 0; i < next->n; i++) {
            if (next->p[i] == from)
                return problem_add(b->errors, r->file.p, r->line, 1,
                                   "%s: '%.*s' and '%.*s' go in "
                                   "a circle",
                                   b->word, STR_ARG(r->id),
                                   STR_ARG(b->rs->rules.p[at ? out->p[at - 1] : from]->id));
            if (seen[next->p[i]] == from + 1)
                continue;
            seen[next->p[i]] = from + 1;
            slot = b->n_edges++ < LIMIT_RULE_EDGES ? vec_push(&b->rs->arena, out) : NULL;
            if (!slot)
                return out_of_edges(b);
            *slot = next->p[i];
        }
        if (at == out->n)
            break;
        next = &b->direct.from[out->p[at]];
    }
    if (out->n)
        qsort(out->p, out->n, sizeof *out->p, cmp_u32);
    return true;
}

static bool close_all(struct builder *b, struct edges *out)
{
    size_t n = b->rs->rules.n;
    uint32_t *seen = arena_new(b->a, uint32_t, n + 1);

    out->from = arena_new(&b->rs->arena, struct edge_list, n + 1);
    if (!seen || !out->from)
        return out_of_edges(b);
    for (uint32_t i = 0; i < n; i++) {
        if (!close_one(b, i, seen, &out->from[i]))
            return false;
    }
    return true;
}

enum edge_kind { EDGE_EXPLAINS, EDGE_SUPERSEDES, EDGE_SUPPRESSED };

static bool build(struct ruleset *rs, enum edge_kind kind, const char *word, struct edges *out,
                  struct problems *errors)
{
    struct arena scratch = { 0 };
    struct builder b = { .rs = rs, .a = &scratch, .errors = errors, .word = word };
    const struct rule *r;
    bool ok = true;

    b.direct.from = arena_new(&scratch, struct edge_list, rs->rules.n + 1);
    for (size_t i = 0; b.direct.from && i < rs->rules.n; i++) {
        r = rs->rules.p[i];
        if (kind == EDGE_EXPLAINS)
            ok = add_list(&b, r, &r->explains, false) && add_list(&b, r, &r->caused_by, true) && ok;
        else
            ok = add_list(&b, r, kind == EDGE_SUPERSEDES ? &r->supersedes : &r->suppress_if,
                          false) &&
                 ok;
    }
    ok = (b.direct.from || out_of_edges(&b)) && close_all(&b, out) && ok;
    arena_done(&scratch);
    return ok;
}

bool edges_build(struct ruleset *rs, struct problems *errors)
{
    bool ok = build(rs, EDGE_EXPLAINS, "explains", &rs->explains, errors);

    ok = build(rs, EDGE_SUPERSEDES, "supersedes", &rs->supersedes, errors) && ok;
    return build(rs, EDGE_SUPPRESSED, "suppress_if", &rs->suppressed_by, errors) && ok;
}
