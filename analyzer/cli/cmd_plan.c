/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords plan --shards N PATH…`: which cases each of N machines is to scan. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/many.h"
#include "analyzer/cli/version.h"
#include "analyzer/fleet/plan.h"

#include <string.h>

/* A job array of a batch system takes some thousand tasks; each is a process of minutes. */
enum { SHARDS_MAX = 100000 };

int cmd_plan(struct cli *c)
{
    struct plan plan = { .tool_version = STR(LASTWORDS_VERSION) };
    const char *locality = c->args.value[OPTION_LOCALITY];
    uint64_t shards = 0;

    if (!args_has(&c->args, OPTION_SHARDS)) {
        complain("plan needs --shards N: some four times as many as there are workers");
        return EXIT_NOTHING;
    }
    if (locality && strcmp(locality, "datastore") != 0) {
        complain("--locality %s: datastore is the only one", locality);
        return EXIT_NOTHING;
    }
    if (!many_count(c, OPTION_SHARDS, 1, SHARDS_MAX, &shards) || !cli_load_rules(c) ||
        !many_list(c, &plan.cases) || !cli_open_output(c))
        return EXIT_NOTHING;
    plan.shards = (uint32_t)shards;
    plan.rules_sha256 = ruleset_sha256(c->rules);
    plan.list = case_list_id(&plan.cases, plan.tool_version, plan.rules_sha256, &c->arena);
    if (!plan_share(&plan, locality != NULL, &c->arena)) {
        complain("out of memory");
        cli_abandon_output(c);
        return EXIT_NOTHING;
    }
    plan_write(c->output.out, &plan);
    return cli_finish(c, EXIT_FINE);
}
