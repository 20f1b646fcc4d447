/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that commands share; see cli.h. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/machine.h"
#include "analyzer/cli/redaction.h"
#include "analyzer/cli/sandbox.h"
#include "analyzer/cli/version.h"
#include "analyzer/core/limits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/*
 * Columns when nobody looks, and the widest that is still comfortable to read. Lines of the log are
 * evidence: in a file they are cut only where they would be a nuisance.
 */
enum { WIDTH_PLAIN = 100, WIDTH_MIN = 40, WIDTH_MAX = 120, CUT_PLAIN = 240 };

void cli_print_problems(const struct cli *c)
{
    for (size_t i = 0; i < c->problems.n; i++) {
        const struct err *err = &c->problems.p[i];

        complain_rule(err, rules_source(&c->rule_files, str_from(err->file)));
    }
}

bool cli_load_rules(struct cli *c)
{
    struct rule_sources from = { .paths = c->args.rules.p,
                                 .n_paths = c->args.rules.n,
                                 .user_dir = c->user_dir,
                                 .in_full = c->args.command == COMMAND_rules };

    c->problems.arena = &c->arena;
    if (rules_read(&c->rule_files, &from, &c->arena, &c->problems))
        c->rules = rules_load(&c->rule_files, &c->problems);
    if (c->rules)
        return true;
    cli_print_problems(c);
    complain("no rules: %zu %s in rule files", c->problems.n,
             c->problems.n == 1 ? "fault" : "faults");
    return false;
}

/* Two reports in one file: the later one would take the place of the earlier. */
static bool is_taken(const struct cli *c, size_t index)
{
    const char *path = c->args.report_files.p[index].path, *main = c->args.value[OPTION_OUTPUT];

    if (main && strcmp(path, main) == 0 && strncmp(path, "/dev/", 5) != 0)
        return true;
    for (size_t i = 0; i < index; i++)
        if (strcmp(path, c->args.report_files.p[i].path) == 0 && strncmp(path, "/dev/", 5) != 0)
            return true;
    return false;
}

bool cli_open_output(struct cli *c)
{
    struct err err;
    bool ok = output_open(&c->output, c->args.value[OPTION_OUTPUT], &err);

    for (size_t i = 0; ok && i < c->args.report_files.n; i++) {
        const char *path = c->args.report_files.p[i].path;
        struct output *slot;

        if (is_taken(c, i))
            ok = fail_at(&err, FAIL_USAGE, path, 0, 0, "is named for two reports");
        else if (!(slot = vec_push(&c->arena, &c->files)))
            ok = fail(&err, FAIL_LIMIT, "out of memory");
        else
            ok = output_open(slot, path, &err);
    }
    if (!ok)
        complain_err(&err);
    if (ok && redaction_start(c))
        return true;
    cli_abandon_output(c);
    return false;
}

void cli_abandon_output(struct cli *c)
{
    output_abandon(&c->output);
    for (size_t i = 0; i < c->files.n; i++)
        output_abandon(&c->files.p[i]);
    redaction_abandon(c);
}

struct inputs *cli_open_inputs(struct cli *c, size_t first, struct arena *arena,
                               struct notes *notes)
{
    struct inputs *inputs = NULL;

    if (live_prepare(&c->live, c->args.value[OPTION_KALLSYMS], &c->arena))
        inputs = inputs_new(arena, notes);
    if (!inputs) {
        complain("%s", c->live.err.code ? c->live.err.text : "out of memory");
        return NULL;
    }
    for (size_t i = first; i < c->args.words.n; i++) {
        struct str name = str_from(c->args.words.p[i]);

        if (live_is_name(name))
            live_add(&c->live, name, inputs, notes);
        else
            inputs_add(inputs, name);
    }
    if (c->args.command != COMMAND_preflight &&
        (c->args.words.n <= first || machine_is_named(&c->args)))
        c->machine_hint = machine_add(&c->args, inputs, arena);
    return inputs;
}

/* "vm.log: the gzip data breaks off before its end" */
static void print_note(const struct input_results *inputs, const struct note *note)
{
    if (inputs && note->input < inputs->n)
        complain("%.*s: %.*s", STR_ARG(inputs->p[note->input].name), STR_ARG(note->text));
    else
        complain("%.*s", STR_ARG(note->text));
}

void cli_print_notes(const struct input_results *inputs, const struct notes *notes, size_t from,
                     bool losses)
{
    for (size_t i = from; i < notes->n; i++)
        if (note_is_loss(notes->p[i].code) == losses)
            print_note(inputs, &notes->p[i]);
}

/* The report says it again, for those who read only that. */
void cli_print_losses(const struct cli *c, size_t first, const struct notes *notes)
{
    const char *word = c->args.words.n > first ? c->args.words.p[first] : NULL;
    char hint[120] = "";

    cli_print_notes(NULL, notes, 0, true);
    /* A word that is no file may be a command that was misspelt. */
    if (word && !c->args.command_named && access(word, F_OK) != 0)
        args_near_command(word, hint, sizeof hint);
    if (word && hint[0])
        complain("%s is no command either%s", word, hint);
    if (c->machine_hint && notes->n)
        complain("%s", c->machine_hint);
}

static bool confine(struct cli *c, struct notes *notes)
{
    struct sandbox_options options = { .renames = c->output.dir >= 0 || c->files.n > 0 ||
                                                  c->redact_map.out,
                                       .writes_files = c->output.is_file };
    const char *mode = c->args.value[OPTION_SANDBOX];
    struct err err;

    if (mode && strcmp(mode, "off") == 0)
        return true;
    if (mode && strcmp(mode, "auto") != 0 && strcmp(mode, "require") != 0) {
        complain("--sandbox %s: no such mode (auto, require or off)", mode);
        return false;
    }
    if (sandbox_enter(&options, &err))
        return true;
    if (mode && strcmp(mode, "require") == 0) {
        complain("--sandbox=require: %s", err.text);
        return false;
    }
    note_add(notes, NOTE_SANDBOX, NOTE_NO_INPUT, 0, "not fully confined: %s", err.text);
    return true;
}

bool cli_confine(struct cli *c, struct notes *notes)
{
    bool ok = confine(c, notes);

    live_finish(&c->live, ok);
    return ok;
}

static bool boot_is_there(const struct cli *c, const struct analysis *a)
{
    size_t n = boots_count(a->boots);

    if (a->focus != UINT32_MAX || n == 0 || !args_has(&c->args, OPTION_BOOT))
        return true;
    complain("-b %s: there is no such boot (%zu %s; lastwords boots lists them)",
             c->args.value[OPTION_BOOT], n, n == 1 ? "boot is here" : "boots are here");
    if (c->machine_hint)
        complain("the kernel's log holds the running boot only; for an earlier one: journalctl -k "
                 "-b %s -o short-monotonic | lastwords -",
                 c->args.value[OPTION_BOOT]);
    return false;
}

/*
 * The machine that the call is about, unless it names logs: behind the sandbox, which reading
 * passes. Where no question was asked about it, nothing to look at is no fault.
 */
static bool look_at_machine(struct cli *c, size_t first, struct analysis_options *options)
{
    const char *root = c->args.value[OPTION_ROOT];
    struct machine *m;
    struct err err;

    if (c->args.words.n > first || args_has(&c->args, OPTION_FILE) ||
        args_has(&c->args, OPTION_DIRECTORY) || (args_has(&c->args, OPTION_MACHINE_ID) && !root))
        return true;
    arena_init(&c->machine, LIMIT_MACHINE_ARENA_BYTES);
    m = arena_new(&c->machine, struct machine, 1);
    if (m && machine_look(m, root ? root : "/", &c->machine, &err)) {
        options->machine = m;
        return true;
    }
    if (options->preflight && m)
        complain_err(&err);
    return !options->preflight;
}

struct analysis *cli_analyse(struct cli *c, size_t first, const struct analysis_options *wanted)
{
    struct analysis_options options = *wanted;
    struct analysis *a = analysis_new(c->rules);
    struct inputs *inputs = a ? cli_open_inputs(c, first, &a->arena, &a->notes) : NULL;
    bool ok = inputs != NULL;
    size_t told;

    if (ok)
        cli_print_losses(c, first, &a->notes);
    ok = ok && cli_confine(c, &a->notes) && look_at_machine(c, first, &options);
    if (ok) {
        if (c->args.words.n <= first && !machine_is_named(&c->args))
            options.running = machine_boot_id(&a->arena);
        told = a->notes.n;
        analysis_run(a, inputs, &options);
        cli_print_notes(&a->inputs, &a->notes, told, true);
        ok = boot_is_there(c, a);
    }
    inputs_free(inputs);
    if (ok && redaction_learn(c, a))
        return a;
    if (!a)
        complain("out of memory");
    analysis_free(a);
    return NULL;
}

struct analysis *cli_analyse_for_output(struct cli *c, const struct analysis_options *options)
{
    struct analysis *a;

    if (!cli_load_rules(c) || !cli_open_output(c))
        return NULL;
    a = cli_analyse(c, 0, options);
    if (!a)
        cli_abandon_output(c);
    return a;
}

enum exit_code cli_judge(const struct analysis *a)
{
    bool lost = false;

    if (a->result == RESULT_NOTHING_READ)
        return EXIT_NOTHING;
    for (size_t i = 0; i < a->notes.n; i++)
        lost = lost || note_is_loss(a->notes.p[i].code);
    return lost ? EXIT_PART : EXIT_FINE;
}

static unsigned terminal_width(void)
{
    struct winsize size;

    if (ioctl(1, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_PLAIN;
    if (size.ws_col < WIDTH_MIN)
        return WIDTH_MIN;
    return size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
}

struct report_options cli_report_options(const struct cli *c, const char *path)
{
    const char *when = c->args.value[OPTION_COLOR];
    bool tty = !path && isatty(1);
    unsigned width = tty ? terminal_width() : WIDTH_PLAIN;

    return (struct report_options){
        .color = when && strcmp(when, "auto") != 0 ? strcmp(when, "always") == 0
                                                   : tty && !c->no_color,
        .width = width,
        .cut = tty ? width : CUT_PLAIN,
        .all = args_has(&c->args, OPTION_ALL),
        .tool_version = STR(LASTWORDS_VERSION),
        .rules = c->rules,
        .run_time_us = c->run_time_us,
        .duration_us = cli_duration_us(c),
        .junit_fail_on = c->junit_fail_on,
        .junit_all_rules = args_has(&c->args, OPTION_JUNIT_ALL_RULES),
    };
}

int cli_close_output(struct cli *c, int code)
{
    struct err err;

    if (output_close(&c->output, &err))
        return code;
    if (err.sys == EPIPE)
        return EXIT_FINE;
    complain_err(&err);
    return EXIT_PART;
}

int cli_finish(struct cli *c, int code)
{
    code = cli_close_output(c, code);
    if (!redaction_finish(c) && code != EXIT_NOTHING)
        code = EXIT_PART;
    return code;
}
