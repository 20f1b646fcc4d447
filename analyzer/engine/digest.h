/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule hashes to: the part of it that decides what it does. */
#pragma once

#include "analyzer/engine/yaml.h"

enum { DIGEST_BYTES = 32 };

/* SHA-256 of a rule's normal form: kinds, keys and texts, no layout, no tests. */
void rule_digest(const struct node *rule, unsigned char digest[DIGEST_BYTES]);
