/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which root device was asked for, and which partitions may have been meant instead. People act on
 * this: a candidate is a partition that this boot saw and that is large enough to hold a system,
 * and only when there is exactly one is it named.
 */
#include "analyzer/evidence/extract.h"
#include "analyzer/evidence/facts_boot.h"

/* Smaller ones are boot loader, EFI or BIOS partitions. */
static const int64_t root_min_kib = 256 << 10;

/*
 * VFS: Cannot open root device "sdc1" or unknown-block(0,0): error -6   (up to 6.1)
 * VFS: Cannot open root device "/dev/sda2" or …                        (since 6.2: as given)
 * VFS: Unable to mount root fs on "/dev/nvme0n1p2" or unknown-block(259,2)
 * Waiting for root device /dev/sdc1...                                 init/do_mounts.c
 */
void take_root_named(struct extraction *x)
{
    struct str rest = x->rest, name;

    str_take_char(&rest, '"');
    if (!str_take_until(&rest, '"', &name) && !str_take_until_str(&rest, STR("..."), &name))
        return;
    str_take(&name, STR("/dev/"));
    if (name.n && !str_eq(name, STR("(null)")))
        extract_text(x, FACT_ROOT_NAMED, name, SORT_DEVICE);
}

/* root= as the kernel resolves it: a disk's name or a partition's id; no mapper, RAID or network.
 */
static bool names_partition(struct str named)
{
    static const struct str kinds[] = {
        { STR_INIT("sd") },         { STR_INIT("hd") },       { STR_INIT("vd") },
        { STR_INIT("xvd") },        { STR_INIT("nvme") },     { STR_INIT("mmcblk") },
        { STR_INIT("PARTUUID=") },  { STR_INIT("UUID=") },    { STR_INIT("LABEL=") },
        { STR_INIT("PARTLABEL=") }, { STR_INIT("disk/by-") },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_starts(named, kinds[i]))
            return true;
    return false;
}

/* The digits at the end of a device name: "sda2" and "nvme0n1p2" → "2". */
static struct str partition_number(struct str name)
{
    size_t at = name.n;

    while (at > 0 && char_is_digit(name.p[at - 1]))
        at--;
    return str_from_at(name, at);
}

static struct str text_of(const struct value *v)
{
    return v->type == VALUE_TEXT ? v->text : (struct str){ 0 };
}

enum { WHY_EARLIER, WHY_NUMBER, WHY_NONE };
static const struct str reasons[] = {
    [WHY_EARLIER] = { STR_INIT("an earlier boot of this VM mounted it as root") },
    [WHY_NUMBER] = { STR_INIT("the same partition number as the one named") },
    [WHY_NONE] = { 0 },
};

static unsigned why(struct str name, struct str named, struct str earlier)
{
    struct str number = partition_number(name);

    str_take(&earlier, STR("/dev/"));
    if (name.n && str_eq(name, earlier))
        return WHY_EARLIER;
    return number.n && str_eq(number, partition_number(named)) ? WHY_NUMBER : WHY_NONE;
}

static struct value make_candidate(struct facts *f, const struct value *partition, unsigned reason)
{
    static const struct str names[] = {
        { STR_INIT("name") }, { STR_INIT("kib") }, { STR_INIT("uuid") }, { STR_INIT("why") }
    };
    enum { N = sizeof names / sizeof names[0] };
    struct value *items = arena_new(f->arena, struct value, N);

    if (!items)
        return value_unknown();
    for (size_t i = 0; i + 1 < N; i++)
        items[i] = value_field(f->arena, partition, names[i]);
    items[N - 1] = reasons[reason].n ? value_text(reasons[reason], SORT_OTHER) : value_unknown();
    return value_map(names, items, N);
}

/* Named by a driver's name, the named one itself is no candidate. */
static bool is_candidate(struct facts *f, const struct value *partition, struct str named)
{
    struct value kib = value_field(f->arena, partition, STR("kib"));
    struct value name = value_field(f->arena, partition, STR("name"));

    return kib.type == VALUE_INT && kib.number >= root_min_kib && name.type == VALUE_TEXT &&
           !str_eq(name.text, named);
}

void facts_set_root(struct facts *f)
{
    const struct value *partitions = &facts_get(f, FACT_DISKS_PARTITIONS)->value;
    const struct fact *given = facts_get(f, FACT_CMDLINE_ROOT);
    struct str earlier = text_of(&facts_get(f, FACT_ROOT_EARLIER)->value);
    struct str named = text_of(&facts_get(f, FACT_ROOT_NAMED)->value);
    struct value *found;
    size_t n = 0;

    if (!named.n) {
        named = text_of(&given->value);
        str_take(&named, STR("/dev/"));
        if (named.n)
            facts_set(f, FACT_ROOT_NAMED, value_text(named, SORT_DEVICE), given->proof);
    }
    if (!names_partition(named) || partitions->type != VALUE_LIST)
        return;
    found = arena_new(f->arena, struct value, partitions->n_items);
    if (!found)
        return;
    for (unsigned reason = WHY_EARLIER; reason <= WHY_NONE; reason++) {
        for (size_t i = 0; i < partitions->n_items; i++) {
            const struct value *p = &partitions->items[i];
            struct value name = value_field(f->arena, p, STR("name"));

            if (is_candidate(f, p, named) && why(text_of(&name), named, earlier) == reason)
                found[n++] = make_candidate(f, p, reason);
        }
    }
    facts_set(f, FACT_ROOT_CANDIDATES, value_list(found, n), NULL);
    facts_set(f, FACT_ROOT_CANDIDATE, n == 1 ? found[0] : value_unknown(), NULL);
}
