/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped rule files, embedded at build time by tests/tools/pack_rules.c. */
#pragma once

#include "analyzer/core/str.h"

struct embedded_file {
    struct str name;   /* "rules/root-boot.yaml" */
    struct str yaml;   /* the same bytes as in rules/ */
    struct str packed; /* see packed.h */
};

/* In order of name; ends with a row without a name. */
extern const struct embedded_file embedded_rules[];
