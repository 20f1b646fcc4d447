/* SPDX-License-Identifier: Apache-2.0 */
/* What the escapers of out.h share. */
#pragma once

#include "reports/out.h"

/* What of a log may be shown: `s`, or what it becomes with the output's redactor. */
struct str escape_shown(const struct out *o, struct str s);

/* out_tty() of what was shown already. */
void escape_tty(struct out *o, struct str s);
