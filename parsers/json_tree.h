/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON document read whole, for what another of our own processes wrote: results of workers, of
 * other machines, plans. Not for logs: those come as streams, see json.h.
 *
 * Every question may be asked of any item, of NULL, too: what is not there or is of another kind
 * is answered with nothing.
 */
#pragma once

#include "analyzer/core/err.h"

struct json_tree;
struct json_item;

/*
 * Reads `bytes`, as deep as jansson goes (2048). NULL with *err when they are no JSON document.
 * Free with json_tree_free().
 */
struct json_tree *json_tree_read(struct str bytes, struct err *err);
void json_tree_free(struct json_tree *tree);
const struct json_item *json_tree_top(const struct json_tree *tree);

/* The member of an object; NULL: none. */
const struct json_item *json_member(const struct json_item *object, const char *name);

/* The items of an array. */
size_t json_count(const struct json_item *array);
const struct json_item *json_at(const struct json_item *array, size_t i);

/* A string, valid as long as the tree; false when it is none. */
bool json_text(const struct json_item *item, struct str *out);

/* A whole number. */
bool json_int(const struct json_item *item, int64_t *out);

/* true or false. */
bool json_bool(const struct json_item *item, bool *out);

bool json_is_null_item(const struct json_item *item);
