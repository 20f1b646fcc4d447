/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that come from the crash reports of a boot. */
#pragma once

#include "analyzer/evidence/crash.h"
#include "analyzer/evidence/fact.h"

/* Sets crash.count and crash.first. May be called any number of times. */
void facts_set_crashes(struct facts *f, const struct crashes *c);
