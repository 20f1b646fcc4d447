/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of YAML that rules are written in, as nodes that know where they stand: texts, lists,
 * maps. Every scalar is text ("no", 012 and 1e3 stay what they are). Anchors, aliases, tags and
 * merge keys are errors, so are duplicate keys, more than one document, depth beyond
 * LIMIT_YAML_DEPTH and sizes beyond LIMIT_YAML_BYTES, LIMIT_YAML_SCALAR_BYTES and LIMIT_YAML_KEYS.
 */
#pragma once

#include "analyzer/core/arena.h"
#include "analyzer/core/err.h"

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };
enum node_style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_BLOCK };

struct node {
    enum node_kind kind;
    enum node_style style;     /* of a text */
    uint32_t line, col;        /* 1-based */
    struct str text;           /* of a text */
    struct node *first, *last; /* children of a list or map, in order */
    struct node *next;         /* its sibling */
    size_t n;                  /* how many children */
    struct str key;            /* when it is a map's value */
    uint32_t key_line, key_col;
};

/*
 * Reads one document. Nodes live in `nodes`, the bytes of texts and keys (NUL-terminated) in
 * `texts`. False with the first error; *root is NULL for an empty document.
 */
bool yaml_read(struct arena *nodes, struct arena *texts, struct str file, struct str yaml,
               const struct node **root, struct err *err);

/* Makes `n` the last child of a list or map. */
void node_append(struct node *parent, struct node *n);

/* The value of a map's key, or NULL. */
const struct node *node_find(const struct node *map, struct str key);
