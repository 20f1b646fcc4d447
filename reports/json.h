/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the JSON reports that commands write by themselves; keys as in the schema. */
#pragma once

#include "reports/report.h"

/* The objects of boots[]: as one array, or one per line. */
void json_write_boots(struct out *out, const struct analysis *a, const struct report_options *o,
                      bool lines);

/* The object facts{} of one boot. */
void json_write_facts(struct out *out, const struct analysis *a, uint32_t boot, bool line);
