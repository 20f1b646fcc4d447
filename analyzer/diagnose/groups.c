/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of cases; see groups.h. Members are found by sorting, so that 10,000 cases are no work. */
#include "analyzer/diagnose/groups.h"

#include <stdlib.h>

enum { EXIT_CODE_PART = 3 }; /* the program's: some input bytes were never analysed */

/* What puts one case into a group. */
struct entry {
    struct str key, title;
    enum severity severity;
    uint32_t index;
};

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = str_cmp(x->key, y->key);

    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static int by_weight(const void *a, const void *b)
{
    const struct case_group *x = a, *y = b;

    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->members.n != y->members.n)
        return x->members.n > y->members.n ? -1 : 1;
    return str_cmp(x->key, y->key);
}

static bool cause_of(const struct case_result *c, struct entry *e)
{
    const struct case_diagnosis *d = case_cause(c);

    if (!d || d->role == ROLE_NOTE)
        return false;
    e->key = d->rule;
    e->title = d->title;
    e->severity = d->severity;
    return true;
}

static bool crash_of(const struct case_result *c, struct entry *e)
{
    const struct case_crash *crash = case_first_crash(c);

    if (!crash)
        return false;
    e->key = crash->exact;
    e->title = crash->title;
    return true;
}

/* How many bytes of words both begin with, or, from behind, end with. */
static size_t common_words(struct str a, struct str b, bool behind)
{
    size_t n = 0, words = 0;

    while (n < a.n && n < b.n) {
        char c = behind ? a.p[a.n - n - 1] : a.p[n];

        if (c != (behind ? b.p[b.n - n - 1] : b.p[n]))
            break;
        n++;
        if (c == ' ')
            words = n;
    }
    return words;
}

/* "Disk sda is full" and "Disk sdb is full" are "Disk … is full". */
static struct str common_title(struct arena *arena, struct str a, struct str b)
{
    size_t head, tail;

    if (str_eq(a, b))
        return a;
    head = common_words(a, b, false);
    tail = common_words(str_from_at(a, head), str_from_at(b, head), true);
    return arena_printf(arena, "%.*s…%.*s", STR_ARG(str_first(a, head)),
                        STR_ARG(str_from_at(a, a.n - tail)));
}

/* Sorted entries with one key follow each other. */
static bool add_entry(struct arena *arena, enum group_kind kind, const struct entry *e,
                      struct case_groups *out)
{
    struct case_group *g = out->n ? &out->p[out->n - 1] : NULL;
    uint32_t *slot;

    if (!g || !str_eq(g->key, e->key)) {
        g = vec_push(arena, out);
        if (!g)
            return false;
        g->kind = kind;
        g->key = e->key;
        g->title = e->title;
    }
    g->title = common_title(arena, g->title, e->title);
    if (e->severity > g->severity)
        g->severity = e->severity;
    slot = vec_push(arena, &g->members);
    if (slot)
        *slot = e->index;
    return slot != NULL;
}

static bool group(const struct cases *cases, struct arena *arena, enum group_kind kind,
                  struct case_groups *out)
{
    struct entry *entries = arena_new(arena, struct entry, cases->of.n + 1);
    size_t n = 0;

    if (!entries)
        return false;
    for (uint32_t i = 0; i < cases->of.n; i++) {
        const struct case_result *c = &cases->of.p[i];
        bool has = kind == GROUP_CAUSE ? cause_of(c, &entries[n]) : crash_of(c, &entries[n]);

        entries[n].index = i;
        n += has;
    }
    qsort(entries, n, sizeof *entries, by_key);
    for (size_t i = 0; i < n; i++)
        if (!add_entry(arena, kind, &entries[i], out))
            return false;
    if (out->n)
        qsort(out->p, out->n, sizeof *out->p, by_weight);
    return true;
}

bool groups_by_cause(const struct cases *cases, struct arena *arena, struct case_groups *out)
{
    return group(cases, arena, GROUP_CAUSE, out);
}

bool groups_by_crash(const struct cases *cases, struct arena *arena, struct case_groups *out)
{
    return group(cases, arena, GROUP_CRASH, out);
}

struct case_counts cases_count(const struct cases *cases)
{
    struct case_counts counts = { 0 };

    for (size_t i = 0; i < cases->of.n; i++) {
        const struct case_result *c = &cases->of.p[i];
        enum severity worst;

        counts.by_result[c->result]++;
        counts.incomplete += c->exit_code == EXIT_CODE_PART;
        counts.crashed += c->crashes.n > 0;
        if (case_worst(c, &worst))
            counts.by_severity[worst]++;
        for (size_t k = 0; k < c->inputs.n; k++)
            counts.bytes += c->inputs.p[k].bytes;
    }
    return counts;
}
