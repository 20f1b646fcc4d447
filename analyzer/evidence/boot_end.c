/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signs of an end, as the kernel, systemd and the hypervisor print them. A later sign replaces an
 * earlier one of the same or a lesser weight: a panic is not undone by the reset that follows it.
 */
#include "analyzer/evidence/boot_end.h"

#include <assert.h>

static const struct {
    struct str name;
    bool bad;
} endings[ENDED_COUNT] = {
#define ENDED(sym, word, is_bad, meaning) [ENDED_##sym] = { { STR_INIT(word) }, (is_bad) != 0 },
#include "analyzer/evidence/ended.def"
#undef ENDED
};

enum sign_effect { SIGN_END, SIGN_OOPS, SIGN_LOSS };

/* `weight`: what outranks what within one boot. */
static const struct sign {
    const char *needle;
    enum origin origin;
    enum sign_effect effect;
    enum ended_by ended;
    unsigned weight;
} signs[] = {
    /* kernel/panic.c, kernel/reboot.c, arch/x86/kernel/dumpstack.c, kernel/printk/printk.c */
    { "Kernel panic - not syncing", ORIGIN_GUEST_KERNEL, SIGN_END, ENDED_PANIC, 5 },
    { "---[ end Kernel panic", ORIGIN_GUEST_KERNEL, SIGN_END, ENDED_PANIC, 5 },
    { "reboot: Power down", ORIGIN_GUEST_KERNEL, SIGN_END, ENDED_POWEROFF, 4 },
    { "reboot: System halted", ORIGIN_GUEST_KERNEL, SIGN_END, ENDED_POWEROFF, 4 },
    { "reboot: Restarting system", ORIGIN_GUEST_KERNEL, SIGN_END, ENDED_REBOOT, 4 },
    { "PM: suspend entry", ORIGIN_GUEST_KERNEL, SIGN_END, ENDED_SUSPEND, 1 },
    /* "Oops: 0002 [#1] PREEMPT SMP": die(). A WARNING has an end trace, too, and no number. */
    { "Oops: ", ORIGIN_GUEST_KERNEL, SIGN_OOPS, ENDED_OOPS, 0 },
    { "general protection fault", ORIGIN_GUEST_KERNEL, SIGN_OOPS, ENDED_OOPS, 0 },
    { "invalid opcode: ", ORIGIN_GUEST_KERNEL, SIGN_OOPS, ENDED_OOPS, 0 },
    { "divide error: ", ORIGIN_GUEST_KERNEL, SIGN_OOPS, ENDED_OOPS, 0 },
    { "Internal error: ", ORIGIN_GUEST_KERNEL, SIGN_OOPS, ENDED_OOPS, 0 },
    { " printk messages dropped", ORIGIN_GUEST_KERNEL, SIGN_LOSS, ENDED_UNKNOWN, 0 },
    /* systemd's last words; src/login/logind-dbus.c, src/shutdown/shutdown.c, src/journal */
    { "System is rebooting", ORIGIN_GUEST_USER, SIGN_END, ENDED_REBOOT, 3 },
    { "System is powering down", ORIGIN_GUEST_USER, SIGN_END, ENDED_POWEROFF, 3 },
    { "Reached target reboot.target", ORIGIN_GUEST_USER, SIGN_END, ENDED_REBOOT, 3 },
    { "Reached target poweroff.target", ORIGIN_GUEST_USER, SIGN_END, ENDED_POWEROFF, 3 },
    { "Reached target Power-Off", ORIGIN_GUEST_USER, SIGN_END, ENDED_POWEROFF, 3 },
    { "Reached target Reboot", ORIGIN_GUEST_USER, SIGN_END, ENDED_REBOOT, 3 },
    { "Reached target Shutdown", ORIGIN_GUEST_USER, SIGN_END, ENDED_POWEROFF, 2 },
    { "Journal stopped", ORIGIN_GUEST_USER, SIGN_END, ENDED_POWEROFF, 2 },
    { "Missed ", ORIGIN_GUEST_USER, SIGN_LOSS, ENDED_UNKNOWN, 0 },
    /* the hypervisor */
    { "PIIX4: PM Soft Off", ORIGIN_HOST, SIGN_END, ENDED_POWEROFF, 3 },
    { "requested that the virtual machine be powered off", ORIGIN_HOST, SIGN_END, ENDED_POWEROFF,
      3 },
    { "VMAutomation_PowerOff", ORIGIN_HOST, SIGN_END, ENDED_POWEROFF, 3 },
    { "VMAutomation_Reset", ORIGIN_HOST, SIGN_END, ENDED_RESET, 3 },
    { "requested that the virtual machine be hard reset", ORIGIN_HOST, SIGN_END, ENDED_RESET, 3 },
    { "Triple fault.", ORIGIN_HOST, SIGN_END, ENDED_RESET, 4 },
    { "msg.monitorEvent.tripleFault", ORIGIN_HOST, SIGN_END, ENDED_RESET, 4 },
    { "MONITOR PANIC", ORIGIN_HOST, SIGN_END, ENDED_HOST_CRASH, 6 },
    { "[msg.log.error.unrecoverable]", ORIGIN_HOST, SIGN_END, ENDED_HOST_CRASH, 6 },
    { "Unexpected signal: ", ORIGIN_HOST, SIGN_END, ENDED_HOST_CRASH, 6 },
    { "Caught signal ", ORIGIN_HOST, SIGN_END, ENDED_HOST_CRASH, 6 },
    { "SUSPEND: Start suspend", ORIGIN_HOST, SIGN_END, ENDED_SUSPEND, 2 },
    { "VMX exit (0).", ORIGIN_HOST, SIGN_END, ENDED_POWEROFF, 1 },
    { "VMX idle exit", ORIGIN_HOST, SIGN_END, ENDED_POWEROFF, 1 },
    { "VMX has left the building: 0.", ORIGIN_HOST, SIGN_END, ENDED_POWEROFF, 1 },
};

enum { N_SIGNS = sizeof signs / sizeof signs[0] };

/* The same texts for the prefilter, and what boot.c itself looks for. */
const char *const boot_literals[] = {
    "Linux version ",
    "setting system clock to ",
    "Kernel panic - not syncing",
    "---[ end Kernel panic",
    "reboot: Power down",
    "reboot: System halted",
    "reboot: Restarting system",
    "PM: suspend entry",
    "Oops: 0",
    "Oops: Oops: ",
    "general protection fault",
    "invalid opcode: ",
    "divide error: ",
    "Internal error: ",
    " printk messages dropped",
    "System is rebooting",
    "System is powering down",
    "Reached target ",
    "Journal stopped",
    "Missed ",
    "PIIX4: PM Soft Off",
    "requested that the virtual machine be ",
    "VMAutomation_",
    "Triple fault.",
    "msg.monitorEvent.tripleFault",
    "MONITOR PANIC",
    "[msg.log.error.unrecoverable]",
    "Unexpected signal: ",
    "Caught signal ",
    "SUSPEND: Start suspend",
    "VMX exit (0).",
    "VMX idle exit",
    "VMX has left the building: ",
    "CPU reset: ",
    "Log for VMware ",
    NULL,
};

struct str ended_name(enum ended_by e)
{
    return endings[e].name;
}

bool ended_badly(enum ended_by e)
{
    return endings[e].bad;
}

bool boot_is_banner(struct str text)
{
    uint64_t major;

    /* "Linux version 6.1.138-5.ph5-esx (root@…) (gcc …) #1-photon SMP …": init/version-timestamp.c
     */
    return str_take(&text, STR("Linux version ")) && str_take_u64(&text, &major) &&
           str_take_char(&text, '.');
}

static bool origin_fits(enum origin wanted, enum origin has)
{
    return wanted == has || (has == ORIGIN_UNKNOWN && wanted != ORIGIN_HOST);
}

static unsigned weight_of(enum ended_by ended)
{
    unsigned weight = 0;

    for (size_t i = 0; i < N_SIGNS; i++)
        if (signs[i].ended == ended && signs[i].weight > weight)
            weight = signs[i].weight;
    return weight;
}

static void take_sign(struct boot *b, const struct sign *sign, const struct record *r)
{
    switch (sign->effect) {
    case SIGN_END:
        if (b->ended_by != ENDED_UNKNOWN && sign->weight < weight_of(b->ended_by))
            return;
        if (b->ended_by == sign->ended && b->ending)
            return;
        b->ended_by = sign->ended;
        b->ending = record_keep(&b->arena, r);
        return;
    case SIGN_OOPS:
        if (str_find(r->text, STR(" [#")) == STR_NOT_FOUND)
            return;
        b->oops_input = r->input;
        b->oops_line = r->line;
        return;
    case SIGN_LOSS: b->dropped++; return;
    }
}

/*
 * "rtc_cmos rtc_cmos: setting system clock to 2026-11-20T23:35:17 UTC (1763681717)" (and with a
 * blank in place of the T before 5.0): drivers/rtc/class.c. Whole seconds.
 */
static bool take_rtc(struct str text, int64_t *wall_us)
{
    struct str before;
    unsigned gaps;

    return str_take_until_str(&text, STR("setting system clock to "), &before) &&
           clock_take_iso(&text, wall_us, &gaps);
}

enum { RANK_POWER_ON = 1, RANK_JOURNAL, RANK_RTC, RANK_DUMP };

static void offer_offset(struct boot *b, unsigned rank, int64_t offset_us, int64_t error_us)
{
    if (rank < b->rank || (rank == b->rank && rank != RANK_DUMP))
        return;
    if (rank == b->rank && offset_us >= b->wall_offset_us)
        return;
    b->rank = rank;
    b->wall_offset_us = offset_us;
    b->wall_error_us = error_us;
}

static void look_at_clock(struct boot *b, const struct record *r)
{
    const int64_t second = 1000000;
    int64_t wall_us;

    if (r->mono_us == TIME_UNKNOWN) {
        if (r->origin == ORIGIN_HOST && r->wall_us != TIME_UNKNOWN)
            offer_offset(b, RANK_POWER_ON, r->wall_us, 60 * second);
        return;
    }
    /* A dump is written within milliseconds of its last record: the smallest difference is it. */
    if (r->host_wall_us != TIME_UNKNOWN)
        offer_offset(b, RANK_DUMP, r->host_wall_us - r->mono_us, second);
    else if (take_rtc(r->text, &wall_us))
        offer_offset(b, RANK_RTC, wall_us - r->mono_us, second);
    else if (r->wall_us != TIME_UNKNOWN && !(r->flags & RECORD_WALL_NO_YEAR))
        offer_offset(b, RANK_JOURNAL, r->wall_us - r->mono_us, second);
}

void boot_signs_init(struct boot_signs *index)
{
    *index = (struct boot_signs){ 0 };
    static_assert(N_SIGNS <= sizeof index->next, "boot_signs.next is too small");
    /* From the last to the first, so that a chain keeps the order of the table. */
    for (size_t i = N_SIGNS; i > 0; i--) {
        unsigned char first = (unsigned char)signs[i - 1].needle[0];

        index->next[i - 1] = index->first[first];
        index->first[first] = (unsigned char)i;
    }
}

/*
 * The kernel says it at the start of a line. A program that writes to /dev/kmsg may quote it, and
 * most formats do not tell the two apart.
 */
static bool stands_right(const struct sign *sign, struct str text, size_t at)
{
    return sign->origin != ORIGIN_GUEST_KERNEL || sign->effect == SIGN_LOSS || at == 0 ||
           text.p[at - 1] == '\n';
}

static void look_at_text(struct boot *b, const struct record *r, const struct boot_signs *index)
{
    for (size_t at = 0; at < r->text.n; at++) {
        for (size_t i = index->first[(unsigned char)r->text.p[at]]; i; i = index->next[i - 1]) {
            const struct sign *sign = &signs[i - 1];

            if (origin_fits(sign->origin, r->origin) && stands_right(sign, r->text, at) &&
                str_starts(str_from_at(r->text, at), str_from(sign->needle)))
                take_sign(b, sign, r);
        }
    }
}

void boot_end_look(struct boot *b, const struct record *r, const struct boot_signs *index)
{
    look_at_clock(b, r);
    if (r->kind == RECORD_THROTTLED)
        b->throttled = true;
    look_at_text(b, r, index);
}

/*
 * Nothing but the oops itself behind it: told by lines, for of these sparse reading misses none.
 * Its registers, call trace and modules, with a second trace, fit.
 */
static bool ends_in_oops(const struct boot *b)
{
    enum { OOPS_LINES = 120 };

    return b->oops_line && b->oops_input == b->last_input &&
           b->last_line - b->oops_line < OOPS_LINES;
}

static void settle_end(struct boot *b)
{
    if (b->ended_by != ENDED_UNKNOWN && b->ending)
        return;
    if (ends_in_oops(b))
        b->ended_by = ENDED_OOPS;
    else if (b->followed)
        b->ended_by = ENDED_POWER_LOSS;
    else
        b->ended_by = b->n_records ? ENDED_END_OF_LOG : ENDED_UNKNOWN;
}

void boot_end_settle(struct boot *b)
{
    settle_end(b);
    if (!b->has_kernel)
        b->head_complete = TRI_UNKNOWN;
    else
        b->head_complete = b->banner.n ? TRI_YES : TRI_NO;
    b->tail_complete = b->ending && !b->dropped && !b->throttled ? TRI_YES : TRI_UNKNOWN;
}
