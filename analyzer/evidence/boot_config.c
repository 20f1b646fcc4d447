/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of boot loaders' files share: lines, environment blocks, menus. */
#include "analyzer/evidence/boot_config.h"

bool config_line(struct config_lines *in, struct place *place)
{
    uint64_t offset = in->all.n - in->rest.n;

    if (!str_take_line(&in->rest, &place->text))
        return false;
    place->file = in->file;
    place->line = ++in->line;
    place->offset = offset;
    return true;
}

/*
 * photon_cmdline=init=/lib/systemd/systemd ro
 * saved_entry=0
 * An environment block is 1 KiB, filled up with '#': grub-core/lib/envblk.c.
 */
struct placed env_find(struct str text, uint32_t file, struct str name)
{
    struct config_lines lines = { .rest = text, .all = text, .file = file };
    struct placed found = { 0 };
    struct place place;

    while (config_line(&lines, &place)) {
        struct str s = place.text;

        if (str_take(&s, name) && str_take_char(&s, '='))
            found = (struct placed){ str_trim_end(s), place };
    }
    return found;
}

static size_t find_child(const struct menu *menu, size_t parent, struct str word)
{
    uint64_t number;
    bool by_number = str_to_u64(word, &number);
    size_t by_title = SIZE_MAX;

    for (size_t i = 0; i < menu->n; i++) {
        const struct menu_entry *e = &menu->p[i];

        if (e->parent != parent)
            continue;
        if (by_number ? e->order == number : e->id.n && str_eq(e->id, word))
            return i;
        if (by_title == SIZE_MAX && !by_number && str_eq(e->title, word))
            by_title = i;
    }
    return by_title;
}

size_t menu_find(const struct menu *menu, struct str path)
{
    size_t at = SIZE_MAX, whole = find_child(menu, SIZE_MAX, path);
    struct str word;

    if (whole != SIZE_MAX && !menu->p[whole].submenu)
        return whole;
    while (path.n) {
        if (!str_take_until(&path, '>', &word)) {
            word = path;
            path = (struct str){ 0 };
        }
        at = find_child(menu, at, word);
        if (at == SIZE_MAX)
            return SIZE_MAX;
        if (!menu->p[at].submenu)
            return at;
    }
    return SIZE_MAX; /* a submenu waits for somebody to choose */
}

size_t menu_first(const struct menu *menu)
{
    for (size_t i = 0; i < menu->n; i++)
        if (menu->p[i].parent == SIZE_MAX && !menu->p[i].submenu)
            return i;
    return SIZE_MAX;
}
