/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names that a redactor was told, a hundred thousand of them if need be, and whether one of
 * them stands at a place of a text. ASCII letters count alike in both cases.
 */
#pragma once

#include "analyzer/core/str_set.h"

struct name {
    struct str text; /* in lower case */
    struct str token;
    size_t inner; /* the longest other name that this one begins with, STR_NOT_FOUND: none */
    bool plain;   /* letters alone, so it may be a part of an identifier */
};

struct names {
    struct arena *arena;
    struct str_set known; /* texts, in lower case */
    struct strs tokens;   /* by the number of the text */
    struct {
        VEC(struct name); /* in order of text once they are settled */
    } of;
    uint64_t *begins; /* a bit for each hash of three bytes that a name begins with */
    bool settled;
};

enum { NAME_MIN = 3 };

/*
 * The first token that a name gets stays. One of fewer than NAME_MIN bytes is for names_token()
 * alone. False: out of memory.
 */
bool names_add(struct names *names, struct str text, struct str token);

/* The token of all of `text`; false: it is no name. */
bool names_token(const struct names *names, struct str text, struct str *token);

/*
 * The longest name that stands at `at` of the text as a word of its own: "db01" does in "db01:",
 * "db01_1.vmdk", "/db01/", and not in "mydb01". NULL: none.
 */
const struct name *names_at(struct names *names, struct str text, size_t at);
