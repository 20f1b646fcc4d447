/* SPDX-License-Identifier: Apache-2.0 */
/* The operators of conditions; see compare.h and RULES.md, "where". */
#include "analyzer/engine/compare.h"

#include "analyzer/engine/pattern.h"
#include "analyzer/engine/version.h"

static enum tri tri_of(bool truth)
{
    return truth ? TRI_YES : TRI_NO;
}

static enum tri tri_not(enum tri t)
{
    return t == TRI_UNKNOWN ? TRI_UNKNOWN : tri_of(t == TRI_NO);
}

/* Is one scalar (one of) the condition's values? `inside`: or does its text hold one? */
static enum tri is_one_of(const struct comparison *k, const struct value *v, bool inside)
{
    struct str text;
    bool unknown = false;

    if (v->type == VALUE_UNKNOWN)
        return TRI_UNKNOWN;
    text = value_print(k->a, v);
    for (size_t i = 0; i < k->c->patterns.n; i++) {
        if (pattern_match(k->c->patterns.p[i], k->scratch, text, NULL) == PATTERN_YES)
            return TRI_YES;
    }
    for (size_t i = 0; i < k->n_texts; i++) {
        if (!k->texts[i].p)
            unknown = true;
        else if (inside ? str_find(text, k->texts[i]) != STR_NOT_FOUND : str_eq(text, k->texts[i]))
            return TRI_YES;
    }
    return unknown ? TRI_UNKNOWN : TRI_NO;
}

/* Is any item of a list one of the values? An unknown item may be. */
static enum tri any_item(const struct comparison *k, const struct value *v)
{
    enum tri result = TRI_NO, one;

    for (size_t i = 0; i < v->n_items; i++) {
        one = is_one_of(k, &v->items[i], false);
        if (one == TRI_YES)
            return TRI_YES;
        if (one == TRI_UNKNOWN)
            result = TRI_UNKNOWN;
    }
    return result;
}

static enum tri all_items(const struct comparison *k, const struct value *v)
{
    enum tri result = tri_of(v->n_items > 0), one;

    for (size_t i = 0; i < v->n_items; i++) {
        one = is_one_of(k, &v->items[i], false);
        if (one == TRI_NO)
            return TRI_NO;
        if (one == TRI_UNKNOWN)
            result = TRI_UNKNOWN;
    }
    return result;
}

static enum tri has(const struct comparison *k, const struct value *v)
{
    return v->type == VALUE_LIST ? any_item(k, v) : is_one_of(k, v, true);
}

static enum tri is(const struct comparison *k, const struct value *v)
{
    return v->type == VALUE_LIST ? all_items(k, v) : is_one_of(k, v, false);
}

static enum tri is_not(const struct comparison *k, const struct value *v)
{
    return tri_not(v->type == VALUE_LIST ? any_item(k, v) : is_one_of(k, v, false));
}

static bool number_of(const struct value *v, int64_t *number)
{
    *number = v->number;
    return v->type == VALUE_INT || (v->type == VALUE_TEXT && str_to_i64(v->text, number));
}

/* As numbers when both are, else as versions when both look like one. */
static bool order_of(const struct value *v, struct str text, int *order)
{
    int64_t x, y;

    if (number_of(v, &x) && str_to_i64(text, &y)) {
        *order = (x > y) - (x < y);
        return true;
    }
    if (v->type != VALUE_TEXT || !version_valid(v->text) || !version_valid(text))
        return false;
    *order = version_cmp(v->text, text);
    return true;
}

/* Less (or greater) than all of the values. */
static enum tri is_beyond(const struct comparison *k, const struct value *v, bool less)
{
    int order;

    for (size_t i = 0; i < k->n_texts; i++) {
        if (!k->texts[i].p || !order_of(v, k->texts[i], &order))
            return TRI_UNKNOWN;
        if (less ? order >= 0 : order <= 0)
            return TRI_NO;
    }
    return TRI_YES;
}

static enum tri is_empty(const struct value *v)
{
    if (v->type == VALUE_LIST)
        return tri_of(!v->n_items);
    return v->type == VALUE_TEXT ? tri_of(!v->text.n) : TRI_NO;
}

enum tri compare(const struct comparison *k, const struct value *v)
{
    if (k->c->op == OP_KNOWN)
        return tri_of((v->type != VALUE_UNKNOWN) == k->c->flag);
    if (v->type == VALUE_UNKNOWN)
        return TRI_UNKNOWN;
    switch (k->c->op) {
    case OP_IS: return is(k, v);
    case OP_IS_NOT: return is_not(k, v);
    case OP_HAS: return has(k, v);
    case OP_LACKS: return tri_not(has(k, v));
    case OP_LT: return is_beyond(k, v, true);
    case OP_GT: return is_beyond(k, v, false);
    case OP_EMPTY: return k->c->flag ? is_empty(v) : tri_not(is_empty(v));
    case OP_KNOWN:
    case OP_ANY: break;
    }
    return TRI_UNKNOWN;
}
