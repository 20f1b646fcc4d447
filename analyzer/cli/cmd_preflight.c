/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords preflight`: will this machine boot next time? The same flow, without a log. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"

int cmd_preflight(struct cli *c)
{
    if (c->args.words.n) {
        complain("preflight looks at this machine and takes no file (--root %s: the machine whose "
                 "disk is mounted there)",
                 c->args.words.p[0]);
        return EXIT_NOTHING;
    }
    return cli_report(c, true);
}
