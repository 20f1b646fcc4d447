/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What boots next: which boot loader has its configuration here, which entry it will take, and
 * which kernel, initrd and command line that entry names.
 */
#include "analyzer/evidence/machine.h"

#include "analyzer/core/limits.h"

static void fail_config(struct machine *m, enum tri state, struct str subject, struct str why)
{
    struct machine_check *check = &m->checks[CHECK_CONFIG];

    if (check->state == TRI_NO)
        return;
    check->state = state;
    check->subject = subject;
    check->why = why;
}

/* A path as GRUB sees it, below what the file system of the root, /boot or a subvolume is to it. */
static enum tree_state look_below(const struct machine *m, struct str path, struct str *found)
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

static int ask_exists(void *ctx, struct str path, bool with_bytes)
{
    struct machine *m = ctx;
    struct tree_info info;
    struct str found;
    enum tree_state state = look_below(m, path, &found);

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
    enum tree_state state = look_below(m, path, &found);

    if (state == TREE_FOUND && machine_read(m, found, bytes, file, &state))
        return true;
    if (str_ends(path, STR("/grubenv")))
        return false;
    m->missing_env = (struct placed){ path, *at };
    m->missing_state = state;
    return false;
}

static void take_entry(struct machine *m, const struct menu_entry *e)
{
    m->title = e->title;
    m->kernel = e->kernel;
    m->initrd = e->initrd;
    m->next_cmdline = e->cmdline;
    m->release = e->version;
    m->no_kernel = e->other && e->kernel.place.line == 0;
}

/* The entries of a directory loader/entries, in the order of the menu. */
static void read_entries(struct machine *m, struct str dir, struct menu *menu)
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

/* GRUB with blscfg: the entries of the files stand before those of the script. */
static void add_bls(struct machine *m, struct grub *g)
{
    struct menu menu = { 0 };
    size_t n;

    read_entries(m, STR("/boot/loader/entries"), &menu);
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
    fail_config(m, m->missing_state == TREE_DENIED ? TRI_UNKNOWN : TRI_NO, m->missing_env.text,
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
        fail_config(m, TRI_UNKNOWN, m->config.text,
                    STR("which entry it boots rests on what cannot be known from here"));
    if (m->missing_env.place.line) {
        fail_missing_env(m);
        return;
    }
    if (chosen == SIZE_MAX) {
        fail_config(m, g->bls && m->checks[CHECK_CONFIG].denied.n ? TRI_UNKNOWN : TRI_NO,
                    m->config.text, STR("it has no menu entry that boots a kernel"));
        return;
    }
    take_entry(m, &g->menu.p[chosen]);
    name_sources(m, g);
}

/* The paths of grub.cfg, and $prefix with each. Photon 1.0 and Debian: the second. */
static const struct {
    struct str path, prefix;
} grubs[] = {
    { { STR_INIT("/boot/grub2/grub.cfg") }, { STR_INIT("/boot/grub2") } },
    { { STR_INIT("/boot/grub/grub.cfg") }, { STR_INIT("/boot/grub") } },
};

/* False: there is none. */
static bool read_grub(struct machine *m)
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
        fail_config(m, TRI_UNKNOWN, grubs[i].path, STR("it cannot be read"));
        if (state == TREE_DENIED)
            m->checks[CHECK_CONFIG].denied = grubs[i].path;
    }
    return false;
}

static const struct str esps[] = { { STR_INIT("/efi") },
                                   { STR_INIT("/boot/efi") },
                                   { STR_INIT("/boot") } };

/* Where systemd-boot is installed: EFI/systemd of the EFI partition; NULL: nowhere that we see. */
static const struct str *find_systemd_boot(struct machine *m)
{
    struct tree_info info;

    for (size_t i = 0; i < sizeof esps / sizeof esps[0]; i++) {
        struct str program = arena_printf(m->arena, "%.*s/EFI/systemd", STR_ARG(esps[i]));
        struct str conf = arena_printf(m->arena, "%.*s/loader/loader.conf", STR_ARG(esps[i]));

        if (tree_look(&m->tree, program, &info) == TREE_FOUND ||
            tree_look(&m->tree, conf, &info) == TREE_FOUND)
            return &esps[i];
    }
    return NULL;
}

/* default of loader.conf names an entry, or a pattern of which the first in the menu is taken. */
static size_t choose_systemd_entry(const struct menu *menu, struct str wanted)
{
    for (size_t i = 0; i < menu->n && wanted.n; i++)
        if (bls_names(wanted, menu->p[i].id))
            return i;
    return menu->n ? 0 : SIZE_MAX;
}

static void read_systemd_boot(struct machine *m, struct str esp)
{
    struct str conf = arena_printf(m->arena, "%.*s/loader/loader.conf", STR_ARG(esp)), bytes;
    struct str dir = arena_printf(m->arena, "%.*s/loader/entries", STR_ARG(esp)), unified;
    struct placed wanted = { 0 };
    struct menu menu = { 0 };
    struct tree_info info;
    uint32_t file;
    size_t chosen;

    m->loader = STR("systemd-boot");
    m->checks[CHECK_CONFIG].subject = dir;
    m->config.text = dir;
    if (machine_read(m, conf, &bytes, &file, NULL)) {
        wanted = bls_setting(bytes, file, STR("default"));
        m->config = (struct placed){ conf, { .file = file, .line = 1 } };
    }
    read_entries(m, dir, &menu);
    chosen = choose_systemd_entry(&menu, wanted.text);
    unified = arena_printf(m->arena, "%.*s/EFI/Linux", STR_ARG(esp));
    if (str_starts(wanted.text, STR("@")))
        fail_config(m, TRI_UNKNOWN, conf, STR("the default is what was booted last (@saved)"));
    if (chosen != SIZE_MAX)
        take_entry(m, &menu.p[chosen]);
    else if (tree_look(&m->tree, unified, &info) == TREE_FOUND)
        m->no_kernel = true;
    else
        fail_config(m, m->checks[CHECK_CONFIG].denied.n ? TRI_UNKNOWN : TRI_NO, dir,
                    STR("there is no entry that boots a kernel"));
}

/*
 * Photon: /boot/photon.cfg is a link to linux-….cfg, which names kernel and initrd of the kernel
 * that was installed last. False: this is no Photon, or the link is in order.
 */
static bool photon_dangles(struct machine *m)
{
    static const struct str path = { STR_INIT("/boot/photon.cfg") };
    struct tree_info info;
    struct placed target;

    if (tree_look(&m->tree, path, &info) != TREE_ABSENT || !machine_read_link(m, path, &target))
        return false;
    m->loader = STR("photon");
    m->config = target;
    fail_config(m, TRI_NO, path,
                arena_printf(m->arena, "it points to %.*s, which does not exist",
                             STR_ARG(target.text)));
    m->checks[CHECK_CONFIG].place = target.place;
    return true;
}

/* Names of photon.cfg, which its grub.cfg puts behind /boot/. */
static struct placed in_boot(const struct machine *m, const struct placed *named)
{
    return (struct placed){ arena_printf(m->arena, "/boot/%.*s", STR_ARG(named->text)),
                            named->place };
}

/* photon.cfg alone, because GRUB's script cannot be read: all but root= is known from it. */
static void read_photon(struct machine *m)
{
    struct placed kernel, initrd;
    struct str bytes;
    uint32_t file;

    if (!machine_read(m, STR("/boot/photon.cfg"), &bytes, &file, NULL))
        return;
    m->loader = STR("photon");
    m->config = (struct placed){ STR("/boot/photon.cfg"), { .file = file, .line = 1 } };
    kernel = env_find(bytes, file, STR("photon_linux"));
    initrd = env_find(bytes, file, STR("photon_initrd"));
    m->next_cmdline = env_find(bytes, file, STR("photon_cmdline"));
    if (kernel.text.n)
        m->kernel = in_boot(m, &kernel);
    if (initrd.text.n)
        m->initrd = in_boot(m, &initrd);
}

/* vmlinuz-6.1.138-5.ph5-esx → 6.1.138-5.ph5-esx; …/6.1.0-35-amd64/linux → 6.1.0-35-amd64 */
static struct str release_of(struct str path)
{
    static const struct str heads[] = { { STR_INIT("vmlinuz-") },
                                        { STR_INIT("vmlinux-") },
                                        { STR_INIT("linux-") } };
    size_t slash = str_find_last_char(path, '/');
    struct str base = slash == STR_NOT_FOUND ? path : str_from_at(path, slash + 1);
    struct str above = slash == STR_NOT_FOUND ? STR("") : str_first(path, slash);

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (str_take(&base, heads[i]))
            return base;
    slash = str_find_last_char(above, '/');
    above = slash == STR_NOT_FOUND ? above : str_from_at(above, slash + 1);
    return str_eq(base, STR("linux")) && above.n && char_is_digit(above.p[0]) ? above : STR("");
}

static void name_release(struct machine *m)
{
    struct str release = release_of(m->kernel.text), target;

    if (!release.n && m->kernel_path.n &&
        tree_link(&m->tree, m->kernel_path, m->arena, &target) == TREE_FOUND)
        release = release_of(target);
    if (release.n)
        m->release = release;
}

/* Finds the file that the boot loader's path names; the check gets what is known of it. */
static void find_file(struct machine *m, enum machine_check_id id, const struct placed *named,
                      struct str *path)
{
    struct machine_check *check = &m->checks[id];
    enum tree_state state;

    if (named->place.line == 0)
        return;
    check->place = named->place;
    check->subject = named->text;
    state = look_below(m, named->text, path);
    check->state = state == TREE_FOUND ? TRI_YES : state == TREE_ABSENT ? TRI_NO : TRI_UNKNOWN;
    if (state == TREE_ABSENT)
        check->why = STR("there is no such file");
    else if (state == TREE_DENIED)
        check->denied = named->text;
    if (state == TREE_DENIED || state == TREE_ODD)
        check->why = STR("it cannot be looked at");
    if (state == TREE_FOUND)
        check->subject = *path;
}

/* systemd-boot's paths start at its own partition. */
static void move_to_esp(struct machine *m, struct str esp, struct placed *named)
{
    struct tree_info info;
    struct str path =
            arena_printf(m->arena, "%.*s%s%.*s", STR_ARG(esp),
                         str_starts(named->text, STR("/")) ? "" : "/", STR_ARG(named->text));

    if (named->place.line && tree_look(&m->tree, path, &info) == TREE_FOUND)
        named->text = path;
}

void machine_next(struct machine *m)
{
    const struct str *esp = find_systemd_boot(m);
    bool dangles = photon_dangles(m);
    bool grub = !dangles && read_grub(m);
    struct machine_check *check = &m->checks[CHECK_CONFIG];

    if (esp && grub) {
        fail_config(m, TRI_UNKNOWN, m->config.text,
                    STR("GRUB and systemd-boot are both set up here; which one the firmware starts "
                        "is not known"));
    } else if (esp && !dangles) {
        read_systemd_boot(m, *esp);
        move_to_esp(m, *esp, &m->kernel);
        move_to_esp(m, *esp, &m->initrd);
    } else if (!grub && !dangles) {
        read_photon(m);
        if (!check->why.n)
            fail_config(m, TRI_UNKNOWN, STR("/boot"),
                        STR("no configuration of GRUB or systemd-boot is in /boot, /boot/efi or "
                            "/efi"));
    }
    if ((m->kernel.place.line || m->no_kernel) && !check->why.n)
        check->state = TRI_YES;
    if (m->kernel.place.line)
        check->place = check->place.line ? check->place : m->kernel.place;
    find_file(m, CHECK_KERNEL, &m->kernel, &m->kernel_path);
    find_file(m, CHECK_INITRD, &m->initrd, &m->initrd_path);
    name_release(m);
}
