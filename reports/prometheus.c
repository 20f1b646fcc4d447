/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report for node_exporter's textfile collector, which refuses time stamps and wants each
 * metric's lines together. Labels are bounded: rules, severities and four words, never the name of
 * a machine, which a guest may choose.
 */
#include "reports/report.h"

#include <inttypes.h>

static const int64_t second_us = 1000000;

/* How well an input was read; the words of the label. */
enum reading { READING_COMPLETE, READING_PARTIAL, READING_FAILED, READING_EMPTY, READING_COUNT };

static const char *const reading_words[READING_COUNT] = {
    [READING_COMPLETE] = "complete",
    [READING_PARTIAL] = "partial",
    [READING_FAILED] = "failed",
    [READING_EMPTY] = "empty",
};

/* How often one rule was found with one severity. */
struct tally {
    struct str rule;
    enum severity severity;
    uint64_t count;
};

struct tallies {
    VEC(struct tally);
};

static enum reading reading_of(const struct case_input *in)
{
    if (in->error.n)
        return in->format.n ? READING_PARTIAL : READING_FAILED;
    return in->bytes ? READING_COMPLETE : READING_EMPTY;
}

/* In order of rule and severity, so that the order of the cases does not show. */
static bool tally_add(struct arena *arena, struct tallies *tallies, struct str rule,
                      enum severity severity)
{
    size_t low = 0, high = tallies->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(tallies->p[middle].rule, rule);

        if (order == 0)
            order = (int)tallies->p[middle].severity - (int)severity;
        if (order == 0) {
            tallies->p[middle].count++;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (!vec_push(arena, tallies))
        return false;
    for (size_t i = tallies->n - 1; i > low; i--)
        tallies->p[i] = tallies->p[i - 1];
    tallies->p[low] = (struct tally){ rule, severity, 1 };
    return true;
}

static void put_head(struct out *o, const char *name, const char *help)
{
    out_printf(o, "# HELP lastwords_%s %s\n# TYPE lastwords_%s gauge\n", name, help, name);
}

static void put_number(struct out *o, const char *name, const char *help, uint64_t number)
{
    put_head(o, name, help);
    out_printf(o, "lastwords_%s %" PRIu64 "\n", name, number);
}

static void put_seconds(struct out *o, const char *name, const char *help, int64_t us)
{
    if (us <= 0)
        return;
    put_head(o, name, help);
    out_printf(o, "lastwords_%s %" PRId64 ".%06" PRId64 "\n", name, us / second_us, us % second_us);
}

/* Of all cases: that nothing in one is new does not say how well it was read. */
static void put_inputs(struct out *o, const struct cases *cases)
{
    const struct case_results *all = cases->all.n ? &cases->all : &cases->of;
    uint64_t counts[READING_COUNT] = { 0 }, bytes = 0;

    for (size_t i = 0; i < all->n; i++) {
        const struct case_inputs *inputs = &all->p[i].inputs;

        for (size_t k = 0; k < inputs->n; k++) {
            counts[reading_of(&inputs->p[k])]++;
            bytes += inputs->p[k].bytes;
        }
    }
    put_head(o, "inputs", "Inputs of the last run, by how well they could be read.");
    for (size_t i = 0; i < READING_COUNT; i++)
        out_printf(o, "lastwords_inputs{result=\"%s\"} %" PRIu64 "\n", reading_words[i], counts[i]);
    put_number(o, "scanned_bytes", "Bytes of all inputs of the last run.", bytes);
}

static void put_findings(struct out *o, const struct cases *cases)
{
    struct arena scratch = { .limit_bytes = 64 << 20 };
    struct tallies tallies = { 0 };

    for (size_t i = 0; i < cases->of.n; i++) {
        const struct case_diagnoses *found = &cases->of.p[i].diagnoses;

        for (size_t k = 0; k < found->n; k++)
            if (!tally_add(&scratch, &tallies, found->p[k].rule, found->p[k].severity))
                break;
    }
    put_head(o, "findings", "Findings of the last run, by rule and severity.");
    for (size_t i = 0; i < tallies.n; i++) {
        out_puts(o, "lastwords_findings{rule=");
        out_own(o, out_label, tallies.p[i].rule);
        out_puts(o, ",severity=");
        out_label(o, severity_name(tallies.p[i].severity));
        out_printf(o, "} %" PRIu64 "\n", tallies.p[i].count);
    }
    arena_done(&scratch);
}

static void write_cases(struct out *out, const struct cases *cases, const struct report_options *o)
{
    put_seconds(out, "last_run_timestamp_seconds", "When the last run took place, in Unix time.",
                o->run_time_us);
    put_seconds(out, "duration_seconds", "How long the last run took.", o->duration_us);
    put_number(out, "run_complete", "1 when the last run read all bytes of all inputs, else 0.",
               cases->complete);
    put_inputs(out, cases);
    put_findings(out, cases);
}

static void write_one(struct out *out, const struct analysis *a, const struct report_options *o)
{
    report_as_cases(out, a, o, write_cases);
}

const struct report report_prometheus = {
    .name = "prometheus",
    .title = "metrics for node_exporter's textfile collector",
    .write = write_one,
    .write_cases = write_cases,
};
