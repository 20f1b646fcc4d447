/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts NDJSON at its newlines and puts the lines of one case together; see result_file.h. What a
 * line is stands at its beginning, where reports/json.c writes it: {"type":"header", …
 */
#include "analyzer/fleet/result_file.h"

#include "analyzer/core/io.h"
#include "analyzer/core/limits.h"
#include "reports/out.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct result_file {
    int fd;
    char block[65536];
    struct str rest;  /* of the block */
    struct out *part; /* the lines so far */
    uint64_t offset;  /* of what follows in the file */
    bool end;
};

struct result_file *result_file_new(int fd)
{
    struct result_file *f = calloc(1, sizeof *f);

    if (!f)
        return NULL;
    f->fd = fd;
    f->part = out_new_memory();
    if (f->part)
        return f;
    free(f);
    return NULL;
}

void result_file_free(struct result_file *f)
{
    if (!f)
        return;
    out_free(f->part);
    free(f);
}

static bool fill(struct result_file *f, struct err *err)
{
    ssize_t n = io_read(f->fd, f->block, sizeof f->block);

    if (n < 0)
        return fail_sys(err, errno, "", "cannot read");
    f->end = n == 0;
    f->rest = (struct str){ .p = f->block, .n = (size_t)n };
    return true;
}

/* Appends one line with its newline to the part; *got false at the end of the file. */
static bool take_line(struct result_file *f, size_t *start, bool *got, struct err *err)
{
    *start = out_bytes(f->part).n;
    *got = true;
    for (;;) {
        size_t newline = str_find_char(f->rest, '\n');
        size_t n = newline == STR_NOT_FOUND ? f->rest.n : newline + 1;

        if (out_bytes(f->part).n + n > LIMIT_RESULT_BYTES)
            return fail(err, FAIL_LIMIT, "a case of more than %llu MiB",
                        (unsigned long long)LIMIT_RESULT_BYTES >> 20);
        out_raw(f->part, str_first(f->rest, n));
        f->rest = str_from_at(f->rest, n);
        f->offset += n;
        if (newline != STR_NOT_FOUND)
            return true;
        if (!fill(f, err))
            return false;
        if (!f->end)
            continue;
        *got = false;
        return out_bytes(f->part).n == *start ||
               fail(err, FAIL_FORMAT, "breaks off within a line: its writer did not finish");
    }
}

static const struct {
    struct str start;
    enum result_part part;
} singles[] = {
    { { STR_INIT("{\"type\":\"total\",") }, PART_TOTAL },
    { { STR_INIT("{\"type\":\"shard\",") }, PART_SHARD },
};

/* The part is whole with this line; PART_END: it is not. */
static enum result_part ends_with(struct str line, bool first, bool *known)
{
    *known = true;
    for (size_t i = 0; first && i < sizeof singles / sizeof singles[0]; i++)
        if (str_starts(line, singles[i].start))
            return singles[i].part;
    *known = str_starts(line, STR("{\"type\":\"header\",")) == first;
    return !first && str_starts(line, STR("{\"type\":\"summary\",")) ? PART_CASE : PART_END;
}

enum result_part result_file_next(struct result_file *f, struct str *bytes, uint64_t *offset,
                                  struct err *err)
{
    out_clear(f->part);
    *offset = f->offset;
    for (;;) {
        enum result_part part;
        bool got, known;
        size_t start;

        if (!take_line(f, &start, &got, err))
            return PART_FAIL;
        if (!got && start == 0)
            return PART_END;
        if (!got)
            fail(err, FAIL_FORMAT, "breaks off within a case: its writer did not finish");
        if (!got)
            return PART_FAIL;
        part = ends_with(str_from_at(out_bytes(f->part), start), start == 0, &known);
        if (!known) {
            fail(err, FAIL_FORMAT, "is no ndjson of lastwords, or its lines are out of order");
            return PART_FAIL;
        }
        *bytes = out_bytes(f->part);
        if (part != PART_END)
            return part;
    }
}
