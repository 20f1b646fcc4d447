/* SPDX-License-Identifier: Apache-2.0 */
/* Typed values: made here, kept by facts and findings, printed into texts; see value.h. */
#include "analyzer/evidence/value.h"

struct value value_unknown(void)
{
    return (struct value){ .type = VALUE_UNKNOWN };
}

struct value value_bool(bool truth)
{
    return (struct value){ .type = VALUE_BOOL, .truth = truth };
}

struct value value_int(int64_t number)
{
    return (struct value){ .type = VALUE_INT, .number = number };
}

struct value value_text(struct str text, enum value_sort sort)
{
    return (struct value){ .type = VALUE_TEXT, .sort = sort, .text = text };
}

struct value value_list(const struct value *items, size_t n)
{
    return (struct value){ .type = VALUE_LIST, .items = items, .n_items = n };
}

struct value value_map(const struct str *names, const struct value *items, size_t n)
{
    return (struct value){ .type = VALUE_MAP, .items = items, .names = names, .n_items = n };
}

static struct value map_field(const struct value *map, struct str name)
{
    if (map->type != VALUE_MAP)
        return value_unknown();
    for (size_t i = 0; i < map->n_items; i++)
        if (str_eq(map->names[i], name))
            return map->items[i];
    return value_unknown();
}

/* Lists of maps only: a list of texts has no fields. */
static struct value project(struct arena *a, const struct value *list, struct str name)
{
    struct value *items = arena_new(a, struct value, list->n_items);
    bool any_map = list->n_items == 0;

    if (!items)
        return value_unknown();
    for (size_t i = 0; i < list->n_items; i++) {
        items[i] = map_field(&list->items[i], name);
        any_map = any_map || list->items[i].type == VALUE_MAP;
    }
    return any_map ? value_list(items, list->n_items) : value_unknown();
}

struct value value_field(struct arena *a, const struct value *v, struct str name)
{
    return v->type == VALUE_LIST ? project(a, v, name) : map_field(v, name);
}

static struct str bool_word(bool truth)
{
    return truth ? STR("true") : STR("false");
}

/* The one spelling of a number: "007" and "+7" are texts. */
static bool number_is(int64_t number, struct str text)
{
    int64_t parsed;
    struct str digits = text;

    str_take_char(&digits, '-');
    if (digits.n > 1 && digits.p[0] == '0')
        return false;
    return str_to_i64(text, &parsed) && parsed == number;
}

static bool scalar_eq_text(const struct value *v, struct str text)
{
    if (v->type == VALUE_INT)
        return number_is(v->number, text);
    return v->type == VALUE_BOOL && str_eq(bool_word(v->truth), text);
}

static bool scalar_eq(const struct value *a, const struct value *b)
{
    if (a->type == VALUE_TEXT && b->type != VALUE_TEXT)
        return scalar_eq_text(b, a->text);
    if (b->type == VALUE_TEXT && a->type != VALUE_TEXT)
        return scalar_eq_text(a, b->text);
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case VALUE_BOOL: return a->truth == b->truth;
    case VALUE_INT: return a->number == b->number;
    case VALUE_TEXT: return str_eq(a->text, b->text);
    case VALUE_UNKNOWN:
    case VALUE_LIST:
    case VALUE_MAP: return false;
    }
    return false;
}

/* A field that neither of two maps knows does not make them different. */
static bool item_eq(const struct value *a, const struct value *b, bool in_map)
{
    return in_map && a->type == VALUE_UNKNOWN && b->type == VALUE_UNKNOWN ? true : scalar_eq(a, b);
}

static bool flat_eq(const struct value *a, const struct value *b)
{
    bool maps = a->type == VALUE_MAP;

    if (a->type != b->type || a->n_items != b->n_items)
        return false;
    for (size_t i = 0; i < a->n_items; i++) {
        if (maps && !str_eq(a->names[i], b->names[i]))
            return false;
        if (!item_eq(&a->items[i], &b->items[i], maps))
            return false;
    }
    return true;
}

/* Values nest two deep: a list of maps of scalars. So no recursion. */
bool value_eq(const struct value *a, const struct value *b)
{
    if (a->type != VALUE_LIST)
        return a->type == VALUE_MAP ? flat_eq(a, b) : scalar_eq(a, b);
    if (b->type != VALUE_LIST || a->n_items != b->n_items)
        return false;
    for (size_t i = 0; i < a->n_items; i++) {
        bool same = a->items[i].type == VALUE_MAP ? flat_eq(&a->items[i], &b->items[i])
                                                  : scalar_eq(&a->items[i], &b->items[i]);
        if (!same)
            return false;
    }
    return true;
}

static struct str print_scalar(struct arena *a, const struct value *v)
{
    switch (v->type) {
    case VALUE_BOOL: return bool_word(v->truth);
    case VALUE_INT: return arena_printf(a, "%lld", (long long)v->number);
    case VALUE_TEXT: return v->text;
    case VALUE_UNKNOWN:
    case VALUE_LIST:
    case VALUE_MAP: break;
    }
    return STR("(not in the log)");
}

/* Text put together in an arena; what does not fit is left out. */
struct chars {
    VEC(char);
};

static void put(struct arena *a, struct chars *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char *c = vec_push(a, out);

        if (!c)
            return;
        *c = s.p[i];
    }
}

/* "sda1 (kib 8384512, uuid 611e2d9a-…)": the first field names it, what is unknown is left out. */
static void put_map(struct arena *a, struct chars *out, const struct value *v)
{
    struct str mark = STR(" (");

    for (size_t i = 0; i < v->n_items; i++) {
        if (v->items[i].type == VALUE_UNKNOWN)
            continue;
        if (i > 0) {
            put(a, out, mark);
            put(a, out, v->names[i]);
            put(a, out, STR(" "));
            mark = STR(", ");
        }
        put(a, out, print_scalar(a, &v->items[i]));
    }
    if (str_eq(mark, STR(", ")))
        put(a, out, STR(")"));
}

struct str value_print(struct arena *a, const struct value *v)
{
    struct chars out = { 0 };
    bool first = true;

    if (v->type == VALUE_MAP)
        put_map(a, &out, v);
    if (v->type != VALUE_LIST && v->type != VALUE_MAP)
        return print_scalar(a, v);
    for (size_t i = 0; v->type == VALUE_LIST && i < v->n_items; i++) {
        const struct value *item = &v->items[i];

        if (item->type == VALUE_UNKNOWN)
            continue;
        if (!first)
            put(a, &out, STR(", "));
        first = false;
        if (item->type == VALUE_MAP)
            put_map(a, &out, item);
        else
            put(a, &out, print_scalar(a, item));
    }
    return (struct str){ .p = out.p, .n = out.n };
}
