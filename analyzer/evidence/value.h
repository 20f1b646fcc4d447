/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A typed value: what facts hold, captures give and templates print. Unknown is a value of its own:
 * it is neither true nor false, and no comparison with it holds.
 */
#pragma once

#include "analyzer/core/vec.h"

enum value_type { VALUE_UNKNOWN, VALUE_BOOL, VALUE_INT, VALUE_TEXT, VALUE_LIST, VALUE_MAP };

/* What a text is about: redaction and escaping need to know, nobody else does. */
enum value_sort {
    SORT_OTHER,
    SORT_HOST,
    SORT_USER,
    SORT_IP,
    SORT_MAC,
    SORT_UUID,
    SORT_PATH,
    SORT_DEVICE,
};

struct value {
    enum value_type type;
    enum value_sort sort;      /* of a text */
    bool truth;                /* VALUE_BOOL */
    int64_t number;            /* VALUE_INT */
    struct str text;           /* VALUE_TEXT; lives as long as the arena it was made in */
    const struct value *items; /* VALUE_LIST: n_items; VALUE_MAP: the fields' values */
    const struct str *names;   /* VALUE_MAP: n_items names, in the order of the fact's table */
    size_t n_items;
};

struct value value_unknown(void);
struct value value_bool(bool truth);
struct value value_int(int64_t number);
struct value value_text(struct str text, enum value_sort sort);
struct value value_list(const struct value *items, size_t n);
struct value value_map(const struct str *names, const struct value *items, size_t n);

/*
 * A field of a map; of a list: the list of that field of each of its maps, an item that lacks it
 * being unknown. Unknown if absent.
 */
struct value value_field(struct arena *a, const struct value *v, struct str name);

/*
 * The same value? Texts bytewise, a number equals its decimal text, a bool "true" or "false", lists
 * item by item. Unknown equals nothing.
 */
bool value_eq(const struct value *a, const struct value *b);

/*
 * The printable form: true, 42, text, "a, b, c", a map as "sda1 (kib 8384512, driver sd)";
 * "(not in the log)" for unknown. Lives in `a`, or is the text itself.
 */
struct str value_print(struct arena *a, const struct value *v);
