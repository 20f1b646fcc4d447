/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of what differs between two messages of one format, in the order in which they are
 * tried; first those of general_place.h, which what stands before them tells.
 */
#include "analyzer/engine/general_kind.h"

#include "analyzer/engine/general_place.h"

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

/* "ffff8881004a3000": long, and neither a word nor, unless as wide as a pointer, a number. */
static bool take_address(struct str *in)
{
    struct str s = *in;
    size_t n = take_hex_digits(&s), digits = 0;

    for (size_t i = 0; i < n; i++)
        digits += char_is_digit(in->p[i]);
    if (n < 8 || !digits || (digits == n && n != 16) || (s.n && char_is_word(s.p[0])))
        return false;
    *in = s;
    return true;
}

enum { IPV6_GROUPS = 8, IPV6_DIGITS = 4 };

/* "fe80::20c:29ff:feab:cdef": eight groups, or a gap between fewer; a word has no digit. */
static bool take_ipv6(struct str *in)
{
    struct str s = *in;
    size_t groups = 0, n = 0;
    bool gap = false, digit = false;

    for (;;) {
        struct str group = s;
        size_t digits = take_hex_digits(&s);

        for (size_t i = 0; i < digits; i++)
            digit |= char_is_digit(group.p[i]);
        groups += digits > 0;
        if (digits > IPV6_DIGITS)
            return false;
        if (!gap && str_take(&s, STR("::")))
            gap = true;
        else if (!digits || s.n < 2 || s.p[0] != ':' || char_hex(s.p[1]) < 0)
            break;
        else
            s = str_from_at(s, 1);
        n++;
    }
    if (!n || !digit || (gap ? groups >= IPV6_GROUPS : groups != IPV6_GROUPS) ||
        (s.n && char_is_word(s.p[0])))
        return false;
    *in = s;
    return true;
}

/* "6.1.138-5.ph5-esx": three numbers, and what packagers add. */
static bool take_version(struct str *in)
{
    struct str s = *in;
    uint64_t number;
    size_t n;

    for (unsigned i = 0; i < 3; i++)
        if ((i && !str_take_char(&s, '.')) || !str_take_u64(&s, &number))
            return false;
    n = in->n - s.n;
    while (n < in->n && (char_is_word(in->p[n]) || strchr(".+~-", in->p[n])))
        n++;
    while (strchr(".-", in->p[n - 1]))
        n--;
    *in = str_from_at(*in, n);
    return true;
}

enum { NAME_BYTES = 255 }; /* as in a directory: hostile lines cost no more */

/* How much of `in` could be a name of these characters. */
static struct str name_of(struct str in, const char *others)
{
    size_t n = 0;

    while (n < in.n && n < NAME_BYTES &&
           (char_is_word(in.p[n]) || (in.p[n] && strchr(others, in.p[n]))))
        n++;
    return str_first(in, n);
}

/* Takes the name `whole` as far as the first of `suffixes` that ends a word of it. */
static bool take_suffixed(struct str *in, struct str whole, const struct str *suffixes, size_t n)
{
    if (str_find_char(whole, '.') == STR_NOT_FOUND)
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t at = str_find(whole, suffixes[i]), end;

        end = at == STR_NOT_FOUND ? 0 : at + suffixes[i].n;
        if (at == STR_NOT_FOUND || at == 0 || (end < whole.n && char_is_word(whole.p[end])))
            continue;
        *in = str_from_at(*in, end);
        return true;
    }
    return false;
}

/* "dbus.service"; targets and slices are few and well known, and stay. */
static bool take_unit(struct str *in)
{
    static const struct str suffixes[] = {
        { STR_INIT(".service") }, { STR_INIT(".mount") },     { STR_INIT(".socket") },
        { STR_INIT(".device") },  { STR_INIT(".automount") }, { STR_INIT(".timer") },
        { STR_INIT(".swap") },    { STR_INIT(".scope") },
    };

    return take_suffixed(in, name_of(*in, "@:.\\-"), suffixes, sizeof suffixes / sizeof *suffixes);
}

/* "i915/kbl_dmc_ver1_04.bin", "web4-000001.vmdk": firmware, modules, images, a VM's files. */
static bool take_file(struct str *in)
{
    static const struct str suffixes[] = {
        { STR_INIT(".bin") },  { STR_INIT(".fw") },   { STR_INIT(".ucode") }, { STR_INIT(".ko") },
        { STR_INIT(".vmdk") }, { STR_INIT(".vmx") },  { STR_INIT(".vmss") },  { STR_INIT(".vmsn") },
        { STR_INIT(".vmem") }, { STR_INIT(".vswp") }, { STR_INIT(".nvram") }, { STR_INIT(".iso") },
        { STR_INIT(".img") },  { STR_INIT(".efi") },
    };

    return in->n && char_is_word(in->p[0]) &&
           take_suffixed(in, name_of(*in, "@/.+-"), suffixes, sizeof suffixes / sizeof *suffixes);
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
    while (in->p[n - 1] == '.') /* of the sentence */
        n--;
    *in = str_from_at(*in, n);
    return true;
}

/* One of the stems and a number: "nvme0n1", "eth3". */
static bool is_numbered(struct str name, const struct str *stems, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str s = name;

        if (s.p[0] == stems[i].p[0] && str_take(&s, stems[i]) && s.n && char_is_digit(s.p[0]))
            return true;
    }
    return false;
}

/* "sda", "vdb1": a disk and perhaps its partition. */
static bool is_lettered(struct str name)
{
    static const struct str stems[] = {
        { STR_INIT("sd") }, { STR_INIT("vd") }, { STR_INIT("xvd") }, { STR_INIT("hd") }
    };

    for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++) {
        struct str s = name;

        if (!str_take(&s, stems[i]) || !s.n || s.n > 4)
            continue;
        while (s.n && s.p[0] >= 'a' && s.p[0] <= 'z')
            s = str_from_at(s, 1);
        while (s.n && char_is_digit(s.p[0]))
            s = str_from_at(s, 1);
        if (!s.n)
            return true;
    }
    return false;
}

static bool take_device(struct str *in)
{
    static const struct str stems[] = {
        { STR_INIT("nvme") },   { STR_INIT("md") },   { STR_INIT("loop") }, { STR_INIT("ata") },
        { STR_INIT("mmcblk") }, { STR_INIT("sr") },   { STR_INIT("zram") }, { STR_INIT("card") },
        { STR_INIT("host") },   { STR_INIT("ttyS") }, { STR_INIT("fb") },   { STR_INIT("ide") },
        { STR_INIT("scsi") },   { STR_INIT("sata") },
    };
    struct str s = *in, name;

    if (str_take(&s, STR("dm-")) && s.n && char_is_digit(s.p[0])) {
        take_word_chars(&s);
        *in = s;
        return true;
    }
    s = *in;
    name = str_first(*in, take_word_chars(&s));
    if (!name.n ||
        (!is_numbered(name, stems, sizeof stems / sizeof stems[0]) && !is_lettered(name)))
        return false;
    *in = s;
    return true;
}

static bool take_nic(struct str *in)
{
    static const struct str stems[] = {
        { STR_INIT("eth") },      { STR_INIT("ens") },  { STR_INIT("eno") },
        { STR_INIT("enp") },      { STR_INIT("wlan") }, { STR_INIT("bond") },
        { STR_INIT("team") },     { STR_INIT("br") },   { STR_INIT("tap") },
        { STR_INIT("vmnic") },    { STR_INIT("vmk") },  { STR_INIT("ethernet") },
        { STR_INIT("Ethernet") },
    };
    struct str s = *in, name = str_first(*in, take_word_chars(&s));

    if (!name.n || !is_numbered(name, stems, sizeof stems / sizeof stems[0]))
        return false;
    *in = s;
    return true;
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
    { take_ipv6, { STR_INIT("ip") }, { STR_INIT("[0-9A-Fa-f:]+") }, false },
    { take_version, { STR_INIT("version") }, { STR_INIT("\\d+\\.\\d+\\.[\\w.+~-]+") }, false },
    { take_scsi, { STR_INIT("scsi") }, { STR_INIT("\\d+:\\d+:\\d+:\\d+") }, false },
    { take_hex, { STR_INIT("value") }, { STR_INIT("0x[0-9A-Fa-f]+") }, false },
    { take_address, { STR_INIT("address") }, { STR_INIT("[0-9A-Fa-f]+") }, false },
    { take_double_quoted, { STR_INIT("name") }, { STR_INIT("[^\"]+") }, false },
    { take_single_quoted, { STR_INIT("name") }, { STR_INIT("[^']+") }, false },
    { take_path, { STR_INIT("path") }, { STR_INIT("/[^\\s,;:)\\]\"']+") }, false },
    { take_device, { STR_INIT("dev") }, { STR_INIT("[\\w-]+") }, false },
    { take_nic, { STR_INIT("nic") }, { STR_INIT("\\w+") }, false },
    { take_unit, { STR_INIT("unit") }, { STR_INIT("[\\w@:.\\\\-]+\\.[a-z]+") }, false },
    { take_file, { STR_INIT("file") }, { STR_INIT("[\\w@/.+-]+\\.[a-z]+") }, false },
    { take_number, { STR_INIT("n") }, { STR_INIT("-?\\d+(?:\\.\\d+)?") }, true },
};

const struct general_kind *general_kind_at(struct str text, size_t at, struct str *rest)
{
    struct str in = str_from_at(text, at);
    const struct general_kind *placed;

    if (!in.n || (!char_is_word(in.p[0]) && !strchr("\"'/:-", in.p[0])))
        return NULL; /* most places: a blank, punctuation */
    placed = general_place_at(text, at, rest);
    if (placed)
        return placed;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        *rest = in;
        if (kinds[i].take(rest))
            return &kinds[i];
    }
    return NULL;
}
