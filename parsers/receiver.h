/* SPDX-License-Identifier: Apache-2.0 */
/* What a log daemon puts before the message it received: a time and a host. */
#pragma once

#include "analyzer/core/record.h"

/*
 * "2026-11-20T23:35:17.1+00:00", "Nov 20 23:35:17": sets wall_us and the flags for what the stamp
 * leaves out. False when there is none; what stands behind it stays.
 */
bool receiver_take_wall(struct str *in, struct record *out);

/* A host name or an address: letters, digits, ".-_:", UTF-8; never empty, no ':' at its end. */
bool receiver_is_host(struct str word);
