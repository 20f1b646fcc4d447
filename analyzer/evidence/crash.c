/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts crash reports out of a boot's records: an observer beside facts and hits.
 *
 * While reports are open their lines, and those of everybody else, stand in one window. A report is
 * its first line and the rule that picks its own lines out of the window: the same caller's (printk
 * says T12 or C1 in front of each line), or those that have a stamp as it has. Reports may overlap:
 * several CPUs print at once. After QUIET_LINES lines that look like no report all of them end.
 */
#include "analyzer/evidence/crash.h"

#include "analyzer/core/limits.h"
#include "analyzer/evidence/crash_chain.h"
#include "analyzer/evidence/crash_read.h"
#include "analyzer/evidence/crash_text.h"

#include <stdlib.h>
#include <string.h>

enum {
    QUIET_LINES = 96,    /* so much may stand between two parts of a report */
    REPORT_LINES = 1024, /* of one report; the longest seen, all locks and tasks, has 900 */
    REPLACED_LINES = 22, /* a report longer than this ends at what printing it brought about */
    REPLACED_LINES_KMSAN = 16,
    RECENT = 8, /* reports that print at the same time */
};

/* What a line says about the report it stands in; found once, asked for by every report. */
enum line_sign {
    SIGN_UNRELIABLE = 1 << 0, /* a frame of which the kernel is not sure */
    SIGN_AFTERMATH = 1 << 1,  /* printed because a report was printed */
    SIGN_ENDS_TITLE = 1 << 2, /* another report begins */
    SIGN_EVERY_CPU = 1 << 3,  /* other CPUs go on with this report */
    SIGN_MODULES = 1 << 4,    /* a list of modules, which may go on */
    SIGN_NOISE = 1 << 5,
    SIGN_STACK = 1 << 6, /* a stack begins */
    SIGN_PART = 1 << 7,  /* it looks like a line of a report */
    SIGN_PLACE = 1 << 8, /* where the kernel was loaded */
};

/* Who printed a line. */
enum context { CONTEXT_NONE, CONTEXT_STAMP, CONTEXT_CALLER };

struct watch_line {
    struct str text, caller;
    enum context context;
    enum crash_header header;
    unsigned signs; /* enum line_sign */
    struct pairs pairs;
};

struct watch_report {
    struct crash *crash;
    size_t start; /* of its first line in the window */
};

struct crash_watch {
    struct arena text; /* the window's memory */
    struct watch_lines {
        VEC(struct watch_line);
    } lines;
    struct watch_reports {
        VEC(struct watch_report);
    } open;
    uint32_t quiet;
    bool changed; /* since the last time the open reports were read */
};

static const struct str parts[] = {
#define PART(prefix) { STR_INIT(prefix) },
#include "analyzer/evidence/crash_parts.def"
#undef PART
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
    arena_done(&c->watch->text);
    free(c->watch);
    c->watch = NULL;
}

static enum context context_of(const struct record *r)
{
    if (r->mono_us == TIME_UNKNOWN)
        return CONTEXT_NONE;
    return r->caller.n ? CONTEXT_CALLER : CONTEXT_STAMP;
}

static bool is_part(struct str line)
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

/* --- one report's text out of the window --------------------------------------------------------
 */

static bool same_context(const struct watch_line *a, const struct watch_line *b)
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

static unsigned signs_of(struct str line, const struct pairs *pairs, enum crash_header header)
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

static void push_line(struct crash_text *t, struct crash_line *lines, const struct watch_line *l)
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
static bool pick_lines(struct crash_watch *w, const struct watch_report *r, bool all,
                       struct crash_text *out)
{
    const struct watch_line *first = &w->lines.p[r->start];
    struct crash_line *lines = arena_new(&w->text, struct crash_line, w->lines.n - r->start);
    size_t longest = str_find(first->text, STR("KMSAN")) != STR_NOT_FOUND ? REPLACED_LINES_KMSAN
                                                                          : REPLACED_LINES;
    bool every_cpu = false, titled = false, modules = false;
    size_t n_parts = 0; /* what programs write between the report's lines makes it no longer */

    *out = (struct crash_text){ .lines = lines };
    for (size_t i = r->start; lines && i < w->lines.n; i++) {
        const struct watch_line *l = &w->lines.p[i];

        if (!titled && i > r->start && first->context != CONTEXT_CALLER &&
            (l->signs & SIGN_ENDS_TITLE)) {
            out->n_title = out->n;
            titled = true;
        }
        modules = (l->signs & SIGN_MODULES) || (modules && l->context == CONTEXT_NONE);
        if (!same_context(first, l) && !(all && modules) &&
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
static bool pick_raw(struct crash_watch *w, const struct watch_report *r, struct crash_text *out)
{
    struct crash_line *lines = arena_new(&w->text, struct crash_line, w->lines.n - r->start);
    size_t end = r->start + 1;

    *out = (struct crash_text){ .lines = lines };
    for (size_t i = r->start; i < w->lines.n; i++)
        if (w->lines.p[i].header != HEADER_NONE)
            end = i + 1;
    for (size_t i = r->start; lines && i < end; i++)
        push_line(out, lines, &w->lines.p[i]);
    out->n_title = out->n;
    return lines != NULL;
}

static void read_report(struct crashes *c, const struct watch_report *r)
{
    struct crash_text own, raw, all;

    if (pick_lines(c->watch, r, false, &own) && pick_raw(c->watch, r, &raw) &&
        pick_lines(c->watch, r, true, &all))
        crash_read(r->crash, &own, &raw, &all, c->arena);
}

/* --- the window ---------------------------------------------------------------------------------
 */

static void read_open(struct crashes *c)
{
    struct crash_watch *w = c->watch;

    for (size_t i = 0; w->changed && i < w->open.n; i++)
        read_report(c, &w->open.p[i]);
    w->changed = false;
}

static void close_window(struct crashes *c)
{
    struct crash_watch *w = c->watch;

    read_open(c);
    arena_done(&w->text);
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
static struct crash *open_report(const struct crash_watch *w, const struct watch_line *l)
{
    for (size_t i = w->open.n; i > 0; i--)
        if (same_context(&w->lines.p[w->open.p[i - 1].start], l))
            return w->open.p[i - 1].crash;
    return NULL;
}

/* A line that says why the machine stops: of which crash is that the end? NULL: of its own. */
static struct crash *panicked(const struct crashes *c, const struct watch_line *l)
{
    struct crash *of = open_report(c->watch, l);

    if (crash_panic_follows(l->text))
        return of ? of : c->list.n ? c->list.p[c->list.n - 1] : NULL;
    if (!of || of->evidence.n == 0 || !crash_kills(of->evidence.p[0]->text))
        return NULL;
    return of;
}

/* Is this header's line a report of its own? */
static bool begins_report(struct crashes *c, const struct record *r, const struct watch_line *l)
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
    report = vec_push(&c->watch->text, &c->watch->open);
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

    if (w->open.n && w->open.p[w->open.n - 1].start + 1 == w->lines.n) {
        w->open.n--;
        c->list.n--;
    }
    if (w->lines.n)
        w->lines.p[w->lines.n - 1].header = HEADER_NONE;
}

static void add_line(struct crashes *c, const struct record *r, struct str text)
{
    struct crash_watch *w = c->watch;
    struct watch_line line = { .text = text, .caller = r->caller, .context = context_of(r) };
    struct watch_line *slot;
    bool part;
    size_t at;

    line.pairs = pairs_of(text);
    line.header = crash_header_find(text, &line.pairs, &at);
    if (line.header == HEADER_NONE && w->open.n == 0)
        return;
    if (w->lines.n >= LIMIT_CRASH_LINES)
        close_window(c);
    if (str_find(text, STR("** replaying previous printk message **")) != STR_NOT_FOUND)
        take_back(c);
    line.text = arena_str(&w->text, str_first(text, LIMIT_CRASH_LINE_BYTES));
    line.caller = arena_str(&w->text, r->caller);
    slot = vec_push(&w->text, &w->lines);
    if (!slot)
        return;
    line.signs = signs_of(line.text, &line.pairs, line.header);
    part = line.header != HEADER_NONE || (line.signs & SIGN_STACK) || is_part(text);
    line.signs |= part ? SIGN_PART : 0;
    *slot = line;
    w->changed = true;
    if (line.signs & SIGN_PLACE)
        crash_read_place(&c->place, line.text);
    if (line.header != HEADER_NONE && begins_report(c, r, &line))
        begin_report(c, r, w->lines.n - 1);
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
    struct watch_line line = { .caller = r->caller, .context = context_of(r) };
    struct pairs pairs;

    if (!c->watch || !may_tell(r) || !open_report(c->watch, &line))
        return false;
    pairs = pairs_of(r->text);
    return is_part(r->text) || crash_stack_starts(r->text, &pairs);
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
    struct watch_line line = { .caller = r->caller, .context = context_of(r) };

    if (!may_tell(r))
        return NULL;
    for (size_t i = c->list.n; i > 0 && i + RECENT > c->list.n; i--)
        if (is_evidence(c->list.p[i - 1], r))
            return c->list.p[i - 1];
    return c->watch && is_part(r->text) ? open_report(c->watch, &line) : NULL;
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
