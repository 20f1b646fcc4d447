/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was found, and still does not combine: too late, in another order, too few. Each returns a
 * sentence in s->a about a matcher that has no solution; empty when its parts tell the reason.
 */
#pragma once

#include "analyzer/engine/solve.h"

struct str why_no_sequence(struct solving *s, const struct matcher *m);
struct str why_not_together(struct solving *s, const struct matcher *m);
struct str why_too_few(struct solving *s, const struct matcher *m);
