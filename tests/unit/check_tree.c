/* SPDX-License-Identifier: Apache-2.0 */
/* Files below a root: links stay inside it, and what is no file is not opened. */
#include "analyzer/evidence/tree.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* root/ with files, links and a FIFO; outside it a file that nobody may reach. */
static char top[64];

static void at(char *out, size_t size, const char *path)
{
    snprintf(out, size, "%s/%s", top, path);
}

static void write_file(const char *path, const char *text)
{
    char full[256];
    FILE *f;

    at(full, sizeof full, path);
    f = fopen(full, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static void link_to(const char *target, const char *path)
{
    char full[256];

    at(full, sizeof full, path);
    ck_assert_int_eq(symlink(target, full), 0);
}

static void setup(void)
{
    static const char *const dirs[] = { "root", "root/a", "root/a/b" };
    char full[256];

    strcpy(top, "/tmp/check-tree-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(top));
    for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
        at(full, sizeof full, dirs[i]);
        ck_assert_int_eq(mkdir(full, 0755), 0);
    }
    write_file("secret", "outside");
    write_file("root/a/file", "inside");
    write_file("root/secret", "ours");
    link_to("a/file", "root/relative");
    link_to("/a/file", "root/absolute");
    link_to("../../../../secret", "root/a/b/up");
    link_to("/secret", "root/a/abs");
    link_to("loop", "root/loop");
    link_to("gone", "root/dangling");
    link_to("..", "root/a/parent");
    at(full, sizeof full, "root/fifo");
    ck_assert_int_eq(mkfifo(full, 0644), 0);
    at(full, sizeof full, "secret");
    link_to(full, "root/out");
}

static void teardown(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", top);
    ck_assert_int_eq(system(command), 0);
}

static const struct {
    const char *path;
    enum tree_state state;
    const char *bytes;
} reads[] = {
    { "/a/file", TREE_FOUND, "inside" },
    { "a//./file", TREE_FOUND, "inside" },
    { "/relative", TREE_FOUND, "inside" },
    { "/absolute", TREE_FOUND, "inside" },
    { "/a/b/up", TREE_FOUND, "ours" },
    { "/a/abs", TREE_FOUND, "ours" },
    { "/../../secret", TREE_FOUND, "ours" },
    { "/a/parent/a/parent/secret", TREE_FOUND, "ours" },
    { "/out", TREE_ABSENT, NULL },
    { "/loop", TREE_ODD, NULL },
    { "/dangling", TREE_ABSENT, NULL },
    { "/a/file/x", TREE_ABSENT, NULL },
    { "/gone", TREE_ABSENT, NULL },
    { "/fifo", TREE_ODD, NULL },
    { "/a", TREE_ODD, NULL },
    { "/", TREE_ODD, NULL },
    { "", TREE_ODD, NULL },
};

START_TEST(reading)
{
    char root[128];
    struct tree t;
    struct arena a;
    struct str bytes;
    enum tree_state state;

    arena_init(&a, 1 << 20);
    at(root, sizeof root, "root");
    ck_assert(tree_open(&t, root, NULL));
    state = tree_read(&t, str_from(reads[_i].path), &a, 100, &bytes, NULL);
    ck_assert_msg(state == reads[_i].state, "%s: %d", reads[_i].path, (int)state);
    if (reads[_i].bytes)
        ck_assert_msg(str_eq(bytes, str_from(reads[_i].bytes)), "%s: %.*s", reads[_i].path,
                      STR_ARG(bytes));
    tree_close(&t);
    arena_done(&a);
}
END_TEST

START_TEST(the_rest)
{
    char root[128], deep[2048] = "";
    struct tree t;
    struct arena a;
    struct str s;
    struct tree_names names;
    struct tree_info info;
    bool whole;

    arena_init(&a, 1 << 20);
    at(root, sizeof root, "root");
    ck_assert(tree_open(&t, root, NULL));
    ck_assert_int_eq(tree_read(&t, STR("/a/file"), &a, 3, &s, &whole), TREE_FOUND);
    ck_assert(str_eq(s, STR("ins")) && !whole);
    ck_assert_int_eq(tree_link(&t, STR("/absolute"), &a, &s), TREE_FOUND);
    ck_assert(str_eq(s, STR("/a/file")));
    ck_assert_int_eq(tree_link(&t, STR("/a/file"), &a, &s), TREE_ODD);
    ck_assert_int_eq(tree_list(&t, STR("/a"), &a, &names), TREE_FOUND);
    ck_assert_uint_eq(names.n, 4);
    ck_assert(str_eq(names.p[0], STR("abs")) && str_eq(names.p[3], STR("parent")));
    ck_assert_int_eq(tree_list(&t, STR("/fifo"), &a, &names), TREE_ODD);
    ck_assert_int_eq(tree_look(&t, STR("/fifo"), &info), TREE_FOUND);
    ck_assert_int_eq(info.kind, TREE_OTHER);
    ck_assert_int_eq(tree_look(&t, STR("/"), &info), TREE_FOUND);
    ck_assert_int_eq(info.kind, TREE_DIRECTORY);
    for (size_t i = 0; i < 100; i++)
        strcat(deep, "/a/parent");
    ck_assert_int_eq(tree_look(&t, str_from(deep), &info), TREE_ODD); /* too many links */
    tree_close(&t);
    ck_assert_int_eq(tree_look(&t, STR("/a"), &info), TREE_ODD);
    ck_assert(!tree_open(&t, "/nowhere-at-all", NULL));
    arena_done(&a);
}
END_TEST

Suite *check_tree(void)
{
    Suite *s = suite_create("tree");
    TCase *t = tcase_create("tree");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, reading, 0, sizeof reads / sizeof reads[0]);
    tcase_add_test(t, the_rest);
    suite_add_tcase(s, t);
    return s;
}
