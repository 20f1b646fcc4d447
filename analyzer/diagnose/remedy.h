/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in what a diagnosis says, with the user's own names. */
#pragma once

#include "analyzer/diagnose/analysis.h"

/* Fills title, text and remediation of every diagnosis of the case. */
void remedy_fill(struct analysis *a);
