/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many cases put together: the same cause, or the same crash, on n machines is one group. What the
 * summaries of a scan show, in every form.
 */
#pragma once

#include "analyzer/diagnose/cases.h"

enum group_kind { GROUP_CAUSE, GROUP_CRASH };

struct case_group {
    enum group_kind kind;
    struct str key;         /* the rule's id, or the crash's exact signature */
    struct str title;       /* of its cases; "…" for words in which they differ */
    enum severity severity; /* of a cause: the gravest of its cases */
    struct group_members {
        VEC(uint32_t); /* indices into cases->of, each once, in their order */
    } members;
};

struct case_groups {
    VEC(struct case_group);
};

/*
 * Groups by the cause that names each case (case_cause()) or by its first crash. The gravest first,
 * then the largest, then by key. Everything lives in `arena`; false when memory did not suffice.
 */
bool groups_by_cause(const struct cases *cases, struct arena *arena, struct case_groups *out);
bool groups_by_crash(const struct cases *cases, struct arena *arena, struct case_groups *out);

/* How many cases ended in each result; `incomplete`: of how many input bytes were lost. */
struct case_counts {
    uint64_t by_result[RESULT_NOTHING_READ + 1];
    uint64_t by_severity[SEVERITY_COUNT]; /* of the gravest finding, case_worst() */
    uint64_t incomplete;
    uint64_t crashed; /* with a crash report */
    uint64_t bytes;   /* of all inputs, not of cases */
};
struct case_counts cases_count(const struct cases *cases);
