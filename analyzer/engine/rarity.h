/* SPDX-License-Identifier: Apache-2.0 */
/* How often a text is to be expected in ordinary logs (the prefilter's own). */
#pragma once

#include "analyzer/core/str.h"

enum { RARITY_TEXT_MAX = 80 };

/*
 * How often the grams of `text` are to be expected in a GiB of ordinary logs, by their pairs of
 * characters: costs[i] is of the `gram_bytes` bytes from text.p[i] on, for i < n. `text` holds all
 * of them and is no longer than RARITY_TEXT_MAX.
 */
void rarity_costs(struct str text, size_t gram_bytes, uint32_t *costs, size_t n);
