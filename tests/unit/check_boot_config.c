/* SPDX-License-Identifier: Apache-2.0 */
/* Boot loaders' files: which entry GRUB's script chooses, environment blocks, entries' files. */
#include "analyzer/core/limits.h"
#include "analyzer/evidence/machine.h"

#include <check.h>

static int file_is_there(void *ctx, struct str path, bool with_bytes)
{
    (void)ctx;
    (void)with_bytes;
    if (str_starts(path, STR("/unknown")))
        return -1;
    return str_starts(path, STR("/there"));
}

static bool load_block(void *ctx, struct str path, const struct place *at, struct str *bytes,
                       uint32_t *file)
{
    (void)at;
    *bytes = *(const struct str *)ctx;
    *file = 7;
    return str_ends(path, STR("/grubenv")) || str_starts(path, STR("/there"));
}

static const struct {
    const char *name, *script, *env;
    const char *kernel, *cmdline, *initrd; /* NULL kernel: no entry */
    bool uncertain;
} scripts[] = {
    { "one entry", "menuentry 'A' {\n linux /k root=/dev/sda1 ro\n initrd /i\n}\n", "", "/k",
      "root=/dev/sda1 ro", "/i", false },
    { "the second by number",
      "set default=1\nmenuentry 'A' { linux /a }\nmenuentry 'B' { linux /b }", "", "/b", "", "",
      false },
    { "by title", "set default='B x'\nmenuentry 'A' {\nlinux /a\n}\nmenuentry 'B x' {\nlinux /b\n}",
      "", "/b", "", "", false },
    { "by id, in a submenu",
      "default=0\nset default='s>i'\nsubmenu 'S' --id s {\nmenuentry 'A' --id x {\nlinux /a\n}\n"
      "menuentry 'B' --id i {\nlinux /b\n}\n}",
      "", "/b", "", "", false },
    { "by numbers",
      "set default='1>0'\nmenuentry A {\nlinux /a\n}\nsubmenu S {\nmenuentry B {\n"
      "linux /b\n}\n}",
      "", "/b", "", "", false },
    { "an unknown default is the first", "set default=gone\nmenuentry A {\nlinux /a\n}", "", "/a",
      "", "", false },
    { "saved",
      "load_env\nset default=\"${saved_entry}\"\nmenuentry A {\nlinux /a\n}\nmenuentry B {\n"
      "linux /b\n}",
      "saved_entry=B\n", "/b", "", "", false },
    { "next once",
      "load_env\nif [ \"${next_entry}\" ]; then\nset default=\"${next_entry}\"\nelse\nset "
      "default=0\nfi\nmenuentry A {\nlinux /a\n}\nmenuentry B {\nlinux /b\n}",
      "next_entry=1\n", "/b", "", "", false },
    { "variables in words", "load_env -f /there\nmenuentry P {\nlinux /boot/$k root=$r $c\n}",
      "k=vmlinuz-1\nr=PARTUUID=ab\nc=ro quiet\n", "/boot/vmlinuz-1", "root=PARTUUID=ab ro quiet",
      "", false },
    { "quotes and backslashes", "menuentry 'A' {\nlinux \"/a b\" x=\\\"y c='d e'\n}", "", "/a b",
      "x=\"y c=d e", "", false },
    { "a file that is there",
      "if [ -f /there/x ]; then set default=1; fi\nmenuentry A {\nlinux "
      "/a\n}\nmenuentry B {\nlinux /b\n}",
      "", "/b", "", "", false },
    { "a file that is not",
      "if [ -f /gone ]; then\nset default=1\nfi\nmenuentry A {\nlinux "
      "/a\n}\nmenuentry B {\nlinux /b\n}",
      "", "/a", "", "", false },
    { "a file that may be there",
      "if [ -f /unknown ]; then\nset default=1\nfi\nmenuentry A {\nlinux "
      "/a\n}\nmenuentry B {\nlinux /b\n}",
      "", "/b", "", "", true },
    { "elif",
      "set a=2\nif [ $a = 1 ]; then\nset default=1\nelif [ $a = 2 ]; then\nset default=2\n"
      "else\nset default=0\nfi\nmenuentry A { linux /a }\nmenuentry B { linux /b }\n"
      "menuentry C { linux /c }",
      "", "/c", "", "", false },
    { "a function is passed over",
      "function f {\nset default=1\n}\nmenuentry A {\nlinux /a\n}\n"
      "menuentry B {\nlinux /b\n}",
      "", "/a", "", "", false },
    { "a comment", "# set default=1\nmenuentry A {\nlinux /a # b\n}", "", "/a", "# b", "", false },
    { "nothing", "", "", NULL, NULL, NULL, false },
    { "binary", "\x01\xff{}{}{}}}}}\nmenuentry", "", NULL, NULL, NULL, false },
    { "torn", "menuentry 'A' {\n linux /k root=/dev/s", "", "/k", "root=/dev/s", "", false },
};

START_TEST(script)
{
    struct str env = str_from(scripts[_i].env), wanted;
    struct arena arena;
    struct grub g = { .arena = &arena,
                      .ask = { &env, file_is_there, load_block },
                      .prefix = STR("/boot/grub") };
    const struct menu_entry *e;
    size_t chosen;

    arena_init(&arena, LIMIT_MACHINE_ARENA_BYTES);
    grub_read(&g, str_from(scripts[_i].script), 3);
    wanted = grub_value(&g, STR("default")).text;
    chosen = menu_find(&g.menu, wanted.n ? wanted : STR("0"));
    if (chosen == SIZE_MAX)
        chosen = menu_first(&g.menu);
    e = chosen == SIZE_MAX ? NULL : &g.menu.p[chosen];
    ck_assert_msg(g.uncertain == scripts[_i].uncertain, "%s: uncertain", scripts[_i].name);
    if (!scripts[_i].kernel) {
        ck_assert_msg(!e || !e->kernel.text.n, "%s: boots something", scripts[_i].name);
    } else {
        ck_assert_msg(e && str_eq(e->kernel.text, str_from(scripts[_i].kernel)),
                      "%s: kernel '%.*s'", scripts[_i].name, e ? (int)e->kernel.text.n : 0,
                      e ? e->kernel.text.p : "");
        ck_assert_msg(str_eq(e->cmdline.text, str_from(scripts[_i].cmdline)), "%s: cmdline '%.*s'",
                      scripts[_i].name, STR_ARG(e->cmdline.text));
        ck_assert_msg(str_eq(e->initrd.text, str_from(scripts[_i].initrd)), "%s: initrd '%.*s'",
                      scripts[_i].name, STR_ARG(e->initrd.text));
        ck_assert_uint_eq(e->kernel.place.file, 3);
    }
    arena_done(&arena);
}
END_TEST

/* What a hostile script may cost has limits, and it is read to its end. */
START_TEST(floods)
{
    enum { BYTES = 1 << 20 };
    static const char *const units[] = { "\\a", "${a}",  "menuentry a {", "if [ a ]; then\n",
                                         "{",   "a=b\n", "submenu x {\n", "set $a=$a$a\n",
                                         "\"",  "'" };
    struct str env = STR("a=bb\n");

    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        struct str unit = str_from(units[u]);
        struct arena text, arena;
        struct grub g = { .arena = &arena, .ask = { &env, file_is_there, load_block } };
        char *p;

        arena_init(&text, 0);
        arena_init(&arena, LIMIT_MACHINE_ARENA_BYTES);
        p = arena_alloc(&text, BYTES + unit.n);
        for (size_t at = 0; at < BYTES; at++)
            p[at] = unit.p[at % unit.n];
        grub_read(&g, STR("load_env\n"), 0);
        grub_read(&g, (struct str){ p, BYTES }, 0);
        ck_assert_uint_le(g.menu.n, LIMIT_MACHINE_ENTRIES);
        ck_assert_uint_le(arena.used_bytes, LIMIT_MACHINE_ARENA_BYTES);
        arena_done(&arena);
        arena_done(&text);
    }
}
END_TEST

START_TEST(environment)
{
    struct str text =
            STR("# GRUB Environment Block\na=1\nab=2\na=3  \nphoton_linux=vmlinuz-1\r\n####");

    ck_assert(str_eq(env_find(text, 0, STR("a")).text, STR("3")));
    ck_assert_uint_eq(env_find(text, 0, STR("a")).place.line, 4);
    ck_assert(str_eq(env_find(text, 0, STR("photon_linux")).text, STR("vmlinuz-1")));
    ck_assert_uint_eq(env_find(text, 0, STR("b")).place.line, 0);
    ck_assert_uint_eq(env_find(STR(""), 0, STR("")).place.line, 0);
}
END_TEST

START_TEST(entry_file)
{
    struct str text =
            STR("title Made\nversion 6.1\nlinux /a/linux\ninitrd /ucode\ninitrd /a/initrd\n"
                "options root=UUID=1\noptions ro\n# linux /x\nlinuxx /y\n");
    struct menu_entry e;
    struct arena a;

    arena_init(&a, LIMIT_MACHINE_ARENA_BYTES);
    ck_assert(bls_read(&a, text, 0, STR("made-6.1.conf"), &e));
    ck_assert(str_eq(e.id, STR("made-6.1")));
    ck_assert(str_eq(e.kernel.text, STR("/a/linux")));
    ck_assert_uint_eq(e.kernel.place.line, 3);
    ck_assert(str_eq(e.initrd.text, STR("/a/initrd")));
    ck_assert(str_eq(e.cmdline.text, STR("root=UUID=1 ro")));
    ck_assert(!bls_read(&a, text, 0, STR("made-6.1.conf~"), &e));
    ck_assert(!bls_read(&a, STR(""), 0, STR("x.conf"), &e));
    ck_assert(bls_read(&a, STR("efi /x.efi"), 0, STR("x.conf"), &e) && e.other);
    arena_done(&a);
}
END_TEST

static const struct {
    const char *a, *b;
} newer_first[] = { { "m-6.1.10", "m-6.1.9" },
                    { "m-6.12.1-200", "m-6.2.9-300" },
                    { "b", "a" },
                    { "m-6.1.1", "m-6.1" },
                    { "m-6.1", "m-0-rescue" } };

START_TEST(order)
{
    struct menu_entry a = { .id = str_from(newer_first[_i].a) };
    struct menu_entry b = { .id = str_from(newer_first[_i].b) };

    ck_assert_int_lt(bls_compare(&a, &b), 0);
    ck_assert_int_gt(bls_compare(&b, &a), 0);
    ck_assert_int_eq(bls_compare(&a, &a), 0);
}
END_TEST

static const struct {
    const char *pattern, *id;
    bool names;
} patterns[] = {
    { "made-*", "made-6.1", true },        { "*", "x", true },
    { "made-6.1.conf", "made-6.1", true }, { "m?de-*1", "made-6.1", true },
    { "made", "made-6.1", false },         { "", "x", false },
    { "*a*a*b", "aaaaaaaa", false },       { "**", "", true },
};

START_TEST(pattern)
{
    ck_assert_msg(bls_names(str_from(patterns[_i].pattern), str_from(patterns[_i].id)) ==
                          patterns[_i].names,
                  "%s and %s", patterns[_i].pattern, patterns[_i].id);
}
END_TEST

static const struct {
    const char *cmdline, *name, *value; /* NULL: it is not there */
} cmdlines[] = {
    { "root=/dev/sda1 ro", "root", "/dev/sda1" },
    { "root=a root=b", "root", "b" },
    { "xroot=a", "root", NULL },
    { "rootflags=a", "root", NULL },
    { "x=\"a root=b\" root=\"c d\"", "root", "c d" },
    { "root=", "root", "" },
    { "", "root", NULL },
    { "root=\"", "root", "" },
};

START_TEST(cmdline)
{
    struct str value = { 0 };
    bool found = cmdline_value(str_from(cmdlines[_i].cmdline), str_from(cmdlines[_i].name), &value);

    ck_assert_msg(found == (cmdlines[_i].value != NULL), "%s", cmdlines[_i].cmdline);
    if (found)
        ck_assert_msg(str_eq(value, str_from(cmdlines[_i].value)), "%s: '%.*s'",
                      cmdlines[_i].cmdline, STR_ARG(value));
}
END_TEST

Suite *check_boot_config(void)
{
    Suite *s = suite_create("boot_config");
    TCase *t = tcase_create("boot_config");

    tcase_add_loop_test(t, script, 0, sizeof scripts / sizeof scripts[0]);
    tcase_add_test(t, floods);
    tcase_add_test(t, environment);
    tcase_add_test(t, entry_file);
    tcase_add_loop_test(t, order, 0, sizeof newer_first / sizeof newer_first[0]);
    tcase_add_loop_test(t, pattern, 0, sizeof patterns / sizeof patterns[0]);
    tcase_add_loop_test(t, cmdline, 0, sizeof cmdlines / sizeof cmdlines[0]);
    suite_add_tcase(s, t);
    return s;
}
