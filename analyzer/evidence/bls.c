/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries of the Boot Loader Specification
 * (uapi-group.org/specifications/specs/boot_loader_specification): one file each in
 * loader/entries/, "key value" lines. systemd-boot reads them, and GRUB where its script says
 * blscfg (Fedora, RHEL).
 */
#include "analyzer/evidence/boot_config.h"

/* The value of "key value"; false when the line is another one. */
static bool take_key(struct str line, struct str key, struct str *value)
{
    struct str s = str_trim(line);

    if (!str_take(&s, key) || !str_take_spaces(&s))
        return false;
    *value = str_trim(s);
    return true;
}

struct placed bls_setting(struct str text, uint32_t file, struct str name)
{
    struct config_lines lines = { .rest = text, .all = text, .file = file };
    struct placed found = { 0 };
    struct place place;
    struct str value;

    while (config_line(&lines, &place))
        if (take_key(place.text, name, &value))
            found = (struct placed){ value, place };
    return found;
}

/* options may stand several times and are put together; of several initrds the last is the
 * system's: those before it are microcode. */
static void take_options(struct arena *a, struct placed *options, struct str value,
                         const struct place *place)
{
    struct str all = options->text.n
                             ? arena_printf(a, "%.*s %.*s", STR_ARG(options->text), STR_ARG(value))
                             : value;

    *options = (struct placed){ all, *place };
}

bool bls_read(struct arena *a, struct str text, uint32_t file, struct str name,
              struct menu_entry *out)
{
    struct menu_entry e = { .parent = SIZE_MAX };
    const struct {
        struct str key;
        struct placed *placed;
        struct str *text;
    } keys[] = {
        { { STR_INIT("linux") }, &e.kernel, NULL },
        { { STR_INIT("initrd") }, &e.initrd, NULL },
        { { STR_INIT("title") }, NULL, &e.title },
        { { STR_INIT("version") }, NULL, &e.version },
        { { STR_INIT("sort-key") }, NULL, &e.sort_key },
        { { STR_INIT("machine-id") }, NULL, &e.machine_id },
    };
    struct config_lines lines = { .rest = text, .all = text, .file = file };
    struct place place;
    struct str value;

    if (!str_ends(name, STR(".conf")))
        return false;
    e.id = str_first(name, name.n - STR(".conf").n);
    while (config_line(&lines, &place)) {
        if (take_key(place.text, STR("options"), &value))
            take_options(a, &e.cmdline, value, &place);
        e.other |= take_key(place.text, STR("efi"), &value) ||
                   take_key(place.text, STR("uki"), &value);
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            if (!take_key(place.text, keys[i].key, &value))
                continue;
            if (keys[i].placed)
                *keys[i].placed = (struct placed){ value, place };
            else
                *keys[i].text = value;
        }
    }
    if (!e.title.n)
        e.title = e.id;
    *out = e;
    return e.kernel.text.n || e.other;
}

/* Numbers by their value, everything else bytewise: 6.1.10 stands behind 6.1.9. */
static int compare_versions(struct str a, struct str b)
{
    uint64_t x, y;

    while (a.n && b.n) {
        if (str_take_u64(&a, &x) && str_take_u64(&b, &y)) {
            if (x != y)
                return x < y ? -1 : 1;
            continue;
        }
        if (!a.n || !b.n)
            break;
        if (a.p[0] != b.p[0])
            return (unsigned char)a.p[0] < (unsigned char)b.p[0] ? -1 : 1;
        a = str_from_at(a, 1);
        b = str_from_at(b, 1);
    }
    return (a.n > 0) - (b.n > 0);
}

int bls_compare(const struct menu_entry *a, const struct menu_entry *b)
{
    int order = 0;

    if (!a->sort_key.n != !b->sort_key.n)
        return a->sort_key.n ? -1 : 1;
    if (a->sort_key.n) {
        order = str_cmp(a->sort_key, b->sort_key);
        if (order == 0)
            order = str_cmp(a->machine_id, b->machine_id);
        if (order == 0)
            order = -compare_versions(a->version, b->version);
    }
    return order ? order : -compare_versions(a->id, b->id);
}

/* Recursion would be over the stars of a hostile pattern: the last star alone is tried again. */
bool bls_names(struct str pattern, struct str id)
{
    size_t p = 0, s = 0, star = SIZE_MAX, from = 0;

    if (str_ends(pattern, STR(".conf")))
        pattern.n -= STR(".conf").n;
    while (s < id.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            from = s;
        } else if (p < pattern.n && (pattern.p[p] == '?' || pattern.p[p] == id.p[s])) {
            p++;
            s++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            s = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}
