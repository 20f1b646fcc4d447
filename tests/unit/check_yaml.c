/* SPDX-License-Identifier: Apache-2.0 */
/* What of YAML is rules, and that everything else is refused where it stands. */
#include "analyzer/core/limits.h"
#include "analyzer/engine/yaml.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static bool read(struct arena *a, struct str yaml, const struct node **root, struct err *err)
{
    *err = (struct err){ 0 };
    *root = NULL;
    return yaml_read(a, a, STR("t.yaml"), yaml, root, err);
}

static const struct {
    const char *yaml;
    uint32_t line, col; /* of the error */
    const char *text;   /* part of it */
} refused[] = {
    { "a: 1\nb: 2\na: 3\n", 3, 1, "key 'a' stands twice: here and on line 1" },
    { "- {k: 1, k: 2}\n", 1, 10, "stands twice" },
    { "a: &x 1\n", 1, 4, "anchors and tags" },
    { "a: [1]\nb: &x [1]\n", 2, 4, "anchors and tags" },
    { "a: !!int 1\n", 1, 4, "anchors and tags" },
    { "a: *x\n", 1, 4, "aliases" },
    { "a:\n  <<: {b: 1}\n", 2, 3, "merge keys" },
    { "%YAML 1.1\n---\na: 1\n", 1, 1, "directives" },
    { "a: 1\n---\nb: 1\n", 2, 1, "only one document" },
    { "? [a]\n: b\n", 1, 3, "a key must be plain text" },
    { "r: \"\\d\"\n", 1, 5, "single quotes" },
    { "r: 'can't do'\n", 1, 9, "a quote inside single quotes is written twice" },
    { "r: a: b\n", 1, 5, "needs quotes" },
    { "r:\n\t- a\n", 2, 1, "not with tabs" },
    { "\xef\xbb\xbf- {k: 1, k: 2}\n", 1, 10, "stands twice" },
    { "a: 'open\n", 2, 1, "end of stream" },
    { "a: \"x\\0y\"\n", 1, 4, "NUL" },
    { "a: [1\n", 2, 1, "" },
    { "a: \xff\n", 1, 4, "UTF-8" },
    { "a: 1\n\nb: \xff\n", 3, 4, "UTF-8" },
};

START_TEST(refuses)
{
    struct arena a = { 0 };
    const struct node *root;
    struct err err;

    ck_assert(!read(&a, str_from(refused[_i].yaml), &root, &err));
    ck_assert_str_eq(err.file, "t.yaml");
    ck_assert_uint_eq(err.line, refused[_i].line);
    ck_assert_uint_eq(err.col, refused[_i].col);
    ck_assert_msg(strstr(err.text, refused[_i].text) != NULL, "%s", err.text);
    ck_assert_ptr_null(root);
    arena_done(&a);
}
END_TEST

START_TEST(scalars_stay_text)
{
    static const char *const values[] = { "no", "on", "1e3", "0x10", "012", "~", "1_000" };
    struct arena a = { 0 };
    const struct node *root, *n;
    struct err err;

    ck_assert(read(&a, STR("[no, on, 1e3, 0x10, 012, ~, 1_000]"), &root, &err));
    n = root->first;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++, n = n->next)
        ck_assert(str_eq(n->text, str_from(values[i])));
    arena_done(&a);
}
END_TEST

/* As editors on Windows write it. */
START_TEST(a_byte_order_mark_is_skipped)
{
    struct arena a = { 0 };
    const struct node *root;
    struct err err;

    ck_assert(read(&a,
                   STR("\xef\xbb\xbf"
                       "a: 1\r\nb: 2\r\n"),
                   &root, &err));
    ck_assert_uint_eq(root->n, 2);
    ck_assert(str_eq(root->first->key, STR("a")));
    ck_assert(str_eq(node_find(root, STR("b"))->text, STR("2")));
    arena_done(&a);
}
END_TEST

START_TEST(nodes_know_their_place)
{
    struct arena a = { 0 };
    const struct node *root, *rules, *regex;
    struct err err;

    ck_assert(read(&a, STR("lastwords: 1\nrules:\n- id: a.b\n  regex: 'x'\n"), &root, &err));
    ck_assert_uint_eq(root->n, 2);
    rules = node_find(root, STR("rules"));
    regex = node_find(rules->first, STR("regex"));
    ck_assert_uint_eq(regex->line, 4);
    ck_assert_uint_eq(regex->col, 10);
    ck_assert_uint_eq(regex->key_col, 3);
    ck_assert_int_eq(regex->style, STYLE_SINGLE);
    ck_assert_ptr_null(node_find(root, STR("rule")));
    arena_done(&a);
}
END_TEST

static struct str repeated(struct arena *a, const char *what, size_t times)
{
    size_t n = strlen(what);
    char *p = arena_alloc(a, n * times + 1);

    for (size_t i = 0; i < times; i++)
        memcpy(p + i * n, what, n);
    return (struct str){ p, n * times };
}

START_TEST(depth_and_size_have_limits)
{
    struct arena a = { 0 };
    const struct node *root;
    struct str big;
    struct err err;

    ck_assert(read(&a, STR("[[[[[[[[1]]]]]]]]"), &root, &err));
    ck_assert(!read(&a, repeated(&a, "[", 100000), &root, &err));
    ck_assert_int_eq(err.code, FAIL_LIMIT);
    ck_assert(!read(&a, repeated(&a, "- 1\n", LIMIT_YAML_BYTES / 4 + 1), &root, &err));
    ck_assert_int_eq(err.code, FAIL_LIMIT);
    ck_assert(read(&a, repeated(&a, "x", LIMIT_YAML_SCALAR_BYTES), &root, &err));
    ck_assert(!read(&a, repeated(&a, "x", LIMIT_YAML_SCALAR_BYTES + 1), &root, &err));
    ck_assert_int_eq(err.code, FAIL_LIMIT);
    big = (struct str){ 0 };
    for (int i = 0; i <= LIMIT_YAML_KEYS; i++)
        big = arena_printf(&a, "%.*sk%d: 1\n", STR_ARG(big), i);
    ck_assert(!read(&a, big, &root, &err));
    ck_assert_int_eq(err.code, FAIL_LIMIT);
    arena_done(&a);
}
END_TEST

START_TEST(an_empty_document_has_no_root)
{
    struct arena a = { 0 };
    const struct node *root;
    struct err err;

    ck_assert(read(&a, STR(""), &root, &err));
    ck_assert_ptr_null(root);
    ck_assert(read(&a, STR("# only a comment\n"), &root, &err));
    ck_assert_ptr_null(root);
    arena_done(&a);
}
END_TEST

Suite *check_yaml(void)
{
    Suite *s = suite_create("yaml");
    TCase *t = tcase_create("yaml");

    tcase_add_loop_test(t, refuses, 0, (int)(sizeof refused / sizeof refused[0]));
    tcase_add_test(t, scalars_stay_text);
    tcase_add_test(t, a_byte_order_mark_is_skipped);
    tcase_add_test(t, nodes_know_their_place);
    tcase_add_test(t, depth_and_size_have_limits);
    tcase_add_test(t, an_empty_document_has_no_root);
    suite_add_tcase(s, t);
    return s;
}
