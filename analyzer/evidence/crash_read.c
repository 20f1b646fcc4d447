/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a crash together: title, trace, blame, signature; see crash_read.h. */
#include "analyzer/evidence/crash_read.h"

#include "analyzer/core/limits.h"
#include "analyzer/evidence/crash_chain.h"
#include "analyzer/evidence/crash_file.h"

static const struct {
    struct str title;
    struct crash_kind kind;
} kinds[] = {
#define KIND(prefix, word, text)                                                                   \
    { { STR_INIT(prefix) }, { { STR_INIT(word) }, { STR_INIT(text) } } },
#include "analyzer/evidence/crash_kinds.def"
#undef KIND
};

/* The kind that a title's beginning tells. */
static const struct crash_kind *kind_of(struct str title)
{
    size_t last = sizeof kinds / sizeof kinds[0] - 1;

    for (size_t i = 0; i < last; i++)
        if (str_starts(title, kinds[i].title))
            return &kinds[i].kind;
    return &kinds[last].kind;
}

/* The name without what compilers and call descriptors add: what the title's function is. */
static bool is_function(const struct frame *f, struct str function)
{
    struct str name = f->function;
    size_t dot = str_find_char(name, '.');

    if (dot != STR_NOT_FOUND && dot > 0)
        name = str_first(name, dot);
    return str_eq(crash_unwrap(name), function);
}

struct tracing {
    struct crash *crash;
    struct arena *arena;
    struct crash_names skips;
};

static void add_frame(struct tracing *t, const struct frame *found)
{
    struct frame *slot;

    if (t->crash->call_trace.n >= LIMIT_CRASH_FRAMES)
        return;
    slot = vec_push(t->arena, &t->crash->call_trace);
    if (!slot)
        return;
    *slot = *found;
    slot->function = arena_str(t->arena, found->function);
    slot->module = arena_str(t->arena, found->module);
    slot->skipped = crash_names_has(&t->skips, slot->function);
}

/*
 * "RIP: 0010:[<ffffffff81153416>]  [<ffffffff81153416>] foo+0x216/0x280 [mod]", i386's "EIP is at
 * foo+0x216/0x280": where addresses are printed the interrupted function is a frame like the
 * others; the trace begins with its caller.
 */
static void read_first_frame(struct tracing *t, struct str line)
{
    static const struct str i386 = { STR_INIT("EIP is at ") };
    size_t at = str_find(line, STR("[<"));
    struct frame_walk walk = { 0 };
    struct frame found[2];
    struct str function;

    if (str_starts(line, i386))
        at = i386.n;
    if (at != STR_NOT_FOUND && crash_line_ip(line, &function) && function.n &&
        frame_take(&walk, str_from_at(line, at), found) == 1)
        add_frame(t, &found[0]);
}

/* The line behind which the first stack stands; 0 where nothing announces one, as with leaks. */
static size_t trace_start(struct tracing *tracing, const struct crash_text *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (tracing->crash->call_trace.n == 0)
            read_first_frame(tracing, t->lines[i].text);
        if (t->lines[i].stack_starts &&
            crash_pattern_in("(Call Trace|Call trace:|Backtrace:)", t->lines[i].text))
            return i + 1;
    }
    return 0;
}

/* Another stack or report. Slab reports have no call trace but who allocated and who freed. */
static bool ends_trace(const struct crash_line *l, bool called)
{
    /* s390 names the last jump below its trace, in the form of a frame. */
    if (l->stack_starts || str_starts(l->text, STR("Last Breaking-Event-Address")))
        return true;
    return l->header != HEADER_NONE && (called || !crash_continues(l->text));
}

static void add_bare(struct tracing *t, struct frame_walk *walk, struct str line)
{
    struct bare_frame found, *slot;

    if (t->crash->bare.n >= LIMIT_CRASH_FRAMES || !frame_take_bare(walk, line, &found))
        return;
    slot = vec_push(t->arena, &t->crash->bare);
    if (!slot)
        return;
    *slot = found;
    slot->at = t->crash->call_trace.n;
}

static void read_trace(struct crash *crash, const struct crash_text *t, struct arena *a)
{
    struct frame_walk walk = { 0 };
    struct frame found[2];
    struct tracing tracing = { .crash = crash, .arena = a };
    size_t from, first;

    crash_skips_init(&tracing.skips);
    from = trace_start(&tracing, t);
    first = crash->call_trace.n;

    for (size_t i = from; i < t->n; i++) {
        size_t n = frame_take(&walk, t->lines[i].text, found);

        if (n == 0 && crash->call_trace.n + crash->bare.n > first &&
            ends_trace(&t->lines[i], from > 0))
            break;
        /* An arm line names the caller, too, but the next line begins with it. */
        if (n)
            add_frame(&tracing, &found[0]);
        else if (from)
            add_bare(&tracing, &walk, t->lines[i].text);
    }
}

static void blame_module(struct crash *crash)
{
    if (crash->function.n == 0)
        return;
    for (size_t i = 0; i < crash->call_trace.n; i++) {
        if (is_function(&crash->call_trace.p[i], crash->function)) {
            if (crash->call_trace.p[i].module.n)
                crash->module = crash->call_trace.p[i].module;
            return;
        }
    }
}

/* "[<ffff>] ? foo+0x1/0x2": as if the kernel were sure of it. */
static struct str trusted(struct str line, struct arena *a)
{
    size_t at = str_find(line, STR(" ? "));
    char *bytes = at == STR_NOT_FOUND ? NULL : arena_new(a, char, line.n);

    for (size_t i = 0; bytes && i < line.n; i++)
        bytes[i] = i == at + 1 ? ' ' : line.p[i];
    return bytes ? (struct str){ bytes, line.n } : line;
}

/*
 * No frame is left to blame, as when an old kernel is sure of none: the best of the others. The
 * title stays what others call such a report; the guess is one more.
 */
static void guess_function(struct crash *crash, const struct crash_text *all, struct arena *a)
{
    struct crash_text t = *all;
    struct crash_line *lines = arena_new(a, struct crash_line, all->n);
    struct crash_title title;
    struct str *slot;

    for (size_t i = 0; lines && i < all->n; i++) {
        lines[i] = all->lines[i];
        lines[i].text = trusted(lines[i].text, a);
    }
    t.lines = lines;
    if (!lines || !crash_title_find(&t, a, &title) || title.function.n == 0)
        return;
    crash->function = title.function;
    crash->corrupted_reason = "the kernel is not sure of any frame that could be to blame";
    slot = vec_push(a, &crash->alt_titles);
    if (slot)
        *slot = title.title;
}

void crash_read(struct crash *crash, const struct crash_text *own, const struct crash_text *raw,
                const struct crash_text *all, struct arena *a)
{
    struct crash fresh = { .evidence = crash->evidence,
                           .panic = crash->panic,
                           .consequence_of = crash->consequence_of,
                           .order = crash->order };
    struct crash_title title, other;

    if (!crash_title_find(own, a, &title))
        return;
    if (!title.format && crash_title_find(raw, a, &other) && other.format)
        title = other;
    fresh.title = title.title;
    fresh.kind = kind_of(title.title);
    fresh.function = arena_str(a, title.function);
    fresh.corrupted_reason = title.corrupted;
    for (size_t i = 0; i < title.alternatives.n; i++) {
        struct str *slot = vec_push(a, &fresh.alt_titles);

        if (slot)
            *slot = title.alternatives.p[i];
    }
    if (title.format && title.format->recipe != RECIPE_NONE && title.function.n == 0)
        guess_function(&fresh, all, a);
    crash_read_details(&fresh, all, a);
    read_trace(&fresh, all, a);
    fresh.source_file =
            crash_file_find(own, str_starts(fresh.title, STR("INFO: rcu detected stall")), a);
    blame_module(&fresh);
    fresh.signature = signature_of(&fresh);
    *crash = fresh;
}
