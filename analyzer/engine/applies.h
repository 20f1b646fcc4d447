/* SPDX-License-Identifier: Apache-2.0 */
/* `applies_to:`: is a rule or wording meant for this kernel? */
#pragma once

#include "analyzer/engine/matcher.h"
#include "analyzer/evidence/boot.h"
#include "analyzer/evidence/fact.h"

/*
 * TRI_NO only when a fact is known and out of range: a message that matches says more about the
 * kernel than a release that is not in the log. NULL applies to all.
 */
enum tri applies_to(const struct applies *a, const struct facts *facts);

/* Of the kernel's version alone; true when it is empty. */
bool applies_to_version(const struct applies *a, struct str version);

/* Of the flavour at the end of a release ("4.4.8-esx") alone; true when it is empty. */
bool applies_to_release(const struct applies *a, struct str release);
