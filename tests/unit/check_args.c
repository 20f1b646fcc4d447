/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: what is taken, and that what is not names the nearest right word. */
#include "analyzer/cli/args.h"

#include <check.h>
#include <string.h>

enum { WORDS = 8 };

static const struct {
    const char *argv[WORDS];
    enum command command;
    size_t n_words;
    enum option option; /* with this value; NULL: not looked at */
    const char *value;
} good[] = {
    { { "lw" }, COMMAND_diagnose, 0, OPTION_BOOT, NULL },
    { { "lw", "vmware.log" }, COMMAND_diagnose, 1, OPTION_BOOT, NULL },
    { { "lw", "-b", "vmware.log" }, COMMAND_diagnose, 1, OPTION_BOOT, "" },
    { { "lw", "-b", "-1", "vmware.log" }, COMMAND_diagnose, 1, OPTION_BOOT, "-1" },
    { { "lw", "-b-1", "a" }, COMMAND_diagnose, 1, OPTION_BOOT, "-1" },
    { { "lw", "-b", "all", "a" }, COMMAND_diagnose, 1, OPTION_BOOT, "all" },
    { { "lw", "-b", "0123456789abcdef0123456789abcdef" },
      COMMAND_diagnose,
      0,
      OPTION_BOOT,
      "0123456789abcdef0123456789abcdef" },
    { { "lw", "--boot=2", "a" }, COMMAND_diagnose, 1, OPTION_BOOT, "2" },
    { { "lw", "records", "--format", "raw", "-" }, COMMAND_records, 1, OPTION_FORMAT, "raw" },
    { { "lw", "--format=raw", "records", "-" }, COMMAND_records, 1, OPTION_FORMAT, "raw" },
    { { "lw", "a", "records" }, COMMAND_diagnose, 2, OPTION_BOOT, NULL },
    { { "lw", "--", "records", "-b" }, COMMAND_diagnose, 2, OPTION_BOOT, NULL },
    { { "lw", "--list-boots", "a" }, COMMAND_boots, 1, OPTION_LIST_BOOTS, "" },
    { { "lw", "-ab", "1", "a" }, COMMAND_diagnose, 1, OPTION_BOOT, "1" },
    { { "lw", "--json", "f", "--json=g", "a" }, COMMAND_diagnose, 1, OPTION_BOOT, NULL },
    { { "lw", "explain", "root.x", "a" }, COMMAND_explain, 2, OPTION_BOOT, NULL },
};

static int count_words(const char *const *argv)
{
    int n = 0;

    while (n < WORDS && argv[n])
        n++;
    return n;
}

/* getopt's signature: nothing is written through it. */
static char *const *as_argv(const char *const *words)
{
    return (char *const *)(const void *)words;
}

START_TEST(takes)
{
    struct arena arena = { 0 };
    struct args args;
    struct err err = { 0 };

    ck_assert_msg(
            args_parse(&args, count_words(good[_i].argv), as_argv(good[_i].argv), &arena, &err),
            "%s", err.text);
    ck_assert_int_eq(args.command, good[_i].command);
    ck_assert_uint_eq(args.words.n, good[_i].n_words);
    if (good[_i].value)
        ck_assert_str_eq(args.value[good[_i].option], good[_i].value);
    arena_done(&arena);
}
END_TEST

static const struct {
    const char *argv[WORDS];
    const char *says;
} bad[] = {
    { { "lw", "--fromat", "x" }, "'format'" },
    { { "lw", "--jsn", "x" }, "'json'" },
    { { "lw", "-z" }, "there is no option -z" },
    { { "lw", "-\x1b" }, "\\x1b" },
    { { "lw", "--format" }, "needs an argument: WORD" },
    { { "lw", "--all=yes" }, "takes no argument" },
    { { "lw", "formats", "--fail-on", "error" }, "formats does not take --fail-on" },
    { { "lw", "boots", "--json", "f" }, "boots does not take --json" },
};

START_TEST(refuses)
{
    struct arena arena = { 0 };
    struct args args;
    struct err err = { 0 };

    ck_assert(!args_parse(&args, count_words(bad[_i].argv), as_argv(bad[_i].argv), &arena, &err));
    ck_assert_msg(strstr(err.text, bad[_i].says) != NULL, "%s", err.text);
    arena_done(&arena);
}
END_TEST

START_TEST(lists_keep_their_order)
{
    static const char *const argv[] = { "lw", "--rules", "a", "--rules=b", "--json", "f", "x" };
    struct arena arena = { 0 };
    struct args args;
    struct err err;

    ck_assert(args_parse(&args, 7, as_argv(argv), &arena, &err));
    ck_assert_uint_eq(args.rules.n, 2);
    ck_assert_str_eq(args.rules.p[0], "a");
    ck_assert_str_eq(args.rules.p[1], "b");
    ck_assert_uint_eq(args.report_files.n, 1);
    ck_assert_str_eq(args.report_files.p[0].path, "f");
    ck_assert_ptr_eq(args.report_files.p[0].report, report_find(STR("json")));
    arena_done(&arena);
}
END_TEST

/* No option may be written in two ways, no letter may mean two things. */
START_TEST(tables_are_unambiguous)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        ck_assert_ptr_null(report_find(str_from(option_infos[i].name)));
        for (size_t k = 0; k < i; k++) {
            ck_assert_str_ne(option_infos[i].name, option_infos[k].name);
            ck_assert(!option_infos[i].letter || option_infos[i].letter != option_infos[k].letter);
        }
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        for (size_t k = 0; k < i; k++)
            ck_assert_int_ne(command_infos[i].letter, command_infos[k].letter);
}
END_TEST

Suite *check_args(void)
{
    Suite *s = suite_create("args");
    TCase *t = tcase_create("args");

    tcase_add_loop_test(t, takes, 0, (int)(sizeof good / sizeof good[0]));
    tcase_add_loop_test(t, refuses, 0, (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(t, lists_keep_their_order);
    tcase_add_test(t, tables_are_unambiguous);
    suite_add_tcase(s, t);
    return s;
}
