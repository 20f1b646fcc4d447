/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest parts of a regular expression, for literal.c: what one of them can match, and how
 * often. Every function that takes something says with false that the whole is better not followed.
 */
#pragma once

#include "analyzer/core/str.h"

enum { CLASS_CHARS = 4 };

enum atom_kind { ATOM_CHARS, ATOM_EMPTY, ATOM_ANY, ATOM_GROUP };

struct atom {
    enum atom_kind kind;
    unsigned n;
    char chars[CLASS_CHARS]; /* it is one of these n */
};

struct repeat {
    bool none;  /* may be left out */
    bool again; /* may stand more than once */
};

/* How many characters at the head of `s` stand for themselves. */
size_t atom_plain_length(struct str s);

/* A character that stands for itself; what isn't printable ASCII is nobody's literal: any. */
struct atom atom_of(char c);

/* What stands behind a backslash. */
bool atom_take_escape(struct str *in, struct atom *out);

/* What stands behind a '[', with the ']'. */
bool atom_take_class(struct str *in, struct atom *out);

/* The quantifier behind an atom; when there is none, it stands once. */
bool atom_take_repeat(struct str *in, struct repeat *out);
