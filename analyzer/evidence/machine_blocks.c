/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which block devices a machine has, by name and by what udev read from them (/dev/disk/by-…), and
 * which of them /etc/fstab asks for. A list that is not there proves nothing: a container has no
 * /dev/disk, an image neither that nor /proc.
 */
#include "analyzer/evidence/machine.h"

#include "analyzer/core/limits.h"

/* major minor  #blocks  name */
static void read_partitions(struct machine *m)
{
    struct str bytes, line, name, *slot;
    uint64_t number;
    uint32_t file;

    if (!machine_read(m, STR("/proc/partitions"), &bytes, &file, NULL))
        return;
    while (str_take_line(&bytes, &line) && m->blocks.names.n < LIMIT_LIST_ITEMS) {
        bool row = true;

        for (unsigned i = 0; row && i < 3; i++) {
            str_take_spaces(&line);
            row = str_take_u64(&line, &number);
        }
        str_take_spaces(&line);
        slot = row && str_take_word(&line, &name) ? vec_push(m->arena, &m->blocks.names) : NULL;
        if (slot)
            *slot = name;
    }
}

/* udev writes what a file name cannot hold as \x20: systemd, encode_devnode_name(). */
static struct str unescape(struct arena *a, struct str s)
{
    char *out;
    size_t n = 0;

    if (str_find(s, STR("\\x")) == STR_NOT_FOUND || !(out = arena_alloc(a, s.n + 1)))
        return s;
    for (size_t i = 0; i < s.n; i++) {
        int high = -1, low = -1;

        if (s.p[i] == '\\' && i + 3 < s.n && s.p[i + 1] == 'x') {
            high = char_hex(s.p[i + 2]);
            low = char_hex(s.p[i + 3]);
        }
        if (high >= 0 && low >= 0) {
            out[n++] = (char)(high * 16 + low);
            i += 3;
        } else {
            out[n++] = s.p[i];
        }
    }
    return (struct str){ out, n };
}

void machine_read_blocks(struct machine *m)
{
    const struct {
        struct str path;
        struct tree_names *names;
    } tags[] = {
        { { STR_INIT("/dev/disk/by-uuid") }, &m->blocks.uuid },
        { { STR_INIT("/dev/disk/by-partuuid") }, &m->blocks.partuuid },
        { { STR_INIT("/dev/disk/by-label") }, &m->blocks.label },
        { { STR_INIT("/dev/disk/by-partlabel") }, &m->blocks.partlabel },
    };

    read_partitions(m);
    if (m->blocks.names.n == 0)
        tree_list(&m->tree, STR("/sys/class/block"), m->arena, &m->blocks.names);
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        tree_list(&m->tree, tags[i].path, m->arena, tags[i].names);
        for (size_t k = 0; k < tags[i].names->n; k++)
            tags[i].names->p[k] = unescape(m->arena, tags[i].names->p[k]);
    }
}

static enum tri has_name(const struct tree_names *names, struct str name, bool nocase)
{
    for (size_t i = 0; i < names->n; i++)
        if (nocase ? str_eq_nocase(names->p[i], name) : str_eq(names->p[i], name))
            return TRI_YES;
    return names->n ? TRI_NO : TRI_UNKNOWN;
}

/* "abc" in quotes, as fstab and os-release may have it. */
static struct str unquoted(struct str s)
{
    if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
        return (struct str){ s.p + 1, s.n - 2 };
    return s;
}

/* Does a device of the list carry the name? *why is set before for a list that is not there. */
static enum tri carries(const struct tree_names *names, struct str name, bool nocase,
                        struct str *why)
{
    enum tri found;

    if (str_find_char(name, '/') != STR_NOT_FOUND) {
        *why = STR("a device beside another one (PARTNROFF) is not looked for");
        return TRI_UNKNOWN;
    }
    found = has_name(names, name, nocase);
    if (found == TRI_NO)
        *why = STR("no device carries it");
    return found;
}

/*
 * A label proves presence only: one that no device has may stand on what udev does not list (a
 * member of a btrfs or ZFS pool), but with a list it is a fault more often than not.
 */
enum tri machine_has_device(const struct machine *m, struct str spec, struct str *why)
{
    const struct machine_blocks *b = &m->blocks;
    const struct {
        struct str prefix;
        const struct tree_names *names;
        bool nocase;
        const char *unknown;
    } kinds[] = {
        { { STR_INIT("UUID=") }, &b->uuid, true, "there is no /dev/disk/by-uuid to look in" },
        { { STR_INIT("PARTUUID=") },
          &b->partuuid,
          true,
          "there is no /dev/disk/by-partuuid to look in" },
        { { STR_INIT("LABEL=") }, &b->label, false, "there is no /dev/disk/by-label to look in" },
        { { STR_INIT("PARTLABEL=") },
          &b->partlabel,
          false,
          "there is no /dev/disk/by-partlabel to look in" },
        { { STR_INIT("/dev/disk/by-uuid/") },
          &b->uuid,
          false,
          "there is no /dev/disk/by-uuid to look in" },
        { { STR_INIT("/dev/disk/by-partuuid/") },
          &b->partuuid,
          false,
          "there is no /dev/disk/by-partuuid to look in" },
        { { STR_INIT("/dev/disk/by-label/") },
          &b->label,
          false,
          "there is no /dev/disk/by-label to look in" },
    };
    struct str name = spec;
    struct tree_info info;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!str_take(&name, kinds[i].prefix))
            continue;
        *why = str_from(kinds[i].unknown);
        return carries(kinds[i].names, unquoted(name), kinds[i].nocase, why);
    }
    if (str_take(&name, STR("/dev/")) && str_find_char(name, '/') == STR_NOT_FOUND &&
        !str_eq(name, STR("nfs")) && !str_eq(name, STR("ram0"))) {
        enum tri found = has_name(&b->names, name, false);

        *why = found == TRI_NO ? STR("there is no such device")
                               : STR("no list of block devices is there (/proc/partitions)");
        return found;
    }
    if (str_starts(spec, STR("/dev/")) && tree_look(&m->tree, spec, &info) == TREE_FOUND)
        return TRI_YES;
    *why = STR("whether such a device will be there cannot be known from here");
    return TRI_UNKNOWN;
}

static bool has_option(struct str options, struct str wanted)
{
    struct str option;

    while (options.n) {
        if (!str_take_until(&options, ',', &option)) {
            option = options;
            options = (struct str){ 0 };
        }
        if (str_eq(option, wanted) || (str_starts(option, wanted) && str_ends(wanted, STR("="))))
            return true;
    }
    return false;
}

/* Does the boot wait for this entry's device and stop without it? systemd-fstab-generator(8). */
static bool is_needed(const struct fstab_entry *e)
{
    static const struct str excuses[] = {
        { STR_INIT("nofail") },
        { STR_INIT("noauto") },
        { STR_INIT("_netdev") },
        { STR_INIT("x-systemd.automount") },
    };
    static const struct str kinds[] = {
        { STR_INIT("UUID=") },      { STR_INIT("PARTUUID=") }, { STR_INIT("LABEL=") },
        { STR_INIT("PARTLABEL=") }, { STR_INIT("/dev/") },
    };

    for (size_t i = 0; i < sizeof excuses / sizeof excuses[0]; i++)
        if (has_option(e->options, excuses[i]))
            return false;
    /* A missing swap is waited for and then done without; the root is the kernel's matter. */
    if (str_eq(e->type, STR("swap")) || str_eq(e->dir, STR("/")) || str_eq(e->dir, STR("none")))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_starts(e->spec, kinds[i]))
            return true;
    return false;
}

/* UUID=… /boot/efi vfat umask=0077 0 1 */
static bool take_entry(struct str line, struct fstab_entry *e)
{
    struct str *const fields[] = { &e->spec, &e->dir, &e->type, &e->options };

    str_take_spaces(&line);
    if (str_starts(line, STR("#")))
        return false;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        str_take_spaces(&line);
        if (!str_take_word(&line, fields[i]))
            return i >= 3;
    }
    return true;
}

void machine_read_fstab(struct machine *m)
{
    struct config_lines lines = { 0 };
    struct machine_check *check = &m->checks[CHECK_FSTAB];
    enum tree_state state;
    struct place place;
    struct str bytes, why;

    check->subject = STR("/etc/fstab");
    if (!machine_read(m, STR("/etc/fstab"), &bytes, &lines.file, &state)) {
        check->state = state == TREE_ABSENT ? TRI_YES : TRI_UNKNOWN;
        check->why = state == TREE_ABSENT ? STR("there is none") : STR("it cannot be read");
        if (state == TREE_DENIED)
            check->denied = check->subject;
        return;
    }
    check->state = TRI_YES;
    lines.rest = lines.all = bytes;
    while (config_line(&lines, &place) && m->fstab.n < LIMIT_LIST_ITEMS) {
        struct fstab_entry e = { .place = place }, *slot;

        if (!take_entry(place.text, &e))
            continue;
        e.needed = is_needed(&e);
        e.found = e.needed ? machine_has_device(m, e.spec, &why) : TRI_YES;
        slot = vec_push(m->arena, &m->fstab);
        if (slot)
            *slot = e;
        if (e.found == TRI_YES || check->state == TRI_NO)
            continue;
        check->state = e.found;
        check->subject = e.spec;
        check->why = why;
        check->place = place;
    }
}
