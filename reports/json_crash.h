/* SPDX-License-Identifier: Apache-2.0 */
/* A crash as JSON members, for json.c: everything but its evidence. */
#pragma once

#include "analyzer/evidence/crash.h"
#include "reports/emit.h"

void json_crash_members(struct emit *e, const struct crash *c, uint32_t boot);
