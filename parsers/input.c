/* SPDX-License-Identifier: Apache-2.0 */
/* Opened byte sources; see input.h. */
#include "parsers/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct open_input {
    struct input in;
    int fd;           /* or -1: memory */
    struct str bytes; /* unread memory */
};

struct inputs {
    struct arena *arena;
    struct notes *notes;
    struct pending {
        VEC(struct open_input *);
    } pending;
    size_t at;
};

static struct open_input *opened(struct input *in)
{
    return (struct open_input *)(void *)in;
}

ptrdiff_t input_read(struct input *in, char *buf, size_t n, struct err *err)
{
    struct open_input *o = opened(in);
    struct str part;
    ssize_t got;

    if (o->fd < 0) {
        part = str_first(o->bytes, n);
        if (part.n)
            memcpy(buf, part.p, part.n);
        o->bytes = str_from_at(o->bytes, part.n);
        return (ptrdiff_t)part.n;
    }
    do
        got = read(o->fd, buf, n);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        fail_sys(err, errno, in->name.p, "cannot read");
    return got;
}

static ptrdiff_t source_read(void *ctx, char *buf, size_t n, struct err *err)
{
    return input_read(ctx, buf, n, err);
}

struct byte_source input_source(struct input *in)
{
    return (struct byte_source){ .read = source_read, .ctx = in };
}

struct input *input_from_memory(struct str name, struct str bytes)
{
    struct open_input *o = calloc(1, sizeof *o);

    if (!o)
        return NULL;
    o->in.name = name;
    o->fd = -1;
    o->bytes = bytes;
    return &o->in;
}

void input_close(struct input *in)
{
    struct open_input *o = opened(in);

    if (!in)
        return;
    if (o->fd > 0)
        close(o->fd);
    free(o);
}

struct inputs *inputs_new(struct arena *arena, struct notes *notes)
{
    struct inputs *all = calloc(1, sizeof *all);

    if (!all)
        return NULL;
    all->arena = arena;
    all->notes = notes;
    return all;
}

void inputs_free(struct inputs *all)
{
    if (!all)
        return;
    for (size_t i = all->at; i < all->pending.n; i++)
        input_close(&all->pending.p[i]->in);
    free(all);
}

void inputs_add(struct inputs *all, struct str path)
{
    struct open_input *o, **slot;
    struct str name = arena_str(all->arena, path);
    int fd = str_eq(path, STR("-")) ? 0 : open(name.p, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0) {
        note_add(all->notes, NOTE_INPUT_UNREADABLE, NOTE_NO_INPUT, 0, "%s: %s", name.p,
                 strerror(errno));
        return;
    }
    o = calloc(1, sizeof *o);
    slot = o ? vec_push(all->arena, &all->pending) : NULL;
    if (!slot) {
        free(o);
        return;
    }
    o->in.name = name;
    o->in.index = (uint32_t)all->pending.n - 1;
    o->fd = fd;
    *slot = o;
}

enum step inputs_next(struct inputs *all, struct input **out, struct err *err)
{
    (void)err;
    if (all->at >= all->pending.n)
        return STEP_END;
    *out = &all->pending.p[all->at++]->in;
    return STEP_RECORD;
}

uint64_t inputs_skipped(const struct inputs *all)
{
    (void)all;
    return 0;
}
