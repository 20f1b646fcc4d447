/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is new. A failure is a machine with a cause (a rule) or with a crash (the family of its
 * signature); a case is new when one of its failures is not among those seen before. Where they
 * were seen is not this module's business: a file of results feeds it, a history can.
 */
#pragma once

#include "analyzer/diagnose/cases.h"

struct baseline;

struct baseline *baseline_new(void);
void baseline_free(struct baseline *b);

/* One failure that was seen: `kind` is 'r' for a rule, 'c' for a crash. False: out of memory. */
bool baseline_add(struct baseline *b, struct str machine, char kind, struct str name);

/* All failures of the results in the file. False with *err when it cannot be read or breaks off. */
bool baseline_read(struct baseline *b, int fd, struct err *err);

/* Has the case a failure that was not seen? */
bool baseline_is_new(const struct baseline *b, const struct case_result *c);
