/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a file of results: cut into parts, as what was seen before, and merged. The parts
 * are the file, one after the other; a merge with itself is the merge.
 */
#include "analyzer/fleet/baseline.h"
#include "analyzer/fleet/result_file.h"
#include "analyzer/fleet/whole.h"
#include "tests/fuzz/fuzz_fd.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void cut(int fd, struct str all)
{
    struct result_file *f = result_file_new(fd);
    enum result_part part = PART_FAIL;
    struct err err;
    struct str bytes;
    uint64_t offset, expected = 0;

    while (f && (part = result_file_next(f, &bytes, &offset, &err)) < PART_END) {
        if (offset != expected || !str_starts(str_from_at(all, (size_t)offset), bytes))
            abort();
        expected += bytes.n;
    }
    if (f && part == PART_END && expected != all.n)
        abort();
    result_file_free(f);
}

static void know(int fd)
{
    struct baseline *b = baseline_new();
    struct err err;

    if (b)
        baseline_read(b, fd, &err);
    baseline_free(b);
}

/* The lines of all cases, of a merge of the file with itself. */
static struct out *merged(int fd, unsigned times)
{
    struct whole *w = whole_new();
    struct cases *cases = cases_new();
    struct case_store store = { .spool = -1 };
    struct out *out = out_new_memory();
    bool ok = w && cases && out;
    struct err err;

    for (unsigned i = 0; ok && i < times; i++)
        ok = lseek(fd, 0, SEEK_SET) == 0 && whole_add(w, fd, &err);
    ok = ok && whole_finish(w, cases, &store, &err) && case_store_write(&store, out, &err);
    if (ok && whole_part(w))
        part_write(out, whole_part(w));
    case_store_done(&store);
    cases_free(cases);
    whole_free(w);
    if (ok)
        return out;
    out_free(out);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str all = { .p = (const char *)data, .n = size };
    int fd = fuzz_fd(data, size);
    struct out *once, *twice;

    if (fd < 0)
        return 0;
    cut(fd, all);
    if (lseek(fd, 0, SEEK_SET) == 0)
        know(fd);
    once = merged(fd, 1);
    twice = once ? merged(fd, 2) : NULL;
    if (once && (!twice || !str_eq(out_bytes(once), out_bytes(twice))))
        abort();
    out_free(once);
    out_free(twice);
    close(fd);
    return 0;
}
