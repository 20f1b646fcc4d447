/* SPDX-License-Identifier: Apache-2.0 */
/* The digest of a rule; see digest.h. Computed when rules are loaded, or when they are packed. */
#include "analyzer/engine/digest.h"

#include "analyzer/engine/keys.h"
#include "analyzer/engine/sha256.h"

static void hash_number(struct sha256 *h, size_t number)
{
    char bytes[4];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(unsigned char)(number >> 8 * i);
    sha256_add(h, (struct str){ bytes, sizeof bytes });
}

/* With their lengths. Recursion over a node: at most LIMIT_YAML_DEPTH deep. */
static void hash_node(struct sha256 *h, const struct node *n)
{
    hash_number(h, n->kind);
    hash_number(h, n->key.n);
    hash_number(h, n->kind == NODE_TEXT ? n->text.n : n->n);
    sha256_add(h, n->key);
    if (n->kind == NODE_TEXT)
        sha256_add(h, n->text);
    for (const struct node *c = n->first; c; c = c->next) {
        if (!str_eq(c->key, key_infos[KEY_RULE_TESTS].name))
            hash_node(h, c);
    }
}

void rule_digest(const struct node *rule, unsigned char digest[DIGEST_BYTES])
{
    struct sha256 h;

    sha256_init(&h);
    hash_node(&h, rule);
    sha256_done(&h, digest);
}
