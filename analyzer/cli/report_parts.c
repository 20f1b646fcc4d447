/* SPDX-License-Identifier: Apache-2.0 */
/* Reports in several files; see report_parts.h. */
#include "analyzer/cli/report_parts.h"

#include "analyzer/core/io.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a file of ours begins with: more than any XML file's first line. */
enum { HEAD_BYTES = 64, PARTS_MAX = 100000 };

bool report_parts_first(const struct output *output, const struct report *report,
                        const struct cases *cases, struct report_options *how)
{
    bool many = report->part_end && output->dir >= 0;

    how->from = how->to = 0;
    if (many)
        how->to = report->part_end(cases, how, 0);
    return many;
}

/* "lw/report.xml" → "lw/report-2.xml" */
static struct str part_path(struct arena *arena, const char *path, unsigned number)
{
    struct str all = str_from(path);
    size_t slash = str_find_last_char(all, '/'), dot = str_find_last_char(all, '.');
    size_t base = slash == STR_NOT_FOUND ? 0 : slash + 1;

    if (dot == STR_NOT_FOUND || dot <= base)
        dot = all.n;
    return arena_printf(arena, "%.*s-%u%.*s", STR_ARG(str_first(all, dot)), number,
                        STR_ARG(str_from_at(all, dot)));
}

static bool read_head(const char *path, char head[HEAD_BYTES])
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat st;
    bool ok = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
              io_read_all(fd, head, HEAD_BYTES);

    if (fd >= 0)
        close(fd);
    return ok;
}

/* CI would read them as tonight's. What does not begin like `path` is none of ours. */
static void remove_older(struct arena *arena, const char *path, unsigned number)
{
    char ours[HEAD_BYTES], theirs[HEAD_BYTES];

    if (!read_head(path, ours))
        return;
    for (; number < PARTS_MAX; number++) {
        struct str part = part_path(arena, path, number);

        if (!part.n || !read_head(part.p, theirs) || memcmp(ours, theirs, HEAD_BYTES) != 0 ||
            unlink(part.p) != 0)
            return;
    }
}

static bool write_part(const char *path, const struct report *report, const struct cases *cases,
                       const struct report_options *how, struct redactor *redactor, struct err *err)
{
    struct output o;

    if (!output_open(&o, path, err))
        return false;
    out_redact(o.out, redactor);
    report->write_cases(o.out, cases, how);
    return output_close(&o, err);
}

bool report_parts_rest(const char *path, const struct report *report, const struct cases *cases,
                       const struct report_options *how, struct redactor *redactor, struct err *err)
{
    struct report_options part = *how;
    struct arena arena = { 0 };
    unsigned number = 2;
    bool ok = true;

    for (; ok && part.to < cases->of.n; number++) {
        part.from = part.to;
        part.to = report->part_end(cases, &part, part.from);
        ok = write_part(part_path(&arena, path, number).p, report, cases, &part, redactor, err);
    }
    if (ok)
        remove_older(&arena, path, number);
    arena_done(&arena);
    return ok;
}
