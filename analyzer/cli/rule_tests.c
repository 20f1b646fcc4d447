/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the tests of rules; see rule_tests.h. */
#include "analyzer/cli/rule_tests.h"

#include "analyzer/cli/complain.h"
#include "analyzer/core/limits.h"
#include "analyzer/diagnose/rule_test.h"

struct counts {
    size_t passed, failed;
};

/* `input:` of a test, relative to its rule file; false, with *why, when it cannot be read. */
static bool test_log(const struct rule *rule, const struct rule_test *test, struct arena *a,
                     struct str *log, struct str *why)
{
    size_t slash = str_find_last_char(rule->file, '/');
    struct str directory = slash == STR_NOT_FOUND ? STR(".") : str_first(rule->file, slash);
    struct rule_file file;
    struct err err;

    *log = test->text;
    if (test->input.n == 0)
        return true;
    if (test->input.p[0] == '/')
        directory = (struct str){ 0 };
    if (!rules_read_file(arena_printf(a, "%.*s%s%.*s", STR_ARG(directory), directory.n ? "/" : "",
                                      STR_ARG(test->input)),
                         a, &file, &err)) {
        *why = arena_printf(a, "%s: %s", err.file, err.text);
        return false;
    }
    *log = file.yaml;
    return true;
}

static void run_tests(struct cli *c, const struct rule *rule, struct counts *counts)
{
    for (size_t i = 0; i < rule->n_tests; i++) {
        const struct rule_test *test = &rule->tests[i];
        struct arena arena = { 0 };
        struct str log, why, line;

        if (test_log(rule, test, &arena, &log, &why) &&
            rule_test_run(c->rules, rule, test, log, &arena, &why)) {
            counts->passed++;
        } else {
            counts->failed++;
            out_tty(c->output.out, rule->file);
            out_printf(c->output.out, ":%u: ", test->line);
            out_tty(c->output.out, rule->id);
            out_puts(c->output.out, ":\n");
            while (str_take_line(&why, &line)) {
                out_puts(c->output.out, "  ");
                out_tty(c->output.out, line);
                out_puts(c->output.out, "\n");
            }
        }
        arena_done(&arena);
    }
}

bool rule_tests_named(const struct cli *c, struct str file)
{
    for (size_t i = 1; i < c->args.words.n; i++) {
        struct str word = str_from(c->args.words.p[i]), rest = file;

        if (str_eq(word, file))
            return true;
        if (str_take(&rest, word) && (str_ends(word, STR("/")) || str_take_char(&rest, '/')))
            return true;
    }
    return c->args.words.n <= 1;
}

static bool is_named(const struct cli *c, const struct rule *rule)
{
    for (size_t i = 1; i < c->args.words.n; i++)
        if (str_eq(str_from(c->args.words.p[i]), rule->id))
            return true;
    return rule_tests_named(c, rule->file);
}

/* An id that no rule has would otherwise pass with nothing tested. */
static bool names_exist(const struct cli *c)
{
    for (size_t i = 1; i < c->args.words.n; i++) {
        bool found = ruleset_find(c->rules, str_from(c->args.words.p[i])) != NULL;

        for (size_t k = 0; k < c->args.rules.n; k++)
            found = found || c->args.rules.p[k] == c->args.words.p[i];
        if (!found) {
            complain("there is no rule and no file %s", c->args.words.p[i]);
            return false;
        }
    }
    return true;
}

int rule_tests_run(struct cli *c)
{
    struct counts counts = { 0 };

    if (!names_exist(c))
        return EXIT_NOTHING;
    for (size_t i = 0; i < ruleset_count(c->rules); i++)
        if (is_named(c, ruleset_at(c->rules, i)))
            run_tests(c, ruleset_at(c->rules, i), &counts);
    out_printf(c->output.out, "%zu passed, %zu failed\n", counts.passed, counts.failed);
    return counts.failed ? EXIT_FINDING : EXIT_FINE;
}
