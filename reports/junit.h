/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Test cases out of results: one for each kind of finding of a machine, one for each input that
 * could not be read, and one that says that nothing is wrong. The names are the same from night to
 * night (no number, time or value of a log in them), so that CI can follow a test.
 */
#pragma once

#include "reports/report.h"

enum outcome { OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_ERROR, OUTCOME_SKIPPED, OUTCOME_COUNT };

struct junit_test {
    struct str name; /* unique among the tests of its case; not escaped yet */
    enum outcome outcome;
    enum severity severity; /* of findings: the gravest */
    struct str message;     /* one line, or empty; not escaped yet */
    struct junit_findings {
        VEC(const struct case_diagnosis *);
    } findings;
    bool tells_unexplained; /* nothing is known: what no rule explains is worth a look */
    bool tells_notes;
};

struct junit_tests {
    VEC(struct junit_test);
    size_t counts[OUTCOME_COUNT];
};

/* A file of more tests is cut, between two machines: what readers take in one. */
enum { JUNIT_TESTS_MAX = 5000 };

/* All tests of one case in `arena`, at least one; false when memory did not suffice. */
bool junit_tests(struct arena *arena, const struct case_result *c, const struct report_options *o,
                 struct junit_tests *out);
