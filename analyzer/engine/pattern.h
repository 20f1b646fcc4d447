/* SPDX-License-Identifier: Apache-2.0 */
/* PCRE2 behind one door: limits always set, JIT once a pattern proves busy. */
#pragma once

#include "analyzer/core/err.h"
#include "analyzer/core/vec.h"

struct pattern;

enum pattern_result { PATTERN_NO, PATTERN_YES, PATTERN_GAVE_UP };

struct pattern_names {
    VEC(struct str); /* named groups in order of their number */
};

/*
 * Compiles `regex` (UTF-8; DOLLAR_ENDONLY, no \C; patterns that start with "(*" or are longer than
 * LIMIT_PATTERN_BYTES are refused). The text is compiled as it stands, nothing is put around it:
 * err->col is the 1-based place in it. `nocase` folds ASCII letters, and more only in a pattern
 * that is not plain. Free with pattern_free().
 */
struct pattern *pattern_new(struct str regex, bool nocase, struct err *err);
void pattern_free(struct pattern *p);

/*
 * ASCII throughout, and without escapes that name other characters. Such a pattern (nearly every
 * one) sees its subject as bytes: '.' and '[^x]' are one byte of a longer character. The others see
 * characters, with invalid UTF-8 matching nothing.
 */
bool pattern_is_plain(struct str regex);

/* Names of the named groups; live as long as the pattern. */
const struct pattern_names *pattern_names(const struct pattern *p);

/* Match data and limits, one per thread of work; reused for all patterns. NULL: out of memory. */
struct pattern_scratch;
struct pattern_scratch *pattern_scratch_new(bool no_jit);
void pattern_scratch_free(struct pattern_scratch *s);

/*
 * Searches in at most LIMIT_SUBJECT_BYTES of `subject`. captures[i] (may be NULL) gets the text of
 * the i-th named group, empty with .p == NULL when it took no part; untouched without a match.
 */
enum pattern_result pattern_match(const struct pattern *p, struct pattern_scratch *s,
                                  struct str subject, struct str *captures);
