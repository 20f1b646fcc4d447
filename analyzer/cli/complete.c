/* SPDX-License-Identifier: Apache-2.0 */
/* Shell completions, printed from the tables of the command line; see complete.h. */
#include "analyzer/cli/complete.h"

#include "analyzer/cli/args.h"
#include "analyzer/cli/record_format.h"

#include <string.h>

/* Words that may follow an option, "" when they are files or free. */
static void option_words(struct out *o, enum option option)
{
    static const char *const fixed[OPTION_COUNT] = {
        [OPTION_BOOT] = "all 0 -1 1",
        [OPTION_COLOR] = "auto always never",
        [OPTION_SANDBOX] = "auto require off",
        [OPTION_FAIL_ON] = "info warning error critical fatal",
        [OPTION_RUN_TIME] = "now none",
        [OPTION_JUNIT_FAIL_ON] = "info warning error critical fatal",
    };

    if (option == OPTION_FORMAT) {
        for (size_t i = 0; reports[i]; i++)
            out_printf(o, "%s%s", i ? " " : "", reports[i]->name);
        for (size_t i = 0; record_formats[i].name; i++)
            out_printf(o, " %s", record_formats[i].name);
    } else if (option == OPTION_INPUT_FORMAT) {
        for (size_t i = 0; parsers[i]; i++)
            out_printf(o, "%s%s", i ? " " : "", parsers[i]->name);
    } else if (fixed[option]) {
        out_puts(o, fixed[option]);
    }
}

static bool has_words(enum option option)
{
    struct out *o = out_new_memory();
    bool any = false;

    if (o) {
        option_words(o, option);
        any = out_bytes(o).n > 0;
    }
    out_free(o);
    return any;
}

void complete_bash(struct out *o)
{
    out_puts(o, "# bash completion for lastwords\n_lastwords()\n{\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                "    COMPREPLY=()\n    case $prev in\n");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *option = &option_infos[i];

        if (!option->help[0] || !has_words((enum option)i))
            continue;
        out_printf(o, "    --%s", option->name);
        if (option->letter)
            out_printf(o, "|-%c", option->letter);
        out_puts(o, ")\n        COMPREPLY=($(compgen -W '");
        option_words(o, (enum option)i);
        out_puts(o, "' -- \"$cur\"))\n        return ;;\n");
    }
    out_puts(o, "    esac\n    if [[ $cur == -* ]]; then\n        COMPREPLY=($(compgen -W '");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (option_infos[i].help[0])
            out_printf(o, "--%s ", option_infos[i].name);
    for (size_t i = 0; reports[i]; i++)
        out_printf(o, "--%s ", reports[i]->name);
    out_puts(o, "' -- \"$cur\"))\n        return\n    fi\n    if [[ $COMP_CWORD == 1 ]]; then\n"
                "        COMPREPLY=($(compgen -W '");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        out_printf(o, "%s ", command_infos[i].name);
    out_puts(o, "' -- \"$cur\"))\n    fi\n    COMPREPLY+=($(compgen -f -- \"$cur\"))\n}\n"
                "complete -o filenames -F _lastwords lastwords\n");
}

/* For zsh's specs in '…': ', [ ] and : would end them. */
static void zsh_text(struct out *o, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            out_puts(o, "'\\''");
        else if (strchr("[]:", *c))
            out_printf(o, "\\%c", *c);
        else
            out_repeat(o, *c, 1);
    }
}

static void zsh_option(struct out *o, enum option i)
{
    const struct option_info *option = &option_infos[i];

    out_printf(o, "    '%s--%s%s[", i == OPTION_RULES ? "*" : "", option->name,
               option->arg ? "=" : "");
    zsh_text(o, option->help);
    out_puts(o, "]");
    if (option->arg) {
        out_printf(o, "%s:%s:", option->arg[0] == '[' ? ":" : "", option->name);
        if (has_words(i)) {
            out_puts(o, "(");
            option_words(o, i);
            out_puts(o, ")");
        } else {
            out_puts(o, "_files");
        }
    }
    out_puts(o, "' \\\n");
}

void complete_zsh(struct out *o)
{
    out_puts(o, "#compdef lastwords\n_arguments -s \\\n");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (option_infos[i].help[0])
            zsh_option(o, (enum option)i);
    for (size_t i = 0; reports[i]; i++)
        out_printf(o, "    '--%s=[also write this report]:file:_files' \\\n", reports[i]->name);
    out_puts(o, "    '1: :{ _alternative \"commands:command:((");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        out_printf(o, "%s%s\\:\\\"", i ? " " : "", command_infos[i].name);
        zsh_text(o, command_infos[i].help);
        out_puts(o, "\\\"");
    }
    out_puts(o, "))\" \"files:file:_files\" }' \\\n    '*:file:_files'\n");
}

/* For fish's '…'. */
static void fish_text(struct out *o, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'' || *c == '\\')
            out_puts(o, "\\");
        out_repeat(o, *c, 1);
    }
}

void complete_fish(struct out *o)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        out_printf(o, "complete -c lastwords -n __fish_use_subcommand -a %s -d '",
                   command_infos[i].name);
        fish_text(o, command_infos[i].help);
        out_puts(o, "'\n");
    }
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *option = &option_infos[i];

        if (!option->help[0])
            continue;
        out_printf(o, "complete -c lastwords -l %s", option->name);
        if (option->letter)
            out_printf(o, " -s %c", option->letter);
        if (option->arg && option->arg[0] != '[')
            out_puts(o, has_words((enum option)i) ? " -x -a '" : " -r");
        if (option->arg && option->arg[0] != '[' && has_words((enum option)i)) {
            option_words(o, (enum option)i);
            out_puts(o, "'");
        }
        out_puts(o, " -d '");
        fish_text(o, option->help);
        out_puts(o, "'\n");
    }
    for (size_t i = 0; reports[i]; i++)
        out_printf(o, "complete -c lastwords -l %s -r -d 'also write this report'\n",
                   reports[i]->name);
}
