/* SPDX-License-Identifier: Apache-2.0 */
/* Words of options that more than one command understands; see cli.h. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/engine/keys.h"

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

bool cli_threshold(const struct cli *c, const char *word, enum severity *threshold)
{
    const char *from = c->args.value[OPTION_FAIL_ON] ? "--fail-on " : "LASTWORDS_FAIL_ON=";
    struct suggestion s = { .wanted = str_from(word) };
    char hint[120];

    if (!word || severity_from_name(str_from(word), threshold))
        return true;
    for (size_t i = 0; i < SEVERITY_COUNT; i++)
        suggest(&s, severity_name((enum severity)i));
    complain("%s%s: no such severity%s", from, word, suggestion_text(&s, hint, sizeof hint));
    return false;
}
