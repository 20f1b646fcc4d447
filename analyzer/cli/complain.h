/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to standard error: one line per message, whatever bytes a name or a log holds. */
#pragma once

#include "analyzer/core/err.h"

/* "lastwords: …", escaped for a terminal, with a newline. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "lastwords: FILE: text", "lastwords: FILE:LINE:COL: text". */
void complain_err(const struct err *err);

/*
 * A fault in a rule file: "FILE:LINE:COL: text", the line of `source` and a caret under the column.
 * `source` may be empty.
 */
void complain_rule(const struct err *err, struct str source);
