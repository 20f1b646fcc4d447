/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What boots next: which boot loader has its configuration here, which entry it will take, and
 * which kernel, initrd and command line that entry names.
 */
#include "analyzer/evidence/machine_loader.h"

#include "parsers/walk.h"

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
    machine_read_entries(m, dir, &menu);
    chosen = choose_systemd_entry(&menu, wanted.text);
    unified = arena_printf(m->arena, "%.*s/EFI/Linux", STR_ARG(esp));
    if (str_starts(wanted.text, STR("@")))
        machine_fail_config(m, TRI_UNKNOWN, conf,
                            STR("the default is what was booted last (@saved)"));
    if (chosen != SIZE_MAX)
        machine_take_entry(m, &menu.p[chosen]);
    else if (tree_look(&m->tree, unified, &info) == TREE_FOUND)
        m->no_kernel = true;
    else
        machine_fail_config(m, m->checks[CHECK_CONFIG].denied.n ? TRI_UNKNOWN : TRI_NO, dir,
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
    machine_fail_config(m, TRI_NO, path,
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
    struct str base = walk_base(path), above = walk_base(walk_parent(path));

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (str_take(&base, heads[i]))
            return base;
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
    state = machine_find(m, named->text, path);
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
    bool grub = !dangles && machine_read_grub(m);
    struct machine_check *check = &m->checks[CHECK_CONFIG];

    if (esp && grub) {
        machine_fail_config(
                m, TRI_UNKNOWN, m->config.text,
                STR("GRUB and systemd-boot are both set up here; which one the firmware starts "
                    "is not known"));
    } else if (esp && !dangles) {
        read_systemd_boot(m, *esp);
        move_to_esp(m, *esp, &m->kernel);
        move_to_esp(m, *esp, &m->initrd);
    } else if (!grub && !dangles) {
        read_photon(m);
        if (!check->why.n)
            machine_fail_config(
                    m, TRI_UNKNOWN, STR("/boot"),
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
