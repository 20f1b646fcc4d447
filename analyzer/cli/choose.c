/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of options that more than one command understands, checked before anything is opened but
 * --vmlinux; see cli.h.
 */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/machine.h"
#include "analyzer/cli/when.h"
#include "analyzer/engine/keys.h"

#include <time.h>

const struct report *cli_choose_report(const struct cli *c)
{
    const char *word = c->args.value[OPTION_FORMAT];
    const struct report *report = word ? report_find(str_from(word)) : reports[0];
    struct suggestion s = { .wanted = str_from(word) };
    char hint[120];

    if (report)
        return report;
    for (size_t i = 0; reports[i]; i++)
        suggest(&s, str_from(reports[i]->name));
    complain("--format %s: no such format%s", word, suggestion_text(&s, hint, sizeof hint));
    return NULL;
}

const char *cli_fail_on(const struct cli *c)
{
    const char *word = c->args.value[OPTION_FAIL_ON];

    if (!word && c->fail_on && c->fail_on[0])
        return c->fail_on;
    return word;
}

/* A severity by its word; complains with what stands in front of the word, and the nearest one. */
static bool choose_severity(const char *from, const char *word, enum severity *severity)
{
    struct suggestion s = { .wanted = str_from(word) };
    char hint[120];

    if (!word || severity_from_name(str_from(word), severity))
        return true;
    for (size_t i = 0; i < SEVERITY_COUNT; i++)
        suggest(&s, severity_name((enum severity)i));
    complain("%s%s: no such severity%s", from, word, suggestion_text(&s, hint, sizeof hint));
    return false;
}

bool cli_threshold(const struct cli *c, const char *word, enum severity *threshold)
{
    return choose_severity(
            c->args.value[OPTION_FAIL_ON] ? "--fail-on " : "LASTWORDS_FAIL_ON=", word, threshold);
}

static int64_t clock_us(clockid_t clock)
{
    struct timespec t;

    return clock_gettime(clock, &t) == 0 ? (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 : 0;
}

bool cli_check_run_time(struct cli *c)
{
    const char *word = c->args.value[OPTION_RUN_TIME];
    struct str s = str_from(word);
    unsigned gaps;

    c->junit_fail_on = SEVERITY_WARNING;
    if (!choose_severity("--junit-fail-on ", c->args.value[OPTION_JUNIT_FAIL_ON],
                         &c->junit_fail_on))
        return false;
    if (!word || str_eq(s, STR("none")))
        return true;
    if (str_eq(s, STR("now"))) {
        c->run_time_us = clock_us(CLOCK_REALTIME);
        c->started_us = clock_us(CLOCK_MONOTONIC);
        return true;
    }
    if (clock_take_iso(&s, &c->run_time_us, &gaps) && gaps == 0 && s.n == 0)
        return true;
    complain("--run-time %s: not a time (2026-01-31T12:00:00Z, now, or none)", word);
    return false;
}

int64_t cli_duration_us(const struct cli *c)
{
    return c->started_us ? clock_us(CLOCK_MONOTONIC) - c->started_us : 0;
}

/* --since, --until, --machine-id. */
static bool choose_records(const struct cli *c, struct analysis_options *out)
{
    const char *since = c->args.value[OPTION_SINCE], *until = c->args.value[OPTION_UNTIL];
    struct when from = { TIME_UNKNOWN, TIME_UNKNOWN }, to = from;
    int64_t now_us = clock_us(CLOCK_REALTIME);
    struct err err;

    if ((since && !when_parse(str_from(since), now_us, &from, &err)) ||
        (until && !when_parse(str_from(until), now_us, &to, &err))) {
        complain("%s", err.text);
        return false;
    }
    if (since && until && from.wall_us > to.wall_us) {
        complain("--since %s is later than --until %s", since, until);
        return false;
    }
    out->select = (struct selection){ .machine_id = machine_id_of(&c->args),
                                      .since_us = from.wall_us,
                                      .until_us = to.wall_us,
                                      .since_local_us = from.local_us,
                                      .until_local_us = to.local_us };
    out->selects = since || until || out->select.machine_id.n;
    if (!args_has(&c->args, OPTION_MACHINE_ID) || out->select.machine_id.n)
        return true;
    complain("--machine-id %s: no machine is named like that (32 hex digits, as in "
             "/etc/machine-id)",
             c->args.value[OPTION_MACHINE_ID]);
    return false;
}

/* --input-format. */
static bool choose_format(const struct cli *c, const struct parser **format)
{
    const char *word = c->args.value[OPTION_INPUT_FORMAT];
    struct suggestion s = { .wanted = str_from(word) };
    char hint[120];

    *format = word ? parser_find(str_from(word)) : NULL;
    if (!word || *format)
        return true;
    for (size_t i = 0; parsers[i]; i++)
        suggest(&s, str_from(parsers[i]->name));
    complain("--input-format %s: no such format%s; lastwords formats lists them", word,
             suggestion_text(&s, hint, sizeof hint));
    return false;
}

/* -b, as args_is_boot() knows it: a sign or none, "all", or an id. */
static bool choose_boot(const struct cli *c, struct analysis_options *out)
{
    struct str word = str_from(c->args.value[OPTION_BOOT]);

    if (!c->args.value[OPTION_BOOT])
        return true;
    if (word.n && !args_is_boot(word)) {
        complain("-b %s: no boot is written like that (0, -1, 1, all, or 32 hex digits)", word.p);
        return false;
    }
    out->choice = BOOT_OFFSET;
    if (str_eq(word, STR("all"))) {
        out->choice = BOOT_ALL;
    } else if (word.n == 32) {
        out->choice = BOOT_ID;
        out->boot_id = word;
    } else {
        str_take_char(&word, '+');
        str_to_i64(word, &out->boot_offset);
    }
    return true;
}

/* --memory-way: one of the two ways to a log in a memory image alone, for tests of each. */
static bool choose_way(const struct cli *c, unsigned *ways)
{
    static const struct {
        struct str word;
        enum log_way way;
    } words[] = { { { STR_INIT("info") }, WAY_INFO }, { { STR_INIT("shape") }, WAY_SHAPE } };
    const char *word = c->args.value[OPTION_MEMORY_WAY];

    *ways = 0;
    for (size_t i = 0; word && i < sizeof words / sizeof words[0]; i++)
        if (str_eq(str_from(word), words[i].word))
            *ways = words[i].way;
    if (!word || *ways)
        return true;
    complain("--memory-way %s: no such way (info or shape)", word);
    return false;
}

/* --vmlinux: opened before the sandbox, looked into behind it. */
static bool open_symbols(struct cli *c, struct symbols **symbols)
{
    struct err err;

    if (c->args.vmlinux.n && !c->symbols)
        c->symbols = symbols_new();
    for (size_t i = 0; c->symbols && i < c->args.vmlinux.n; i++) {
        if (symbols_open(c->symbols, c->args.vmlinux.p[i], &err))
            continue;
        complain_err(&err);
        return false;
    }
    *symbols = c->symbols;
    return true;
}

bool cli_analysis_options(struct cli *c, struct analysis_options *out)
{
    *out = (struct analysis_options){ .no_prefilter = args_has(&c->args, OPTION_NO_PREFILTER),
                                      .no_crashes = args_has(&c->args, OPTION_NO_CRASHES) };
    return choose_format(c, &out->format) && choose_boot(c, out) && choose_records(c, out) &&
           choose_way(c, &out->log_ways) && open_symbols(c, &out->symbols);
}
