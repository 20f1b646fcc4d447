/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a crash together: title, trace, blame, signature; see crash_read.h. */
#include "analyzer/evidence/crash_read.h"

#include "analyzer/core/limits.h"

static const struct {
    struct str title;
    struct crash_kind kind;
} kinds[] = {
#define KIND(prefix, word, text)                                                                   \
    { { STR_INIT(prefix) }, { { STR_INIT(word) }, { STR_INIT(text) } } },
#include "analyzer/evidence/crash_kinds.def"
#undef KIND
};

const struct crash_kind *crash_kind_of(struct str title)
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

static void add_frame(struct crash *crash, const struct frame *found, struct arena *a)
{
    struct frame *slot;

    if (crash->call_trace.n >= LIMIT_CRASH_FRAMES)
        return;
    slot = vec_push(a, &crash->call_trace);
    if (!slot)
        return;
    *slot = *found;
    slot->function = arena_str(a, found->function);
    slot->module = arena_str(a, found->module);
    slot->skipped = crash_frame_skipped(slot->function, NULL);
}

/*
 * "RIP: 0010:[<ffffffff81153416>]  [<ffffffff81153416>] foo+0x216/0x280 [mod]": where addresses are
 * printed the interrupted function is a frame like the others; the trace begins with its caller.
 */
static void read_first_frame(struct crash *crash, struct str line, struct arena *a)
{
    size_t at = str_find(line, STR("[<"));
    struct frame_walk walk = { 0 };
    struct frame found[2];
    struct str function;

    if (at != STR_NOT_FOUND && crash_line_ip(line, &function) && function.n &&
        frame_take(&walk, str_from_at(line, at), found) == 1)
        add_frame(crash, &found[0], a);
}

/* The line behind which the first stack stands; 0 where nothing announces one, as with leaks. */
static size_t trace_start(struct crash *crash, const struct crash_text *t, struct arena *a)
{
    for (size_t i = 0; i < t->n; i++) {
        if (crash->call_trace.n == 0)
            read_first_frame(crash, t->lines[i].text, a);
        if (crash_pattern_in("(Call Trace|Call trace:|Backtrace:)", t->lines[i].text))
            return i + 1;
    }
    return 0;
}

static void read_trace(struct crash *crash, const struct crash_text *t, struct arena *a)
{
    struct frame_walk walk = { 0 };
    struct frame found[2];
    size_t from = trace_start(crash, t, a), first = crash->call_trace.n;

    for (size_t i = from; i < t->n; i++) {
        size_t n = frame_take(&walk, t->lines[i].text, found);

        if (n == 0 && crash->call_trace.n > first &&
            (crash_stack_starts(t->lines[i].text) || t->lines[i].header != HEADER_NONE))
            break;
        /* An arm line names the caller, too, but the next line begins with it. */
        if (n)
            add_frame(crash, &found[0], a);
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

void crash_read(struct crash *crash, const struct crash_text *own, const struct crash_text *raw,
                const struct crash_text *all, struct arena *a)
{
    struct crash fresh = { .evidence = crash->evidence,
                           .panic = crash->panic,
                           .consequence_of = crash->consequence_of };
    struct crash_title title, other;

    if (!crash_title_find(own, a, &title))
        return;
    if (!title.format && crash_title_find(raw, a, &other) && other.format)
        title = other;
    fresh.title = title.title;
    fresh.kind = crash_kind_of(title.title);
    fresh.function = arena_str(a, title.function);
    fresh.corrupted_reason = title.corrupted;
    for (size_t i = 0; i < title.alternatives.n; i++) {
        struct str *slot = vec_push(a, &fresh.alt_titles);

        if (slot)
            *slot = title.alternatives.p[i];
    }
    crash_read_details(&fresh, all, a);
    read_trace(&fresh, all, a);
    blame_module(&fresh);
    fresh.signature = signature_of(&fresh);
    *crash = fresh;
}
