/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What PID 1 says of itself, as records and as status lines on the console:
 *
 *     systemd[1]: Reached target multi-user.target - Multi-User System.
 *     [  OK  ] Reached target Multi-User System.
 *     lw-broken.service: Failed with result 'exit-code'.
 */
#include "analyzer/evidence/extract.h"

/* Before v250 a target was named by its description only, and the console may still do so. */
static const struct {
    struct str description, unit;
} targets[] = {
    { { STR_INIT("Basic System") }, { STR_INIT("basic.target") } },
    { { STR_INIT("Emergency Mode") }, { STR_INIT("emergency.target") } },
    { { STR_INIT("Rescue Mode") }, { STR_INIT("rescue.target") } },
    { { STR_INIT("Graphical Interface") }, { STR_INIT("graphical.target") } },
    { { STR_INIT("Multi-User System") }, { STR_INIT("multi-user.target") } },
    { { STR_INIT("System Initialization") }, { STR_INIT("sysinit.target") } },
    { { STR_INIT("Login Prompts") }, { STR_INIT("getty.target") } },
    { { STR_INIT("Network") }, { STR_INIT("network.target") } },
    { { STR_INIT("Network is Online") }, { STR_INIT("network-online.target") } },
    { { STR_INIT("Local File Systems") }, { STR_INIT("local-fs.target") } },
    { { STR_INIT("Remote File Systems") }, { STR_INIT("remote-fs.target") } },
    { { STR_INIT("Swap") }, { STR_INIT("swap.target") } },
    { { STR_INIT("Swaps") }, { STR_INIT("swap.target") } },
    { { STR_INIT("Initrd Default Target") }, { STR_INIT("initrd.target") } },
    { { STR_INIT("Initrd Root Device") }, { STR_INIT("initrd-root-device.target") } },
    { { STR_INIT("Initrd Root File System") }, { STR_INIT("initrd-root-fs.target") } },
    { { STR_INIT("Initrd File Systems") }, { STR_INIT("initrd-fs.target") } },
    { { STR_INIT("Switch Root") }, { STR_INIT("initrd-switch-root.target") } },
    { { STR_INIT("Shutdown") }, { STR_INIT("shutdown.target") } },
    { { STR_INIT("System Shutdown") }, { STR_INIT("shutdown.target") } },
    { { STR_INIT("Power-Off") }, { STR_INIT("poweroff.target") } },
    { { STR_INIT("System Power Off") }, { STR_INIT("poweroff.target") } },
    { { STR_INIT("Reboot") }, { STR_INIT("reboot.target") } },
    { { STR_INIT("System Reboot") }, { STR_INIT("reboot.target") } },
};

static const struct str unit_suffixes[] = {
    { STR_INIT(".service") }, { STR_INIT(".mount") },     { STR_INIT(".socket") },
    { STR_INIT(".swap") },    { STR_INIT(".device") },    { STR_INIT(".target") },
    { STR_INIT(".path") },    { STR_INIT(".timer") },     { STR_INIT(".slice") },
    { STR_INIT(".scope") },   { STR_INIT(".automount") },
};

/* systemd shortens long names on the console with U+2026. */
static bool is_shortened(struct str s)
{
    return str_find(s, STR("\xe2\x80\xa6")) != STR_NOT_FOUND;
}

bool is_unit_name(struct str word)
{
    if (is_shortened(word))
        return false;
    for (size_t i = 0; i < sizeof unit_suffixes / sizeof unit_suffixes[0]; i++)
        if (word.n > unit_suffixes[i].n && str_ends(word, unit_suffixes[i]))
            return true;
    return false;
}

bool said_by_systemd(const struct extraction *x)
{
    const struct record *r = x->record;

    if (r->ident.n && !str_eq(r->ident, STR("systemd")))
        return false;
    if (r->pid.n && !str_eq(r->pid, STR("1")))
        return false;
    return x->before.n == 0 || str_starts(x->before, STR("systemd[1]: ")) ||
           (x->before.p[0] == '[' && x->before.n < 16);
}

/* systemd 252.39-1~deb12u1 running in system mode (+PAM …) */
void take_systemd(struct extraction *x)
{
    struct str in = str_trim(x->before), word, version;

    str_take(&in, STR("systemd[1]: "));
    if (!str_take_word(&in, &word) || !str_eq(word, STR("systemd")) ||
        (str_take_spaces(&in), !str_take_word(&in, &version)) || in.n)
        return;
    extract_text(x, FACT_SYSTEMD_VERSION, version, SORT_OTHER);
    extract_flag(x, FACT_INIT_STARTED, true);
    /* Started for the second time, or behind an initrd without systemd: the root is mounted. */
    if (x->facts->state->mount.device.n)
        take_switch_root(x);
}

static void reach_target(struct extraction *x, struct str unit)
{
    extract_add(x, x->fact, unit, SORT_OTHER);
    if (str_eq(unit, STR("multi-user.target")) && x->record->mono_us != TIME_UNKNOWN &&
        !extract_known(x, FACT_SYSTEMD_MULTI_USER))
        extract_number(x, FACT_SYSTEMD_MULTI_USER, x->record->mono_us / 1000);
}

void take_target(struct extraction *x)
{
    struct str rest = str_trim(x->rest), in, word;

    if (!said_by_systemd(x))
        return;
    if (str_ends(rest, STR(".")))
        rest.n--;
    in = rest;
    if (str_take_word(&in, &word) && str_ends(word, STR(".target")) && is_unit_name(word)) {
        reach_target(x, word);
        return;
    }
    /* "Reached target loca…s.target - Local File Systems." */
    if (in.n < rest.n && is_shortened(word) && (str_take_spaces(&in), str_take(&in, STR("- "))))
        rest = in;
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        if (str_eq(rest, targets[i].description))
            reach_target(x, targets[i].unit);
}

/* "Failed to start lw-broken.service - Appliance database." */
void take_failed_unit(struct extraction *x)
{
    struct str in = x->rest, word;

    if (said_by_systemd(x) && str_take_word(&in, &word) && is_unit_name(word))
        extract_add(x, x->fact, word, SORT_OTHER);
}

/* "systemd[1]: lw-broken.service: Failed with result 'exit-code'." */
void take_failed_unit_before(struct extraction *x)
{
    struct str unit = str_trim(x->before);

    str_take(&unit, STR("systemd[1]: "));
    if (!str_ends(unit, STR(":")))
        return;
    unit.n--;
    if (str_find_char(unit, ' ') == STR_NOT_FOUND && is_unit_name(unit))
        extract_add(x, x->fact, unit, SORT_OTHER);
}

/* See 'systemctl status lw-broken.service' for details. */
void take_failed_unit_hint(struct extraction *x)
{
    struct str in = x->rest, unit;

    if (str_eq(x->before, STR("See ")) && str_take_until(&in, '\'', &unit) && is_unit_name(unit))
        extract_add(x, x->fact, unit, SORT_OTHER);
}

/* The initrd's systemd mounted the root, or hands over to it. */
void take_systemd_root(struct extraction *x)
{
    if (said_by_systemd(x))
        take_switch_root(x);
}
