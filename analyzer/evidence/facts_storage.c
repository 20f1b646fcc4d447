/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disks and partitions as the kernel lists them when it cannot mount root
 * (block/genhd.c printk_all_partitions()):
 *
 *     0800           55296 sda  driver: sd
 *       0801            2048 sda1 8d9f2a10-3c44-4be1-a0c5-5f1e2b7d9a01
 *     103:00000      55296 nvme0n1  (driver?)
 *
 * Major and minor are hexadecimal. " driver: sd" often is a record of its own, an empty record
 * follows each partition, and some ways of logging lose the indentation: a name tells whether it is
 * a partition. Lines of other CPUs may stand in between.
 */
#include "analyzer/evidence/storage.h"

#include "analyzer/core/limits.h"

/* The list goes on for at most so many lines; other lines in it are counted apart. */
enum { LIST_WANT = 64, LIST_FOREIGN = 32 };

static const struct str disk_fields[N_DISK] = {
    [DISK_NAME] = { STR_INIT("name") },     [DISK_MAJOR] = { STR_INIT("major") },
    [DISK_MINOR] = { STR_INIT("minor") },   [DISK_KIB] = { STR_INIT("kib") },
    [DISK_DRIVER] = { STR_INIT("driver") }, [DISK_BUS] = { STR_INIT("bus") },
};

static const struct str partition_fields[N_PART] = {
    [PART_NAME] = { STR_INIT("name") },   [PART_MAJOR] = { STR_INIT("major") },
    [PART_MINOR] = { STR_INIT("minor") }, [PART_KIB] = { STR_INIT("kib") },
    [PART_UUID] = { STR_INIT("uuid") },   [PART_DRIVER] = { STR_INIT("driver") },
    [PART_DISK] = { STR_INIT("disk") },
};

struct listed {
    struct str name, driver, uuid;
    uint64_t major, minor, kib;
};

static void set_if_new(struct extraction *x, struct value *field, struct str text)
{
    if (field->type == VALUE_UNKNOWN && text.n)
        extract_field(x, field, text, SORT_OTHER);
}

struct value *storage_disk(struct extraction *x, const struct disk_name *name)
{
    struct value *disk;

    if (!name->disklike)
        return NULL;
    disk = extract_map(x, FACT_DISKS_LIST, disk_fields, N_DISK, name->disk);
    if (!disk)
        return NULL;
    extract_add(x, FACT_DISKS_NAMES, name->disk, SORT_DEVICE);
    set_if_new(x, &disk[DISK_DRIVER], name->driver);
    set_if_new(x, &disk[DISK_BUS], name->bus);
    return disk;
}

struct value *storage_partition(struct extraction *x, const struct disk_name *name,
                                struct str partition)
{
    struct value *disk = storage_disk(x, name), *part;

    if (!disk)
        return NULL;
    part = extract_map(x, FACT_DISKS_PARTITIONS, partition_fields, N_PART, partition);
    if (!part)
        return NULL;
    part[PART_DISK] = disk[DISK_NAME];
    part[PART_DRIVER] = disk[DISK_DRIVER];
    return part;
}

/* "0802" or, beyond 8 bits, "103:00001". */
static bool take_device_number(struct str *in, uint64_t *major, uint64_t *minor)
{
    struct str s = *in;
    uint64_t both;
    size_t digits;

    if (!str_take_hex(&s, &both))
        return false;
    digits = in->n - s.n;
    if (str_take_char(&s, ':')) {
        *major = both;
        if (!str_take_hex(&s, minor))
            return false;
    } else if (digits == 4) {
        *major = both >> 8;
        *minor = both & 0xff;
    } else {
        return false;
    }
    *in = s;
    return *major <= UINT16_MAX && *minor <= UINT32_MAX;
}

static bool take_driver(struct str *in, struct str *driver)
{
    struct str s = *in;

    str_take_spaces(&s);
    if (!str_take(&s, STR("driver:")))
        return false;
    str_take_spaces(&s);
    return str_take_word(&s, driver);
}

static bool take_listed(struct str in, struct listed *out)
{
    struct str rest;

    *out = (struct listed){ 0 };
    str_take_spaces(&in);
    if (!take_device_number(&in, &out->major, &out->minor) || !str_take_spaces(&in) ||
        !str_take_u64(&in, &out->kib) || !str_take_spaces(&in) || !str_take_word(&in, &out->name))
        return false;
    if (take_driver(&in, &out->driver))
        return true;
    str_take_spaces(&in);
    rest = str_trim_end(in);
    if (rest.n && rest.p[0] != '(')
        str_take_word(&rest, &out->uuid);
    return true;
}

static void add_listed(struct extraction *x, const struct listed *l)
{
    struct disk_name name;
    struct value *f;

    if (!disk_name_parse(l->name, &name) || l->kib > INT64_MAX)
        return;
    if (name.partition) {
        f = storage_partition(x, &name, l->name);
        if (!f)
            return;
        f[PART_MAJOR] = value_int((int64_t)l->major);
        f[PART_MINOR] = value_int((int64_t)l->minor);
        f[PART_KIB] = value_int((int64_t)l->kib);
        if (l->uuid.n)
            extract_field(x, &f[PART_UUID], l->uuid, SORT_UUID);
        return;
    }
    f = storage_disk(x, &name);
    x->facts->state->storage.last_disk = f;
    if (!f)
        return;
    f[DISK_MAJOR] = value_int((int64_t)l->major);
    f[DISK_MINOR] = value_int((int64_t)l->minor);
    f[DISK_KIB] = value_int((int64_t)l->kib);
    if (l->driver.n)
        extract_field(x, &f[DISK_DRIVER], l->driver, SORT_OTHER);
}

static void follow_list(struct extraction *x)
{
    struct facts_state *s = x->facts->state;
    struct str driver, line = str_trim(x->line);
    struct listed listed;

    if (take_listed(x->line, &listed))
        add_listed(x, &listed);
    else if (take_driver(&line, &driver)) {
        if (s->storage.last_disk)
            extract_field(x, &s->storage.last_disk[DISK_DRIVER], driver, SORT_OTHER);
    } else if (line.n && !str_starts(line, STR("(driver?)")))
        s->storage.foreign++;
    if (s->storage.foreign > LIST_FOREIGN)
        s->storage.list_open = false;
    if (s->storage.list_open)
        extract_want(x, LIST_WANT);
}

void storage_follow(struct extraction *x)
{
    if (x->facts->state->storage.list_open)
        follow_list(x);
    probe_follow(x);
}

/* "List of all partitions:", or the older 'Please append a correct "root=" boot option; here …' */
void take_partition_list(struct extraction *x)
{
    struct facts_state *s = x->facts->state;

    s->storage.list_open = true;
    s->storage.foreign = 0;
    s->storage.last_disk = NULL;
    extract_want(x, LIST_WANT);
}

/*
 * What the kernel prints behind its list ends it; only then is the list whole, and an empty list
 * says that there is no disk.
 */
void take_partition_list_end(struct extraction *x)
{
    static const enum fact_id lists[] = { FACT_DISKS_NAMES, FACT_DISKS_LIST,
                                          FACT_DISKS_PARTITIONS };

    if (!x->facts->state->storage.list_open)
        return;
    x->facts->state->storage.list_open = false;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (!extract_known(x, lists[i]))
            extract_clear(x, lists[i]);
    extract_flag(x, FACT_DISKS_COMPLETE, true);
}
