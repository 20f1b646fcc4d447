/* SPDX-License-Identifier: Apache-2.0 */
/* Words of options that more than one command understands; see cli.h. */
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

bool cli_choose_records(const struct cli *c, struct analysis_options *out)
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
