/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that come from a boot as a whole, not from one record. */
#pragma once

#include "analyzer/evidence/boot.h"
#include "analyzer/evidence/fact.h"

/* A boot and what is known of it; the one before it in the case. */
struct boot_before {
    const struct boot *boot;
    const struct facts *facts;
};

/*
 * Sets boot.*, root.earlier, root.named and root.candidates. May be called any number of times;
 * `before` may be NULL.
 */
void facts_set_boot(struct facts *f, const struct boot *b, const struct boot_before *before);

/* root.named, root.candidates and root.candidate from the facts that are there: facts_root.c. */
void facts_set_root(struct facts *f);

/* pci.undriven from pci.storage and drivers.bound: facts_pci.c. */
void facts_set_undriven(struct facts *f);
