/* SPDX-License-Identifier: Apache-2.0 */
/* From a case to the test cases that CI shows of it; see junit.h. */
#include "reports/junit.h"

enum { NAME_BYTES = 200 };

static struct junit_test *add_test(struct arena *arena, struct junit_tests *tests, struct str name,
                                   enum outcome outcome)
{
    struct junit_test *test = vec_push(arena, tests);

    if (!test)
        return NULL;
    test->name = name;
    test->outcome = outcome;
    tests->counts[outcome]++;
    return test;
}

/* A title as its rule has it, "…" for what the log fills in: "Disk … is not ready". */
static struct str steady_title(struct arena *arena, struct str title)
{
    struct str rest = title, value, name = { 0 };
    size_t at;

    while ((at = str_find(rest, STR("${"))) != STR_NOT_FOUND) {
        name = arena_printf(arena, "%.*s%.*s…", STR_ARG(name), STR_ARG(str_first(rest, at)));
        rest = str_from_at(rest, at);
        if (!str_take_until(&rest, '}', &value))
            break;
    }
    return arena_printf(arena, "%.*s%.*s", STR_ARG(name), STR_ARG(rest));
}

/* The same of a title that is filled in already: whatever has a digit in it may be a value. */
static struct str steady_text(struct arena *arena, struct str title)
{
    struct str rest = title, word, name = { 0 };

    while (str_take_spaces(&rest), str_take_word(&rest, &word)) {
        bool value = false;

        for (size_t i = 0; i < word.n; i++)
            value = value || char_is_digit(word.p[i]);
        name = arena_printf(arena, "%.*s%s%.*s", STR_ARG(name), name.n ? " " : "",
                            STR_ARG(value ? STR("…") : word));
        if (name.n > NAME_BYTES)
            break;
    }
    return name;
}

/* Whole characters of UTF-8. */
static struct str cut_name(struct str name)
{
    size_t n = NAME_BYTES;

    if (name.n <= n)
        return name;
    while (n && ((unsigned char)name.p[n] & 0xc0) == 0x80)
        n--;
    return str_first(name, n);
}

static struct str name_rule(struct arena *arena, struct str id, struct str title)
{
    return cut_name(arena_printf(arena, "%.*s %.*s", STR_ARG(id), STR_ARG(title)));
}

static struct str name_finding(struct arena *arena, const struct case_diagnosis *d,
                               const struct ruleset *rules)
{
    const struct rule *rule = rules ? ruleset_find(rules, d->rule) : NULL;

    return name_rule(arena, d->rule,
                     rule ? steady_title(arena, rule->title) : steady_text(arena, d->title));
}

static struct junit_test *find_test(struct junit_tests *tests, struct str name)
{
    for (size_t i = 0; i < tests->n; i++)
        if (str_eq(tests->p[i].name, name))
            return &tests->p[i];
    return NULL;
}

/* What needs action fails: symptoms and notes are told beside it. */
static bool fails(const struct case_result *c, const struct case_diagnosis *d,
                  const struct report_options *o)
{
    if (d->severity < o->junit_fail_on || d->role == ROLE_NOTE)
        return false;
    return d->role != ROLE_SYMPTOM || d == case_cause(c);
}

static bool add_finding(struct arena *arena, const struct case_result *c,
                        const struct case_diagnosis *d, const struct report_options *o,
                        struct junit_tests *tests)
{
    enum outcome outcome = fails(c, d, o) ? OUTCOME_FAILED : OUTCOME_PASSED;
    struct str name = name_finding(arena, d, o->rules);
    struct junit_test *test = find_test(tests, name);
    const struct case_diagnosis **slot;

    if (!test && !(test = add_test(arena, tests, name, outcome)))
        return false;
    if (outcome == OUTCOME_FAILED && test->outcome == OUTCOME_PASSED) {
        tests->counts[OUTCOME_PASSED]--;
        tests->counts[OUTCOME_FAILED]++;
        test->outcome = OUTCOME_FAILED;
    }
    if (test->findings.n == 0 || d->severity > test->severity) {
        test->severity = d->severity;
        test->message = d->title;
    }
    slot = vec_push(arena, &test->findings);
    if (slot)
        *slot = d;
    return slot;
}

/* Names of files may be alike: "input vmware.log", "input vmware.log (2)". */
static struct str name_input(struct arena *arena, struct junit_tests *tests, struct str input)
{
    struct str name = cut_name(arena_printf(arena, "input %.*s", STR_ARG(input)));
    struct str first = name;

    for (unsigned i = 2; find_test(tests, name); i++)
        name = arena_printf(arena, "%.*s (%u)", STR_ARG(first), i);
    return name;
}

/* Inputs that could not be read to their end; and what is nobody's: a file that was not there. */
static bool add_losses(struct arena *arena, const struct case_result *c, struct junit_tests *tests)
{
    struct junit_test *test;

    for (size_t i = 0; i < c->inputs.n; i++) {
        const struct case_input *in = &c->inputs.p[i];

        if (in->error.n == 0)
            continue;
        test = add_test(arena, tests, name_input(arena, tests, in->name), OUTCOME_ERROR);
        if (!test)
            return false;
        test->message = in->error;
    }
    if (tests->counts[OUTCOME_ERROR] || (c->exit_code < 2 && c->inputs.n))
        return true;
    if (c->inputs.n && c->exit_code < 3)
        return true;
    test = add_test(arena, tests, STR("input"), OUTCOME_ERROR);
    if (!test)
        return false;
    test->message = c->inputs.n ? STR("a part of the input was not read")
                                : STR("there was nothing that could be read");
    test->tells_notes = true;
    return true;
}

/* Logs without a byte are no failure of the machine, and no proof that it is well. */
static bool add_empty(struct arena *arena, const struct case_result *c, struct junit_tests *tests)
{
    if (c->result != RESULT_NOTHING_READ)
        return true;
    for (size_t i = 0; i < c->inputs.n; i++) {
        struct junit_test *test;

        if (c->inputs.p[i].error.n)
            continue;
        test = add_test(arena, tests, name_input(arena, tests, c->inputs.p[i].name),
                        OUTCOME_SKIPPED);
        if (!test)
            return false;
        test->message = c->inputs.p[i].bytes ? STR("this is no log") : STR("the log is empty");
    }
    return true;
}

/* The test that passes when nothing is wrong. */
static bool add_no_failure(struct arena *arena, const struct case_result *c,
                           struct junit_tests *tests)
{
    bool tells = c->result != RESULT_CANNOT_TELL;
    struct junit_test *test;

    if (c->result == RESULT_NOTHING_READ || tests->counts[OUTCOME_FAILED] ||
        tests->counts[OUTCOME_ERROR])
        return true;
    test = add_test(arena, tests, STR("no known failure"),
                    tells ? OUTCOME_PASSED : OUTCOME_SKIPPED);
    if (!test)
        return false;
    if (!tells)
        test->message = STR("this log cannot tell what happened");
    test->tells_unexplained = tells;
    return true;
}

static bool add_silent_rules(struct arena *arena, const struct report_options *o,
                             struct junit_tests *tests)
{
    size_t found = tests->n;

    for (size_t i = 0; i < ruleset_count(o->rules); i++) {
        const struct rule *rule = ruleset_at(o->rules, i);
        struct str name = name_rule(arena, rule->id, steady_title(arena, rule->title));
        bool known = false;

        for (size_t k = 0; k < found && !known; k++)
            known = str_eq(tests->p[k].name, name);
        if (!known && !add_test(arena, tests, name, OUTCOME_PASSED))
            return false;
    }
    return true;
}

bool junit_tests(struct arena *arena, const struct case_result *c, const struct report_options *o,
                 struct junit_tests *out)
{
    *out = (struct junit_tests){ 0 };
    for (size_t i = 0; i < c->diagnoses.n; i++)
        if (!add_finding(arena, c, &c->diagnoses.p[i], o, out))
            return false;
    if (!add_losses(arena, c, out) || !add_empty(arena, c, out) || !add_no_failure(arena, c, out))
        return false;
    return !o->junit_all_rules || !o->rules || add_silent_rules(arena, o, out);
}
