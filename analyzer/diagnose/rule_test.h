/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule's own `tests:`: the text goes the whole way from bytes to findings, as any log would, and
 * the rule fires or does not.
 */
#pragma once

#include "analyzer/engine/matcher.h"
#include "analyzer/evidence/fact.h"

/*
 * Runs one test of `rule` on `log` (test->text, or what the file of test->input holds). False when
 * it did not go as it says; *why then tells, in `a`, in one or several lines.
 */
bool rule_test_run(const struct ruleset *rs, const struct rule *rule, const struct rule_test *test,
                   struct str log, struct arena *a, struct str *why);

/* `facts:` of a test, as if the log had told them. */
void rule_test_facts(const struct rule_test *test, struct facts *f, struct arena *a);
