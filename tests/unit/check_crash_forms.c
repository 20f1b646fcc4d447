/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of crash reports: each architecture's frames, old kernels', torn and symbolised ones.
 */
#include "tests/unit/crash_rig.h"

struct form_row {
    const char *name, *text;
    const char *title;
    const char *function, *module;
    const char *kernel;
    size_t n_frames;
    const char *first, *last; /* frames */
    size_t n_taints, n_modules;
    const char *file; /* to blame */
    bool whole;
};

static const struct form_row rows[] = {
    { .name = "i386, which names its function twice",
      .text = "[    5.000000] BUG: unable to handle kernel NULL pointer dereference at virtual "
              "address 00000008\n"
              "[    5.000001]  printing eip:\n[    5.000002] c0123456\n"
              "[    5.000003] *pde = 00000000\n[    5.000004] Oops: 0000 [#1]\n"
              "[    5.000005] Modules linked in: frob gear\n"
              "[    5.000006] CPU:    0\n"
              "[    5.000007] EIP:    0060:[<c0123456>]    Not tainted VLI\n"
              "[    5.000008] EFLAGS: 00010202   (2.6.20-4-gear #1)\n"
              "[    5.000009] EIP is at frob_push+0xd/0x83\n"
              "[    5.000010] Call Trace:\n"
              "[    5.000011]  [<c0123501>] gear_turn+0x20/0x50\n"
              "[    5.000012]  [<c0123502>] gear_start+0x20/0x50 [gear]\n"
              "[    5.000013]  [<c0123503>] sys_gear+0x20/0x50\n"
              "[    5.000014]  [<c0123504>] sysenter_past_esp+0x6b/0xa9\n",
      .title = "BUG: unable to handle kernel NULL pointer dereference in frob_push",
      .function = "frob_push",
      .kernel = "2.6.20-4-gear",
      .n_frames = 5,
      .first = "frob_push",
      .last = "sysenter_past_esp",
      .n_modules = 2,
      .whole = true },
    { .name = "i386, tainted, with the module in front of the name",
      .text = "[    5.000000] BUG: unable to handle kernel NULL pointer dereference at 00000000\n"
              "[    5.000001] IP: [<f88d1234>] :frob:frob_push+0x90/0x302\n"
              "[    5.000002] Oops: 0000 [#1] SMP\n"
              "[    5.000003] Pid: 8, comm: X Tainted: P        (2.6.27.1 #1)\n"
              "[    5.000004] EIP: 0060:[<f88d1234>] EFLAGS: 00213246 CPU: 1\n"
              "[    5.000005] Call Trace:\n"
              "[    5.000006]  [<f88d1000>] frob_start+0x7d/0xbc\n"
              "[    5.000007]  [<c0123501>] a+0x20/0x50\n[    5.000008]  [<c0123502>] b+0x20/0x50\n"
              "[    5.000009]  [<c0123503>] c+0x20/0x50\n",
      .title = "BUG: unable to handle kernel NULL pointer dereference in frob_push",
      .function = "frob_push",
      .kernel = "2.6.27.1",
      .n_frames = 4,
      .first = "frob_start",
      .last = "c",
      .n_taints = 1,
      .whole = true },
    { .name = "x86-64 with addresses",
      .text = "[    5.000000] general protection fault: 0000 [#1] SMP\n"
              "[    5.000001] CPU: 1 PID: 12 Comm: a Not tainted 4.4.10 #1\n"
              "[    5.000002] RIP: 0010:[<ffffffff81234567>]  [<ffffffff81234567>] "
              "frob_push+0x1/0x40 [frob]\n"
              "[    5.000003] Call Trace:\n"
              "[    5.000004]  <IRQ>  [<ffffffff81230001>] gear_turn+0x1/0x40\n"
              "[    5.000005]  <EOI>  [<ffffffff81230002>] ? gear_maybe+0x1/0x40\n"
              "[    5.000006]  [<ffffffff81230003>] gear_start+0x1/0x40\n"
              "[    5.000007]  [<ffffffff81230004>] entry_SYSCALL_64_fastpath+0x1/0x40\n",
      .title = "general protection fault in frob_push",
      .function = "frob_push",
      .module = "frob",
      .kernel = "4.4.10",
      .n_frames = 5,
      .first = "frob_push",
      .last = "entry_SYSCALL_64_fastpath",
      .whole = true },
    { .name = "powerpc of the older call descriptors",
      .text = "[    5.000000] Unable to handle kernel paging request for data at address 0x12e0\n"
              "[    5.000001] Oops: Kernel access of bad area, sig: 11 [#1]\n"
              "[    5.000002] CPU: 1 PID: 251 Comm: eehd Tainted: G W ------ 3.10.0-3.ppc64 #1\n"
              "[    5.000003] NIP: d0000000008cb4dc LR: d0000000008cb4d8 CTR: c0000000084af4e0\n"
              "[    5.000004] REGS: c000000010ff37b0 TRAP: 0300\n"
              "[    5.000005] NIP [d0000000008cb4dc] .frob_detected+0x18c/0x220 [frob]\n"
              "[    5.000006] LR [d0000000008cb4d8] .frob_detected+0x188/0x220 [frob]\n"
              "[    5.000007] Call Trace:\n"
              "[    5.000008] [c000000010ff3ad0] [c00000000806b258] .gear_report+0x98/0x110\n"
              "[    5.000009] [c000000010ff3b60] [c00000000806a19c] .gear_walk+0x9c/0x190\n"
              "[    5.000010] [c000000010ff3c10] [c00000000806b670] .gear_turn+0x70/0x330\n"
              "[    5.000011] [c000000010ff3e30] [c00000000800a1dc] .ret_from_kernel_thread+0x5c/"
              "0x80\n",
      .title = "BUG: unable to handle kernel paging request in frob_detected",
      .function = "frob_detected",
      .module = "frob",
      .kernel = "3.10.0-3.ppc64",
      .n_frames = 4,
      .first = "gear_report",
      .last = "ret_from_kernel_thread",
      .n_taints = 1,
      .whole = true },
    { .name = "s390, whose last jump is no frame",
      .text = "[    5.000000] kernel BUG at drivers/frob/push.c:660!\n"
              "[    5.000001] illegal operation: 0001 [#1] SMP\n"
              "[    5.000002] CPU: 0 PID: 10721 Comm: udevd Not tainted 3.10.0-6.s390x #1\n"
              "[    5.000003] Krnl PSW : 0404c00180000000 0000000000431f8e (frob_push+0x62/0x7c)\n"
              "[    5.000004] Call Trace:\n"
              "[    5.000005] ([<00000000027f8000>] 0x27f8000)\n"
              "[    5.000006]  [<0000000000432114>] gear_init+0xdc/0x184\n"
              "[    5.000007]  [<000003ff808bd352>] gear_turn+0xfa/0xd1c [gear]\n"
              "[    5.000008]  [<00000000005db5cc>] sysc_nr_ok+0x22/0x28\n"
              "[    5.000009] Last Breaking-Event-Address:\n"
              "[    5.000010]  [<0000000000431f8a>] frob_push+0x5e/0x7c\n",
      .title = "kernel BUG in frob_push",
      .function = "frob_push",
      .kernel = "3.10.0-6.s390x",
      .n_frames = 4,
      .first = "0x27f8000",
      .last = "sysc_nr_ok",
      .file = "drivers/frob/push.c",
      .whole = true },
    { .name = "riscv",
      .text = "[    5.000000] Unable to handle kernel NULL pointer dereference at virtual address "
              "0000000000000008\n"
              "[    5.000001] Oops [#1]\n"
              "[    5.000002] CPU: 0 PID: 7 Comm: a Not tainted 6.1.0 #1\n"
              "[    5.000003] epc : frob_push+0x18/0x30\n"
              "[    5.000004]  ra : gear_turn+0x20/0x40\n"
              "[    5.000005] status: 0000000200000120 badaddr: 0000000000000008 cause: "
              "000000000000000d\n"
              "[    5.000007] [<ffffffff80001234>] frob_push+0x18/0x30\n"
              "[    5.000008] [<ffffffff80001235>] gear_turn+0x20/0x40\n"
              "[    5.000009] [<ffffffff80001236>] kthread+0xc/0x10\n"
              "[    5.000010] [<ffffffff80001237>] ret_from_exception+0x0/0xc\n",
      .title = "BUG: unable to handle kernel NULL pointer dereference in frob_push",
      .function = "frob_push",
      .kernel = "6.1.0",
      .n_frames = 4,
      .first = "frob_push",
      .last = "ret_from_exception",
      .whole = true },
    { .name = "32-bit arm",
      .text = "[    5.000000] Unhandled fault: alignment exception (0x001) at 0xc1234567\n"
              "[    5.000001] CPU: 0 PID: 7 Comm: a Not tainted 4.1.0 #1\n"
              "[    5.000002] PC is at frob_push+0x18/0x30 [frob]\n"
              "[    5.000003] LR is at gear_turn+0x20/0x40\n"
              "[    5.000004] Stack: (0xc0728000 to 0xc0728020)\n"
              "[    5.000005] 8000:                   c0728044 c0728018 804700dc 8046ffe8\n"
              "[    5.000006] Backtrace: \n"
              "[    5.000007] [<c0014990>] (frob_push+0x0/0x30 [frob]) from [<c005ccb8>] "
              "(gear_turn+0x14/0x40)\n"
              "[    5.000008] [<c005ccb8>] (gear_turn+0x14/0x40) from [<c003c324>] (kthread+0x8c/"
              "0x98)\n"
              "[    5.000009] [<c003c324>] (kthread+0x8c/0x98) from [<c00101ac>] "
              "(kernel_thread_exit+0x0/0x8)\n"
              "[    5.000010] Code: e92d4010 e1a04000 (e5913000)\n",
      .title = "Unhandled fault in frob_push",
      .function = "frob_push",
      .module = "frob",
      .kernel = "4.1.0",
      .n_frames = 3,
      .first = "frob_push",
      .last = "kthread",
      .whole = true },
    { .name = "arm64: its second line holds another header and is the same report",
      .text = "[    5.000000] kernel BUG at drivers/frob/push.c:64!\n"
              "[    5.000001] Internal error: Oops - BUG: 00000000f2000800 [#1] SMP\n"
              "[    5.000002] CPU: 0 PID: 7 Comm: a Not tainted 6.0.0 #1\n"
              "[    5.000003] pc : frob_push+0xcc/0xd0\n[    5.000004] lr : gear_turn+0xcc/0xd0\n"
              "[    5.000005] Call trace:\n"
              "[    5.000006]  frob_push+0xcc/0xd0\n[    5.000007]  gear_turn+0xa8/0x1f8\n"
              "[    5.000008]  gear_start+0xfc/0x280\n[    5.000009]  el0_svc+0x58/0x150\n",
      .title = "kernel BUG in frob_push",
      .function = "frob_push",
      .kernel = "6.0.0",
      .n_frames = 4,
      .first = "frob_push",
      .last = "el0_svc",
      .file = "drivers/frob/push.c",
      .whole = true },
    { .name = "a slab's report: who allocated, who freed",
      .text = "[    5.000000] BUG kmalloc-64 (Not tainted): Poison overwritten\n"
              "[    5.000001] INFO: 0xf2751962-0xf2751995. First byte 0x98 instead of 0x6b\n"
              "[    5.000002] INFO: Allocated in 0xfdc88c28 age=79 cpu=0 pid=1329\n"
              "[    5.000003]  __slab_alloc.isra.50+0x49f/0x533\n[    5.000004]  0xfdc88c28\n"
              "[    5.000005]  sys_init_module+0xe6d/0x1bc0\n"
              "[    5.000006] INFO: Freed in frob_exit+0x50/0xb0 [frob] age=14 cpu=1 pid=1333\n"
              "[    5.000007]  __slab_free+0x3d/0x30b\n"
              "[    5.000008]  frob_exit+0x50/0xb0 [frob]\n",
      .title = "BUG kmalloc-NUM (Not tainted): Poison overwritten",
      .n_frames = 5,
      .first = "__slab_alloc.isra.50",
      .last = "frob_exit",
      .whole = true },
    { .name = "BUG() of arm64 before Linux 5.12 traps in the handler",
      .text = "[    5.000000] kernel BUG at arch/arm64/kernel/traps.c:407!\n"
              "[    5.000001] Internal error: Oops - BUG: 0 [#1] SMP\n"
              "[    5.000002] CPU: 5 PID: 244 Comm: a Not tainted 5.10.0 #1\n"
              "[    5.000003] pc : do_undefinstr+0x2e0/0x2f0\n"
              "[    5.000004] Call trace:\n"
              "[    5.000005]  do_undefinstr+0x2e0/0x2f0\n"
              "[    5.000006]  el1_undef+0x2c/0x4c\n"
              "[    5.000007]  el1_sync_handler+0x8c/0xd0\n"
              "[    5.000008]  el1_sync+0x88/0x140\n"
              "[    5.000009]  gear_turn+0x144/0x290\n"
              "[    5.000010]  gear_start+0x1/0x40\n",
      .title = "kernel BUG in gear_turn",
      .function = "gear_turn",
      .kernel = "5.10.0",
      .n_frames = 6,
      .first = "do_undefinstr",
      .file = "arch/arm64/kernel/traps.c",
      .last = "gear_start",
      .whole = true },
    { .name = "the memory checker of Linux 4.0",
      .text = "[    5.000000] BUG: KASan: use after free in gear_turn+0x150/0x180 at addr "
              "ffff88006901fc98\n"
              "[    5.000001] Read of size 8 by task a/12\n"
              "[    5.000002] CPU: 1 PID: 12 Comm: a Not tainted 4.2.0 #1\n"
              "[    5.000003] Call Trace:\n"
              "[    5.000004]  [<ffffffff82d57cd4>] dump_stack+0x45/0x57\n"
              "[    5.000005]  [<ffffffff814290f1>] kasan_report_error+0x391/0x3c0\n"
              "[    5.000006]  [<ffffffff81178f61>] gear_turn+0x150/0x180\n"
              "[    5.000007]  [<ffffffff81178f62>] gear_start+0x1/0x40\n",
      .title = "KASAN: use after free Read in gear_turn",
      .function = "gear_turn",
      .kernel = "4.2.0",
      .n_frames = 4,
      .first = "dump_stack",
      .last = "gear_start",
      .whole = true },
    { .name = "only frames of which the kernel is not sure",
      .text = "[    5.000000] general protection fault: 0000 [#1] SMP\n"
              "[    5.000001] CPU: 1 PID: 12 Comm: a Not tainted 4.4.10 #1\n"
              "[    5.000002] RIP: 0010:0x0\n"
              "[    5.000002] Call Trace:\n"
              "[    5.000003]  ? dump_stack+0x1/0x40\n[    5.000004]  ? frob_push+0x1/0x40\n"
              "[    5.000005]  ? gear_turn+0x1/0x40\n[    5.000006]  ? gear_start+0x1/0x40\n",
      .title = "general protection fault in corrupted",
      .function = "frob_push",
      .kernel = "4.4.10",
      .n_frames = 4,
      .first = "dump_stack",
      .last = "gear_start" },
    { .name = "an injected fault in between",
      .text = "[    5.000000] INFO: task frob:12 blocked for more than 120 seconds.\n"
              "[    5.000001]       Not tainted 4.4.10 #1\n"
              "[    5.000002] Call Trace:\n"
              "[    5.000003]  schedule+0x1/0x40\n[    5.000004]  should_failslab+0x1/0x40\n"
              "[    5.000005]  gear_turn+0x1/0x40\n[    5.000006]  gear_start+0x1/0x40\n",
      .title = "INFO: task hung in should_failslab",
      .function = "should_failslab",
      .kernel = "4.4.10",
      .n_frames = 4,
      .first = "schedule",
      .last = "gear_start" },
    { .name = "a console that went away",
      .text = "[    5.000000] INFO: task frob:12 blocked for more than 120 seconds.\n"
              "[    5.000001] serialport: VM disconnected.\n"
              "[    5.000002] Call Trace:\n"
              "[    5.000003]  schedule+0x1/0x40\n[    5.000004]  gear_stop+0x1/0x40\n"
              "[    5.000005]  gear_turn+0x1/0x40\n[    5.000006]  gear_start+0x1/0x40\n",
      .title = "INFO: task hung in gear_stop",
      .function = "gear_stop",
      .n_frames = 4,
      .first = "schedule",
      .last = "gear_start" },
    { .name = "a panic of Rust code and the BUG that ends it are one",
      .text = "[    5.000000] rust_kernel: panicked at drivers/frob/push.rs:12:\n"
              "[    5.000001] attempt to push with nobody there\n"
              "[    5.000002] ------------[ cut here ]------------\n"
              "[    5.000003] kernel BUG at rust/helpers/bug.c:7!\n"
              "[    5.000004] Oops: invalid opcode: 0000 [#1] PREEMPT SMP\n"
              "[    5.000005] CPU: 1 PID: 12 Comm: a Not tainted 6.12.1 #1\n"
              "[    5.000006] RIP: 0010:rust_helper_BUG+0x8/0x10\n"
              "[    5.000007] Call Trace:\n"
              "[    5.000008]  _RNvCs1_7___rustc17rust_begin_unwind+0x1/0x40\n"
              "[    5.000009]  _RNvNtCs1_4core9panicking9panic_fmt+0x1/0x40\n"
              "[    5.000010]  _RNvCs1_4frob4push+0x1/0x40\n"
              "[    5.000011]  do_syscall_64+0x1/0x40\n",
      .title = "attempt to push with nobody there in frob::push",
      .function = "_RNvCs1_4frob4push",
      .kernel = "6.12.1",
      .n_frames = 4,
      .first = "_RNvCs1_7___rustc17rust_begin_unwind",
      .last = "do_syscall_64",
      .file = "rust/helpers/bug.c",
      .whole = true },
    { .name = "places behind the frames, and the last module on a line of its own",
      .text = "[    5.000000] general protection fault: 0000 [#1] SMP\n"
              "[    5.000001] Modules linked in: frob gear\n[    5.000002]  axle\n"
              "[    5.000003] CPU: 1 PID: 12 Comm: a Tainted: G Q 4.4.10 #1\n"
              "[    5.000004] RIP: 0010:list_push include/linux/list.h:77 [inline]\n"
              "[    5.000005] RIP: 0010:kfree+0x1/0x40 mm/slub.c:88\n"
              "[    5.000006] Call Trace:\n"
              "[    5.000007]  bus_stop+0x1/0x40 drivers/bus/core.c:12\n"
              "[    5.000008]  frob_push+0x1/0x40 drivers/bus/frob/../frob/push.c:12\n"
              "[    5.000009]  vfs_gear+0x1/0x40 fs/gear/axle/turn.c:12\n"
              "[    5.000010]  do_syscall_64+0x1/0x40 arch/x86/entry/common.c:12\n",
      .title = "general protection fault in bus_stop",
      .function = "bus_stop",
      .kernel = "4.4.10",
      .n_frames = 4,
      .first = "bus_stop",
      .last = "do_syscall_64",
      .n_taints = 1,
      .n_modules = 3,
      .file = "drivers/bus/frob/push.c",
      .whole = true },
    { .name = "nothing but headers: the first is better than none",
      .text = "[    5.000000] general protection fault: 0000 [#1] SMP\n"
              "[    5.000001] RIP: 0010:frob_push+0x1/0x40 include/linux/frob.h:77\n"
              "[    5.000002] Call Trace:\n"
              "[    5.000003]  a+0x1/0x40\n[    5.000004]  b+0x1/0x40\n[    5.000005]  c+0x1/0x40\n"
              "[    5.000006]  d+0x1/0x40\n",
      .title = "general protection fault in frob_push",
      .function = "frob_push",
      .n_frames = 4,
      .first = "a",
      .last = "d",
      .file = "include/linux/frob.h",
      .whole = true },
};

static void same(const struct form_row *row, const char *what, struct str got, const char *wanted)
{
    ck_assert_msg(str_eq(got, str_from(wanted ? wanted : "")), "%s: %s is '%.*s', not '%s'",
                  row->name, what, STR_ARG(got), wanted ? wanted : "");
}

static void same_count(const struct form_row *row, const char *what, size_t got, size_t wanted)
{
    ck_assert_msg(got == wanted, "%s: %zu %s, not %zu", row->name, got, what, wanted);
}

START_TEST(check_forms)
{
    const struct form_row *row = &rows[_i];
    struct crash_rig rig = crash_rig(str_from(row->text), NULL);
    const struct crash *c;

    crash_rig_run(&rig);
    same_count(row, "crashes", rig.crashes.list.n, 1);
    c = rig.crashes.list.p[0];
    same(row, "the title", c->title, row->title);
    same(row, "the function", c->function, row->function);
    same(row, "the module", c->module, row->module);
    same(row, "the kernel", c->kernel, row->kernel);
    same(row, "the file", c->source_file, row->file);
    same_count(row, "frames", c->call_trace.n, row->n_frames);
    same(row, "the first frame", c->call_trace.p[0].function, row->first);
    same(row, "the last frame", c->call_trace.p[c->call_trace.n - 1].function, row->last);
    same_count(row, "flags", c->taint.n, row->n_taints);
    same_count(row, "modules", c->modules.n, row->n_modules);
    ck_assert_msg((c->corrupted_reason == NULL) == row->whole, "%s: %s", row->name,
                  c->corrupted_reason ? c->corrupted_reason : "whole");
    crash_rig_done(&rig);
}
END_TEST

/* The guess of an unsure report is offered as another title. */
START_TEST(check_guess)
{
    struct crash_rig rig =
            crash_rig(STR("[    5.000000] general protection fault: 0000 [#1] SMP\n"
                          "[    5.000001] RIP: 0010:0x0\n"
                          "[    5.000001] Call Trace:\n[    5.000002]  ? frob_push+0x1/0x40\n"),
                      NULL);
    const struct crash *c;
    bool offered = false;

    crash_rig_run(&rig);
    c = rig.crashes.list.p[0];
    for (size_t i = 0; i < c->alt_titles.n; i++)
        offered |= str_eq(c->alt_titles.p[i], STR("general protection fault in frob_push"));
    ck_assert(offered);
    crash_rig_done(&rig);
}
END_TEST

/* Firmware and programs write the same words. */
START_TEST(check_bare_headers)
{
    static const char *const texts[] = {
        "INFO: GICv3 without legacy support detected\n",
        "WARNING: RO_VPD is uninitialized\n",
        "BUG: could not find a gear\n",
        "INFO: frob.sh: 12 tests passed\n",
        "general protection fault\n",
        "[    5.000000] traps: frob[12] trap divide error ip:400 sp:7ff error:0 in frob[400+1]\n",
        "[    5.000000] traps: frob[12] general protection fault ip:7f00 sp:7ff error:0 in "
        "libc.so[7f00+1000]\n",
        "[    5.000000] frob[12]: segfault at 10 ip 0000 sp 0000 error 4 in frob[400+1]\n",
        "[    5.000000] gear: INFO: turned\n",
    };
    struct crash_rig rig = crash_rig(str_from(texts[_i]), NULL);

    crash_rig_run(&rig);
    ck_assert_msg(rig.crashes.list.n == 0, "%s", texts[_i]);
    crash_rig_done(&rig);
}
END_TEST

Suite *check_crash_forms(void);

Suite *check_crash_forms(void)
{
    Suite *s = suite_create("crash_forms");
    TCase *t = tcase_create("crash_forms");

    tcase_add_loop_test(t, check_forms, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, check_guess);
    tcase_add_loop_test(t, check_bare_headers, 0, 9);
    suite_add_tcase(s, t);
    return s;
}
