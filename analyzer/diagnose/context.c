/* SPDX-License-Identifier: Apache-2.0 */
/* A sliding window over the records of a case; see context.h. */
#include "analyzer/diagnose/context.h"

#include "analyzer/core/limits.h"

#include <string.h>

static struct context_line line_of(const struct record *r)
{
    struct str rest = r->text, first = r->text;
    struct context_line line = { .input = r->input,
                                 .line = r->line,
                                 .mono_us = r->mono_us,
                                 .level = r->level,
                                 .origin = r->origin };

    str_take_line(&rest, &first);
    line.cut = first.n > CONTEXT_TEXT_BYTES;
    line.text = str_first(first, line.cut ? CONTEXT_TEXT_BYTES : first.n);
    return line;
}

static void push(struct context_lines *lines, struct arena *arena, const struct context_line *line)
{
    struct context_line *slot;

    if (lines->n >= LIMIT_CONTEXT_LINES || !(slot = vec_push(arena, lines)))
        return;
    *slot = *line;
    slot->text = arena_str(arena, line->text);
}

static void remember(struct context_window *w, const struct record *r)
{
    struct context_line line = line_of(r);

    if (w->n == CONTEXT_BEFORE) {
        memmove(&w->before[0], &w->before[1], sizeof w->before[0] * (CONTEXT_BEFORE - 1));
        w->n--;
        for (size_t i = 0; i < w->n; i++)
            w->before[i].line.text.p = w->before[i].text;
    }
    w->before[w->n].line = line;
    if (line.text.n)
        memcpy(w->before[w->n].text, line.text.p, line.text.n);
    w->before[w->n].line.text.p = w->before[w->n].text;
    w->n++;
}

uint32_t context_add(struct context_window *w, const void *boot, const struct record *r, bool hit,
                     struct context_lines *lines, struct arena *arena)
{
    struct context_line line;

    if (w->boot != boot || (w->n && w->before[w->n - 1].line.input != r->input)) {
        w->boot = boot;
        w->n = 0;
        w->after = 0;
    }
    if (!hit && w->after == 0) {
        remember(w, r);
        return 0;
    }
    for (size_t i = 0; i < w->n; i++)
        push(lines, arena, &w->before[i].line);
    w->n = 0;
    line = line_of(r);
    push(lines, arena, &line);
    w->after = hit ? CONTEXT_AFTER : w->after - 1;
    return lines->n < LIMIT_CONTEXT_LINES ? w->after : 0;
}

bool context_around(const struct context_lines *lines, uint32_t input, uint64_t line, size_t *from,
                    size_t *to)
{
    for (size_t i = 0; i < lines->n; i++) {
        if (lines->p[i].input != input || lines->p[i].line != line)
            continue;
        *from = i > CONTEXT_BEFORE ? i - CONTEXT_BEFORE : 0;
        *to = lines->n - i > CONTEXT_AFTER ? i + CONTEXT_AFTER + 1 : lines->n;
        while (lines->p[*from].input != input)
            (*from)++;
        while (lines->p[*to - 1].input != input)
            (*to)--;
        return true;
    }
    return false;
}
