/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Crash reports as rules see them (block: crash) and in ranking: who knows a report, what explains
 * it, what it explains.
 */
#include "analyzer/diagnose/analysis.h"
#include "analyzer/diagnose/summary.h"

#include <check.h>

struct bench {
    struct arena arena;
    struct problems problems;
    struct ruleset *rules;
    struct analysis *a;
};

static const char *const *const extra[] = { crash_literals, boot_literals, NULL };

static void run(struct bench *b, const char *yaml, struct str log, bool dense)
{
    struct analysis_options options = { .no_prefilter = dense };
    struct input *in = input_from_memory(STR("t"), log);
    bool ok;

    *b = (struct bench){ .rules = ruleset_new() };
    b->problems.arena = &b->arena;
    ok = ruleset_load(b->rules, STR("t.yaml"), str_from(yaml), &b->problems);
    ok = ruleset_compile(b->rules, extra, &b->problems) && ok;
    ck_assert_msg(ok, "%u: %s", b->problems.n ? (unsigned)b->problems.p[0].line : 0,
                  b->problems.n ? b->problems.p[0].text : "");
    b->a = analysis_new(b->rules);
    analysis_add(b->a, in, &options);
    input_close(in);
    analysis_correlate(b->a);
    summary_choose(b->a, &options);
}

static void stop(struct bench *b)
{
    analysis_free(b->a);
    ruleset_free(b->rules);
    arena_done(&b->arena);
}

static const struct diagnosis *find(const struct bench *b, const char *id)
{
    for (size_t i = 0; i < b->a->diagnoses.n; i++)
        if (str_eq(b->a->diagnoses.p[i].rule->id, str_from(id)))
            return &b->a->diagnoses.p[i];
    return NULL;
}

/* "a,b": the rules that explain crash `index` of the boot. */
static void assert_explained_by(struct bench *b, size_t index, const char *want)
{
    const struct crash_ranks *ranks = &b->a->of_boot.p[b->a->focus].crash_ranks;
    struct str got = STR("");

    ck_assert_uint_lt(index, ranks->n);
    for (size_t i = 0; i < ranks->p[index].explained_by.n; i++)
        got = arena_printf(&b->arena, "%.*s%s%.*s", STR_ARG(got), i ? "," : "",
                           STR_ARG(ranks->p[index].explained_by.p[i]));
    ck_assert_msg(str_eq(got, str_from(want)), "%.*s", STR_ARG(got));
}

#define OOPS(second, module, function)                                                             \
    "[   " second ".100000] BUG: kernel NULL pointer dereference, address: 0000000000000018\n"     \
    "[   " second ".100010] Oops: 0000 [#1] PREEMPT SMP NOPTI\n"                                   \
    "[   " second ".100020] CPU: 1 PID: 214 Comm: labtool Tainted: P           OE     6.1.0 #1\n"  \
    "[   " second ".100030] RIP: 0010:" function "+0x4a/0x210 [" module "]\n"                      \
    "[   " second ".100040] Call Trace:\n"                                                         \
    "[   " second ".100050]  <TASK>\n"                                                             \
    "[   " second ".100060]  lab_caller+0x31/0x60 [labcore]\n"                                     \
    "[   " second ".100070]  ? lab_maybe+0x31/0x60 [labmaybe]\n"                                   \
    "[   " second ".100080]  vfs_read+0x97/0x190\n"                                                \
    "[   " second ".100090]  </TASK>\n"                                                            \
    "[   " second ".100100] ---[ end trace 0000000000000000 ]---\n"

#define PANIC(second) "[   " second ".200000] Kernel panic - not syncing: Fatal exception\n"

#define HUNG(second, comm)                                                                         \
    "[  " second ".000000] INFO: task " comm ":99 blocked for more than 120 seconds.\n"            \
    "[  " second ".000010] Call Trace:\n"                                                          \
    "[  " second ".000020]  __schedule+0x2e8/0x8a0\n"                                              \
    "[  " second ".000030]  io_schedule+0x12/0x40\n"                                               \
    "[  " second ".000040]  lab_commit+0x56/0x90 [labfs]\n"

#define HEAD "lastwords: 1\nrules:\n- id: t.one\n  title: T\n  severity: error\n"

static const struct {
    const char *match;
    bool holds;
} matchers[] = {
    { "{block: crash}", true },
    { "{block: crash, literal: 'NULL pointer dereference in lab_read'}", true },
    { "{block: crash, literal: 'null POINTER', nocase: true}", true },
    { "{block: crash, literal: 'Oops: 0000'}", false }, /* stands in the report, not in its title */
    { "{block: crash, regex: ' in (?<who>lab_\\w+)$'}", true },
    { "{block: crash, regex: '^NULL'}", false },
    { "{block: crash, kind: null-dereference}", true },
    { "{block: crash, kind: [panic, 'null-*']}", true },
    { "{block: crash, kind: panic}", false },
    { "{block: crash, function: lab_read}", true },
    { "{block: crash, function: 'lab_r?ad'}", true },
    { "{block: crash, function: read}", false },
    { "{block: crash, module: labdrv}", true },
    { "{block: crash, module: [other, 'lab*']}", true },
    { "{block: crash, module: labcore}", false },
    { "{block: crash, frame: lab_caller}", true },
    { "{block: crash, frame: '* [labcore]'}", true },
    { "{block: crash, frame: 'vfs_* [labcore]'}", false },
    { "{block: crash, frame: lab_maybe}", false }, /* the kernel is not sure of it */
    { "{block: crash, taint: O}", true },
    { "{block: crash, taint: [W, P]}", true },
    { "{block: crash, taint: W}", false },
    { "{block: crash, comm: 'labt*'}", true },
    { "{block: crash, comm: init}", false },
    { "{block: crash, panic: 'Fatal exception*'}", true },
    { "{block: crash, panic: 'hung_task*'}", false },
    { "{block: crash, module: labdrv, comm: init}", false }, /* all must hold */
    { "{block: crash, origin: host}", false },
    { "{block: crash, origin: guest-user}", false },
    { "{any: [{literal: 'is not there'}, {block: crash}]}", true },
    { "{all: [{literal: 'lab: ready'}, {block: crash, kind: null-dereference}]}", true },
    { "{all: [{literal: 'lab: ready'}, {block: crash}], within: 5s}", true },
    { "{all: [{literal: 'lab: ready'}, {block: crash}], within: 1s}", false },
    { "{sequence: [{literal: 'lab: ready'}, {block: crash}]}", true },
    { "{sequence: [{block: crash}, {literal: 'lab: ready'}]}", false },
    { "{sequence: [{literal: 'lab: ready'}, {block: crash, within: 5s}]}", true },
    { "{sequence: [{literal: 'lab: ready'}, {block: crash, within: 1s}]}", false },
    { "{sequence: [{block: crash}, {literal: 'Oops: 0000'}]}", true },
    { "{sequence: [{literal: 'Oops: 0000'}, {block: crash}]}", false },       /* it began before */
    { "{sequence: [{literal: 'BUG: kernel NULL'}, {block: crash}]}", false }, /* the same record */
    { "{sequence: [{block: crash}, {not: {literal: 'lab: ready'}, within: 500ms}]}", true },
    { "{count: {min: 1, of: {block: crash}}}", true },
    { "{count: {min: 2, of: {block: crash}}}", false },
};

/* Yes and no on one and the same crash, read whole and read sparsely. */
START_TEST(matchers_over_a_crash)
{
    struct bench b;
    struct arena text = { 0 };
    struct str yaml = arena_printf(&text, HEAD "  match: %s\n", matchers[_i].match);
    struct str log =
            STR("[    1.000000] Linux version 6.1.0 (lab)\n"
                "[    8.000000] lab: ready\n" OOPS("10", "labdrv", "lab_read") PANIC("10"));

    for (int dense = 0; dense < 2; dense++) {
        run(&b, yaml.p, log, dense);
        ck_assert_msg((find(&b, "t.one") != NULL) == matchers[_i].holds, "%s, dense %d",
                      matchers[_i].match, dense);
        stop(&b);
    }
    arena_done(&text);
}
END_TEST

/* not: a crash that is there, and one that is not. */
START_TEST(absence_of_a_crash)
{
    static const char yaml[] =
            "lastwords: 1\nrules:\n"
            "- id: t.one\n  title: T\n  severity: error\n  requires: [boot.has_kernel]\n"
            "  match: {all: [{literal: 'lab: ready'}, {not: {block: crash}}]}\n";
    static const char ready[] =
            "[    1.000000] Linux version 6.1.0 (lab)\n[    8.000000] lab: ready\n";
    struct bench b;
    struct arena text = { 0 };

    run(&b, yaml, str_from(ready), true);
    ck_assert_ptr_nonnull(find(&b, "t.one"));
    stop(&b);
    run(&b, yaml, arena_printf(&text, "%s%s", ready, OOPS("10", "labdrv", "lab_read")), true);
    ck_assert_ptr_null(find(&b, "t.one"));
    stop(&b);
    arena_done(&text);
}
END_TEST

START_TEST(captures_and_evidence)
{
    static const struct {
        const char *name, *value;
    } bound[] = {
        { "kind", "null-dereference" }, { "function", "lab_read" }, { "module", "labdrv" },
        { "comm", "labtool" },          { "taint", "POE" },         { "it.module", "labdrv" },
        { "panic", "Fatal exception" }, { "what", "NULL" },
    };
    struct bench b;
    const struct diagnosis *d;
    struct value v;

    run(&b, HEAD "  match: {block: crash, id: it, regex: 'kernel (?<what>\\w+) pointer'}\n",
        STR(OOPS("10", "labdrv", "lab_read") PANIC("10")), true);
    d = find(&b, "t.one");
    ck_assert_ptr_nonnull(d);
    for (size_t i = 0; i < sizeof bound / sizeof bound[0]; i++) {
        ck_assert(finding_lookup(d->finding, str_from(bound[i].name), &b.arena, &v));
        ck_assert_msg(str_eq(value_print(&b.arena, &v), str_from(bound[i].value)), "%s",
                      bound[i].name);
    }
    ck_assert_uint_eq(d->evidence.n, 1);
    ck_assert_uint_eq(d->evidence.p[0]->line, 1);
    ck_assert_uint_eq(d->crash, 0);
    stop(&b);
}
END_TEST

/* It holds once for each report. */
START_TEST(every_crash_is_matched)
{
    static const char yaml[] = HEAD
            "  match: {count: {min: 2, within: 5s, of: {block: crash, frame: 'io_schedule'}}}\n";
    struct bench b;

    run(&b, yaml, STR(HUNG("362", "jbd2/sda1-8") HUNG("363", "jbd2/sdb1-8")), true);
    ck_assert_uint_eq(b.a->of_boot.p[0].crashes.list.n, 2);
    ck_assert_uint_eq(b.a->diagnoses.n, 1);
    ck_assert_uint_eq(b.a->diagnoses.p[0].evidence.n, 2);
    stop(&b);
}
END_TEST

/* Behind 4 MiB only wanted lines are read: the report is read, and matched, all the same. */
START_TEST(sparse_reading_agrees)
{
    enum { LINES = 120000 };
    static const char filler[] = "[   11.000000] lab: nothing to see on this line, all is well\n";
    static const char yaml[] = HEAD "  match: {block: crash, frame: 'vfs_read', module: labdrv}\n";
    struct arena text = { 0 };
    struct str oops = STR(OOPS("12", "labdrv", "lab_read"));
    size_t n = (sizeof filler - 1) * LINES + oops.n;
    char *p = arena_alloc(&text, n);
    struct bench b;

    ck_assert_ptr_nonnull(p);
    for (size_t i = 0; i < LINES; i++)
        for (size_t k = 0; k < sizeof filler - 1; k++)
            p[i * (sizeof filler - 1) + k] = filler[k];
    for (size_t k = 0; k < oops.n; k++)
        p[n - oops.n + k] = oops.p[k];
    for (int dense = 0; dense < 2; dense++) {
        run(&b, yaml, (struct str){ p, n }, dense);
        ck_assert_ptr_nonnull(find(&b, "t.one"));
        ck_assert_uint_eq(find(&b, "t.one")->evidence.p[0]->line, LINES + 1);
        stop(&b);
    }
    arena_done(&text);
}
END_TEST

/* Asking again while the log goes on changes what was found, never adds to it. */
START_TEST(correlating_twice_counts_once)
{
    struct bench b;
    struct value v;

    run(&b, HEAD "  match: {count: {min: 1, of: {block: crash}}}\n",
        STR(OOPS("10", "labdrv", "lab_read")), true);
    ck_assert_uint_eq(b.a->of_boot.p[0].findings.n, 1);
    ck_assert(!b.a->of_boot.p[0].findings.p[0].certain); /* the report may go on */
    b.a->of_boot.p[0].findings = (struct findings){ 0 };
    crashes_close(&b.a->of_boot.p[0].crashes);
    analysis_correlate(b.a);
    ck_assert_uint_eq(b.a->of_boot.p[0].findings.n, 1);
    ck_assert(b.a->of_boot.p[0].findings.p[0].certain);
    ck_assert(finding_lookup(&b.a->of_boot.p[0].findings.p[0], STR("count"), &b.arena, &v));
    ck_assert(str_eq(value_print(&b.arena, &v), STR("1")));
    stop(&b);
}
END_TEST

/* Ranking: rules about a record of the report, about the report, about its end, about all. */
static const char ranking[] =
        "lastwords: 1\nrules:\n"
        "- {id: t.header, title: h, severity: critical, match: {literal: 'BUG: kernel NULL'}}\n"
        "- {id: t.panic, title: p, severity: fatal, match: {literal: 'Kernel panic - not'}}\n"
        "- {id: t.tainted, title: t, severity: info, match: {literal: 'Tainted: '}}\n"
        "- {id: t.stall, title: s, severity: warning, match: {literal: 'lab: host is slow'},\n"
        "   explains: [t.hung]}\n"
        "- {id: t.hung, title: g, severity: error, match: {literal: 'blocked for more'}}\n"
        "- {id: t.any, title: '${title}', severity: error, catch_all: true, per: title,\n"
        "   match: {block: crash}}\n";

/* A panic behind an oops is the same event, though no edge says so. */
START_TEST(the_panic_is_the_end_of_the_oops)
{
    struct bench b;

    run(&b, ranking, STR(OOPS("10", "labdrv", "lab_read") PANIC("10")), true);
    ck_assert(str_eq(b.a->diagnoses.p[0].rule->id, STR("t.header")));
    ck_assert_int_eq(find(&b, "t.header")->role, ROLE_ROOT);
    ck_assert_int_eq(find(&b, "t.header")->severity, SEVERITY_FATAL);
    ck_assert_int_eq(find(&b, "t.panic")->role, ROLE_SYMPTOM);
    ck_assert_uint_eq(find(&b, "t.panic")->crash, 0);
    ck_assert_int_eq(find(&b, "t.tainted")->role, ROLE_NOTE);
    ck_assert_ptr_null(find(&b, "t.any"));
    assert_explained_by(&b, 0, "t.header");
    stop(&b);
}
END_TEST

/* What no rule knows is the answer, not "nothing known". Information about it explains nothing. */
START_TEST(an_unknown_crash_is_the_answer)
{
    struct bench b;

    run(&b, ranking,
        STR("[   10.100000] general protection fault, probably for non-canonical address "
            "0xdead000000000100: 0000 [#1] SMP PTI\n"
            "[   10.100020] CPU: 1 PID: 214 Comm: labtool Tainted: P           OE     6.1.0 #1\n"
            "[   10.100030] RIP: 0010:lab_walk+0x4a/0x210 [labdrv]\n"
            "[   10.100040] Call Trace:\n"
            "[   10.100080]  vfs_read+0x97/0x190\n"),
        true);
    ck_assert_int_eq(b.a->result, RESULT_DIAGNOSED);
    ck_assert(str_eq(b.a->diagnoses.p[0].rule->id, STR("t.any")));
    ck_assert_int_eq(b.a->diagnoses.p[0].role, ROLE_ROOT);
    ck_assert_ptr_nonnull(find(&b, "t.tainted"));
    assert_explained_by(&b, 0, "");
    stop(&b);
}
END_TEST

/* A rule fires once in a boot; the second report that it hits is known to it as well. */
START_TEST(every_report_that_a_rule_hits_is_known)
{
    struct bench b;

    run(&b, ranking, STR(HUNG("362", "jbd2/sda1-8") HUNG("483", "jbd2/sdb1-8")), true);
    ck_assert_ptr_null(find(&b, "t.any"));
    assert_explained_by(&b, 0, "t.hung");
    assert_explained_by(&b, 1, "t.hung");
    stop(&b);
}
END_TEST

/* A rule that took the place of one about the report speaks for it. */
START_TEST(what_supersedes_knows_the_report)
{
    static const char yaml[] =
            "lastwords: 1\nrules:\n"
            "- {id: t.warning, title: w, severity: warning, match: {literal: 'WARNING: CPU'}}\n"
            "- {id: t.exact, title: e, severity: error, match: {literal: 'lab_ref: underflow'},\n"
            "   supersedes: [t.warning]}\n";
    struct bench b;

    run(&b, yaml,
        STR("[   10.100000] ------------[ cut here ]------------\n"
            "[   10.100005] lab_ref: underflow\n"
            "[   10.100010] WARNING: CPU: 1 PID: 65 at lib/lab.c:25 lab_warn+0x13d/0x1a0\n"
            "[   10.100040] Call Trace:\n"
            "[   10.100080]  vfs_read+0x97/0x190\n"),
        true);
    ck_assert_uint_eq(b.a->of_boot.p[0].crashes.list.n, 1);
    assert_explained_by(&b, 0, "t.exact");
    stop(&b);
}
END_TEST

/* asm_sysvec_apic_timer_interrupt() only saw the stall (kernels from 5.8 on). */
START_TEST(a_stall_is_not_the_timer_that_saw_it)
{
    struct bench b;

    run(&b, ranking,
        STR("[  100.000000] rcu: INFO: rcu_preempt self-detected stall on CPU\n"
            "[  100.000001] Call Trace:\n"
            "[  100.000002]  <IRQ>\n"
            "[  100.000003]  rcu_sched_clock_irq.cold+0x10/0x20\n"
            "[  100.000004]  sysvec_apic_timer_interrupt+0x6b/0x90\n"
            "[  100.000005]  </IRQ>\n"
            "[  100.000006]  <TASK>\n"
            "[  100.000007]  asm_sysvec_apic_timer_interrupt+0x1a/0x20\n"
            "[  100.000008]  lab_spin+0x33/0x80 [labdrv]\n"
            "[  100.000009]  do_syscall_64+0x5b/0xc0\n"),
        true);
    ck_assert_uint_eq(b.a->of_boot.p[0].crashes.list.n, 1);
    ck_assert(str_eq(b.a->of_boot.p[0].crashes.list.p[0]->title,
                     STR("INFO: rcu detected stall in lab_spin")));
    stop(&b);
}
END_TEST

/* Later reports of a kernel that has gone wrong are symptoms of the first. */
START_TEST(consequences_are_symptoms)
{
    static const char later[] =
            "[   12.100000] general protection fault, probably for non-canonical address "
            "0xdead000000000100: 0000 [#2] SMP PTI\n"
            "[   12.100020] CPU: 1 PID: 215 Comm: labtool Tainted: G      D            6.1.0 #1\n"
            "[   12.100030] RIP: 0010:lab_walk+0x4a/0x210 [labcore]\n"
            "[   12.100040] Call Trace:\n"
            "[   12.100080]  vfs_read+0x97/0x190\n";
    struct arena text = { 0 };
    struct bench b;
    const struct diagnosis *second;

    run(&b, ranking, arena_printf(&text, "%s%s", OOPS("10", "labdrv", "lab_read"), later), true);
    ck_assert_uint_eq(b.a->of_boot.p[0].crashes.list.n, 2);
    ck_assert_uint_eq(b.a->of_boot.p[0].crashes.list.p[1]->consequence_of, 0);
    second = find(&b, "t.any");
    ck_assert_ptr_nonnull(second);
    ck_assert_int_eq(second->role, ROLE_SYMPTOM);
    ck_assert(str_eq(b.a->diagnoses.p[second->explained_by].rule->id, STR("t.header")));
    ck_assert_uint_eq(second->crash, 1);
    assert_explained_by(&b, 1, "t.header");
    stop(&b);
    arena_done(&text);
}
END_TEST

/* The hypervisor's storage stood still, the guest's journal hung: host and guest in one log. */
START_TEST(a_hang_behind_a_stall_of_the_host_is_a_symptom)
{
    static const char yaml[] =
            "lastwords: 1\nrules:\n"
            "- id: t.host\n  title: stalled\n  severity: warning\n"
            "  match: {regex: '^scsi\\d:\\d: Command \\S+ took \\d{2,}', origin: host}\n"
            "- id: t.hung\n  title: hung\n  severity: error\n  caused_by: [t.host]\n"
            "  match: {block: crash, kind: hung-task, frame: 'jbd2_*'}\n"
            "- id: t.after\n  title: after\n  severity: warning\n  match:\n    sequence:\n"
            "    - {literal: ' took ', origin: host}\n"
            "    - {block: crash, within: 5min}\n";
#define VM "2031-05-02T10:"
#define GUEST VM "06:02.100Z In(05) vcpu-0 - Guest: "
    struct bench b;

    run(&b, yaml,
        STR(VM
            "00:00.100Z In(05) vmx - Log for VMware ESX pid=3301 version=8.0.3 build=build-1 "
            "option=Release\n" VM
            "00:02.100Z In(05) vcpu-0 - Guest: <6>[    1.900000] rtc_cmos 00:01: setting "
            "system clock to 2031-05-02T10:00:02 UTC (1935482402)\n" VM
            "04:01.310Z In(05) vmx - scsi0:0: Command WRITE(10) took 121.204 seconds (ok)\n" GUEST
            "<3>[  362.000000] INFO: task jbd2/sda1-8:299 blocked for more than 120 "
            "seconds.\n" GUEST "<6>[  362.000010] Call Trace:\n" GUEST
            "<6>[  362.000020]  __schedule+0x2e8/0x8a0\n" GUEST
            "<6>[  362.000030]  io_schedule+0x12/0x40\n" GUEST
            "<6>[  362.000040]  jbd2_journal_commit_transaction+0x1154/0x19a0 [jbd2]\n"),
        true);
#undef GUEST
#undef VM
    ck_assert(str_eq(b.a->diagnoses.p[0].rule->id, STR("t.host")));
    ck_assert_int_eq(b.a->diagnoses.p[0].role, ROLE_ROOT);
    ck_assert_int_eq(b.a->diagnoses.p[0].severity, SEVERITY_ERROR);
    ck_assert_int_eq(find(&b, "t.hung")->role, ROLE_SYMPTOM);
    ck_assert_ptr_nonnull(find(&b, "t.after"));
    ck_assert_uint_eq(find(&b, "t.host")->crash, UINT32_MAX);
    ck_assert_uint_eq(find(&b, "t.hung")->crash, 0);
    assert_explained_by(&b, 0, "t.hung,t.after,t.host");
    stop(&b);
}
END_TEST

/* Torn, empty and hostile reports: what is there is matched, nothing else happens. */
START_TEST(broken_reports_do_no_harm)
{
    static const char *const logs[] = {
        "",
        "[   10.100000] BUG: kernel NULL pointer dereference, addr",
        "[   10.100000] Oops: 0000 [#1]\n[   10.100001] RIP: 0010:\n",
        "[   10.100000] Kernel panic - not syncing: \n",
        "[   10.100000] BUG: \xff\xfe\x01 in \x7f\n[   10.1] Call Trace:\n\xff\xff+0x1/0x2 "
        "[\xff]\n",
        "** replaying previous printk message **\n[    1.0] WARNING: CPU: 1\n"
        "** replaying previous printk message **\n",
    };
    struct bench b;

    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
        run(&b, ranking, str_from(logs[i]), false);
        stop(&b);
    }
}
END_TEST

Suite *check_crash_rules(void)
{
    Suite *s = suite_create("crash_rules");
    TCase *t = tcase_create("crash_rules");

    tcase_add_loop_test(t, matchers_over_a_crash, 0, sizeof matchers / sizeof matchers[0]);
    tcase_add_test(t, absence_of_a_crash);
    tcase_add_test(t, captures_and_evidence);
    tcase_add_test(t, every_crash_is_matched);
    tcase_add_test(t, sparse_reading_agrees);
    tcase_add_test(t, correlating_twice_counts_once);
    tcase_add_test(t, the_panic_is_the_end_of_the_oops);
    tcase_add_test(t, an_unknown_crash_is_the_answer);
    tcase_add_test(t, every_report_that_a_rule_hits_is_known);
    tcase_add_test(t, what_supersedes_knows_the_report);
    tcase_add_test(t, a_stall_is_not_the_timer_that_saw_it);
    tcase_add_test(t, consequences_are_symptoms);
    tcase_add_test(t, a_hang_behind_a_stall_of_the_host_is_a_symptom);
    tcase_add_test(t, broken_reports_do_no_harm);
    suite_add_tcase(s, t);
    return s;
}
