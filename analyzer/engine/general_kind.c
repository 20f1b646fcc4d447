/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of what differs between two messages of one format, in the order in which they are
 * tried. */
#include "analyzer/engine/general_kind.h"

#include <string.h>

/* Takes hexadecimal digits; how many. */
static size_t take_hex_digits(struct str *in)
{
    size_t n = 0;

    while (in->n && char_hex(in->p[0]) >= 0) {
        *in = str_from_at(*in, 1);
        n++;
    }
    return n;
}

static size_t take_word_chars(struct str *in)
{
    size_t n = 0;

    while (in->n && char_is_word(in->p[0])) {
        *in = str_from_at(*in, 1);
        n++;
    }
    return n;
}

/* Groups of hexadecimal digits of these lengths between separators: "8-4-4-4-12". */
static bool take_groups(struct str *in, const unsigned *lengths, size_t n, char between)
{
    struct str s = *in;

    for (size_t i = 0; i < n; i++)
        if ((i && !str_take_char(&s, between)) || take_hex_digits(&s) != lengths[i])
            return false;
    if (s.n && char_is_word(s.p[0]))
        return false;
    *in = s;
    return true;
}

static bool take_uuid(struct str *in)
{
    static const unsigned lengths[] = { 8, 4, 4, 4, 12 };

    return take_groups(in, lengths, 5, '-');
}

static bool take_mac(struct str *in)
{
    static const unsigned lengths[] = { 2, 2, 2, 2, 2, 2 };

    return take_groups(in, lengths, 6, ':');
}

/* "0000:03:00.0" */
static bool take_pci(struct str *in)
{
    static const unsigned lengths[] = { 4, 2, 2 };
    struct str s = *in;
    uint64_t function;

    if (s.n < 12 || !take_groups(&s, lengths, 3, ':') || !str_take_char(&s, '.') ||
        !str_take_digits(&s, 1, &function))
        return false;
    *in = s;
    return true;
}

/* `n` decimal numbers between separators, and no further one. */
static bool take_numbers(struct str *in, size_t n, char between)
{
    struct str s = *in;
    uint64_t number;

    for (size_t i = 0; i < n; i++)
        if ((i && !str_take_char(&s, between)) || !str_take_u64(&s, &number))
            return false;
    if (s.n && (char_is_word(s.p[0]) || (s.p[0] == between && s.n > 1 && char_is_word(s.p[1]))))
        return false;
    *in = s;
    return true;
}

static bool take_ip(struct str *in)
{
    return take_numbers(in, 4, '.');
}

/* "2:0:1:0": host, channel, target, LUN. */
static bool take_scsi(struct str *in)
{
    return take_numbers(in, 4, ':');
}

static bool take_hex(struct str *in)
{
    struct str s = *in;

    if (!str_take(&s, STR("0x")) || !take_hex_digits(&s) || (s.n && char_is_word(s.p[0])))
        return false;
    *in = s;
    return true;
}

/* "ffff8881004a3000": long, and not a word. */
static bool take_address(struct str *in)
{
    struct str s = *in;
    bool digit = false;
    size_t n = take_hex_digits(&s);

    for (size_t i = 0; i < n; i++)
        digit |= char_is_digit(in->p[i]);
    if (n < 8 || !digit || (s.n && char_is_word(s.p[0])))
        return false;
    *in = s;
    return true;
}

static bool take_quoted_by(struct str *in, char quote)
{
    struct str s = *in, inner;

    if (!str_take_char(&s, quote) || !str_take_until(&s, quote, &inner) || !inner.n ||
        (s.n && char_is_word(s.p[0])))
        return false;
    *in = s;
    return true;
}

static bool take_double_quoted(struct str *in)
{
    return take_quoted_by(in, '"');
}

static bool take_single_quoted(struct str *in)
{
    return take_quoted_by(in, '\'');
}

/* "/dev/sda1", but not the '/' of "and/or": nothing stands before it. */
static bool take_path(struct str *in)
{
    size_t n = 0;

    if (in->n < 2 || in->p[0] != '/' || !char_is_word(in->p[1]))
        return false;
    while (n < in->n && !strchr(" \t,;:)]\"'", in->p[n]))
        n++;
    *in = str_from_at(*in, n);
    return true;
}

/* How device names begin: letters and a number, or, for disks, letters alone. */
static bool take_device(struct str *in)
{
    static const struct str numbered[] = {
        { STR_INIT("nvme") },   { STR_INIT("dm-") },  { STR_INIT("md") },   { STR_INIT("loop") },
        { STR_INIT("mmcblk") }, { STR_INIT("sr") },   { STR_INIT("zram") }, { STR_INIT("ata") },
        { STR_INIT("host") },   { STR_INIT("ttyS") }, { STR_INIT("fb") },   { STR_INIT("card") },
    };
    static const struct str lettered[] = {
        { STR_INIT("sd") }, { STR_INIT("vd") }, { STR_INIT("xvd") }, { STR_INIT("hd") }
    };
    struct str s = *in, name = *in;
    size_t n = take_word_chars(&s);

    if (str_take(&name, STR("dm-")) && name.n && char_is_digit(name.p[0])) {
        take_word_chars(&name);
        *in = name;
        return true;
    }
    for (size_t i = 0; i < sizeof numbered / sizeof numbered[0]; i++) {
        name = str_first(*in, n);
        if (str_take(&name, numbered[i]) && name.n && char_is_digit(name.p[0])) {
            *in = s;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof lettered / sizeof lettered[0]; i++) {
        name = str_first(*in, n);
        if (!str_take(&name, lettered[i]) || !name.n || name.n > 4)
            continue;
        while (name.n && name.p[0] >= 'a' && name.p[0] <= 'z')
            name = str_from_at(name, 1);
        while (name.n && char_is_digit(name.p[0]))
            name = str_from_at(name, 1);
        if (!name.n) {
            *in = s;
            return true;
        }
    }
    return false;
}

static bool take_nic(struct str *in)
{
    static const struct str stems[] = { { STR_INIT("eth") },
                                        { STR_INIT("ens") },
                                        { STR_INIT("eno") },
                                        { STR_INIT("enp") },
                                        { STR_INIT("wlan") } };
    struct str s = *in, name;
    size_t n = take_word_chars(&s);

    for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++) {
        name = str_first(*in, n);
        if (str_take(&name, stems[i]) && name.n && char_is_digit(name.p[0])) {
            *in = s;
            return true;
        }
    }
    return false;
}

/* "7", "-6", "1.25"; "3w" and "4K" are numbers with their unit behind. */
static bool take_number(struct str *in)
{
    struct str s = *in;
    uint64_t number;

    str_take_char(&s, '-');
    if (!s.n || !char_is_digit(s.p[0]))
        return false;
    while (s.n && char_is_digit(s.p[0]))
        s = str_from_at(s, 1);
    *in = s;
    if (str_take_char(&s, '.') && str_take_u64(&s, &number))
        *in = s;
    return true;
}

static const struct general_kind kinds[] = {
    { take_uuid, { STR_INIT("uuid") }, { STR_INIT("[0-9A-Fa-f-]{36}") }, false },
    { take_mac, { STR_INIT("mac") }, { STR_INIT("[0-9A-Fa-f:]{17}") }, false },
    { take_pci,
      { STR_INIT("pci") },
      { STR_INIT("[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.\\d") },
      false },
    { take_ip, { STR_INIT("ip") }, { STR_INIT("\\d+\\.\\d+\\.\\d+\\.\\d+") }, false },
    { take_scsi, { STR_INIT("scsi") }, { STR_INIT("\\d+:\\d+:\\d+:\\d+") }, false },
    { take_hex, { STR_INIT("value") }, { STR_INIT("0x[0-9A-Fa-f]+") }, false },
    { take_address, { STR_INIT("address") }, { STR_INIT("[0-9A-Fa-f]+") }, false },
    { take_double_quoted, { STR_INIT("name") }, { STR_INIT("[^\"]+") }, false },
    { take_single_quoted, { STR_INIT("name") }, { STR_INIT("[^']+") }, false },
    { take_path, { STR_INIT("path") }, { STR_INIT("/[^\\s,;:)\\]\"']+") }, false },
    { take_device, { STR_INIT("dev") }, { STR_INIT("[\\w-]+") }, false },
    { take_nic, { STR_INIT("nic") }, { STR_INIT("\\w+") }, false },
    { take_number, { STR_INIT("n") }, { STR_INIT("-?\\d+(?:\\.\\d+)?") }, true },
};

const struct general_kind *general_kind_at(struct str in, struct str *rest)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        *rest = in;
        if (kinds[i].take(rest))
            return &kinds[i];
    }
    return NULL;
}
