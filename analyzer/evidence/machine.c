/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at a machine: see machine.h. Facts are made of it in facts_machine.c. */
#include "analyzer/evidence/machine.h"

#include "analyzer/core/limits.h"

static const struct {
    struct str name, words;
} check_infos[] = {
#define CHECK(sym, word, people) [CHECK_##sym] = { { STR_INIT(word) }, { STR_INIT(people) } },
#include "analyzer/evidence/machine_check.def"
#undef CHECK
};

struct str machine_check_name(enum machine_check_id id)
{
    return check_infos[id].name;
}

struct str machine_check_words(enum machine_check_id id)
{
    return check_infos[id].words;
}

/* The number of a file that is known by this name; adds it when it is new. */
static uint32_t number_of(struct machine *m, struct str name, struct str bytes)
{
    struct machine_file *slot;
    struct str line, rest = bytes;

    for (size_t i = 0; i < m->files.n; i++)
        if (str_eq(m->files.p[i].name, name))
            return (uint32_t)i;
    slot = vec_push(m->arena, &m->files);
    if (!slot)
        return 0;
    *slot = (struct machine_file){ .name = arena_str(m->arena, name), .bytes = bytes };
    while (str_take_line(&rest, &line))
        slot->lines++;
    return (uint32_t)m->files.n - 1;
}

bool machine_read(struct machine *m, struct str path, struct str *bytes, uint32_t *file,
                  enum tree_state *state)
{
    enum tree_state got = TREE_FOUND;

    for (size_t i = 0; i < m->files.n; i++) {
        if (!str_eq(m->files.p[i].name, path))
            continue;
        *bytes = m->files.p[i].bytes;
        *file = (uint32_t)i;
        return true;
    }
    got = tree_read(&m->tree, path, m->arena, LIMIT_MACHINE_FILE_BYTES, bytes, NULL);
    if (state)
        *state = got;
    if (got != TREE_FOUND)
        return false;
    m->seen = true;
    *file = number_of(m, path, *bytes);
    return true;
}

bool machine_read_link(struct machine *m, struct str path, struct placed *target)
{
    struct str to, line;

    if (tree_link(&m->tree, path, m->arena, &to) != TREE_FOUND)
        return false;
    m->seen = true;
    line = arena_printf(m->arena, "-> %.*s", STR_ARG(to));
    *target = (struct placed){ to, { number_of(m, path, line), 1, 0, line } };
    return true;
}

bool cmdline_value(struct str cmdline, struct str name, struct str *value)
{
    bool found = false;

    while (cmdline.n) {
        struct str word, s;
        size_t n = 0;
        bool quoted = false;

        str_take_spaces(&cmdline);
        while (n < cmdline.n && (quoted || (!char_is_space(cmdline.p[n]) && cmdline.p[n] != '\n')))
            quoted ^= cmdline.p[n++] == '"';
        word = s = str_first(cmdline, n);
        cmdline = str_from_at(cmdline, n ? n : 1);
        if (word.n && str_take(&s, name) && str_take_char(&s, '=')) {
            if (str_take_char(&s, '"') && str_ends(s, STR("\"")))
                s.n--;
            *value = s;
            found = true;
        }
    }
    return found;
}

/* The first line of a small file. */
static struct placed first_line(struct machine *m, struct str path)
{
    struct config_lines lines = { 0 };
    struct placed found = { 0 };
    struct str bytes;

    if (!machine_read(m, path, &bytes, &lines.file, NULL))
        return found;
    lines.rest = lines.all = bytes;
    if (config_line(&lines, &found.place))
        found.text = str_trim(found.place.text);
    return found;
}

/* vmw_pvscsi 32768 2 - Live 0x0000000000000000 */
static void read_modules(struct machine *m)
{
    struct str bytes, line, name, *slot;
    uint32_t file;

    if (!machine_read(m, STR("/proc/modules"), &bytes, &file, NULL))
        return;
    m->modules_known = true;
    while (str_take_line(&bytes, &line) && m->modules.n < LIMIT_LIST_ITEMS) {
        slot = str_take_word(&line, &name) ? vec_push(m->arena, &m->modules) : NULL;
        if (slot)
            *slot = name;
    }
}

static const struct str module_dirs[] = { { STR_INIT("/lib/modules") },
                                          { STR_INIT("/usr/lib/modules") } };

/* Kernels in /boot, by their names: vmlinuz-6.1.138-5.ph5-esx. */
static void list_kernels(struct machine *m)
{
    struct tree_names names;
    struct tree_info info;

    tree_list(&m->tree, STR("/boot"), m->arena, &names);
    for (size_t i = 0; i < names.n; i++) {
        struct str release = names.p[i], path;
        struct installed_kernel *slot;

        if (!str_take(&release, STR("vmlinuz-")) && !str_take(&release, STR("vmlinux-")))
            continue;
        slot = release.n ? vec_push(m->arena, &m->installed) : NULL;
        if (!slot)
            continue;
        *slot = (struct installed_kernel){
            release, arena_printf(m->arena, "/boot/%.*s", STR_ARG(names.p[i])), TRI_NO
        };
        for (size_t k = 0; k < 2; k++) {
            path = arena_printf(m->arena, "%.*s/%.*s", STR_ARG(module_dirs[k]), STR_ARG(release));
            if (tree_look(&m->tree, path, &info) == TREE_FOUND && info.kind == TREE_DIRECTORY)
                slot->modules = TRI_YES;
        }
    }
}

bool machine_look(struct machine *m, const char *root, struct arena *arena, struct err *err)
{
    *m = (struct machine){ .arena = arena, .root_name = arena_str(arena, str_from(root)) };
    if (!tree_open(&m->tree, root, err))
        return false;
    m->running = first_line(m, STR("/proc/sys/kernel/osrelease"));
    m->cmdline = first_line(m, STR("/proc/cmdline"));
    m->machine_id = first_line(m, STR("/etc/machine-id")).text;
    read_modules(m);
    list_kernels(m);
    m->boot_space_known = tree_space(&m->tree, STR("/boot"), &m->boot_free_kib, &m->boot_all_kib,
                                     &m->boot_own) == TREE_FOUND;
    machine_read_blocks(m);
    machine_read_fstab(m);
    machine_next(m);
    machine_check_next(m);
    tree_close(&m->tree);
    return true;
}
