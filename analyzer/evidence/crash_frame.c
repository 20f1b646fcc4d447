/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the frame that a crash's title names: a recipe walks the report's lines, collects the
 * functions that are not on the skip lists, and a selector picks one of them.
 */
#include "analyzer/evidence/crash_text.h"

enum { FRAMES_MAX = 256 };

/* The functions on the way, innermost first. */
struct frame_names {
    struct str p[FRAMES_MAX];
    size_t n;
    const struct crash_names *common;
    const char *const *skips; /* of the format */
};

enum step_kind { STEP_DONE, STEP_NAMED, STEP_LINE, STEP_IP, STEP_IP_OR_TRAP, STEP_STACK };

struct frame_step {
    enum step_kind kind;
    const char *pattern; /* STEP_LINE: any of these, as choices of crash_pattern.h */
};

#define LINE(text)                                                                                 \
    {                                                                                              \
        .kind = STEP_LINE, .pattern = (text)                                                       \
    }
#define CALL_TRACE LINE("(Call Trace:|Call trace:|Backtrace:)")
#define TRACE                                                                                      \
    CALL_TRACE,                                                                                    \
    {                                                                                              \
        .kind = STEP_STACK                                                                         \
    }
#define STACK                                                                                      \
    {                                                                                              \
        .kind = STEP_STACK                                                                         \
    }

enum { STEPS_MAX = 5 };

/* The second row of steps is tried when the first finds nothing. */
static const struct frame_step recipes[RECIPE_COUNT][2][STEPS_MAX] = {
    [RECIPE_T] = { { TRACE } },
    [RECIPE_R] = { { { .kind = STEP_IP }, TRACE } },
    [RECIPE_R1] = { { { .kind = STEP_IP } } },
    [RECIPE_W] = { { { .kind = STEP_IP_OR_TRAP }, STACK }, { TRACE } },
    [RECIPE_FT] = { { { .kind = STEP_NAMED }, TRACE } },
    [RECIPE_FS] = { { { .kind = STEP_NAMED }, STACK } },
    [RECIPE_KMSAN] = { { STACK, LINE("(Local variable|Uninit was created at:)"), STACK } },
    [RECIPE_UNLOCK] = { { LINE("%p%s%f"), TRACE } },
    [RECIPE_PAGE] = { { LINE("page last allocated"), STACK } },
    [RECIPE_LEAK] = { { LINE("backtrace"), STACK } },
    [RECIPE_DEADLOCK] = { { LINE("at: %a%f"), LINE("at: %a%f"), STACK } },
    [RECIPE_UNSAFE] = { { LINE("which became * at:"), STACK } },
    [RECIPE_RCU] = { { LINE("apic_timer_interrupt"), { .kind = STEP_IP }, STACK },
                     { LINE("(apic_timer_interrupt|Exception stack|el1h_64_irq)"), STACK } },
};

static const char *const common_skips[] = {
#define SKIP(pattern) pattern,
#include "analyzer/evidence/crash_skips.def"
#undef SKIP
    NULL,
};

/* Above these stands what kept a CPU busy: the borders of work that runs for itself. */
static const char *const stall_anchors[] = {
    "process_one_work",
    "do_syscall_",
    "do_fast_syscall_",
    "sysenter_dispatch",
    "tracesys_phase2",
    "el0_svc_handler",
    "invoke_syscall",
    "ret_fast_syscall",
    "netif_receive_skb",
    "do_softirq",
    "call_timer_fn",
    "_run_timers",
    "run_timer_softirq",
    "hrtimer_run",
    "run_ksoftirqd",
    "smpboot_thread_fn",
    "^kthread$",
    "start_secondary",
    "cpu_startup_entry",
    "ret_from_fork",
    "vfs_(write|read|iter_read|iter_write|ioctl|open)",
    "do_iter_(readv_writev|read|write)",
    "call_(read|write)_iter",
    "new_sync_(read|write)",
    "ksys_ioctl",
    "compat_(sys_|)ioctl",
    "blkdev_(driver_|)ioctl",
    "^(sys_|)call_mmap",
    "mmap_region",
    "do_mmap",
    "do_dentry_open",
    "^(sys_|)sock_(sendmsg|recvmsg|release|mmap|do_ioctl|ioctl)",
    "^(sys_|)__sock_release",
    "^(sys_|)setsockopt$",
    "kernel_setsockopt",
    "sock_common_setsockopt",
    "^(sys_|)listen$",
    "kernel_listen",
    "sk_common_release",
    "^(sys_|)accept$",
    "kernel_accept",
    "^(sys_|)compat_sock_ioctl",
    "^(sys_|)nfnetlink_rcv_msg",
    "^(sys_|)rtnetlink_rcv_msg",
    "^(sys_|)netlink_dump",
    "^(sys_|)socketpair",
    "^(sys_|)connect",
    "^(sys_|)ioctl",
    "__do_fault",
    "do_page_fault",
    "^page_fault$",
    "__fput",
    "task_work_run",
    "exit_to_usermode",
    "smp_call_function",
    "tasklet_(hi_|)action",
    NULL,
};

/* Functions in which a task sleeps; what it waits for stands above them. */
static const char *const hung_sleeps[] = {
    "sched",       "_lock", "_slowlock",   "down",           "rwsem",       "completion",
    "kthread",     "wait",  "synchronize", "context_switch", "__switch_to", "cancel_delayed_work",
    "rcu_barrier", NULL,
};

/* The bytes of a name as bits: most patterns are ruled out by one look at their first two. */
static uint64_t byte_bits(struct str name)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < name.n; i++)
        bits |= UINT64_C(1) << ((unsigned char)name.p[i] & 63);
    return bits;
}

static bool may_match(const char *pattern, uint64_t bits)
{
    pattern += *pattern == '^';
    for (int i = 0; i < 3 && (char_is_alnum(pattern[i]) || pattern[i] == '_'); i++)
        if (!(bits >> ((unsigned char)pattern[i] & 63) & 1))
            return false;
    return true;
}

static bool matches_any(struct str name, const char *const *patterns)
{
    uint64_t bits = byte_bits(name);

    for (; patterns && *patterns; patterns++)
        if (may_match(*patterns, bits) && crash_pattern_in(*patterns, name))
            return true;
    return false;
}

void crash_skips_init(struct crash_names *skips)
{
    crash_names_init(skips, common_skips);
}

static void add_name(struct frame_names *names, struct str name)
{
    if (name.n && names->n < FRAMES_MAX && !crash_names_has(names->common, name) &&
        !matches_any(name, names->skips))
        names->p[names->n++] = name;
}

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
    *function = (struct str){ 0 };
    if (crash_take_function(&s, function))
        return true;
    return addresses || str_find(s, STR("(null)")) != STR_NOT_FOUND ||
           (str_take(&s, STR("0x")) && str_take_hex(&s, &number));
}

bool crash_line_ip(struct str line, struct str *function)
{
    static const struct str marks[] = { { STR_INIT("IP") },
                                        { STR_INIT("PC is at") },
                                        { STR_INIT("pc ") } };

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t at = str_find(line, marks[i]);

        if (at != STR_NOT_FOUND && take_pointer(str_from_at(line, at + marks[i].n), function))
            return true;
    }
    return false;
}

/* Walks one stack down; *line is left on the line that starts another one, or the end. */
static void take_stack(const struct crash_text *t, size_t *line, struct frame_names *names)
{
    for (; *line < t->n_title; ++*line) {
        struct str found[2];
        size_t n;

        if (t->lines[*line].stack_starts)
            break;
        n = crash_line_frames(t->lines[*line].text, found);
        for (size_t i = 0; i < n; i++)
            add_name(names, found[i]);
    }
    *line += *line < t->n_title;
}

/* Does this step's pattern stand in the line? Then the function that it names. */
static bool step_matches(const struct frame_step *step, struct str line, struct str *function)
{
    struct crash_captures c = { 0 };
    size_t at;

    *function = (struct str){ 0 };
    if (step->kind != STEP_LINE && crash_line_ip(line, function))
        return true;
    if (step->kind == STEP_IP)
        return false;
    if (!crash_pattern_find(step->kind == STEP_LINE ? step->pattern : "--- interrupt: %x at %f",
                            line, &at, &c))
        return false;
    if (c.function)
        *function = c.s[c.function - 1];
    return true;
}

static void run_steps(const struct crash_text *t, size_t line, const struct frame_step *steps,
                      struct str named, struct frame_names *names)
{
    for (size_t i = 0; i < STEPS_MAX && steps[i].kind != STEP_DONE; i++) {
        struct str function;

        if (steps[i].kind == STEP_STACK) {
            take_stack(t, &line, names);
            continue;
        }
        if (steps[i].kind == STEP_NAMED) {
            add_name(names, named);
            line++;
            continue;
        }
        while (line < t->n_title && !step_matches(&steps[i], t->lines[line].text, &function))
            line++;
        if (line >= t->n_title)
            return;
        add_name(names, function);
        line++;
    }
}

static struct str select_stall(const struct frame_names *names)
{
    for (size_t i = 0; i < names->n; i++) {
        struct str name = crash_unwrap(names->p[i]);

        if (!matches_any(name, stall_anchors))
            continue;
        if (str_find(name, STR("smp_call_function")) != STR_NOT_FOUND)
            return STR("smp_call_function");
        return names->p[i ? i - 1 : 0];
    }
    return (struct str){ 0 };
}

static struct str select_hung(const struct frame_names *names)
{
    for (size_t i = 0; i < names->n; i++) {
        if (str_find(names->p[i], STR("rtnl_lock")) != STR_NOT_FOUND)
            return names->p[i];
        if (crash_pattern_in("synchronize_(rcu|srcu|net|sched)", names->p[i]))
            return STR("synchronize_rcu");
    }
    for (size_t i = 0; i < names->n; i++)
        if (!matches_any(names->p[i], hung_sleeps))
            return names->p[i];
    return (struct str){ 0 };
}

struct str crash_frame_find(const struct crash_text *t, size_t from, const struct crash_format *f,
                            struct str named)
{
    struct crash_names common;

    crash_skips_init(&common);
    for (int attempt = 0; attempt < 2; attempt++) {
        struct frame_names names = { .n = 0, .common = &common, .skips = f->skips };
        struct str found = { 0 };

        run_steps(t, from, recipes[f->recipe][attempt], named, &names);
        if (f->flags & TITLE_STALL)
            found = select_stall(&names);
        else if (f->flags & TITLE_HUNG)
            found = select_hung(&names);
        else if (names.n)
            found = names.p[0];
        if (found.n)
            return found;
    }
    return (struct str){ 0 };
}
