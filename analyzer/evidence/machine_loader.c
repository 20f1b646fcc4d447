/* SPDX-License-Identifier: Apache-2.0 */
/* Paths and entries of boot loaders, as files of the machine below its root; see machine_loader.h.
 */
#include "analyzer/evidence/machine_loader.h"

#include "analyzer/core/limits.h"

void machine_fail_config(struct machine *m, enum tri state, struct str subject, struct str why)
{
    struct machine_check *check = &m->checks[CHECK_CONFIG];

    if (check->state == TRI_NO)
        return;
    check->state = state;
    check->subject = subject;
    check->why = why;
}

enum tree_state machine_find(const struct machine *m, struct str path, struct str *found)
{
    static const struct str tops[] = { { STR_INIT("") }, { STR_INIT("/boot") } };
    enum tree_state state = TREE_ABSENT;
    struct tree_info info;
    struct str device, tail;
    size_t boot;

    if (str_starts(path, STR("(")))
        str_take_until(&path, ')', &device);
    for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++) {
        struct str here = arena_printf(m->arena, "%.*s%s%.*s", STR_ARG(tops[i]),
                                       str_starts(path, STR("/")) ? "" : "/", STR_ARG(path));
        enum tree_state got = tree_look(&m->tree, here, &info);

        if (got == TREE_FOUND) {
            *found = here;
            return got;
        }
        if (got != TREE_ABSENT)
            state = got;
    }
    /* /@/boot/vmlinuz-…: a subvolume of btrfs. */
    boot = str_find(path, STR("/boot/"));
    if (boot == STR_NOT_FOUND || boot == 0)
        return state;
    tail = str_from_at(path, boot);
    if (tree_look(&m->tree, tail, &info) == TREE_FOUND) {
        *found = tail;
        return TREE_FOUND;
    }
    return state;
}

void machine_take_entry(struct machine *m, const struct menu_entry *e)
{
    m->title = e->title;
    m->kernel = e->kernel;
    m->initrd = e->initrd;
    m->next_cmdline = e->cmdline;
    m->release = e->version;
    m->no_kernel = e->other && e->kernel.place.line == 0;
}

void machine_read_entries(struct machine *m, struct str dir, struct menu *menu)
{
    struct tree_names names;
    enum tree_state state = tree_list(&m->tree, dir, m->arena, &names);

    if (state == TREE_DENIED)
        m->checks[CHECK_CONFIG].denied = dir;
    for (size_t i = 0; i < names.n && menu->n < LIMIT_MACHINE_ENTRIES; i++) {
        struct str path = arena_printf(m->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(names.p[i]));
        struct menu_entry e;
        struct str bytes;
        uint32_t file;
        size_t at;

        if (!str_ends(names.p[i], STR(".conf")))
            continue;
        if (!machine_read(m, path, &bytes, &file, &state)) {
            if (state == TREE_DENIED)
                m->checks[CHECK_CONFIG].denied = path;
            continue;
        }
        if (!bls_read(m->arena, bytes, file, names.p[i], &e) || !vec_push(m->arena, menu))
            continue;
        for (at = menu->n - 1; at > 0 && bls_compare(&e, &menu->p[at - 1]) < 0; at--)
            menu->p[at] = menu->p[at - 1];
        menu->p[at] = e;
    }
    for (size_t i = 0; i < menu->n; i++)
        menu->p[i].order = i;
}
