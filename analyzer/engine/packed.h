/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule file read ahead of time: what yaml_read() makes of it, as bytes that become nodes again
 * without libyaml, and the digests of its rules. The tests of rules are left out. The program holds
 * its shipped rules this way, too, because reading YAML is most of what loading them costs.
 *
 * The bytes are made and read by one build of this file; they are no format to keep or to exchange,
 * and are trusted as far as memory goes: damage gives an error, not wrong reads.
 */
#pragma once

#include "analyzer/core/arena.h"
#include "analyzer/engine/yaml.h"

/* Packs a document whose root is a mapping into bytes in `a`; empty when memory ran out. */
struct str packed_write(struct arena *a, const struct node *root);

struct packed {
    const struct node *root;
    const unsigned char *digests; /* rule_digest() of each item of `rules:`, in order */
    size_t n_digests;
};

/* Nodes live in `nodes`; texts and keys (NUL-terminated) stay where `bytes` are. */
bool packed_read(struct arena *nodes, struct str bytes, struct packed *out);
