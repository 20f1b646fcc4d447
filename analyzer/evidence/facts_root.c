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
void take_root_wanted(struct extraction *x)
{
    struct str rest = x->rest, name;

    str_take_char(&rest, '"');
    if (!str_take_until(&rest, '"', &name) && !str_take_until_str(&rest, STR("..."), &name))
        return;
    str_take(&name, STR("/dev/"));
    if (name.n && !str_eq(name, STR("(null)")))
        extract_text(x, FACT_ROOT_WANTED, name, SORT_DEVICE);
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

/* "8.0 GiB", "600 MiB", "48 KiB": one decimal below 100, as the kernel's own size strings. */
static struct value size_value(struct arena *a, int64_t kib)
{
    static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB" };
    size_t unit = 0;
    int64_t tenths = kib * 10;

    while (tenths >= 10240 && unit + 1 < sizeof units / sizeof units[0]) {
        tenths = (tenths + 512) / 1024;
        unit++;
    }
    if (tenths >= 1000 || unit == 0)
        return value_text(arena_printf(a, "%lld %s", (long long)tenths / 10, units[unit]),
                          SORT_OTHER);
    return value_text(arena_printf(a, "%lld.%lld %s", (long long)tenths / 10,
                                   (long long)tenths % 10, units[unit]),
                      SORT_OTHER);
}

/* What to write behind root=: a PARTUUID does not change with the controller, a name does. */
static struct value spec_value(struct arena *a, struct str name, struct str uuid)
{
    if (uuid.n)
        return value_text(arena_printf(a, "PARTUUID=%.*s", STR_ARG(uuid)), SORT_UUID);
    return value_text(arena_printf(a, "/dev/%.*s", STR_ARG(name)), SORT_DEVICE);
}

/* The fields of root.candidates; root.named has the first four. */
enum { F_NAME, F_KIB, F_UUID, F_SIZE, F_SPEC, F_TEXT, F_WHY, N_FIELDS, N_NAMED = F_SPEC };
static const struct str field_names[N_FIELDS] = {
    [F_NAME] = { STR_INIT("name") }, [F_KIB] = { STR_INIT("kib") },
    [F_UUID] = { STR_INIT("uuid") }, [F_SIZE] = { STR_INIT("size") },
    [F_SPEC] = { STR_INIT("spec") }, [F_TEXT] = { STR_INIT("text") },
    [F_WHY] = { STR_INIT("why") },
};

static struct value make_map(struct facts *f, const struct value *partition, size_t n_fields,
                             struct str reason)
{
    struct arena *a = f->arena;
    struct value *v = arena_new(a, struct value, N_FIELDS);
    struct str name, size, spec;

    if (!v)
        return value_unknown();
    for (size_t i = 0; i < F_SIZE; i++)
        v[i] = value_field(a, partition, field_names[i]);
    name = text_of(&v[F_NAME]);
    v[F_SIZE] = v[F_KIB].type == VALUE_INT ? size_value(a, v[F_KIB].number) : value_unknown();
    v[F_SPEC] = spec_value(a, name, text_of(&v[F_UUID]));
    size = v[F_SIZE].type == VALUE_TEXT ? v[F_SIZE].text : STR("size not in the log");
    spec = text_of(&v[F_SPEC]);
    v[F_TEXT] = value_text(arena_printf(a, "%.*s (%.*s, %.*s%s%.*s)", STR_ARG(name), STR_ARG(size),
                                        STR_ARG(spec), reason.n ? "; " : "", STR_ARG(reason)),
                           SORT_DEVICE);
    v[F_WHY] = reason.n ? value_text(reason, SORT_OTHER) : value_unknown();
    return value_map(field_names, v, n_fields);
}

static int64_t kib_of(struct facts *f, const struct value *partition)
{
    struct value kib = value_field(f->arena, partition, field_names[F_KIB]);

    return kib.type == VALUE_INT ? kib.number : -1;
}

static struct str name_of(struct facts *f, const struct value *partition)
{
    struct value name = value_field(f->arena, partition, field_names[F_NAME]);

    return text_of(&name);
}

/* The partition that was asked for, when it is there, and whether a larger one is. */
static void set_named(struct facts *f, const struct value *partitions, struct str wanted)
{
    const struct value *named = NULL;
    int64_t largest = -1;

    for (size_t i = 0; i < partitions->n_items; i++) {
        const struct value *p = &partitions->items[i];

        if (str_eq(name_of(f, p), wanted))
            named = p;
        if (kib_of(f, p) > largest)
            largest = kib_of(f, p);
    }
    if (!named)
        return;
    facts_set(f, FACT_ROOT_NAMED, make_map(f, named, N_NAMED, (struct str){ 0 }), NULL);
    if (kib_of(f, named) >= 0)
        facts_set(f, FACT_ROOT_NAMED_LARGEST, value_bool(kib_of(f, named) >= largest), NULL);
}

/* Probe lines name partitions without their sizes: such a one may be the root, but is never chosen.
 */
static bool is_too_small(struct facts *f, const struct value *partition)
{
    int64_t kib = kib_of(f, partition);

    return kib >= 0 && kib < root_min_kib;
}

static void set_candidates(struct facts *f, const struct value *partitions, struct str wanted)
{
    struct str earlier = text_of(&facts_get(f, FACT_ROOT_EARLIER)->value);
    struct value *found = arena_new(f->arena, struct value, partitions->n_items);
    bool all_sizes_known = true;
    size_t n = 0;

    if (!found)
        return;
    for (unsigned reason = WHY_EARLIER; reason <= WHY_NONE; reason++) {
        for (size_t i = 0; i < partitions->n_items; i++) {
            const struct value *p = &partitions->items[i];
            struct str name = name_of(f, p);

            if (!name.n || is_too_small(f, p) || str_eq(name, wanted) ||
                why(name, wanted, earlier) != reason)
                continue;
            all_sizes_known &= kib_of(f, p) >= 0;
            found[n++] = make_map(f, p, N_FIELDS, reasons[reason]);
        }
    }
    facts_set(f, FACT_ROOT_CANDIDATES, value_list(found, n), NULL);
    facts_set(f, FACT_ROOT_CANDIDATE, n == 1 && all_sizes_known ? found[0] : value_unknown(), NULL);
}

void facts_set_root(struct facts *f)
{
    const struct value *partitions = &facts_get(f, FACT_DISKS_PARTITIONS)->value;
    const struct fact *given = facts_get(f, FACT_CMDLINE_ROOT);
    struct str wanted = text_of(&facts_get(f, FACT_ROOT_WANTED)->value);

    if (!wanted.n) {
        wanted = text_of(&given->value);
        str_take(&wanted, STR("/dev/"));
        if (wanted.n)
            facts_set(f, FACT_ROOT_WANTED, value_text(wanted, SORT_DEVICE), given->proof);
    }
    if (partitions->type != VALUE_LIST || !names_partition(wanted))
        return;
    set_named(f, partitions, wanted);
    set_candidates(f, partitions, wanted);
}
