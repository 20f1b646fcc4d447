/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "reports/report.h"

/* The text of a scan: by cause, by crash, by case, and what was not read. */
void text_write_cases(struct out *out, const struct cases *cases, const struct report_options *o);
