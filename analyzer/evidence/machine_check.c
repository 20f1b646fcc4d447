/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is what the next boot needs there? Kernel and initrd look like themselves, the modules'
 * directory, root=, the init program, systemd's default target. A check that cannot be made says
 * why.
 */
#include "analyzer/evidence/machine.h"

#include "analyzer/core/limits.h"
#include "parsers/walk.h"

enum { HEAD_BYTES = 1024 };

struct magic {
    size_t at;
    struct str bytes;
};

/* Documentation/arch/x86/boot.rst, Documentation/arch/arm64/booting.rst */
static const struct magic kernels[] = {
    { 0, { STR_INIT("MZ") } },
    { 0x202, { STR_INIT("HdrS") } },
    { 0,
      { STR_INIT("\x7f"
                 "ELF") } },
    { 0, { STR_INIT("\x1f\x8b") } },
    { 56, { STR_INIT("ARM\x64") } },
    { 0, { STR_INIT("\x28\xb5\x2f\xfd") } },
};

/* init/initramfs.c and lib/decompress.c */
static const struct magic initrds[] = {
    { 0, { STR_INIT("070701") } },
    { 0, { STR_INIT("070702") } },
    { 0, { STR_INIT("\x1f\x8b") } },
    { 0,
      { STR_INIT("\xfd"
                 "7zXZ") } },
    { 0, { STR_INIT("\x28\xb5\x2f\xfd") } },
    { 0, { STR_INIT("\x02\x21\x4c\x18") } },
    { 0, { STR_INIT("BZh") } },
    { 0, { STR_INIT("\x5d\x00\x00") } },
    { 0, { STR_INIT("\x89LZO") } },
    { 0, { STR_INIT("\x1f\x9e") } },
};

static bool has_magic(struct str head, const struct magic *magics, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(str_from_at(head, magics[i].at), magics[i].bytes))
            return true;
    return false;
}

/* Does the file begin as its kind does? Unknown when it may not be opened. */
static enum tri looks_good(struct machine *m, enum machine_check_id id, struct str path,
                           uint64_t *bytes)
{
    struct machine_check *check = &m->checks[id];
    enum tree_state state;
    struct tree_info info;
    struct str head;
    bool good;

    if (check->state != TRI_YES)
        return TRI_UNKNOWN;
    if (tree_look(&m->tree, path, &info) != TREE_FOUND || info.kind != TREE_FILE) {
        check->state = TRI_NO;
        check->why = STR("it is not a file");
        return TRI_NO;
    }
    *bytes = info.bytes;
    if (info.bytes == 0) {
        check->state = TRI_NO;
        check->why = STR("it is empty");
        return TRI_NO;
    }
    state = tree_read(&m->tree, path, m->arena, HEAD_BYTES, &head, NULL);
    if (state != TREE_FOUND) {
        /* It is there and has bytes; that its first ones are right is more than most ask. */
        check->why = STR("present; its content may be read by root only");
        return TRI_UNKNOWN;
    }
    good = id == CHECK_KERNEL ? has_magic(head, kernels, sizeof kernels / sizeof kernels[0])
                              : has_magic(head, initrds, sizeof initrds / sizeof initrds[0]);
    if (!good) {
        check->state = TRI_NO;
        check->why = id == CHECK_KERNEL ? STR("it does not begin as a kernel does")
                                        : STR("it does not begin as an initrd does");
    }
    return good ? TRI_YES : TRI_NO;
}

/* The kernel of the next boot asked for none: then nothing is missing. */
static void check_initrd(struct machine *m)
{
    struct machine_check *check = &m->checks[CHECK_INITRD];

    m->initrd_good = looks_good(m, CHECK_INITRD, m->initrd_path, &m->initrd_bytes);
    if (m->initrd.place.line || m->kernel.place.line == 0)
        return;
    check->state = TRI_YES;
    check->why = STR("none is named");
}

static void check_root(struct machine *m)
{
    struct machine_check *check = &m->checks[CHECK_ROOT];
    struct str root;

    check->place = m->next_cmdline.place;
    if (!cmdline_value(m->next_cmdline.text, STR("root"), &root) || root.n == 0) {
        check->why = m->next_cmdline.place.line ? STR("its command line has no root=") : STR("");
        return;
    }
    if (m->root.place.line == 0)
        m->root = (struct placed){ root, m->next_cmdline.place };
    check->place = m->root.place;
    check->subject = arena_printf(m->arena, "root=%.*s", STR_ARG(root));
    check->state = machine_has_device(m, root, &check->why);
    if (check->state == TRI_YES)
        check->why = STR("");
    /* Only an initrd can look for these: Documentation/admin-guide/kernel-parameters.txt, root=. */
    if ((str_starts(root, STR("UUID=")) || str_starts(root, STR("LABEL="))) &&
        m->initrd.place.line == 0) {
        check->state = TRI_NO;
        check->why = STR("only an initrd can find it, and none is named");
    }
}

static void check_modules(struct machine *m)
{
    static const struct str dirs[] = { { STR_INIT("/lib/modules") },
                                       { STR_INIT("/usr/lib/modules") } };
    struct machine_check *check = &m->checks[CHECK_MODULES];
    struct tree_info info;

    check->place = m->kernel.place;
    if (m->release.n == 0) {
        check->why = STR("the release of the next kernel is not known");
        return;
    }
    check->subject = arena_printf(m->arena, "/lib/modules/%.*s", STR_ARG(m->release));
    check->state = TRI_NO;
    check->why = STR("there is no such directory");
    for (size_t i = 0; i < sizeof dirs / sizeof dirs[0] && check->state == TRI_NO; i++) {
        struct str dir = arena_printf(m->arena, "%.*s/%.*s", STR_ARG(dirs[i]), STR_ARG(m->release));
        struct str dep = arena_printf(m->arena, "%.*s/modules.dep", STR_ARG(dir));
        enum tree_state state = tree_look(&m->tree, dir, &info);

        if (state == TREE_DENIED || state == TREE_ODD) {
            check->state = TRI_UNKNOWN;
            check->why = STR("it cannot be looked at");
            check->denied = state == TREE_DENIED ? dir : STR("");
        }
        if (state != TREE_FOUND || info.kind != TREE_DIRECTORY)
            continue;
        state = tree_look(&m->tree, dep, &info);
        m->modules_dep = state == TREE_FOUND && info.bytes             ? TRI_YES
                         : state == TREE_FOUND || state == TREE_ABSENT ? TRI_NO
                                                                       : TRI_UNKNOWN;
        check->subject = dir;
        check->state = m->modules_dep;
        check->why =
                m->modules_dep == TRI_YES ? STR("") : STR("its modules.dep is missing or empty");
        return;
    }
    /* A kernel with everything built in, as some build theirs. */
    if (check->state == TRI_NO && m->modules_known && m->modules.n == 0) {
        check->state = TRI_YES;
        check->why = STR("there is none, and the running kernel has no modules either");
    }
}

/* A part of the disk that is not mounted here shows as an empty directory. */
static bool usr_is_away(const struct machine *m)
{
    struct tree_names names;

    return tree_list(&m->tree, STR("/usr"), m->arena, &names) == TREE_FOUND && names.n == 0;
}

static void check_init(struct machine *m)
{
    static const struct str usual[] = { { STR_INIT("/sbin/init") },
                                        { STR_INIT("/etc/init") },
                                        { STR_INIT("/bin/init") },
                                        { STR_INIT("/bin/sh") } };
    struct machine_check *check = &m->checks[CHECK_INIT];
    enum tree_state state = TREE_ABSENT;
    struct tree_info info;
    struct str given;

    check->place = m->next_cmdline.place;
    check->subject = usual[0];
    if (cmdline_value(m->next_cmdline.text, STR("init"), &given)) {
        check->subject = given;
        state = tree_look(&m->tree, given, &info);
    }
    for (size_t i = 0; !m->init.text.n && i < sizeof usual / sizeof usual[0]; i++) {
        if (state != TREE_ABSENT || check->subject.p != usual[0].p)
            break;
        state = tree_look(&m->tree, usual[i], &info);
    }
    m->init = (struct placed){ check->subject, check->place };
    check->state = state == TREE_FOUND ? TRI_YES : TRI_UNKNOWN;
    if (state == TREE_FOUND)
        return;
    check->why = STR("it cannot be looked at");
    if (state == TREE_DENIED)
        check->denied = check->subject;
    if (state != TREE_ABSENT)
        return;
    check->state = usr_is_away(m) ? TRI_UNKNOWN : TRI_NO;
    check->why = usr_is_away(m) ? STR("/usr is empty here: another partition?")
                                : STR("there is no such file");
}

static const struct str unit_dirs[] = {
    { STR_INIT("/etc/systemd/system") },
    { STR_INIT("/usr/local/lib/systemd/system") },
    { STR_INIT("/usr/lib/systemd/system") },
    { STR_INIT("/lib/systemd/system") },
};

/* A unit is found by its name, wherever it stands: systemd.unit(5). */
static bool has_unit(const struct machine *m, struct str name)
{
    struct tree_info info;

    for (size_t i = 0; i < sizeof unit_dirs / sizeof unit_dirs[0]; i++) {
        struct str path = arena_printf(m->arena, "%.*s/%.*s", STR_ARG(unit_dirs[i]), STR_ARG(name));

        if (tree_look(&m->tree, path, &info) == TREE_FOUND)
            return true;
    }
    return false;
}

static bool has_systemd(const struct machine *m)
{
    struct tree_info info;

    return tree_look(&m->tree, STR("/usr/lib/systemd/systemd"), &info) == TREE_FOUND ||
           tree_look(&m->tree, STR("/lib/systemd/systemd"), &info) == TREE_FOUND;
}

/* The unit that the link default.target names, else that name itself. */
static struct placed default_target(struct machine *m)
{
    struct placed target = { 0 };
    struct str given;

    if (cmdline_value(m->next_cmdline.text, STR("systemd.unit"), &given))
        return (struct placed){ given, m->next_cmdline.place };
    if (!machine_read_link(m, STR("/etc/systemd/system/default.target"), &target))
        return (struct placed){ .text = STR("default.target") };
    target.text = walk_base(target.text);
    return target;
}

static void check_target(struct machine *m)
{
    struct machine_check *check = &m->checks[CHECK_TARGET];

    if (!has_systemd(m)) {
        check->state = usr_is_away(m) || !m->seen ? TRI_UNKNOWN : TRI_YES;
        check->why = STR("there is no systemd here");
        return;
    }
    m->target = default_target(m);
    check->subject = m->target.text;
    check->place = m->target.place;
    check->state = has_unit(m, m->target.text) ? TRI_YES : TRI_NO;
    if (check->state == TRI_NO)
        check->why = STR("there is no such unit");
}

void machine_check_next(struct machine *m)
{
    m->kernel_good = looks_good(m, CHECK_KERNEL, m->kernel_path, &m->kernel_bytes);
    check_initrd(m);
    check_root(m);
    check_modules(m);
    check_init(m);
    check_target(m);
}
