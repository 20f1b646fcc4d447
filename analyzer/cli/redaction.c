/* SPDX-License-Identifier: Apache-2.0 */
/* The redactor of a run: its key, its outputs, and what is said of it at the end. */
#include "analyzer/cli/redaction.h"

#include "analyzer/cli/complain.h"
#include "reports/redact.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { KEY_BYTES = 32, KEYWORD_FILE_BYTES = 16 << 20 };

static bool make_redactor(struct cli *c)
{
    const char *word = c->args.value[OPTION_REDACT_KEY];
    char bytes[KEY_BYTES];
    struct str key = word ? str_from(word) : (struct str){ bytes, sizeof bytes };

    if (!word && getrandom(bytes, sizeof bytes, 0) != KEY_BYTES) {
        complain("--redact: the system gives no random key (--redact-key WORD names one)");
        return false;
    }
    c->redactor = redactor_new(key);
    if (!c->redactor)
        complain("out of memory");
    return c->redactor != NULL;
}

/* What no log can tell to be a name: "acme", one a line. */
static bool learn_keywords(struct cli *c)
{
    const char *name = c->args.value[OPTION_REDACT_KEYWORD_FILE];
    struct out *bytes = NULL;
    struct str rest, line;
    bool ok;
    int fd;

    if (!name)
        return true;
    errno = 0;
    fd = open(name, O_RDONLY | O_CLOEXEC);
    ok = fd >= 0 && (bytes = out_new_memory()) && out_raw_rest(bytes, fd, KEYWORD_FILE_BYTES);
    if (!ok)
        complain("--redact-keyword-file %s: %s", name,
                 errno == EFBIG ? "is too long" : strerror(errno ? errno : ENOMEM));
    rest = ok ? out_bytes(bytes) : (struct str){ 0 };
    while (str_take_line(&rest, &line))
        redact_learn(c->redactor, SORT_OTHER, line);
    if (fd >= 0)
        close(fd);
    out_free(bytes);
    return ok;
}

bool redaction_start(struct cli *c)
{
    const char *map = c->args.value[OPTION_REDACT_MAP];
    bool alone = map || args_has(&c->args, OPTION_REDACT_REVIEW) ||
                 args_has(&c->args, OPTION_REDACT_KEY) ||
                 args_has(&c->args, OPTION_REDACT_KEYWORD_FILE);
    struct err err;

    if (!args_has(&c->args, OPTION_REDACT)) {
        if (alone)
            complain("--redact-key, --redact-keyword-file, --redact-map and --redact-review go "
                     "with --redact");
        return !alone;
    }
    if (!make_redactor(c) || !learn_keywords(c))
        return false;
    if (map && !output_open(&c->redact_map, map, &err)) {
        complain_err(&err);
        return false;
    }
    out_redact(c->output.out, c->redactor);
    for (size_t i = 0; i < c->files.n; i++)
        out_redact(c->files.p[i].out, c->redactor);
    return true;
}

static const char too_many[] =
        "--redact: there are more names than can be remembered, so some would be shown";

static bool check_learned(const struct cli *c)
{
    if (!c->redactor || !redact_is_full(c->redactor))
        return true;
    complain("%s", too_many);
    return false;
}

bool redaction_learn(struct cli *c, const struct analysis *a)
{
    redact_learn_analysis(c->redactor, a);
    return check_learned(c);
}

bool redaction_learn_cases(struct cli *c, const struct cases *cases)
{
    bool all = true;

    if (!c->redactor)
        return true;
    for (size_t i = 0; i < cases->of.n; i++)
        all = all && !cases->of.p[i].more_names;
    if (!all) {
        complain("--redact: not all names that stand in these results are known (an older version "
                 "wrote them, or one case has more than can be remembered)");
        return false;
    }
    redact_learn_cases(c->redactor, cases);
    return check_learned(c);
}

bool redaction_learn_machines(struct cli *c, struct history *h, struct err *err)
{
    struct history_machines machines = { 0 };

    if (!c->redactor)
        return true;
    if (!history_machines(h, &c->arena, &machines, err))
        return false;
    for (size_t i = 0; i < machines.n; i++)
        redact_learn_machine(c->redactor, machines.p[i].id, machines.p[i].name);
    return !redact_is_full(c->redactor) || fail(err, FAIL_LIMIT, "%s", too_many);
}

static bool write_map(struct cli *c)
{
    const struct redact_pair *pairs;
    size_t n = redact_map(c->redactor, &pairs);
    struct err err;

    for (size_t i = 0; i < n; i++) {
        out_tty(c->redact_map.out, pairs[i].to);
        out_puts(c->redact_map.out, "\t");
        out_tty(c->redact_map.out, pairs[i].from);
        out_puts(c->redact_map.out, "\n");
    }
    if (redact_forgotten(c->redactor))
        complain("--redact-map: holds the first %zu values; %" PRIu64 " places have others", n,
                 redact_forgotten(c->redactor));
    if (output_close(&c->redact_map, &err))
        return true;
    complain_err(&err);
    return false;
}

static void forget(struct cli *c)
{
    redactor_free(c->redactor);
    c->redactor = NULL;
}

bool redaction_finish(struct cli *c)
{
    const struct str *kept;
    bool ok = true;
    size_t n;

    if (!c->redactor)
        return true;
    n = redact_kept(c->redactor, &kept);
    complain("redacted: %" PRIu64 " values were replaced; %zu words look like a name and were "
             "kept%s",
             redact_count(c->redactor), n,
             n && !args_has(&c->args, OPTION_REDACT_REVIEW) ? " (--redact-review lists them)" : "");
    if (args_has(&c->args, OPTION_REDACT_REVIEW))
        for (size_t i = 0; i < n; i++)
            complain("kept: %.*s", STR_ARG(kept[i]));
    if (c->redact_map.out)
        ok = write_map(c);
    forget(c);
    return ok;
}

void redaction_abandon(struct cli *c)
{
    if (c->redact_map.out)
        output_abandon(&c->redact_map);
    forget(c);
}
