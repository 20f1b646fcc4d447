/* SPDX-License-Identifier: Apache-2.0 */
/* Names, facts and conditions of one finding in the making; see where.h. */
#include "analyzer/engine/where.h"

#include "analyzer/engine/compare.h"
#include "analyzer/engine/pattern.h"
#include "analyzer/engine/setfunc.h"

/* What a capture is about, by its name: redaction needs to know. RULES.md lists these words. */
static enum value_sort sort_of_name(struct str name)
{
    static const struct {
        struct str name;
        enum value_sort sort;
    } sorts[] = {
        { { STR_INIT("host") }, SORT_HOST },       { { STR_INIT("hostname") }, SORT_HOST },
        { { STR_INIT("server") }, SORT_HOST },     { { STR_INIT("user") }, SORT_USER },
        { { STR_INIT("ip") }, SORT_IP },           { { STR_INIT("addr") }, SORT_IP },
        { { STR_INIT("mac") }, SORT_MAC },         { { STR_INIT("uuid") }, SORT_UUID },
        { { STR_INIT("partuuid") }, SORT_UUID },   { { STR_INIT("path") }, SORT_PATH },
        { { STR_INIT("file") }, SORT_PATH },       { { STR_INIT("dir") }, SORT_PATH },
        { { STR_INIT("mountpoint") }, SORT_PATH }, { { STR_INIT("dev") }, SORT_DEVICE },
        { { STR_INIT("device") }, SORT_DEVICE },   { { STR_INIT("disk") }, SORT_DEVICE },
        { { STR_INIT("root") }, SORT_DEVICE },
    };

    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        if (str_eq(sorts[i].name, name))
            return sorts[i].sort;
    }
    return SORT_OTHER;
}

bool binding_find(const struct binding *names, size_t n, struct str path, struct arena *a,
                  struct value *out)
{
    struct str rest;
    uint64_t index;

    for (size_t i = 0; i < n; i++) {
        if (str_eq(names[i].name, path)) {
            *out = names[i].value;
            return true;
        }
    }
    /* "best.uuid", "disks[0].name": a part of what `best` or `disks` is bound to */
    for (size_t i = 0; i < n; i++) {
        rest = path;
        if (!str_take(&rest, names[i].name) || str_find_char(STR(".["), rest.p[0]) == STR_NOT_FOUND)
            continue;
        /* A capture `root` has no parts: ${root.candidate} is then the fact of that name. */
        if (names[i].value.type != VALUE_MAP && names[i].value.type != VALUE_LIST)
            continue;
        *out = names[i].value;
        while (rest.n) {
            if (str_take_char(&rest, '[') && str_take_u64(&rest, &index) &&
                str_take_char(&rest, ']')) {
                *out = out->type == VALUE_LIST && index < out->n_items ? out->items[index]
                                                                       : value_unknown();
                continue;
            }
            str_take_char(&rest, '.');
            size_t end = 0;

            while (end < rest.n && rest.p[end] != '.' && rest.p[end] != '[')
                end++;
            *out = value_field(a, out, str_first(rest, end));
            rest = str_from_at(rest, end ? end : rest.n);
        }
        return true;
    }
    return false;
}

static struct value tri_value(enum tri t)
{
    return t == TRI_UNKNOWN ? value_unknown() : value_bool(t == TRI_YES);
}

/* boot.* while the boot is open: the facts get them when it is settled. */
static struct value boot_value(const struct boot *b, struct str path)
{
    const struct {
        struct str path;
        struct value value;
    } values[] = {
        { STR("boot.head_complete"), tri_value(b->head_complete) },
        { STR("boot.tail_complete"), tri_value(b->tail_complete) },
        { STR("boot.merged_dumps"), value_int(b->merged_dumps) },
        { STR("boot.gaps"), value_int(b->gaps) },
        { STR("boot.throttled"), value_bool(b->throttled) },
        { STR("boot.has_kernel"), value_bool(b->has_kernel) },
        { STR("boot.has_console"), value_bool(b->has_console) },
    };

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (str_eq(values[i].path, path))
            return values[i].value;
    }
    return value_unknown();
}

struct value fact_of(const struct facts *facts, const struct boot *boot, struct str path,
                     struct arena *a, const struct record **proof)
{
    struct value v = value_unknown();

    if (facts && facts_find(facts, path, a, &v, proof) && v.type != VALUE_UNKNOWN)
        return v;
    return boot ? boot_value(boot, path) : value_unknown();
}

struct value scene_value(const struct scene *s, struct str path, const struct record **proof)
{
    struct value v;

    if (binding_find(s->names.p, s->names.n, path, s->a, &v))
        return v;
    return fact_of(s->facts, s->boot, path, s->a, proof);
}

struct value condition_value(const struct scene *s, const struct condition *c,
                             const struct record **proof)
{
    return c->is_name ? scene_value(s, c->path, proof)
                      : fact_of(s->facts, s->boot, c->path, s->a, proof);
}

static bool scene_lookup(const void *ctx, struct str path, struct arena *a, struct value *out)
{
    (void)a;
    *out = scene_value(ctx, path, NULL);
    return true;
}

/* A condition's value with its ${names} filled in; .p is NULL when one of them is unknown. */
static struct str fill_value(const struct scene *s, const struct template *t)
{
    struct text text = { 0 };
    struct str joined = STR("");
    struct value v;

    for (size_t i = 0; i < t->n_parts; i++) {
        if (t->parts[i].path.n && (v = scene_value(s, t->parts[i].path, NULL), true) &&
            v.type == VALUE_UNKNOWN)
            return (struct str){ 0 };
    }
    if (t->n_parts == 1 && !t->parts[0].path.n)
        return t->parts[0].words;
    template_fill(t, scene_lookup, s, s->a, &text);
    for (size_t i = 0; i < text.n; i++)
        joined = arena_printf(s->a, "%.*s%.*s", STR_ARG(joined), STR_ARG(text.p[i].text));
    return joined;
}

static void add_proof(struct scene *s, const struct record *proof)
{
    const struct record **slot = proof ? vec_push(s->a, &s->proofs) : NULL;

    if (slot)
        *slot = proof;
}

enum tri condition_holds(struct scene *s, const struct condition *c, const struct value *item)
{
    struct comparison k = { .c = c, .a = s->a };
    const struct record *proof = NULL;
    struct str *texts;
    struct value v;
    enum tri held;

    if (c->op == OP_ANY) {
        enum tri any = TRI_NO;

        for (const struct condition *inner = c->of; inner && any != TRI_YES; inner = inner->next) {
            held = condition_holds(s, inner, item);
            any = held == TRI_NO ? any : held;
        }
        return any;
    }
    v = item ? value_field(s->a, item, c->path) : condition_value(s, c, &proof);
    texts = arena_new(s->a, struct str, c->values.n + 1);
    for (size_t i = 0; texts && i < c->values.n; i++)
        texts[i] = fill_value(s, &c->values.p[i]);
    if (c->patterns.n && !s->scratch)
        s->scratch = pattern_scratch_new(true);
    if (!texts || (c->patterns.n && !s->scratch))
        return TRI_UNKNOWN;
    k.texts = texts;
    k.n_texts = c->values.n;
    k.scratch = s->scratch;
    held = compare(&k, &v);
    if (held == TRI_YES)
        add_proof(s, proof);
    return held;
}

enum tri conditions_hold(struct scene *s, const struct condition *list, const struct value *item)
{
    enum tri all = TRI_YES, one;

    for (const struct condition *c = list; c; c = c->next) {
        one = condition_holds(s, c, item);
        if (one == TRI_NO)
            return TRI_NO;
        if (one == TRI_UNKNOWN)
            all = TRI_UNKNOWN;
    }
    return all;
}

static void bind(struct scene *s, struct str name, struct value value)
{
    struct binding *slot;

    for (size_t i = 0; i < s->names.n; i++) {
        if (str_eq(s->names.p[i].name, name)) {
            if (s->names.p[i].value.type == VALUE_UNKNOWN)
                s->names.p[i].value = value;
            return; /* the first step that binds a name has it */
        }
    }
    slot = vec_push(s->a, &s->names);
    if (slot)
        *slot = (struct binding){ name, value };
}

static void bind_with_ids(struct scene *s, const struct used *u, struct str name,
                          struct value value)
{
    bind(s, name, value);
    for (const struct matcher *m = u->matcher; m; m = m->parent) {
        if (m->id.n)
            bind(s, arena_printf(s->a, "%.*s.%.*s", STR_ARG(m->id), STR_ARG(name)), value);
    }
}

static void bind_used(struct scene *s, const struct used *u)
{
    struct str text;

    if (!u->wording) {
        bind_with_ids(s, u, STR("count"), value_int((int64_t)u->count));
        return;
    }
    for (size_t i = 0; i < u->wording->n_names; i++) {
        text = u->hit->captures[i];
        bind_with_ids(s, u, u->wording->names[i],
                      text.p ? value_text(text, sort_of_name(u->wording->names[i]))
                             : value_unknown());
    }
}

/* The items of a list that the choice's conditions let through, or the field to take of them. */
static struct value choose(struct scene *s, const struct setter *set, const struct value *list)
{
    struct value *items;
    size_t n = 0;

    if (list->type != VALUE_LIST)
        return value_unknown();
    items = arena_new(s->a, struct value, list->n_items + 1);
    for (size_t i = 0; items && i < list->n_items; i++) {
        if (conditions_hold(s, set->where, &list->items[i]) != TRI_YES)
            continue;
        items[n++] = set->take.n ? value_field(s->a, &list->items[i], set->take) : list->items[i];
    }
    return items ? value_list(items, n) : value_unknown();
}

static struct value evaluate_setter(struct scene *s, const struct setter *set)
{
    struct value args[4];
    bool choice = set->where || set->take.n;

    for (size_t i = 0; i < set->n_args; i++) {
        args[i] = set->args[i].path.n ? scene_value(s, set->args[i].path, NULL)
                                      : set->args[i].constant;
        if (choice && !i)
            args[i] = choose(s, set, &args[i]);
    }
    return set->func->apply(s->a, args, set->n_args);
}

void scene_bind(struct scene *s, const struct solution *sol)
{
    const struct rule_more *more = s->rule->more;

    for (size_t i = 0; i < sol->n_used; i++)
        bind_used(s, &sol->used[i]);
    for (size_t i = 0; i < more->n_defaults; i++)
        bind(s, more->defaults[i].name, more->defaults[i].value);
    for (const struct setter *set = s->rule->set; set; set = set->next)
        bind(s, set->name, evaluate_setter(s, set));
}
