/* SPDX-License-Identifier: Apache-2.0 */
/* Packed rules are what their YAML is: nodes and places, digests, rulesets, faults. */
#include "analyzer/engine/digest.h"
#include "analyzer/engine/embedded.h"
#include "analyzer/engine/keys.h"
#include "analyzer/engine/packed.h"
#include "analyzer/engine/ruleset.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define TOP "lastwords: 1\nrules:\n"
#define HEAD TOP "- id: a.b\n  title: T\n  severity: error\n"
#define TESTS "  tests:\n  - match: text\n  - no_match: |\n      other\n"

static const struct node *read_yaml(struct arena *a, struct str yaml)
{
    const struct node *root = NULL;
    struct err err = { 0 };

    ck_assert_msg(yaml_read(a, a, STR("t.yaml"), yaml, &root, &err), "%s", err.text);
    return root;
}

static const struct node *past_tests(const struct node *n, unsigned depth)
{
    while (n && depth == 3 && str_eq(n->key, STR("tests")))
        n = n->next;
    return n;
}

static void assert_same(const struct node *x, const struct node *y, unsigned depth)
{
    const struct node *c = past_tests(x->first, depth + 1), *d = y->first;

    ck_assert_int_eq(x->kind, y->kind);
    ck_assert_int_eq(x->style, y->style);
    ck_assert(x->line == y->line && x->col == y->col);
    ck_assert(x->key_line == y->key_line && x->key_col == y->key_col);
    ck_assert(str_eq(x->key, y->key) && str_eq(x->text, y->text));
    ck_assert(!y->key.n || !y->key.p[y->key.n]);
    for (; c && d; c = past_tests(c->next, depth + 1), d = d->next)
        assert_same(c, d, depth + 1);
    ck_assert(!c && !d);
}

static const struct {
    const char *yaml;
} documents[] = {
    { "a: 1\n" },
    { "{}\n" },
    { "a: []\nb: {}\nc: ''\n" },
    { "a:\n\n\n  - 'x'\n  - \"y\\n\"\n  - |\n    block\n    more\n\n  - [1, {k: v}]\nz: last\n" },
    { HEAD "  match: {literal: text}\n" TESTS "  category: late\n- id: c.d\n" TESTS },
    { "lastwords: 1\nlists:\n  tests: [a]\nrules: []\n" },
    { "a: {b: {c: {d: {tests: x}}}}\ntests: y\n" },
};

START_TEST(nodes_come_back)
{
    struct arena a = { 0 };
    const struct node *root = read_yaml(&a, str_from(documents[_i].yaml));
    struct packed p;

    ck_assert(packed_read(&a, packed_write(&a, root), &p));
    assert_same(root, p.root, 0);
    arena_done(&a);
}
END_TEST

START_TEST(shipped_rules_are_their_yaml)
{
    for (const struct embedded_file *f = embedded_rules; f->name.n; f++) {
        struct arena a = { 0 };
        const struct node *root = read_yaml(&a, f->yaml), *rule;
        unsigned char digest[DIGEST_BYTES];
        struct packed p;

        ck_assert(packed_read(&a, f->packed, &p));
        assert_same(root, p.root, 0);
        ck_assert(str_eq(packed_write(&a, root), f->packed));
        rule = node_find(root, STR("rules"))->first;
        for (size_t i = 0; i < p.n_digests; i++, rule = rule->next) {
            rule_digest(rule, digest);
            ck_assert_mem_eq(digest, p.digests + i * DIGEST_BYTES, DIGEST_BYTES);
        }
        ck_assert_ptr_null(rule);
        arena_done(&a);
    }
}
END_TEST

static struct ruleset *load_shipped(bool packed, const char *more, struct problems *problems)
{
    struct ruleset *rs = ruleset_new();

    for (const struct embedded_file *f = embedded_rules; f->name.n; f++)
        ck_assert(packed ? ruleset_load_packed(rs, f->name, f->packed, problems)
                         : ruleset_load(rs, f->name, f->yaml, problems));
    if (more)
        ruleset_load(rs, STR("more.yaml"), str_from(more), problems);
    ruleset_compile(rs, NULL, problems);
    return rs;
}

static void assert_same_problems(const struct problems *x, const struct problems *y)
{
    ck_assert_uint_eq(x->n, y->n);
    for (size_t i = 0; i < x->n; i++) {
        ck_assert_str_eq(x->p[i].file, y->p[i].file);
        ck_assert_str_eq(x->p[i].text, y->p[i].text);
        ck_assert_uint_eq(x->p[i].line, y->p[i].line);
        ck_assert_uint_eq(x->p[i].col, y->p[i].col);
    }
}

#define SHIPPED_ID "root.panic"
#define OVER(more)                                                                                 \
    TOP "- id: " SHIPPED_ID "\n  title: T\n  severity: info\n  match: {literal: text}\n" more

static const struct {
    const char *more; /* a file behind the shipped ones */
    size_t n_problems;
} overrides[] = {
    { NULL, 0 },
    { OVER(""), 0 },
    { OVER("  explains: [" SHIPPED_ID "]\n"), 1 },
    { OVER("  caused_by: [root.*]\n  explains: [root.*]\n"), 1 },
};

START_TEST(rulesets_are_the_same)
{
    struct arena a = { 0 };
    struct problems of_yaml = { .arena = &a }, of_packed = { .arena = &a };
    struct ruleset *x = load_shipped(false, overrides[_i].more, &of_yaml);
    struct ruleset *y = load_shipped(true, overrides[_i].more, &of_packed);

    ck_assert_uint_eq(of_yaml.n, overrides[_i].n_problems);
    assert_same_problems(&of_yaml, &of_packed);
    ck_assert(str_eq(ruleset_sha256(x), ruleset_sha256(y)));
    ck_assert_uint_eq(ruleset_count(x), ruleset_count(y));
    for (size_t i = 0; i < ruleset_count(x); i++) {
        const struct rule *r = ruleset_at(x, i), *q = ruleset_at(y, i);

        ck_assert(str_eq(r->id, q->id) && str_eq(r->file, q->file) && r->line == q->line);
    }
    ck_assert_uint_eq(x->literals.n, y->literals.n);
    for (size_t i = 0; i < x->literals.n; i++)
        ck_assert(str_eq(x->literals.p[i].text, y->literals.p[i].text) &&
                  x->literal_wordings[i] == y->literal_wordings[i]);
    ruleset_free(x);
    ruleset_free(y);
    arena_done(&a);
}
END_TEST

static const struct {
    const char *yaml;
} faulty[] = {
    { "rules: []\n" },
    { "lastwords: 2\nrules: []\n" },
    { TOP "- x\n" },
    { HEAD },
    { HEAD "  matches: {literal: text}\n" TESTS "  severty: x\n" },
    { HEAD TESTS "  match: {regex: '(?<a>x)(?<a>y)'}\n" },
    { HEAD "  match: {literal: text}\n  diagnosis: 'of ${nobody}'\n" },
    { HEAD "  match: {literal: text}\n- id: a.b\n  title: T\n  severity: info\n"
           "  match: {literal: again}\n" },
};

START_TEST(faults_stand_at_the_same_place)
{
    struct arena a = { 0 };
    struct str yaml = str_from(faulty[_i].yaml);
    struct problems of_yaml = { .arena = &a }, of_packed = { .arena = &a };
    struct ruleset *x = ruleset_new(), *y = ruleset_new();

    ruleset_load(x, STR("t.yaml"), yaml, &of_yaml);
    ruleset_compile(x, NULL, &of_yaml);
    ruleset_load_packed(y, STR("t.yaml"), packed_write(&a, read_yaml(&a, yaml)), &of_packed);
    ruleset_compile(y, NULL, &of_packed);
    ck_assert_uint_gt(of_yaml.n, 0);
    assert_same_problems(&of_yaml, &of_packed);
    ruleset_free(x);
    ruleset_free(y);
    arena_done(&a);
}
END_TEST

/* Cut anywhere it is an error; with a byte changed it is that or other nodes. */
START_TEST(damage_is_survived)
{
    struct arena a = { 0 };
    struct str whole = packed_write(
            &a, read_yaml(&a, STR(HEAD "  match: {any: [{literal: text}, {regex: x}]}\n" TESTS)));
    struct packed p;
    char *bytes;

    for (size_t n = 0; n < whole.n; n++) {
        bytes = malloc(n + 1); /* so that a read behind the end is seen */
        memcpy(bytes, whole.p, n);
        ck_assert(!packed_read(&a, (struct str){ bytes, n }, &p));
        free(bytes);
    }
    bytes = malloc(whole.n);
    for (size_t i = 0; i < whole.n; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(bytes, whole.p, whole.n);
            bytes[i] = (char)(bytes[i] ^ 1 << bit);
            packed_read(&a, (struct str){ bytes, whole.n }, &p);
        }
    }
    free(bytes);
    arena_done(&a);
}
END_TEST

START_TEST(damage_is_said)
{
    struct arena a = { 0 };
    struct problems problems = { .arena = &a };
    struct ruleset *rs = ruleset_new();

    ck_assert(!ruleset_load_packed(rs, STR("t.yaml"), STR("\x01"), &problems));
    ck_assert_uint_eq(problems.n, 1);
    ck_assert_str_eq(problems.p[0].text, "the packed rules are damaged");
    ruleset_free(rs);
    arena_done(&a);
}
END_TEST

#define N(table) (int)(sizeof table / sizeof table[0])

Suite *check_packed(void)
{
    Suite *s = suite_create("packed");
    TCase *t = tcase_create("packed");

    tcase_add_loop_test(t, nodes_come_back, 0, N(documents));
    tcase_add_test(t, shipped_rules_are_their_yaml);
    tcase_add_loop_test(t, rulesets_are_the_same, 0, N(overrides));
    tcase_add_loop_test(t, faults_stand_at_the_same_place, 0, N(faulty));
    tcase_add_test(t, damage_is_survived);
    tcase_add_test(t, damage_is_said);
    suite_add_tcase(s, t);
    return s;
}
