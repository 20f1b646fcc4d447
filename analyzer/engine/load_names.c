/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every name that a rule's texts, conditions and setters use must be bound whenever the rule fires:
 * by its matcher, set:, default:, or be the path of a fact. A template that prints nothing is a
 * fault of the rule, and is found when it is loaded.
 */
#include "analyzer/engine/load.h"

#include "analyzer/evidence/fact.h"

struct scope {
    struct loader *l;
    const struct rule *rule;
    const struct node *at;
    struct strs bound; /* by the matcher and default: */
    struct strs set;   /* names of set: that were evaluated before */
};

static struct str base_name(struct str path)
{
    size_t n;

    for (n = 0; n < path.n && path.p[n] != '.' && path.p[n] != '['; n++)
        ;
    return str_first(path, n);
}

static bool name_is_bound(const struct scope *s, struct str name)
{
    return strs_have(&s->bound, name) || strs_have(&s->set, name) ||
           strs_have(&s->set, base_name(name));
}

/* The text that `part` was cut from; `n` itself when it is none of these. At most LIMIT_YAML_DEPTH
 * deep. */
static const struct node *text_with(const struct node *n, struct str part)
{
    const struct node *found = NULL;

    if (n->kind == NODE_TEXT)
        return part.p >= n->text.p && part.p + part.n <= n->text.p + n->text.n ? n : NULL;
    for (const struct node *in = n->first; in && !found; in = in->next)
        found = text_with(in, part);
    return found;
}

static const struct node *place_of(const struct scope *s, struct str name)
{
    const struct node *text = text_with(s->at, name);

    return text ? text : s->at;
}

static bool fault_unbound(struct scope *s, struct str name)
{
    const struct node *at = place_of(s, name);
    struct suggestion hint = { .wanted = name };
    char text[80], quoted[80];

    err_quote(name, quoted, sizeof quoted);
    if (matcher_may_bind(s->rule->match, name))
        return load_fault(
                s->l, at,
                "'${%s}' is bound in some branches only: give it a value in default:", quoted);
    for (size_t i = 0; i < s->bound.n; i++)
        suggest(&hint, s->bound.p[i]);
    for (size_t i = 0; i < s->set.n; i++)
        suggest(&hint, s->set.p[i]);
    for (size_t i = 0; i < FACT_COUNT; i++)
        suggest(&hint, fact_infos[i].path);
    return load_fault(s->l, at, "'${%s}' is no capture, set name or fact%s", quoted,
                      suggestion_text(&hint, text, sizeof text));
}

static bool check_path(struct scope *s, struct str path)
{
    return name_is_bound(s, path) || fact_path_valid(path) || fault_unbound(s, path);
}

static bool check_template(struct scope *s, const struct template *t)
{
    bool ok = true;

    for (size_t i = 0; i < t->n_parts; i++)
        ok = (!t->parts[i].path.n || check_path(s, t->parts[i].path)) && ok;
    return ok;
}

static bool check_condition(struct scope *s, const struct condition *c)
{
    bool ok = true;

    if (c->is_name && !name_is_bound(s, c->path))
        ok = fault_unbound(s, c->path);
    for (size_t i = 0; i < c->values.n; i++)
        ok = check_template(s, &c->values.p[i]) && ok;
    for (const struct condition *inner = c->of; inner; inner = inner->next)
        ok = check_condition(s, inner) && ok; /* at most LIMIT_YAML_DEPTH deep */
    return ok;
}

/* Setters see what stands before them. */
static bool check_setters(struct scope *s)
{
    struct str *slot;
    bool ok = true;

    for (const struct setter *set = s->rule->set; set; set = set->next) {
        for (size_t i = 0; i < set->n_args; i++)
            ok = (!set->args[i].path.n || check_path(s, set->args[i].path)) && ok;
        for (const struct condition *c = set->where; c; c = c->next)
            ok = check_condition(s, c) && ok;
        slot = vec_push(s->l->a, &s->set);
        if (slot)
            *slot = set->name;
    }
    return ok;
}

static bool check_requires(struct scope *s, const struct rule_more *more)
{
    for (size_t i = 0; i < more->requires.n; i++) {
        if (!fact_path_valid(more->requires.p[i]))
            return load_fault(s->l, place_of(s, more->requires.p[i]),
                              "requires: there is no fact '%.*s'", STR_ARG(more->requires.p[i]));
        if (!str_eq(fact_type(more->requires.p[i]), STR("flag")))
            return load_fault(s->l, place_of(s, more->requires.p[i]),
                              "requires: %.*s is not true or false; compare it in where:",
                              STR_ARG(more->requires.p[i]));
    }
    return true;
}

/*
 * not: without a bound in time is believed only where the rule says which completeness it needs. In
 * a sequence it has a bound when `within` is given or another step follows.
 */
static bool has_unbounded_not(const struct matcher *m)
{
    bool bounded;

    for (size_t i = 0; i < m->n_of; i++) {
        bounded = m->kind == MATCHER_SEQUENCE && (m->of[i].within_us || i + 1 < m->n_of);
        if (m->of[i].kind == MATCHER_NOT && !bounded)
            return true;
        if (has_unbounded_not(&m->of[i]))
            return true;
    }
    return false;
}

static bool check_absence(struct scope *s, const struct rule_more *more)
{
    const struct matcher *m = more->match;

    if (more->requires.n || (m->kind != MATCHER_NOT && !has_unbounded_not(m)))
        return true;
    return load_fault(s->l, s->at,
                      "not: without within needs requires: [boot.tail_complete] or "
                      "another completeness fact");
}

/* May a later record make one of the conditions false? */
static bool about_absence(const struct condition *list)
{
    for (const struct condition *c = list; c; c = c->next) {
        if (c->op == OP_LACKS || c->op == OP_IS_NOT || (c->op == OP_EMPTY && c->flag) ||
            (c->op == OP_KNOWN && !c->flag) || str_starts(c->path, STR("boot.")) ||
            (c->op == OP_ANY && about_absence(c->of)))
            return true;
    }
    return false;
}

static bool has_not(const struct matcher *m)
{
    for (size_t i = 0; i < m->n_of; i++) {
        if (has_not(&m->of[i]))
            return true;
    }
    return m->kind == MATCHER_NOT;
}

bool load_can_be_undone(const struct rule *rule)
{
    return has_not(rule->match) || about_absence(rule->where) || rule->more->requires.n ||
           rule->suppress_if.n || rule->more->unless;
}

bool load_check_names(struct loader *l, const struct rule *rule, const struct node *node)
{
    const struct rule_more *more = rule->more;
    struct scope s = { .l = l, .rule = rule, .at = node };
    struct str *slot;
    bool ok;

    if (!matcher_names(l->a, rule->match, &s.bound))
        return load_fault(l, node, "out of memory for rules");
    for (size_t i = 0; i < more->n_defaults; i++) {
        slot = vec_push(l->a, &s.bound);
        if (slot)
            *slot = more->defaults[i].name;
    }
    ok = check_setters(&s);
    ok = check_template(&s, &rule->title_template) && ok;
    ok = check_template(&s, &rule->diagnosis) && ok;
    for (size_t i = 0; i < rule->remediation.n; i++) {
        ok = check_template(&s, &rule->remediation.p[i].text) && ok;
        for (const struct condition *c = rule->remediation.p[i].when; c; c = c->next)
            ok = check_condition(&s, c) && ok;
    }
    for (const struct condition *c = rule->where; c; c = c->next)
        ok = check_condition(&s, c) && ok;
    for (const struct condition *c = more->unless; c; c = c->next)
        ok = check_condition(&s, c) && ok;
    if (more->per.n && !name_is_bound(&s, more->per))
        ok = fault_unbound(&s, more->per);
    return check_requires(&s, more) && check_absence(&s, more) && ok;
}
