/* SPDX-License-Identifier: Apache-2.0 */
/* -h, --help, --version, --show-limits, all from the tables; see help.h. */
#include "analyzer/cli/help.h"

#include "analyzer/cli/args.h"
#include "analyzer/cli/record_format.h"
#include "analyzer/cli/version.h"
#include "analyzer/core/limits.h"
#include "reports/layout.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 96, NAME_COLUMNS = 26, COMMAND_COLUMNS = 11 };

const struct help_exit_code help_exit_codes[] = {
    { "0", "the analysis is complete, with findings or without" },
    { "1", "it is complete, and a finding is at or above --fail-on; for rules: a rule fails" },
    { "2", "nothing was analysed: usage, rules, no readable input" },
    { "3", "some input bytes were never analysed, or output was not fully written" },
    { NULL, NULL },
};

/* "  name      what it is", wrapped under itself. */
static void put_columns(struct out *o, struct str name, const char *help, size_t columns)
{
    out_puts(o, "  ");
    out_raw(o, name);
    if (name.n >= columns) {
        out_puts(o, "\n  ");
        name.n = 0;
    }
    out_repeat(o, ' ', columns - name.n);
    layout_wrap(o, str_from(help), columns + 2, columns + 2, WIDTH);
    out_puts(o, "\n");
}

static void put_row(struct out *o, struct str name, const char *help)
{
    put_columns(o, name, help, NAME_COLUMNS);
}

static void put_commands(struct out *o)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        char name[80];
        const struct command_info *command = &command_infos[i];

        snprintf(name, sizeof name, "%s %s", i ? command->name : "lastwords", command->words);
        put_row(o, str_from(name), command->help);
    }
}

/* Without their words, so that all of -h fits a screen. */
static void put_command_names(struct out *o)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        put_columns(o, str_from(i ? command_infos[i].name : "lastwords"), command_infos[i].help,
                    COMMAND_COLUMNS);
}

static void put_options(struct out *o)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *option = &option_infos[i];
        char name[80];

        if (option->help[0] == '\0')
            continue;
        snprintf(name, sizeof name, "%c%c%s --%s%s%s", option->letter ? '-' : ' ',
                 option->letter ? option->letter : ' ', option->letter ? "," : " ", option->name,
                 option->arg ? " " : "", option->arg ? option->arg : "");
        put_row(o, str_from(name), option->help);
    }
    for (size_t i = 0; reports[i]; i++) {
        char name[80], help[80];

        snprintf(name, sizeof name, "    --%s FILE", reports[i]->name);
        snprintf(help, sizeof help, "also write the %s report to FILE", reports[i]->name);
        put_row(o, str_from(name), help);
    }
}

void help_short(struct out *o)
{
    out_puts(o,
             "lastwords reads what a Linux guest said before it died and says what to do.\n\n"
             "  lastwords vmware.log           diagnose a VM's log (or its directory, a bundle)\n"
             "  lastwords -b -1                this machine, the boot before this one\n"
             "  lastwords --list-boots FILE    the boots of a log\n"
             "  lastwords --format json FILE   the result for programs\n\n"
             "Commands\n");
    put_command_names(o);
    out_puts(o, "\nNo FILE is this machine's journal, or its kernel log; - is standard input. "
                "--help shows every "
                "option.\n");
}

void help_long(struct out *o)
{
    out_puts(o, "Usage: lastwords [OPTION...] [FILE...]\n"
                "       lastwords COMMAND [OPTION...] [WORD...]\n\n"
                "Reads the logs of a Linux guest, finds what brought it down, and says what to do. "
                "Formats\nare detected; FILE is a log, a directory of logs, an archive, or - for "
                "standard input. No\nFILE means this machine.\n\nCommands\n");
    put_commands(o);
    out_puts(o, "\nOptions\n");
    put_options(o);
    out_puts(o, "\nWords of --format\n");
    for (size_t i = 0; reports[i]; i++)
        put_row(o, str_from(reports[i]->name), reports[i]->title);
    out_puts(o, "\nWords of records --format\n");
    for (size_t i = 0; record_formats[i].name; i++)
        put_row(o, str_from(record_formats[i].name), record_formats[i].title);
    out_puts(o, "\nExit codes\n");
    for (size_t i = 0; help_exit_codes[i].code; i++)
        put_row(o, str_from(help_exit_codes[i].code), help_exit_codes[i].meaning);
}

void help_version(struct out *o, const struct ruleset *rules)
{
    static const char *const libraries[] = {
        "libyaml",    "PCRE2", "jansson", "zlib",
#ifdef HAVE_LIBARCHIVE
        "libarchive",
#endif
#ifdef HAVE_LIBDW
        "elfutils",
#endif
#ifdef HAVE_SQLITE3
        "SQLite",
#endif
    };

    out_puts(o, "lastwords " LASTWORDS_VERSION "\nbuilt with");
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++)
        out_printf(o, "%s %s", i ? "," : "", libraries[i]);
    out_printf(o, "\n%zu rules, sha256 %.*s\n", ruleset_count(rules),
               STR_ARG(ruleset_sha256(rules)));
}

/* analyzer/core/limits.h, for --show-limits. */
#define LIMIT(name, unit, why)                                                                     \
    {                                                                                              \
#name, (uint64_t)(LIMIT_##name), unit, why                                                 \
    }
static const struct {
    const char *name;
    uint64_t value;
    const char *unit, *why;
} limits[] = {
    LIMIT(LINE_BYTES, "bytes", "of a line are kept, the rest is counted"),
    LIMIT(RECORD_BYTES, "bytes", "of a record made of several lines"),
    LIMIT(RECORD_LINES, "lines", "make one record"),
    LIMIT(BLOCK_BYTES, "bytes", "are read at once"),
    LIMIT(HEAD_BYTES, "bytes", "of an input are looked at to find its format"),
    LIMIT(HEAD_LINES, "lines", "of these"),
    LIMIT(DENSE_BYTES, "bytes", "of an input are parsed line by line"),
    LIMIT(BOOT_ARENA_BYTES, "bytes", "are kept of one boot"),
    LIMIT(CASE_ARENA_BYTES, "bytes", "are kept of one case"),
    LIMIT(BOOTS, "boots", "are kept of one case: the last ones"),
    LIMIT(BOOTS_BYTES, "bytes", "are kept of all of them, or fewer boots"),
    LIMIT(HITS_PER_PATTERN, "records", "are kept per pattern and boot"),
    LIMIT(UNEXPLAINED_SHAPES, "kinds", "of unexplained records are kept"),
    LIMIT(CONTEXT_LINES, "records", "around evidence are kept of a boot for --html"),
    LIMIT(HOSTS, "host names", "of one case are remembered for --redact"),
    LIMIT(FACT_CHANGES, "times", "one text fact may become another text"),
    LIMIT(LIST_ITEMS, "items", "are kept in one list"),
    LIMIT(CRASHES, "crash reports", "are kept of one boot"),
    LIMIT(CRASH_LINES, "lines", "in which crash reports may be open at once"),
    LIMIT(CRASH_LINE_BYTES, "bytes", "of each of these are read"),
    LIMIT(CRASH_FRAMES, "frames", "are kept of one call trace"),
    LIMIT(SYMBOLS, "symbols", "of a file of --vmlinux"),
    LIMIT(SYMBOL_FRAMES, "frames", "are given source lines in all"),
    LIMIT(INLINED, "functions", "inlined at one place"),
    LIMIT(UNPACKED_BYTES, "bytes", "are unpacked in all"),
    LIMIT(UNPACK_RATIO, "times", "may an archive grow by unpacking"),
    LIMIT(UNPACK_RATIO_FROM, "bytes", "unpacked before that is looked at"),
    LIMIT(MEMBERS, "members", "of an archive are looked at"),
    LIMIT(ARCHIVE_DEPTH, "levels", "of archives in archives"),
    LIMIT(JOURNAL_BYTES, "bytes", "of a journal that is compressed or in an archive"),
    LIMIT(JOURNAL_SPOOL_BYTES, "bytes", "written in memory for it"),
    LIMIT(JOURNAL_PARTS, "files", "of one machine's journal are read together"),
    LIMIT(INPUTS, "inputs", "in one call"),
    LIMIT(DIR_DEPTH, "levels", "of directories"),
    LIMIT(NOTES, "notes", "are kept"),
    LIMIT(SCAN_FILES, "files", "are looked at in one scan"),
    LIMIT(SCAN_JOBS, "workers", "at once"),
    LIMIT(PLAN_BYTES, "bytes", "of a plan for shards"),
    LIMIT(RESULT_BYTES, "bytes", "of a worker's result"),
    LIMIT(WORKER_BYTES, "bytes", "of memory for one worker"),
    LIMIT(WORKER_SECONDS, "seconds", "for one case, and one more for every"),
    LIMIT(WORKER_SECOND_BYTES, "bytes", "that it has"),
    LIMIT(CASE_EVIDENCE, "lines", "of evidence are kept of one of many cases' findings"),
    LIMIT(CASE_UNEXPLAINED, "records", "that nothing explains are kept of one of many cases"),
    LIMIT(MACHINE_FILE_BYTES, "bytes", "of one file of a machine that is looked at"),
    LIMIT(MACHINE_ARENA_BYTES, "bytes", "are kept of all of them"),
    LIMIT(MACHINE_NAMES, "names", "of one of its directories"),
    LIMIT(MACHINE_ENTRIES, "entries", "of its boot menu"),
    LIMIT(MACHINE_VARIABLES, "variables", "of its boot loader's script"),
    LIMIT(PSTORE_PARTS, "parts", "of one pstore dump are put together"),
    LIMIT(PSTORE_BYTES, "bytes", "of them"),
    LIMIT(YAML_DEPTH, "levels", "in a rule file"),
    LIMIT(YAML_BYTES, "bytes", "in a rule file"),
    LIMIT(YAML_SCALAR_BYTES, "bytes", "in one value of a rule file"),
    LIMIT(YAML_KEYS, "keys", "in one mapping of a rule file"),
    LIMIT(RULES, "rules", "in one run"),
    LIMIT(RULE_EDGES, "edges", "between rules: explains, supersedes and the like"),
    LIMIT(FINDINGS_PER_RULE, "findings", "of one rule in one boot"),
    LIMIT(PROBLEMS, "faults", "of rule files are reported"),
    LIMIT(RULE_ID_BYTES, "bytes", "in the id of a rule"),
    LIMIT(PATTERN_BYTES, "bytes", "in one pattern"),
    LIMIT(SUBJECT_BYTES, "bytes", "of a record are searched"),
    LIMIT(PCRE_MATCH, "steps", "before a pattern gives up on a record"),
    LIMIT(PCRE_HEAP_KIB, "KiB", "of heap for one match"),
    LIMIT(PCRE_DEPTH, "levels", "of backtracking in one match"),
    LIMIT(IMAGE_SEGMENTS, "ranges", "of memory in one image"),
    LIMIT(IMAGE_REGIONS, "regions", "in one checkpoint"),
    LIMIT(IMAGE_GROUPS, "groups", "in one checkpoint"),
    LIMIT(IMAGE_TAGS, "tags", "in one checkpoint"),
    LIMIT(IMAGE_CPUS, "CPUs", "of which page tables are tried"),
    LIMIT(IMAGE_ARENA_BYTES, "bytes", "are kept about one image"),
    LIMIT(IMAGE_RINGS, "places", "that look like a log's parts are kept of one image"),
    LIMIT(IMAGE_LOGS, "logs", "are read from one image"),
    LIMIT(IMAGE_WORK, "records", "are looked at to find and choose a log"),
    LIMIT(LIVE_CONNECT_MS, "ms", "are waited for a debug stub to take us"),
    LIMIT(LIVE_DETACH_MS, "ms", "are waited for it to let the guest go"),
    LIMIT(LIVE_THREADS, "CPUs", "of a running guest are asked for the kernel's memory"),
    LIMIT(LIVE_SCAN_BYTES, "bytes", "of a running kernel are searched for its log"),
    LIMIT(LIVE_HALT_MS, "ms", "a running guest is held at most"),
    LIMIT(LIVE_STEP_MS, "ms", "are waited for one reply of a debug stub"),
    LIMIT(LIVE_PHYSICAL_BYTES, "bytes", "of its physical memory are looked through"),
    LIMIT(LIVE_ARENA_BYTES, "bytes", "of a running guest's memory are kept"),
    LIMIT(RING_BITS, "bits", "count the records of one ring"),
    LIMIT(VMCOREINFO_BYTES, "bytes", "of one VMCOREINFO"),
    LIMIT(VMCOREINFO_TEXTS, "texts", "of VMCOREINFO are tried"),
};
#undef LIMIT

void help_limits(struct out *o)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        out_printf(o, "%-20s %12llu %s %s\n", limits[i].name, (unsigned long long)limits[i].value,
                   limits[i].unit, limits[i].why);
}
