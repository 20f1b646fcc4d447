/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From paths to opened files. In one directory settings (.vmx) come first, then vmware.log and its
 * rotations, oldest first, then everything else by name.
 *
 * Hosted products rename upward (vmware-0.log is the newest old one), ESX counts upward (the
 * highest number is the newest old one). The stamps in the files decide; where they have none, the
 * hosted order is taken.
 */
#include "parsers/walk.h"

#include "analyzer/core/clock.h"
#include "analyzer/core/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* For sorting one directory. */
struct item {
    struct found found;
    enum walk_kind kind;
    int64_t start_us; /* first stamp of a vmware.log, or TIME_UNKNOWN */
    int64_t age;      /* by name alone, hosted: larger is older */
    size_t place;     /* among the files of a case, where the caller knows their order */
};

struct items {
    VEC(struct item);
};

struct walk {
    struct found_list *list;
    struct arena *arena;
    struct notes *notes;
};

struct str walk_base(struct str name)
{
    size_t slash = str_find_last_char(name, '/');

    return slash == STR_NOT_FOUND ? name : str_from_at(name, slash + 1);
}

struct str walk_parent(struct str name)
{
    size_t slash = str_find_last_char(name, '/');

    return slash == STR_NOT_FOUND ? (struct str){ 0 } : str_first(name, slash);
}

/* "vmware.log" → 0, "vmware-3.log" → 4 (older than -2): the hosted numbering. */
static bool rotation_age(struct str base, int64_t *age)
{
    uint64_t n;

    if (str_eq(base, STR("vmware.log"))) {
        *age = 0;
        return true;
    }
    if (!str_take(&base, STR("vmware-")) || !str_take_u64(&base, &n) || n > INT32_MAX)
        return false;
    *age = (int64_t)n + 1;
    return str_starts(base, STR(".log"));
}

enum walk_kind walk_kind(struct str name)
{
    struct str base = walk_base(name);

    if (str_ends(base, STR(".vmx")))
        return WALK_SETTINGS;
    return str_starts(base, STR("vmware")) && str_find(base, STR(".log")) != STR_NOT_FOUND
                   ? WALK_VMWARE_LOG
                   : WALK_OTHER;
}

/* The first stamp with a year in the file; lines before it may lack one. */
static int64_t first_stamp(int fd)
{
    char head[4096];
    ssize_t n = pread(fd, head, sizeof head, 0);
    struct str rest = { .p = head, .n = n > 0 ? (size_t)n : 0 }, line;
    int64_t wall_us;
    unsigned gaps;

    while (str_take_line(&rest, &line))
        if (clock_take_iso(&line, &wall_us, &gaps))
            return wall_us;
    return TIME_UNKNOWN;
}

static int compare(const void *pa, const void *pb)
{
    const struct item *a = pa, *b = pb;

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->kind == WALK_VMWARE_LOG) {
        if (a->start_us != TIME_UNKNOWN && b->start_us != TIME_UNKNOWN &&
            a->start_us != b->start_us)
            return a->start_us < b->start_us ? -1 : 1;
        if (a->age != b->age)
            return a->age > b->age ? -1 : 1;
    }
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return str_cmp(a->found.name, b->found.name);
}

static void add_found(struct walk *w, const struct found *found)
{
    struct found *slot = w->list->n < LIMIT_INPUTS ? vec_push(w->arena, w->list) : NULL;

    if (slot) {
        *slot = *found;
        return;
    }
    note_add(w->notes, NOTE_INPUT_LIMIT, NOTE_NO_INPUT, 0,
             "more than %d files; the rest was not opened", LIMIT_INPUTS);
    if (found->file.fd >= 0) {
        struct found gone = *found;

        found_close(&gone);
    }
}

static bool same_file(const struct file *a, const struct file *b)
{
    return a->stat.st_dev == b->stat.st_dev && a->stat.st_ino == b->stat.st_ino;
}

void found_close(struct found *found)
{
    file_close(&found->file);
    if (found->paired)
        file_close(&found->other);
    found->paired = false;
}

/* Halves of memory images: which names to look for beside a name. */
static const struct {
    struct str of, other;
} halves[] = {
    { { STR_INIT(".vmem") }, { STR_INIT(".vmss") } },
    { { STR_INIT(".vmem") }, { STR_INIT(".vmsn") } },
    { { STR_INIT(".vmem") }, { STR_INIT(".guest") } },
    { { STR_INIT(".vmss") }, { STR_INIT(".vmem") } },
    { { STR_INIT(".vmsn") }, { STR_INIT(".vmem") } },
    { { STR_INIT(".guest") }, { STR_INIT(".vmem") } },
};

/* Opens the other half of an image. `path` is what opens the file itself from `dir_fd`. */
static void find_other_half(struct walk *w, int dir_fd, struct str path, struct found *found)
{
    for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++) {
        struct str other;

        if (!str_ends(path, halves[i].of))
            continue;
        other = arena_printf(w->arena, "%.*s%s", (int)(path.n - halves[i].of.n), path.p,
                             halves[i].other.p);
        if (!other.n || !file_open(&found->other, dir_fd, other.p, !found->listed, NULL))
            continue;
        found->paired = S_ISREG(found->other.stat.st_mode);
        if (found->paired)
            return;
        file_close(&found->other);
    }
}

/* In a directory an image is read once, from its memory. */
static bool is_second_half(const struct found *found)
{
    return found->paired && !str_ends(found->name, STR(".vmem"));
}

/* The same file named twice is read once, and so is an image of which both halves are named. */
static bool is_double(struct walk *w, struct found *found)
{
    for (size_t i = 0; i < w->list->n && !found->listed; i++) {
        const struct found *earlier = &w->list->p[i];

        if (!S_ISREG(found->file.stat.st_mode) ||
            (!same_file(&earlier->file, &found->file) &&
             !(earlier->paired && same_file(&earlier->other, &found->file))))
            continue;
        note_add(w->notes, NOTE_INPUT_DOUBLE, NOTE_NO_INPUT, 0,
                 "%.*s was named twice and read once", STR_ARG(found->name));
        found_close(found);
        return true;
    }
    return false;
}

static void note_unreadable(struct walk *w, struct str name, const struct err *err)
{
    note_add(w->notes, NOTE_INPUT_UNREADABLE, NOTE_NO_INPUT, 0, "%.*s: %s", STR_ARG(name),
             err->text);
}

/* What the order among its neighbours goes by. */
static void rate(struct item *item, const struct found *found)
{
    item->found = *found;
    item->kind = walk_kind(found->name);
    item->start_us = item->kind == WALK_VMWARE_LOG ? first_stamp(found->file.fd) : TIME_UNKNOWN;
    if (!rotation_age(walk_base(found->name), &item->age))
        item->age = -1;
}

/* One entry of a directory: opened and kept for sorting, or counted. True when it is a directory.
 */
static bool take_entry(struct walk *w, int dir_fd, struct str directory, const char *entry,
                       struct items *items, struct str *subdirectory)
{
    struct found found = { .listed = true };
    struct item *item;
    struct err err;

    found.name = arena_printf(w->arena, "%.*s/%s", STR_ARG(directory), entry);
    if (!file_open(&found.file, dir_fd, entry, false, &err)) {
        if (err.sys == ELOOP || err.code == FAIL_SUPPORT)
            w->list->skipped++;
        else
            note_unreadable(w, found.name, &err);
        return false;
    }
    if (S_ISDIR(found.file.stat.st_mode)) {
        file_close(&found.file);
        *subdirectory = found.name;
        return true;
    }
    item = S_ISREG(found.file.stat.st_mode) ? vec_push(w->arena, items) : NULL;
    if (!item) {
        w->list->skipped++;
        file_close(&found.file);
        return false;
    }
    found.directory = directory;
    find_other_half(w, dir_fd, str_from(entry), &found);
    rate(item, &found);
    return false;
}

struct names {
    VEC(struct str);
};

static int compare_names(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void add_in_order(struct walk *w, struct items *items)
{
    if (items->n)
        qsort(items->p, items->n, sizeof *items->p, compare);
    for (size_t i = 0; i < items->n; i++) {
        if (is_second_half(&items->p[i].found))
            found_close(&items->p[i].found);
        else
            add_found(w, &items->p[i].found);
    }
}

/* The files of one directory in case order; its directories are appended to *below. */
static void take_directory(struct walk *w, struct str path, struct names *below)
{
    int fd = open(path.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    struct items items = { 0 };
    struct dirent *entry;
    struct err err;

    if (!dir) {
        fail_sys(&err, errno, path.p, "cannot read the directory");
        note_unreadable(w, path, &err);
        if (fd >= 0)
            close(fd);
        return;
    }
    while ((entry = readdir(dir))) {
        struct str subdirectory, *slot;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (take_entry(w, fd, path, entry->d_name, &items, &subdirectory) &&
            (slot = vec_push(w->arena, below)))
            *slot = subdirectory;
    }
    closedir(dir);
    add_in_order(w, &items);
}

static size_t depth_below(struct str top, struct str path)
{
    size_t depth = 0;

    for (size_t i = top.n; i < path.n; i++)
        depth += path.p[i] == '/';
    return depth;
}

/* Breadth first, each level by name. */
static void walk_directory(struct walk *w, struct str top)
{
    struct names level = { 0 };
    struct str *slot = vec_push(w->arena, &level);
    size_t n_before = w->list->n;

    if (!slot)
        return;
    *slot = top;
    while (level.n) {
        struct names below = { 0 };

        for (size_t i = 0; i < level.n; i++)
            take_directory(w, level.p[i], &below);
        if (below.n)
            qsort(below.p, below.n, sizeof *below.p, compare_names);
        if (below.n && depth_below(top, below.p[0]) > LIMIT_DIR_DEPTH) {
            note_add(w->notes, NOTE_INPUT_LIMIT, NOTE_NO_INPUT, 0,
                     "%.*s: directories deeper than %d levels were not read", STR_ARG(top),
                     LIMIT_DIR_DEPTH);
            break;
        }
        level = below;
    }
    for (size_t i = n_before; i < w->list->n; i++)
        w->list->p[i].given = top;
}

void walk_add(struct found_list *list, struct str path, struct arena *arena, struct notes *notes)
{
    struct walk w = { .list = list, .arena = arena, .notes = notes };
    struct found found = { .name = arena_str(arena, path) };
    struct err err;

    if (!file_open(&found.file, AT_FDCWD, found.name.p ? found.name.p : "", true, &err)) {
        note_unreadable(&w, found.name, &err);
        return;
    }
    if (S_ISDIR(found.file.stat.st_mode)) {
        file_close(&found.file);
        while (found.name.n > 1 && found.name.p[found.name.n - 1] == '/')
            found.name = arena_str(arena, str_first(found.name, found.name.n - 1));
        walk_directory(&w, found.name);
        return;
    }
    found.directory = walk_parent(found.name);
    found.given = found.name;
    find_other_half(&w, AT_FDCWD, found.name, &found);
    if (!is_double(&w, &found))
        add_found(&w, &found);
}

void walk_add_case(struct found_list *list, struct str given, const struct strs *files,
                   struct arena *arena, struct notes *notes)
{
    struct walk w = { .list = list, .arena = arena, .notes = notes };
    struct items items = { 0 };

    for (size_t i = 0; i < files->n; i++) {
        struct found found = { .name = arena_str(arena, files->p[i]),
                               .given = given,
                               .listed = true };
        struct item *item;
        struct err err;

        if (!file_open(&found.file, AT_FDCWD, found.name.p ? found.name.p : "", false, &err)) {
            note_unreadable(&w, found.name, &err);
            continue;
        }
        item = S_ISREG(found.file.stat.st_mode) ? vec_push(arena, &items) : NULL;
        if (!item) {
            fail(&err, FAIL_USAGE, "is no regular file");
            note_unreadable(&w, found.name, &err);
            file_close(&found.file);
            continue;
        }
        found.directory = walk_parent(found.name);
        find_other_half(&w, AT_FDCWD, found.name, &found);
        item->place = i;
        rate(item, &found);
    }
    add_in_order(&w, &items);
}
