/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one line of a crash report is to the recipes of crash_frame.c: a frame, the beginning of a
 * stack, the instruction pointer. Each architecture has its own forms; calltrace.h reads the same
 * frames in full, for the trace that people see.
 */
#include "analyzer/evidence/crash_text.h"

/* "(foo) from [<c0101234>] (bar+0x10/0x20)", 32-bit arm. */
static size_t arm_frames(struct str line, struct str names[2])
{
    struct str s = line, callee, caller;

    str_take_spaces(&s);
    crash_take_address(&s);
    if (!str_take_char(&s, '(') || !str_take_until(&s, ')', &callee) ||
        !str_take(&s, STR(" from ")) || !crash_take_address(&s) || !str_take_char(&s, '(') ||
        !crash_take_function(&s, &caller))
        return 0;
    /* "(foo+0x0/0x20) from": the name ends at the offset. */
    names[0] = callee;
    for (size_t i = 0; i < callee.n; i++) {
        if (callee.p[i] == '.' || callee.p[i] == '+') {
            names[0] = str_first(callee, i);
            break;
        }
    }
    names[1] = caller;
    return 2;
}

size_t crash_line_frames(struct str line, struct str names[2])
{
    struct str s = line;

    str_take_spaces(&s);
    for (int i = 0; i < 2 && crash_take_address(&s); i++)
        ;
    str_take_spaces(&s);
    str_take_char(&s, '.'); /* ppc64's function descriptors */
    if (crash_take_function(&s, &names[0]))
        return 1;
    return arm_frames(line, names);
}

bool crash_stack_starts(struct str line, const struct pairs *pairs)
{
    static const struct {
        struct str text; /* that the pattern begins with */
        const char *pattern;
    } starts[] = {
        { { STR_INIT("Call ") }, "Call (Trace|trace)" },
        { { STR_INIT("Allocated") }, "Allocated:" },
        { { STR_INIT("Allocated by task ") }, "Allocated by task %d:" },
        { { STR_INIT("Freed") }, "Freed:" },
        { { STR_INIT("Freed by task ") }, "Freed by task %d:" },
        { { STR_INIT("Backtrace:") }, "Backtrace:" },
        { { STR_INIT("Uninit was") }, "Uninit was stored to memory at" },
        { { STR_INIT("status: ") }, "status: * badaddr: * cause: " },
    };
    size_t at;

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (pairs_may_hold(pairs, starts[i].text) && crash_pattern_in(starts[i].pattern, line))
            return true;
    if (!pairs_may_hold(pairs, STR("backtrace")))
        return false;
    at = str_find(line, STR("backtrace"));
    if (at == STR_NOT_FOUND || (at >= 6 && str_starts(str_from_at(line, at - 6), STR("stack "))))
        return false;
    return crash_pattern_in("backtrace( ?crc|):", line) ||
           crash_pattern_in("backtrace ?crc *?:", line);
}

/* ":frob:frob_push+0x10/0x20": the module in front, before 2.6.28. */
static void take_old_module(struct str *in)
{
    struct str s = *in, module;

    if (str_take_char(&s, ':') && str_take_until(&s, ':', &module) && module.n &&
        str_find_char(module, ' ') == STR_NOT_FOUND)
        *in = s;
}

/* "Krnl PSW : 0704c00180000000 0000000000431f8e (frob_push+0x62/0x7c)", s390. */
static bool take_psw(struct str line, struct str *function)
{
    struct crash_captures c = { 0 };
    size_t at;

    if (str_find(line, STR("Krnl PSW :")) == STR_NOT_FOUND ||
        !crash_pattern_find("Krnl PSW : %x %x ?%f", line, &at, &c))
        return false;
    *function = c.s[c.function - 1];
    return true;
}

/* Behind "RIP:" and its kin: a segment, up to two addresses, the function or a bare address. */
static bool take_pointer(struct str s, struct str *function)
{
    struct str rest;
    uint64_t number;
    size_t addresses = 0;

    str_take_char(&s, ':');
    str_take_spaces(&s);
    rest = s;
    if (str_take_hex(&rest, &number) && str_take_char(&rest, ':') && s.n - rest.n <= 5)
        s = rest;
    str_take_spaces(&s);
    while (addresses < 2 && crash_take_address(&s))
        addresses++;
    str_take_spaces(&s);
    take_old_module(&s);
    str_take_char(&s, '.'); /* ppc64's function descriptors */
    *function = (struct str){ 0 };
    if (crash_take_function(&s, function))
        return true;
    return addresses || str_find(s, STR("(null)")) != STR_NOT_FOUND ||
           (str_take(&s, STR("0x")) && str_take_hex(&s, &number));
}

bool crash_line_ip(struct str line, struct str *function)
{
    static const struct str marks[] = {
        { STR_INIT("IP is at") }, { STR_INIT("IP") }, { STR_INIT("PC is at") }, { STR_INIT("pc ") }
    };

    if (take_psw(line, function))
        return true;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t at = str_find(line, marks[i]);

        if (at != STR_NOT_FOUND && take_pointer(str_from_at(line, at + marks[i].n), function))
            return true;
    }
    return false;
}
