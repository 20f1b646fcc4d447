/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The root file system, the initrd and the first program.
 *
 * Without an initrd the kernel says what it mounted as root. With one it only says that some file
 * system was mounted; that this was the root shows when the initrd hands over to it.
 */
#include "analyzer/evidence/extract.h"

static const struct {
    struct str prefix, fstype;
} file_systems[] = {
    { { STR_INIT("EXT4-fs ") }, { STR_INIT("ext4") } },
    { { STR_INIT("EXT3-fs ") }, { STR_INIT("ext3") } },
    { { STR_INIT("EXT2-fs ") }, { STR_INIT("ext2") } },
    { { STR_INIT("XFS ") }, { STR_INIT("xfs") } },
    { { STR_INIT("BTRFS ") }, { STR_INIT("btrfs") } },
    { { STR_INIT("BTRFS: ") }, { STR_INIT("btrfs") } },
    { { STR_INIT("F2FS-fs ") }, { STR_INIT("f2fs") } },
};

/* EXT4-fs (sda2): … · BTRFS info (device sda2): … · BTRFS info (device sda2 state M): … */
static bool take_mount(struct str before, struct str *device, struct str *fstype)
{
    struct str head, inside;

    for (size_t i = 0; i < sizeof file_systems / sizeof file_systems[0]; i++) {
        if (!str_starts(before, file_systems[i].prefix))
            continue;
        if (!str_take_until(&before, '(', &head) || !str_take_until(&before, ')', &inside))
            return false;
        str_take(&inside, STR("device "));
        *fstype = file_systems[i].fstype;
        return str_take_word(&inside, device);
    }
    return false;
}

static void set_root(struct extraction *x, struct str device, struct str fstype)
{
    if (device.n)
        extract_text(x, FACT_ROOT_DEVICE, device, SORT_DEVICE);
    if (fstype.n)
        extract_text(x, FACT_ROOT_FSTYPE, fstype, SORT_OTHER);
    extract_flag(x, FACT_ROOT_MOUNTED, true);
}

static bool root_is_mounted(const struct extraction *x)
{
    const struct value *v = &x->facts->of[FACT_ROOT_MOUNTED].value;

    return v->type == VALUE_BOOL && v->truth;
}

/* EXT4-fs (sda2): mounted filesystem 4a7d9b52-… ro with ordered data mode. */
void take_fs_mounted(struct extraction *x)
{
    struct mount *mount = &x->facts->state->mount;
    struct str device, fstype, kept;

    if (root_is_mounted(x) || !take_mount(x->before, &device, &fstype) ||
        str_eq(mount->device, device))
        return;
    kept = arena_str(x->facts->arena, device);
    if (kept.n)
        *mount = (struct mount){ .device = kept, .fstype = fstype, .proof = extract_proof(x) };
}

/* EXT4-fs (sda2): re-mounted …: user space makes its root writable, before all others. */
void take_fs_remounted(struct extraction *x)
{
    struct str device, fstype;

    if (!root_is_mounted(x) && take_mount(x->before, &device, &fstype))
        set_root(x, device, fstype);
}

/* The initrd hands over: what was mounted last is the root. */
void take_switch_root(struct extraction *x)
{
    const struct mount *mount = &x->facts->state->mount;

    if (root_is_mounted(x))
        return;
    set_root(x, mount->device, mount->fstype);
    if (mount->proof)
        x->facts->of[FACT_ROOT_DEVICE].proof = mount->proof;
}

/* The name of device 8:2, as the disks that the kernel listed have it. */
static struct str device_name(const struct extraction *x, struct str number)
{
    struct str in = number;
    const struct value *list = &x->facts->of[FACT_DISKS_PARTITIONS].value;
    int64_t major, minor;

    if (!str_take_i64(&in, &major) || !str_take_char(&in, ':') || !str_take_i64(&in, &minor))
        return number;
    for (size_t i = 0; i < list->n_items; i++) {
        const struct value *part = &list->items[i];

        if (part->items[1].type == VALUE_INT && part->items[1].number == major &&
            part->items[2].type == VALUE_INT && part->items[2].number == minor)
            return part->items[0].text;
    }
    return number;
}

/*
 * The kernel always says when it unpacks an initrd. When it turns to the root device itself and
 * the log has its head, down to informational lines, then not having said so means that there was
 * none.
 */
static void infer_no_initrd(struct extraction *x)
{
    if (!extract_known(x, FACT_INITRD_PRESENT) && extract_known(x, FACT_KERNEL_RELEASE) &&
        extract_known(x, FACT_MEMORY_TOTAL))
        extract_flag(x, FACT_INITRD_PRESENT, false);
}

/* VFS: Mounted root (ext4 filesystem) readonly on device 8:2. */
void take_root_mounted(struct extraction *x)
{
    struct str in = x->rest, fstype, skipped, number = { 0 };
    const struct str last_mounted = x->facts->state->mount.device;

    if (!str_take_word(&in, &fstype))
        return;
    if (str_take_until_str(&in, STR("on device "), &skipped))
        str_take_word(&in, &number);
    if (str_ends(number, STR(".")))
        number.n--;
    number = device_name(x, number);
    /* The number has no name without a list: the file system has just named its device. */
    if (last_mounted.n && str_eq(fstype, x->facts->state->mount.fstype))
        number = last_mounted;
    set_root(x, number, fstype);
    infer_no_initrd(x);
}

void take_root_failed(struct extraction *x)
{
    if (root_is_mounted(x))
        return;
    extract_flag(x, FACT_ROOT_MOUNTED, false);
    if (x->record->origin != ORIGIN_GUEST_USER)
        infer_no_initrd(x);
}

/* Run /init as init process */
void take_init(struct extraction *x)
{
    if (str_starts(x->before, STR("Run /")))
        extract_flag(x, x->fact, true);
}

/* dracut with systemd in it is dracut's: the more particular word stays. */
void take_systemd_initrd(struct extraction *x)
{
    if (!extract_known(x, FACT_INITRD_KIND))
        extract_text(x, FACT_INITRD_KIND, STR("systemd"), SORT_OTHER);
}
