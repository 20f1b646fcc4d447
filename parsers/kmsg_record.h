/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The head of a record as /dev/kmsg and extended netconsole write it:
 *
 *     6,1234,5140900,-,caller=T1;text
 *     ^facility * 8 + level
 *       ^sequence number ^microseconds ^flags ^further fields
 *
 * Sources: Documentation/ABI/testing/dev-kmsg, kernel/printk/printk.c (info_print_ext_header()).
 */
#pragma once

#include "parsers/lines.h"
#include "analyzer/core/record.h"

/*
 * Takes the head including ';'. Sets level, facility, origin, mono_us, seq and caller of *out.
 * `fields` (or NULL) gets what stands between the flags and ';', with the comma before it.
 */
bool kmsg_take_head(struct str *in, struct record *out, struct str *fields);

/* `s` with "\xNN" decoded: in the joiner when there is anything to decode, else `s` itself. */
struct str kmsg_decode(struct joiner *j, struct str s);
