/* SPDX-License-Identifier: Apache-2.0 */
/* Words that name nobody: what --redact leaves in a text, and in a path. */
#pragma once

#include "analyzer/core/str.h"

/*
 * A word that logs and reports are full of, or an address that everybody has: "kernel", "disk",
 * "127.0.0.1". A machine of that name keeps it within texts, which would else be unreadable.
 */
bool redact_is_ordinary(struct str s);

/* All parts are what systems call disks and volumes by themselves: "vg-root", "VolGroup00". */
bool redact_is_of_words(struct str s);

/* A VM's setting that holds what its owner wrote, as redact_kinds.def knows it in a line. */
bool redact_is_owners(struct str key);

/* Digits, points and dashes alone. */
bool redact_is_number(struct str s);

/* "vmware-3.log" without what says nobody's name: 0 when nothing is left, "acme.log" has 4. */
size_t redact_own_part(struct str component);
