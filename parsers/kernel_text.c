/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel text known by its words alone; see kernel_text.h. */
#include "parsers/kernel_text.h"

/*
 * Fixed beginnings. Sources: init/version.c, kernel/panic.c, lib/dump_stack.c,
 * arch/x86/kernel/{dumpstack,process_64,traps}.c, arch/x86/mm/fault.c, arch/arm*'s fault.c,
 * kernel/locking/lockdep.c, kernel/rcu/tree_stall.h, kernel/hung_task.c, mm/slub.c.
 */
static const struct str beginnings[] = {
    { STR_INIT("BUG: KASAN: ") },
    { STR_INIT("BUG: KASan: ") },
    { STR_INIT("BUG: KCSAN: ") },
    { STR_INIT("BUG: KFENCE: ") },
    { STR_INIT("BUG: KMSAN: ") },
    { STR_INIT("BUG: kernel NULL pointer dereference") },
    { STR_INIT("BUG: scheduling while atomic: ") },
    { STR_INIT("BUG: sleeping function called from invalid context") },
    { STR_INIT("BUG: soft lockup - CPU#") },
    { STR_INIT("BUG: stack guard page was hit") },
    { STR_INIT("BUG: unable to handle ") },
    { STR_INIT("BUG: workqueue lockup - pool") },
    { STR_INIT("BUG: Bad page state in process ") },
    { STR_INIT("BIOS-e820: [mem 0x") },
    { STR_INIT("BIOS-provided physical RAM map:") },
    { STR_INIT("------------[ cut here ]------------") },
    { STR_INIT("---[ end trace ") },
    { STR_INIT("---[ end Kernel panic - not syncing") },
    { STR_INIT("Call Trace:") },
    { STR_INIT("Hardware name: ") },
    { STR_INIT("INFO: possible recursive locking detected") },
    { STR_INIT("INFO: rcu_") },
    { STR_INIT("INFO: task ") },
    { STR_INIT("Internal error: Oops") },
    { STR_INIT("Kernel command line: ") },
    { STR_INIT("Kernel Offset: 0x") },
    { STR_INIT("Kernel panic - not syncing: ") },
    { STR_INIT("Modules linked in:") },
    { STR_INIT("NMI watchdog: BUG: ") },
    { STR_INIT("Oops: 00") },
    { STR_INIT("Out of memory: Kill") },
    { STR_INIT("RIP: 0010:") },
    { STR_INIT("Unable to handle kernel ") },
    { STR_INIT("VFS: Cannot open root device ") },
    { STR_INIT("VFS: Unable to mount root fs on ") },
    { STR_INIT("WARNING: at ") },
    { STR_INIT("WARNING: possible circular locking dependency detected") },
    { STR_INIT("Watchdog detected hard LOCKUP on cpu ") },
    { STR_INIT("[ INFO: inconsistent lock state ]") },
    { STR_INIT("[ INFO: possible circular locking dependency detected ]") },
    { STR_INIT("[ INFO: possible recursive locking detected ]") },
    { STR_INIT("[ INFO: suspicious ") },
    { STR_INIT("[ BUG: ") },
    { STR_INIT("general protection fault: 0000 [#") },
    { STR_INIT("invalid opcode: 0000 [#") },
    { STR_INIT("kernel BUG at ") },
    { STR_INIT("kernel tried to execute NX-protected page") },
    { STR_INIT("watchdog: BUG: soft lockup - CPU#") },
};

/* "CPU: 0 PID: 1 Comm: swapper/0 Not tainted …", "WARNING: CPU: 3 PID: 27 at fs/…". */
static bool cpu_line(struct str s)
{
    uint64_t cpu, pid;

    str_take(&s, STR("WARNING: "));
    if (!str_take(&s, STR("CPU: ")) || !str_take_u64(&s, &cpu) || !str_take_char(&s, ' '))
        return false;
    if (str_take(&s, STR("UID: ")) && (!str_take_u64(&s, &pid) || !str_take_char(&s, ' ')))
        return false;
    return str_take(&s, STR("PID: ")) && str_take_u64(&s, &pid);
}

/* " dump_stack_lvl+0x33/0x42", " [<c049b1c0>] ? vfs_ioctl+0x50/0x69 [mod]": a frame of a trace. */
static bool trace_frame(struct str s)
{
    struct str name, address;
    uint64_t offset, size;

    if (str_take_spaces(&s) == 0)
        return false;
    if (str_take(&s, STR("[<")) && (!str_take_until_str(&s, STR(">]"), &address) ||
                                    address.n > 16 || str_take_spaces(&s) == 0))
        return false;
    str_take(&s, STR("? "));
    return str_take_until_str(&s, STR("+0x"), &name) && name.n && name.n < 128 &&
           str_find_char(name, ' ') == STR_NOT_FOUND && str_take_hex(&s, &offset) &&
           str_take(&s, STR("/0x")) && str_take_hex(&s, &size);
}

bool kernel_text_banner(struct str line)
{
    struct str version;

    return str_take(&line, STR("Linux version ")) && str_take_word(&line, &version) &&
           char_is_digit(version.p[0]) && str_starts(line, STR(" ("));
}

bool kernel_text_certain(struct str line)
{
    if (line.n < 8)
        return false;
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (line.p[0] == beginnings[i].p[0] && str_starts(line, beginnings[i]))
            return true;
    return kernel_text_banner(line) || cpu_line(line) || trace_frame(line);
}

struct str kernel_text_unquote(struct str line)
{
    while (str_take(&line, STR("> ")))
        ;
    return line;
}
