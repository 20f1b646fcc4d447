/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The graph between rules: `explains` and `caused_by` (the same edge, seen from either end),
 * `supersedes`, `suppress_if`. Globs become rules, edges become transitive, and a cycle is an
 * error: nothing can be its own cause.
 */
#include "analyzer/engine/edges.h"

#include "analyzer/core/limits.h"
#include "analyzer/engine/keys.h"

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

enum { WORD_BITS = 64 };

/* The rules that one rule reaches: a bit each, so that they need no sorting. */
struct reached {
    uint64_t *bits;
    uint32_t least, most; /* of those that are in, if any */
    uint32_t *queue;      /* the same in the order of finding them */
    size_t n;
};

static bool is_reached(const struct reached *r, uint32_t rule)
{
    return r->bits[rule / WORD_BITS] >> rule % WORD_BITS & 1;
}

static void reach(struct reached *r, uint32_t rule)
{
    r->bits[rule / WORD_BITS] |= UINT64_C(1) << rule % WORD_BITS;
    r->least = !r->n || rule < r->least ? rule : r->least;
    r->most = !r->n || rule > r->most ? rule : r->most;
    r->queue[r->n++] = rule;
}

/* Moves what was reached to `out`, in order; `r` is then empty again. */
static bool take_reached(struct reached *r, struct arena *a, struct edge_list *out)
{
    if (!r->n)
        return true;
    out->p = arena_new(a, uint32_t, r->n);
    if (!out->p)
        return false;
    out->cap = r->n;
    for (uint32_t word = r->least / WORD_BITS; word <= r->most / WORD_BITS; word++) {
        for (; r->bits[word]; r->bits[word] &= r->bits[word] - 1)
            out->p[out->n++] = word * WORD_BITS + (uint32_t)__builtin_ctzll(r->bits[word]);
    }
    r->n = 0;
    return true;
}

/* What rule `from` reaches. */
static bool close_one(struct builder *b, uint32_t from, struct reached *reached)
{
    const struct rule *r = b->rs->rules.p[from];
    const struct edge_list *next = &b->direct.from[from];

    for (size_t at = 0;; at++) {
        for (size_t i = 0; i < next->n; i++) {
            if (next->p[i] == from)
                return problem_add(b->errors, r->file.p, r->line, 1,
                                   "%s: '%.*s' and '%.*s' go in "
                                   "a circle",
                                   b->word, STR_ARG(r->id),
                                   STR_ARG(b->rs->rules.p[at ? reached->queue[at - 1] : from]->id));
            if (is_reached(reached, next->p[i]))
                continue;
            if (b->n_edges++ >= LIMIT_RULE_EDGES)
                return out_of_edges(b);
            reach(reached, next->p[i]);
        }
        if (at == reached->n)
            return true;
        next = &b->direct.from[reached->queue[at]];
    }
}

static bool close_all(struct builder *b, struct edges *out)
{
    size_t n = b->rs->rules.n;
    struct reached reached = { .bits = arena_new(b->a, uint64_t, n / WORD_BITS + 1),
                               .queue = arena_new(b->a, uint32_t, n + 1) };

    out->from = arena_new(&b->rs->arena, struct edge_list, n + 1);
    if (!reached.bits || !reached.queue || !out->from)
        return out_of_edges(b);
    for (uint32_t i = 0; i < n; i++) {
        if (!close_one(b, i, &reached))
            return false;
        if (!take_reached(&reached, &b->rs->arena, &out->from[i]))
            return out_of_edges(b);
    }
    return true;
}

enum edge_kind { EDGE_EXPLAINS, EDGE_SUPERSEDES, EDGE_SUPPRESSED };

static bool build(struct ruleset *rs, enum edge_kind kind, const char *word, struct edges *out,
                  struct problems *errors)
{
    struct arena scratch = { 0 };
    struct arena *a = kind == EDGE_EXPLAINS ? &rs->arena : &scratch;
    struct builder b = { .rs = rs, .a = a, .errors = errors, .word = word };
    const struct rule *r;
    bool ok = true;

    b.direct.from = arena_new(a, struct edge_list, rs->rules.n + 1);
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
    if (kind == EDGE_EXPLAINS)
        rs->says = b.direct;
    arena_done(&scratch);
    return ok;
}

bool edges_build(struct ruleset *rs, struct problems *errors)
{
    bool ok = build(rs, EDGE_EXPLAINS, "explains", &rs->explains, errors);

    ok = build(rs, EDGE_SUPERSEDES, "supersedes", &rs->supersedes, errors) && ok;
    return build(rs, EDGE_SUPPRESSED, "suppress_if", &rs->suppressed_by, errors) && ok;
}
