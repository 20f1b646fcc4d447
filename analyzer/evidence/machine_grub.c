/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What GRUB boots next: runs its script over the machine's files (grub.c), adds the entries of
 * loader/entries where the script asks for them, and takes the entry that the script chooses.
 */
#include "analyzer/evidence/machine_loader.h"

static int ask_exists(void *ctx, struct str path, bool with_bytes)
{
    struct machine *m = ctx;
    struct tree_info info;
    struct str found;
    enum tree_state state = machine_find(m, path, &found);

    if (state != TREE_FOUND)
        return state == TREE_ABSENT ? 0 : -1;
    if (tree_look(&m->tree, found, &info) != TREE_FOUND)
        return -1;
    return info.kind == TREE_FILE && (!with_bytes || info.bytes > 0);
}

static bool ask_load(void *ctx, struct str path, const struct place *at, struct str *bytes,
                     uint32_t *file)
{
    struct machine *m = ctx;
    struct str found;
    enum tree_state state = machine_find(m, path, &found);

    if (state == TREE_FOUND && machine_read(m, found, bytes, file, &state))
        return true;
    if (str_ends(path, STR("/grubenv")))
        return false;
    m->missing_env = (struct placed){ path, *at };
    m->missing_state = state;
    return false;
}

/* GRUB with blscfg: the entries of the files stand before those of the script. */
static void add_bls(struct machine *m, struct grub *g)
{
    struct menu menu = { 0 };
    size_t n;

    machine_read_entries(m, STR("/boot/loader/entries"), &menu);
    n = menu.n;
    for (size_t i = 0; i < n; i++)
        if (menu.p[i].cmdline.text.n)
            menu.p[i].cmdline.text = grub_expand(g, menu.p[i].cmdline.text);
    for (size_t i = 0; i < g->menu.n; i++) {
        struct menu_entry *slot = vec_push(g->arena, &menu);

        if (!slot)
            break;
        *slot = g->menu.p[i];
        if (slot->parent == SIZE_MAX)
            slot->order += n;
        else
            slot->parent += n;
    }
    g->menu = menu;
}

/*
 * The line that sets what the entry's line only refers to: photon_initrd=… of photon.cfg rather
 * than "initrd /boot/$photon_initrd". Only of the words that end the path.
 */
static struct place said_by(const struct grub *g, struct str text, struct place place)
{
    for (size_t i = 0; i < g->variables.n; i++) {
        const struct placed *value = &g->variables.p[i].value;
        struct str name = arena_printf(g->arena, "$%.*s", STR_ARG(g->variables.p[i].name));

        if (value->place.line && value->text.n && str_ends(text, value->text) &&
            str_find(place.text, name) != STR_NOT_FOUND)
            return value->place;
    }
    return place;
}

static void name_sources(struct machine *m, const struct grub *g)
{
    struct str root;

    m->kernel.place = said_by(g, m->kernel.text, m->kernel.place);
    m->initrd.place = said_by(g, m->initrd.text, m->initrd.place);
    if (cmdline_value(m->next_cmdline.text, STR("root"), &root))
        m->root = (struct placed){ root, said_by(g, root, m->next_cmdline.place) };
}

/* Without it the menu's entries name nothing: $photon_linux stays empty. */
static void fail_missing_env(struct machine *m)
{
    struct machine_check *check = &m->checks[CHECK_CONFIG];

    if (m->missing_state == TREE_DENIED)
        check->denied = m->missing_env.text;
    machine_fail_config(m, m->missing_state == TREE_DENIED ? TRI_UNKNOWN : TRI_NO,
                        m->missing_env.text,
                        m->missing_state == TREE_ABSENT
                                ? STR("the boot loader reads it, and it is not there")
                                : STR("the boot loader reads it, and it cannot be read"));
    check->place = m->missing_env.place;
}

static void choose_grub_entry(struct machine *m, struct grub *g)
{
    struct str wanted = grub_value(g, STR("default")).text;
    size_t chosen = menu_find(&g->menu, wanted.n ? wanted : STR("0"));

    if (chosen == SIZE_MAX)
        chosen = menu_first(&g->menu);
    if (g->uncertain || g->full)
        machine_fail_config(m, TRI_UNKNOWN, m->config.text,
                            STR("which entry it boots rests on what cannot be known from here"));
    if (m->missing_env.place.line) {
        fail_missing_env(m);
        return;
    }
    if (chosen == SIZE_MAX) {
        machine_fail_config(m, g->bls && m->checks[CHECK_CONFIG].denied.n ? TRI_UNKNOWN : TRI_NO,
                            m->config.text, STR("it has no menu entry that boots a kernel"));
        return;
    }
    machine_take_entry(m, &g->menu.p[chosen]);
    name_sources(m, g);
}

/* The paths of grub.cfg, and $prefix with each. Photon 1.0 and Debian: the second. */
static const struct {
    struct str path, prefix;
} grubs[] = {
    { { STR_INIT("/boot/grub2/grub.cfg") }, { STR_INIT("/boot/grub2") } },
    { { STR_INIT("/boot/grub/grub.cfg") }, { STR_INIT("/boot/grub") } },
};

bool machine_read_grub(struct machine *m)
{
    struct grub g = { .arena = m->arena, .ask = { m, ask_exists, ask_load } };
    enum tree_state state;
    struct str bytes;
    uint32_t file;

    for (size_t i = 0; i < sizeof grubs / sizeof grubs[0]; i++) {
        if (machine_read(m, grubs[i].path, &bytes, &file, &state)) {
            m->loader = STR("grub");
            m->config = (struct placed){ grubs[i].path, { .file = file, .line = 1 } };
            m->checks[CHECK_CONFIG].subject = grubs[i].path;
            g.prefix = grubs[i].prefix;
            grub_read(&g, bytes, file);
            if (g.bls)
                add_bls(m, &g);
            choose_grub_entry(m, &g);
            return true;
        }
        if (state == TREE_ABSENT)
            continue;
        machine_fail_config(m, TRI_UNKNOWN, grubs[i].path, STR("it cannot be read"));
        if (state == TREE_DENIED)
            m->checks[CHECK_CONFIG].denied = grubs[i].path;
    }
    return false;
}
