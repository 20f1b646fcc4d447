/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings of a kernel; see kernel_strings.h. Of binary files every run of printable characters is a
 * string, cut where its line ends: the instructions among them give some nonsense, which matches
 * nothing. One block and one string are in memory at a time.
 */
#include "parsers/kernel_strings.h"

#include <string.h>

enum {
    BLOCK = 1 << 16,
    STRING = 1024, /* printk() cuts what is longer (LOG_LINE_MAX) */
    SHORTEST = 4,
    SOH = 1, /* KERN_SOH, before the level: "\0013text" (include/linux/kern_levels.h) */
};

/* The string that is being read. */
struct run {
    char bytes[STRING];
    size_t n;
    bool level_next; /* the byte before was KERN_SOH */
};

/* The word that `s` starts with, if it is a version and none is known. */
static void learn_version(char version[KERNEL_VERSION_BYTES], struct str s)
{
    struct str word;

    if (!s.n || !char_is_digit(s.p[0]) || version[0] || !str_take_word(&s, &word) ||
        word.n >= KERNEL_VERSION_BYTES)
        return;
    memcpy(version, word.p, word.n);
    version[word.n] = '\0';
}

/* "6.1.0-56-amd64 (debian-kernel@… #1 SMP Debian 6.1.192-2 (2026-11-16)" */
static void learn_banner(struct kernel_strings *k, struct str s)
{
    struct str rest = s, head;

    k->image = k->image || (s.n && char_is_digit(s.p[0]));
    learn_version(k->version, s);
    while (str_take_until_str(&rest, STR(" Debian "), &head))
        learn_version(k->source, rest);
}

/* "Linux version 6.1.0-56-amd64 (…", "vermagic=6.1.0-56-amd64 SMP preempt mod_unload" */
static void end_string(struct kernel_strings *k, struct run *run)
{
    struct str s = { .p = run->bytes, .n = run->n };

    run->n = 0;
    if (s.n < SHORTEST)
        return;
    k->n++;
    k->add(k->ctx, s);
    if (str_take(&s, STR("Linux version "))) {
        learn_banner(k, s);
    } else if (str_take(&s, STR("vermagic="))) {
        k->modules = true;
        learn_version(k->version, s);
    }
}

static void take_byte(struct kernel_strings *k, struct run *run, char c)
{
    bool printable = (c >= ' ' && c <= '~') || c == '\t';

    if (!printable) {
        end_string(k, run);
        run->level_next = c == SOH;
        return;
    }
    if (!(run->n == 0 && run->level_next && strchr("01234567cd", c)) && run->n < STRING)
        run->bytes[run->n++] = c;
    run->level_next = false;
}

/* A bzImage: "HdrS" in its header (Documentation/arch/x86/boot.rst). */
static bool is_compressed(struct str head)
{
    return str_starts(str_from_at(head, 0x202), STR("HdrS"));
}

bool kernel_strings_read(struct kernel_strings *k, struct input *in, struct err *err)
{
    char block[BLOCK];
    struct run run = { .n = 0 };
    bool first = true, binary = false;
    ptrdiff_t n;

    while ((n = input_read(in, block, sizeof block, err)) > 0) {
        struct str bytes = { .p = block, .n = (size_t)n };

        if (first && is_compressed(bytes))
            return fail(err, FAIL_SUPPORT,
                        "is a compressed kernel: unpack it with scripts/extract-vmlinux of the "
                        "kernel's headers package and give the result");
        first = false;
        binary = binary || str_find_char(bytes, '\0') != STR_NOT_FOUND;
        for (size_t i = 0; i < bytes.n; i++)
            take_byte(k, &run, bytes.p[i]);
    }
    end_string(k, &run);
    k->text = k->text || (!binary && !first);
    return n == 0;
}

/* What stands behind a backslash (lib/string_helpers.c, string_escape_mem()). */
static char take_escape(struct str *in)
{
    static const char from[] = "nrtvfae", to[] = "\n\r\t\v\f\a\033";
    const char *known;
    unsigned value = 0;
    char c;

    if (!str_take_any(in, &c))
        return '\\';
    known = strchr(from, c);
    if (known && c)
        return to[known - from];
    if (c == 'x') {
        for (int i = 0; i < 2 && in->n && char_hex(in->p[0]) >= 0; i++, *in = str_from_at(*in, 1))
            value = value * 16 + (unsigned)char_hex(in->p[0]);
        return (char)value;
    }
    if (c < '0' || c > '7')
        return c;
    value = (unsigned)(c - '0');
    for (int i = 0; i < 2 && in->n && in->p[0] >= '0' && in->p[0] <= '7';
         i++, *in = str_from_at(*in, 1))
        value = value * 8 + (unsigned)(in->p[0] - '0');
    return (char)value;
}

/* `<4> init/do_mounts.c:123 mount_root "VFS: Cannot open root device \"%s\"\n"` */
static bool take_index_line(struct kernel_strings *k, struct run *run, struct str line)
{
    struct str head, quote = STR("\""), format = line;
    size_t last = str_find_last_char(line, '"');
    char c;

    if (!line.n || line.p[0] == '#')
        return true;
    if (line.p[0] != '<' || !str_take_until_str(&format, quote, &head) || last < head.n + 1)
        return false;
    format = (struct str){ .p = format.p, .n = (size_t)(line.p + last - format.p) };
    while (str_take_any(&format, &c))
        take_byte(k, run, c == '\\' ? take_escape(&format) : c);
    end_string(k, run);
    return true;
}

bool kernel_strings_read_index(struct kernel_strings *k, struct input *in, struct err *err)
{
    char block[BLOCK], line[2 * STRING];
    struct run run = { .n = 0 };
    uint32_t number = 1;
    size_t n = 0;
    ptrdiff_t got;

    while ((got = input_read(in, block, sizeof block, err)) > 0) {
        for (ptrdiff_t i = 0; i < got; i++) {
            if (block[i] != '\n' && n < sizeof line)
                line[n++] = block[i];
            if (block[i] != '\n')
                continue;
            if (!take_index_line(k, &run, (struct str){ line, n }))
                return fail_at(err, FAIL_FORMAT, NULL, number, 0,
                               "line %u is none of a printk index: <level> file:line function "
                               "\"format\"",
                               (unsigned)number);
            number++;
            n = 0;
        }
    }
    return got == 0 && (n == 0 || take_index_line(k, &run, (struct str){ line, n }) ||
                        fail(err, FAIL_FORMAT, "the last line of the printk index is torn"));
}
