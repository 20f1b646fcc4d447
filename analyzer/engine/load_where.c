/* SPDX-License-Identifier: Apache-2.0 */
/* `where:`, `set:` and `applies_to:` become conditions, setters and version ranges. */
#include "analyzer/engine/load.h"

#include "analyzer/engine/pattern.h"
#include "analyzer/engine/setfunc.h"
#include "analyzer/evidence/fact.h"

/* The same operators in where: and in a setter's where:. */
struct op_keys {
    enum key condition, field;
    enum condition_op op;
};

static const struct op_keys op_keys[] = {
    { KEY_CONDITION_IS, KEY_FIELD_IS, OP_IS },
    { KEY_CONDITION_IS_NOT, KEY_FIELD_IS_NOT, OP_IS_NOT },
    { KEY_CONDITION_HAS, KEY_FIELD_HAS, OP_HAS },
    { KEY_CONDITION_LACKS, KEY_FIELD_LACKS, OP_LACKS },
    { KEY_CONDITION_LT, KEY_FIELD_LT, OP_LT },
    { KEY_CONDITION_GT, KEY_FIELD_GT, OP_GT },
    { KEY_CONDITION_EMPTY, KEY_FIELD_EMPTY, OP_EMPTY },
    { KEY_CONDITION_KNOWN, KEY_FIELD_KNOWN, OP_KNOWN },
};

static bool load_regex_value(struct loader *l, const struct node *n, struct str regex,
                             struct condition *c)
{
    struct pattern **slot = vec_push(l->a, &c->patterns);
    struct pattern **owned = vec_push(l->a, &l->rs->patterns);
    struct err err = { 0 };

    if (!slot || !owned)
        return load_fault(l, n, "out of memory for rules");
    *owned = *slot = pattern_new(regex, false, &err);
    if (*slot)
        return true;
    c->patterns.n--;
    l->rs->patterns.n--;
    return load_fault(l, n, "in the expression at %u: %s", (unsigned)err.col, err.text);
}

static bool load_values(struct loader *l, const struct node *n, struct condition *c)
{
    struct strs texts = { 0 };
    struct template *t;
    struct err err = { 0 };

    if (!load_texts(l, n, &texts))
        return false;
    if (!texts.n)
        return load_fault(l, n, "no value to compare with");
    for (size_t i = 0; i < texts.n; i++) {
        if (c->regex && !load_regex_value(l, n, texts.p[i], c))
            return false;
        t = c->regex ? NULL : vec_push(l->a, &c->values);
        if (t && !template_parse(l->a, texts.p[i], t, &err))
            return load_fault(l, n, "%s", err.text);
    }
    return true;
}

static bool load_operator(struct loader *l, const struct node *n, enum key_scope scope,
                          struct condition *c)
{
    const struct node *v, *value = NULL;
    struct str as = node_text(key_find(n, KEY_CONDITION_AS));

    for (size_t i = 0; i < sizeof op_keys / sizeof op_keys[0]; i++) {
        v = key_find(n, scope == KEYS_FIELD ? op_keys[i].field : op_keys[i].condition);
        if (v && value)
            return load_fault(l, v, "one comparison per condition; write two conditions");
        if (v) {
            value = v;
            c->op = op_keys[i].op;
        }
    }
    if (!value)
        return load_fault(l, n, "needs one of is, is_not, has, lacks, lt, gt, empty, known");
    if (as.n && !str_eq(as, STR("regex")))
        return load_fault(l, n, "as: expected regex");
    if (as.n && (c->op == OP_LT || c->op == OP_GT || c->op >= OP_EMPTY))
        return load_fault(l, n, "as: goes with is, is_not, has, lacks");
    c->regex = as.n > 0;
    c->flag = node_flag(value);
    return c->op == OP_EMPTY || c->op == OP_KNOWN || load_values(l, value, c);
}

static bool is_number(struct str s)
{
    if (s.n > 1)
        str_take_char(&s, '-');
    return s.n && char_is_digit(s.p[0]);
}

/* Values that could never equal what such a fact is would make a rule that never fires. */
static bool check_type(struct loader *l, const struct node *n, const struct condition *c,
                       struct str type)
{
    bool order = c->op == OP_LT || c->op == OP_GT, flag = str_eq(type, STR("flag"));
    bool number = order || ((c->op == OP_IS || c->op == OP_IS_NOT) && str_eq(type, STR("number")));
    char quoted[60];

    for (size_t i = 0; i < c->values.n; i++) {
        const struct template *t = &c->values.p[i];
        struct str text;

        if (t->n_parts != 1 || t->parts[0].path.n)
            continue; /* known when it is filled in */
        text = t->parts[0].words;
        err_quote(text, quoted, sizeof quoted);
        if (number && !is_number(text))
            return load_fault(l, n, "'%s' is no number%s", quoted, order ? " and no version" : "");
        if (flag && !str_eq(text, STR("true")) && !str_eq(text, STR("false")))
            return load_fault(l, n, "%.*s is true or false, never '%s'", STR_ARG(c->path), quoted);
    }
    return true;
}

static bool load_condition(struct loader *l, const struct node *n, enum key_scope scope,
                           struct condition *c)
{
    const struct node *fact = key_find(n, KEY_CONDITION_FACT);
    const struct node *name = key_find(n, KEY_CONDITION_CAPTURE);
    const struct node *any = scope == KEYS_CONDITION ? key_find(n, KEY_CONDITION_ANY) : NULL;
    const struct node *field = scope == KEYS_FIELD ? key_find(n, KEY_FIELD_FIELD) : NULL;
    int subjects = (fact != NULL) + (name != NULL) + (any != NULL) + (field != NULL);

    c->line = n->line;
    c->col = n->col;
    if (subjects != 1)
        return load_fault(l, n,
                          scope == KEYS_FIELD ? "needs field" : "needs one of fact, capture, any");
    if (any) {
        if (n->n != 1)
            return load_fault(l, n, "any: stands alone in its condition");
        c->op = OP_ANY;
        return load_conditions(l, any, scope, &c->of);
    }
    c->is_name = name != NULL;
    c->path = node_text(fact ? fact : name ? name : field);
    if (fact && !fact_path_valid(c->path)) {
        struct suggestion s = { .wanted = c->path };
        char hint[80], quoted[80];

        for (size_t i = 0; i < FACT_COUNT; i++)
            suggest(&s, fact_infos[i].path);
        return load_fault(l, fact, "there is no fact '%s'%s",
                          err_quote(c->path, quoted, sizeof quoted),
                          suggestion_text(&s, hint, sizeof hint));
    }
    return load_operator(l, n, scope, c) &&
           check_type(l, n, c, fact ? fact_type(c->path) : (struct str){ 0 });
}

bool load_conditions(struct loader *l, const struct node *list, enum key_scope scope,
                     const struct condition **out)
{
    const struct condition **tail = out;
    bool ok = true;

    if (!list)
        return true;
    if (list->kind != NODE_LIST)
        return load_fault(l, list, "expected a list of conditions");
    for (const struct node *n = list->first; n; n = n->next) {
        struct condition *c = arena_new(l->a, struct condition, 1);

        if (!c)
            return load_fault(l, n, "out of memory for rules");
        ok = load_keys(l, n, scope) && load_condition(l, n, scope, c) && ok;
        *tail = c;
        tail = &c->next;
    }
    return ok;
}

static bool take_quoted(struct str *in, struct str *out)
{
    struct str s = *in;

    if ((str_take_char(&s, '\'') && str_take_until(&s, '\'', out)) ||
        (str_take_char(&s, '"') && str_take_until(&s, '"', out))) {
        *in = s;
        return true;
    }
    return false;
}

/* A path, 'a text' or a number, up to ',' or ')'. */
static bool take_argument(struct str *in, struct argument *arg)
{
    struct str s, word = { 0 };
    int64_t number;

    str_take_spaces(in);
    if (take_quoted(in, &word)) {
        arg->constant = value_text(word, SORT_OTHER);
    } else {
        for (s = *in; s.n && s.p[0] != ',' && s.p[0] != ')'; s = str_from_at(s, 1))
            ;
        word = str_trim((struct str){ in->p, in->n - s.n });
        *in = s;
        if (str_to_i64(word, &number))
            arg->constant = value_int(number);
        else
            arg->path = word;
        if (!word.n)
            return false;
    }
    str_take_spaces(in);
    return true;
}

static bool find_func(struct loader *l, const struct node *n, struct str name, struct setter *s)
{
    struct suggestion hint = { .wanted = name };
    char quoted[60], text[80];

    s->func = setfunc_find(name);
    if (s->func)
        return true;
    for (const struct setfunc *f = setfuncs; f->name.n; f++)
        suggest(&hint, f->name);
    return load_fault(l, n, "there is no function '%s'%s", err_quote(name, quoted, sizeof quoted),
                      suggestion_text(&hint, text, sizeof text));
}

/* "join(disks.partitions.name, ' or ')" */
static bool load_call(struct loader *l, const struct node *n, struct setter *s)
{
    struct str in = n->text, name;
    struct argument args[4] = { 0 };

    if (!str_take_until(&in, '(', &name))
        return load_fault(l, n, "expected FUNC(argument, …)");
    if (!find_func(l, n, str_trim(name), s))
        return false;
    while (s->n_args < 4 && take_argument(&in, &args[s->n_args])) {
        s->n_args++;
        if (!str_take_char(&in, ','))
            break;
    }
    if (!str_take_char(&in, ')') || str_trim(in).n)
        return load_fault(l, n, "expected FUNC(argument, …)");
    if (s->n_args < s->func->min_args || s->n_args > s->func->max_args)
        return load_fault(l, n, "%.*s takes %zu to %zu arguments", STR_ARG(s->func->name),
                          s->func->min_args, s->func->max_args);
    s->args = arena_new(l->a, struct argument, s->n_args);
    for (size_t i = 0; s->args && i < s->n_args; i++)
        s->args[i] = args[i];
    return s->args || load_fault(l, n, "out of memory for rules");
}

/* {first: disks.partitions, where: [{field: kib, gt: 262144}], take: name} */
static bool load_choice(struct loader *l, const struct node *n, struct setter *s)
{
    static const enum key funcs[] = { KEY_SETTER_FIRST, KEY_SETTER_LAST, KEY_SETTER_COUNT,
                                      KEY_SETTER_JOIN };
    const struct node *v;

    if (!load_keys(l, n, KEYS_SETTER))
        return false;
    s->args = arena_new(l->a, struct argument, 1);
    if (!s->args)
        return load_fault(l, n, "out of memory for rules");
    for (size_t i = 0; i < sizeof funcs / sizeof funcs[0]; i++) {
        v = key_find(n, funcs[i]);
        if (v && s->func)
            return load_fault(l, v, "only one of first, last, count, join");
        if (v) {
            s->func = setfunc_find(key_infos[funcs[i]].name);
            s->args[0].path = v->text;
            s->n_args = 1;
        }
    }
    if (!s->func)
        return load_fault(l, n, "needs one of first, last, count, join");
    s->take = node_text(key_find(n, KEY_SETTER_TAKE));
    return load_conditions(l, key_find(n, KEY_SETTER_WHERE), KEYS_FIELD, &s->where);
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!char_is_alpha(s.p[i]) && s.p[i] != '_' && !(i && char_is_digit(s.p[i])))
            return false;
    }
    return s.n > 0;
}

bool load_setters(struct loader *l, const struct node *map, const struct setter **out)
{
    const struct setter **tail = out;
    bool ok = true;

    for (const struct node *n = map ? map->first : NULL; n; n = n->next) {
        struct setter *s = arena_new(l->a, struct setter, 1);

        if (!s)
            return load_fault(l, n, "out of memory for rules");
        s->name = n->key;
        s->line = n->line;
        s->col = n->col;
        if (!is_name(n->key))
            ok = load_fault(l, n, "a name is made of letters, digits and '_'");
        else if (n->kind == NODE_LIST)
            ok = load_fault(l, n, "expected FUNC(argument, …) or {first: LIST, where: […]}");
        else
            ok = (n->kind == NODE_MAP ? load_choice(l, n, s) : load_call(l, n, s)) && ok;
        *tail = s;
        tail = &s->next;
    }
    return ok;
}
