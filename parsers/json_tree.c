/* SPDX-License-Identifier: Apache-2.0 */
/* jansson's trees behind the names of json_tree.h, with every question made safe. */
#include "parsers/json_tree.h"

#include <jansson.h>

struct json_tree *json_tree_read(struct str bytes, struct err *err)
{
    json_error_t why;
    json_t *top = json_loadb(bytes.p ? bytes.p : "", bytes.n,
                             JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &why);

    if (top)
        return (struct json_tree *)top;
    fail(err, FAIL_FORMAT, "is no JSON: %s", why.text);
    return NULL;
}

void json_tree_free(struct json_tree *tree)
{
    json_decref((json_t *)tree);
}

const struct json_item *json_tree_top(const struct json_tree *tree)
{
    return (const struct json_item *)tree;
}

const struct json_item *json_member(const struct json_item *object, const char *name)
{
    return (const struct json_item *)json_object_get((const json_t *)object, name);
}

size_t json_count(const struct json_item *array)
{
    return json_array_size((const json_t *)array);
}

const struct json_item *json_at(const struct json_item *array, size_t i)
{
    return (const struct json_item *)json_array_get((const json_t *)array, i);
}

bool json_text(const struct json_item *item, struct str *out)
{
    const json_t *value = (const json_t *)item;

    if (!json_is_string(value))
        return false;
    *out = (struct str){ .p = json_string_value(value), .n = json_string_length(value) };
    return true;
}

bool json_int(const struct json_item *item, int64_t *out)
{
    const json_t *value = (const json_t *)item;

    if (!json_is_integer(value))
        return false;
    *out = json_integer_value(value);
    return true;
}

bool json_bool(const struct json_item *item, bool *out)
{
    if (!json_is_boolean((const json_t *)item))
        return false;
    *out = json_is_true((const json_t *)item);
    return true;
}

bool json_is_null_item(const struct json_item *item)
{
    return json_is_null((const json_t *)item);
}
