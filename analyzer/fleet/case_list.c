/* SPDX-License-Identifier: Apache-2.0 */
/* From paths to cases, by names alone; see case_list.h. */
#include "analyzer/fleet/case_list.h"

#include "analyzer/core/clock.h"
#include "analyzer/core/limits.h"
#include "analyzer/engine/sha256.h"
#include "parsers/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files that lie beside a VM's logs and hold none; memory images. By name, as they come by the
 * thousand and opening them costs. */
static const struct {
    struct str end;
    bool image;
} ends[] = {
    { { STR_INIT(".vmem") }, true },   { { STR_INIT(".vmss") }, true },
    { { STR_INIT(".vmsn") }, true },   { { STR_INIT(".guest") }, true },
    { { STR_INIT(".core") }, true },   { { STR_INIT(".vmcore") }, true },
    { { STR_INIT(".vmdk") }, false },  { { STR_INIT(".nvram") }, false },
    { { STR_INIT(".vmsd") }, false },  { { STR_INIT(".vmxf") }, false },
    { { STR_INIT(".vswp") }, false },  { { STR_INIT(".lck") }, false },
    { { STR_INIT(".qcow2") }, false }, { { STR_INIT(".iso") }, false },
    { { STR_INIT(".img") }, false },   { { STR_INIT(".scoreboard") }, false },
};

static bool is_wanted(struct case_list *list, struct str base)
{
    bool image = str_starts(base, STR("vmcore"));
    bool other = false;

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (!str_ends(base, ends[i].end))
            continue;
        image = image || ends[i].image;
        other = other || !ends[i].image;
    }
    if (image && !list->images)
        list->n_images++;
    return !other && (!image || list->images);
}

static bool has_letter(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (char_is_alpha(s.p[i]))
            return true;
    return false;
}

/* The digits that `s` ends with, as a number; false when there are none, or more than eight. */
static bool trailing_number(struct str s, size_t *digits, uint64_t *number)
{
    size_t n = 0;

    while (n < s.n && char_is_digit(s.p[s.n - 1 - n]))
        n++;
    *digits = n;
    return n > 0 && n <= 8 && str_to_u64(str_from_at(s, s.n - n), number);
}

/*
 * What rotations add to a name: ".1" and ".old" of logrotate and savelog, "-20261101" of
 * logrotate's dateext, each maybe with a suffix of compression. Age 0 is the file itself.
 */
static void rate_rotation(struct scan_file *f)
{
    static const struct str packed[] = {
        { STR_INIT(".gz") }, { STR_INIT(".xz") }, { STR_INIT(".bz2") }, { STR_INIT(".zst") }
    };
    enum { NEWEST_DATE = 100000000, NUMBER_DIGITS = 4, DATE_DIGITS = 8 };
    struct str s = f->base;
    uint64_t number;
    size_t digits;

    f->stem = f->base;
    f->age = 0;
    for (size_t i = 0; i < sizeof packed / sizeof packed[0]; i++)
        if (str_ends(s, packed[i]))
            s = str_first(s, s.n - packed[i].n);
    if (str_ends(s, STR(".old"))) {
        f->stem = str_first(s, s.n - 4);
        f->age = 1;
    } else if (trailing_number(s, &digits, &number) && s.n > digits + 1) {
        char before = s.p[s.n - digits - 1];
        struct str stem = str_first(s, s.n - digits - 1);

        if (!has_letter(stem))
            return;
        if (before == '.' && digits <= NUMBER_DIGITS) {
            f->stem = stem;
            f->age = number + 1;
        } else if (before == '-' && digits == DATE_DIGITS && number / 1000000 >= 19 &&
                   number / 1000000 <= 20) {
            f->stem = stem;
            f->age = NEWEST_DATE - number;
        }
    }
}

static void add_file(struct case_list *list, struct str directory, struct str base,
                     const struct stat *st)
{
    struct scan_file *f =
            list->files.n < LIMIT_SCAN_FILES ? vec_push(list->arena, &list->files) : NULL;

    if (!f) {
        list->full = true;
        return;
    }
    f->directory = directory;
    f->base = arena_str(list->arena, base);
    f->mtime_us = TIME_UNKNOWN;
    rate_rotation(f);
    if (!st)
        return;
    f->mtime_us = file_state_of(st).mtime_us;
    f->bytes = (uint64_t)st->st_size;
    f->device = (uint64_t)st->st_dev;
    f->inode = (uint64_t)st->st_ino;
}

static struct str join(struct arena *arena, struct str directory, struct str base)
{
    if (directory.n == 0)
        return base;
    return arena_printf(arena, str_eq(directory, STR("/")) ? "%.*s%.*s" : "%.*s/%.*s",
                        STR_ARG(directory), STR_ARG(base));
}

/* The files of one directory; its directories are appended to *below. */
static void list_directory(struct case_list *list, struct str path, struct strs *below)
{
    int fd = open(path.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;
    struct stat st;

    if (!dir) {
        struct str *slot = vec_push(list->arena, &list->unread);

        if (slot)
            *slot = path;
        if (fd >= 0)
            close(fd);
        return;
    }
    while ((entry = readdir(dir))) {
        struct str base = str_from(entry->d_name), *slot;

        if (str_eq(base, STR(".")) || str_eq(base, STR("..")))
            continue;
        if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && (slot = vec_push(list->arena, below)))
            *slot = join(list->arena, path, arena_str(list->arena, base));
        else if (S_ISREG(st.st_mode) && is_wanted(list, base))
            add_file(list, path, base, &st);
    }
    closedir(dir);
}

static void walk(struct case_list *list, struct str top)
{
    struct strs level = { 0 };
    struct str *slot = vec_push(list->arena, &level);

    if (!slot)
        return;
    *slot = top;
    for (unsigned depth = 0; level.n && depth <= LIMIT_DIR_DEPTH; depth++) {
        struct strs below = { 0 };

        for (size_t i = 0; i < level.n; i++)
            list_directory(list, level.p[i], &below);
        level = below;
    }
    for (size_t i = 0; i < level.n; i++) {
        slot = vec_push(list->arena, &list->unread);
        if (slot)
            *slot = level.p[i];
    }
}

void case_list_add(struct case_list *list, struct str path)
{
    struct str name = arena_str(list->arena, path), base, directory = { 0 };
    struct stat st;
    bool there = name.n && stat(name.p, &st) == 0;

    while (name.n > 1 && name.p[name.n - 1] == '/')
        name = arena_str(list->arena, str_first(name, name.n - 1));
    while (name.n > 2 && str_starts(name, STR("./")) && name.p[2] != '/')
        name = str_from_at(name, 2);
    if (there && S_ISDIR(st.st_mode)) {
        walk(list, name);
        return;
    }
    base = walk_base(name);
    if (base.n < name.n)
        directory = arena_str(
                list->arena, base.n + 1 < name.n ? str_first(name, name.n - base.n - 1) : STR("/"));
    if (is_wanted(list, base))
        add_file(list, directory, base, there ? &st : NULL);
}

/* --- from files to cases --- */

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int by_name(const void *pa, const void *pb)
{
    const struct scan_file *a = pa, *b = pb;
    int order = str_cmp(a->directory, b->directory);

    return order ? order : str_cmp(a->base, b->base);
}

static int by_inode(const void *pa, const void *pb)
{
    const struct scan_file *a = pa, *b = pb;
    int order = compare_numbers(a->device, b->device);

    order = order ? order : compare_numbers(a->inode, b->inode);
    return order ? order : by_name(pa, pb);
}

/* By set, the oldest of each first. */
static int by_set(const void *pa, const void *pb)
{
    const struct scan_file *a = pa, *b = pb;
    int order = str_cmp(a->stem, b->stem);

    order = order ? order : compare_numbers(b->age, a->age);
    return order ? order : str_cmp(a->base, b->base);
}

static int by_path(const void *pa, const void *pb)
{
    const struct scan_case *a = pa, *b = pb;

    return str_cmp(a->path, b->path);
}

/* A file that two arguments reach is read once; one that is not there has no inode. */
static void drop_doubles(struct case_list *list)
{
    struct scan_files *files = &list->files;
    size_t kept = 0;

    qsort(files->p, files->n, sizeof *files->p, by_inode);
    for (size_t i = 0; i < files->n; i++) {
        const struct scan_file *before = kept ? &files->p[kept - 1] : NULL, *f = &files->p[i];
        bool same = before && before->device == f->device && before->inode == f->inode &&
                    (f->inode || by_name(before, f) == 0);

        if (!same)
            files->p[kept++] = *f;
    }
    list->n_doubles = files->n - kept;
    files->n = kept;
}

/* "vmware.log", "vmware-3.log", and what is compressed of them. */
static bool is_vm_log(struct str base)
{
    uint64_t number;

    if (!str_take(&base, STR("vmware")))
        return false;
    if (str_take(&base, STR("-")) && !str_take_u64(&base, &number))
        return false;
    return str_take(&base, STR(".log")) && (base.n == 0 || base.p[0] == '.');
}

static bool is_one_case(const struct scan_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_ends(files[i].base, STR(".vmx")) || str_ends(files[i].base, STR(".journal")) ||
            is_vm_log(files[i].base))
            return true;
    return false;
}

static bool add_case(struct case_list *list, const struct scan_file *files, size_t n, bool all)
{
    struct scan_case *c = vec_push(list->arena, list);

    if (!c)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct str *slot = vec_push(list->arena, &c->files);
        struct file_state *state = slot ? vec_push(list->arena, &c->states) : NULL;

        if (!state)
            return false;
        *slot = join(list->arena, files[i].directory, files[i].base);
        *state = (struct file_state){ files[i].bytes, files[i].mtime_us };
        c->bytes += files[i].bytes;
    }
    c->device = files[0].device;
    c->path = c->files.p[n - 1];
    if (all)
        c->path = files[0].directory.n ? files[0].directory : STR(".");
    return true;
}

/* The files of one directory. */
static bool add_directory(struct case_list *list, struct scan_file *files, size_t n)
{
    size_t from = 0;

    if (is_one_case(files, n))
        return add_case(list, files, n, true);
    qsort(files, n, sizeof *files, by_set);
    for (size_t i = 1; i <= n; i++) {
        if (i < n && str_eq(files[i].stem, files[from].stem))
            continue;
        if (!add_case(list, files + from, i - from, false))
            return false;
        from = i;
    }
    return true;
}

/* What could not be read is a case that fails, so that its loss is told. */
static bool add_unread(struct case_list *list)
{
    for (size_t i = 0; i < list->unread.n; i++) {
        struct scan_file file = { .base = list->unread.p[i], .mtime_us = TIME_UNKNOWN };

        if (!add_case(list, &file, 1, false))
            return false;
    }
    return true;
}

bool case_list_settle(struct case_list *list)
{
    struct scan_files *files = &list->files;
    size_t from = 0;

    if (files->n) {
        drop_doubles(list);
        qsort(files->p, files->n, sizeof *files->p, by_name);
    }
    for (size_t i = 1; i <= files->n; i++) {
        if (i < files->n && str_eq(files->p[i].directory, files->p[from].directory))
            continue;
        if (!add_directory(list, files->p + from, i - from))
            return false;
        from = i;
    }
    if (!add_unread(list))
        return false;
    if (list->n)
        qsort(list->p, list->n, sizeof *list->p, by_path);
    return true;
}

struct str case_list_id(const struct case_list *list, struct str tool_version,
                        struct str rules_sha256, struct arena *arena)
{
    unsigned char digest[32];
    struct sha256 hash;
    char hex[65];

    sha256_init(&hash);
    sha256_add(&hash, tool_version);
    sha256_add(&hash, STR("\n"));
    sha256_add(&hash, rules_sha256);
    for (size_t i = 0; i < list->n; i++) {
        sha256_add(&hash, STR("\n"));
        sha256_add(&hash, list->p[i].path);
    }
    sha256_done(&hash, digest);
    return arena_str(arena, sha256_hex(digest, sizeof digest, hex));
}
