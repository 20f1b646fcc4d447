/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords merge FILE…`: the results of parts of a scan become the report of the whole. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/many.h"
#include "analyzer/fleet/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct files {
    VEC(int); /* descriptors, open until the reports are written */
};

/*
 * Adds every file. One that is torn or cannot be read is a part that is missing, and said; one of
 * another scan ends it.
 */
static bool add_files(struct cli *c, struct whole *w, struct files *files)
{
    for (size_t i = 0; i < c->args.words.n; i++) {
        const char *name = c->args.words.p[i];
        int *slot = vec_push(&c->arena, files);
        struct err err;

        if (!slot)
            return false;
        *slot = open(name, O_RDONLY | O_CLOEXEC);
        if (*slot >= 0 ? whole_add(w, *slot, &err) : fail_sys(&err, errno, "", "cannot open"))
            continue;
        complain("%s: %s", name, err.text);
        if (err.code == FAIL_USAGE)
            return false;
    }
    return true;
}

/* JUnit's names come from the rules: those that made the results, or none. */
static void use_own_rules(struct cli *c, const struct cases *cases)
{
    if (str_eq(ruleset_sha256(c->rules), cases->rules_sha256))
        return;
    complain("the results were made with other rules than these (--rules): JUnit names its tests "
             "by rule alone");
    ruleset_free(c->rules);
    c->rules = NULL;
}

static int report(struct cli *c, const struct report *report, struct whole *w)
{
    struct case_store store = { .spool = -1 };
    struct cases *cases = cases_new();
    struct err err;
    int code = EXIT_NOTHING;

    if (cases && cli_open_output(c)) {
        if (!whole_finish(w, cases, &store, &err)) {
            complain_err(&err);
            cli_abandon_output(c);
        } else {
            use_own_rules(c, cases);
            code = many_report(c, report, cases, &(struct many_lines){ &store, whole_part(w) });
        }
    }
    case_store_done(&store);
    cases_free(cases);
    return code;
}

int cmd_merge(struct cli *c)
{
    const struct report *main = cli_choose_report(c);
    struct whole *w;
    struct files files = { 0 };
    int code = EXIT_NOTHING;

    if (!main || !many_reports(c, main) || !many_check(c) || !cli_load_rules(c))
        return EXIT_NOTHING;
    if (c->args.words.n == 0) {
        complain("nothing to merge (name the shards' results)");
        return EXIT_NOTHING;
    }
    many_descriptors(c->args.words.n);
    w = whole_new();
    if (w && add_files(c, w, &files) && whole_any(w))
        code = report(c, main, w);
    for (size_t i = 0; i < files.n; i++)
        if (files.p[i] >= 0)
            close(files.p[i]);
    whole_free(w);
    return code;
}
