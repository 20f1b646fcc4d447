/* SPDX-License-Identifier: Apache-2.0 */
/* Dotted versions as kernels have them, compared number by number. */
#pragma once

#include "analyzer/core/str.h"

/* Does it start with a number? "6.1.138-5.ph5-esx" and "5.10" do. */
bool version_valid(struct str s);

/* Negative, zero or positive; only the leading numbers count: 5.10 > 5.9, 6.1 == 6.1.0. */
int version_cmp(struct str a, struct str b);
