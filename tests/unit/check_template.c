/* SPDX-License-Identifier: Apache-2.0 */
/* Templates and the functions that they and set: may use. */
#include "analyzer/engine/setfunc.h"
#include "analyzer/engine/template.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* name → a device, list → texts, none → an empty list, anything else unknown. */
static bool lookup(const void *ctx, struct str path, struct arena *a, struct value *out)
{
    static const struct value names[] = {
        { .type = VALUE_TEXT, .text = { STR_INIT("sda1") }, .sort = SORT_DEVICE },
        { .type = VALUE_TEXT, .text = { STR_INIT("sda2") }, .sort = SORT_DEVICE },
    };

    (void)ctx, (void)a;
    *out = value_unknown();
    if (str_eq(path, STR("name")))
        *out = value_text(STR("sda1"), SORT_DEVICE);
    else if (str_eq(path, STR("n")))
        *out = value_int(-6);
    else if (str_eq(path, STR("list")))
        *out = value_list(names, 2);
    else if (str_eq(path, STR("none")))
        *out = value_list(NULL, 0);
    else if (str_eq(path, STR("a.b[1].c-d")))
        *out = value_bool(true);
    else
        return false;
    return true;
}

static const struct {
    const char *source, *filled;
} good[] = {
    { "", "" },
    { "plain", "plain" },
    { "${name}", "sda1" },
    { "a ${name}b${ n }", "a sda1b-6" },
    { "${list}", "sda1, sda2" },
    { "${list | count} of them", "2 of them" },
    { "${list | join}", "sda1, sda2" },
    { "${list | first}", "sda1" },
    { "${n|errno}", "ENXIO: no such device or address" },
    { "${none}", "(none)" },
    { "${nothing}", "(not in the log)" },
    { "${nothing | errno}", "(not in the log)" },
    { "${a.b[1].c-d}", "true" },
    { "costs $5 and $${name}", "costs $5 and ${name}" },
    { "$$$${name}", "$$${name}" },
    { "$", "$" },
    { "ends with $${", "ends with ${" },
};

START_TEST(fills)
{
    struct arena a = { 0 };
    struct template t = { 0 };
    struct text text = { 0 };
    struct str joined = STR("");

    ck_assert(template_parse(&a, str_from(good[_i].source), &t, NULL));
    ck_assert(template_fill(&t, lookup, NULL, &a, &text));
    for (size_t i = 0; i < text.n; i++)
        joined = arena_printf(&a, "%.*s%.*s", STR_ARG(joined), STR_ARG(text.p[i].text));
    ck_assert_msg(str_eq(joined, str_from(good[_i].filled)), "%.*s", STR_ARG(joined));
    arena_done(&a);
}
END_TEST

static const struct {
    const char *source;
    uint32_t col;
} bad[] = {
    { "${", 1 },      { "x ${name", 3 },       { "${}", 1 },        { "${a b}", 1 },
    { "${a[x]}", 1 }, { "${a[1}", 1 },         { "${1a}", 1 },      { "${a | nope}", 1 },
    { "${a | }", 1 }, { "${a | join, b}", 1 }, { "${ | join}", 1 },
};

START_TEST(refuses)
{
    struct arena a = { 0 };
    struct template t = { 0 };
    struct err err = { 0 };

    ck_assert(!template_parse(&a, str_from(bad[_i].source), &t, &err));
    ck_assert_uint_eq(err.col, bad[_i].col);
    ck_assert_uint_eq(t.n_parts, 0);
    arena_done(&a);
}
END_TEST

/* Values stay values with their sort, own words stay words: redaction and escaping depend on it. */
START_TEST(pieces_keep_their_kind)
{
    struct arena a = { 0 };
    struct template t = { 0 };
    struct text text = { 0 };

    ck_assert(template_parse(&a, STR("on ${list}: ${nothing}"), &t, NULL));
    ck_assert(template_fill(&t, lookup, NULL, &a, &text));
    ck_assert_uint_eq(text.n, 6);
    ck_assert(!text.p[0].is_value && text.p[1].is_value && !text.p[2].is_value);
    ck_assert_int_eq(text.p[1].sort, SORT_DEVICE);
    ck_assert_int_eq(text.p[3].sort, SORT_DEVICE);
    ck_assert(!text.p[5].is_value);
    arena_done(&a);
}
END_TEST

static const struct {
    const char *func, *arg, *result; /* result NULL: unknown */
} calls[] = {
    { "errno", "-19", "ENODEV: no such device, or no driver for it" },
    { "errno", "5", "EIO: input/output error" },
    { "errno", "4711", "error 4711" },
    { "errno", "x", NULL },
    { "signal", "11", "SIGSEGV" },
    { "signal", "64", "signal 64" },
    { "basename", "/dev/disk/by-uuid/1a", "1a" },
    { "basename", "sda", "sda" },
    { "basename", "/usr/lib/", "lib" },
    { "basename", "/", "/" },
    { "bytes", "0", "0 bytes" },
    { "bytes", "1023", "1023 bytes" },
    { "bytes", "1024", "1.0 KiB" },
    { "bytes", "8589934592", "8.0 GiB" },
    { "bytes", "9223372036854775807", "7.9 EiB" },
    { "bytes", "-1", NULL },
    { "kib", "8388608", "8.0 GiB" },
    { "kib", "9223372036854775807", NULL },
    { "age", "59", "59 s" },
    { "age", "320", "5 min 20 s" },
    { "age", "183600", "2 d 3 h" },
    { "disk", "sda1", "sda" },
    { "disk", "/dev/sda12", "sda" },
    { "disk", "nvme0n1p2", "nvme0n1" },
    { "disk", "nvme0n1", "nvme0n1" },
    { "disk", "mmcblk0p1", "mmcblk0" },
    { "disk", "sda", "sda" },
    { "lower", "ABC-x", "abc-x" },
    { "count", "one", "1" },
    { "first", "one", "one" },
    { "join", "one", "one" },
};

START_TEST(functions)
{
    struct arena a = { 0 };
    const struct setfunc *f = setfunc_find(str_from(calls[_i].func));
    struct value arg = value_text(str_from(calls[_i].arg), SORT_OTHER), v;

    ck_assert_ptr_nonnull(f);
    v = f->apply(&a, &arg, 1);
    ck_assert_int_eq(v.type == VALUE_UNKNOWN, calls[_i].result == NULL);
    if (calls[_i].result)
        ck_assert_msg(str_eq(value_print(&a, &v), str_from(calls[_i].result)), "%s",
                      value_print(&a, &v).p);
    arg = value_unknown();
    v = f->apply(&a, &arg, 1);
    ck_assert_int_eq(v.type, VALUE_UNKNOWN);
    arena_done(&a);
}
END_TEST

/* The table is searched by name and shown in its order. */
START_TEST(functions_are_sorted)
{
    for (const struct setfunc *f = setfuncs; f->name.n && f[1].name.n; f++)
        ck_assert_int_lt(str_cmp(f->name, f[1].name), 0);
    ck_assert_ptr_null(setfunc_find(STR("system")));
}
END_TEST

Suite *check_template(void)
{
    Suite *s = suite_create("template");
    TCase *t = tcase_create("template");

    tcase_add_loop_test(t, fills, 0, (int)(sizeof good / sizeof good[0]));
    tcase_add_loop_test(t, refuses, 0, (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(t, pieces_keep_their_kind);
    tcase_add_loop_test(t, functions, 0, (int)(sizeof calls / sizeof calls[0]));
    tcase_add_test(t, functions_are_sorted);
    suite_add_tcase(s, t);
    return s;
}
