/* SPDX-License-Identifier: Apache-2.0 */
/* Setting facts from extractors: proofs, lists, and the functions that serve many rows. */
#include "analyzer/evidence/extract.h"

#include "analyzer/core/limits.h"

const struct record *extract_proof(struct extraction *x)
{
    if (!x->kept)
        x->kept = record_keep(x->facts->arena, x->record);
    return x->kept;
}

void extract_want(struct extraction *x, uint32_t lines)
{
    if (lines > x->want)
        x->want = lines;
}

bool extract_known(const struct extraction *x, enum fact_id id)
{
    return x->facts->of[id].value.type != VALUE_UNKNOWN;
}

/* Counters and flags that repeat keep their first proof: a flood must not fill the arena. */
static void set_scalar(struct extraction *x, enum fact_id id, struct value value)
{
    struct fact *fact = &x->facts->of[id];

    if (fact->value.type == value.type && value_eq(&fact->value, &value))
        return;
    if (fact->value.type == VALUE_TEXT && x->facts->state->changes[id]++ >= LIMIT_FACT_CHANGES)
        return;
    if (value.type == VALUE_TEXT && value.text.n) {
        struct str text = arena_str(x->facts->arena, value.text);

        if (text.n != value.text.n)
            return;
        value.text = text;
    }
    facts_set(x->facts, id, value,
              value.type == VALUE_INT && fact->proof ? fact->proof : extract_proof(x));
}

void extract_text(struct extraction *x, enum fact_id id, struct str text, enum value_sort sort)
{
    set_scalar(x, id, value_text(text, sort));
}

void extract_number(struct extraction *x, enum fact_id id, int64_t number)
{
    set_scalar(x, id, value_int(number));
}

void extract_flag(struct extraction *x, enum fact_id id, bool truth)
{
    set_scalar(x, id, value_bool(truth));
}

/* The list changed: the fact shows it, and keeps the proof of its first item. */
static void publish(struct extraction *x, enum fact_id id)
{
    const struct fact_list *list = &x->facts->state->lists[id];
    const struct record *proof = x->facts->of[id].proof;

    facts_set(x->facts, id, value_list(list->values.p, list->values.n),
              proof ? proof : extract_proof(x));
}

void extract_clear(struct extraction *x, enum fact_id id)
{
    x->facts->state->lists[id] = (struct fact_list){ 0 };
    facts_set(x->facts, id, value_list(NULL, 0), extract_proof(x));
}

void extract_add(struct extraction *x, enum fact_id id, struct str text, enum value_sort sort)
{
    struct fact_list *list = &x->facts->state->lists[id];
    struct value *item;
    struct str kept;

    for (size_t i = 0; i < list->values.n; i++)
        if (str_eq(list->values.p[i].text, text))
            return;
    if (list->values.n >= LIMIT_LIST_ITEMS || text.n == 0)
        return;
    kept = arena_str(x->facts->arena, text);
    if (kept.n != text.n)
        return;
    item = vec_push(x->facts->arena, &list->values);
    if (!item)
        return;
    *item = value_text(kept, sort);
    publish(x, id);
}

void extract_field(struct extraction *x, struct value *field, struct str text, enum value_sort sort)
{
    struct value value = value_text(text, sort);

    if (field->type == VALUE_TEXT && str_eq(field->text, text))
        return;
    value.text = arena_str(x->facts->arena, text);
    if (value.text.n == text.n)
        *field = value;
}

struct value *extract_map(struct extraction *x, enum fact_id id, const struct str *names, size_t n,
                          struct str key)
{
    struct arena *a = x->facts->arena;
    struct fact_list *list = &x->facts->state->lists[id];
    struct value *fields, **slot, *item;

    for (size_t i = 0; i < list->fields.n; i++)
        if (str_eq(list->fields.p[i][0].text, key))
            return list->fields.p[i];
    if (list->values.n >= LIMIT_LIST_ITEMS)
        return NULL;
    fields = arena_new(a, struct value, n);
    if (!fields)
        return NULL;
    extract_field(x, &fields[0], key, SORT_DEVICE);
    if (fields[0].type == VALUE_UNKNOWN)
        return NULL;
    slot = vec_push(a, &list->fields);
    item = slot ? vec_push(a, &list->values) : NULL;
    if (!item) {
        list->fields.n = list->values.n;
        return NULL;
    }
    *slot = fields;
    *item = value_map(names, fields, n);
    publish(x, id);
    return fields;
}

void take_rest(struct extraction *x)
{
    struct str text = str_trim(x->rest);

    if (text.n)
        extract_text(x, x->fact, text, SORT_OTHER);
}

void take_word(struct extraction *x)
{
    extract_text(x, x->fact, x->row->word, SORT_OTHER);
}

void take_yes(struct extraction *x)
{
    extract_flag(x, x->fact, true);
}

void take_no(struct extraction *x)
{
    extract_flag(x, x->fact, false);
}

void take_row_item(struct extraction *x)
{
    extract_add(x, x->fact, x->row->word, SORT_OTHER);
}

void set_text(struct extraction *x)
{
    if (x->record->value.n)
        extract_text(x, x->fact, x->record->value, x->sort);
}

void set_number(struct extraction *x)
{
    int64_t number;

    if (str_to_i64(str_trim(x->record->value), &number))
        extract_number(x, x->fact, number);
}

void set_flag(struct extraction *x)
{
    if (str_eq_nocase(x->record->value, STR("TRUE")))
        extract_flag(x, x->fact, true);
    if (str_eq_nocase(x->record->value, STR("FALSE")))
        extract_flag(x, x->fact, false);
}
