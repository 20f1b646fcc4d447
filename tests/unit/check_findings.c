/* SPDX-License-Identifier: Apache-2.0 */
/* What a finding holds once its condition does: names, evidence, numbers, scope, and what floods
 * cost. */
#include "tests/unit/engine_rig.h"

#include <stdio.h>

START_TEST(names_are_bound)
{
    struct rig r;
    const struct finding *f;

    rig_start(&r,
              RULES RULE("a.b",
                         "  match:\n    all:\n    - {id: one, regex: 'aaaa (?<x>\\d)'}\n"
                         "    - {id: two, regex: 'bbbb (?<x>\\d)( (?<y>\\w))?'}\n"
                         "  default: {y: nothing}\n"
                         "  set: {both: 'join(two.x)', text: \"join(x, 'z')\", seven: 'kib(7)'}"));
    rig_add_lines(&r, "1 aaaa 1\n2 bbbb 2");
    ck_assert_uint_eq(rig_correlate(&r), 1);
    f = rig_find(&r, "a.b");
    ck_assert_str_eq(rig_value(&r, f, "x"), "1");
    ck_assert_str_eq(rig_value(&r, f, "one.x"), "1");
    ck_assert_str_eq(rig_value(&r, f, "two.x"), "2");
    ck_assert_str_eq(rig_value(&r, f, "y"), "nothing");
    ck_assert_str_eq(rig_value(&r, f, "both"), "2");
    ck_assert_str_eq(rig_value(&r, f, "seven"), "7.0 KiB");
    ck_assert_str_eq(rig_value(&r, f, "boot.tail_complete"), "true");
    rig_stop(&r);
}
END_TEST

START_TEST(evidence_is_in_order_without_doubles)
{
    struct rig r;
    const struct finding *f;

    rig_start(&r, RULES RULE("a.b", "  match: {all: [{literal: cccc}, {literal: aaaa}, {literal: "
                                    "both}, {regex: 'bot.? bbbb'}]}"));
    rig_add_lines(&r, "9 aaaa\n5 both bbbb\n7 cccc");
    ck_assert_uint_eq(rig_correlate(&r), 1);
    f = rig_find(&r, "a.b");
    ck_assert_uint_eq(f->evidence.n, 3);
    ck_assert(str_eq(f->evidence.p[0]->text, STR("both bbbb")));
    ck_assert(str_eq(f->evidence.p[1]->text, STR("cccc")));
    ck_assert(str_eq(f->evidence.p[2]->text, STR("aaaa")));
    rig_stop(&r);
}
END_TEST

START_TEST(count_shows_some_and_tells_all)
{
    struct rig r;
    const struct finding *f;
    char text[32];

    rig_start(&r, RULES RULE("a.b", "  match: {count: {min: 3, of: {regex: 'aaaa (?<n>\\d+)'}}}"));
    for (int i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "aaaa %d", i);
        rig_add(&r, text, i);
    }
    ck_assert_uint_eq(rig_correlate(&r), 1);
    f = rig_find(&r, "a.b");
    ck_assert_uint_eq(f->evidence.n, 8);
    ck_assert_uint_eq(f->evidence.p[0]->line, 1);
    ck_assert_uint_eq(f->evidence.p[7]->line, 5000);
    ck_assert_str_eq(rig_value(&r, f, "count"), "5000");
    ck_assert_str_eq(rig_value(&r, f, "n"), "0");
    rig_stop(&r);
}
END_TEST

START_TEST(per_gives_one_finding_for_each_value)
{
    struct rig r;
    char text[32];

    rig_start(&r, RULES RULE("a.b", "  per: unit\n  match: {regex: 'aaaa (?<unit>\\w+)'}"));
    rig_add_lines(&r, "1 aaaa ssh\n2 aaaa cron\n3 aaaa ssh");
    ck_assert_uint_eq(rig_correlate(&r), 2);
    ck_assert_str_eq(rig_value(&r, &r.found.p[0], "unit"), "ssh");
    ck_assert_str_eq(rig_value(&r, &r.found.p[1], "unit"), "cron");
    for (int i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "aaaa u%d", i);
        rig_add(&r, text, 10 + i);
    }
    ck_assert_uint_eq(rig_correlate(&r), LIMIT_FINDINGS_PER_RULE);
    rig_stop(&r);
}
END_TEST

/* Host and guest in one order by the boot's aligned clock, and only where it is known. */
START_TEST(clocks_are_aligned_or_unknown)
{
    struct rig r;
    struct record host = rig_record("host event", -1);

    rig_start(&r, RULES RULE("a.b", "  match: {sequence: [{literal: aaaa}, {literal: host event, "
                                    "origin: host, within: 2s}]}"));
    rig_add(&r, "aaaa", 1000);
    host.origin = ORIGIN_HOST;
    host.wall_us = host.host_wall_us = 1700000002500000;
    host.input = 1;
    rig_add_record(&r, host, "vmware-log");
    ck_assert_uint_eq(rig_correlate(&r), 0);
    r.boot.wall_offset_us = 1700000000000000;
    ck_assert_uint_eq(rig_correlate(&r), 1);
    r.boot.wall_error_us = 600000; /* 1.5 s, give or take 0.6: not known to be within 2 s */
    ck_assert_uint_eq(rig_correlate(&r), 0);
    r.boot.wall_error_us = 0;
    r.boot.wall_flags = RECORD_WALL_NO_ZONE; /* of another zone, perhaps */
    ck_assert_uint_eq(rig_correlate(&r), 0);
    rig_stop(&r);
}
END_TEST

START_TEST(scope_case_sees_all_boots)
{
    struct rig r, other;
    struct case_part parts[2];
    struct findings found = { 0 };
    static const char yaml[] =
            RULES RULE("a.b", "  scope: case\n  match: {count: {min: 2, of: {literal: aaaa}}}");

    rig_start(&r, yaml);
    rig_add(&r, "aaaa", 1);
    rig_start(&other, yaml);
    other.hits = hits_new(r.rs, &other.boot.arena);
    ck_assert_uint_eq(rig_correlate(&r), 0);
    parts[0] = (struct case_part){ &r.boot, r.hits };
    parts[1] = (struct case_part){ &other.boot, other.hits };
    correlate_case(r.rs, parts, 2, NULL, &r.arena, &found);
    ck_assert_uint_eq(found.n, 0);
    {
        struct matching *m = matching_new(r.rs);
        const struct record *kept;
        struct record rec = rig_record("aaaa", 3);

        rec.input = 1;
        ck_assert_uint_eq(match_record(m, other.hits, &rec, STR("dmesg"), &kept), 1);
        matching_free(m);
    }
    correlate_case(r.rs, parts, 2, NULL, &r.arena, &found);
    ck_assert_uint_eq(found.n, 1);
    ck_assert_ptr_null(found.p[0].boot);
    ck_assert_uint_eq(found.p[0].evidence.n, 2);
    rig_stop(&r);
    rig_stop(&other);
}
END_TEST

START_TEST(steps_have_conditions)
{
    struct rig r;
    const struct finding *f;

    rig_start(&r, RULES RULE("a.b", "  match: {regex: 'aaaa (?<x>\\d)'}\n  remediation:\n"
                                    "  - first\n"
                                    "  - {when: [{capture: x, is: 1}], do: 'one ${x}'}\n"
                                    "  - {when: [{fact: root.mounted, is: true}], do: two}"));
    rig_add(&r, "aaaa 1", 1);
    rig_correlate(&r);
    f = rig_find(&r, "a.b");
    ck_assert(finding_wants_step(f, &f->rule->remediation.p[0], &r.arena));
    ck_assert(finding_wants_step(f, &f->rule->remediation.p[1], &r.arena));
    ck_assert(!finding_wants_step(f, &f->rule->remediation.p[2], &r.arena));
    rig_stop(&r);
}
END_TEST

static struct strs rig_explain(struct rig *r)
{
    struct case_part part = { &r->boot, r->hits };

    return finding_explain(r->rs, ruleset_at(r->rs, 0),
                           &(struct explain_scope){ .boot = &r->boot,
                                                    .parts = &part,
                                                    .n_parts = 1,
                                                    .facts = &r->facts,
                                                    .matching = r->matching },
                           &r->arena);
}

/* What is said of one rule that does not fire; records as "ms text" lines as above. */
static const struct {
    const char *rest, *records, *said;
} unfired[] = {
    { "match: {sequence: [{literal: aaaa}, {literal: bbbb, within: 10s}]}", "1 aaaa\n25001 bbbb",
      "line 2 is 25.0 s after line 1, within asks for 10.0 s" },
    { "match: {sequence: [{literal: aaaa}, {literal: bbbb}]}", "1 bbbb\n2 aaaa",
      "line 1 does not come after line 2" },
    { "match: {sequence: [{literal: aaaa}, {literal: bbbb}], within: 10s}", "1 aaaa\n25001 bbbb",
      "never all of them within 10.0 s" },
    { "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "1 aaaa\n2 bbbb\n5000 cccc", "what must not be there" },
    { "match: {all: [{literal: aaaa}, {literal: bbbb}], within: 1s}", "1 aaaa\n5000 bbbb",
      "never all of them within 1.0 s" },
    { "match: {count: {min: 4, within: 1s, of: {literal: aaaa}}}",
      "1 aaaa\n500 aaaa\n5000 aaaa\n9000 aaaa", "at most 2 within 1.0 s, 4 are asked for" },
    { "match: {count: {min: 3, by: n, of: {regex: 'aaaa (?<n>\\d)'}}}",
      "1 aaaa 1\n2 aaaa 2\n3 aaaa 1", "at most 2 for one n, 3 are asked for" },
    { "match: {literal: aaaa, origin: host}", "1 aaaa",
      "line 1: the text is there, but origin does not fit: it is guest-kernel" },
    { "match: {regex: '^aaaa', ident: frobd}", "1 other[7]: aaaa",
      "line 1: the text is there, but ident does not fit" },
    { "match: {regex: '^aaaa', driver: frob}", "1 blob 0000:00:01.0: aaaa",
      "line 1: the text is there, but driver does not fit" },
    { "match: {literal: aaaa, format: vmware-log}", "1 aaaa", "but format does not fit" },
    { "match: {literal: aaaa, phase: system}", "1 aaaa", "not in the phase asked for" },
    { "match: {literal: aaaa}", "1 bbbb", "it does not fire" },
};

START_TEST(explains_what_nearly_matched)
{
    struct rig r;
    struct strs lines;
    struct str all = { 0 };
    struct str yaml = { 0 }, records = str_from(unfired[_i].records), line;
    struct arena a = { 0 };

    yaml = arena_printf(&a, RULES RULE("a.b", "  %s"), unfired[_i].rest);
    rig_start(&r, yaml.p);
    ck_assert(matching_watch(r.matching, STR("a.b")));
    while (records.n && str_take_line(&records, &line)) {
        uint64_t ms;

        ck_assert(str_take_u64(&line, &ms) && str_take_char(&line, ' '));
        rig_add(&r, arena_str(&a, line).p, (int64_t)ms);
    }
    lines = rig_explain(&r);
    for (size_t k = 0; k < lines.n; k++)
        all = arena_printf(&a, "%.*s%.*s\n", STR_ARG(all), STR_ARG(lines.p[k]));
    ck_assert_msg(str_find(all, str_from(unfired[_i].said)) != STR_NOT_FOUND, "%.*s", STR_ARG(all));
    rig_stop(&r);
    arena_done(&a);
}
END_TEST

START_TEST(explains_why_not)
{
    static const char *const wanted[] = { "bbbb: no record", "where root.mounted (line 8): unknown",
                                          "requires boot.tail_complete: unknown",
                                          "(?<x>aaaa): 1 record, the first on line 1", "x = aaaa" };
    struct rig r;
    struct strs lines;

    rig_start(&r, RULES RULE("a.b", "  match: {any: [{regex: '(?<x>aaaa)'}, {literal: bbbb}]}\n"
                                    "  default: {x: 0}\n  where: [{fact: root.mounted, is: true}]\n"
                                    "  requires: boot.tail_complete"));
    r.boot.tail_complete = TRI_UNKNOWN;
    rig_add(&r, "aaaa", 1);
    lines = rig_explain(&r);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        bool found = false;

        for (size_t k = 0; k < lines.n; k++)
            found |= str_find(lines.p[k], str_from(wanted[i])) != STR_NOT_FOUND;
        ck_assert_msg(found, "%s", wanted[i]);
    }
    rig_stop(&r);
}
END_TEST

/* Thousands of hits for each of several steps: bounded work, and an answer. */
START_TEST(floods_are_correlated_in_bounded_time)
{
    struct rig r;

    rig_start(&r, RULES RULE("a.a", "  match: {all: [{literal: aaaa}, {literal: bbbb}, {literal: "
                                    "cccc}], within: 1ms}\n  where: [{fact: distro, is: none}]")
                          RULE("a.b", "  match: {sequence: [{literal: aaaa}, {literal: bbbb}, "
                                      "{literal: cccc}, {literal: dddd}]}")
                                  RULE("a.c", "  match: {all: [{literal: aaaa}, {literal: bbbb}, "
                                              "{literal: cccc}]}\n"
                                              "  where: [{fact: distro, is: none}]"));
    for (int i = 0; i < 3000; i++) {
        rig_add(&r, "aaaa", 3 * i);
        rig_add(&r, "bbbb", 3 * i + 1);
        rig_add(&r, "cccc", 3 * i + 2);
    }
    ck_assert_uint_eq(rig_correlate(&r), 0);
    rig_stop(&r);
}
END_TEST

/* What must not stand between two steps stands between nearly all of a thousand of each. */
START_TEST(floods_with_absence_are_correlated_in_bounded_time)
{
    static const char rules[] =
            RULES RULE("a.a", "  match: {sequence: [{literal: aaaa}, {not: {any: [{literal: bbbb},"
                              " {literal: dddd}]}}, {literal: cccc}]}");
    enum { ROUNDS = 1000 };

    for (int open = 0; open < 2; open++) {
        struct rig r;

        rig_start(&r, rules);
        for (int i = 0; i < ROUNDS; i++) {
            rig_add(&r, "aaaa", 4 * i);
            rig_add(&r, i % 2 ? "bbbb" : "dddd", 4 * i + 1);
            rig_add(&r, "cccc", 4 * i + 2);
        }
        if (open) {
            rig_add(&r, "aaaa", 4 * ROUNDS);
            rig_add(&r, "cccc", 4 * ROUNDS + 2);
        }
        ck_assert_uint_eq(rig_correlate(&r), (unsigned)open);
        rig_stop(&r);
    }
}
END_TEST

Suite *check_findings(void)
{
    Suite *s = suite_create("findings");
    TCase *t = tcase_create("findings");

    tcase_add_test(t, names_are_bound);
    tcase_add_test(t, evidence_is_in_order_without_doubles);
    tcase_add_test(t, count_shows_some_and_tells_all);
    tcase_add_test(t, per_gives_one_finding_for_each_value);
    tcase_add_test(t, clocks_are_aligned_or_unknown);
    tcase_add_test(t, scope_case_sees_all_boots);
    tcase_add_test(t, steps_have_conditions);
    tcase_add_test(t, explains_why_not);
    tcase_add_loop_test(t, explains_what_nearly_matched, 0,
                        (int)(sizeof unfired / sizeof unfired[0]));
    tcase_add_test(t, floods_are_correlated_in_bounded_time);
    tcase_add_test(t, floods_with_absence_are_correlated_in_bounded_time);
    suite_add_tcase(s, t);
    return s;
}
