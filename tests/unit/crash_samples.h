/* SPDX-License-Identifier: Apache-2.0 */
/* Crash reports made up for the tests, in the forms that kernels print. */
#pragma once

#define OOPS_BODY                                                                                  \
    "[   12.000001] #PF: supervisor write access in kernel mode\n"                                 \
    "[   12.000002] #PF: error_code(0x0002) - not-present page\n"                                  \
    "[   12.000003] PGD 0 P4D 0\n"                                                                 \
    "[   12.000004] Oops: 0002 [#1] SMP PTI\n"                                                     \
    "[   12.000005] CPU: 3 PID: 471 Comm: frob worker Tainted: G        W  OE     5.10.7-3.ph4 "   \
    "#1-photon\n"                                                                                  \
    "[   12.000006] Hardware name: VMware, Inc. VMware Virtual Platform/440BX, BIOS 6.00 "         \
    "11/12/2020\n"                                                                                 \
    "[   12.000007] RIP: 0010:frob_push+0x1b/0x90 [frob]\n"                                        \
    "[   12.000008] Code: 48 89 e5 53 48 8b 1f <48> 89 03 5b 5d c3\n"                              \
    "[   12.000009] RSP: 0018:ffffa1b2c3d4fe10 EFLAGS: 00010246\n"                                 \
    "[   12.000010] RAX: 0000000000000001 RBX: 0000000000000010 RCX: 0000000000000000\n"           \
    "[   12.000011] CR2: 0000000000000010 CR3: 000000010a00a000 CR4: 00000000003706e0\n"           \
    "[   12.000012] Call Trace:\n"                                                                 \
    "[   12.000013]  <IRQ>\n"                                                                      \
    "[   12.000014]  ? frob_maybe+0x10/0x20 [frob]\n"                                              \
    "[   12.000015]  frob_drain.isra.0+0x4c/0x120 [frob]\n"                                        \
    "[   12.000016]  </IRQ>\n"                                                                     \
    "[   12.000017]  gear_turn+0x88/0x200 [gear 0123456789abcdef]\n"                               \
    "[   12.000018]  process_one_work+0x1d2/0x390\n"                                               \
    "[   12.000019]  worker_thread+0x45/0x3b0\n"                                                   \
    "[   12.000020]  ret_from_fork+0x22/0x30\n"                                                    \
    "[   12.000021] Modules linked in: frob(OE) gear(+) sg\n"                                      \
    "[   12.000022] ---[ end trace 0f1e2d3c4b5a6978 ]---\n"

#define OOPS                                                                                       \
    "[   12.000000] BUG: kernel NULL pointer dereference, address: 0000000000000010\n" OOPS_BODY

#define WARN                                                                                       \
    "[    7.100000] ------------[ cut here ]------------\n"                                        \
    "[    7.100001] WARNING: CPU: 0 PID: 1 at drivers/gear/turn.c:88 gear_check+0x1f/0x30 "        \
    "[gear]\n"                                                                                     \
    "[    7.100002] Modules linked in: gear\n"                                                     \
    "[    7.100003] CPU: 0 PID: 1 Comm: init Not tainted 6.1.10 #1\n"                              \
    "[    7.100004] RIP: 0010:gear_turn+0x1f/0x30 [gear]\n"                                        \
    "[    7.100005] Code: 0f 1f 44 <0f> 0b c3\n"                                                   \
    "[    7.100006] Call Trace:\n"                                                                 \
    "[    7.100007]  <TASK>\n"                                                                     \
    "[    7.100008]  gear_start+0x10/0x20 [gear]\n"                                                \
    "[    7.100009]  do_one_initcall+0x46/0x1d0\n"                                                 \
    "[    7.100010]  kernel_init+0x16/0x120\n"                                                     \
    "[    7.100011]  ret_from_fork+0x22/0x30\n"                                                    \
    "[    7.100012]  </TASK>\n"                                                                    \
    "[    7.100013] ---[ end trace 0000000000000000 ]---\n"

#define HUNG                                                                                       \
    "[  245.000000] INFO: task jbd2/sda2-8:310 blocked for more than 120 seconds.\n"               \
    "[  245.000001]       Not tainted 6.1.10 #1\n"                                                 \
    "[  245.000002] \"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.\n" \
    "[  245.000003] task:jbd2/sda2-8 state:D stack:0 pid:310 ppid:2 flags:0x00004000\n"            \
    "[  245.000004] Call Trace:\n"                                                                 \
    "[  245.000005]  <TASK>\n"                                                                     \
    "[  245.000006]  __schedule+0x2dc/0x900\n"                                                     \
    "[  245.000007]  schedule+0x5a/0xd0\n"                                                         \
    "[  245.000008]  io_schedule+0x42/0x70\n"                                                      \
    "[  245.000009]  bit_wait_io+0xd/0x60\n"                                                       \
    "[  245.000010]  jbd2_commit+0x770/0x1a00 [jbd2]\n"                                            \
    "[  245.000011]  kthread+0xe6/0x110\n"                                                         \
    "[  245.000012]  </TASK>\n"

#define FATAL                                                                                      \
    "[   12.100000] Kernel panic - not syncing: Fatal exception in interrupt\n"                    \
    "[   12.100001] Kernel Offset: 0x1c000000 from 0xffffffff81000000\n"
