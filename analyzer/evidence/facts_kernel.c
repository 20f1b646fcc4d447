/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel and the machine as it saw it: banner, taint, distribution, hypervisor, memory, CPUs.
 */
#include "analyzer/evidence/extract.h"

/* A word in a text, and what it tells. */
struct sign {
    struct str needle, meaning;
};

/* The first that stands in the banner decides, so the derived distributions come first. */
static const struct sign banner_distros[] = {
    { { STR_INIT("-photon") }, { STR_INIT("photon") } },
    { { STR_INIT("@photon") }, { STR_INIT("photon") } },
    { { STR_INIT("Ubuntu") }, { STR_INIT("ubuntu") } },
    { { STR_INIT("Debian") }, { STR_INIT("debian") } },
    { { STR_INIT("rockylinux") }, { STR_INIT("rocky") } },
    { { STR_INIT("almalinux") }, { STR_INIT("almalinux") } },
    { { STR_INIT("centos") }, { STR_INIT("centos") } },
    { { STR_INIT("uek.") }, { STR_INIT("oracle") } },
    { { STR_INIT(".fc") }, { STR_INIT("fedora") } },
    { { STR_INIT("amzn") }, { STR_INIT("amazon") } },
    { { STR_INIT("redhat.com") }, { STR_INIT("rhel") } },
    { { STR_INIT("SUSE") }, { STR_INIT("suse") } },
    { { STR_INIT("archlinux") }, { STR_INIT("arch") } },
    { { STR_INIT("-arch") }, { STR_INIT("arch") } },
    { { STR_INIT("Alpine") }, { STR_INIT("alpine") } },
};

/* "Welcome to Photon OS 5.0": PRETTY_NAME of os-release. */
static const struct sign welcome_distros[] = {
    { { STR_INIT("Photon") }, { STR_INIT("photon") } },
    { { STR_INIT("VMware Photon") }, { STR_INIT("photon") } },
    { { STR_INIT("Ubuntu") }, { STR_INIT("ubuntu") } },
    { { STR_INIT("Debian") }, { STR_INIT("debian") } },
    { { STR_INIT("Rocky") }, { STR_INIT("rocky") } },
    { { STR_INIT("AlmaLinux") }, { STR_INIT("almalinux") } },
    { { STR_INIT("CentOS") }, { STR_INIT("centos") } },
    { { STR_INIT("Oracle Linux") }, { STR_INIT("oracle") } },
    { { STR_INIT("Fedora") }, { STR_INIT("fedora") } },
    { { STR_INIT("Amazon Linux") }, { STR_INIT("amazon") } },
    { { STR_INIT("Red Hat") }, { STR_INIT("rhel") } },
    { { STR_INIT("openSUSE") }, { STR_INIT("suse") } },
    { { STR_INIT("SUSE") }, { STR_INIT("suse") } },
    { { STR_INIT("Arch Linux") }, { STR_INIT("arch") } },
};

/* Words of the banner, and systemd's "Detected architecture …". */
static const struct sign arch_signs[] = {
    { { STR_INIT("x86_64") }, { STR_INIT("x86_64") } },
    { { STR_INIT("x86-64") }, { STR_INIT("x86_64") } },
    { { STR_INIT("-amd64") }, { STR_INIT("x86_64") } },
    { { STR_INIT("aarch64") }, { STR_INIT("aarch64") } },
    { { STR_INIT("arm64") }, { STR_INIT("aarch64") } },
    { { STR_INIT("i686") }, { STR_INIT("i686") } },
    { { STR_INIT("-686") }, { STR_INIT("i686") } },
    { { STR_INIT("ppc64le") }, { STR_INIT("ppc64le") } },
    { { STR_INIT("s390x") }, { STR_INIT("s390x") } },
    { { STR_INIT("riscv64") }, { STR_INIT("riscv64") } },
};

/* "Hypervisor detected: VMware", "Booting paravirtualized kernel on KVM", systemd's "vmware." */
static const struct sign hypervisors[] = {
    { { STR_INIT("vmware") }, { STR_INIT("vmware") } },
    { { STR_INIT("kvm") }, { STR_INIT("kvm") } },
    { { STR_INIT("microsoft") }, { STR_INIT("hyperv") } },
    { { STR_INIT("hyper-v") }, { STR_INIT("hyperv") } },
    { { STR_INIT("xen") }, { STR_INIT("xen") } },
    { { STR_INIT("qemu") }, { STR_INIT("qemu") } },
    { { STR_INIT("oracle") }, { STR_INIT("virtualbox") } },
    { { STR_INIT("jailhouse") }, { STR_INIT("jailhouse") } },
    { { STR_INIT("acrn") }, { STR_INIT("acrn") } },
};

/* Photon's flavours by the end of the release; the generic one has none of them. */
static const struct sign flavours[] = {
    { { STR_INIT("-esx") }, { STR_INIT("esx") } },
    { { STR_INIT("-secure") }, { STR_INIT("secure") } },
    { { STR_INIT("-rt") }, { STR_INIT("rt") } },
    { { STR_INIT("-aws") }, { STR_INIT("aws") } },
};

#define N(array) (sizeof(array) / sizeof(array)[0])

/* What the first sign that stands in the text means; empty when none does. */
static struct str meaning_in(const struct sign *signs, size_t n, struct str text)
{
    for (size_t i = 0; i < n; i++)
        if (str_find(text, signs[i].needle) != STR_NOT_FOUND)
            return signs[i].meaning;
    return (struct str){ 0 };
}

static struct str meaning_at_start(const struct sign *signs, size_t n, struct str text)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(str_first(text, signs[i].needle.n), signs[i].needle))
            return signs[i].meaning;
    return (struct str){ 0 };
}

static void set_known(struct extraction *x, enum fact_id id, struct str text)
{
    if (text.n)
        extract_text(x, id, text, SORT_OTHER);
}

/* "6.1.138" of "6.1.138-5.ph5-esx". */
static struct str numeric_part(struct str release)
{
    size_t n = 0;

    while (n < release.n && (char_is_digit(release.p[n]) || release.p[n] == '.'))
        n++;
    while (n && release.p[n - 1] == '.')
        n--;
    return str_first(release, n);
}

static bool has_photon_release(struct str release)
{
    size_t at = str_find(release, STR(".ph"));

    return at != STR_NOT_FOUND && at + 3 < release.n && char_is_digit(release.p[at + 3]);
}

/* Flavours are Photon's; elsewhere the fact stays unknown, but nobody else has an -esx kernel. */
struct str kernel_flavour(struct str release, bool photon)
{
    for (size_t i = 0; i < N(flavours); i++)
        if (str_ends(release, flavours[i].needle))
            return photon || i == 0 ? flavours[i].meaning : (struct str){ 0 };
    return photon ? STR("generic") : (struct str){ 0 };
}

/* Linux version 6.1.138-5.ph5-esx (root@photon) (gcc (GCC) 12.2.0, …) #1-photon SMP … */
void take_banner(struct extraction *x)
{
    struct str release, banner = x->rest;
    struct str distro;

    if (!str_take_word(&banner, &release) || !char_is_digit(release.p[0]))
        return;
    distro = has_photon_release(release) ? STR("photon")
                                         : meaning_in(banner_distros, N(banner_distros), x->rest);
    extract_text(x, FACT_KERNEL_RELEASE, release, SORT_OTHER);
    set_known(x, FACT_KERNEL_VERSION, numeric_part(release));
    set_known(x, FACT_KERNEL_FLAVOUR, kernel_flavour(release, str_eq(distro, STR("photon"))));
    set_known(x, FACT_KERNEL_ARCH, meaning_in(arch_signs, N(arch_signs), x->rest));
    set_known(x, FACT_DISTRO, distro);
    drivers_from_kernel(x);
}

void take_architecture(struct extraction *x)
{
    set_known(x, x->fact, meaning_in(arch_signs, N(arch_signs), x->rest));
}

/* arm prints a short number here, arm64 ten digits: "Booting Linux on physical CPU 0x0000000000 "
 */
void take_boot_cpu(struct extraction *x)
{
    struct str in = x->rest, digits;

    if (str_take(&in, STR("0x")) && str_take_word(&in, &digits) && digits.n == 10)
        extract_text(x, x->fact, STR("aarch64"), SORT_OTHER);
}

void take_welcome(struct extraction *x)
{
    set_known(x, x->fact, meaning_at_start(welcome_distros, N(welcome_distros), x->rest));
}

void take_hypervisor(struct extraction *x)
{
    set_known(x, x->fact, meaning_at_start(hypervisors, N(hypervisors), x->rest));
}

/*
 * CPU: 0 PID: 1 Comm: swapper/0 Tainted: G        W          6.1.0-56-amd64 #1
 * The kernel pads the letters with blanks; 6.10 adds a line "Tainted: [W]=WARN", not read here.
 */
void take_taint(struct extraction *x)
{
    char letters[32];
    size_t n = 0;
    struct str before = str_trim(x->before);

    if (before.n && str_find(before, STR("Comm: ")) == STR_NOT_FOUND)
        return;
    for (size_t i = 0; i < x->rest.n && n < sizeof letters; i++) {
        char c = x->rest.p[i];

        if (c >= 'A' && c <= 'Z')
            letters[n++] = c;
        else if (c != ' ')
            break;
    }
    if (n)
        extract_text(x, x->fact, (struct str){ .p = letters, .n = n }, SORT_OTHER);
}

void take_no_taint(struct extraction *x)
{
    if (str_find(x->before, STR("Comm: ")) != STR_NOT_FOUND || !str_trim(x->before).n)
        extract_text(x, x->fact, STR(""), SORT_OTHER);
}

/* Memory: 983124K/1048056K available (14343K kernel code, …) */
void take_memory(struct extraction *x)
{
    struct str in = x->rest;
    uint64_t free_kib, total_kib;

    if (str_take_u64(&in, &free_kib) && str_take(&in, STR("K/")) && str_take_u64(&in, &total_kib) &&
        str_take(&in, STR("K available")) && total_kib <= INT64_MAX)
        extract_number(x, x->fact, (int64_t)total_kib);
}

/* "Brought up 1 node, 2 CPUs", "Brought up 2 CPUs", "Total of 2 processors activated" */
void take_cpus(struct extraction *x)
{
    struct str in = x->rest, word;
    uint64_t n = 0;

    while (str_take_spaces(&in), str_take_word(&in, &word)) {
        bool unit = str_starts(word, STR("CPU")) || str_starts(word, STR("processors"));

        if (unit && n > 0 && n <= UINT16_MAX)
            extract_number(x, x->fact, (int64_t)n);
        if (unit)
            return;
        if (!str_to_u64(word, &n))
            n = 0;
    }
}

/* Kernel is locked down from EFI Secure Boot mode; see man kernel_lockdown.7 */
void take_lockdown(struct extraction *x)
{
    if (!str_starts(x->rest, STR("EFI Secure Boot")))
        return;
    extract_flag(x, FACT_SECUREBOOT, true);
    if (!extract_known(x, FACT_LOCKDOWN))
        extract_text(x, FACT_LOCKDOWN, STR("integrity"), SORT_OTHER);
}

/*
 * ACPI: RSDP 0x00000000000F5950 000014 (v00 …): a BIOS puts the pointer below 1 MiB, where the
 * kernel searches for it; under EFI it is handed over and stands in ordinary memory.
 */
void take_rsdp(struct extraction *x)
{
    struct str in = x->rest;
    uint64_t address;

    if (str_take_hex(&in, &address) && address >= 0x80000 && address < 0x100000 &&
        !extract_known(x, x->fact))
        extract_text(x, x->fact, STR("bios"), SORT_OTHER);
}

/* Oops: 0002 [#1] PREEMPT SMP NOPTI: the number is the kernel's own count. */
void take_oops(struct extraction *x)
{
    struct str in = x->rest, before;
    const struct value *now = &x->facts->of[x->fact].value;
    uint64_t n;

    if (str_take_until_str(&in, STR("[#"), &before) && str_take_u64(&in, &n) &&
        str_take_char(&in, ']') && n <= UINT32_MAX && (int64_t)n > now->number)
        extract_number(x, x->fact, (int64_t)n);
}

/* The first panic is the reason; a second one is what happened on the way down. */
void take_panic(struct extraction *x)
{
    if (!extract_known(x, x->fact))
        take_rest(x);
}

/* "vmxnet3 0000:0b:00.0 eth0: NIC Link is Up 10000 Mbps", "e1000: eth0 NIC Link is Up", "IPv6:
 * ADDRCONF(NETDEV_CHANGE): eth0: link becomes ready": the interface is the last word before. */
void take_link(struct extraction *x)
{
    struct str before = str_trim_end(x->before);
    size_t blank;

    if (str_ends(before, STR(" NIC")))
        before = str_trim_end(str_first(before, before.n - 4));
    if (str_ends(before, STR(":")))
        before.n--;
    blank = str_find_last_char(before, ' ');
    if (blank != STR_NOT_FOUND)
        before = str_from_at(before, blank + 1);
    /* IFNAMSIZ is 16 with its NUL. */
    if (before.n && before.n < 16 && str_find_char(before, ':') == STR_NOT_FOUND)
        extract_add(x, x->fact, before, SORT_DEVICE);
}
