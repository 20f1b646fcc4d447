/* SPDX-License-Identifier: Apache-2.0 */
/* Which records a wording looks at: who wrote them, at which level, in which format. */
#pragma once

#include "analyzer/core/record.h"
#include "analyzer/engine/matcher.h"

/*
 * The key of the matcher that refuses the record ("level"); empty: none does. *text is then cut
 * down to what the wording speaks of, *device is set with `driver`. `format` is the parser's name.
 */
struct str filter_refuses(const struct wording *w, const struct record *r, struct str format,
                          struct str *text, struct str *device);
