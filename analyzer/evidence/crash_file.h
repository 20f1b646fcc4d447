/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which source file is to blame, where the log itself names places behind its frames:
 * "frob_push+0x10/0x20 drivers/frob/push.c:88", as decode_stacktrace.sh and test farms write them.
 */
#pragma once

#include "analyzer/evidence/crash_text.h"

/*
 * In `a`, empty when the text names no place. `stalled`: the report is of a stall, where the trace
 * begins with the interrupt that found it.
 */
struct str crash_file_find(const struct crash_text *t, bool stalled, struct arena *a);
