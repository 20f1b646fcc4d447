/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files that are wrong, where the error stands and what it says; lints; overrides; edges. */
#include "tests/unit/engine_rig.h"

#include <stdlib.h>
#include <string.h>

#define TOP "lastwords: 1\nrules:\n"
#define HEAD TOP "- id: a.b\n  title: T\n  severity: error\n"
#define MATCH "  match: {literal: text}\n"

static const struct {
    const char *yaml;
    uint32_t line;
    const char *text;
} wrong[] = {
    { "", 1, "empty file" },
    { "rules: []\n", 1, "starts with 'lastwords: 1'" },
    { "lastwords: 2\nrules: []\n", 1, "reads 'lastwords: 1' only" },
    { "lastwords: 1\n", 1, "needs rules" },
    { "lastwords: 1\nrulez: []\n", 2,
      "unknown key 'rulez' in a rule file (did you mean 'rules'?)" },
    { "lastwords: 1\nrules: x\n", 2, "rules: expected a list" },
    { TOP "- x\n", 3, "must be a mapping" },
    { HEAD, 3, "a rule needs match" },
    { TOP "- id: a.b\n  severity: error\n" MATCH, 3, "a rule needs title" },
    { HEAD "  scope: case\n", 3, "a rule needs match" },
    { HEAD "  where: [{fact: distro, is: photon}]\n", 3, "a rule needs match" },
    { TOP "- id: ab\n  title: T\n  severity: error\n" MATCH, 3, "area.what-happened" },
    { TOP "- id: A.b\n  title: T\n  severity: error\n" MATCH, 3, "area.what-happened" },
    { TOP "- id: a.b\n  title: T\n  severity: critcal\n" MATCH, 5,
      "unknown word 'critcal' (did you mean 'critical'?)" },
    { HEAD MATCH "  confidence: hi\n", 7, "confidence: unknown word 'hi'" },
    { HEAD MATCH "  matches: x\n", 7, "unknown key 'matches' in a rule (did you mean 'match'?)" },
    { HEAD "  match: {regexp: x}\n", 6, "did you mean 'regex'?" },
    { HEAD "  match: {literal: [a]}\n", 6, "literal: expected a text" },
    { HEAD "  match: {literal: ''}\n", 6, "empty literal" },
    { HEAD "  match: {regex: ''}\n", 6, "empty expression" },
    { HEAD "  match: {literal: a, regex: b}\n", 6, "not both" },
    { HEAD "  match: {id: x}\n", 6, "needs one of literal" },
    { HEAD "  match: {unit: sshd.service}\n", 6, "needs one of literal" },
    { HEAD "  match: {any: [{literal: a}], all: [{literal: b}]}\n", 6, "only one of any" },
    { HEAD "  match: {any: []}\n", 6, "the list is empty" },
    { HEAD "  match: {any: [{literal: a}], regex: b}\n", 6, "belongs into the matchers inside" },
    { HEAD "  match: {regex: '(*UTF)a'}\n", 6, "may not start with (*" },
    { HEAD "  match:\n    regex: |\n      one\n      two\n", 7, "a newline in an expression" },
    { HEAD "  match: {regex: '(?<a>x)(?<a>y)'}\n", 6, "two groups are named 'a'" },
    { HEAD "  match: {regex: x, driver: ahci, nocase: yes}\n", 6,
      "nocase: expected true or false" },
    { HEAD "  match: {regex: '(?<device>x)', driver: ahci}\n", 6, "rename the group" },
    { HEAD "  match: {literal: a, format: vmware-lgo}\n", 6, "did you mean 'vmware-log'?" },
    { HEAD "  match: {literal: a, level: '<=9'}\n", 6, "level: expected" },
    { HEAD "  match: {literal: a, level: '<0'}\n", 6, "no level is beyond" },
    { HEAD "  match: {literal: a, origin: kernel}\n", 6,
      "unknown origin 'kernel' (host, firmware, guest-kernel, guest-user)" },
    { HEAD "  match: {literal: a, origin: guest-kernal}\n", 6, "did you mean 'guest-kernel'?" },
    { HEAD "  match: {literal: a, phase: boot}\n", 6, "phase: expected" },
    { HEAD "  match: {literal: a, within: 3}\n", 6, "within: expected a duration" },
    { HEAD "  match: {message_id: xyz}\n", 6, "32 hex digits" },
    { HEAD "  match: {literal: a, first: true, last: true}\n", 6, "either first or last" },
    { HEAD "  match: {block: oops}\n", 6, "block: expected crash" },
    { HEAD "  match: {block: crash, kind: hung-tsak}\n", 6, "no kind of crash 'hung-tsak'" },
    { HEAD "  match: {block: crash, taint: tainted}\n", 6, "expected letters" },
    { HEAD "  match: {block: crash, driver: sd}\n", 6, "'driver' does not go with block: crash" },
    { HEAD "  match: {block: crash, level: err}\n", 6, "'level' does not go with block: crash" },
    { HEAD "  match: {block: crash, module: []}\n", 6, "the list is empty" },
    { HEAD "  match: {block: crash, regex: '(?<title>x)'}\n", 6, "binds ${title} itself" },
    { HEAD "  match: {block: crash, literal: a, regex: b}\n", 6, "either literal or regex" },
    { HEAD "  match: {literal: text, module: x}\n", 6, "'module' goes with block: crash" },
    { HEAD "  match:\n    block: crash\n    any: [{literal: text}]\n", 7,
      "goes into the matchers" },
    { HEAD "  match: {literal: text}\n  catch_all: true\n", 3, "needs a match that is a block" },
    { HEAD "  match: {count: {min: 3}}\n", 6, "count: needs min and of" },
    { HEAD "  match: {count: {min: 3, any: [{literal: a}]}}\n", 6, "unknown key 'any' in count:" },
    { HEAD "  match: {count: {min: 0, of: {literal: a}}}\n", 6, "min: from 1 to" },
    { HEAD "  match: {count: {min: 1.5, of: {literal: a}}}\n", 6, "min: expected a whole number" },
    { HEAD "  match: {count: {min: 2, by: dev, of: {literal: a}}}\n", 6, "'dev' is no capture" },
    { HEAD "  match: {not: {literal: a}}\n", 3, "not: without within needs requires" },
    { HEAD "  match: {not: {not: {literal: a}}}\n", 6, "says nothing" },
    { HEAD "  match: {all: [{literal: a}, {not: {literal: b}}]}\n", 3, "needs requires" },
    { HEAD "  match: {sequence: [{literal: a}, {not: {literal: b}}]}\n", 3, "needs requires" },
    { HEAD "  match: {any: [{literal: a}]}\n  alt: [{literal: b}]\n", 7, "use any:" },
    { HEAD "  match: {regex: '(?<x>a)'}\n  alt: [{literal: b}]\n", 7, "the captures of alt:" },
    { HEAD "  match: {literal: a}\n  alt: [{literal: b, id: x}]\n", 7, "cannot stand in alt:" },
    { HEAD MATCH "  diagnosis: 'it is ${nam}'\n", 7, "no capture, set name or fact" },
    { HEAD "  match: {regex: '(?<name>a)'}\n  diagnosis: '${nam}'\n", 7, "did you mean 'name'?" },
    { HEAD MATCH "  diagnosis: '${kernel.releese}'\n", 7, "did you mean 'kernel.release'?" },
    { HEAD MATCH "  diagnosis: '${oops'\n", 7, "'${' without '}'" },
    { HEAD MATCH "  diagnosis: '${kernel.release | uppercase}'\n", 7, "there is no function" },
    { HEAD "  match: {any: [{regex: '(?<x>a)'}, {literal: b}]}\n  title: '${x}'\n", 7,
      "stands twice" },
    { HEAD "  match: {any: [{regex: '(?<x>a)'}, {literal: b}]}\n  diagnosis: '${x}'\n", 7,
      "bound in some branches only: give it a value in default:" },
    { HEAD "  match: {sequence: [{literal: b}, {not: {regex: '(?<x>a)'}, within: 1s}]}\n"
           "  diagnosis: '${x}'\n",
      7, "no capture" },
    { HEAD MATCH "  where: [{fact: kernel.relese, is: x}]\n", 7, "there is no fact" },
    { HEAD MATCH "  where: [{fact: kernel.release}]\n", 7, "needs one of is" },
    { HEAD MATCH "  where: [{is: x}]\n", 7, "needs one of fact, capture, any" },
    { HEAD MATCH "  where: [{fact: kernel.release, is: x, lt: y}]\n", 7, "one comparison" },
    { HEAD MATCH "  where: [{fact: kernel.release, is: x, as: glob}]\n", 7, "as: expected regex" },
    { HEAD MATCH "  where: [{fact: kernel.release, is: '(', as: regex}]\n", 7,
      "in the expression" },
    { HEAD MATCH "  where: [{fact: kernel.release, is: []}]\n", 7, "no value to compare" },
    { HEAD MATCH "  where: [{fact: kernel.release, is: {list: x}}]\n", 7, "no such list" },
    { HEAD MATCH "  where: [{capture: x, is: y}]\n", 7, "no capture" },
    { HEAD MATCH "  where: [{fact: kernel.release, empty: 1}]\n", 7, "expected true or false" },
    { HEAD MATCH "  set: {x: 'first(disks.names where a)'}\n", 7, "no capture, set name or fact" },
    { HEAD MATCH "  set: {x: 'frist(disks.names)'}\n", 7, "did you mean 'first'?" },
    { HEAD MATCH "  set: {x: 'first()'}\n", 7, "takes 1 to 1" },
    { HEAD MATCH "  set: {x: 'first(disks.names'}\n", 7, "expected FUNC" },
    { HEAD MATCH "  set: {x.y: 'first(disks.names)'}\n", 7, "a name is made of" },
    { HEAD MATCH "  set: {x: {first: disks.names, last: disks.names}}\n", 7, "only one of first" },
    { HEAD MATCH "  set: {x: 'first(y)', y: 'first(disks.names)'}\n", 7, "'${y}' is no capture" },
    { HEAD MATCH "  requires: boot.tail\n", 7, "requires: there is no fact" },
    { HEAD MATCH "  requires: kernel.release\n", 7, "is not true or false" },
    { HEAD MATCH "  where: [{fact: root.mounted, is: yes}]\n", 7, "is true or false, never 'yes'" },
    { HEAD MATCH "  where: [{fact: root.mounted, lacks: a}]\n", 7, "is true or false" },
    { HEAD MATCH "  where: [{fact: cpu.count, is: many}]\n", 7, "'many' is no number" },
    { HEAD MATCH "  where: [{fact: kernel.version, lt: new}]\n", 7, "no number and no version" },
    { HEAD MATCH "  applies_to: {kernel: new}\n", 7, "kernel: expected such as" },
    { HEAD MATCH "  applies_to: {kernal: '5'}\n", 7, "did you mean 'kernel'?" },
    { HEAD MATCH "  scope: file\n", 7, "scope: expected boot or case" },
    { HEAD MATCH "  per: dev\n", 7, "'${dev}' is no capture" },
    { HEAD MATCH "  tests: [{why: x}]\n", 7, "needs one of match, no_match, input" },
    { HEAD MATCH "  tests: [{no_match: x, expect: {a: b}}]\n", 7, "expect: goes with" },
    { HEAD MATCH "  tests: [{match: x, facts: {kernel.relase: b}}]\n", 7, "there is no fact" },
    { HEAD MATCH "  explains: [a.b]\n", 3, "'a.b' names itself" },
    { HEAD MATCH "- id: a.b\n  title: T\n  severity: info\n" MATCH, 7,
      "stands twice: here and on line 3" },
    { HEAD MATCH "  explains: a.c\n- id: a.c\n  title: T\n  severity: info\n" MATCH
                 "  explains: ['a.*']\n",
      3, "'a.b' and 'a.c' go in a circle" },
    { HEAD MATCH "  caused_by: a.c\n- id: a.c\n  title: T\n  severity: info\n" MATCH
                 "  caused_by: a.b\n",
      3, "in a circle" },
    { HEAD MATCH "  remediation: [{do: x, if: y}]\n", 7, "unknown key 'if' in" },
    { HEAD MATCH "  remediation: [{when: [{fact: distro, is: x}]}]\n", 7, "needs when and do" },
};

static bool has_problem(const struct rig *r, uint32_t line, const char *text)
{
    for (size_t i = 0; i < r->problems.n; i++) {
        if (r->problems.p[i].line == line && strstr(r->problems.p[i].text, text))
            return true;
    }
    return false;
}

START_TEST(says_what_is_wrong)
{
    struct rig r;
    const struct err *first;

    ck_assert_msg(!rig_load(&r, wrong[_i].yaml), "loads");
    first = r.problems.n ? &r.problems.p[0] : &(struct err){ .text = "nothing" };
    ck_assert_msg(has_problem(&r, wrong[_i].line, wrong[_i].text), "row %d: %u: %s", _i,
                  (unsigned)first->line, first->text);
    ck_assert_str_eq(first->file, "t.yaml");
    ruleset_free(r.rs);
    arena_done(&r.arena);
}
END_TEST

START_TEST(all_faults_are_told_and_good_rules_stay)
{
    struct rig r;

    ck_assert(!rig_load(&r,
                        TOP "- {id: a.a, title: T, severity: error, match: {literal: text}}\n"
                            "- {id: a.b, title: T, severity: bad, match: {literal: text}}\n"
                            "- {id: a.c, titel: T, severity: error, match: {literal: text}}\n"
                            "- {id: a.d, title: T, severity: error, match: {literal: text}}\n"));
    ck_assert(has_problem(&r, 4, "unknown word 'bad'"));
    ck_assert(has_problem(&r, 5, "did you mean 'title'?"));
    ck_assert_uint_eq(ruleset_count(r.rs), 2);
    ck_assert_ptr_nonnull(ruleset_find(r.rs, STR("a.a")));
    ck_assert_ptr_nonnull(ruleset_find(r.rs, STR("a.d")));
    ck_assert_ptr_null(ruleset_find(r.rs, STR("a.b")));
    ruleset_free(r.rs);
    arena_done(&r.arena);
}
END_TEST

START_TEST(problems_are_bounded)
{
    struct arena a = { 0 };
    struct str yaml = STR(TOP);
    struct rig r;

    for (int i = 0; i < 3 * LIMIT_PROBLEMS; i++)
        yaml = arena_printf(&a, "%.*s- {x%d: 1}\n", STR_ARG(yaml), i);
    ck_assert(!rig_load(&r, yaml.p));
    ck_assert_uint_eq(r.problems.n, LIMIT_PROBLEMS);
    ruleset_free(r.rs);
    arena_done(&r.arena);
    arena_done(&a);
}
END_TEST

static const struct {
    const char *yaml, *text; /* NULL: no lint */
} doubtful[] = {
    { HEAD "  match: {regex: 'plainly quoted'}\n", NULL },
    { HEAD "  match: {regex: \"double quoted\"}\n", "double-quoted" },
    { HEAD "  match: {regex: not quoted}\n", "unquoted" },
    { HEAD "  match:\n    regex: |\n      block text\n", NULL },
    { HEAD "  match: {regex: '.*some text'}\n", "leading .*" },
    { HEAD "  match: {regex: 'text (?:a+)++ more'}\n", NULL },
    { HEAD "  match: {regex: 'text (?>a+)+ more'}\n", NULL },
    { HEAD "  match: {regex: 'fixed text [(+)]+ \\(a+\\)+ more'}\n", NULL },
    { HEAD "  match: {regex: '\\d+ \\w+'}\n", "no fixed text" },
    { HEAD "  match: {literal: abc}\n", "no fixed text" },
    { HEAD "  match:\n    regex: |\n      (?x) fixed \\s\n      text of four\n", "no fixed text" },
    { HEAD "  match: {literal: text}\n  explains: a.zzz\n", "explains names no rule: 'a.zzz'" },
    { HEAD "  match: {block: crash}\n", NULL },
    { HEAD "  match: {literal: text}\n  default: {x: '${y}'}\n", "no templates" },
    { HEAD "  match: {literal: text}\n  default: {x: 'y'}\n", NULL },
};

static const struct {
    const char *regex, *text; /* NULL: none */
} refused[] = {
    { "plain text", NULL },
    { "text (unclosed", "at 15 of the expression: bad regular expression: missing closing" },
    { "text (?<=a+)b", "not fixed length" },
    { "text \\C", "\\C is disabled" },
    { "text (a+)+ more", "repetition of a repetition" },
    { "text (?:a|b{2,})* more", "repetition of a repetition" },
    { "text (?:a+)++ more", NULL },
};

/* Told by `rules check` as faults, not as hints. */
START_TEST(expressions_are_checked)
{
    struct rig r;
    struct arena a = { 0 };

    ck_assert(rig_load(&r, arena_printf(&a, HEAD "  match: {regex: '%s'}\n", refused[_i].regex).p));
    ck_assert(ruleset_check(r.rs, &r.problems) == (refused[_i].text == NULL));
    ck_assert_uint_eq(r.problems.n, refused[_i].text != NULL);
    if (refused[_i].text)
        ck_assert_msg(strstr(r.problems.p[0].text, refused[_i].text) != NULL, "%s",
                      r.problems.p[0].text);
    ruleset_free(r.rs);
    arena_done(&r.arena);
    arena_done(&a);
}
END_TEST

START_TEST(lints)
{
    struct rig r;
    bool found;

    ck_assert(rig_load(&r, doubtful[_i].yaml));
    ck_assert(!ruleset_lint(r.rs, &r.problems)); /* these rules have no tests, at least */
    found = doubtful[_i].text == NULL;
    for (size_t i = 0; i < r.problems.n; i++) {
        bool about_the_rest =
                strstr(r.problems.p[i].text, ": no ") && !strstr(r.problems.p[i].text, "fixed");

        if (doubtful[_i].text)
            found |= strstr(r.problems.p[i].text, doubtful[_i].text) != NULL;
        else
            ck_assert_msg(about_the_rest, "row %d: %s", _i, r.problems.p[i].text);
    }
    ck_assert_msg(found, "row %d", _i);
    ruleset_free(r.rs);
    arena_done(&r.arena);
}
END_TEST

START_TEST(a_later_file_overrides)
{
    struct rig r;
    const struct rule *rule;
    struct str before;

    ck_assert(rig_load(&r, HEAD MATCH));
    before = arena_str(&r.arena, ruleset_sha256(r.rs));
    ck_assert_uint_eq(before.n, 64);
    ruleset_free(r.rs);
    r.rs = ruleset_new();
    ck_assert(ruleset_load(r.rs, STR("t.yaml"), STR(HEAD MATCH), &r.problems));
    ck_assert(ruleset_load(r.rs, STR("mine.yaml"),
                           STR(TOP "- {id: a.b, title: Mine, severity: info, match: {literal: "
                                   "mine}}\n"),
                           &r.problems));
    ck_assert(ruleset_compile(r.rs, NULL, &r.problems));
    ck_assert_uint_eq(ruleset_count(r.rs), 1);
    rule = ruleset_find(r.rs, STR("a.b"));
    ck_assert(str_eq(rule->title, STR("Mine")));
    ck_assert(str_eq(rule->file, STR("mine.yaml")));
    ck_assert(!str_eq(before, ruleset_sha256(r.rs)));
    ruleset_free(r.rs);
    arena_done(&r.arena);
}
END_TEST

/* Layout, quotes and order of files do not change what the rules are. */
START_TEST(sha256_is_of_the_rules)
{
    struct rig a, b;

    ck_assert(rig_load(&a, HEAD MATCH "- {id: a.a, title: T, severity: info, match: {literal: "
                                      "xxxx}}\n"));
    ck_assert(rig_load(&b,
                       "# a comment\n" TOP
                       "- {id: 'a.a', title: \"T\", severity: info, match: {literal: xxxx}}\n"
                       "- id: a.b\n  title: T\n  severity: error\n  match:\n    literal: text\n"));
    ck_assert(str_eq(ruleset_sha256(a.rs), ruleset_sha256(b.rs)));
    ruleset_free(a.rs);
    ruleset_free(b.rs);
    arena_done(&a.arena);
    arena_done(&b.arena);
}
END_TEST

/* What a glob of causes names are failures; a note must be named itself. */
START_TEST(a_glob_of_causes_means_no_note)
{
    struct rig r;

    ck_assert(rig_load(&r, TOP "- {id: a.note, title: T, severity: info, match: {literal: text}}\n"
                               "- {id: a.bad, title: T, severity: error, match: {literal: text}}\n"
                               "- {id: b.glob, title: T, severity: error, match: {literal: text}, "
                               "caused_by: ['a.*']}\n"
                               "- {id: c.name, title: T, severity: error, match: {literal: text}, "
                               "caused_by: [a.note]}\n"));
    ck_assert(rule_explains(r.rs, ruleset_find(r.rs, STR("a.bad")),
                            ruleset_find(r.rs, STR("b.glob"))));
    ck_assert(!rule_explains(r.rs, ruleset_find(r.rs, STR("a.note")),
                             ruleset_find(r.rs, STR("b.glob"))));
    ck_assert(rule_explains(r.rs, ruleset_find(r.rs, STR("a.note")),
                            ruleset_find(r.rs, STR("c.name"))));
    ruleset_free(r.rs);
    arena_done(&r.arena);
}
END_TEST

START_TEST(edges_are_transitive_and_know_globs)
{
    struct rig r;
    const struct rule *a, *b, *c, *d;

    ck_assert(rig_load(&r,
                       TOP "- {id: a.cause, title: T, severity: error, match: {literal: text}, "
                           "explains: ['b.*'], supersedes: [c.end]}\n"
                           "- {id: b.middle, title: T, severity: error, match: {literal: text}}\n"
                           "- {id: c.end, title: T, severity: error, match: {literal: text}, "
                           "caused_by: [b.middle]}\n"
                           "- {id: d.other, title: T, severity: error, match: {literal: text}, "
                           "suppress_if: ['?.cause']}\n"));
    a = ruleset_find(r.rs, STR("a.cause"));
    b = ruleset_find(r.rs, STR("b.middle"));
    c = ruleset_find(r.rs, STR("c.end"));
    d = ruleset_find(r.rs, STR("d.other"));
    ck_assert(rule_explains(r.rs, a, b) && rule_explains(r.rs, b, c) && rule_explains(r.rs, a, c));
    ck_assert(!rule_explains(r.rs, b, a) && !rule_explains(r.rs, a, d));
    ck_assert(rule_supersedes(r.rs, a, c) && !rule_supersedes(r.rs, a, b));
    ck_assert(rule_suppressed_by(r.rs, d, a) && !rule_suppressed_by(r.rs, a, d));
    ruleset_free(r.rs);
    arena_done(&r.arena);
}
END_TEST

Suite *check_load(void)
{
    Suite *s = suite_create("load");
    TCase *t = tcase_create("load");

    tcase_add_loop_test(t, says_what_is_wrong, 0, (int)(sizeof wrong / sizeof wrong[0]));
    tcase_add_loop_test(t, expressions_are_checked, 0, (int)(sizeof refused / sizeof refused[0]));
    tcase_add_loop_test(t, lints, 0, (int)(sizeof doubtful / sizeof doubtful[0]));
    tcase_add_test(t, all_faults_are_told_and_good_rules_stay);
    tcase_add_test(t, problems_are_bounded);
    tcase_add_test(t, a_later_file_overrides);
    tcase_add_test(t, sha256_is_of_the_rules);
    tcase_add_test(t, a_glob_of_causes_means_no_note);
    tcase_add_test(t, edges_are_transitive_and_know_globs);
    suite_add_tcase(s, t);
    return s;
}
