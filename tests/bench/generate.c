/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes what the benchmark reads, the same bytes every time:
 *
 *     generate log BYTES     a vmware.log of ordinary lines that ends in a panic of the guest
 *     generate crashes BYTES a console's log of boots that crash again and again
 *     generate export N      journalctl -o export: N records of three boots
 *     generate line BYTES    one line without an end
 *     generate rules N       a rule pack with N rules that no line matches
 *
 * All texts are ours, in the forms that VMware ESX 8 and Linux use.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* '#' becomes a decimal digit, '@' a hexadecimal one. */
static const struct {
    const char *thread, *text;
    unsigned weight;
} ordinary[] = {
    { "vmx", "CDROM: Checking initial physical media connect state of unit #", 4 },
    { "vmx", "SnapshotVMX_Consolidate: progress ##% done, ### MB of #### MB copied", 3 },
    { "vmx", "DISKLIB-LIB   : Flushed ### grains of disk ###-######.vmdk in ## ms", 5 },
    { "vmx", "DISKLIB-CHAIN : \"/vmfs/volumes/@@@@@@@@/web-##/web-##.vmdk\" : reopened (##) ok",
      3 },
    { "vmx", "GuestRpc: Channel #, guest application toolbox-dnd. Reinitialized", 3 },
    { "vmx", "TOOLS state change #: returned status ##, heartbeat ######", 4 },
    { "vmx",
      "VigorTransport_ServerSendResponse opID=@@@@@@@@-##-@@@@ seq=#####: Completed Vm request",
      6 },
    { "vmx", "Vix: [mainDispatch.c:####]: VMAutomation: answering request ######", 4 },
    { "vmx", "MemSched: caller # numvm # locked pages: num ###### max ######", 4 },
    { "vmx", "StateLogger: vmx state ## to ## after ###### us", 2 },
    { "vmx", "UTIL: Current file descriptor limit: soft ####, hard #####", 1 },
    { "vmx", "Tools: Changing running status: # => #, capabilities 0x@@@@@@@@", 2 },
    { "vmx", "GuestInfo: set key guestinfo.ip to 10.##.##.## for nic #", 4 },
    { "vcpu-0", "PIIX4: PM resume event, cntr 0x@@@@@@@@, ticks ########", 2 },
    { "vcpu-0", "VMMouse: CMD Read ID, queue ## of ##", 3 },
    { "vcpu-1", "Guest MSR read (0x@@@@: 0x@@@@@@@@@@@@@@@@)", 4 },
    { "vcpu-2", "PVSCSI: Guest adapter scsi#: ring pages ##, requests ########", 4 },
    { "vcpu-3", "Ethernet#: MAC 00:50:56:@@:@@:@@, rx ring size ####, tx ring size ####", 3 },
    { "vcpu-0", "Guest: toolbox: plugin timeSync: offset ### us, slew rate #.###", 6 },
    { "vcpu-0", "Guest: vmsvc: nic ## has ## addresses, publishing in ## s", 5 },
    { "svga", "SVGA: FIFO capabilities 0x@@@@@@@@, screen # at ####x####", 3 },
    { "mks", "MKS-RenderMain: frame ########, backlog ## in ### us", 5 },
    { "worker-#######", "AIOMGR-S : stat o=# r=##### w=###### i=# br=######## bw=########", 5 },
    { "worker-#######", "SyncDriver: thaw of volume ## took ### ms", 2 },
};

static const char *const boot[] = {
    "<5>[    0.000000] Linux version 6.1.83-4.ph5-esx (root@builder) (gcc (GCC) 12.2.0) #1-photon "
    "SMP",
    "<6>[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz root=/dev/sdc1 "
    "init=/lib/systemd/systemd ro",
    "<6>[    0.000000] BIOS-provided physical RAM map:",
    "<6>[    0.000000] Hypervisor detected: VMware",
    "<6>[    0.312000] scsi host0: VMware PVSCSI storage adapter rev 2, req/cmp/msg rings: 8/8/1 "
    "pages",
    "<5>[    0.845000] sd 0:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)",
    "<6>[    0.851000]  sda: sda1 sda2",
    "<3>[    1.125782] VFS: Cannot open root device \"sdc1\" or unknown-block(0,0): error -6",
    "<2>[    1.125790] Please append a correct \"root=\" boot option; here are the available "
    "partitions:",
    "<4>[    1.125800] 0800         8388608 sda ",
    "<4>[    1.125801]  driver: sd",
    "<4>[    1.125802]   0801         8384512 sda1 5b0d3a52-7c1c-4a55-9f40-2c7c1fd5d1aa",
    "<0>[    1.125810] Kernel panic - not syncing: VFS: Unable to mount root fs on "
    "unknown-block(0,0)",
    "<4>[    1.125812] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.1.83-4.ph5-esx #1-photon",
    "<4>[    1.125815] Call Trace:",
    "<4>[    1.125817]  <TASK>",
    "<4>[    1.125819]  dump_stack_lvl+0x34/0x48",
    "<4>[    1.125821]  panic+0x102/0x2a4",
    "<4>[    1.125823]  mount_block_root+0x1ce/0x25d",
    "<4>[    1.125825]  </TASK>",
};

/* Of a console: '&' becomes a function's name. */
static const char *const kernel_says[] = {
    "eth#: NIC Link is Up #### Mbps Full Duplex",
    "EXT4-fs (sda#): mounted filesystem with ordered data mode",
    "audit: type=1### audit(1700######.###:##): pid=#### uid=0 auid=#### ses=##",
    "usb #-#: new high-speed USB device number ## using xhci_hcd",
    "systemd[1]: Started session ## of user user####.",
    "device veth@@@@@@@ entered promiscuous mode",
    "br-@@@@@@@@: port #(veth@@@@@@@) entered forwarding state",
    "perf: interrupt took #### ns, lowering the sample rate to #####",
};

static const char *const oops[] = {
    "BUG: unable to handle page fault for address: ffff@@@@@@@@@@@@",
    "#PF: supervisor read access in kernel mode",
    "#PF: error_code(0x0000) - not-present page",
    "PGD 100000067 P4D 100000067 PUD 0 ",
    "Oops: 0000 [#1] PREEMPT SMP PTI",
    "CPU: # PID: #### Comm: worker-## Tainted: G           OE     6.1.83-bench #1",
    "Hardware name: VMware, Inc. VMware Virtual Platform/440BX, BIOS 6.00 11/12/2020",
    "RIP: 0010:&+0x1@/0x3@@ [gearbox]",
    "Code: 48 89 e5 41 55 41 54 53 48 8b 9f @@ 00 00 00 <48> 8b 03 48 89 df e8 @@ @@ ff ff",
    "RSP: 0018:ffffc9000@@@@@@@ EFLAGS: 000102@@",
    "RAX: 00000000@@@@@@@@ RBX: ffff@@@@@@@@@@@@ RCX: 00000000000000@@",
    "RDX: 0000000000000001 RSI: ffff@@@@@@@@@@@@ RDI: ffff@@@@@@@@@@@@",
    "RBP: ffffc9000@@@@@@@ R08: 0000000000000000 R09: 0000000000000@@@",
    "R10: 0000000000000@@@ R11: 0000000000000001 R12: ffff@@@@@@@@@@@@",
    "R13: ffff@@@@@@@@@@@@ R14: 00000000000000c0 R15: 0000000000000000",
    "FS:  0000000000000000(0000) GS:ffff@@@@@@@@@@@@(0000) knlGS:0000000000000000",
    "CS:  0010 DS: 0000 ES: 0000 CR0: 0000000080050033",
    "CR2: ffff@@@@@@@@@@@@ CR3: 0000000@@@@@@000 CR4: 00000000003706e0",
    "Call Trace:",
    " <TASK>",
    " &+0x@@/0x1@@ [gearbox]",
    " &+0x@@/0x2@@",
    " ? &+0x@@/0x@@@",
    " &+0x@@/0x1@@",
    " process_one_work+0x1d@/0x380",
    " worker_thread+0x4@/0x3a0",
    " kthread+0xd@/0x100",
    " ret_from_fork+0x1f/0x30",
    " </TASK>",
    "Modules linked in: gearbox(OE) vmw_vsock_vmci_transport vsock vmw_balloon vmxnet3 vmw_pvscsi",
    "---[ end trace @@@@@@@@@@@@@@@@ ]---",
};

static const char *const warning[] = {
    "------------[ cut here ]------------",
    "WARNING: CPU: # PID: #### at net/gear/wheel.c:### &+0x1@@/0x2@@",
    "Modules linked in: gear vmw_balloon vmxnet3 vmw_pvscsi",
    "CPU: # PID: #### Comm: swapper/# Not tainted 6.1.83-bench #1",
    "Hardware name: VMware, Inc. VMware Virtual Platform/440BX, BIOS 6.00 11/12/2020",
    "RIP: 0010:&+0x1@@/0x2@@",
    "Code: @@ 0f 0b 48 83 c4 08 c3 <0f> 0b eb @@ 66 0f 1f 44 00 00 48",
    "RSP: 0018:ffffc9000@@@@@@@ EFLAGS: 000102@@",
    "RAX: 00000000000000@@ RBX: ffff@@@@@@@@@@@@ RCX: 0000000000000000",
    "Call Trace:",
    " <IRQ>",
    " &+0x@@/0x2@@",
    " &+0x@@/0x1@@",
    " call_timer_fn+0x2@/0x130",
    " __do_softirq+0xc@/0x2@@",
    " </IRQ>",
    " &+0x@@/0x1@@",
    " cpu_startup_entry+0x19/0x20",
    "---[ end trace @@@@@@@@@@@@@@@@ ]---",
};

static const char *const lockup[] = {
    "watchdog: BUG: soft lockup - CPU## stuck for ##s! [worker-##:####]",
    "Modules linked in: gear vmw_balloon vmxnet3 vmw_pvscsi",
    "CPU: # PID: #### Comm: worker-## Not tainted 6.1.83-bench #1",
    "RIP: 0010:&+0x@@/0x1@@",
    "RSP: 0018:ffffc9000@@@@@@@ EFLAGS: 000002@@",
    "Call Trace:",
    " <TASK>",
    " &+0x@@/0x2@@",
    " &+0x@@/0x2@@",
    " do_syscall_64+0x3@/0x90",
    " entry_SYSCALL_64_after_hwframe+0x63/0xcd",
    " </TASK>",
};

static const char *const sanitizer[] = {
    "==================================================================",
    "BUG: KASAN: slab-use-after-free in &+0x@@@/0x5@@",
    "Read of size 8 at addr ffff@@@@@@@@@@@@ by task worker-##/####",
    "",
    "CPU: # PID: #### Comm: worker-## Not tainted 6.1.83-bench #1",
    "Call Trace:",
    " <TASK>",
    " dump_stack_lvl+0x34/0x48",
    " print_report+0x172/0x47d",
    " kasan_report+0xad/0x130",
    " &+0x@@@/0x5@@",
    " &+0x@@/0x2@@",
    " do_syscall_64+0x3@/0x90",
    " </TASK>",
    "",
    "Allocated by task ####:",
    " kasan_save_stack+0x1e/0x40",
    " &+0x@@/0x2@@",
    "",
    "Freed by task ####:",
    " kasan_save_stack+0x1e/0x40",
    " &+0x@@/0x2@@",
    "",
    "Memory state around the buggy address:",
    " ffff@@@@@@@@@@@@: fa fb fb fb fb fb fb fb fb fb fb fb fb fb fb fb",
    ">ffff@@@@@@@@@@@@: fb fb fb fb fb fb fb fb fb fb fb fb fb fb fb fb",
    "==================================================================",
};

static const char *const hung_task[] = {
    "INFO: task worker-##:#### blocked for more than ### seconds.",
    "      Not tainted 6.1.83-bench #1",
    "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.",
    "task:worker-##       state:D stack:    0 pid: #### ppid:     2 flags:0x00004000",
    "Call Trace:",
    " <TASK>",
    " __schedule+0x2@@/0x9@@",
    " schedule+0x4@/0xb0",
    " &+0x@@/0x2@@",
    " &+0x@@/0x2@@",
    " kthread+0xd@/0x100",
    " </TASK>",
};

/* xorshift: the same numbers everywhere. */
static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 33) % below;
}

/* A name of three words, one of some thousand. */
static size_t put_function(char *out, uint64_t *seed)
{
    static const char *const words[] = { "gear",  "wheel", "shaft", "tooth", "clutch", "brake",
                                         "pedal", "chain", "lever", "crank", "spring", "valve" };
    int n = sprintf(out, "%s_%s_%s", words[draw(seed, COUNT(words))],
                    words[draw(seed, COUNT(words))], words[draw(seed, COUNT(words))]);

    return (size_t)n;
}

static size_t fill_in(char *out, const char *text, uint64_t *seed)
{
    char *p = out;

    for (; *text; text++) {
        if (*text == '&')
            p += put_function(p, seed);
        else if (*text == '#')
            *p++ = "0123456789"[draw(seed, 10)];
        else if (*text == '@')
            *p++ = "0123456789abcdef"[draw(seed, 16)];
        else
            *p++ = *text;
    }
    return (size_t)(p - out);
}

static size_t put_stamp(char *out, uint64_t ms, const char *thread, uint64_t *seed)
{
    uint64_t s = ms / 1000;
    int n = snprintf(out, 64,
                     "2024-%02" PRIu64 "-%02" PRIu64 "T%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64
                     ".%03" PRIu64 "Z In(05) ",
                     1 + s / 86400 / 28 % 12, 1 + s / 86400 % 28, s / 3600 % 24, s / 60 % 60,
                     s % 60, ms % 1000);
    size_t at = (size_t)n;

    at += fill_in(out + at, thread, seed);
    memcpy(out + at, " - ", 3);
    return at + 3;
}

static void put_line(uint64_t *ms, const char *thread, const char *text, uint64_t *seed)
{
    char line[1024];
    size_t n;

    *ms += draw(seed, 40);
    n = put_stamp(line, *ms, thread, seed);
    n += fill_in(line + n, text, seed);
    line[n++] = '\n';
    fwrite(line, 1, n, stdout);
}

static void put_log(uint64_t bytes)
{
    uint64_t seed = 1, ms = 0, lines = bytes / 102;
    uint32_t weights = 0;

    for (size_t i = 0; i < COUNT(ordinary); i++)
        weights += ordinary[i].weight;
    put_line(&ms, "vmx", "Log for VMware ESX pid=####### version=8.0.2 build=build-########",
             &seed);
    put_line(&ms, "vmx", "PowerOn", &seed);
    while (lines--) {
        uint32_t at = draw(&seed, weights);
        size_t i = 0;

        for (; at >= ordinary[i].weight; i++)
            at -= ordinary[i].weight;
        put_line(&ms, ordinary[i].thread, ordinary[i].text, &seed);
    }
    put_line(&ms, "vcpu-0", "CPU reset: hard (mode BIOS)", &seed);
    for (size_t i = 0; i < COUNT(boot); i++) {
        /* These texts are meant as they stand. */
        char line[1024];
        size_t n = put_stamp(line, ms, "vcpu-0", &seed);

        n += (size_t)snprintf(line + n, sizeof line - n, "Guest: %s\n", boot[i]);
        fwrite(line, 1, n, stdout);
    }
}

static uint64_t put_console(uint64_t *us, const char *text, uint64_t *seed)
{
    char line[1024];
    size_t n;

    *us += draw(seed, 900);
    n = (size_t)snprintf(line, 64, "[%5" PRIu64 ".%06" PRIu64 "] ", *us / 1000000, *us % 1000000);
    n += fill_in(line + n, text, seed);
    line[n++] = '\n';
    fwrite(line, 1, n, stdout);
    return n;
}

/* A boot has up to 40 reports, with up to 60 lines of a running system before each. */
static void put_crashes(uint64_t bytes)
{
#define REPORT(name)                                                                               \
    {                                                                                              \
        name, COUNT(name)                                                                          \
    }
    static const struct {
        const char *const *lines;
        size_t n;
    } reports[] = { REPORT(oops), REPORT(warning), REPORT(lockup), REPORT(sanitizer),
                    REPORT(hung_task) };
    uint64_t seed = 3, us = 0, done = 0;

    for (uint32_t left = 0; done < bytes; left--) {
        uint32_t r = draw(&seed, COUNT(reports));

        if (left == 0) {
            us = 0;
            left = 1 + draw(&seed, 40);
            done += put_console(
                    &us, "Linux version 6.1.83-bench (root@builder) (gcc 12.2.0) #1 SMP", &seed);
        }
        for (uint32_t n = draw(&seed, 60); n; n--) {
            us += draw(&seed, 1000000);
            done += put_console(&us, kernel_says[draw(&seed, COUNT(kernel_says))], &seed);
        }
        for (size_t i = 0; i < reports[r].n; i++)
            done += put_console(&us, reports[r].lines[i], &seed);
    }
}

static void put_one_line(uint64_t bytes)
{
    char part[4096];

    for (size_t i = 0; i < sizeof part; i++)
        part[i] = "all work and no play "[i % 21];
    for (; bytes > sizeof part; bytes -= sizeof part)
        fwrite(part, 1, sizeof part, stdout);
    fwrite(part, 1, (size_t)bytes, stdout);
}

/* A text of four made-up words, another one for each number. */
static void put_words(uint64_t *seed)
{
    static const char *const heads[] = { "re", "un", "dis", "over", "sub", "inter", "pre", "mis" };
    static const char *const roots[] = { "quorate", "lation", "mount", "vector", "signal", "fence",
                                         "journal", "lock",   "page",  "node",   "queue",  "thread",
                                         "plane",   "zone",   "route", "cache" };
    static const char *const tails[] = {
        "ed", "ing", "able", "less", "ness", "ward", "ful", "ish"
    };

    for (int i = 0; i < 4; i++)
        printf("%s%s%s%s", i ? " " : "", heads[draw(seed, COUNT(heads))],
               roots[draw(seed, COUNT(roots))], tails[draw(seed, COUNT(tails))]);
}

static void put_rules(uint64_t n)
{
    uint64_t seed = 7;

    printf("lastwords: 1\npack: bench\nrules:\n");
    for (uint64_t i = 0; i < n; i++) {
        printf("- id: host.bench-%" PRIu64 "\n"
               "  title: Synthetic rule %" PRIu64 "\n"
               "  category: host\n"
               "  severity: error\n"
               "  match:\n    regex: '",
               i, i);
        put_words(&seed);
        printf(": code (?<code>\\d+) on unit (?<unit>\\S+)'\n"
               "    origin: host\n"
               "  diagnosis: Nothing real.\n"
               "  remediation:\n    - Nothing to do.\n");
    }
}

/* One in four is the kernel's; the others carry what journald adds to a service's records. */
static void put_export(uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        uint64_t of = i * 3 / n, us = 1000 + i * 997;

        printf("__CURSOR=s=1;i=%" PRIx64 "\n__REALTIME_TIMESTAMP=%" PRIu64
               "\n__MONOTONIC_TIMESTAMP=%" PRIu64 "\n_BOOT_ID=%032" PRIx64
               "\n_MACHINE_ID=%032x\n_HOSTNAME=made\n",
               i, UINT64_C(1790000000000000) + of * UINT64_C(1000000000000) + us, us + 50,
               of + 1, 10);
        if (i % 4 == 0)
            printf("_TRANSPORT=kernel\nSYSLOG_IDENTIFIER=kernel\nSYSLOG_FACILITY=0\nPRIORITY=%u\n"
                   "_SOURCE_MONOTONIC_TIMESTAMP=%" PRIu64
                   "\nMESSAGE=gear 0000:%02x:1f.%u: tooth %u: "
                   "assigned [mem 0x%" PRIx64 "-0x%" PRIx64 "]\n\n",
                   (unsigned)(i % 8), us, (unsigned)(i % 256), (unsigned)(i % 8), (unsigned)(i % 6),
                   i * 4096, i * 4096 + 4095);
        else
            printf("_TRANSPORT=journal\nSYSLOG_IDENTIFIER=clerk%u\nSYSLOG_FACILITY=3\nPRIORITY=6\n"
                   "_PID=%u\n_UID=0\n_GID=0\n_COMM=clerk\n_EXE=/usr/bin/clerk\n"
                   "_CMDLINE=/usr/bin/clerk --serve --instance %u\n_SYSTEMD_UNIT=clerk%u.service\n"
                   "_SYSTEMD_CGROUP=/system.slice/clerk%u.service\n_SYSTEMD_SLICE=system.slice\n"
                   "_CAP_EFFECTIVE=1ffffffffff\n_SOURCE_REALTIME_TIMESTAMP=%" PRIu64
                   "\nCODE_FILE=src/clerk.c\nCODE_LINE=%u\nCODE_FUNC=serve\n"
                   "MESSAGE=request %" PRIu64 " served in %u ms for client %u\n\n",
                   (unsigned)(i % 7), 400 + (unsigned)(i % 900), (unsigned)(i % 900),
                   (unsigned)(i % 7), (unsigned)(i % 7), us, 100 + (unsigned)(i % 50), i,
                   (unsigned)(i % 313), (unsigned)(i % 77));
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *word;
        void (*put)(uint64_t n);
    } kinds[] = { { "log", put_log },
                  { "crashes", put_crashes },
                  { "export", put_export },
                  { "line", put_one_line },
                  { "rules", put_rules } };

    for (size_t i = 0; argc == 3 && i < COUNT(kinds); i++) {
        if (strcmp(argv[1], kinds[i].word) == 0) {
            kinds[i].put(strtoull(argv[2], NULL, 10));
            return fflush(stdout) || ferror(stdout);
        }
    }
    fprintf(stderr, "usage: generate log|crashes|export|line|rules NUMBER\n");
    return 2;
}
