/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames of call traces, as the architectures print them (lib/dump_stack.c and
 * arch/.../kernel/{dumpstack,traps,stacktrace,process,unwind}.c):
 *
 *     x86     [<ffffffff8151f180>] ? foo.isra.0+0x1a/0x2c0 [xfs]      <IRQ>  [<ffff…>] bar+0x1/0x2
 *     x86     foo+0x1a/0x2c0 [xfs 0123456789abcdef]                  arm64  foo+0x1a/0x2c0
 *     arm     [<c0012345>] (foo+0x10/0x20) from [<c0054321>] (bar+0x4/0x8 [mod])
 *     powerpc [c000000001234560] [c000000000012345] .foo+0x10/0x20 (unreliable)
 *     s390    [<000000000012ab34>] foo+0x10/0x20                      ([<0000000000123456>] foo+…)
 *     riscv   [<ffffffff80001234>] foo+0x10/0x20
 */
#include "analyzer/evidence/calltrace.h"

#include "analyzer/evidence/crash_pattern.h"

struct str frame_context_name(enum frame_context c)
{
    static const struct str names[] = {
#define CONTEXT(sym, name) [FRAME_##sym] = { STR_INIT(name) },
#include "analyzer/evidence/frame_context.def"
#undef CONTEXT
    };

    return names[c];
}

static const struct {
    struct str marker;
    enum frame_context context; /* of what follows */
} markers[] = {
    { { STR_INIT("<IRQ>") }, FRAME_IRQ },
    { { STR_INIT("</IRQ>") }, FRAME_TASK },
    { { STR_INIT("<NMI>") }, FRAME_NMI },
    { { STR_INIT("</NMI>") }, FRAME_TASK },
    { { STR_INIT("<SOFTIRQ>") }, FRAME_SOFTIRQ },
    { { STR_INIT("</SOFTIRQ>") }, FRAME_TASK },
    { { STR_INIT("<TASK>") }, FRAME_TASK },
    { { STR_INIT("</TASK>") }, FRAME_TASK },
    { { STR_INIT("<ENTRY>") }, FRAME_ENTRY },
    { { STR_INIT("</ENTRY>") }, FRAME_TASK },
    { { STR_INIT("<ENTRY_TRAMPOLINE>") }, FRAME_ENTRY },
    { { STR_INIT("</ENTRY_TRAMPOLINE>") }, FRAME_TASK },
    { { STR_INIT("<#DF>") }, FRAME_EXCEPTION },
    { { STR_INIT("</#DF>") }, FRAME_TASK },
    { { STR_INIT("<#DB>") }, FRAME_EXCEPTION },
    { { STR_INIT("<<EOE>>") }, FRAME_TASK },
    { { STR_INIT("<EOE>") }, FRAME_TASK },
    { { STR_INIT("<EOI>") }, FRAME_TASK },
    { { STR_INIT("<UNK>") }, FRAME_TASK },
};

/* Marker lines may carry a frame behind them. */
static void take_markers(struct frame_walk *w, struct str *s)
{
    bool taken = true;

    while (taken) {
        taken = false;
        str_take_spaces(s);
        if (s->n == 0 || s->p[0] != '<')
            return;
        for (size_t i = 0; i < sizeof markers / sizeof markers[0]; i++) {
            if (!str_take(s, markers[i].marker))
                continue;
            w->context = markers[i].context;
            taken = true;
            break;
        }
    }
}

static bool is_name_char(char c)
{
    return char_is_word(c) || c == '.' || c == '$' || c == '@';
}

/* "foo.isra.0+0x1a/0x2c0", "foo+26/704" (s390 prints hex with 0x, old kernels too). */
static bool take_symbol(struct str *in, struct frame *f)
{
    struct str s = *in;
    size_t n = 0;

    str_take_char(&s, '.'); /* ppc64's function descriptors */
    while (n < s.n && is_name_char(s.p[n]))
        n++;
    f->function = str_first(s, n);
    s = str_from_at(s, n);
    if (n == 0 || char_is_digit(f->function.p[0]) || !str_take(&s, STR("+0x")) ||
        !str_take_hex(&s, &f->offset))
        return false;
    f->has_offset = true;
    if (str_take(&s, STR("/0x")) && !str_take_hex(&s, &f->size))
        return false;
    *in = s;
    return true;
}

/* " [xfs]", " [xfs 0123abcd]", " [xfs](OE)". */
static void take_module(struct str *in, struct frame *f)
{
    struct str s = *in, name;

    str_take_spaces(&s);
    if (!str_take_char(&s, '[') || !str_take_until(&s, ']', &name) || name.n == 0)
        return;
    for (size_t i = 0; i < name.n; i++)
        if (char_is_space(name.p[i]))
            name = str_first(name, i);
    if (str_eq(name, STR("inline")))
        return;
    f->module = name;
    *in = s;
}

/* "0xffffffffc0123456": code that no symbol covers, as of a module that is gone. */
static bool take_bare_address(struct str *in, struct frame *f)
{
    struct str s = *in;
    uint64_t address;

    if (!str_take(&s, STR("0x")) || !str_take_hex(&s, &address) || in->n - s.n < 2 + 6 ||
        (s.n && s.p[0] != ')' && !char_is_space(s.p[0])))
        return false;
    f->function = str_first(*in, in->n - s.n);
    *in = s;
    return true;
}

static bool take_place(struct str *s)
{
    struct str t = *s;
    bool braced = str_take_char(&t, '('); /* s390 marks what it guesses */
    size_t n = 0;

    while (n < 2 && crash_take_address(&t))
        n++;
    if (braced && n == 0)
        return false;
    *s = t;
    return n > 0;
}

/* "(foo+0x10/0x20 [mod])" or "(foo)" of the arm form. */
static bool take_braced(struct str *in, struct frame *f)
{
    struct str s = *in, inside;

    if (!str_take_char(&s, '(') || !str_take_until(&s, ')', &inside) || inside.n == 0)
        return false;
    *f = (struct frame){ .reliable = true };
    if (take_symbol(&inside, f))
        take_module(&inside, f);
    else
        f->function = inside;
    *in = s;
    return true;
}

static size_t take_arm(struct str s, struct frame_walk *w, struct frame out[2])
{
    crash_take_address(&s);
    if (!take_braced(&s, &out[0]) || !str_take(&s, STR(" from ")))
        return 0;
    crash_take_address(&s);
    if (!take_braced(&s, &out[1]) && !take_symbol(&s, &out[1]))
        return 0;
    out[1].reliable = true;
    out[0].context = out[1].context = w->context;
    return 2;
}

size_t frame_take(struct frame_walk *w, struct str line, struct frame out[2])
{
    struct str s = line;
    bool indented = line.n && line.p[0] == ' ';
    size_t arm;

    take_markers(w, &s);
    arm = take_arm(s, w, out);
    if (arm)
        return arm;
    out[0] = (struct frame){ .reliable = true, .context = w->context };
    indented |= take_place(&s);
    take_markers(w, &s);
    out[0].context = w->context;
    if (str_take(&s, STR("? ")))
        out[0].reliable = false;
    if (!take_symbol(&s, &out[0]) && !(indented && take_bare_address(&s, &out[0])))
        return 0;
    take_module(&s, &out[0]);
    if (str_find(s, STR("(unreliable)")) != STR_NOT_FOUND)
        out[0].reliable = false;
    /* "foo+0x1/0x2 …" in prose is no frame: nothing but a source place may follow. */
    str_take_spaces(&s);
    return s.n == 0 || s.p[0] == '(' || s.p[0] == ')' || s.p[0] == '[' || crash_pattern_in("^%S", s)
                   ? 1
                   : 0;
}

bool frame_take_bare(struct frame_walk *w, struct str line, struct bare_frame *out)
{
    struct str s = line;
    bool found = false;

    take_markers(w, &s);
    *out = (struct bare_frame){ .reliable = true, .context = w->context };
    if (str_take(&s, STR("[<"))) {
        found = str_take_hex(&s, &out->address) && str_take(&s, STR(">]"));
        if (!found)
            return false;
        str_take_spaces(&s);
    }
    if (str_take(&s, STR("? ")))
        out->reliable = false;
    if (str_take(&s, STR("0x")))
        found = str_take_hex(&s, &out->address);
    return found && str_trim(s).n == 0;
}
