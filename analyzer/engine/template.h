/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of rules with ${name}, ${a.b[N].c} and ${x | FUNC} in them. A template is parsed once, at
 * load; filling it in yields pieces that stay values with a kind until a report's writer escapes
 * them.
 */
#pragma once

#include "analyzer/core/err.h"
#include "analyzer/evidence/value.h"

struct template_part {
    struct str words; /* own words; or, when `path` is set, nothing */
    struct str path;  /* capture, set name or fact path */
    struct str func;  /* name of a function of the closed list, or empty */
};

struct template
{
    struct template_part *parts;
    size_t n_parts;
};

/* A filled-in text: own words, or a value from the log. */
struct piece {
    struct str text;
    bool is_value;
    enum value_sort sort; /* of a value */
};

struct text {
    VEC(struct piece);
};

/* Parses `source`; "$${" writes "${". The parts live in `a` and point into `source`. */
bool template_parse(struct arena *a, struct str source, struct template *out, struct err *err);

/* Looks a path up for one finding; unknown values print "(not in the log)". */
typedef bool (*template_lookup)(const void *ctx, struct str path, struct arena *a,
                                struct value *out);

/* Fills in; everything lives in `a`. */
bool template_fill(const struct template *t, template_lookup lookup, const void *ctx,
                   struct arena *a, struct text *out);
