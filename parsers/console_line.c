/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of console lines and whose they are; see console_line.h. */
#include "parsers/console_line.h"

#include "parsers/ansi.h"
#include "parsers/dmesg_prefix.h"
#include "parsers/printk.h"

/* Stamps of several CPUs may be a little out of order; a quoted one is older than that. */
static const int64_t disorder_us = 1000000;

static const struct {
    struct str begin;
    enum words words;
} beginnings[] = {
    /* SeaBIOS, iPXE, OVMF, GRUB, SYSLINUX, VMware's firmware; arch/x86/boot */
    { { STR_INIT("SeaBIOS (version ") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("PhoenixBIOS ") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("GNU GRUB  version ") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("Welcome to GRUB!") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("GRUB loading") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("iPXE (http") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("Booting from Hard Disk") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("Booting from DVD/CD") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("Booting from ROM") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("BdsDxe: ") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("EFI stub: ") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("Probing EDD (edd=off to disable)") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("early console in ") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("U-Boot ") }, WORDS_FIRMWARE_FIRST },
    { { STR_INIT("Press Ctrl-B to configure iPXE") }, WORDS_FIRMWARE },
    { { STR_INIT("iPXE initialising devices") }, WORDS_FIRMWARE },
    { { STR_INIT("Booting from ") }, WORDS_FIRMWARE },
    { { STR_INIT("Booting `") }, WORDS_FIRMWARE },
    { { STR_INIT("Booting the kernel") }, WORDS_FIRMWARE },
    { { STR_INIT("Decompressing Linux") }, WORDS_FIRMWARE },
    { { STR_INIT("Loading Linux ") }, WORDS_FIRMWARE },
    { { STR_INIT("Loading initial ramdisk") }, WORDS_FIRMWARE },
    { { STR_INIT("PXELINUX ") }, WORDS_FIRMWARE },
    { { STR_INIT("SYSLINUX ") }, WORDS_FIRMWARE },
    { { STR_INIT("ISOLINUX ") }, WORDS_FIRMWARE },
    { { STR_INIT("PXE-") }, WORDS_FIRMWARE },
    { { STR_INIT("Network boot from ") }, WORDS_FIRMWARE },
    { { STR_INIT("No bootable device") }, WORDS_FIRMWARE },
    { { STR_INIT("UEFI Interactive Shell") }, WORDS_FIRMWARE },
    { { STR_INIT(">>Start PXE over ") }, WORDS_FIRMWARE },
    { { STR_INIT("grub rescue> ") }, WORDS_FIRMWARE },
    { { STR_INIT("grub> ") }, WORDS_FIRMWARE },
    { { STR_INIT("error: file `/") }, WORDS_FIRMWARE },
    { { STR_INIT("error: no such device: ") }, WORDS_FIRMWARE },
    { { STR_INIT("error: no such partition") }, WORDS_FIRMWARE },
    { { STR_INIT("error: attempt to read or write outside of ") }, WORDS_FIRMWARE },
    { { STR_INIT("error: unknown filesystem") }, WORDS_FIRMWARE },
    { { STR_INIT("Physical KASLR ") }, WORDS_FIRMWARE },
    { { STR_INIT("Virtual KASLR ") }, WORDS_FIRMWARE },
    /* systemd, sysvinit, initramfs-tools, dracut, getty */
    { { STR_INIT("[  OK  ] ") }, WORDS_USER },
    { { STR_INIT("[FAILED] ") }, WORDS_USER },
    { { STR_INIT("[DEPEND] ") }, WORDS_USER },
    { { STR_INIT("[ TIME ] ") }, WORDS_USER },
    { { STR_INIT("[ INFO ] ") }, WORDS_USER },
    { { STR_INIT("[ SKIP ] ") }, WORDS_USER },
    { { STR_INIT("[UNSUPP] ") }, WORDS_USER },
    { { STR_INIT("[!!!!!!] ") }, WORDS_USER },
    { { STR_INIT("[    **") }, WORDS_USER },
    { { STR_INIT("[   ***") }, WORDS_USER },
    { { STR_INIT("[  *** ") }, WORDS_USER },
    { { STR_INIT("[ ***  ") }, WORDS_USER },
    { { STR_INIT("[***   ") }, WORDS_USER },
    { { STR_INIT("[**    ") }, WORDS_USER },
    { { STR_INIT("[*     ") }, WORDS_USER },
    { { STR_INIT("[     *") }, WORDS_USER },
    { { STR_INIT("         Starting ") }, WORDS_USER },
    { { STR_INIT("         Mounting ") }, WORDS_USER },
    { { STR_INIT("         Stopping ") }, WORDS_USER },
    { { STR_INIT("         Expecting device ") }, WORDS_USER },
    { { STR_INIT("Welcome to ") }, WORDS_USER },
    { { STR_INIT("INIT: version ") }, WORDS_USER },
    { { STR_INIT("INIT: Entering runlevel") }, WORDS_USER },
    { { STR_INIT("Loading, please wait...") }, WORDS_USER },
    { { STR_INIT("Begin: ") }, WORDS_USER },
    { { STR_INIT("BusyBox v") }, WORDS_USER },
    { { STR_INIT("(initramfs) ") }, WORDS_USER },
    { { STR_INIT("Starting version ") }, WORDS_USER },
    { { STR_INIT("Starting systemd-udevd version ") }, WORDS_USER },
    { { STR_INIT("Booting initrd of ") }, WORDS_USER },
    { { STR_INIT("dracut Warning: ") }, WORDS_USER },
    { { STR_INIT("dracut-initqueue") }, WORDS_USER },
    { { STR_INIT("dracut:/#") }, WORDS_USER },
    { { STR_INIT("Generating \"/run/initramfs/rdsosreport.txt\"") }, WORDS_USER },
    { { STR_INIT("Entering emergency mode") }, WORDS_USER },
    { { STR_INIT("You are in emergency mode") }, WORDS_USER },
    { { STR_INIT("Give root password for maintenance") }, WORDS_USER },
    /* init/main.c, mm/init.c */
    { { STR_INIT("Freeing unused kernel ") }, WORDS_KERNEL_DONE },
    { { STR_INIT("Run /") }, WORDS_KERNEL_DONE },
};

const char *const console_marks[] = {
    "SeaBIOS (version ",
    "PhoenixBIOS ",
    "GNU GRUB  version ",
    "Welcome to GRUB!",
    "GRUB loading",
    "iPXE (http",
    "Booting from ",
    "BdsDxe: ",
    "EFI stub: ",
    "Probing EDD ",
    "early console in ",
    "Linux version ",
    "Freeing unused kernel ",
    "as init process",
    "Welcome to ",
    "Loading, please wait...",
    NULL,
};

enum words console_words(struct str text)
{
    if (text.n < 5)
        return WORDS_ANY;
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (text.p[0] == beginnings[i].begin.p[0] && str_starts(text, beginnings[i].begin))
            return beginnings[i].words;
    return WORDS_ANY;
}

/* May the kernel have started to speak here, behind `before`? */
static bool may_interrupt(struct str before, struct str stamped, int64_t not_before_us)
{
    struct str s = stamped;
    enum level level;
    enum facility facility;
    int64_t mono;
    char last = before.p[before.n - 1];

    if (last == '"' || last == '\'' || last == '`' || last == '(')
        return false;
    /* "[0]more> " is KDB's pager in its dmesg command: kernel/debug/kdb/kdb_io.c. */
    if (str_ends(before, STR("kernel: ")) ||
        (str_ends(before, STR("> ")) && !str_ends(before, STR("]more> "))))
        return false;
    printk_take_priority(&s, &level, &facility);
    if (!printk_take_stamp(&s, &mono))
        return false;
    return not_before_us == TIME_UNKNOWN || mono + disorder_us >= not_before_us ||
           str_starts(s, STR(" Linux version "));
}

/* The kernel's line goes on to the line's end, unless the machine is reset in the middle of it. */
static size_t stamped_bytes(struct str s)
{
    struct str rest = s;

    for (;;) {
        size_t at = str_find_char(rest, '\x1b');
        enum ansi_effect effect;
        size_t before;

        if (at == STR_NOT_FOUND)
            return s.n;
        rest = str_from_at(rest, at);
        before = s.n - rest.n;
        if (!ansi_take(&rest, &effect) || rest.n == 0)
            return s.n;
        if (effect == ANSI_BREAK)
            return before;
    }
}

/* How far one writer's text goes; *visible tells whether anything of it can be seen. */
static size_t plain_bytes(struct str s, int64_t not_before_us, bool *visible)
{
    struct str rest = s;
    enum ansi_effect effect;

    *visible = false;
    while (rest.n) {
        char c = rest.p[0];
        struct str after = rest;

        if (c == '\r')
            break;
        if (ansi_take(&after, &effect)) {
            if (effect == ANSI_BREAK)
                break;
            rest = after;
            continue;
        }
        if ((c == '[' || c == '<') && dmesg_starts_stamp(rest)) {
            struct str before = str_first(s, s.n - rest.n);

            if (!*visible || may_interrupt(before, rest, not_before_us))
                break;
        }
        *visible |= (unsigned char)c > ' ';
        rest = str_from_at(rest, 1);
    }
    return s.n - rest.n;
}

bool piece_take(struct str *line, int64_t not_before_us, struct piece *out)
{
    while (line->n) {
        enum ansi_effect effect;
        bool visible;
        size_t n;

        if (dmesg_starts_stamp(*line)) {
            n = stamped_bytes(*line);
            *out = (struct piece){ .raw = str_first(*line, n), .stamped = true };
            *line = str_from_at(*line, n);
            return true;
        }
        n = plain_bytes(*line, not_before_us, &visible);
        out->raw = str_first(*line, n);
        out->stamped = false;
        *line = str_from_at(*line, n);
        if (visible)
            return true;
        if (n == 0 && !ansi_take(line, &effect))
            *line = str_from_at(*line, 1);
    }
    return false;
}
