/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report for CI, in the dialect of JUnit's XML that the strictest readers take (Jenkins' xUnit
 * plugin has a schema): no attribute and no element more than tests/schema/junit.xsd knows, times
 * with three decimals, text in bodies because GitLab shows nothing else. A machine is a suite.
 */
#include "reports/clip.h"
#include "reports/junit.h"
#include "reports/wording.h"

#include <inttypes.h>

static const int64_t second_us = 1000000;

/* Of a flood a few lines prove as much; Jenkins keeps 50,000 characters of a failing test. */
enum { EVIDENCE_SHOWN = 12, FINDINGS_SHOWN = 8, TEXT_COLUMNS = 2000, UNEXPLAINED_SHOWN = 10 };

struct junit {
    struct out *out; /* a suite at a time, in memory; without a redactor */
    struct clip clip;
    const struct report_options *o;
    const struct cases *cases;
    bool redacted;
};

static void put_value(struct junit *j, struct str value)
{
    out_markup(j->out, clip(&j->clip, value, TEXT_COLUMNS));
}

static void put_attribute(struct junit *j, const char *name, struct str value)
{
    out_printf(j->out, " %s=\"", name);
    put_value(j, value);
    out_puts(j->out, "\"");
}

static void put_counts(struct out *o, const struct junit_tests *tests)
{
    out_printf(o, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", tests->n,
               tests->counts[OUTCOME_FAILED], tests->counts[OUTCOME_ERROR]);
}

static void put_time(struct out *o, int64_t us)
{
    out_printf(o, " time=\"%" PRId64 ".%03" PRId64 "\"", us / second_us, us % second_us / 1000);
}

static void put_line(struct junit *j, const struct case_line *line)
{
    struct str rest = line->text, text = line->text;
    bool first = true;

    while (str_take_line(&rest, &text) || first) {
        out_puts(j->out, "  ");
        if (first) {
            put_value(j, line->input);
            if (line->line)
                out_printf(j->out, ":%" PRIu64, line->line);
            out_puts(j->out, "  ");
            if (line->mono_us != TIME_UNKNOWN && line->mono_us >= 0)
                out_printf(j->out, "%" PRId64 ".%06" PRId64 "  ", line->mono_us / second_us,
                           line->mono_us % second_us);
        }
        put_value(j, text);
        out_puts(j->out, "\n");
        first = false;
    }
}

static enum news news_of(const struct case_diagnosis *d)
{
    return d->known ? NEWS_KNOWN : d->elsewhere ? NEWS_ELSEWHERE : NEWS_NEW;
}

static void put_finding(struct junit *j, const struct case_diagnosis *d)
{
    const char *news = wording_news(j->cases, news_of(d));
    size_t shown = d->evidence.n < EVIDENCE_SHOWN ? d->evidence.n : EVIDENCE_SHOWN;

    out_raw(j->out, severity_name(d->severity));
    out_puts(j->out, ", ");
    out_raw(j->out, role_name(d->role));
    out_puts(j->out, ": ");
    put_value(j, d->title);
    if (news[0])
        out_printf(j->out, " (%s)", news);
    out_puts(j->out, "\n\n");
    put_value(j, d->text);
    out_puts(j->out, "\n");
    if (d->evidence.n)
        out_puts(j->out, "\nEvidence\n");
    for (size_t i = 0; i < shown; i++)
        put_line(j, &d->evidence.p[i]);
    if (shown < d->evidence.n)
        out_printf(j->out, "  and %zu more\n", d->evidence.n - shown);
    if (d->steps.n)
        out_puts(j->out, "\nWhat to do\n");
    for (size_t i = 0; i < d->steps.n; i++) {
        out_printf(j->out, "  %zu. ", i + 1);
        put_value(j, d->steps.p[i]);
        out_puts(j->out, "\n");
    }
}

static void put_findings(struct junit *j, const struct junit_test *test)
{
    size_t shown = test->findings.n < FINDINGS_SHOWN ? test->findings.n : FINDINGS_SHOWN;

    for (size_t i = 0; i < shown; i++) {
        out_puts(j->out, i ? "\n" : "");
        put_finding(j, test->findings.p[i]);
    }
    if (shown < test->findings.n)
        out_printf(j->out, "\nand %zu more like it\n", test->findings.n - shown);
}

static void put_unexplained(struct junit *j, const struct case_result *c)
{
    size_t n = c->unexplained.n, shown = n < UNEXPLAINED_SHOWN ? n : UNEXPLAINED_SHOWN;

    out_puts(j->out, "Errors that no rule explains\n");
    for (size_t i = 0; i < shown; i++)
        put_line(j, &c->unexplained.p[i].evidence);
    if (shown < n)
        out_printf(j->out, "  and %zu more kinds\n", n - shown);
}

static void put_failure(struct junit *j, const struct junit_test *test)
{
    out_puts(j->out, "<failure");
    put_attribute(j, "type", severity_name(test->severity));
    put_attribute(j, "message", test->message);
    out_puts(j->out, ">");
    put_findings(j, test);
    out_puts(j->out, "</failure>\n");
}

static void put_error(struct junit *j, const struct junit_test *test, const struct case_result *c)
{
    out_puts(j->out, "<error type=\"input\"");
    put_attribute(j, "message", test->message);
    out_puts(j->out, ">");
    put_value(j, test->message);
    for (size_t i = 0; test->tells_notes && i < c->notes.n && i < UNEXPLAINED_SHOWN; i++) {
        out_puts(j->out, "\n");
        put_value(j, c->notes.p[i]);
    }
    out_puts(j->out, "</error>\n");
}

static void put_passed(struct junit *j, const struct junit_test *test, const struct case_result *c)
{
    out_puts(j->out, "<system-out>");
    if (test->tells_unexplained)
        put_unexplained(j, c);
    put_findings(j, test);
    out_puts(j->out, "</system-out>\n");
}

static void put_test(struct junit *j, const struct junit_test *test, const struct case_result *c,
                     struct str class)
{
    bool silent = test->outcome == OUTCOME_PASSED && test->findings.n == 0 &&
                  !(test->tells_unexplained && c->unexplained.n);

    out_puts(j->out, "    <testcase");
    put_attribute(j, "name", test->name);
    put_attribute(j, "classname", class);
    put_time(j->out, 0);
    out_puts(j->out, silent ? "/>\n" : ">\n      ");
    if (silent)
        return;
    switch (test->outcome) {
    case OUTCOME_FAILED: put_failure(j, test); break;
    case OUTCOME_ERROR: put_error(j, test, c); break;
    case OUTCOME_SKIPPED:
        out_puts(j->out, "<skipped");
        put_attribute(j, "message", test->message);
        out_puts(j->out, "/>\n");
        break;
    case OUTCOME_PASSED: put_passed(j, test, c); break;
    case OUTCOME_COUNT: break;
    }
    out_puts(j->out, "    </testcase>\n");
}

/* RFC 3339 without the fraction, which not every reader takes. */
static void put_run_time(struct out *o, int64_t wall_us)
{
    char text[CLOCK_TEXT];
    struct str stamp;

    if (wall_us <= 0)
        return;
    stamp = str_first(str_from(clock_format(wall_us, text)), sizeof "2022-05-26T21:38:13" - 1);
    out_printf(o, " timestamp=\"%.*s\"", STR_ARG(stamp));
}

/* What is left when nothing is new; readers take a report without a test for a broken one. */
static bool no_tests(struct arena *arena, const struct cases *cases, struct junit_tests *out)
{
    struct junit_test *test;

    *out = (struct junit_tests){ 0 };
    test = vec_push(arena, out);
    if (!test)
        return false;
    test->name = cases->known ? STR("no new failure") : STR("no known failure");
    test->outcome = cases->known ? OUTCOME_PASSED : OUTCOME_SKIPPED;
    test->message = cases->known ? (struct str){ 0 } : STR("no log was found");
    out->counts[test->outcome]++;
    return true;
}

/* The suites are the cases, or one that stands for none. */
static size_t count_suites(const struct cases *cases)
{
    return cases->of.n ? cases->of.n : 1;
}

static bool suite_tests(struct arena *arena, const struct cases *cases, size_t i,
                        const struct report_options *o, struct junit_tests *out)
{
    return cases->of.n ? junit_tests(arena, &cases->of.p[i], o, out) : no_tests(arena, cases, out);
}

static void put_suite(struct junit *j, const struct cases *cases, size_t i, struct str vm)
{
    static const struct case_result none;
    const struct case_result *c = cases->of.n ? &cases->of.p[i] : &none;
    struct arena arena = { .limit_bytes = 64 << 20 };
    struct junit_tests tests;
    struct str class;

    if (suite_tests(&arena, cases, i, j->o, &tests)) {
        class = arena_printf(&arena, "lastwords.%.*s", STR_ARG(vm));
        out_puts(j->out, "  <testsuite");
        put_attribute(j, "name", vm);
        put_counts(j->out, &tests);
        out_printf(j->out, " skipped=\"%zu\"", tests.counts[OUTCOME_SKIPPED]);
        put_time(j->out, 0);
        put_run_time(j->out, j->o->run_time_us);
        if (!j->redacted && cases->of.n)
            put_attribute(j, "hostname", vm);
        if (c->inputs.n)
            put_attribute(j, "file", c->inputs.p[0].name);
        out_puts(j->out, ">\n");
        for (size_t k = 0; k < tests.n; k++)
            put_test(j, &tests.p[k], c, class);
        out_puts(j->out, "  </testsuite>\n");
    }
    arena_done(&arena);
}

/* What all suites of the file hold together stands in front of them. */
static void count_all(const struct cases *cases, const struct report_options *o, size_t to,
                      struct junit_tests *all)
{
    *all = (struct junit_tests){ 0 };
    for (size_t i = o->from; i < to; i++) {
        struct arena arena = { .limit_bytes = 64 << 20 };
        struct junit_tests tests;

        if (suite_tests(&arena, cases, i, o, &tests)) {
            all->n += tests.n;
            for (size_t k = 0; k < OUTCOME_COUNT; k++)
                all->counts[k] += tests.counts[k];
        }
        arena_done(&arena);
    }
}

static struct str suite_name(const struct cases *cases, size_t i)
{
    const struct case_result *c = cases->of.n ? &cases->of.p[i] : NULL;

    if (!c)
        return STR("lastwords");
    return c->name.n ? c->name : c->id.n ? c->id : STR("unknown");
}

/*
 * GitLab keeps only the first of two tests of one class and name: machines of the same name, as
 * clones are, get a number, which counts those of earlier files, too.
 */
static void put_suites(struct junit *j, struct out *out, const struct cases *cases, size_t to)
{
    struct arena arena = { 0 };
    struct str *names = arena_new(&arena, struct str, to);

    for (size_t i = 0; names && i < to; i++) {
        size_t same = 1;

        names[i] = suite_name(cases, i);
        if (i < j->o->from)
            continue;
        for (size_t k = 0; k < i; k++)
            same += str_eq(names[k], names[i]);
        put_suite(j, cases, i,
                  same > 1 ? arena_printf(&arena, "%.*s (%zu)", STR_ARG(names[i]), same)
                           : names[i]);
        out_raw(out, out_bytes(j->out));
        out_clear(j->out);
    }
    arena_done(&arena);
}

static size_t part_end(const struct cases *cases, const struct report_options *o, size_t from)
{
    size_t sum = 0, i = from;

    for (; i < cases->of.n; i++) {
        struct arena arena = { .limit_bytes = 64 << 20 };
        struct junit_tests tests = { 0 };

        if (junit_tests(&arena, &cases->of.p[i], o, &tests))
            sum += tests.n;
        arena_done(&arena);
        if (sum > JUNIT_TESTS_MAX && i > from)
            break;
    }
    return i;
}

static void write_cases(struct out *out, const struct cases *cases, const struct report_options *o)
{
    struct junit j = {
        .out = out_new_memory(), .o = o, .cases = cases, .redacted = out_redactor(out) != NULL
    };
    size_t to = o->to ? o->to : count_suites(cases);
    struct junit_tests all;

    if (clip_init(&j.clip, out) && j.out) {
        count_all(cases, o, to, &all);
        out_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lastwords\"");
        put_counts(out, &all);
        put_time(out, o->from ? 0 : o->duration_us);
        out_puts(out, ">\n");
        put_suites(&j, out, cases, to);
        out_puts(out, "</testsuites>\n");
    }
    clip_done(&j.clip);
    out_free(j.out);
}

static void write_one(struct out *out, const struct analysis *a, const struct report_options *o)
{
    report_as_cases(out, a, o, write_cases);
}

const struct report report_junit = {
    .name = "junit",
    .title = "test results for CI: a machine is a suite, a kind of finding a test",
    .write = write_one,
    .write_cases = write_cases,
    .part_end = part_end,
};
