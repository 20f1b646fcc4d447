/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the frame that a crash's title names: a recipe walks the report's lines, collects the
 * functions that are not on the skip lists, and a selector picks one of them.
 */
#include "analyzer/evidence/crash_text.h"

enum { FRAMES_MAX = 256, NAMED_BELOW_LINES = 40 };

/* The functions on the way, innermost first. */
struct frame_names {
    struct str p[FRAMES_MAX];
    size_t n;
    const struct crash_names *common;
    const char *const *skips; /* of the format */
    bool injected;            /* crash_text.h */
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
    for (int i = 0; i < 3 && char_is_word(pattern[i]); i++)
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
    names->injected |= str_starts(name, STR("should_fail"));
    if (name.n && names->n < FRAMES_MAX && !crash_names_has(names->common, name) &&
        !matches_any(name, names->skips))
        names->p[names->n++] = name;
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

/*
 * i386 and powerpc print the bare address with the registers, and its name in a line of its own
 * below: "EIP is at frob_push+0x10/0x20", "NIP [c0000000080fe12c] .frob_push+0x10/0x20".
 */
static struct str named_below(const struct crash_text *t, size_t *line)
{
    for (size_t i = *line + 1; i < t->n_title && i <= *line + NAMED_BELOW_LINES; i++) {
        struct str text = t->lines[i].text, function;

        if (t->lines[i].stack_starts)
            break;
        if ((str_starts(text, STR("EIP is at ")) || str_starts(text, STR("NIP ["))) &&
            crash_line_ip(text, &function)) {
            *line = i;
            return function;
        }
    }
    return (struct str){ 0 };
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
        if (steps[i].kind != STEP_LINE && function.n == 0)
            function = named_below(t, &line);
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

struct crash_blame crash_frame_find(const struct crash_text *t, size_t from,
                                    const struct crash_format *f, struct str named)
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
            return (struct crash_blame){ .function = found, .injected = names.injected };
    }
    return (struct crash_blame){ .injected = false };
}
