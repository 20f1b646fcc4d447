/* SPDX-License-Identifier: Apache-2.0 */
/* From the records of a boot to its crashes. */
#include "analyzer/evidence/crash_chain.h"
#include "tests/unit/crash_rig.h"
#include "tests/unit/crash_samples.h"

struct title_row {
    const char *name, *text;
    const char *title; /* NULL: no crash */
    const char *function, *module, *kind;
    size_t count;
};

static const struct title_row rows[] = {
    { "an oops", OOPS, "BUG: unable to handle kernel NULL pointer dereference in frob_push",
      "frob_push", "frob", "null-dereference", 1 },
    { "an oops and its panic are one", OOPS FATAL,
      "BUG: unable to handle kernel NULL pointer dereference in frob_push", "frob_push", "frob",
      "null-dereference", 1 },
    { "a warning blames the trace, not its line", WARN, "WARNING in gear_turn", "gear_turn", "gear",
      "warning", 1 },
    { "a hung task waits in what is below the sleeping", HUNG, "INFO: task hung in jbd2_commit",
      "jbd2_commit", "jbd2", "hung-task", 1 },
    { "two crashes", WARN OOPS, "WARNING in gear_turn", "gear_turn", "gear", "warning", 2 },
    { "the panic alone", FATAL, "kernel panic: Fatal exception", "", "", "panic", 1 },
    { "no root",
      "[    1.000000] Kernel panic - not syncing: VFS: Unable to mount root fs on "
      "unknown-block(8,17)\n[    1.000001] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 4.4.8-esx "
      "#1\n",
      "kernel panic: VFS: Unable to mount root fs on unknown-block(NUM,NUM)", "", "", "panic", 1 },
    { "a lock's two places",
      "[    3.000000] WARNING: possible circular locking dependency detected\n"
      "[    3.000001] gear/12 is trying to acquire lock:\n"
      "[    3.000002] ffff8880 (&a->lock){+.+.}-{3:3}, at: gear_lock+0x12/0x40\n"
      "[    3.000003] but task is already holding lock:\n"
      "[    3.000004] ffff8881 (&b->lock){+.+.}-{3:3}, at: frob_lock+0x12/0x40\n"
      "[    3.000005] stack backtrace:\n"
      "[    3.000006] Call Trace:\n"
      "[    3.000007]  dump_stack+0x10/0x20\n"
      "[    3.000008]  gear_lock+0x12/0x40\n"
      "[    3.000009]  gear_turn+0x12/0x40\n"
      "[    3.000010]  kthread+0x12/0x40\n",
      "possible deadlock in gear_lock", "gear_lock", "", "lock", 1 },
    { "a system call without its wrapper",
      "[    3.000000] general protection fault: 0000 [#1] SMP\n"
      "[    3.000001] RIP: 0010:__x64_sys_frob+0x10/0x40\n"
      "[    3.000002] Call Trace:\n"
      "[    3.000003]  do_syscall_64+0x33/0x40\n"
      "[    3.000004]  a+0x33/0x40\n[    3.000005]  b+0x33/0x40\n[    3.000006]  c+0x33/0x40\n",
      "general protection fault in sys_frob", "sys_frob", "", "bad-access", 1 },
    { "arm64",
      "[    3.000000] Unable to handle kernel paging request at virtual address dfff8000\n"
      "[    3.000001] Internal error: Oops: 96000004 [#1] PREEMPT SMP\n"
      "[    3.000002] pc : gear_turn+0x10/0x40\n"
      "[    3.000003] lr : gear_start+0x10/0x40\n"
      "[    3.000004] Call trace:\n"
      "[    3.000005]  gear_turn+0x10/0x40\n[    3.000006]  gear_start+0x10/0x40\n"
      "[    3.000007]  el0_svc+0x10/0x40\n[    3.000008]  el0t_64_sync+0x10/0x40\n",
      "BUG: unable to handle kernel paging request in gear_turn", "gear_turn", "", "bad-access",
      1 },
    { "a program's fault is none",
      "[    3.000000] traps: frob[12] general protection fault ip:7f00 sp:7ffe error:0 in "
      "libc.so[7f00+1000]\n",
      NULL, "", "", "", 0 },
    { "a mere interrupt",
      "[    3.000000] INFO: NMI handler (perf) took too long to run: 1.2 msecs\n", NULL, "", "", "",
      0 },
    { "firmware's warning", "WARNING: Caches not enabled\nBUG: no\n", NULL, "", "", "", 0 },
    { "a driver's warning is no report",
      "[    3.000000] gear: WARNING: no oil, going on without\n[    3.000001] gear: started\n",
      NULL, "", "", "", 0 },
    { "empty", "", NULL, "", "", "", 0 },
    { "cut in the header", "[   12.000000] BUG: kernel NULL pointer deref",
      "BUG: kernel NULL pointer deref", "", "", "bug", 1 },
};

START_TEST(check_titles)
{
    const struct title_row *row = &rows[_i];
    struct crash_rig rig = crash_rig(str_from(row->text), NULL);

    crash_rig_run(&rig);
    ck_assert_msg(rig.crashes.list.n == row->count, "%s: %zu crashes", row->name,
                  rig.crashes.list.n);
    if (row->title) {
        const struct crash *c = rig.crashes.list.p[0];

        ck_assert_msg(str_eq(c->title, str_from(row->title)), "%s: '%.*s'", row->name,
                      STR_ARG(c->title));
        ck_assert_msg(str_eq(c->function, str_from(row->function)), "%s: '%.*s'", row->name,
                      STR_ARG(c->function));
        ck_assert_msg(str_eq(c->module, str_from(row->module)), "%s: '%.*s'", row->name,
                      STR_ARG(c->module));
        ck_assert_msg(str_eq(c->kind->name, str_from(row->kind)), "%s: '%.*s'", row->name,
                      STR_ARG(c->kind->name));
    }
    crash_rig_done(&rig);
}
END_TEST

#define ck_str(got, want)                                                                          \
    ck_assert_msg(str_eq((got), STR(want)), "'%.*s' is not '%s'", STR_ARG(got), (want))

START_TEST(check_content)
{
    struct crash_rig rig = crash_rig(STR(OOPS FATAL), NULL);
    const struct crash *c;

    crash_rig_run(&rig);
    c = rig.crashes.list.p[0];
    ck_str(c->cpu, "3");
    ck_str(c->pid, "471");
    ck_str(c->comm, "frob worker");
    ck_str(c->kernel, "5.10.7-3.ph4");
    ck_str(c->taint_letters, "GWOE");
    ck_assert_uint_eq(c->taint.n, 3);
    ck_str(c->hardware, "VMware, Inc. VMware Virtual Platform/440BX, BIOS 6.00 11/12/2020");
    ck_str(c->ip, "frob_push+0x1b/0x90");
    ck_str(c->cr2, "0000000000000010");
    ck_str(c->error_code, "a write in kernel mode: no page is there");
    ck_str(c->panic, "Fatal exception in interrupt");
    ck_assert_uint_eq(c->modules.n, 3);
    ck_str(c->modules.p[1], "gear");
    ck_str(c->registers.p[0].name, "RSP");
    ck_assert_ptr_null(c->corrupted_reason);
    ck_assert_uint_eq(c->evidence.n, 2);
    crash_rig_done(&rig);
}
END_TEST

/* lockdep puts the release in front of the taint, on a line of its own. */
START_TEST(check_lockdep_taint)
{
    struct crash_rig rig = crash_rig(
            STR("[    3.000000] [ INFO: possible recursive locking detected ]\n"
                "[    3.000001] 3.5.0-rc5 #2 Tainted: G        W   \n"
                "[    3.000002] gear/12 is trying to acquire lock:\n"
                "[    3.000003]  (&a->lock){+.+.}, at: [<c0123456>] gear_lock+0x12/0x40\n"),
            NULL);

    crash_rig_run(&rig);
    ck_assert_uint_eq(rig.crashes.list.n, 1);
    ck_str(rig.crashes.list.p[0]->taint_letters, "GW");
    crash_rig_done(&rig);
}
END_TEST

START_TEST(check_trace)
{
    struct crash_rig rig = crash_rig(STR(OOPS), NULL);
    const struct frames *trace;

    crash_rig_run(&rig);
    trace = &rig.crashes.list.p[0]->call_trace;
    ck_assert_uint_eq(trace->n, 6);
    ck_str(trace->p[0].function, "frob_maybe");
    ck_assert(!trace->p[0].reliable);
    ck_assert_int_eq(trace->p[0].context, FRAME_IRQ);
    ck_str(trace->p[1].function, "frob_drain.isra.0");
    ck_assert_uint_eq(trace->p[1].offset, 0x4c);
    ck_assert_uint_eq(trace->p[1].size, 0x120);
    ck_str(trace->p[2].module, "gear");
    ck_assert_int_eq(trace->p[2].context, FRAME_TASK);
    crash_rig_done(&rig);
}
END_TEST

/* The same crash with other addresses, offsets, CPU and time has the same signatures. */
START_TEST(check_signature)
{
    static const char *const texts[] = {
        "[    3.000000] general protection fault: 0000 [#1] SMP\n"
        "[    3.000001] CPU: 1 PID: 12 Comm: a Not tainted 6.1.10 #1\n"
        "[    3.000002] RIP: 0010:gear_turn+0x10/0x40 [gear]\n"
        "[    3.000003] Call Trace:\n[    3.000004]  ? maybe+0x1/0x2\n"
        "[    3.000005]  gear_start.isra.0+0x33/0x40 [gear]\n[    3.000006]  a+0x33/0x40\n"
        "[    3.000007]  b+0x33/0x40\n[    3.000008]  c+0x33/0x40\n",
        "[  999.000000] general protection fault: 0000 [#7] SMP\n"
        "[  999.000001] CPU: 0 PID: 999 Comm: b Not tainted 6.1.10 #1\n"
        "[  999.000002] RIP: 0010:gear_turn+0x14/0x44 [gear]\n"
        "[  999.000003] Call Trace:\n"
        "[  999.000005]  gear_start.isra.3+0x34/0x40 [gear]\n[  999.000006]  a+0x3/0x40\n"
        "[  999.000007]  ? never+0x1/0x2\n[  999.000008]  b+0x3/0x40\n[  999.000009]  c+0x3/0x4\n",
        "[  999.000000] general protection fault: 0000 [#7] SMP\n"
        "[  999.000002] RIP: 0010:gear_turn+0x14/0x44 [gear]\n"
        "[  999.000003] Call Trace:\n"
        "[  999.000005]  gear_start+0x34/0x40 [gear]\n[  999.000006]  a+0x3/0x40\n"
        "[  999.000008]  b+0x3/0x40\n[  999.000009]  another_way+0x3/0x4\n",
    };
    struct signature got[3];

    for (int i = 0; i < 3; i++) {
        struct crash_rig rig = crash_rig(str_from(texts[i]), NULL);

        crash_rig_run(&rig);
        ck_assert_uint_eq(rig.crashes.list.n, 1);
        got[i] = rig.crashes.list.p[0]->signature;
        crash_rig_done(&rig);
    }
    ck_assert(got[0].exact == got[1].exact && got[0].family == got[1].family);
    ck_assert(got[0].exact != got[2].exact);
    ck_assert(got[0].family == got[2].family);
}
END_TEST

/* Two CPUs write at once; each report keeps its own lines. */
START_TEST(check_interleaved)
{
    struct crash_rig rig = crash_rig(
            STR("[    3.000000][   T12] general protection fault: 0000 [#1] SMP\n"
                "[    3.000001][    C1] BUG: unable to handle page fault for address: ffff0000\n"
                "[    3.000002][    C1] RIP: 0010:frob_push+0x1/0x2\n"
                "[    3.000003][   T12] RIP: 0010:gear_turn+0x1/0x2\n"
                "[    3.000004][    C1] Call Trace:\n[    3.000005][   T12] Call Trace:\n"
                "[    3.000006][    C1]  c1+0x1/0x2\n[    3.000007][   T12]  t1+0x1/0x2\n"
                "[    3.000008][    C1]  c2+0x1/0x2\n[    3.000009][   T12]  t2+0x1/0x2\n"),
            NULL);

    crash_rig_run(&rig);
    ck_assert_uint_eq(rig.crashes.list.n, 2);
    ck_str(rig.crashes.list.p[0]->title, "general protection fault in gear_turn");
    ck_str(rig.crashes.list.p[1]->title,
           "BUG: unable to handle kernel paging request in frob_push");
    ck_assert_uint_eq(rig.crashes.list.p[0]->call_trace.n, 2);
    ck_assert_uint_eq(rig.crashes.list.p[1]->consequence_of, 0);
    crash_rig_done(&rig);
}
END_TEST

/* Settling early and often changes nothing. */
START_TEST(check_settle)
{
    struct crash_rig rig = crash_rig(STR(WARN OOPS FATAL), NULL), once = rig;

    ck_assert(crashes_init(&rig.crashes, &rig.arena));
    for (size_t i = 0; i < rig.records.n; i++) {
        crashes_add(&rig.crashes, rig.records.p[i]);
        crashes_settle(&rig.crashes);
    }
    crash_rig_run(&once);
    ck_assert_uint_eq(rig.crashes.list.n, once.crashes.list.n);
    for (size_t i = 0; i < rig.crashes.list.n; i++)
        ck_assert(rig.crashes.list.p[i]->signature.exact ==
                  once.crashes.list.p[i]->signature.exact);
    crashes_done(&once.crashes);
    arena_done(&once.arena);
    crash_rig_done(&rig);
}
END_TEST

/* Text of programs and of the host never counts. */
START_TEST(check_origin)
{
    static const struct {
        enum origin origin;
        size_t count;
    } origins[] = { { ORIGIN_GUEST_KERNEL, 1 },
                    { ORIGIN_UNKNOWN, 1 },
                    { ORIGIN_GUEST_USER, 0 },
                    { ORIGIN_HOST, 0 },
                    { ORIGIN_FIRMWARE, 0 } };
    struct crash_rig rig = crash_rig(STR(OOPS), NULL);

    for (size_t i = 0; i < rig.records.n; i++)
        rig.records.p[i]->origin = origins[_i].origin;
    crash_rig_run(&rig);
    ck_assert_uint_eq(rig.crashes.list.n, origins[_i].count);
    crash_rig_done(&rig);
}
END_TEST

/* A title never names a function that the text does not hold, wherever the text is torn. */
static void check_torn(struct str text)
{
    struct crash_rig rig = crash_rig(text, "dmesg");

    crash_rig_run(&rig);
    for (size_t i = 0; i < rig.crashes.list.n; i++) {
        struct str function = rig.crashes.list.p[i]->function;

        ck_assert(rig.crashes.list.p[i]->title.n > 0);
        ck_assert_msg(str_find(text, function) != STR_NOT_FOUND, "'%.*s'", STR_ARG(function));
    }
    crash_rig_done(&rig);
}

/* A damaged blank behind an offset does not make one name of two words. */
START_TEST(check_damaged_blank)
{
    static const char damaged[] = { '\0', '\x01', '\x7f', '\x80', '\xff', 'a' };
    char text[] =
            "[    1.000000] BUG: KASAN: slab-out-of-bounds in made_read+0x10/0x80 at addr 1\n";
    struct str all = { text, sizeof text - 1 };
    size_t blank = str_find(all, STR(" at addr"));
    struct crash_rig rig;

    text[blank] = damaged[_i];
    rig = crash_rig(all, "dmesg");
    crash_rig_run(&rig);
    ck_assert_uint_eq(rig.crashes.list.n, 1);
    ck_assert_uint_eq(str_find(rig.crashes.list.p[0]->title, STR("made_readat")), STR_NOT_FOUND);
    crash_rig_done(&rig);
}
END_TEST

START_TEST(check_cuts)
{
    static const char text[] = WARN OOPS HUNG FATAL;
    static char flipped[sizeof text];

    for (size_t n = 0; n < sizeof text - 1; n += 7) {
        check_torn((struct str){ text, n });
        check_torn((struct str){ text + n, sizeof text - 1 - n });
    }
    for (size_t n = 0; n < sizeof text - 1; n += 31) {
        memcpy(flipped, text, sizeof text);
        flipped[n] = (char)(flipped[n] ^ (1 << n % 7));
        check_torn((struct str){ flipped, sizeof text - 1 });
    }
}
END_TEST

/* More crashes than are kept are counted; memory stays bounded. */
START_TEST(check_flood)
{
    struct crash_rig rig = crash_rig(STR(WARN), NULL);

    ck_assert(crashes_init(&rig.crashes, &rig.arena));
    for (int round = 0; round < 1000; round++)
        for (size_t i = 0; i < rig.records.n; i++)
            crashes_add(&rig.crashes, rig.records.p[i]);
    crashes_settle(&rig.crashes);
    ck_assert_uint_eq(rig.crashes.list.n + rig.crashes.dropped, 1000);
    ck_assert_uint_gt(rig.crashes.dropped, 0);
    ck_assert_uint_lt(rig.arena.used_bytes, (size_t)16 << 20);
    crash_rig_done(&rig);
}
END_TEST

/* The last line of a panic repeats its reason in a frame of its own. */
START_TEST(panic_reason_has_no_frame)
{
    static const char *const texts[] = { "Kernel panic - not syncing: Out of frobs",
                                         "---[ end Kernel panic - not syncing: Out of frobs ]---",
                                         "---[ end Kernel panic - not syncing: Out of frobs" };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ck_str(crash_panic_reason(str_from(texts[i])), "Out of frobs");
}
END_TEST

Suite *check_crash(void);

Suite *check_crash(void)
{
    Suite *s = suite_create("crash");
    TCase *t = tcase_create("crash");

    tcase_add_test(t, panic_reason_has_no_frame);
    tcase_add_loop_test(t, check_titles, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, check_content);
    tcase_add_test(t, check_lockdep_taint);
    tcase_add_test(t, check_trace);
    tcase_add_test(t, check_signature);
    tcase_add_test(t, check_interleaved);
    tcase_add_test(t, check_settle);
    tcase_add_loop_test(t, check_origin, 0, 5);
    tcase_add_loop_test(t, check_damaged_blank, 0, 6);
    tcase_add_test(t, check_cuts);
    tcase_add_test(t, check_flood);
    suite_add_tcase(s, t);
    return s;
}
