/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log that was answered to in a mail or a ticket: each of its lines begins with the marks of a
 * quotation, "> " or ">> " or "> > ". They are no part of the log.
 */
#pragma once

#include "analyzer/core/str.h"

/*
 * Does each line at the beginning of an input have such marks? Blank lines need none, a last line
 * without its end does not count, and one line is not enough to tell.
 */
bool quote_is(struct str head);

/* The line behind its marks and one blank; a line without them as it is. */
struct str quote_strip(struct str line);

/*
 * Did the mail program break a line of this many bytes (marks not counted) before `next`? A line is
 * broken only where its next word would not have fitted.
 */
bool quote_wrapped(size_t n, struct str next);
