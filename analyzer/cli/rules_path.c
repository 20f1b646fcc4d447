/* SPDX-License-Identifier: Apache-2.0 */
/* Finds, reads and loads rule files; see rules_path.h. */
#include "analyzer/cli/rules_path.h"

#include "analyzer/core/io.h"
#include "analyzer/core/limits.h"
#include "analyzer/engine/embedded.h"
#include "analyzer/evidence/boot.h"
#include "analyzer/evidence/crash.h"
#include "analyzer/evidence/fact.h"
#include "parsers/parser.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct loading {
    struct rule_files *files;
    struct arena *arena;
    struct problems *errors;
};

static bool problem(const struct loading *l, const struct err *err)
{
    struct err *slot = vec_push(l->errors->arena, l->errors);

    if (slot)
        *slot = *err;
    return false;
}

static bool refuse_sys(const struct loading *l, const char *path, const char *what)
{
    struct err err;

    fail_sys(&err, errno, path, what);
    return problem(l, &err);
}

static bool add_file(const struct loading *l, struct rule_file file)
{
    struct rule_file *slot = vec_push(l->arena, l->files);

    if (slot)
        *slot = file;
    return slot != NULL;
}

enum trust {
    TRUST_NAMED, /* the user asked for this very file, or its directory */
    TRUST_FOUND, /* it lay where rules are looked for */
    TRUST_ANY,   /* it holds no rules */
};

/* Rules decide what a report tells people to do: nobody else may be able to write them. */
static bool trusted(const char *path, const struct stat *st, enum trust trust, struct err *err)
{
    const char *why = NULL;

    if (!S_ISREG(st->st_mode))
        why = "is not a file (name a YAML file or a directory of them)";
    else if ((uint64_t)st->st_size > LIMIT_YAML_BYTES)
        why = "is larger than 4 MiB, the limit for a rule file";
    else if (trust != TRUST_ANY && st->st_mode & (S_IWGRP | S_IWOTH))
        why = "others may write to it, so its rules are not trusted (chmod go-w)";
    else if (trust == TRUST_FOUND && st->st_uid != 0 && st->st_uid != geteuid())
        why = "belongs to another user, so its rules are not trusted";
    return !why || fail_at(err, FAIL_USAGE, path, 0, 0, "%s", why);
}

static bool read_all(const char *path, int fd, size_t size, struct arena *a, struct str *out,
                     struct err *err)
{
    char *bytes = arena_alloc(a, size + 1);
    ssize_t got = 1;
    size_t n = 0;

    if (!bytes)
        return fail_at(err, FAIL_LIMIT, path, 0, 0, "does not fit into memory");
    while (n < size && (got = io_read(fd, bytes + n, size - n)) > 0)
        n += (size_t)got;
    if (got < 0)
        return fail_sys(err, errno, path, "cannot read");
    *out = (struct str){ .p = bytes, .n = n };
    return true;
}

/* Opens, looks whose it is, reads. */
static bool read_file(struct str path, enum trust trust, struct arena *a, struct rule_file *out,
                      struct err *err)
{
    int fd = path.n ? open(path.p, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
    struct stat st;
    bool ok;

    if (fd < 0)
        return fail_sys(err, errno, path.p, "cannot open");
    if (fstat(fd, &st) != 0)
        ok = fail_sys(err, errno, path.p, "cannot read");
    else
        ok = trusted(path.p, &st, trust, err) &&
             read_all(path.p, fd, (size_t)st.st_size, a, &out->yaml, err);
    out->name = path;
    close(fd);
    return ok;
}

bool rules_read_file(struct str path, struct arena *a, struct rule_file *out, struct err *err)
{
    return read_file(path, TRUST_ANY, a, out, err);
}

/* One rule file of the run. */
static bool take_file(const struct loading *l, struct str path, enum trust trust)
{
    struct rule_file file = { 0 };
    struct err err;

    if (!read_file(path, trust, l->arena, &file, &err))
        return problem(l, &err);
    return add_file(l, file);
}

static int is_yaml(const struct dirent *entry)
{
    return str_ends(str_from(entry->d_name), STR(".yaml")) && entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool read_directory(const struct loading *l, const char *path, enum trust trust)
{
    struct dirent **entries;
    int n = scandir(path, &entries, is_yaml, by_bytes);
    bool ok = true;

    if (n < 0)
        return refuse_sys(l, path, "cannot read the directory");
    for (int i = 0; i < n; i++) {
        struct str file = arena_printf(l->arena, "%s/%s", path, entries[i]->d_name);

        ok = take_file(l, file, trust) && ok;
        free(entries[i]);
    }
    free(entries);
    return ok;
}

static bool read_path(const struct loading *l, const char *path)
{
    struct stat st;

    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return read_directory(l, path, TRUST_NAMED);
    return take_file(l, str_from(path), TRUST_NAMED);
}

/* A directory that nobody made is no error. */
static bool read_if_there(const struct loading *l, const char *path)
{
    return access(path, F_OK) != 0 || read_directory(l, path, TRUST_FOUND);
}

static bool add_shipped(const struct loading *l, bool in_full)
{
    bool ok = true;

    for (const struct embedded_file *f = embedded_rules; f->name.n; f++) {
        struct rule_file file = { .name = f->name, .yaml = f->yaml };

        if (!in_full)
            file.packed = f->packed;
        ok = add_file(l, file) && ok;
    }
    return ok;
}

bool rules_read(struct rule_files *files, const struct rule_sources *from, struct arena *a,
                struct problems *errors)
{
    struct loading l = { .files = files, .arena = a, .errors = errors };
    bool ok = from->only_paths || add_shipped(&l, from->in_full);

    if (!from->only_paths)
        ok = read_if_there(&l, "/etc/lastwords/rules.d") && ok;
    if (!from->only_paths && from->user_dir && geteuid() != 0 && getuid() == geteuid()) {
        struct str dir = arena_printf(a, "%s/lastwords/rules.d", from->user_dir);

        ok = read_if_there(&l, dir.p) && ok;
    }
    for (size_t i = 0; i < from->n_paths; i++)
        ok = read_path(&l, from->paths[i]) && ok;
    return ok;
}

/* Everything but rules that lines must be looked at for: boots, facts, crashes, and formats' own
 * marks. */
static void list_literals(const char *const **lists, size_t max)
{
    size_t n = 0;

    lists[n++] = boot_literals;
    lists[n++] = fact_literals;
    lists[n++] = crash_literals;
    for (size_t i = 0; parsers[i] && n + 1 < max; i++)
        if (parsers[i]->marks)
            lists[n++] = parsers[i]->marks;
    lists[n] = NULL;
}

struct ruleset *rules_load(const struct rule_files *files, struct problems *errors)
{
    const char *const *lists[64];
    struct ruleset *rs = ruleset_new();
    bool ok = rs != NULL;

    for (size_t i = 0; i < files->n && rs; i++) {
        const struct rule_file *f = &files->p[i];

        ok = (f->packed.n ? ruleset_load_packed(rs, f->name, f->packed, errors)
                          : ruleset_load(rs, f->name, f->yaml, errors)) &&
             ok;
    }
    list_literals(lists, sizeof lists / sizeof lists[0]);
    if (ok && ruleset_compile(rs, lists, errors))
        return rs;
    ruleset_free(rs);
    return NULL;
}

struct str rules_source(const struct rule_files *files, struct str name)
{
    for (size_t i = files->n; i > 0; i--)
        if (str_eq(files->p[i - 1].name, name))
            return files->p[i - 1].yaml;
    return (struct str){ 0 };
}
