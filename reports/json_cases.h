/* SPDX-License-Identifier: Apache-2.0 */
/* Many cases for programs. */
#pragma once

#include "reports/report.h"

/* One document: what names each case, and the sums and groups. */
void json_write_cases(struct out *out, const struct cases *cases, const struct report_options *o);

/* The last line behind the cases' own lines: the sums and groups, type "total". */
void json_write_total(struct out *out, const struct cases *cases, const struct report_options *o);
