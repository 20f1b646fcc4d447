/* SPDX-License-Identifier: Apache-2.0 */
/* `match:` and `alt:`: nodes become the tree of matchers with their wordings. */
#include "analyzer/engine/load.h"

#include "analyzer/core/limits.h"

static const struct {
    enum key key;
    enum matcher_kind kind;
} inner_kinds[] = {
    { KEY_MATCHER_ANY, MATCHER_ANY },           { KEY_MATCHER_ALL, MATCHER_ALL },
    { KEY_MATCHER_SEQUENCE, MATCHER_SEQUENCE }, { KEY_MATCHER_NOT, MATCHER_NOT },
    { KEY_MATCHER_COUNT, MATCHER_COUNT },
};

static bool same_names(const struct wording *a, const struct wording *b)
{
    size_t found = 0;

    for (size_t i = 0; i < a->n_names; i++) {
        for (size_t k = 0; k < b->n_names; k++)
            found += str_eq(a->names[i], b->names[k]);
    }
    return found == a->n_names && found == b->n_names;
}

/* Keys that make no sense in an entry of alt: or in a text matcher, resp. in a composed one. */
bool load_refuse(struct loader *l, const struct node *n, const enum key *keys, size_t count,
                 const char *why)
{
    const struct node *v;

    for (size_t i = 0; i < count; i++) {
        v = key_find(n, keys[i]);
        if (v)
            return load_fault(l, v, "'%.*s' %s", STR_ARG(key_infos[keys[i]].name), why);
    }
    return true;
}

static bool load_alternatives(struct loader *l, const struct node *alt,
                              const struct filter *inherited, struct matcher *m)
{
    static const enum key own[] = { KEY_MATCHER_ID,       KEY_MATCHER_ANY,   KEY_MATCHER_ALL,
                                    KEY_MATCHER_SEQUENCE, KEY_MATCHER_NOT,   KEY_MATCHER_COUNT,
                                    KEY_MATCHER_WITHIN,   KEY_MATCHER_FIRST, KEY_MATCHER_LAST,
                                    KEY_MATCHER_ALT,      KEY_MATCHER_BLOCK };
    struct wording *w;

    for (const struct node *n = alt->first; n; n = n->next) {
        w = &m->wordings[m->n_wordings];
        if (!load_keys(l, n, KEYS_MATCHER) ||
            !load_refuse(l, n, own, sizeof own / sizeof own[0], "cannot stand in alt:") ||
            !load_wording(l, n, inherited, w))
            return false;
        if (!same_names(&m->wordings[0], w))
            return load_fault(l, n, "the captures of alt: must be those of the first wording");
        m->n_wordings++;
    }
    return true;
}

static bool load_text(struct loader *l, const struct node *n, const struct node *alt,
                      const struct filter *inherited, struct matcher *m)
{
    size_t count = 1 + (alt ? alt->n : 0);

    m->kind = MATCHER_TEXT;
    m->wordings = arena_new(l->a, struct wording, count);
    if (!m->wordings)
        return load_fault(l, n, "out of memory for rules");
    if (!load_wording(l, n, inherited, &m->wordings[0]))
        return false;
    m->n_wordings = 1;
    return !alt || load_alternatives(l, alt, &m->wordings[0].filter, m);
}

/* A matcher that waits to be loaded, and the filter that it inherits. */
struct pending {
    const struct node *node, *alt;
    const struct filter *inherited;
    struct matcher *m;
};

/* The tree is loaded from a queue, not by recursion: its shape is the file's. */
struct queue {
    VEC(struct pending);
};

static bool queue_inner(struct loader *l, struct queue *q, const struct node *of,
                        const struct filter *f, struct matcher *m)
{
    bool single = of->kind == NODE_MAP;
    struct filter *kept = arena_new(l->a, struct filter, 1);
    struct pending *p;

    if (!single && !of->n)
        return load_fault(l, of, "the list is empty");
    m->of = arena_new(l->a, struct matcher, single ? 1 : of->n);
    if (!m->of || !kept)
        return load_fault(l, of, "out of memory for rules");
    *kept = *f;
    for (const struct node *n = single ? of : of->first; n; n = single ? NULL : n->next) {
        p = vec_push(l->a, q);
        if (!p)
            return load_fault(l, of, "out of memory for rules");
        *p = (struct pending){ .node = n, .inherited = kept, .m = &m->of[m->n_of++] };
        p->m->parent = m;
    }
    return true;
}

static bool load_count(struct loader *l, struct queue *q, const struct node *n,
                       const struct filter *f, struct matcher *m)
{
    const struct node *of, *min, *within;

    if (!load_keys(l, n, KEYS_COUNT))
        return false;
    of = key_find(n, KEY_COUNT_OF);
    min = key_find(n, KEY_COUNT_MIN);
    within = key_find(n, KEY_COUNT_WITHIN);
    if (!of || !min)
        return load_fault(l, n, "count: needs min and of: {min: 3, within: 60s, of: {regex: …}}");
    if (!str_to_u64(min->text, &m->min) || m->min < 1 || m->min > LIMIT_HITS_PER_PATTERN / 2)
        return load_fault(l, min, "min: from 1 to %d", LIMIT_HITS_PER_PATTERN / 2);
    if (within && !duration_parse(within->text, &m->within_us))
        return load_fault(l, within, "within: expected a duration");
    m->by = node_text(key_find(n, KEY_COUNT_BY));
    return queue_inner(l, q, of, f, m);
}

static bool load_common(struct loader *l, const struct node *n, struct matcher *m)
{
    const struct node *within = key_find(n, KEY_MATCHER_WITHIN);

    m->line = n->line;
    m->col = n->col;
    m->id = node_text(key_find(n, KEY_MATCHER_ID));
    m->first_only = node_flag(key_find(n, KEY_MATCHER_FIRST));
    m->last_only = node_flag(key_find(n, KEY_MATCHER_LAST));
    if (m->first_only && m->last_only)
        return load_fault(l, n, "either first or last, not both");
    return !within || duration_parse(within->text, &m->within_us);
}

static bool load_composed(struct loader *l, struct queue *q, const struct pending *p,
                          const struct node *value)
{
    static const enum key text_only[] = { KEY_MATCHER_LITERAL, KEY_MATCHER_REGEX,
                                          KEY_MATCHER_MESSAGE_ID, KEY_MATCHER_ALT };
    struct filter f = *p->inherited;

    if (!load_refuse(l, p->node, text_only, sizeof text_only / sizeof text_only[0],
                     "belongs into the matchers inside") ||
        !load_filter(l, p->node, &f))
        return false;
    if (p->m->kind == MATCHER_COUNT)
        return load_count(l, q, value, &f, p->m);
    return queue_inner(l, q, value, &f, p->m);
}

static bool load_pending(struct loader *l, struct queue *q, const struct pending *p)
{
    const struct node *value = NULL, *v;

    if (!load_keys(l, p->node, KEYS_MATCHER) || !load_common(l, p->node, p->m))
        return false;
    for (size_t i = 0; i < sizeof inner_kinds / sizeof inner_kinds[0]; i++) {
        v = key_find(p->node, inner_kinds[i].key);
        if (v && value)
            return load_fault(l, v, "only one of any, all, sequence, not, count");
        if (v) {
            value = v;
            p->m->kind = inner_kinds[i].kind;
        }
    }
    v = key_find(p->node, KEY_MATCHER_BLOCK);
    if (v && value)
        return load_fault(l, v, "block: crash goes into the matchers inside");
    if (!v && !load_crash_none(l, p->node))
        return false;
    if (value && p->alt)
        return load_fault(l, p->alt, "alt: goes with a single text matcher; use any:");
    if (value)
        return load_composed(l, q, p, value);
    if (key_find(p->node, KEY_MATCHER_BLOCK))
        return load_crash(l, p->node, p->alt, p->inherited, p->m);
    v = key_find(p->node, KEY_MATCHER_ALT);
    return load_text(l, p->node, v ? v : p->alt, p->inherited, p->m);
}

/* What can only be said when the whole tree is there. */
static bool check_matcher(struct loader *l, const struct node *at, const struct matcher *m)
{
    if (m->by.n && !matcher_may_bind(&m->of[0], m->by))
        return load_fault(l, at, "by: '%.*s' is no capture of the matcher", STR_ARG(m->by));
    if (m->kind == MATCHER_NOT && m->of[0].kind == MATCHER_NOT)
        return load_fault(l, at, "not: of not: says nothing");
    return true;
}

struct matcher *load_matcher(struct loader *l, const struct node *match, const struct node *alt)
{
    struct filter all = { .origins = load_origin_bits(ORIGIN_GUEST_KERNEL),
                          .level_min = LEVEL_EMERG,
                          .level_max = LEVEL_DEBUG };
    struct matcher *m = arena_new(l->a, struct matcher, 1);
    struct queue q = { 0 };
    struct pending *p = vec_push(l->a, &q), now;
    bool ok = true;

    if (!m || !p) {
        load_fault(l, match, "out of memory for rules");
        return NULL;
    }
    *p = (struct pending){ .node = match, .alt = alt, .inherited = &all, .m = m };
    for (size_t i = 0; i < q.n; i++) {
        now = q.p[i]; /* the queue may move */
        ok = load_pending(l, &q, &now) && ok;
    }
    for (size_t i = 0; ok && i < q.n; i++)
        ok = check_matcher(l, q.p[i].node, q.p[i].m);
    return ok ? m : NULL;
}
