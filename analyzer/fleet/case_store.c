/* SPDX-License-Identifier: Apache-2.0 */
/* Results on disk, by index; see case_store.h. */
#include "analyzer/fleet/case_store.h"

#include "analyzer/core/io.h"
#include "reports/json_redact.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

bool case_store_init(struct case_store *s, struct arena *arena, size_t n)
{
    *s = (struct case_store){ .arena = arena, .spool = -1 };
    s->of.p = arena_new(arena, struct case_text, n ? n : 1);
    s->of.n = s->of.cap = s->of.p ? n : 0;
    return s->of.p != NULL;
}

void case_store_done(struct case_store *s)
{
    if (s->spool >= 0)
        close(s->spool);
    s->spool = -1;
}

/* Where it has a name for a moment, the name is nobody's to guess. */
static int open_unnamed(void)
{
    static const char *const places[] = { "/var/tmp", "/tmp", "." };
    int fd = -1;

    for (size_t i = 0; i < sizeof places / sizeof places[0] && fd < 0; i++)
        fd = open(places[i], O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    for (size_t i = 0; i < sizeof places / sizeof places[0] && fd < 0; i++) {
        char name[64] = "";
        size_t n = 0;

        for (const char *c = places[i]; *c; c++)
            name[n++] = *c;
        for (const char *c = "/.lastwords-XXXXXX"; *c; c++)
            name[n++] = *c;
        fd = mkostemp(name, O_CLOEXEC);
        if (fd >= 0)
            unlink(name);
    }
    return fd;
}

bool case_store_put(struct case_store *s, size_t index, struct str ndjson, struct err *err)
{
    uint64_t offset = s->spooled;

    if (s->spool < 0 && (s->spool = open_unnamed()) < 0)
        return fail_sys(err, errno, "/var/tmp", "cannot keep results there");
    case_store_point(s, index, s->spool, offset, ndjson.n);
    if (!io_pwrite_all(s->spool, ndjson.p, ndjson.n, (off_t)offset))
        return fail_sys(err, errno, "/var/tmp", "cannot keep results there");
    s->spooled += ndjson.n;
    return true;
}

void case_store_point(struct case_store *s, size_t index, int fd, uint64_t offset, uint64_t bytes)
{
    s->of.p[index] = (struct case_text){ fd, offset, bytes };
}

static bool copy(const struct case_text *text, struct out *out, struct err *err)
{
    return out_raw_at(out, text->fd, text->offset, text->bytes) ||
           fail_sys(err, errno, "", "cannot read results again");
}

bool case_store_write(const struct case_store *s, struct out *out, struct err *err)
{
    struct out *whole = out_redactor(out) ? out_new_memory() : NULL;
    bool ok = !out_redactor(out) || whole || fail(err, FAIL_LIMIT, "out of memory");

    for (size_t i = 0; ok && i < s->of.n; i++) {
        ok = copy(&s->of.p[i], whole ? whole : out, err);
        if (!whole)
            continue;
        json_redact(out, out_bytes(whole));
        out_clear(whole);
    }
    out_free(whole);
    return ok;
}
