/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaded rules become a ruleset: overridden ones leave, ids are sorted, wordings are numbered,
 * edges resolved, and one prefilter is built over the literals of all of them.
 */
#include "analyzer/engine/edges.h"
#include "analyzer/engine/keys.h"
#include "analyzer/engine/literal.h"
#include "analyzer/engine/sha256.h"

#include <stdlib.h>

static int cmp_loaded(const void *a, const void *b)
{
    const struct rule *const *x = a, *const *y = b;
    int order = str_cmp((*x)->id, (*y)->id);

    return order ? order : ((*x)->index > (*y)->index) - ((*x)->index < (*y)->index);
}

/* The same id twice: the later one stays; twice in one file is a mistake. */
static bool sort_rules(struct ruleset *rs, struct problems *errors)
{
    struct rule **p = rs->rules.p;
    size_t kept = 0;
    bool ok = true;

    for (uint32_t i = 0; i < rs->rules.n; i++)
        p[i]->index = i; /* the order of loading, for now */
    if (rs->rules.n)
        qsort(p, rs->rules.n, sizeof *p, cmp_loaded);
    for (size_t i = 0; i < rs->rules.n; i++) {
        if (kept && str_eq(p[kept - 1]->id, p[i]->id)) {
            /* A file has its name's bytes to itself: read twice it replaces itself. */
            if (p[kept - 1]->file.p == p[i]->file.p)
                ok = problem_add(errors, p[i]->file.p, p[i]->line, 1,
                                 "rule '%.*s' stands twice: here and on line %u", STR_ARG(p[i]->id),
                                 (unsigned)p[kept - 1]->line);
            kept--;
        }
        p[kept++] = p[i];
    }
    rs->rules.n = kept;
    for (uint32_t i = 0; i < kept; i++)
        p[i]->index = i;
    return ok;
}

/* Recursion over the rule's tree, at most LIMIT_YAML_DEPTH deep. */
static bool number_wordings(struct ruleset *rs, const struct rule *r, const struct matcher *m)
{
    struct wording **slot;

    for (size_t i = 0; i < m->n_wordings; i++) {
        slot = vec_push(&rs->arena, &rs->wordings);
        if (!slot)
            return false;
        *slot = &m->wordings[i];
        m->wordings[i].index = (uint32_t)(rs->wordings.n - 1);
        m->wordings[i].rule_id = r->id;
        rs->uses_phase |= m->wordings[i].filter.phases != 0;
    }
    for (size_t i = 0; i < m->n_of; i++) {
        if (!number_wordings(rs, r, &m->of[i]))
            return false;
    }
    return true;
}

struct filter_build {
    struct ruleset *rs;
    struct literals literals;
    struct owners {
        VEC(uint32_t);
    } owners; /* of each literal */
    struct owners unfiltered;
};

static bool add_literal(struct filter_build *b, struct literal literal, uint32_t owner)
{
    struct literal *slot = vec_push(&b->rs->arena, &b->literals);
    uint32_t *o = vec_push(&b->rs->arena, &b->owners);

    if (slot && o) {
        *slot = literal;
        *o = owner;
    }
    return slot && o;
}

/* Raw bytes hold one line at a time: of a literal with newlines its longest line. */
static struct str longest_line(struct str s)
{
    struct str line, best = { 0 };

    while (str_take_line(&s, &line)) {
        if (line.n > best.n)
            best = line;
    }
    return best;
}

/* The literals of which one stands in every record that the wording matches. */
static bool wording_literals(struct arena *a, const struct wording *w, struct literals *out)
{
    struct literal *slot;
    bool found = w->kind == WORDING_REGEX && literal_extract(a, w->text, w->filter.nocase, out);

    if (w->kind == WORDING_LITERAL) {
        slot = vec_push(a, out);
        if (slot)
            *slot = (struct literal){ w->text, w->filter.nocase };
        found = slot != NULL;
    }
    for (size_t i = 0; found && i < out->n; i++) {
        out->p[i].text = longest_line(out->p[i].text);
        found = out->p[i].text.n >= PREFILTER_MIN;
    }
    if (found)
        return true;
    out->n = 0;
    for (size_t i = 0; i < w->filter.drivers.n; i++) {
        slot = vec_push(a, out);
        if (!slot || w->filter.drivers.p[i].n < PREFILTER_MIN)
            return false;
        *slot = (struct literal){ w->filter.drivers.p[i], false };
    }
    return out->n > 0;
}

static bool add_wording(struct filter_build *b, const struct wording *w)
{
    struct literals own = { 0 };
    uint32_t *slot;

    if (w->crash) { /* what begins a report is among the prefilter's texts anyway */
        slot = vec_push(&b->rs->arena, &b->rs->crash_wordings);
        if (slot)
            *slot = w->index;
        return slot != NULL;
    }
    if (w->kind != WORDING_ANYTHING && wording_literals(&b->rs->arena, w, &own)) {
        for (size_t i = 0; i < own.n; i++) {
            if (!add_literal(b, own.p[i], w->index))
                return false;
        }
        return true;
    }
    /* Raw bytes of a journal hold its message id, the text of the record does not. */
    if (w->message_id.n && !add_literal(b, (struct literal){ w->message_id, true }, NO_WORDING))
        return false;
    if (!w->message_id.n)
        b->rs->sees_all = true;
    slot = vec_push(&b->rs->arena, &b->unfiltered);
    if (slot)
        *slot = w->index;
    return slot != NULL;
}

static bool add_matcher(struct filter_build *b, const struct matcher *m)
{
    for (size_t i = 0; i < m->n_wordings; i++) {
        if (!add_wording(b, &m->wordings[i]))
            return false;
    }
    for (size_t i = 0; i < m->n_of; i++) {
        if (!add_matcher(b, &m->of[i]))
            return false;
    }
    return true;
}

static bool add_extra(struct filter_build *b, const char *const *const *extra)
{
    for (; extra && *extra; extra++) {
        for (const char *const *p = *extra; *p; p++) {
            if (!add_literal(b, (struct literal){ str_from(*p), false }, NO_WORDING))
                return false;
        }
    }
    return true;
}

/* What match_record() learns the phase from. */
static const char *const phase_literals[] = { " as init process", "Switching root", NULL };
static const char *const *const phase_extra[] = { phase_literals, NULL };

static bool build_filter(struct ruleset *rs, const char *const *const *extra,
                         struct problems *errors)
{
    struct filter_build b = { .rs = rs };
    bool ok = true;

    for (size_t i = 0; ok && i < rs->rules.n; i++) {
        const struct rule *r = rs->rules.p[i];

        ok = number_wordings(rs, r, r->match) &&
             (r->status == STATUS_RETIRED || add_matcher(&b, r->match));
    }
    ok = ok && add_extra(&b, extra) && (!rs->uses_phase || add_extra(&b, phase_extra));
    rs->literal_wordings = b.owners.p;
    rs->literals = b.literals;
    rs->unfiltered = b.unfiltered.p;
    rs->n_unfiltered = b.unfiltered.n;
    if (ok && b.literals.n) {
        rs->prefilter = prefilter_new(b.literals.p, b.literals.n);
        ok = rs->prefilter != NULL;
    }
    return ok || problem_add(errors, "", 0, 0, "the prefilter could not be built");
}

static void hash_rules(struct ruleset *rs)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char digest[32];
    struct sha256 h;

    sha256_init(&h);
    for (size_t i = 0; i < rs->rules.n; i++)
        sha256_add(&h, (struct str){ (const char *)rs->rules.p[i]->more->digest, 32 });
    sha256_done(&h, digest);
    for (size_t i = 0; i < 32; i++) {
        rs->sha256[2 * i] = hex[digest[i] >> 4];
        rs->sha256[2 * i + 1] = hex[digest[i] & 15];
    }
}

bool ruleset_compile(struct ruleset *rs, const char *const *const *extra, struct problems *errors)
{
    bool ok = sort_rules(rs, errors);

    ok = edges_build(rs, errors) && ok;
    ok = build_filter(rs, extra, errors) && ok;
    hash_rules(rs);
    return ok;
}
