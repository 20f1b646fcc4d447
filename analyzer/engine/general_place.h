/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between two messages and is told by what stands before it: names of programs, a
 * unit's description, USB ports. */
#pragma once

#include "analyzer/engine/general_kind.h"

/* As general_kind_at(). */
const struct general_kind *general_place_at(struct str text, size_t at, struct str *rest);
