/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What single lines of a crash report say: a table of how lines begin and the functions that read
 * them. The first line that tells something wins: a report begins with its own CPU and registers,
 * other CPUs' follow.
 */
#include "analyzer/core/limits.h"
#include "analyzer/evidence/crash_read.h"

/* The registers of a report stand in its first lines, also behind a long list of locks. */
enum { DETAIL_LINES = 200 };

struct reading {
    struct crash *crash;
    struct arena *arena;
    bool modules_open; /* the line before was a list of modules */
};

static void set(struct reading *r, struct str *field, struct str value)
{
    value = str_trim(value);
    if (field->n == 0 && value.n)
        *field = arena_str(r->arena, value);
}

/* The text between two marks, or behind the first to the end. */
static bool between(struct str line, struct str from, struct str to, struct str *out)
{
    size_t at = str_find(line, from);
    size_t end;

    if (at == STR_NOT_FOUND)
        return false;
    *out = str_from_at(line, at + from.n);
    end = to.n ? str_find(*out, to) : STR_NOT_FOUND;
    *out = end == STR_NOT_FOUND ? *out : str_first(*out, end);
    return true;
}

/* The comm may hold blanks: it ends where the taint begins. */
static void read_comm(struct reading *r, struct str line, struct str mark)
{
    struct str comm;

    if (!between(line, mark, STR(" Not tainted"), &comm))
        return;
    between(comm, STR(""), STR(" Tainted: "), &comm);
    set(r, &r->crash->comm, comm);
}

/*
 * The release is the first word that begins with a digit: "Not tainted 6.1.10 #1", "Tainted: G  W
 * (2.6.27.9 #1)". i386 before 2.6.24 said "Not tainted VLI" and the release a line below.
 */
static void read_release(struct reading *r, struct str rest)
{
    struct str word;

    while (str_take_spaces(&rest), str_take_char(&rest, '('), str_take_word(&rest, &word)) {
        if (!char_is_digit(word.p[0]))
            continue;
        if (word.p[word.n - 1] == ')')
            word.n--;
        set(r, &r->crash->kernel, word);
        return;
    }
}

static void read_tainted(struct reading *r, struct str line)
{
    static const struct str none = { STR_INIT("Not tainted") };
    struct str rest;

    if (r->crash->kernel.n)
        return;
    if (between(line, none, (struct str){ 0 }, &rest)) {
        read_release(r, rest);
    } else if (between(line, STR("Tainted: "), (struct str){ 0 }, &rest)) {
        crash_read_taint(r->crash, rest, r->arena);
        read_release(r, rest);
    } else {
        return;
    }
    /* lockdep: "3.5.0-rc5 #2 Not tainted" */
    if (crash_pattern_in("^%d.%d", line))
        read_release(r, line);
}

/* "EFLAGS: 00010202   (2.6.20-15-generic #2)", i386 before 2.6.24. */
static void read_flags(struct reading *r, struct str line)
{
    struct str release;

    if (r->crash->kernel.n == 0 && between(line, STR("("), STR(")"), &release))
        read_release(r, release);
}

/* "CPU: 1 UID: 0 PID: 1234 Comm: foo Tainted: G W 5.4.0 #1", "Pid: 1, comm: init Not tainted". */
static void read_task(struct reading *r, struct str line)
{
    struct str field, word;

    if (between(line, STR("CPU: "), (struct str){ 0 }, &field) && str_take_word(&field, &word))
        set(r, &r->crash->cpu, word);
    if ((between(line, STR("PID: "), (struct str){ 0 }, &field) ||
         between(line, STR("Pid: "), STR(","), &field)) &&
        str_take_word(&field, &word))
        set(r, &r->crash->pid, word);
    read_comm(r, line, STR("Comm: "));
    read_comm(r, line, STR("comm: "));
    read_tainted(r, line);
}

static void read_hardware(struct reading *r, struct str line)
{
    struct str name;

    if (between(line, STR("Hardware name: "), (struct str){ 0 }, &name))
        set(r, &r->crash->hardware, name);
}

static void add_register(struct reading *r, struct str name, struct str value)
{
    struct crash_registers *all = &r->crash->registers;
    struct crash_register *slot;

    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->p[i].name, name))
            return;
    slot = all->n < LIMIT_CRASH_FRAMES ? vec_push(r->arena, all) : NULL;
    if (slot)
        *slot = (struct crash_register){ arena_str(r->arena, name), arena_str(r->arena, value) };
}

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (char_hex(s.p[i]) < 0)
            return false;
    return s.n > 0;
}

/* "0018:ffffa1b2c3d4fe10": the stack pointer with its segment. */
static struct str without_segment(struct str word)
{
    size_t colon = str_find_char(word, ':');

    return colon == STR_NOT_FOUND ? word : str_from_at(word, colon + 1);
}

/* "RAX: 00 RBX: 00", "x29: ffff x28: 0", "r3 : c0 r2 : 00", "pc : [<c01>]": name, colon, value. */
static void read_registers(struct reading *r, struct str line)
{
    struct str word, name = { 0 };

    while (str_take_spaces(&line), str_take_word(&line, &word)) {
        if (word.n > 1 && word.p[word.n - 1] == ':') {
            name = str_first(word, word.n - 1);
        } else if (str_eq(word, STR(":"))) {
            continue;
        } else if (name.n && is_hex(without_segment(word))) {
            add_register(r, name, without_segment(word));
            name = (struct str){ 0 };
        } else {
            name = word;
        }
    }
}

/* "RIP: 0010:foo+0x1b/0x30 [mod]", "IP: [<ffff>] foo+0x1/0x2", "PC is at foo+0x1/0x2". */
static void read_ip(struct reading *r, struct str line)
{
    struct str function, rest, word;
    struct frame frame[2];
    struct frame_walk walk = { 0 };
    size_t at;

    if (r->crash->ip.n || !crash_line_ip(line, &function))
        return;
    if (function.n == 0) {
        at = str_find_last_char(line, ':');
        rest = str_from_at(line, at == STR_NOT_FOUND ? 0 : at + 1);
        str_take_spaces(&rest);
        if (str_take_word(&rest, &word))
            set(r, &r->crash->ip, word);
        return;
    }
    rest = str_from_at(line, (size_t)(function.p - line.p));
    word = rest;
    for (size_t i = 0; i < rest.n && word.n == rest.n; i++)
        if (char_is_space(rest.p[i]))
            word = str_first(rest, i);
    set(r, &r->crash->ip, word);
    if (frame_take(&walk, rest, frame) == 1) {
        set(r, &r->crash->module, frame[0].module);
        set(r, &r->crash->ip_module, frame[0].module);
    }
}

static void read_cr2(struct reading *r, struct str line)
{
    struct str value, word;

    if (between(line, STR("CR2: "), (struct str){ 0 }, &value) && str_take_word(&value, &word))
        set(r, &r->crash->cr2, word);
    read_registers(r, line);
}

/* "BUG: unable to handle page fault for address: ffff…", "… at 0000000000000010". */
static void read_address(struct reading *r, struct str line)
{
    static const struct str marks[] = { { STR_INIT("address: ") },
                                        { STR_INIT("virtual address ") },
                                        { STR_INIT("dereference at ") },
                                        { STR_INIT("request at ") } };
    struct str rest, word;

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (between(line, marks[i], (struct str){ 0 }, &rest) && str_take_word(&rest, &word))
            set(r, &r->crash->cr2, word);
}

static void read_code(struct reading *r, struct str line)
{
    set(r, &r->crash->trap, crash_trap_of(line));
}

static void read_error(struct reading *r, struct str line)
{
    struct str rest;
    uint64_t code;

    if ((between(line, STR("error_code(0x"), (struct str){ 0 }, &rest) ||
         (str_take(&line, STR("Oops: ")) && (rest = line, true))) &&
        str_take_hex(&rest, &code) && code < 0x10000)
        set(r, &r->crash->error_code, crash_error_words(r->arena, code));
}

/* "xfs(OE) libcrc32c(+) … [last unloaded: foo]": names without flags. */
static void add_modules(struct reading *r, struct str line)
{
    struct str word;
    size_t end = str_find(line, STR("[last unloaded"));

    line = end == STR_NOT_FOUND ? line : str_first(line, end);
    while (str_take_spaces(&line), str_take_word(&line, &word)) {
        struct str *slot;

        for (size_t i = 0; i < word.n; i++)
            if (word.p[i] == '(')
                word = str_first(word, i);
        slot = word.n && r->crash->modules.n < LIMIT_LIST_ITEMS
                       ? vec_push(r->arena, &r->crash->modules)
                       : NULL;
        if (slot)
            *slot = arena_str(r->arena, word);
    }
}

/*
 * Only module names, flags and blanks: the list goes on. Since 4.15 printk breaks a long list and
 * puts a blank in front of the rest, so that one name is enough there.
 */
static bool is_module_line(struct str line)
{
    bool indented = line.n && line.p[0] == ' ';
    struct str word;
    size_t n = 0;

    while (str_take_spaces(&line), str_take_word(&line, &word)) {
        if (word.p[0] == '[')
            return n > 0;
        if (char_is_digit(word.p[0]) && word.n < 3) /* "CPU 1" */
            return false;
        for (size_t i = 0; i < word.n; i++)
            if (!char_is_alnum(word.p[i]) &&
                str_find_char(STR("_-()+"), word.p[i]) == STR_NOT_FOUND)
                return false;
        n++;
    }
    return n > (indented ? 0 : 1);
}

static void read_modules(struct reading *r, struct str line)
{
    struct str rest;

    if (r->crash->modules.n || !between(line, STR("Modules linked in:"), (struct str){ 0 }, &rest))
        return;
    add_modules(r, rest);
    r->modules_open = str_find(line, STR("[last unloaded")) == STR_NOT_FOUND;
}

void crash_read_place(struct kernel_place *place, struct str line)
{
    struct kernel_place found = { 0 };
    struct str before;

    if (str_take_until_str(&line, STR("Kernel Offset: 0x"), &before) &&
        str_take_hex(&line, &found.offset) && str_take(&line, STR(" from 0x")) &&
        str_take_hex(&line, &found.base))
        *place = found;
}

static const struct {
    struct str mark; /* anywhere in the line */
    void (*read)(struct reading *r, struct str line);
} readers[] = {
    { { STR_INIT("PID: ") }, read_task },
    { { STR_INIT("Pid: ") }, read_task },
    { { STR_INIT("ot tainted") }, read_task },
    { { STR_INIT("Tainted: ") }, read_task },
    { { STR_INIT("CPU: ") }, read_task },
    { { STR_INIT("EFLAGS: ") }, read_flags },
    { { STR_INIT("Hardware name: ") }, read_hardware },
    { { STR_INIT("IP") }, read_ip },
    { { STR_INIT("PC is at") }, read_ip },
    { { STR_INIT("Krnl PSW") }, read_ip },
    { { STR_INIT("pc : ") }, read_ip },
    { { STR_INIT("RAX: ") }, read_registers },
    { { STR_INIT("RDX: ") }, read_registers },
    { { STR_INIT("RBP: ") }, read_registers },
    { { STR_INIT("RSP: ") }, read_registers },
    { { STR_INIT("R10: ") }, read_registers },
    { { STR_INIT("R13: ") }, read_registers },
    { { STR_INIT("EAX: ") }, read_registers },
    { { STR_INIT("ESI: ") }, read_registers },
    { { STR_INIT("x29: ") }, read_registers },
    { { STR_INIT("x2") }, read_registers },
    { { STR_INIT("x1") }, read_registers },
    { { STR_INIT("x8 : ") }, read_registers },
    { { STR_INIT("x5 : ") }, read_registers },
    { { STR_INIT("r10: ") }, read_registers },
    { { STR_INIT("r7 : ") }, read_registers },
    { { STR_INIT("r3 : ") }, read_registers },
    { { STR_INIT("CR2: ") }, read_cr2 },
    { { STR_INIT("nable to handle") }, read_address },
    { { STR_INIT("NULL pointer dereference") }, read_address },
    { { STR_INIT("Code: ") }, read_code },
    { { STR_INIT("error_code(") }, read_error },
    { { STR_INIT("Oops: ") }, read_error },
    { { STR_INIT("Modules linked in:") }, read_modules },
};

void crash_read_details(struct crash *crash, const struct crash_text *t, struct arena *a)
{
    struct reading r = { .crash = crash, .arena = a };
    struct str names[2];

    for (size_t i = 0; i < t->n && i < DETAIL_LINES; i++) {
        struct str line = t->lines[i].text;

        if (r.modules_open) {
            r.modules_open = is_module_line(line);
            if (r.modules_open)
                add_modules(&r, line);
        }
        /* What another report says of its own task is not this one's. */
        if (i && t->lines[i].header != HEADER_NONE && !crash_header_joins(line) && crash->kernel.n)
            break;
        /* "3.5.0-rc5 #2 Tainted: G" has a dot behind its first word, too. */
        if (crash_line_frames(line, names) && str_find(line, STR("+0x")) != STR_NOT_FOUND)
            continue;
        for (size_t k = 0; k < sizeof readers / sizeof readers[0]; k++)
            if (pairs_may_hold(t->lines[i].pairs, readers[k].mark) &&
                str_find(line, readers[k].mark) != STR_NOT_FOUND)
                readers[k].read(&r, line);
    }
}
