/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes what the benchmark reads, the same bytes every time:
 *
 *     generate log BYTES     a vmware.log of ordinary lines that ends in a panic of the guest
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

/* xorshift: the same numbers everywhere. */
static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 33) % below;
}

static size_t fill_in(char *out, const char *text, uint64_t *seed)
{
    char *p = out;

    for (; *text; text++) {
        if (*text == '#')
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

int main(int argc, char **argv)
{
    static const struct {
        const char *word;
        void (*put)(uint64_t n);
    } kinds[] = { { "log", put_log }, { "line", put_one_line }, { "rules", put_rules } };

    for (size_t i = 0; argc == 3 && i < COUNT(kinds); i++) {
        if (strcmp(argv[1], kinds[i].word) == 0) {
            kinds[i].put(strtoull(argv[2], NULL, 10));
            return fflush(stdout) || ferror(stdout);
        }
    }
    fprintf(stderr, "usage: generate log|line|rules NUMBER\n");
    return 2;
}
