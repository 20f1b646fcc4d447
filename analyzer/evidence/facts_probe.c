/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disks and partitions from ordinary probing:
 *
 *     scsi host0: VMware PVSCSI storage adapter rev 2, …
 *     sd 0:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)
 *      sda: sda1 sda2 < sda5 >
 *      nvme0n1: p1 p2
 *
 * The line of partitions holds no literal that a prefilter could find. It is looked for behind the
 * lines that announce a disk, and anywhere in the part of an input that is always read whole: the
 * result is the same however sparsely the rest is read.
 */
#include "analyzer/core/limits.h"
#include "analyzer/evidence/storage.h"

/* So many lines may stand between the announcement of a disk and its partitions. */
enum { PROBE_WANT = 64, HOSTS_MAX = 64 };

/*
 * "scsi host0: TEXT": which bus the disks behind it are on, and who drives it. The text is each
 * driver's own (its info() or proc_name).
 */
static const struct {
    struct str text, bus, driver;
} scsi_hosts[] = {
    { { STR_INIT("ahci") }, { STR_INIT("sata") }, { STR_INIT("ahci") } },
    { { STR_INIT("ata_piix") }, { STR_INIT("ide") }, { STR_INIT("ata_piix") } },
    { { STR_INIT("ata_generic") }, { STR_INIT("ide") }, { STR_INIT("ata_generic") } },
    { { STR_INIT("ata_") }, { STR_INIT("ide") }, { 0 } },
    { { STR_INIT("pata_") }, { STR_INIT("ide") }, { 0 } },
    { { STR_INIT("usb-storage") }, { STR_INIT("usb") }, { 0 } },
    { { STR_INIT("uas") }, { STR_INIT("usb") }, { 0 } },
    { { STR_INIT("VMware PVSCSI") }, { STR_INIT("scsi") }, { STR_INIT("vmw_pvscsi") } },
    { { STR_INIT("Virtio SCSI") }, { STR_INIT("scsi") }, { STR_INIT("virtio_scsi") } },
    { { STR_INIT("sym-") }, { STR_INIT("scsi") }, { STR_INIT("sym53c8xx") } },
    { { STR_INIT("") }, { STR_INIT("scsi") }, { 0 } },
};

static void expect_partitions(struct extraction *x)
{
    x->facts->state->storage.probe_lines = PROBE_WANT;
    extract_want(x, PROBE_WANT);
}

/* scsi host2: ata_piix */
void take_scsi_host(struct extraction *x)
{
    struct scsi_hosts *hosts = &x->facts->state->storage.hosts;
    struct str in = x->rest;
    struct scsi_host *host;
    uint64_t number;

    if (!str_take_u64(&in, &number) || !str_take(&in, STR(": ")) || hosts->n >= HOSTS_MAX)
        return;
    host = vec_push(x->facts->arena, hosts);
    if (!host)
        return;
    for (size_t i = 0; i < sizeof scsi_hosts / sizeof scsi_hosts[0]; i++) {
        if (!str_starts(in, scsi_hosts[i].text))
            continue;
        *host = (struct scsi_host){ .number = number, .bus = scsi_hosts[i].bus };
        if (scsi_hosts[i].driver.n)
            extract_add(x, FACT_DRIVERS_BOUND, scsi_hosts[i].driver, SORT_OTHER);
        return;
    }
}

/* The bus of "0:0:0:0", by its first number. */
static struct str bus_of(const struct extraction *x, struct str address)
{
    const struct scsi_hosts *hosts = &x->facts->state->storage.hosts;
    uint64_t number;

    if (!str_take_u64(&address, &number))
        return (struct str){ 0 };
    for (size_t i = hosts->n; i > 0; i--)
        if (hosts->p[i - 1].number == number)
            return hosts->p[i - 1].bus;
    return STR("scsi");
}

/* "16777216 512-byte " */
static bool take_size(struct str in, int64_t *kib)
{
    uint64_t blocks, size;

    if (!str_take_u64(&in, &blocks) || !str_take_spaces(&in) || !str_take_u64(&in, &size) ||
        !str_take(&in, STR("-byte")) || size == 0 || size > 1 << 20 ||
        blocks > INT64_MAX / ((uint64_t)1 << 20))
        return false;
    *kib = (int64_t)(blocks * size / 1024);
    return true;
}

/* "sd 0:0:0:0: [sda] …" and "virtio_blk virtio1: [vda] …", in front of "logical blocks". */
void take_disk(struct extraction *x)
{
    struct str in = x->before, head, name;
    struct disk_name parsed;
    struct value *disk;
    struct str bus;
    int64_t kib;

    if (!str_take_until(&in, '[', &head) || !str_take_until(&in, ']', &name) ||
        !disk_name_parse(name, &parsed) || parsed.partition)
        return;
    expect_partitions(x);
    disk = storage_disk(x, &parsed);
    if (!disk)
        return;
    str_take_spaces(&in);
    if (take_size(in, &kib))
        disk[DISK_KIB] = value_int(kib);
    if (str_take(&head, STR("sd "))) {
        bus = bus_of(x, head);
        if (bus.n)
            extract_field(x, &disk[DISK_BUS], bus, SORT_OTHER);
    }
}

/* Lines that announce a disk without telling more: "nvme nvme0: pci function …". */
void take_probe(struct extraction *x)
{
    expect_partitions(x);
}

/* sda2 of " sda: sda2", nvme0n1p2 of " nvme0n1: p2"; false for '<', '>' and remarks. */
static bool partition_name(const struct disk_name *disk, struct str word, char *out, size_t size,
                           struct str *name)
{
    struct disk_name parsed;
    size_t n = 0;

    if (!str_starts(word, disk->disk)) {
        if (disk->disk.n + word.n > size || word.n < 2 || word.p[0] != 'p')
            return false;
        for (; n < disk->disk.n; n++)
            out[n] = disk->disk.p[n];
    }
    if (word.n > size - n)
        return false;
    for (size_t i = 0; i < word.n; i++)
        out[n++] = word.p[i];
    *name = (struct str){ .p = out, .n = n };
    return disk_name_parse(*name, &parsed) && parsed.partition && str_eq(parsed.disk, disk->disk);
}

static void add_partitions(struct extraction *x, const struct disk_name *disk, struct str in)
{
    char buffer[32];
    struct str word, name;

    while (str_take_spaces(&in), str_take_word(&in, &word))
        if (partition_name(disk, word, buffer, sizeof buffer, &name))
            storage_partition(x, disk, name);
}

/* " sda: sda1 sda2"; some ways of logging lose the blank in front. */
static bool take_partitions_head(struct str *in, struct disk_name *disk)
{
    struct str s = *in, name;

    str_take_char(&s, ' ');
    if (s.n == 0 || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    if (!str_take_word(&s, &name) || name.n < 3 || name.n > 24 || name.p[name.n - 1] != ':')
        return false;
    name.n--;
    if (!disk_name_parse(name, disk) || disk->partition || !disk->disklike)
        return false;
    *in = s;
    return true;
}

/* At least one word that is a partition, or nothing at all behind the name. */
static bool looks_like_partitions(const struct disk_name *disk, struct str in)
{
    char buffer[32];
    struct str word, name;

    str_take_spaces(&in);
    return in.n == 0 ||
           (str_take_word(&in, &word) && partition_name(disk, word, buffer, sizeof buffer, &name));
}

void probe_follow(struct extraction *x)
{
    bool expected = x->facts->state->storage.probe_lines > 0;
    struct disk_name disk;
    struct str in = x->line;

    if (!expected && x->record->offset >= LIMIT_DENSE_BYTES)
        return;
    if (!take_partitions_head(&in, &disk) || !looks_like_partitions(&disk, in))
        return;
    storage_disk(x, &disk);
    add_partitions(x, &disk, in);
}
