/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of crash reports in ranking: findings that tell of the same report belong together, a
 * report that follows from another one is its symptom, and a report that rules explain says by
 * which.
 */
#pragma once

#include "analyzer/diagnose/analysis.h"

/* A finding on its way to become a diagnosis. */
struct candidate {
    const struct finding *finding;
    bool superseded;
    size_t cause; /* index of the candidate that explains it, or SIZE_MAX */
    enum role role;
    enum severity severity; /* its rule's, or that of what it led to */
    enum confidence confidence;
    uint32_t place; /* among the diagnoses, once it has one */
};

/* Negative when `a` ranks before `b`. */
int rank_compare(const struct candidate *a, const struct candidate *b);

/* UINT32_MAX when there is none. */
uint32_t rank_crash_index(const struct crash_list *crashes, const struct crash *crash);

/* Is it a finding of a catch_all rule about a report that another rule of the boot knows? */
bool rank_gives_way(const struct case_boot *cb, const struct finding *f);

/*
 * Gives causes to candidates that no rule explains: the panic that a report ended in is the same
 * event, a report that follows from an earlier one is its symptom.
 */
void rank_crash_causes(const struct crash_list *crashes, struct candidate *c, size_t n);

/* Fills cb->crash_ranks from the diagnoses of its boot, which begin at `first`. */
void rank_crashes(struct analysis *a, struct case_boot *cb, size_t first);
