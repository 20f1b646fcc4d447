/* SPDX-License-Identifier: Apache-2.0 */
/* Which records a wording takes, and what is kept of them. */
#include "analyzer/engine/hits.h"
#include "analyzer/engine/ruleset.h"
#include "tests/unit/engine_rig.h"

#include <stdio.h>
#include <string.h>

/* A matcher, a record, and whether they meet. */
static const struct {
    const char *matcher, *text;
    enum origin origin;
    enum level level;
    const char *format, *ident, *unit, *message_id;
    bool hit;
} rows[] = {
    { "literal: some text", "has some text in it", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "dmesg", "", "",
      "", true },
    { "literal: some text", "has some other text", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "dmesg", "", "",
      "", false },
    { "literal: Some", "has some text", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "dmesg", "", "", "",
      false },
    { "literal: Some, nocase: true", "has sOME text", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "dmesg", "",
      "", "", true },
    { "regex: 'te[x]t \\d+$'", "a text 12", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "dmesg", "", "", "",
      true },
    { "regex: '^text'", "a text", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "dmesg", "", "", "", false },
    { "regex: 'Text', nocase: true", "a text", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "dmesg", "", "", "",
      true },
    { "regex: '\\d+'", "no literal 7", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "dmesg", "", "", "", true },
    { "literal: ab", "abab", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "dmesg", "", "", "", true },
    { "literal: text", "text", ORIGIN_GUEST_USER, LEVEL_INFO, "dmesg", "", "", "", false },
    { "literal: text", "text", ORIGIN_HOST, LEVEL_INFO, "vmware-log", "", "", "", false },
    { "literal: text", "text", ORIGIN_UNKNOWN, LEVEL_INFO, "plain", "", "", "", true },
    { "literal: text, origin: host", "text", ORIGIN_HOST, LEVEL_INFO, "x", "", "", "", true },
    { "literal: text, origin: host", "text", ORIGIN_UNKNOWN, LEVEL_INFO, "x", "", "", "", false },
    { "literal: text, origin: [guest-user, firmware]", "text", ORIGIN_FIRMWARE, LEVEL_INFO, "x", "",
      "", "", true },
    { "literal: text, level: '<=4'", "text", ORIGIN_GUEST_KERNEL, LEVEL_WARNING, "x", "", "", "",
      true },
    { "literal: text, level: '<=4'", "text", ORIGIN_GUEST_KERNEL, LEVEL_NOTICE, "x", "", "", "",
      false },
    { "literal: text, level: '<4'", "text", ORIGIN_GUEST_KERNEL, LEVEL_WARNING, "x", "", "", "",
      false },
    { "literal: text, level: err", "text", ORIGIN_GUEST_KERNEL, LEVEL_ERR, "x", "", "", "", true },
    { "literal: text, level: err", "text", ORIGIN_GUEST_KERNEL, LEVEL_CRIT, "x", "", "", "",
      false },
    { "literal: text, level: '>=info'", "text", ORIGIN_GUEST_KERNEL, LEVEL_DEBUG, "x", "", "", "",
      true },
    { "literal: text, level: err", "text", ORIGIN_GUEST_KERNEL, LEVEL_UNKNOWN, "x", "", "", "",
      true },
    { "literal: text, format: kmsg", "text", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "kmsg", "", "", "",
      true },
    { "literal: text, format: [kmsg, dmesg]", "text", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "plain", "",
      "", "", false },
    { "literal: text, origin: guest-user, ident: systemd", "text", ORIGIN_GUEST_USER, LEVEL_INFO,
      "x", "systemd", "", "", true },
    { "literal: text, origin: guest-user, ident: systemd", "text", ORIGIN_GUEST_USER, LEVEL_INFO,
      "x", "sshd", "", "", false },
    { "literal: text, origin: guest-user, ident: 'systemd*'", "text", ORIGIN_GUEST_USER, LEVEL_INFO,
      "x", "systemd-udevd", "", "", true },
    { "regex: '^text', origin: guest-user, ident: systemd", "systemd[1]: text", ORIGIN_GUEST_USER,
      LEVEL_INFO, "x", "", "", "", true },
    { "regex: '^text', origin: guest-user, ident: systemd", "systemd: text", ORIGIN_GUEST_USER,
      LEVEL_INFO, "x", "", "", "", true },
    { "regex: '^text', origin: guest-user, ident: systemd",
      "text of systemd[1]: ", ORIGIN_GUEST_USER, LEVEL_INFO, "x", "", "", "", false },
    { "literal: text, origin: guest-user, unit: '*.service'", "text", ORIGIN_GUEST_USER, LEVEL_INFO,
      "x", "", "sshd.service", "", true },
    { "literal: text, origin: guest-user, unit: '*.service'", "text", ORIGIN_GUEST_USER, LEVEL_INFO,
      "x", "", "", "", false },
    { "regex: '^lost', driver: ahci", "ahci 0000:02:00.0: lost", ORIGIN_GUEST_KERNEL, LEVEL_INFO,
      "x", "", "", "", true },
    { "regex: '^lost', driver: [nvme, ahci]", "ahci 0000:02:00.0: lost", ORIGIN_GUEST_KERNEL,
      LEVEL_INFO, "x", "", "", "", true },
    { "regex: '^lost', driver: ahci", "ahcix 0000:02:00.0: lost", ORIGIN_GUEST_KERNEL, LEVEL_INFO,
      "x", "", "", "", false },
    { "regex: '^lost', driver: ahci", "ahci is lost: lost", ORIGIN_GUEST_KERNEL, LEVEL_INFO, "x",
      "", "", "", false },
    { "message_id: 00112233445566778899aabbccddeeff, origin: guest-user", "whatever",
      ORIGIN_GUEST_USER, LEVEL_INFO, "x", "", "", "00112233445566778899AABBCCDDEEFF", true },
    { "message_id: 00112233445566778899aabbccddeeff, origin: guest-user", "whatever",
      ORIGIN_GUEST_USER, LEVEL_INFO, "x", "", "", "", false },
    { "message_id: 00112233445566778899aabbccddeeff, literal: text, origin: guest-user", "whatever",
      ORIGIN_GUEST_USER, LEVEL_INFO, "x", "", "", "00112233445566778899aabbccddeeff", false },
};

static struct str rule_of(struct arena *a, const char *matcher)
{
    return arena_printf(a, RULES "- id: a.b\n  title: T\n  severity: error\n  match: {%s}\n",
                        matcher);
}

START_TEST(wordings_take_records)
{
    struct arena a = { 0 };
    struct rig r;
    struct record rec = rig_record(rows[_i].text, 5);

    rig_start(&r, rule_of(&a, rows[_i].matcher).p);
    rec.origin = rows[_i].origin;
    rec.level = rows[_i].level;
    rec.ident = str_from(rows[_i].ident);
    rec.unit = str_from(rows[_i].unit);
    rec.message_id = str_from(rows[_i].message_id);
    ck_assert_uint_eq(rig_add_record(&r, rec, rows[_i].format), rows[_i].hit);
    rig_stop(&r);
    arena_done(&a);
}
END_TEST

START_TEST(settings_never_match)
{
    struct rig r;
    struct record rec = rig_record("text = \"text\"", -1);

    rig_start(&r, RULES RULE("a.b", "  match: {literal: text, origin: [host, guest-kernel]}"));
    rec.kind = RECORD_SETTING;
    rec.origin = ORIGIN_HOST;
    ck_assert_uint_eq(rig_add_record(&r, rec, "vmx"), 0);
    rig_stop(&r);
}
END_TEST

/* One record, three wordings: kept once, and the captures point into what was kept. */
START_TEST(a_record_is_kept_once)
{
    struct rig r;
    char text[] = "ahci 0000:02:00.0: port 3 lost";
    const struct hit *one, *two;
    struct record rec;
    const struct record *kept = NULL;

    rig_start(&r, RULES RULE("a.a", "  match: {regex: 'port (?<port>\\d+) lost'}")
                          RULE("a.b", "  match: {regex: '^port (?<port>\\d+)', driver: ahci}")
                                  RULE("a.c", "  match: {literal: lost}"));
    rec = rig_record(text, 7);
    ck_assert_uint_eq(match_record(r.matching, r.hits, &rec, STR("dmesg"), &kept), 3);
    memset(text, 'x', sizeof text - 1); /* the reader's memory is used again */
    one = hit_list_at(hits_of(r.hits, 0), 0);
    two = hit_list_at(hits_of(r.hits, 1), 0);
    ck_assert_ptr_eq(one->record, two->record);
    ck_assert_ptr_eq(one->record, kept);
    ck_assert(str_eq(kept->text, STR("ahci 0000:02:00.0: port 3 lost")));
    ck_assert(str_eq(one->captures[0], STR("3")));
    ck_assert(str_eq(two->captures[0], STR("3")));
    ck_assert(str_eq(two->captures[1], STR("0000:02:00.0")));
    rig_stop(&r);
}
END_TEST

/* A flood costs what its first thousand lines cost; the first and the last half stay. */
START_TEST(floods_are_bounded)
{
    enum { LINES = 200000 };
    struct rig r;
    const struct hit_list *list;
    size_t used = 0;
    char text[64];

    rig_start(&r, RULES RULE("a.a", "  match: {regex: 'flood (?<n>\\d+)'}")
                          RULE("a.b", "  match: {literal: flood}"));
    for (int i = 0; i < LINES; i++) {
        snprintf(text, sizeof text, "flood %d", i);
        ck_assert_uint_eq(rig_add(&r, text, i), 2);
        if (i == 3 * LIMIT_HITS_PER_PATTERN)
            used = r.boot.arena.used_bytes;
    }
    ck_assert_uint_eq(r.boot.arena.used_bytes, used);
    list = hits_of(r.hits, 0);
    ck_assert_uint_eq(hit_list_total(list), LINES);
    ck_assert_uint_eq(hit_list_count(list), LIMIT_HITS_PER_PATTERN);
    for (size_t i = 0; i < hit_list_count(list); i++) {
        uint64_t n,
                wanted = i < LIMIT_HITS_PER_PATTERN / 2 ? i : LINES - LIMIT_HITS_PER_PATTERN + i;

        ck_assert(str_to_u64(hit_list_at(list, i)->captures[0], &n));
        ck_assert_uint_eq(n, wanted);
    }
    rig_stop(&r);
}
END_TEST

START_TEST(a_full_arena_loses_hits_only)
{
    struct rig r;
    size_t hits = 0;
    char text[2000];

    rig_start(&r, RULES RULE("a.a", "  match: {literal: aaaa}"));
    r.boot.arena.limit_bytes = r.boot.arena.used_bytes + 20000;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 100; i++)
        hits += rig_add(&r, text, i);
    ck_assert_uint_gt(hits, 2);
    ck_assert_uint_lt(hits, 20);
    ck_assert_uint_eq(rig_correlate(&r), 1);
    rig_stop(&r);
}
END_TEST

START_TEST(a_hopeless_expression_is_told)
{
    struct arena a = { 0 };
    struct notes notes = { .arena = &a };
    struct rig r;

    rig_start(&r, RULES RULE("a.a", "  match: {regex: 'text (unclosed'}"));
    ck_assert_uint_eq(rig_add(&r, "text (unclosed", 1), 0);
    matching_notes(r.matching, &notes);
    ck_assert_uint_eq(notes.n, 1);
    ck_assert(str_find(notes.p[0].text, STR("a.a")) != STR_NOT_FOUND);
    rig_stop(&r);
    arena_done(&a);
}
END_TEST

/* What the raw bytes of a file are searched for. */
START_TEST(the_sieve_finds_every_literal)
{
    static const char *const extra_literals[] = { "extra word", NULL };
    static const char *const *const extra[] = { extra_literals, NULL };
    struct rig r;
    struct str block =
            STR("....Some Text....and the extra word....0123456789abcdef0123456789ABCDEF");

    ck_assert(rig_load(&r, RULES RULE("a.a", "  match: {literal: some text, nocase: true}")));
    ruleset_free(r.rs);
    r.rs = ruleset_new();
    ck_assert(ruleset_load(r.rs, STR("t"),
                           STR(RULES RULE("a.a", "  match: {literal: some text, nocase: true}")
                                       RULE("a.b", "  match: {message_id: "
                                                   "0123456789abcdef0123456789abcdef}")),
                           &r.problems));
    ck_assert(ruleset_compile(r.rs, extra, &r.problems));
    ck_assert_uint_eq(ruleset_next_hit(r.rs, block, 0), 4);
    ck_assert_uint_eq(ruleset_next_hit(r.rs, block, 5), 25);
    ck_assert_uint_eq(ruleset_next_hit(r.rs, block, 26), 39);
    ck_assert_uint_eq(ruleset_next_hit(r.rs, block, 40), SIZE_MAX);
    ruleset_free(r.rs);
    arena_done(&r.arena);
}
END_TEST

/* Without a literal nothing may be left out. */
START_TEST(the_sieve_lets_all_through_when_it_must)
{
    struct rig r;

    ck_assert(rig_load(&r, RULES RULE("a.a", "  match: {regex: '\\d+'}")));
    ck_assert_uint_eq(ruleset_next_hit(r.rs, STR("abc"), 1), 1);
    ck_assert_uint_eq(ruleset_next_hit(r.rs, STR("abc"), 3), SIZE_MAX);
    ruleset_free(r.rs);
    arena_done(&r.arena);
    ck_assert(rig_load(&r, RULES RULE("a.a", "  status: retired\n  match: {regex: '\\d+'}")));
    ck_assert_uint_eq(ruleset_next_hit(r.rs, STR("abc"), 0), SIZE_MAX);
    ruleset_free(r.rs);
    arena_done(&r.arena);
}
END_TEST

START_TEST(globs)
{
    static const struct {
        const char *glob, *s;
        bool match;
    } g[] = {
        { "", "", true },           { "", "a", false },
        { "*", "", true },          { "*", "abc", true },
        { "a*", "abc", true },      { "a*", "ba", false },
        { "*c", "abc", true },      { "a*c", "abbc", true },
        { "a*c", "ab", false },     { "a?c", "abc", true },
        { "a?c", "ac", false },     { "a**c", "ac", true },
        { "*a*b*", "xaxbx", true }, { "*.service", "a.b.service", true },
        { "a.*", "a", false },
    };

    for (size_t i = 0; i < sizeof g / sizeof g[0]; i++)
        ck_assert_msg(glob_match(str_from(g[i].glob), str_from(g[i].s)) == g[i].match, "%s %s",
                      g[i].glob, g[i].s);
}
END_TEST

Suite *check_match(void)
{
    Suite *s = suite_create("match");
    TCase *t = tcase_create("match");

    tcase_add_loop_test(t, wordings_take_records, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(t, settings_never_match);
    tcase_add_test(t, a_record_is_kept_once);
    tcase_add_test(t, floods_are_bounded);
    tcase_add_test(t, a_full_arena_loses_hits_only);
    tcase_add_test(t, a_hopeless_expression_is_told);
    tcase_add_test(t, the_sieve_finds_every_literal);
    tcase_add_test(t, the_sieve_lets_all_through_when_it_must);
    tcase_add_test(t, globs);
    suite_add_tcase(s, t);
    return s;
}
