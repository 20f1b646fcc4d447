/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the source file to blame; see crash_file.h. The first file that is not on the list of those
 * through which everybody goes; then, down the trace, one in a folder below that file's folder: the
 * driver rather than the framework that it sits in.
 */
#include "analyzer/evidence/crash_file.h"

enum { PATH_BYTES = 256 }; /* the kernel's longest has 110 */

static const char *const not_to_blame[] = {
#define NOT_TO_BLAME(pattern) pattern,
#define NO_TRACE(pattern)
#include "analyzer/evidence/crash_file.def"
#undef NOT_TO_BLAME
#undef NO_TRACE
    NULL,
};

static const char *const no_trace[] = {
#define NOT_TO_BLAME(pattern)
#define NO_TRACE(pattern) pattern,
#include "analyzer/evidence/crash_file.def"
#undef NOT_TO_BLAME
#undef NO_TRACE
    NULL,
};

static bool is_path_char(char c)
{
    return char_is_word(c) || c == '-' || c == '/' || c == '.';
}

/* The next "drivers/frob/push.c:88" of the line; *line moves behind its path. */
static bool take_file(struct str *line, struct str *file)
{
    for (size_t i = 1; i + 2 < line->n; i++) {
        size_t start = i;

        if (line->p[i] != '.' || (line->p[i + 1] != 'c' && line->p[i + 1] != 'h') ||
            line->p[i + 2] != ':' || i + 3 >= line->n || !char_is_digit(line->p[i + 3]))
            continue;
        while (start > 0 && is_path_char(line->p[start - 1]))
            start--;
        *file = str_first(str_from_at(*line, start), i + 2 - start);
        *line = str_from_at(*line, i + 2);
        str_take(file, STR("./"));
        return file->n > 2;
    }
    return false;
}

static struct str folder_of(struct str file)
{
    size_t slash = str_find_last_char(file, '/');

    return slash == STR_NOT_FOUND ? (struct str){ 0 } : str_first(file, slash + 1);
}

/* What was found on the way down. */
struct blame {
    struct str first; /* of all files, for the case that none is to blame */
    struct str file;
};

static void blame_file(struct blame *b, struct str file, bool on_the_way)
{
    struct str folder = folder_of(b->file);

    if (b->first.n == 0)
        b->first = file;
    if (!on_the_way || crash_pattern_in_any(not_to_blame, file))
        return;
    if (b->file.n == 0 || (folder.n && str_starts(file, folder) && folder_of(file).n > folder.n))
        b->file = file;
}

/* The line below which a stall's own trace stands; 0 when nothing says so. */
static size_t stall_start(const struct crash_text *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (crash_pattern_in("(apic_timer_interrupt+0x|el1h_64_irq+0x|Exception stack)",
                             t->lines[i].text))
            return i;
    return 0;
}

/* "arch/x86/kvm/../../../virt/kvm/eventfd.c": as a Makefile named it. */
static struct str without_parents(struct str file, struct arena *a)
{
    static const struct str up = { STR_INIT("/../") };
    char path[PATH_BYTES];
    size_t at;

    if (file.n > sizeof path)
        return (struct str){ 0 };
    for (size_t i = 0; i < file.n; i++)
        path[i] = file.p[i];
    file.p = path;
    while ((at = str_find(file, up)) != STR_NOT_FOUND && at > 0) {
        size_t kept = folder_of(str_first(file, at)).n, from = at + up.n;

        for (size_t i = from; i < file.n; i++)
            path[kept + i - from] = path[i];
        file.n -= from - kept;
    }
    return arena_str(a, file);
}

struct str crash_file_find(const struct crash_text *t, bool stalled, struct arena *a)
{
    struct blame b = { .first = { 0 } };

    for (size_t i = stalled ? stall_start(t) : 0; i < t->n; i++) {
        struct str line = t->lines[i].text, file;
        bool on_the_way;

        if (str_find(line, STR(".c:")) == STR_NOT_FOUND &&
            str_find(line, STR(".h:")) == STR_NOT_FOUND)
            continue;
        on_the_way = !crash_pattern_in_any(no_trace, line);
        while (take_file(&line, &file))
            blame_file(&b, file, on_the_way);
    }
    return without_parents(b.file.n ? b.file : b.first, a);
}
