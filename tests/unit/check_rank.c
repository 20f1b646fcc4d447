/* SPDX-License-Identifier: Apache-2.0 */
/* Who is root, who is symptom, how grave: ranking over small rules; and what is left unexplained.
 */
#include "analyzer/diagnose/rank.h"
#include "analyzer/diagnose/unexplained.h"

#include <check.h>

static const char yaml[] =
        "lastwords: 1\n"
        "rules:\n"
        "- {id: t.warn, title: w, severity: warning, match: {regex: 'WARN'}, explains: [t.stop]}\n"
        "- {id: t.stop, title: s, severity: critical, match: {regex: 'STOP'}, explains: "
        "[t.panic]}\n"
        "- {id: t.panic, title: p, severity: fatal, match: {regex: 'PANIC'}}\n"
        "- {id: t.note, title: n, severity: info, match: {regex: 'NOTE'}}\n"
        "- {id: t.other, title: o, severity: warning, match: {regex: 'OTHER'}}\n"
        "- {id: t.pause, title: b, severity: warning, match: {regex: 'PAUSE'}, explains: "
        "[t.panic,\n"
        "   t.mid], explains_within: 60s}\n"
        "- {id: t.mid, title: m, severity: error, match: {regex: 'MID'}, explains: [t.end]}\n"
        "- {id: t.end, title: z, severity: fatal, match: {regex: 'END'}}\n"
        "- {id: t.exact, title: e, severity: error, match: {regex: 'PANIC because'},\n"
        "   supersedes: [t.panic]}\n";

struct ranking {
    const char *log;
    const char *rule; /* the first in rank order */
    enum severity severity;
    enum role role;
    size_t n;
};

/*
 * A cause is as grave as what it led to; what was set aside lends it nothing. t.pause explains what
 * is near to it, or where nobody knows how far it is, and over t.mid only where that was found.
 */
static const struct ranking rankings[] = {
    { "[    1.000000] WARN\n", "t.warn", SEVERITY_WARNING, ROLE_ROOT, 1 },
    { "[    1.000000] WARN\n[    2.000000] STOP\n", "t.warn", SEVERITY_CRITICAL, ROLE_ROOT, 2 },
    { "[    1.000000] WARN\n[    2.000000] STOP\n[    3.000000] PANIC\n", "t.warn", SEVERITY_FATAL,
      ROLE_ROOT, 3 },
    { "[    1.000000] STOP\n[    3.000000] PANIC because\n", "t.stop", SEVERITY_CRITICAL, ROLE_ROOT,
      3 },
    { "[    1.000000] NOTE\n", "t.note", SEVERITY_INFO, ROLE_NOTE, 1 },
    { "[    1.000000] OTHER\n[    3.000000] PANIC\n", "t.panic", SEVERITY_FATAL, ROLE_ROOT, 2 },
    { "[   10.000000] PAUSE\n[   40.000000] PANIC\n", "t.pause", SEVERITY_FATAL, ROLE_ROOT, 2 },
    { "[   10.000000] PAUSE\n[ 4000.000000] PANIC\n", "t.panic", SEVERITY_FATAL, ROLE_ROOT, 2 },
    { "[   10.000000] PAUSE\n[ 3990.000000] PAUSE\n[ 4000.000000] PANIC\n", "t.pause",
      SEVERITY_FATAL, ROLE_ROOT, 2 },
    { "[   40.000000] PANIC\n[   70.000000] PAUSE\n", "t.pause", SEVERITY_FATAL, ROLE_ROOT, 2 },
    { "[   40.000000] PANIC\n[  170.000000] PAUSE\n", "t.panic", SEVERITY_FATAL, ROLE_ROOT, 2 },
    { "[   10.000000] PAUSE\n[   20.000000] END\n", "t.end", SEVERITY_FATAL, ROLE_ROOT, 2 },
    { "[   10.000000] PAUSE\n[   15.000000] MID\n[   20.000000] END\n", "t.pause", SEVERITY_FATAL,
      ROLE_ROOT, 3 },
    { "[    1.000000] WARN\n[    3.000000] PANIC\n", "t.warn", SEVERITY_FATAL, ROLE_ROOT, 2 },
    { "PAUSE\nPANIC\n", "t.pause", SEVERITY_FATAL, ROLE_ROOT, 2 },
};

static struct ruleset *load(struct problems *problems)
{
    struct ruleset *rs = ruleset_new();

    ck_assert(ruleset_load(rs, STR("t.yaml"), str_from(yaml), problems));
    ck_assert(ruleset_compile(rs, NULL, problems));
    return rs;
}

START_TEST(roots_are_as_grave_as_what_they_led_to)
{
    const struct ranking *want = &rankings[_i];
    struct analysis_options options = { .no_prefilter = true };
    struct arena arena = { 0 };
    struct problems problems = { .arena = &arena };
    struct ruleset *rs = load(&problems);
    struct analysis *a = analysis_new(rs);
    struct input *in = input_from_memory(STR("t"), str_from(want->log));

    analysis_add(a, in, &options);
    analysis_correlate(a);
    ck_assert_uint_eq(a->of_boot.n, 1);
    rank_findings(a, &a->of_boot.p[0]);
    ck_assert_uint_eq(a->diagnoses.n, want->n);
    ck_assert(str_eq(a->diagnoses.p[0].rule->id, str_from(want->rule)));
    ck_assert_int_eq(a->diagnoses.p[0].severity, want->severity);
    ck_assert_int_eq(a->diagnoses.p[0].role, want->role);
    input_close(in);
    analysis_free(a);
    ruleset_free(rs);
    arena_done(&arena);
}
END_TEST

static const struct {
    const char *text;
    enum level level;
    bool wanted;
} lines[] = {
    { "lab0: controller does not answer", LEVEL_ERR, true },
    { "lab0: controller does not answer", LEVEL_WARNING, false },
    { "Kernel Offset: 0x1000000 from 0xffffffff81000000", LEVEL_EMERG, false },
    { "---[ end Kernel panic - not syncing: lab ]---", LEVEL_EMERG, false },
    { "Rebooting in 10 seconds..", LEVEL_EMERG, false },
    { " ext4", LEVEL_ERR, false },
    { " lab0 is gone", LEVEL_ERR, true },
    { " ", LEVEL_ERR, true },
    { "", LEVEL_ERR, false },
};

START_TEST(lines_of_known_reports_need_no_explanation)
{
    struct record r;

    record_init(&r);
    r.kind = RECORD_TEXT;
    r.origin = ORIGIN_GUEST_KERNEL;
    r.level = lines[_i].level;
    r.text = str_from(lines[_i].text);
    ck_assert_int_eq(unexplained_wants(&r), lines[_i].wanted);
}
END_TEST

Suite *check_rank(void)
{
    Suite *s = suite_create("rank");
    TCase *t = tcase_create("rank");

    tcase_add_loop_test(t, roots_are_as_grave_as_what_they_led_to, 0,
                        sizeof rankings / sizeof rankings[0]);
    tcase_add_loop_test(t, lines_of_known_reports_need_no_explanation, 0,
                        sizeof lines / sizeof lines[0]);
    suite_add_tcase(s, t);
    return s;
}
