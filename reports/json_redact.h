/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NDJSON that was written without a redactor, by a worker or a shard, becomes what it would be with
 * one: names that private values have in other cases are not known when a case is analysed.
 */
#pragma once

#include "reports/out.h"

/*
 * Writes whole lines of ndjson, which were read as JSON before. Every text in them passes out's
 * redactor but those that reports write by emit_is_own(); headers say that they are redacted.
 */
void json_redact(struct out *out, struct str lines);

/*
 * The shape of a record as JSON: with a redactor a token, since of "web-7" it has "web-N", which
 * nobody recognises as the name.
 */
void json_put_shape(struct out *out, struct str shape);
