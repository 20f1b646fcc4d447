/* SPDX-License-Identifier: Apache-2.0 */
/* From hits and facts to findings: every form of matcher and condition, and the three values. */
#include "tests/unit/engine_rig.h"

#include <stdio.h>

static const char eight_lines[] =
        "lastwords: 1\n"
        "rules:\n"
        "- id: root.wrong-device\n"
        "  title: The root device does not exist\n"
        "  severity: fatal\n"
        "  match:\n"
        "    regex: 'VFS: Cannot open root device \"(?<root>[^\"]*)\" or (?<block>\\S+): error "
        "(?<errno>-?\\d+)'\n"
        "  diagnosis: 'root= names \"${root}\", which this kernel cannot open (${errno | "
        "errno}).'\n"
        "  remediation:\n"
        "  - 'Compare with the disks the kernel saw: ${disks.partitions.name | join}'\n";

START_TEST(eight_line_rule_fires)
{
    struct rig r;
    const struct finding *f;

    rig_start(&r, eight_lines);
    rig_add(&r, "VFS: Cannot open root device \"sdc1\" or unknown-block(0,0): error -6", 1125);
    rig_add(&r, "something else", 1126);
    ck_assert_uint_eq(rig_correlate(&r), 1);
    f = rig_find(&r, "root.wrong-device");
    ck_assert_str_eq(rig_fill(&r, &f->rule->diagnosis, f),
                     "root= names \"sdc1\", which this kernel cannot open (ENXIO: no such device "
                     "or address).");
    ck_assert_str_eq(rig_fill(&r, &f->rule->remediation.p[0].text, f),
                     "Compare with the disks the kernel saw: (not in the log)");
    ck_assert_uint_eq(f->evidence.n, 1);
    ck_assert_uint_eq(f->evidence.p[0]->line, 1);
    ck_assert(f->certain);
    rig_stop(&r);
}
END_TEST

enum knob { TORN_TAIL = 1, GAPS = 2, NO_USER = 4, TORN_HEAD = 8, THROTTLED = 16, DROPPED = 32 };

/*
 * A rule's `match:` and what else it says; records as "ms text" lines ('h' before it: of the host,
 * 'u': of the guest's user space, '-' instead of ms: without a stamp).
 */
static const struct {
    const char *name, *rest, *records;
    unsigned knobs;
    bool fires;
} rows[] = {
    { "any: one", "match: {any: [{literal: aaaa}, {literal: bbbb}]}", "1 bbbb", 0, true },
    { "any: none", "match: {any: [{literal: aaaa}, {literal: bbbb}]}", "1 cccc", 0, false },
    { "all: both", "match: {all: [{literal: aaaa}, {literal: bbbb}]}", "1 bbbb\n2 aaaa", 0, true },
    { "all: one", "match: {all: [{literal: aaaa}, {literal: bbbb}]}", "1 bbbb\n2 bbbb", 0, false },
    { "all within", "match: {all: [{literal: aaaa}, {literal: bbbb}], within: 1s}",
      "0 aaaa\n9000 aaaa\n5000 bbbb\n9500 bbbb", 0, true },
    { "all not within", "match: {all: [{literal: aaaa}, {literal: bbbb}], within: 1s}",
      "0 aaaa\n5000 bbbb", 0, false },
    { "all within, no stamps", "match: {all: [{literal: aaaa}, {literal: bbbb}], within: 1s}",
      "- aaaa\n- bbbb", 0, false },
    { "alt", "match: {regex: '^old (?<n>\\d+)'}\n  alt: [{regex: '^new (?<n>\\d+)'}]", "1 new 4", 0,
      true },

    { "sequence", "match: {sequence: [{literal: aaaa}, {literal: bbbb}]}", "1 aaaa\n2 bbbb", 0,
      true },
    { "sequence: wrong order", "match: {sequence: [{literal: aaaa}, {literal: bbbb}]}",
      "1 bbbb\n2 aaaa", 0, false },
    { "sequence: one record is not two", "match: {sequence: [{literal: aaaa}, {literal: bbbb}]}",
      "1 aaaa bbbb", 0, false },
    { "sequence: order of arrival without stamps",
      "match: {sequence: [{literal: aaaa}, {literal: bbbb}]}", "- aaaa\n- bbbb", 0, true },
    { "sequence: time beats arrival", "match: {sequence: [{literal: aaaa}, {literal: bbbb}]}",
      "5 bbbb\n3 aaaa", 0, true },
    { "sequence: same stamp, order of arrival",
      "match: {sequence: [{literal: aaaa}, {literal: bbbb}]}", "5 aaaa\n5 bbbb", 0, true },
    { "sequence: step within", "match: {sequence: [{literal: aaaa}, {literal: bbbb, within: 1s}]}",
      "0 aaaa\n5000 aaaa\n5500 bbbb", 0, true },
    { "sequence: step not within",
      "match: {sequence: [{literal: aaaa}, {literal: bbbb, within: 1s}]}", "0 aaaa\n5500 bbbb", 0,
      false },
    { "sequence: all within",
      "match: {sequence: [{literal: aaaa}, {literal: bbbb}, {literal: cccc}], within: 2s}",
      "0 aaaa\n1000 bbbb\n3000 cccc", 0, false },
    { "sequence: a later middle step",
      "match: {sequence: [{literal: aaaa}, {literal: bbbb, within: 9s}, {literal: cccc, within: "
      "1s}]}",
      "0 aaaa\n1000 bbbb\n5000 bbbb\n5500 cccc", 0, true },

    { "not: in time and seen",
      "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "0 aaaa\n2000 cccc", 0, true },
    { "not: it came", "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "0 aaaa\n500 bbbb\n2000 cccc", 0, false },
    { "not: it came too late",
      "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "0 aaaa\n1500 bbbb", 0, true },
    { "not: it came before",
      "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "0 bbbb\n5 aaaa\n2000 cccc", 0, true },
    { "not: the log ends earlier",
      "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "0 aaaa\n500 cccc", TORN_TAIL, false },
    { "not: the log ends, and is complete",
      "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "0 aaaa\n500 cccc", 0, true },
    { "not: gaps", "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "0 aaaa\n2000 cccc", GAPS, false },
    { "not: throttled", "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "0 aaaa\n2000 cccc", THROTTLED, false },
    { "not: dropped", "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "0 aaaa\n2000 cccc", DROPPED, false },
    { "not: user space is not heard here",
      "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb, origin: guest-user}, within: "
      "1s}]}",
      "0 aaaa\n2000 cccc", NO_USER, false },
    { "not: user space is heard",
      "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb, origin: guest-user}, within: "
      "1s}]}",
      "0 aaaa\n2000 cccc", 0, true },
    { "not: a second start is clear",
      "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}, within: 1s}]}",
      "0 aaaa\n500 bbbb\n3000 aaaa\n5000 cccc", 0, true },
    { "not between steps",
      "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}}, {literal: cccc}]}",
      "0 aaaa\n500 bbbb\n600 cccc", 0, false },
    { "not between steps, clear",
      "match: {sequence: [{literal: aaaa}, {not: {literal: bbbb}}, {literal: cccc}]}",
      "0 aaaa\n600 cccc\n700 bbbb", TORN_TAIL, true },
    { "not before", "match: {sequence: [{not: {literal: bbbb}}, {literal: aaaa}]}",
      "5 aaaa\n6 bbbb", 0, true },
    { "not before, it was", "match: {sequence: [{not: {literal: bbbb}}, {literal: aaaa}]}",
      "4 bbbb\n5 aaaa", 0, false },
    { "not before, head torn", "match: {sequence: [{not: {literal: bbbb}}, {literal: aaaa}]}",
      "5 aaaa", TORN_HEAD, false },
    { "not alone", "match: {not: {literal: bbbb}}\n  requires: boot.tail_complete", "5 aaaa", 0,
      true },
    { "not alone, torn", "match: {not: {literal: bbbb}}\n  requires: boot.tail_complete", "5 aaaa",
      TORN_TAIL, false },
    { "not alone, it was", "match: {not: {literal: bbbb}}\n  requires: boot.tail_complete",
      "5 bbbb", 0, false },
    { "all with not",
      "match: {all: [{literal: aaaa}, {not: {literal: bbbb}}]}\n  requires: [boot.tail_complete]",
      "5 aaaa", 0, true },
    { "all with not, it was",
      "match: {all: [{literal: aaaa}, {not: {literal: bbbb}}]}\n  requires: [boot.tail_complete]",
      "5 aaaa\n6 bbbb", 0, false },

    { "count", "match: {count: {min: 3, of: {literal: aaaa}}}", "1 aaaa\n2 aaaa\n3 aaaa", 0, true },
    { "count: too few", "match: {count: {min: 3, of: {literal: aaaa}}}", "1 aaaa\n2 aaaa", 0,
      false },
    { "count within", "match: {count: {min: 2, within: 1s, of: {literal: aaaa}}}",
      "0 aaaa\n5000 aaaa\n5900 aaaa", 0, true },
    { "count not within", "match: {count: {min: 2, within: 1s, of: {literal: aaaa}}}",
      "0 aaaa\n5000 aaaa", 0, false },
    { "count within, no stamps", "match: {count: {min: 2, within: 1s, of: {literal: aaaa}}}",
      "- aaaa\n- aaaa", 0, false },
    { "count by", "match: {count: {min: 2, by: d, of: {regex: 'aaaa (?<d>\\d)'}}}",
      "1 aaaa 1\n2 aaaa 2\n3 aaaa 1", 0, true },
    { "count by: all different", "match: {count: {min: 2, by: d, of: {regex: 'aaaa (?<d>\\d)'}}}",
      "1 aaaa 1\n2 aaaa 2\n3 aaaa 3", 0, false },
    { "count by over alternatives",
      "match: {count: {min: 2, by: d, of: {any: [{regex: 'aaaa (?<d>\\d)'}, {regex: 'bbbb "
      "(?<d>\\d)'}]}}}",
      "1 aaaa 1\n2 bbbb 1", 0, true },
    { "sequence of count and text",
      "match: {sequence: [{count: {min: 2, of: {literal: aaaa}}}, {literal: bbbb}]}",
      "1 aaaa\n2 aaaa\n3 bbbb", 0, true },

    { "block", "match: {block: crash}", "1 BUG: kernel NULL pointer dereference, address: 0", 0,
      false },
    { "retired", "status: retired\n  match: {literal: aaaa}", "1 aaaa", 0, false },
    { "requires unknown", "match: {literal: aaaa}\n  requires: root.mounted", "1 aaaa", 0, false },
    { "nested",
      "match: {all: [{any: [{literal: aaaa}, {literal: bbbb}]}, {count: {min: 2, of: "
      "{literal: cccc}}}]}",
      "1 cccc\n2 bbbb\n3 cccc", 0, true },
    { "phase: kernel", "match: {literal: aaaa, phase: kernel}",
      "1 aaaa\n2 Run /init as init process", 0, true },
    { "phase: initrd", "match: {literal: aaaa, phase: initrd}",
      "1 Run /init as init process\n2 aaaa", 0, true },
    { "phase: not yet", "match: {literal: aaaa, phase: initrd}",
      "1 aaaa\n2 Run /init as init process", 0, false },
    { "phase: system", "match: {literal: aaaa, phase: [system]}",
      "1 Run /init as init process\n2 systemd[1]: Switching root.\n3 aaaa", 0, true },
    { "phase: head missing", "match: {literal: aaaa, phase: kernel}", "1 aaaa", TORN_HEAD, false },

    { "applies_to: unknown kernel", "match: {literal: aaaa}\n  applies_to: {kernel: '>=5.1'}",
      "1 aaaa", 0, true },
    { "applies_to: in range", "match: {literal: aaaa}\n  applies_to: {kernel: '>=5.1 <6.2'}",
      "0 Linux version 6.1.138 (x@y)\n1 aaaa", 0, true },
    { "applies_to: out of range", "match: {literal: aaaa}\n  applies_to: {kernel: '>=5.1 <6.1'}",
      "0 Linux version 6.1.138 (x@y)\n1 aaaa", 0, false },
    { "applies_to: one of two ranges",
      "match: {literal: aaaa}\n  applies_to: {kernel: ['<5', '>=6.1']}",
      "0 Linux version 6.1.138 (x@y)\n1 aaaa", 0, true },
    { "applies_to of a wording",
      "match: {literal: bbbb}\n  alt: [{literal: aaaa, applies_to: {kernel: '<5.1'}}]",
      "0 Linux version 6.1.138 (x@y)\n1 aaaa", 0, false },

    { "where: unknown fact",
      "match: {literal: aaaa}\n  where: [{fact: root.mounted, is_not: true}]", "1 aaaa", 0, false },
    { "where: known: false",
      "match: {literal: aaaa}\n  where: [{fact: root.mounted, known: false}]", "1 aaaa", 0, true },
    { "unless: unknown does not bar",
      "match: {literal: aaaa}\n  unless: [{fact: root.mounted, is: true}]", "1 aaaa", 0, true },
    { "unless: known bars",
      "match: {literal: aaaa}\n  unless: [{fact: kernel.version, is: 6.1.138}]",
      "0 Linux version 6.1.138 (x@y)\n1 aaaa", 0, false },
    { "where any",
      "match: {literal: aaaa}\n  where: [{any: [{fact: root.mounted, is: true}, {fact: "
      "kernel.version, gt: '5.10'}]}]",
      "0 Linux version 6.1.138 (x@y)\n1 aaaa", 0, true },
    { "where: versions, not decimals",
      "match: {literal: aaaa}\n  where: [{fact: kernel.version, lt: "
      "'6.9'}]",
      "0 Linux version 6.10.1 (x@y)\n1 aaaa", 0, false },
    { "where: a later hit passes",
      "match: {regex: 'aaaa (?<n>\\d+)'}\n  where: [{capture: n, gt: 5}]", "1 aaaa 3\n2 aaaa 7", 0,
      true },
    { "where: numbers, not texts",
      "match: {regex: 'aaaa (?<n>\\d+)'}\n  where: [{capture: n, gt: 5}]", "1 aaaa 10", 0, true },
    { "where: not a number", "match: {regex: 'aaaa (?<n>\\S+)'}\n  where: [{capture: n, lt: 5}]",
      "1 aaaa x", 0, false },
    { "where: capture with capture",
      "match: {all: [{regex: 'aaaa (?<x>\\d+)'}, {regex: 'bbbb (?<y>\\d+)'}]}\n"
      "  where: [{capture: x, is: '${y}'}]",
      "1 aaaa 1\n2 aaaa 2\n3 bbbb 2", 0, true },
    { "where: a group that took no part",
      "match: {regex: 'aaaa( (?<x>\\d+))?'}\n  where: [{capture: x, is_not: 1}]", "1 aaaa", 0,
      false },
    { "where: is one of", "match: {regex: 'aaaa (?<x>\\d+)'}\n  where: [{capture: x, is: [1, 2]}]",
      "1 aaaa 2", 0, true },
    { "where: as regex",
      "match: {regex: 'aaaa (?<x>\\w+)'}\n  where: [{capture: x, is: '^sd[a-z]$', as: regex}]",
      "1 aaaa sdb", 0, true },
    { "where: a text lacks",
      "match: {regex: 'aaaa (?<x>\\w+)'}\n  where: [{capture: x, lacks: [dev, foo]}]", "1 aaaa sdb",
      0, true },
    { "default",
      "match: {any: [{regex: 'aaaa (?<x>\\w+)'}, {literal: bbbb}]}\n  default: {x: none}\n"
      "  where: [{capture: x, is: none}]",
      "1 bbbb", 0, true },
    { "set, then where",
      "match: {regex: 'aaaa (?<x>\\S+)'}\n  set: {base: 'basename(x)'}\n"
      "  where: [{capture: base, is: sdb}]",
      "1 aaaa /dev/sdb", 0, true },
    { "last", "match: {regex: 'aaaa (?<x>\\d)', last: true}\n  where: [{capture: x, is: 2}]",
      "1 aaaa 1\n2 aaaa 2", 0, true },
    { "first", "match: {regex: 'aaaa (?<x>\\d)', first: true}\n  where: [{capture: x, is: 2}]",
      "1 aaaa 1\n2 aaaa 2", 0, false },
    { "host text is no guest text", "match: {literal: aaaa}", "h1 aaaa", 0, false },
};

static void turn_knobs(struct boot *b, unsigned knobs)
{
    b->tail_complete = knobs & TORN_TAIL ? TRI_UNKNOWN : TRI_YES;
    b->head_complete = knobs & TORN_HEAD ? TRI_NO : TRI_YES;
    b->gaps = knobs & GAPS ? 1 : 0;
    b->throttled = (knobs & THROTTLED) != 0;
    b->dropped = knobs & DROPPED ? 5 : 0;
    b->has_user = !(knobs & NO_USER);
}

START_TEST(matchers_and_conditions)
{
    struct arena a = { 0 };
    struct rig r;
    size_t found;

    rig_start(&r, arena_printf(&a, RULES "- id: a.b\n  title: T\n  severity: error\n  %s\n",
                               rows[_i].rest)
                          .p);
    turn_knobs(&r.boot, rows[_i].knobs);
    rig_add_lines(&r, rows[_i].records);
    found = rig_correlate(&r);
    ck_assert_msg(found == rows[_i].fires, "%s", rows[_i].name);
    rig_stop(&r);
    arena_done(&a);
}
END_TEST

static bool same_findings(const struct findings *a, const struct findings *b)
{
    bool same = a->n == b->n;

    for (size_t i = 0; same && i < a->n; i++) {
        same = a->p[i].rule == b->p[i].rule && a->p[i].certain == b->p[i].certain &&
               a->p[i].evidence.n == b->p[i].evidence.n && a->p[i].n_bindings == b->p[i].n_bindings;
        for (size_t k = 0; same && k < a->p[i].evidence.n; k++)
            same = a->p[i].evidence.p[k] == b->p[i].evidence.p[k];
        for (size_t k = 0; same && k < a->p[i].n_bindings; k++)
            same = value_eq(&a->p[i].bindings[k].value, &b->p[i].bindings[k].value);
    }
    return same;
}

/* Asking after every record changes nothing: correlate() is pure. */
START_TEST(asking_often_changes_nothing)
{
    struct arena a = { 0 };
    struct rig often, once;
    struct str in = str_from(rows[_i].records), line;
    const char *yaml = arena_printf(&a, RULES "- id: a.b\n  title: T\n  severity: error\n  %s\n",
                                    rows[_i].rest)
                               .p;
    struct findings first;

    rig_start(&often, yaml);
    rig_start(&once, yaml);
    turn_knobs(&often.boot, rows[_i].knobs);
    turn_knobs(&once.boot, rows[_i].knobs);
    while (str_take_line(&in, &line)) {
        rig_add_lines(&often, arena_str(&a, line).p);
        rig_correlate(&often);
    }
    rig_add_lines(&once, rows[_i].records);
    rig_correlate(&once);
    first = often.found;
    rig_correlate(&often);
    ck_assert(same_findings(&first, &often.found));
    ck_assert_uint_eq(often.found.n, once.found.n);
    for (size_t i = 0; i < once.found.n; i++) {
        ck_assert_uint_eq(often.found.p[i].evidence.n, once.found.p[i].evidence.n);
        ck_assert_int_eq(often.found.p[i].certain, once.found.p[i].certain);
        for (size_t k = 0; k < once.found.p[i].evidence.n; k++)
            ck_assert_uint_eq(often.found.p[i].evidence.p[k]->line,
                              once.found.p[i].evidence.p[k]->line);
    }
    rig_stop(&often);
    rig_stop(&once);
    arena_done(&a);
}
END_TEST

/* A certain finding stays, whatever comes. */
START_TEST(what_is_certain_stays)
{
    struct arena a = { 0 };
    struct rig r;
    struct str in = str_from(rows[_i].records), line;
    bool certain = false;

    rig_start(&r, arena_printf(&a, RULES "- id: a.b\n  title: T\n  severity: error\n  %s\n",
                               rows[_i].rest)
                          .p);
    turn_knobs(&r.boot, rows[_i].knobs | TORN_TAIL);
    while (str_take_line(&in, &line)) {
        rig_add_lines(&r, arena_str(&a, line).p);
        rig_correlate(&r);
        ck_assert_msg(!certain || r.found.n == 1, "%s", rows[_i].name);
        certain |= r.found.n && r.found.p[0].certain;
    }
    rig_stop(&r);
    arena_done(&a);
}
END_TEST

static const struct {
    const char *rest;
    bool certain;
} certainties[] = {
    { "match: {literal: aaaa}", true },
    { "match: {literal: aaaa}\n  where: [{fact: kernel.version, is: 6.1.138}]", true },
    { "match: {literal: aaaa}\n  where: [{fact: kernel.version, lacks: 7}]", false },
    { "match: {literal: aaaa}\n  where: [{fact: boot.gaps, is: 0}]", false },
    { "match: {literal: aaaa}\n  where: [{any: [{fact: root.mounted, known: false}]}]", false },
    { "match: {literal: aaaa}\n  unless: [{fact: root.mounted, is: true}]", false },
    { "match: {literal: aaaa}\n  requires: boot.tail_complete", false },
    { "match: {sequence: [{literal: aaaa}, {not: {literal: zzzz}, within: 1ms}]}", false },
};

START_TEST(certainty)
{
    struct arena a = { 0 };
    struct rig r;

    rig_start(&r, arena_printf(&a, RULES "- id: a.b\n  title: T\n  severity: error\n  %s\n",
                               certainties[_i].rest)
                          .p);
    rig_add_lines(&r, "0 Linux version 6.1.138 (x@y)\n1 aaaa\n5 bbbb");
    ck_assert_uint_eq(rig_correlate(&r), 1);
    ck_assert_int_eq(rig_find(&r, "a.b")->certain, certainties[_i].certain);
    rig_stop(&r);
    arena_done(&a);
}
END_TEST

/* A more specific rule has begun: the general one may still be superseded. */
START_TEST(not_certain_while_a_special_rule_may_come)
{
    struct rig r;

    rig_start(&r, RULES RULE("a.general", "  match: {literal: aaaa}") RULE(
                          "a.special", "  supersedes: [a.general]\n"
                                       "  match: {all: [{literal: aaaa 1}, {literal: bbbb}]}"));
    rig_add(&r, "aaaa 2", 1);
    rig_correlate(&r);
    ck_assert(rig_find(&r, "a.general")->certain);
    rig_add(&r, "aaaa 1", 2);
    rig_correlate(&r);
    ck_assert_uint_eq(r.found.n, 1);
    ck_assert(!rig_find(&r, "a.general")->certain);
    rig_add(&r, "bbbb", 3);
    ck_assert_uint_eq(rig_correlate(&r), 2);
    rig_stop(&r);
}
END_TEST

Suite *check_correlate(void)
{
    Suite *s = suite_create("correlate");
    TCase *t = tcase_create("correlate");
    int n = (int)(sizeof rows / sizeof rows[0]);

    tcase_add_test(t, eight_line_rule_fires);
    tcase_add_loop_test(t, matchers_and_conditions, 0, n);
    tcase_add_loop_test(t, asking_often_changes_nothing, 0, n);
    tcase_add_loop_test(t, what_is_certain_stays, 0, n);
    tcase_add_loop_test(t, certainty, 0, (int)(sizeof certainties / sizeof certainties[0]));
    tcase_add_test(t, not_certain_while_a_special_rule_may_come);
    suite_add_tcase(s, t);
    return s;
}
