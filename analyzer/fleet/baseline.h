/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An earlier scan's results as what was seen before: the same questions with the same answers as a
 * history of that one run (history.h, case_news()).
 */
#pragma once

#include "analyzer/diagnose/cases.h"

struct baseline;

/* Empty. NULL: out of memory. */
struct baseline *baseline_new(void);
void baseline_free(struct baseline *b);

/* All that the results in the file saw. False with *err when it cannot be read or breaks off. */
bool baseline_read(struct baseline *b, int fd, struct err *err);

/* Sets `known` and `elsewhere` in what the baseline has; what a history knows stays known. */
void baseline_compare(const struct baseline *b, struct case_result *c);
