/* SPDX-License-Identifier: Apache-2.0 */
/* The program: the command line, the environment, and one command. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/help.h"
#include "analyzer/cli/sandbox.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static int (*const commands[COMMAND_COUNT])(struct cli *) = {
#define COMMAND(sym, letter, name, words, help) [COMMAND_##sym] = cmd_##sym,
#include "analyzer/cli/commands.def"
#undef COMMAND
};

/* Where a service's state lies, or a user's. A service may have several directories: the first. */
static const char *state_directory(struct arena *arena)
{
    const char *service = getenv("STATE_DIRECTORY"), *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");

    if (service && service[0] == '/')
        return arena_printf(arena, "%.*s", (int)strcspn(service, ":"), service).p;
    if (state && state[0] == '/')
        return arena_printf(arena, "%s/lastwords", state).p;
    return home && home[0] == '/' ? arena_printf(arena, "%s/.local/state/lastwords", home).p : NULL;
}

static void read_environment(struct cli *c)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (config && config[0] == '/')
        c->user_dir = config;
    else if (home && home[0] == '/')
        c->user_dir = arena_printf(&c->arena, "%s/.config", home).p;
    c->state_dir = state_directory(&c->arena);
    c->fail_on = getenv("LASTWORDS_FAIL_ON");
    c->no_color = (no_color && no_color[0]) || (term && strcmp(term, "dumb") == 0);
}

static bool check_color(const char *when)
{
    if (!when || strcmp(when, "auto") == 0 || strcmp(when, "always") == 0 ||
        strcmp(when, "never") == 0)
        return true;
    complain("--color %s: auto, always or never", when);
    return false;
}

static void write_help(const struct cli *c)
{
    if (c->args.short_help)
        help_short(c->output.out);
    else
        help_long(c->output.out);
}

/* Options that are commands of their own. False: none was given. */
static bool run_option(struct cli *c, int *code)
{
    const char *generate = c->args.value[OPTION_GENERATE];

    if (args_has(&c->args, OPTION_SANDBOX_SELFTEST)) {
        *code = sandbox_selftest(1) ? EXIT_FINDING : EXIT_FINE;
        return true;
    }
    if (!args_has(&c->args, OPTION_HELP) && !args_has(&c->args, OPTION_VERSION) &&
        !args_has(&c->args, OPTION_SHOW_LIMITS) && !generate)
        return false;
    *code = EXIT_NOTHING;
    if (!cli_open_output(c))
        return true;
    if (args_has(&c->args, OPTION_HELP))
        write_help(c);
    else if (args_has(&c->args, OPTION_SHOW_LIMITS))
        help_limits(c->output.out);
    else if (generate && !help_generate(c->output.out, str_from(generate)))
        return true;
    else if (!generate && !cli_load_rules(c))
        return true;
    else if (!generate)
        help_version(c->output.out, c->rules);
    *code = cli_finish(c, EXIT_FINE);
    return true;
}

int main(int argc, char **argv)
{
    struct cli c = { .output = { .fd = -1, .dir = -1 } };
    struct err err;
    int code;

    /* A reader that went away, and a file that may not grow, are seen where we write. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    read_environment(&c);
    if (!args_parse(&c.args, argc, argv, &c.arena, &err)) {
        complain("%s (lastwords -h)", err.text);
        code = EXIT_NOTHING;
    } else if (!check_color(c.args.value[OPTION_COLOR])) {
        code = EXIT_NOTHING;
    } else if (!run_option(&c, &code)) {
        code = commands[c.args.command](&c);
    }
    live_close(&c.live);
    cli_abandon_output(&c);
    history_writer_end(c.history);
    symbols_free(c.symbols);
    ruleset_free(c.rules);
    arena_done(&c.machine);
    arena_done(&c.arena);
    return code;
}
