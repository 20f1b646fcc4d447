/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts crash reports out of a boot's records: an observer beside facts and hits.
 *
 * While reports are open their lines, and those of everybody else, stand in one window. A report is
 * its first line and what crash_window.c picks out of the window for it. Reports may overlap:
 * several CPUs print at once. After QUIET_LINES lines that look like no report all of them end.
 */
#include "analyzer/evidence/crash.h"

#include "analyzer/core/limits.h"
#include "analyzer/evidence/crash_chain.h"
#include "analyzer/evidence/crash_read.h"
#include "analyzer/evidence/crash_text.h"
#include "analyzer/evidence/crash_window.h"

#include <stdlib.h>
#include <string.h>

enum {
    QUIET_LINES = 96, /* so much may stand between two parts of a report */
    RECENT = 8,       /* reports that print at the same time */
};

struct watch_report {
    struct crash *crash;
    size_t start; /* of its first line in the window */
};

struct crash_watch {
    struct crash_window window;
    struct watch_reports {
        VEC(struct watch_report);
    } open;
    uint32_t quiet;
    bool changed; /* since the last time the open reports were read */
};

bool crashes_init(struct crashes *c, struct arena *arena)
{
    *c = (struct crashes){ .arena = arena, .watch = calloc(1, sizeof *c->watch) };
    return c->watch != NULL;
}

void crashes_done(struct crashes *c)
{
    if (!c->watch)
        return;
    arena_done(&c->watch->window.text);
    free(c->watch);
    c->watch = NULL;
}

static void read_open(struct crashes *c)
{
    struct crash_watch *w = c->watch;

    for (size_t i = 0; w->changed && i < w->open.n; i++)
        window_read(&w->window, w->open.p[i].start, w->open.p[i].crash, c->arena);
    w->changed = false;
}

static void close_window(struct crashes *c)
{
    struct crash_watch *w = c->watch;

    read_open(c);
    arena_done(&w->window.text);
    *w = (struct crash_watch){ 0 };
}

static bool keep_evidence(struct crashes *c, struct crash *crash, const struct record *r)
{
    const struct record *kept = record_keep(c->arena, r), **slot;

    slot = kept ? vec_push(c->arena, &crash->evidence) : NULL;
    if (slot)
        *slot = kept;
    return slot != NULL;
}

/* The open report that a line of this context would belong to; the newest of all without one. */
static struct crash *open_report(const struct crash_watch *w, const struct window_line *l)
{
    for (size_t i = w->open.n; i > 0; i--)
        if (window_same_context(&w->window.lines.p[w->open.p[i - 1].start], l))
            return w->open.p[i - 1].crash;
    return NULL;
}

/* A line that says why the machine stops: of which crash is that the end? NULL: of its own. */
static struct crash *panicked(const struct crashes *c, const struct window_line *l)
{
    struct crash *of = open_report(c->watch, l);

    if (crash_panic_follows(l->text))
        return of ? of : c->list.n ? c->list.p[c->list.n - 1] : NULL;
    if (!of || of->evidence.n == 0 || !crash_kills(of->evidence.p[0]->text))
        return NULL;
    return of;
}

/* Is this header's line a report of its own? */
static bool begins_report(struct crashes *c, const struct record *r, const struct window_line *l)
{
    bool stamped = r->origin == ORIGIN_GUEST_KERNEL && l->context != CONTEXT_NONE;
    unsigned flags = crash_header_flags(l->header);
    struct crash *of = NULL;

    if (((flags & HEADER_FORM) || ((flags & HEADER_BARE) && !stamped)) &&
        !crash_form_known(l->header, l->text))
        return false;
    if (l->header == HEADER_PANIC) {
        of = panicked(c, l);
        if (of && of->panic.n == 0) {
            of->panic = arena_str(c->arena, crash_panic_reason(l->text));
            keep_evidence(c, of, r);
        }
        return !of;
    }
    if (crash_header_joins(l->text))
        return !open_report(c->watch, l);
    return !open_report(c->watch, l) || !crash_continues(l->text);
}

static void begin_report(struct crashes *c, const struct record *r, size_t line)
{
    struct watch_report *report;
    struct crash **slot;
    struct crash *crash;

    if (c->list.n >= LIMIT_CRASHES) {
        c->dropped++;
        return;
    }
    crash = arena_new(c->arena, struct crash, 1);
    if (!crash || !keep_evidence(c, crash, r))
        return;
    report = vec_push(&c->watch->window.text, &c->watch->open);
    slot = report ? vec_push(c->arena, &c->list) : NULL;
    if (!slot)
        return;
    crash->consequence_of = UINT32_MAX;
    crash->order = c->seen;
    *slot = crash;
    *report = (struct watch_report){ .crash = crash, .start = line };
}

/* "** replaying previous printk message **": the line before was cut short and comes again. */
static void take_back(struct crashes *c)
{
    struct crash_watch *w = c->watch;

    if (w->open.n && w->open.p[w->open.n - 1].start + 1 == w->window.lines.n) {
        w->open.n--;
        c->list.n--;
    }
    if (w->window.lines.n)
        w->window.lines.p[w->window.lines.n - 1].header = HEADER_NONE;
}

static void add_line(struct crashes *c, const struct record *r, struct str text)
{
    struct crash_watch *w = c->watch;
    struct window_line line = { .text = text, .caller = r->caller, .context = window_context(r) };
    struct window_line *slot;
    bool part;
    size_t at;

    line.pairs = pairs_of(text);
    line.header = crash_header_find(text, &line.pairs, &at);
    if (line.header == HEADER_NONE && w->open.n == 0)
        return;
    if (w->window.lines.n >= LIMIT_CRASH_LINES)
        close_window(c);
    if (str_find(text, STR("** replaying previous printk message **")) != STR_NOT_FOUND)
        take_back(c);
    line.text = arena_str(&w->window.text, str_first(text, LIMIT_CRASH_LINE_BYTES));
    line.caller = arena_str(&w->window.text, r->caller);
    slot = vec_push(&w->window.text, &w->window.lines);
    if (!slot)
        return;
    line.signs = window_signs(line.text, &line.pairs, line.header);
    part = line.header != HEADER_NONE || (line.signs & SIGN_STACK) || window_is_part(text);
    line.signs |= part ? SIGN_PART : 0;
    *slot = line;
    w->changed = true;
    if (line.signs & SIGN_PLACE)
        crash_read_place(&c->place, line.text);
    if (line.header != HEADER_NONE && begins_report(c, r, &line))
        begin_report(c, r, w->window.lines.n - 1);
    w->quiet = part ? 0 : w->quiet + 1;
    if (w->open.n == 0 || w->quiet > QUIET_LINES)
        close_window(c);
}

static bool may_tell(const struct record *r)
{
    return r->kind == RECORD_TEXT &&
           (r->origin == ORIGIN_GUEST_KERNEL || r->origin == ORIGIN_UNKNOWN);
}

uint32_t crashes_add(struct crashes *c, const struct record *r)
{
    struct str rest = r->text, line;

    c->seen += r->kind == RECORD_TEXT;
    if (!c->watch || !may_tell(r))
        return c->watch && c->watch->open.n ? QUIET_LINES - c->watch->quiet : 0;
    while (str_take_line(&rest, &line))
        add_line(c, r, line);
    return c->watch->open.n ? QUIET_LINES + 1 - c->watch->quiet : 0;
}

bool crashes_own(const struct crashes *c, const struct record *r)
{
    struct window_line line = { .caller = r->caller, .context = window_context(r) };
    struct pairs pairs;

    if (!c->watch || !may_tell(r) || !open_report(c->watch, &line))
        return false;
    pairs = pairs_of(r->text);
    return window_is_part(r->text) || crash_stack_starts(r->text, &pairs);
}

/* Its header, or the panic that it ended in. */
static bool is_evidence(const struct crash *crash, const struct record *r)
{
    for (size_t i = 0; i < crash->evidence.n; i++)
        if (crash->evidence.p[i]->input == r->input && crash->evidence.p[i]->line == r->line)
            return true;
    return false;
}

const struct crash *crashes_owner(const struct crashes *c, const struct record *r)
{
    struct window_line line = { .caller = r->caller, .context = window_context(r) };

    if (!may_tell(r))
        return NULL;
    for (size_t i = c->list.n; i > 0 && i + RECENT > c->list.n; i--)
        if (is_evidence(c->list.p[i - 1], r))
            return c->list.p[i - 1];
    return c->watch && window_is_part(r->text) ? open_report(c->watch, &line) : NULL;
}

bool crashes_open(const struct crashes *c, const struct crash *crash)
{
    for (size_t i = 0; c->watch && i < c->watch->open.n; i++)
        if (c->watch->open.p[i].crash == crash)
            return true;
    return false;
}

void crashes_settle(struct crashes *c)
{
    if (c->watch)
        read_open(c);
    crash_chain(&c->list);
}

void crashes_close(struct crashes *c)
{
    if (!c->watch || c->watch->open.n == 0)
        return;
    close_window(c);
    crash_chain(&c->list);
}
