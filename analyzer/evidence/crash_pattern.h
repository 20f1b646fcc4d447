/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small pattern language of the crash tables: what stands in one line of a kernel report.
 *
 *     *        the shortest run of anything
 *     ?        any one byte
 *     (a|b|)   one of these words, captured; an empty one makes it optional
 *     %f       a function's name, captured; '.' or '+' must follow ("foo.isra.0", "foo+0x1/0x2")
 *     %n       a name, captured             %k  a kind: lower-case letters and '-', captured
 *     %w       a word without ']', captured %r  the rest of the line, captured
 *     %S       a source place "mm/slub.c:123"
 *     %d %x    decimal, hexadecimal digits  %s  any blanks, also none
 *     %p       an address in brackets       %a  at most two of them and blanks, also none
 *     ^ first, $ last: the line's ends
 *
 * Everything else stands for itself. The leftmost match wins; parts between stars match at their
 * first place, so a match is linear in the line and needs no stack.
 */
#pragma once

#include "analyzer/core/str.h"

enum { CRASH_CAPTURES = 6 };

struct crash_captures {
    struct str s[CRASH_CAPTURES];
    size_t n;
    size_t function; /* 1 + index of the last %f, or 0 */
};

/*
 * Looks for `pattern` in `line`; *at gets the offset of its first byte. Captures are added behind
 * those that `c` has and are slices of `line`. False leaves everything as it was.
 */
bool crash_pattern_find(const char *pattern, struct str line, size_t *at, struct crash_captures *c);

/* The same when only the answer is wanted. */
bool crash_pattern_in(const char *pattern, struct str line);

/* Is one of them in it? `patterns` ends with NULL. */
bool crash_pattern_in_any(const char *const *patterns, struct str line);

/* Takes "[<ffffffff81234567>] " and its relatives "[ffffffff81234567]", "[0x12]:" with blanks. */
bool crash_take_address(struct str *in);

/* Takes a name that '.' or '+' follows; these stay. */
bool crash_take_function(struct str *in, struct str *name);
