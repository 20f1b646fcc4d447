/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of words; see redact_words.h. */
#include "reports/redact_words.h"

/* In lower case, in order. */
static const char *const ordinary[] = {
    "(none)",
    "0.0.0.0",
    "00:00:00:00:00:00",
    "127.0.0.1",
    "127.0.0.53",
    "169.254.169.254",
    "224.0.0.1",
    "224.0.0.251",
    "255.255.255.255",
    "::",
    "::1",
    "admin",
    "alpine",
    "arch",
    "archive",
    "backup",
    "boot",
    "bridged",
    "build",
    "buildd",
    "builder",
    "buildhost",
    "buildkitsandbox",
    "bundle",
    "case",
    "cases",
    "cause",
    "centos",
    "client",
    "cluster",
    "computer",
    "config",
    "console",
    "container",
    "crash",
    "critical",
    "current",
    "custom",
    "daemon",
    "data",
    "database",
    "debian",
    "debug",
    "default",
    "desktop",
    "dev",
    "device",
    "devices",
    "disk",
    "docker",
    "driver",
    "dump",
    "error",
    "errors",
    "eth0",
    "failed",
    "failure",
    "fatal",
    "fedora",
    "ff02::1",
    "ff02::2",
    "ff02::fb",
    "ff:ff:ff:ff:ff:ff",
    "file",
    "files",
    "filesystem",
    "firmware",
    "found",
    "guest",
    "home",
    "host",
    "hostname",
    "hostonly",
    "image",
    "info",
    "initramfs",
    "input",
    "internal",
    "journal",
    "kernel",
    "line",
    "linux",
    "live",
    "local",
    "localdomain",
    "localhost",
    "localhost.localdomain",
    "log",
    "login",
    "logs",
    "machine",
    "main",
    "master",
    "memory",
    "messages",
    "module",
    "modules",
    "mount",
    "name",
    "nat",
    "network",
    "node",
    "none",
    "note",
    "null",
    "oops",
    "panic",
    "partition",
    "photon",
    "process",
    "proxy",
    "recovery",
    "redhat",
    "report",
    "rescue",
    "root",
    "router",
    "rule",
    "samples",
    "scan",
    "serial",
    "server",
    "service",
    "session",
    "shell",
    "start",
    "state",
    "storage",
    "suse",
    "swap",
    "sys",
    "system",
    "systemd",
    "target",
    "task",
    "test",
    "testing",
    "time",
    "ubuntu",
    "udev",
    "unit",
    "unknown",
    "user",
    "users",
    "vm network",
    "vmware",
    "volume",
    "warning",
    "worker",
};

/* What directories and logs are called by those who make systems; in lower case, in order. */
static const char *const path_words[] = {
    "audit",   "auth",       "boot",   "bundle",       "by-uuid", "commands",
    "console", "containers", "corpus", "crash",        "daemon",  "debug",
    "dev",     "dmesg",      "etc",    "export",       "fifo",    "files",
    "gdb:",    "home",       "input",  "journal",      "kdump",   "kern",
    "kernel",  "kmsg",       "lab",    "lib",          "local",   "log",
    "logs",    "mem",        "memory", "messages",     "mnt",     "nvram",
    "opt",     "private",    "proc",   "pstore",       "run",     "samples",
    "scan",    "serial",     "share",  "sos_commands", "srv",     "standard input",
    "stdin",   "sys",        "syslog", "system",       "systemd", "tests",
    "tmp",     "user",       "usr",    "var",          "vmcore",  "vmcore-dmesg",
    "vmfs",    "vmkernel",   "vmware", "vmware-vmx",   "vobd",    "volumes",
};

/* What installers call volumes, groups and labels; in lower case, in order. */
static const char *const volume_words[] = {
    "almalinux", "alpine",    "arch",    "archlinux", "atomic",    "boot",     "cdrom",  "centos",
    "cl",        "cloudimg",  "control", "crypt",     "cryptroot", "data",     "debian", "disk",
    "dm",        "efi",       "esp",     "fedora",    "gpt",       "group",    "home",   "homelv",
    "install",   "installer", "iso",     "linux",     "live",      "local",    "log",    "logvol",
    "luks",      "lv",        "lvboot",  "lvhome",    "lvroot",    "lvswap",   "lvtmp",  "lvvar",
    "main",      "mbr",       "md",      "mpath",     "mpatha",    "n",        "name",   "nvme",
    "ol",        "opensuse",  "opt",     "os",        "p",         "part",     "photon", "pool",
    "primary",   "pv",        "redhat",  "rescue",    "rhel",      "rocky",    "root",   "rootfs",
    "rootlv",    "rootvg",    "sda",     "sdb",       "sdc",       "sles",     "srv",    "suse",
    "swap",      "swaplv",    "sys",     "system",    "systemvg",  "sysvg",    "tdata",  "test",
    "thin",      "tmeta",     "tmp",     "ubuntu",    "uefi",      "usb",      "usr",    "var",
    "varlv",     "vda",       "vdb",     "vg",        "vol",       "volgroup", "volume", "x",
    "xvda",
};

/* What a file is, behind its name. */
static const struct str endings[] = {
    { STR_INIT(".log") },  { STR_INIT(".txt") },     { STR_INIT(".gz") },   { STR_INIT(".xz") },
    { STR_INIT(".zst") },  { STR_INIT(".bz2") },     { STR_INIT(".tgz") },  { STR_INIT(".tar") },
    { STR_INIT(".zip") },  { STR_INIT(".vmx") },     { STR_INIT(".vmem") }, { STR_INIT(".vmss") },
    { STR_INIT(".vmsn") }, { STR_INIT(".vmdk") },    { STR_INIT(".core") }, { STR_INIT(".json") },
    { STR_INIT(".out") },  { STR_INIT(".journal") }, { STR_INIT(".old") },  { STR_INIT(".raw") },
    { STR_INIT(".elf") },  { STR_INIT(".export") },  { STR_INIT("~") },
};

/* Negative, zero or positive, letters of both cases alike; `word` is in lower case. */
static int compare(struct str s, const char *word)
{
    struct str w = str_from(word);

    for (size_t i = 0; i < s.n && i < w.n; i++)
        if (char_lower(s.p[i]) != w.p[i])
            return (int)(unsigned char)char_lower(s.p[i]) - (int)(unsigned char)w.p[i];
    return s.n < w.n ? -1 : s.n > w.n;
}

static bool is_among(struct str s, const char *const *words, size_t n)
{
    size_t low = 0;

    while (low < n) {
        size_t middle = low + (n - low) / 2;
        int order = compare(s, words[middle]);

        if (order == 0)
            return true;
        if (order > 0)
            low = middle + 1;
        else
            n = middle;
    }
    return false;
}

bool redact_is_ordinary(struct str s)
{
    return is_among(s, ordinary, sizeof ordinary / sizeof ordinary[0]);
}

static bool is_letter_part(struct str s)
{
    return is_among(s, volume_words, sizeof volume_words / sizeof volume_words[0]);
}

bool redact_is_of_words(struct str s)
{
    while (s.n) {
        size_t n = 0;

        while (n < s.n && (char_is_alpha(s.p[n]) || (unsigned char)s.p[n] >= 0x80))
            n++;
        if (n && !is_letter_part(str_first(s, n)))
            return false;
        s = str_from_at(s, n + (n < s.n));
    }
    return true;
}

bool redact_is_owners(struct str key)
{
    static const struct str names[] = { { STR_INIT("annotation") }, { STR_INIT("machine.id") } };
    static const struct str ends[] = {
        { STR_INIT("networkname") }, { STR_INIT("password") },  { STR_INIT(".key") },
        { STR_INIT("keysafe") },     { STR_INIT("guestname") }, { STR_INIT("hostpath") },
    };
    static const struct str guestinfo = { STR_INIT("guestinfo.") };
    bool owners = str_eq_nocase(str_first(key, guestinfo.n), guestinfo);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        owners = owners || str_eq_nocase(key, names[i]);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        owners = owners || (key.n >= ends[i].n &&
                            str_eq_nocase(str_from_at(key, key.n - ends[i].n), ends[i]));
    return owners;
}

bool redact_is_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!char_is_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != '-')
            return false;
    return true;
}

/* Without ".gz", ".log", ".1" and the like at its end. */
static struct str without_endings(struct str s)
{
    size_t n = s.n + 1;

    while (s.n < n) {
        size_t dot = str_find_last_char(s, '.');

        n = s.n;
        for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
            if (s.n > endings[i].n && str_ends(s, endings[i]))
                s.n -= endings[i].n;
        if (dot != STR_NOT_FOUND && dot > 0 && dot + 1 < s.n &&
            redact_is_number(str_from_at(s, dot)))
            s.n = dot;
    }
    return s;
}

size_t redact_own_part(struct str component)
{
    struct str stem = without_endings(component), word = stem;

    /* "messages-20261101", "vmware-2" */
    while (word.n && (char_is_digit(word.p[word.n - 1]) || word.p[word.n - 1] == '-'))
        word.n--;
    if (word.n == 0 || redact_is_number(stem) ||
        is_among(word, path_words, sizeof path_words / sizeof path_words[0]) ||
        is_among(stem, path_words, sizeof path_words / sizeof path_words[0]))
        return 0;
    return stem.n;
}
