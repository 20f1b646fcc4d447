/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One report's text out of the window: the lines of the same caller (printk says T12 or C1 in front
 * of each line), or those that have a stamp as its first line has; see crash_window.h.
 */
#include "analyzer/evidence/crash_window.h"

#include "analyzer/evidence/crash_read.h"
#include "analyzer/evidence/crash_text.h"

enum {
    REPORT_LINES = 1024, /* of one report; the longest seen, all locks and tasks, has 900 */
    REPLACED_LINES = 22, /* a report longer than this ends at what printing it brought about */
    REPLACED_LINES_KMSAN = 16,
};

static const struct str parts[] = {
#define PART(prefix) { STR_INIT(prefix) },
#include "analyzer/evidence/crash_parts.def"
#undef PART
};

enum context window_context(const struct record *r)
{
    if (r->mono_us == TIME_UNKNOWN)
        return CONTEXT_NONE;
    return r->caller.n ? CONTEXT_CALLER : CONTEXT_STAMP;
}

bool window_is_part(struct str line)
{
    struct str names[2];

    if (crash_line_frames(line, names))
        return true;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (line.n && line.p[0] == parts[i].p[0] && str_starts(line, parts[i]))
            return true;
    /* "9b80: 00000000 c0123456": 32-bit arm dumps its stack, some 500 lines of it. */
    return line.n > 4 && line.p[4] == ':' && crash_pattern_in("^%x: ", line);
}

bool window_same_context(const struct window_line *a, const struct window_line *b)
{
    return a->context == b->context && str_eq(a->caller, b->caller);
}

/* "foo ? bar": a frame of which the kernel is not sure; the interrupted one behind <EOI> counts. */
static bool is_unreliable(struct str line)
{
    if (str_find(line, STR(" ? ")) != STR_NOT_FOUND)
        return str_find(line, STR("<EOI>")) == STR_NOT_FOUND;
    return str_ends(line, STR(" (unreliable)"));
}

unsigned window_signs(struct str line, const struct pairs *pairs, enum crash_header header)
{
    static const struct {
        struct str text;
        enum line_sign sign;
    } rows[] = {
        { { STR_INIT("Kernel panic - not syncing") }, SIGN_AFTERMATH },
        { { STR_INIT("WARNING: possible circular locking dependency detected") }, SIGN_AFTERMATH },
        { { STR_INIT("vmalloc: allocation failure:") }, SIGN_ENDS_TITLE },
        { { STR_INIT("FAULT_INJECTION: forcing a failure") }, SIGN_ENDS_TITLE },
        { { STR_INIT("FAULT_FLAG_ALLOW_RETRY missing") }, SIGN_ENDS_TITLE },
        { { STR_INIT("Sending NMI from CPU") }, SIGN_EVERY_CPU },
        { { STR_INIT("Modules linked in:") }, SIGN_MODULES },
        { { STR_INIT("Kernel Offset: 0x") }, SIGN_PLACE },
        { { STR_INIT("Disabling lock debugging due to kernel taint") }, SIGN_NOISE },
    };
    unsigned signs = is_unreliable(line) ? SIGN_UNRELIABLE : 0;

    signs |= crash_stack_starts(line, pairs) ? SIGN_STACK : 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (pairs_may_hold(pairs, rows[i].text) && str_find(line, rows[i].text) != STR_NOT_FOUND)
            signs |= rows[i].sign;
    if (header != HEADER_NONE && !crash_header_joins(line))
        signs |= SIGN_ENDS_TITLE;
    return signs;
}

static void push_line(struct crash_text *t, struct crash_line *lines, const struct window_line *l)
{
    lines[t->n++] = (struct crash_line){ .text = l->text,
                                         .header = l->header,
                                         .stack_starts = l->signs & SIGN_STACK,
                                         .pairs = &l->pairs };
}

/*
 * The report's own lines, in the window's memory. `all` keeps frames of which the kernel is not
 * sure and goes on behind another report: for the trace. False when memory is out.
 */
static bool pick_lines(struct crash_window *w, size_t start, bool all, struct crash_text *out)
{
    const struct window_line *first = &w->lines.p[start];
    struct crash_line *lines = arena_new(&w->text, struct crash_line, w->lines.n - start);
    size_t longest = str_find(first->text, STR("KMSAN")) != STR_NOT_FOUND ? REPLACED_LINES_KMSAN
                                                                          : REPLACED_LINES;
    bool every_cpu = false, titled = false, modules = false;
    size_t n_parts = 0; /* what programs write between the report's lines makes it no longer */

    *out = (struct crash_text){ .lines = lines };
    for (size_t i = start; lines && i < w->lines.n; i++) {
        const struct window_line *l = &w->lines.p[i];

        if (!titled && i > start && first->context != CONTEXT_CALLER &&
            (l->signs & SIGN_ENDS_TITLE)) {
            out->n_title = out->n;
            titled = true;
        }
        modules = (l->signs & SIGN_MODULES) || (modules && l->context == CONTEXT_NONE);
        if (!window_same_context(first, l) && !(all && modules) &&
            !(every_cpu && l->context == CONTEXT_CALLER && str_starts(l->caller, STR("C"))))
            continue;
        if ((n_parts > longest && (l->signs & SIGN_AFTERMATH)) || out->n >= REPORT_LINES)
            break;
        n_parts += (l->signs & SIGN_PART) != 0;
        every_cpu |= (l->signs & SIGN_EVERY_CPU) != 0;
        if (all || !((first->context != CONTEXT_NONE && (l->signs & SIGN_UNRELIABLE)) ||
                     (l->signs & SIGN_NOISE)))
            push_line(out, lines, l);
    }
    out->n_title = titled ? out->n_title : out->n;
    return lines != NULL;
}

/* Everybody's lines up to the last header: where no format fits the report's own. */
static bool pick_raw(struct crash_window *w, size_t start, struct crash_text *out)
{
    struct crash_line *lines = arena_new(&w->text, struct crash_line, w->lines.n - start);
    size_t end = start + 1;

    *out = (struct crash_text){ .lines = lines };
    for (size_t i = start; i < w->lines.n; i++)
        if (w->lines.p[i].header != HEADER_NONE)
            end = i + 1;
    for (size_t i = start; lines && i < end; i++)
        push_line(out, lines, &w->lines.p[i]);
    out->n_title = out->n;
    return lines != NULL;
}

void window_read(struct crash_window *w, size_t start, struct crash *crash, struct arena *arena)
{
    struct crash_text own, raw, all;

    if (pick_lines(w, start, false, &own) && pick_raw(w, start, &raw) &&
        pick_lines(w, start, true, &all))
        crash_read(crash, &own, &raw, &all, arena);
}
