/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives a crash report its title: crash_formats.def says which text means which title,
 * crash_frame.c finds the function to put into it, crash_normalise.c makes the result comparable.
 */
#include "analyzer/core/vec.h"
#include "analyzer/evidence/crash_demangle.h"
#include "analyzer/evidence/crash_text.h"

enum { TITLE_MAX = 1024, WRAPPERS_MAX = 16, STACK_LINES_MIN = 4, STACK_SEARCH_LINES = 15 };

static const char *const skips_NONE[] = { NULL };
static const char *const skips_KASAN[] = { "kernel_fault", "tag_check", "mem_abort",
                                           "^el1_",        "^el1h_",    NULL };
static const char *const skips_FREE[] = { "slab_", "kfree", "vunmap", "vfree", NULL };
static const char *const skips_USB[] = { "alloc_skb",
                                         "usb_submit_urb",
                                         "usb_start_wait_urb",
                                         "usb_bulk_msg",
                                         "usb_interrupt_msg",
                                         "usb_control_msg",
                                         NULL };
static const char *const skips_KMSAN[] = { "alloc_skb", "netlink_ack", "netlink_rcv_skb",
                                           "_encrypt$", "^crypto_",    "^cipher_",
                                           "^drbg_",    "^rng_",       NULL };
static const char *const skips_SPIN[] = { "spin_", "_lock", "_unlock", NULL };
static const char *const skips_SCHEDULE[] = { "schedule", NULL };
static const char *const skips_PAGE[] = {
    "(free|put|get|update|release)_page",
    "free_unref",
    "^_*folio",
    "truncate_inode_pages",
    "page_frag_free",
    "alloc",
    "vmap",
    "page_owner",
    NULL,
};
static const char *const skips_PREEMPT[] = { "dump_stack",   "preemption", "preempt", "debug_",
                                             "processor_id", "this_cpu",   NULL };
static const char *const skips_LEAK[] = {
    "kmemleak",      "mmap",    "kmem",          "slab",      "alloc",
    "create_object", "idr_get", "list_lru_init", "kasprintf", "kvasprintf",
    "pcpu_create",   "strdup",  "strndup",       "memdup",    NULL,
};
static const char *const skips_SOCK[] = { "lock_sock", "release_sock", NULL };
static const char *const skips_ODEBUG[] = { "debug_",  "rcu",      "hrtimer_", "timer_",
                                            "work_",   "percpu_",  "vunmap",   "vfree",
                                            "__free_", "kobject_", NULL };
static const char *const skips_USERCOPY[] = { "usercopy", "__check", NULL };
static const char *const skips_KOBJECT[] = { "kobject_", NULL };
static const char *const skips_PROC[] = { "proc_", NULL };
static const char *const skips_REFCOUNT[] = { "refcount", "kobject_", NULL };
static const char *const skips_KMALLOC[] = { "kmalloc", "krealloc", "slab", "kmem", NULL };
static const char *const skips_FLUSH[] = { "process_one_work", "(flush|drain|destroy)_workqueue",
                                           NULL };
static const char *const skips_RCU[] = { "rcu", "kmem", "slab", NULL };
static const char *const skips_STALL[] = { "apic_timer_interrupt", "rcu", NULL };
static const char *const skips_KEY[] = { "stack", "lock", "IRQ", NULL };
static const char *const skips_CANARY[] = { "stack_chk", NULL };
static const char *const skips_STACK_END[] = { "schedule", "retint_kernel", NULL };
static const char *const skips_OVERFLOW[] = { "bad_stack", NULL };
static const char *const skips_RUST[] = { "rust_begin_unwind", NULL };
static const char *const skips_SKB[] = { "^skb_", NULL };
static const char *const skips_UBSAN[] = { "ubsan", "overflow", NULL };

static const struct crash_format formats[] = {
#define FORMAT(h, match, more, name, how, skip, alt, bits)                                         \
    { .header = HEADER_##h,                                                                        \
      .pattern = (match),                                                                          \
      .needs = (more),                                                                             \
      .title = (name),                                                                             \
      .recipe = RECIPE_##how,                                                                      \
      .skips = skips_##skip,                                                                       \
      .alternative = (alt),                                                                        \
      .flags = (bits) },
#include "analyzer/evidence/crash_formats.def"
#undef FORMAT
};

enum { FORMATS_COUNT = sizeof formats / sizeof formats[0] };

bool crash_form_known(enum crash_header header, struct str line)
{
    for (size_t i = 0; i < FORMATS_COUNT; i++)
        if (formats[i].header == header && crash_pattern_in(formats[i].pattern, line))
            return true;
    return false;
}

/* --- the names of system calls -----------------------------------------------------------------
 */

/* All names that removing one prefix of a wrapper gives; at most `max`. */
static size_t unwrap_all(struct str function, struct str *out, size_t max)
{
    static const struct str wrappers[] = {
        { STR_INIT("SYSC_") },        { STR_INIT("SyS_") },        { STR_INIT("sys_") },
        { STR_INIT("__x64_") },       { STR_INIT("__ia32_") },     { STR_INIT("__arm64_") },
        { STR_INIT("____sys_") },     { STR_INIT("___sys_") },     { STR_INIT("__sys_") },
        { STR_INIT("__se_") },        { STR_INIT("__se_sys_") },   { STR_INIT("__do_sys_") },
        { STR_INIT("compat_SYSC_") }, { STR_INIT("compat_SyS_") }, { STR_INIT("ksys_") },
    };
    size_t n = 0;

    for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++) {
        struct str rest = function;

        if (str_take(&rest, wrappers[i]) && rest.n && n < max)
            out[n++] = rest;
    }
    return n;
}

struct str crash_unwrap(struct str function)
{
    struct str all[WRAPPERS_MAX];
    size_t n = unwrap_all(function, all, WRAPPERS_MAX);
    struct str shortest = function;

    for (size_t i = 0; i < n; i++)
        if (all[i].n < shortest.n)
            shortest = all[i];
    return shortest;
}

/* --- a title from its template ------------------------------------------------------------------
 */

/* What a template's holes are filled with. */
struct filling {
    const struct crash_captures *c;
    struct str frame;    /* $F */
    struct str function; /* stands for `frame` and for the capture that names a function */
};

static struct str fill(struct arena *a, const char *template, const struct filling *f)
{
    char buf[TITLE_MAX], plain[DEMANGLED_BYTES];
    struct str function = crash_demangle(f->function, plain);
    size_t n = 0;

    for (const char *p = template; *p; p++) {
        struct str piece = { p, 1 };

        if (*p == '$' && p[1] == 'F') {
            piece = function;
            p++;
        } else if (*p == '$' && char_is_digit(p[1])) {
            size_t index = (size_t)(p[1] - '1');

            piece = index < f->c->n ? f->c->s[index] : (struct str){ 0 };
            if (index + 1 == f->c->function)
                piece = function;
            p++;
        }
        for (size_t i = 0; i < piece.n && n < sizeof buf; i++)
            buf[n++] = piece.p[i];
    }
    return crash_normalise(a, (struct str){ buf, n });
}

static void add_alternative(struct crash_title *t, struct arena *a, struct str title)
{
    struct str *slot;

    if (title.n == 0 || str_eq(title, t->title))
        return;
    for (size_t i = 0; i < t->alternatives.n; i++)
        if (str_eq(t->alternatives.p[i], title))
            return;
    slot = vec_push(a, &t->alternatives);
    if (slot)
        *slot = title;
}

/* The template with the wrapper's shortest name is the title, with each other name another one. */
static void fill_all(struct crash_title *t, struct arena *a, const struct crash_format *f,
                     struct filling *with, struct str function)
{
    struct str names[WRAPPERS_MAX + 1];
    size_t n = unwrap_all(function, names, WRAPPERS_MAX);
    const char *templates[] = { f->title, f->alternative };

    names[n++] = function;
    with->function = crash_unwrap(function);
    t->function = with->function;
    t->title = fill(a, f->title, with);
    for (size_t k = 0; k < 2; k++) {
        if (!templates[k])
            continue;
        with->function = t->function;
        add_alternative(t, a, fill(a, templates[k], with));
        for (size_t i = 0; i < n; i++) {
            with->function = names[i];
            add_alternative(t, a, fill(a, templates[k], with));
        }
    }
}

/* --- which format -------------------------------------------------------------------------------
 */

/* "a\nb" of `needs`: each in a line of its own behind the one before. */
static bool find_needs(const struct crash_text *t, size_t line, const char *needs,
                       struct crash_captures *c)
{
    char pattern[128];
    size_t n = 0;

    for (const char *p = needs;; p++) {
        if (*p && *p != '\n') {
            if (n + 1 >= sizeof pattern)
                return false;
            pattern[n++] = *p;
            continue;
        }
        pattern[n] = '\0';
        for (n = 0; ++line < t->n_title;) {
            size_t at;

            if (crash_pattern_find(pattern, t->lines[line].text, &at, c))
                break;
        }
        if (line >= t->n_title)
            return false;
        if (*p == '\0')
            return true;
    }
}

/* Where the report's formats were seen so far. */
struct choice {
    size_t line, at; /* of the earliest title pattern */
    bool matched, titled;
};

/* The first line, and place in it, in which the format's pattern stands no later than the choice.
 */
static bool find_pattern(const struct crash_text *t, const struct crash_format *f,
                         const struct choice *best, size_t *line, size_t *at,
                         struct crash_captures *c)
{
    size_t last = best->matched ? best->line + 1 : t->n_title;

    for (size_t i = 0; i < last; i++) {
        if (t->lines[i].header == HEADER_NONE ||
            !crash_pattern_find(f->pattern, t->lines[i].text, at, c))
            continue;
        *line = i;
        return !best->matched || i < best->line || *at <= best->at;
    }
    return false;
}

static bool uses_frame(const struct crash_format *f)
{
    return f->recipe != RECIPE_NONE;
}

static void try_format(const struct crash_text *t, const struct crash_format *f, struct arena *a,
                       struct choice *best, struct crash_title *out)
{
    struct crash_captures c = { 0 };
    struct filling with = { .c = &c };
    struct str named = { 0 };
    size_t line, at;

    if (!find_pattern(t, f, best, &line, &at, &c))
        return;
    if (best->matched && line == best->line && at == best->at && best->titled)
        return;
    *best = (struct choice){ .line = line, .at = at, .matched = true };
    if (c.function)
        named = c.s[c.function - 1];
    *out = (struct crash_title){ 0 };
    if (f->needs && !find_needs(t, line, f->needs, &c))
        return;
    best->titled = true;
    out->format = f;
    if (f->flags & TITLE_CORRUPTED)
        out->corrupted = "the report's own text is cut or mixed up";
    if (uses_frame(f)) {
        struct crash_blame blame = crash_frame_find(t, line, f, named);

        named = blame.function;
        if (named.n == 0)
            out->corrupted = "no frame is left that could be to blame";
        else if (blame.injected)
            out->corrupted = "the trace of an injected fault is mixed in";
    } else if (c.function) {
        named = c.s[c.function - 1];
    }
    fill_all(out, a, f, &with, named.n || !uses_frame(f) ? named : STR("corrupted"));
    if (named.n == 0)
        out->function = (struct str){ 0 };
}

/* --- is the report whole ------------------------------------------------------------------------
 */

static bool has_frames(const struct crash_text *t, size_t from)
{
    for (size_t i = from; i < t->n && i < from + STACK_SEARCH_LINES; i++) {
        struct str names[2];

        if (t->lines[i].stack_starts)
            return false;
        if (crash_line_frames(t->lines[i].text, names) ||
            str_find(t->lines[i].text, STR("(stack is not available)")) != STR_NOT_FOUND)
            return true;
    }
    return false;
}

static const char *why_corrupted(const struct crash_text *t)
{
    bool any = false;

    for (size_t i = 0; i < t->n; i++) {
        if (str_find(t->lines[i].text, STR("serialport: VM disconnected.")) != STR_NOT_FOUND)
            return "the console was cut off";
        if (!t->lines[i].stack_starts)
            continue;
        any = true;
        if (t->n - i - 1 < STACK_LINES_MIN)
            return "the report ends in its call trace";
        if (!has_frames(t, i + 1))
            return "a call trace has no frames";
    }
    return any ? NULL : "there is no call trace";
}

/* "[  12.345678]" in the middle of a title: two writers on one line. */
static bool holds_stamp(struct str title)
{
    return crash_pattern_in("[%s%d.%d]", title);
}

static bool find_in(const struct crash_text *t, struct arena *a, struct crash_title *out,
                    bool *matched)
{
    struct choice best = { 0 };

    for (size_t i = 0; i < FORMATS_COUNT; i++)
        if (formats[i].header == t->lines[0].header)
            try_format(t, &formats[i], a, &best, out);
    *matched = best.matched;
    return best.titled;
}

bool crash_title_find(const struct crash_text *t, struct arena *a, struct crash_title *out)
{
    bool matched = false;

    *out = (struct crash_title){ 0 };
    if (t->n == 0)
        return false;
    if (!find_in(t, a, out, &matched)) {
        size_t at;

        crash_header_find(t->lines[0].text, t->lines[0].pairs, &at);
        out->title = crash_normalise(a, str_from_at(t->lines[0].text, at));
        out->corrupted =
                matched ? "the lines that belong to this kind of report are missing" : NULL;
        return out->title.n > 0;
    }
    if (!out->corrupted && holds_stamp(out->title))
        out->corrupted = "two messages are mixed in one line";
    if (!out->corrupted && !(out->format->flags & TITLE_NO_STACK))
        out->corrupted = why_corrupted(t);
    return out->title.n > 0;
}
