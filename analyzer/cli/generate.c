/* SPDX-License-Identifier: Apache-2.0 */
/* --generate: the man page from the tables of the command line; see help.h. */
#include "analyzer/cli/help.h"

#include "analyzer/cli/args.h"
#include "analyzer/cli/complete.h"
#include "analyzer/cli/record_format.h"
#include "analyzer/cli/version.h"

#include <stdio.h>

/* Text for roff: '-' is a minus sign there, '\' starts a request, and so does a line's '.' or ''.
 */
static void roff(struct out *o, const char *text)
{
    bool start = true;

    for (const char *c = text; *c; c++) {
        if (start && (*c == '.' || *c == '\''))
            out_puts(o, "\\&");
        if (*c == '\\')
            out_puts(o, "\\e");
        else if (*c == '-')
            out_puts(o, "\\-");
        else
            out_repeat(o, *c, 1);
        start = *c == '\n';
    }
}

static void roff_row(struct out *o, const char *head, const char *text)
{
    out_puts(o, ".TP\n.B ");
    roff(o, head);
    out_puts(o, "\n");
    roff(o, text);
    out_puts(o, ".\n");
}

/* "\-b, \-\-boot [BOOT]" */
static void roff_option(struct out *o, const struct option_info *option)
{
    char head[120];
    int n = 0;

    if (option->help[0] == '\0')
        return;
    if (option->letter)
        n = snprintf(head, sizeof head, "-%c, ", option->letter);
    snprintf(head + n, sizeof head - (size_t)n, "--%s%s%s", option->name, option->arg ? " " : "",
             option->arg ? option->arg : "");
    roff_row(o, head, option->help);
}

static void man_page(struct out *o)
{
    out_puts(o, ".TH LASTWORDS 1 \"\" \"lastwords " LASTWORDS_VERSION "\" \"User Commands\"\n"
                ".SH NAME\nlastwords \\- what a Linux guest said before it died, and what to do\n"
                ".SH SYNOPSIS\n.B lastwords\n[\\fIOPTION\\fR...] [\\fIFILE\\fR...]\n.br\n"
                ".B lastwords\n\\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIWORD\\fR...]\n"
                ".SH DESCRIPTION\n"
                "Reads the logs of a Linux guest (vmware.log, dmesg, the journal, syslog, serial "
                "consoles and more), cuts them into boots, finds what brought the system down, and "
                "prints the cause, the lines that prove it, and numbered steps. Formats are "
                "detected. \\fIFILE\\fR is a log, a directory of logs, an archive, or \\- for "
                "standard input; without one this machine's journal is read, or its kernel log.\n"
                ".SH COMMANDS\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        char head[120];

        snprintf(head, sizeof head, "%s %s", command_infos[i].name, command_infos[i].words);
        roff_row(o, head, command_infos[i].help);
    }
    out_puts(o, ".SH OPTIONS\n");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        roff_option(o, &option_infos[i]);
    for (size_t i = 0; reports[i]; i++) {
        char head[80];

        snprintf(head, sizeof head, "--%s FILE", reports[i]->name);
        roff_row(o, head, "also write this report to FILE");
    }
    out_puts(o, ".SH OUTPUT FORMATS\n");
    for (size_t i = 0; reports[i]; i++)
        roff_row(o, reports[i]->name, reports[i]->title);
    out_puts(o, "For \\fBrecords\\fR:\n");
    for (size_t i = 0; record_formats[i].name; i++)
        roff_row(o, record_formats[i].name, record_formats[i].title);
    out_puts(o, ".SH EXIT STATUS\n");
    for (size_t i = 0; help_exit_codes[i].code; i++)
        roff_row(o, help_exit_codes[i].code, help_exit_codes[i].meaning);
    out_puts(o, ".SH FILES\n");
    roff_row(o, "/etc/lastwords/rules.d/*.yaml", "rules of this machine");
    roff_row(o, "$XDG_CONFIG_HOME/lastwords/rules.d/*.yaml",
             "rules of this user (by default in ~/.config); not read as root");
    out_puts(o, "A rule with the id of an earlier one replaces it. Files that others may write to "
                "are refused.\n.SH NOTES\n"
                "A file named by \\-\\-output is written under another name and renamed when it is "
                "complete. A new one is readable by its owner alone; the mode of a file that is "
                "there already is kept.\n"
                ".SH SEE ALSO\n.BR lastwords\\-rules (5),\n.BR journalctl (1),\n.BR dmesg (1)\n");
}

bool help_generate(struct out *o, struct str what)
{
    static const struct {
        struct str name;
        void (*write)(struct out *o);
    } pages[] = {
        { { STR_INIT("man") }, man_page },
        { { STR_INIT("complete-bash") }, complete_bash },
        { { STR_INIT("complete-zsh") }, complete_zsh },
        { { STR_INIT("complete-fish") }, complete_fish },
    };

    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (str_eq(what, pages[i].name)) {
            pages[i].write(o);
            return true;
        }
    }
    return false;
}
