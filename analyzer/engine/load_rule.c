/* SPDX-License-Identifier: Apache-2.0 */
/* Small things that several parts of a rule are made of: texts, named values, applies_to, tests. */
#include "analyzer/engine/load.h"

#include "analyzer/engine/version.h"
#include "analyzer/evidence/fact.h"

static bool add_text(struct loader *l, const struct node *n, struct strs *out)
{
    struct str *slot = vec_push(l->a, out);

    if (!slot)
        return load_fault(l, n, "out of memory for rules");
    *slot = n->text;
    return true;
}

/* {list: NAME} → the list of that name in `lists:`. */
static const struct node *resolve_list(struct loader *l, const struct node *n)
{
    const struct node *name, *list;
    struct suggestion s = { 0 };
    char hint[80];

    if (n->kind != NODE_MAP)
        return n;
    if (!load_keys(l, n, KEYS_LIST))
        return NULL;
    name = key_find(n, KEY_LIST_LIST);
    list = name && l->lists ? node_find(l->lists, name->text) : NULL;
    if (list && list->kind == NODE_LIST)
        return list;
    s.wanted = node_text(name);
    for (const struct node *k = l->lists ? l->lists->first : NULL; k; k = k->next)
        suggest(&s, k->key);
    load_fault(l, n, "there is no such list in lists:%s", suggestion_text(&s, hint, sizeof hint));
    return NULL;
}

bool load_texts(struct loader *l, const struct node *n, struct strs *out)
{
    if (!n)
        return true;
    n = resolve_list(l, n);
    if (!n)
        return false;
    if (n->kind == NODE_TEXT)
        return add_text(l, n, out);
    for (const struct node *item = n->first; item; item = item->next) {
        if (item->kind != NODE_TEXT)
            return load_fault(l, item, "expected a text");
        if (!add_text(l, item, out))
            return false;
    }
    return true;
}

bool load_template(struct loader *l, const struct node *n, struct template *out)
{
    struct err err = { 0 };

    if (!n)
        return true;
    return template_parse(l->a, str_trim_end(n->text), out, &err) ||
           load_fault(l, n, "%s", err.text);
}

static struct value load_scalar(const struct node *n)
{
    int64_t number;

    if (n->style == STYLE_PLAIN && (str_eq(n->text, STR("true")) || str_eq(n->text, STR("false"))))
        return value_bool(n->text.n == 4);
    if (n->style == STYLE_PLAIN && str_to_i64(n->text, &number))
        return value_int(number);
    return value_text(n->text, SORT_OTHER);
}

/*
 * Its value: yes/no, number or text as `true`, `12` and the rest look like. Recursion over a node:
 * at most LIMIT_YAML_DEPTH deep.
 */
static struct value value_of(struct loader *l, const struct node *n)
{
    struct value *items = n->kind == NODE_TEXT ? NULL : arena_new(l->a, struct value, n->n + 1);
    struct str *names = n->kind == NODE_MAP ? arena_new(l->a, struct str, n->n + 1) : NULL;
    size_t i = 0;

    if (n->kind == NODE_TEXT)
        return load_scalar(n);
    for (const struct node *item = n->first; items && item; item = item->next) {
        if (names)
            names[i] = item->key;
        items[i++] = value_of(l, item);
    }
    if (n->kind == NODE_MAP)
        return names && items ? value_map(names, items, i) : value_unknown();
    return items ? value_list(items, i) : value_unknown();
}

bool load_named(struct loader *l, const struct node *map, struct rule_named **out, size_t *n_out)
{
    struct rule_named *named;
    size_t i = 0;

    if (!map)
        return true;
    named = arena_new(l->a, struct rule_named, map->n + 1);
    if (!named)
        return load_fault(l, map, "out of memory for rules");
    for (const struct node *n = map->first; n; n = n->next)
        named[i++] = (struct rule_named){
            .name = n->key, .value = value_of(l, n), .line = n->line, .col = n->col
        };
    *out = named;
    *n_out = i;
    return true;
}

/* ">=5.1 <6.2", ">=5.1, <6.2" */
static bool load_range(struct loader *l, const struct node *n, struct str s,
                       struct version_range *out)
{
    static const struct {
        struct str text;
        enum version_op op;
    } ops[] = { { { STR_INIT("<=") }, VERSION_LE }, { { STR_INIT(">=") }, VERSION_GE },
                { { STR_INIT("<") }, VERSION_LT },  { { STR_INIT(">") }, VERSION_GT },
                { { STR_INIT("=") }, VERSION_EQ },  { { STR_INIT("") }, VERSION_EQ } };
    struct version_test *t;
    size_t op, end;

    for (s = str_trim(s); s.n; s = str_trim(s)) {
        for (op = 0; !str_take(&s, ops[op].text); op++)
            ;
        str_take_spaces(&s);
        for (end = 0; end < s.n && s.p[end] != ' ' && s.p[end] != ','; end++)
            ;
        t = vec_push(l->a, out);
        if (!t)
            return load_fault(l, n, "out of memory for rules");
        *t = (struct version_test){ ops[op].op, str_first(s, end) };
        if (!version_valid(t->version))
            return load_fault(l, n, "kernel: expected such as '>=5.1 <6.2'");
        s = str_from_at(s, end);
        str_take_char(&s, ',');
    }
    return out->n || load_fault(l, n, "kernel: expected such as '>=5.1 <6.2'");
}

bool load_applies(struct loader *l, const struct node *n, const struct applies **out)
{
    struct applies *a;
    struct strs ranges = { 0 };
    struct version_range *range;

    if (!n)
        return true;
    a = arena_new(l->a, struct applies, 1);
    if (!a)
        return load_fault(l, n, "out of memory for rules");
    if (!load_keys(l, n, KEYS_APPLIES) ||
        !load_texts(l, key_find(n, KEY_APPLIES_KERNEL), &ranges) ||
        !load_texts(l, key_find(n, KEY_APPLIES_FLAVOUR), &a->flavour) ||
        !load_texts(l, key_find(n, KEY_APPLIES_DISTRO), &a->distro) ||
        !load_texts(l, key_find(n, KEY_APPLIES_ARCH), &a->arch))
        return false;
    for (size_t i = 0; i < ranges.n; i++) {
        range = vec_push(l->a, &a->kernel);
        if (!range || !load_range(l, n, ranges.p[i], range))
            return range != NULL ? false : load_fault(l, n, "out of memory for rules");
    }
    *out = a;
    return true;
}

static bool load_test(struct loader *l, const struct node *n, struct rule_test *t)
{
    const struct node *match = key_find(n, KEY_TEST_MATCH);
    const struct node *no_match = key_find(n, KEY_TEST_NO_MATCH);
    const struct node *input = key_find(n, KEY_TEST_INPUT);
    const struct node *fires = key_find(n, KEY_TEST_FIRES);

    t->line = n->line;
    if ((match != NULL) + (no_match != NULL) + (input != NULL) != 1)
        return load_fault(l, n, "needs one of match, no_match, input");
    if (fires && !input)
        return load_fault(l, fires, "fires: goes with input:");
    t->text = node_text(match ? match : no_match);
    t->input = node_text(input);
    t->fires = match || (input && (!fires || node_flag(fires)));
    t->why = node_text(key_find(n, KEY_TEST_WHY));
    if (!t->fires && key_find(n, KEY_TEST_EXPECT))
        return load_fault(l, n, "expect: goes with a test in which the rule fires");
    if (!load_named(l, key_find(n, KEY_TEST_EXPECT), &t->expect, &t->n_expect) ||
        !load_named(l, key_find(n, KEY_TEST_FACTS), &t->facts, &t->n_facts))
        return false;
    for (size_t i = 0; i < t->n_facts; i++) {
        if (!fact_path_valid(t->facts[i].name))
            return load_fault(l, n, "there is no fact '%.*s'", STR_ARG(t->facts[i].name));
    }
    return true;
}

bool load_tests(struct loader *l, const struct node *list, struct rule *rule)
{
    struct rule_test *tests;
    bool ok = true;

    if (!list)
        return true;
    tests = arena_new(l->a, struct rule_test, list->n + 1);
    if (!tests)
        return load_fault(l, list, "out of memory for rules");
    for (const struct node *n = list->first; n; n = n->next)
        ok = load_keys(l, n, KEYS_TEST) && load_test(l, n, &tests[rule->n_tests++]) && ok;
    rule->tests = tests;
    return ok;
}
