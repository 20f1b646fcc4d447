/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal of this machine, kept on disk or until the next boot only, and the kernel's own log
 * where there is none to read: systemd-journald.service(8), Storage=.
 */
#include "analyzer/cli/machine.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

enum { MACHINE_ID_DIGITS = 32 };

static const char *const stores[] = { "/var/log/journal", "/run/log/journal" };

bool machine_is_named(const struct args *args)
{
    return args_has(args, OPTION_DIRECTORY) || args_has(args, OPTION_FILE) ||
           args_has(args, OPTION_ROOT);
}

static bool is_id(struct str s)
{
    size_t n = 0;

    while (n < s.n && char_hex(s.p[n]) >= 0)
        n++;
    return n == MACHINE_ID_DIGITS && s.n == n;
}

struct str machine_id_of(const struct args *args)
{
    const char *word = args->value[OPTION_MACHINE_ID];

    return word && is_id(str_from(word)) ? str_from(word) : (struct str){ 0 };
}

/* --machine-id, or what /etc/machine-id holds; empty when neither is one. */
static struct str find_id(const struct args *args, const char *root, struct arena *arena)
{
    const char *word = args->value[OPTION_MACHINE_ID];
    struct str path = arena_printf(arena, "%s/etc/machine-id", root);
    char text[MACHINE_ID_DIGITS];
    struct str id = { .p = text };
    ssize_t n;
    int fd;

    if (word)
        return str_from(word);
    fd = path.p ? open(path.p, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
    n = fd >= 0 ? read(fd, text, sizeof text) : -1;
    if (fd >= 0)
        close(fd);
    id.n = n > 0 ? (size_t)n : 0;
    return is_id(id) ? arena_str(arena, id) : (struct str){ 0 };
}

enum holds { HOLDS_NOTHING, HOLDS_LOCKED, HOLDS_JOURNALS };

/* Are there journals in the directory that we may read? */
static enum holds look_into(const char *path)
{
    DIR *dir = opendir(path);
    enum holds holds = dir || access(path, F_OK) != 0 ? HOLDS_NOTHING : HOLDS_LOCKED;
    const struct dirent *entry;

    while (dir && holds != HOLDS_JOURNALS && (entry = readdir(dir))) {
        if (str_find(str_from(entry->d_name), STR(".journal")) == STR_NOT_FOUND)
            continue;
        holds = faccessat(dirfd(dir), entry->d_name, R_OK, 0) == 0 ? HOLDS_JOURNALS : HOLDS_LOCKED;
    }
    if (dir)
        closedir(dir);
    return holds;
}

/* The directory of the journal under `root`, or NULL; *locked: one that we may not read. */
static const char *find_journal(const struct args *args, const char *root, struct arena *arena,
                                const char **locked)
{
    struct str id = find_id(args, root, arena);

    for (size_t i = 0; i < sizeof stores / sizeof stores[0] && id.n; i++) {
        struct str path = arena_printf(arena, "%s%s/%.*s", root, stores[i], STR_ARG(id));
        enum holds holds = path.p ? look_into(path.p) : HOLDS_NOTHING;

        if (holds == HOLDS_LOCKED)
            *locked = path.p;
        if (holds == HOLDS_JOURNALS)
            return path.p;
    }
    return NULL;
}

static bool add_journal(const struct args *args, const char *root, struct inputs *inputs,
                        struct arena *arena, const char **locked)
{
    const char *path = find_journal(args, root, arena, locked);

    if (path)
        inputs_add(inputs, str_from(path));
    return path != NULL;
}

/* What would give more than the kernel's log alone. */
static const char *hint_of(const char *locked, struct arena *arena)
{
    if (locked)
        return arena_printf(arena,
                            "this machine's journal in %s is for root and the members of the group "
                            "systemd-journal: run this with sudo, or journalctl -b -1 -o export | "
                            "lastwords - as such a user",
                            locked)
                .p;
    return "this machine has no journal to read, and its kernel's log is for root and holds the "
           "running boot only: run this with sudo, or name a log";
}

const char *machine_journal(const struct args *args, struct arena *arena, const char **hint)
{
    const char *locked = NULL, *path = find_journal(args, "", arena, &locked);

    *hint = path ? NULL : hint_of(locked, arena);
    return path;
}

/* An image need not have a machine-id that fits: then all journals that it holds. */
static void add_root(const struct args *args, const char *root, struct inputs *inputs,
                     struct arena *arena)
{
    const char *locked = NULL;

    if (add_journal(args, root, inputs, arena, &locked))
        return;
    if (locked)
        inputs_add(inputs, str_from(locked));
    else
        inputs_add(inputs, arena_printf(arena, "%s%s", root, stores[0]));
}

struct str machine_boot_id(struct arena *arena)
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    char text[MACHINE_ID_DIGITS + 8], id[MACHINE_ID_DIGITS];
    ssize_t got = fd >= 0 ? read(fd, text, sizeof text) : -1;
    size_t n = 0;

    if (fd >= 0)
        close(fd);
    for (ssize_t i = 0; i < got && n < sizeof id; i++)
        if (char_hex(text[i]) >= 0)
            id[n++] = text[i];
    return n == sizeof id ? arena_str(arena, (struct str){ id, n }) : (struct str){ 0 };
}

const char *machine_add(const struct args *args, struct inputs *inputs, struct arena *arena)
{
    const char *const *value = args->value, *locked = NULL;

    if (value[OPTION_DIRECTORY])
        inputs_add(inputs, str_from(value[OPTION_DIRECTORY]));
    if (value[OPTION_FILE])
        inputs_add(inputs, str_from(value[OPTION_FILE]));
    if (value[OPTION_ROOT])
        add_root(args, value[OPTION_ROOT], inputs, arena);
    if (value[OPTION_DIRECTORY] || value[OPTION_FILE] || value[OPTION_ROOT] ||
        add_journal(args, "", inputs, arena, &locked))
        return NULL;
    inputs_add(inputs, STR("/dev/kmsg"));
    return hint_of(locked, arena);
}
