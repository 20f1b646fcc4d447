/* SPDX-License-Identifier: Apache-2.0 */
/*
 * argv to struct args. Our own loop rather than getopt_long(): -b takes an optional next word as
 * journalctl's does, and every message can name what would have been right.
 */
#include "analyzer/cli/args.h"

#include "analyzer/engine/keys.h"

#include <string.h>

const struct command_info command_infos[] = {
#define COMMAND(sym, letter, name, words, help) [COMMAND_##sym] = { letter, name, words, help },
#include "analyzer/cli/commands.def"
#undef COMMAND
};

const struct option_info option_infos[] = {
#define OPTION(sym, letter, name, arg, commands, help)                                             \
    [OPTION_##sym] = { letter, name, arg, commands, help },
#include "analyzer/cli/options.def"
#undef OPTION
};

struct scan {
    struct args *args;
    struct arena *arena;
    char *const *argv;
    int argc, at; /* argv[at] is the next word */
};

bool args_has(const struct args *a, enum option o)
{
    return a->value[o] != NULL;
}

bool args_is_boot(struct str word)
{
    struct str number = word;
    int64_t value;
    size_t hex = 0;

    if (str_eq(word, STR("all")))
        return true;
    str_take_char(&number, '+');
    if (number.n <= 10 && str_to_i64(number, &value))
        return true;
    while (hex < word.n && char_hex(word.p[hex]) >= 0)
        hex++;
    return word.n == 32 && hex == 32;
}

static bool option_takes(const struct option_info *info, enum command command)
{
    return !info->commands || strchr(info->commands, command_infos[command].letter);
}

const char *args_near_command(const char *word, char *out, size_t size)
{
    struct suggestion s = { .wanted = str_from(word) };

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        suggest(&s, str_from(command_infos[i].name));
    return suggestion_text(&s, out, size);
}

static bool fail_unknown(struct str name, struct err *err)
{
    struct suggestion s = { .wanted = name };
    char quoted[80], hint[120];

    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (option_infos[i].help[0])
            suggest(&s, str_from(option_infos[i].name));
    for (size_t i = 0; reports[i]; i++)
        suggest(&s, str_from(reports[i]->name));
    return fail(err, FAIL_USAGE, "there is no option --%s%s",
                err_quote(name, quoted, sizeof quoted), suggestion_text(&s, hint, sizeof hint));
}

/* The option of that name, or OPTION_COUNT. */
static enum option find_long(struct str name)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (str_eq(name, str_from(option_infos[i].name)))
            return (enum option)i;
    return OPTION_COUNT;
}

static enum option find_letter(char letter)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (option_infos[i].letter && option_infos[i].letter == letter)
            return (enum option)i;
    return OPTION_COUNT;
}

static bool push_word(struct arena *arena, struct words *words, const char *word, struct err *err)
{
    const char **slot = vec_push(arena, words);

    if (!slot)
        return fail(err, FAIL_LIMIT, "out of memory");
    *slot = word;
    return true;
}

/* Where all values are kept of an option that may be given several times; NULL: the last counts. */
static struct words *all_of(struct args *a, enum option o)
{
    const struct {
        enum option option;
        struct words *all;
    } lists[] = {
        { OPTION_RULES, &a->rules },
        { OPTION_VMLINUX, &a->vmlinux },
        { OPTION_PRINTK_INDEX, &a->printk_index },
        { OPTION_KERNEL_STRINGS, &a->kernel_strings },
        { OPTION_PROGRAM_STRINGS, &a->program_strings },
    };

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (lists[i].option == o)
            return lists[i].all;
    return NULL;
}

static bool set_option(struct scan *s, enum option o, const char *value, struct err *err)
{
    struct words *all = all_of(s->args, o);

    s->args->value[o] = value;
    return !all || push_word(s->arena, all, value, err);
}

/* Gives the option its argument: attached, or the next word. */
static bool take_option(struct scan *s, enum option o, const char *attached, struct err *err)
{
    const struct option_info *info = &option_infos[o];
    const char *next = s->at < s->argc ? s->argv[s->at] : NULL;

    if (!info->arg) {
        if (attached)
            return fail(err, FAIL_USAGE, "--%s takes no argument", info->name);
        return set_option(s, o, "", err);
    }
    if (attached)
        return set_option(s, o, attached, err);
    if (info->arg[0] == '[') {
        if (!next || !args_is_boot(str_from(next)))
            return set_option(s, o, "", err);
    } else if (!next) {
        return fail(err, FAIL_USAGE, "--%s needs an argument: %s", info->name, info->arg);
    }
    s->at++;
    return set_option(s, o, next, err);
}

/* --json FILE: one more report in the same run. */
static bool take_report_file(struct scan *s, const struct report *report, const char *attached,
                             struct err *err)
{
    const char *path = attached ? attached : s->at < s->argc ? s->argv[s->at++] : NULL;
    struct report_file *slot;

    if (!path)
        return fail(err, FAIL_USAGE, "--%s needs an argument: FILE", report->name);
    slot = vec_push(s->arena, &s->args->report_files);
    if (!slot)
        return fail(err, FAIL_LIMIT, "out of memory");
    *slot = (struct report_file){ report, path };
    return true;
}

static bool take_long(struct scan *s, const char *word, struct err *err)
{
    const char *equals = strchr(word, '=');
    struct str name = { .p = word, .n = equals ? (size_t)(equals - word) : strlen(word) };
    enum option o = find_long(name);
    const struct report *report = report_find(name);

    if (o != OPTION_COUNT)
        return take_option(s, o, equals ? equals + 1 : NULL, err);
    if (report)
        return take_report_file(s, report, equals ? equals + 1 : NULL, err);
    return fail_unknown(name, err);
}

/* "-ab-1": letters in one word, the last of which may have its argument attached. */
static bool take_letters(struct scan *s, const char *letters, struct err *err)
{
    for (const char *c = letters; *c; c++) {
        enum option o = find_letter(*c);
        char quoted[8];

        if (o == OPTION_COUNT)
            return fail(err, FAIL_USAGE, "there is no option -%s",
                        err_quote((struct str){ .p = c, .n = 1 }, quoted, sizeof quoted));
        if (o == OPTION_HELP)
            s->args->short_help = true;
        if (option_infos[o].arg)
            return take_option(s, o, c[1] ? c + 1 : NULL, err);
        if (!set_option(s, o, "", err))
            return false;
    }
    return true;
}

static bool take_word(struct scan *s, const char *word, struct err *err)
{
    if (!s->args->command_named && s->args->words.n == 0) {
        for (size_t i = 0; i < COMMAND_COUNT; i++) {
            if (strcmp(word, command_infos[i].name) == 0) {
                s->args->command = (enum command)i;
                s->args->command_named = true;
                return true;
            }
        }
    }
    return push_word(s->arena, &s->args->words, word, err);
}

static bool check_options(const struct args *a, struct err *err)
{
    const char *command = command_infos[a->command].name;

    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (args_has(a, (enum option)i) && !option_takes(&option_infos[i], a->command))
            return fail(err, FAIL_USAGE, "%s does not take --%s", command, option_infos[i].name);
    if (a->report_files.n && a->command != COMMAND_diagnose && a->command != COMMAND_preflight &&
        a->command != COMMAND_scan && a->command != COMMAND_merge)
        return fail(err, FAIL_USAGE, "%s does not take --%s", command,
                    a->report_files.p[0].report->name);
    return true;
}

bool args_parse(struct args *out, int argc, char *const *argv, struct arena *arena, struct err *err)
{
    struct scan s = { .args = out, .arena = arena, .argv = argv, .argc = argc, .at = 1 };
    bool only_words = false;

    *out = (struct args){ .command = COMMAND_diagnose };
    while (s.at < argc) {
        const char *word = argv[s.at++];
        bool ok;

        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
            continue;
        }
        if (only_words || word[0] != '-' || word[1] == '\0')
            ok = only_words ? push_word(arena, &out->words, word, err) : take_word(&s, word, err);
        else
            ok = word[1] == '-' ? take_long(&s, word + 2, err) : take_letters(&s, word + 1, err);
        if (!ok)
            return false;
    }
    if (args_has(out, OPTION_LIST_BOOTS) && out->command == COMMAND_diagnose)
        out->command = COMMAND_boots;
    return check_options(out, err);
}
