/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens: "host-3f9a1c77b0", made of a kind and a keyed hash of the value, so that a token depends
 * on nothing but these and the key. What was replaced is remembered for the private map; that is no
 * condition for a token, so the memory may be full.
 */
#pragma once

#include "analyzer/core/str_set.h"
#include "reports/redact.h"

enum { TOKEN_MAX = 40 };

struct tokens {
    struct arena *arena;
    struct str key;
    struct str_set values; /* kind, ':', value */
    struct {
        VEC(struct redact_pair); /* by the number of the value */
    } map;
    uint64_t forgotten; /* places whose value found no room in the map */
    char text[TOKEN_MAX];
};

/*
 * The token for a value of a kind ("host"); valid until the next call. Of a MAC, a UUID and an id
 * only the hexadecimal digits count, so that all spellings of one get the same token; of others the
 * case of ASCII letters does not count.
 */
struct str tokens_of(struct tokens *t, const char *kind, struct str value);
