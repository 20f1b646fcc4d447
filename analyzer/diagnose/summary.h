/* SPDX-License-Identifier: Apache-2.0 */
/* Which boots the answer is about, and what the answer is in one word. */
#pragma once

#include "analyzer/diagnose/analysis.h"

/* Chooses boots, ranks their findings, lists what is unexplained, says what evidence is missing. */
void summary_choose(struct analysis *a, const struct analysis_options *options);

/* The gravest severity among what is shown: roots and contributing; false when there is none. */
bool summary_worst(const struct analysis *a, enum severity *worst);
