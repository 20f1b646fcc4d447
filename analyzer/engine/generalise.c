/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over the text: at every place where a token may begin, the kinds of the table are tried
 * in order, the more particular first. What none of them takes is a fixed piece. From the pieces
 * come the expression, the template and the near text.
 */
#include "analyzer/engine/generalise.h"

#include <string.h>

enum { WORD_LEAST = 4, SLUG_WORDS = 4, NAME_BYTES = 20 };

struct piece {
    struct str text;
    struct str regex; /* empty: fixed */
    struct str name;
};

struct pieces {
    VEC(struct piece);
};

static bool is_word(char c)
{
    return char_is_alnum(c) || c == '_';
}

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

    while (in->n && is_word(in->p[0])) {
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
    if (s.n && is_word(s.p[0]))
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
    if (s.n && (is_word(s.p[0]) || (s.p[0] == between && s.n > 1 && is_word(s.p[1]))))
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

    if (!str_take(&s, STR("0x")) || !take_hex_digits(&s) || (s.n && is_word(s.p[0])))
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
    if (n < 8 || !digit || (s.n && is_word(s.p[0])))
        return false;
    *in = s;
    return true;
}

static bool take_quoted_by(struct str *in, char quote)
{
    struct str s = *in, inner;

    if (!str_take_char(&s, quote) || !str_take_until(&s, quote, &inner) || !inner.n ||
        (s.n && is_word(s.p[0])))
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

    if (in->n < 2 || in->p[0] != '/' || !is_word(in->p[1]))
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

/* The kinds of what differs, in the order in which they are tried. */
static const struct {
    bool (*take)(struct str *in);
    struct str name, regex;

} kinds[] = {
    { take_uuid, { STR_INIT("uuid") }, { STR_INIT("[0-9A-Fa-f-]{36}") } },
    { take_mac, { STR_INIT("mac") }, { STR_INIT("[0-9A-Fa-f:]{17}") } },
    { take_pci, { STR_INIT("pci") }, { STR_INIT("[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.\\d") } },
    { take_ip, { STR_INIT("ip") }, { STR_INIT("\\d+\\.\\d+\\.\\d+\\.\\d+") } },
    { take_scsi, { STR_INIT("scsi") }, { STR_INIT("\\d+:\\d+:\\d+:\\d+") } },
    { take_hex, { STR_INIT("value") }, { STR_INIT("0x[0-9A-Fa-f]+") } },
    { take_address, { STR_INIT("address") }, { STR_INIT("[0-9A-Fa-f]+") } },
    { take_double_quoted, { STR_INIT("name") }, { STR_INIT("[^\"]+") } },
    { take_single_quoted, { STR_INIT("name") }, { STR_INIT("[^']+") } },
    { take_path, { STR_INIT("path") }, { STR_INIT("/[^\\s,;:)\\]\"']+") } },
    { take_device, { STR_INIT("dev") }, { STR_INIT("[\\w-]+") } },
    { take_nic, { STR_INIT("nic") }, { STR_INIT("\\w+") } },
    { take_number, { STR_INIT("n") }, { STR_INIT("-?\\d+(?:\\.\\d+)?") } },
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Printable, one line, valid UTF-8; what is not is left out with all that follows it. */
static struct str printable_line(struct str text)
{
    struct str s = str_first(text, GENERAL_BYTES), rest;
    uint32_t code;
    size_t n = 0;

    for (rest = s; rest.n; n = s.n - rest.n)
        if (!str_take_utf8(&rest, &code) || code < ' ' || (code >= 0x7f && code < 0xa0))
            break;
    return str_trim(str_first(s, n));
}

/* "sector 20480" is called sector; words that say nothing give no name. */
static struct str name_before(struct str before)
{
    static const struct str empty[] = {
        { STR_INIT("after") }, { STR_INIT("in") },   { STR_INIT("for") },  { STR_INIT("to") },
        { STR_INIT("of") },    { STR_INIT("at") },   { STR_INIT("from") }, { STR_INIT("on") },
        { STR_INIT("with") },  { STR_INIT("the") },  { STR_INIT("is") },   { STR_INIT("was") },
        { STR_INIT("by") },    { STR_INIT("and") },  { STR_INIT("than") }, { STR_INIT("or") },
        { STR_INIT("not") },   { STR_INIT("have") }, { STR_INIT("all") },  { STR_INIT("only") },
    };
    struct str s = before;
    size_t n = 0;

    while (s.n && strchr(" =:#(", s.p[s.n - 1]))
        s.n--;
    if (s.n == before.n)
        return (struct str){ 0 };
    while (n < s.n && s.p[s.n - n - 1] >= 'a' && s.p[s.n - n - 1] <= 'z')
        n++;
    if (n < 2 || n > NAME_BYTES || (n < s.n && is_word(s.p[s.n - n - 1])))
        return (struct str){ 0 };
    s = str_from_at(s, s.n - n);
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++)
        if (str_eq(s, empty[i]))
            return (struct str){ 0 };
    return s;
}

/* `name`, or `name`2, `name`3 … when it is taken. */
static struct str free_name(struct arena *a, const struct pieces *all, struct str name)
{
    struct str tried = name;

    for (unsigned n = 2;; n++) {
        bool taken = false;

        for (size_t i = 0; i < all->n; i++)
            taken = taken || str_eq(all->p[i].name, tried);
        if (!taken)
            return tried;
        tried = arena_printf(a, "%.*s%u", STR_ARG(name), n);
        if (!tried.n)
            return tried;
    }
}

static bool add_piece(struct arena *a, struct pieces *all, struct piece piece)
{
    struct piece *slot = piece.text.n ? vec_push(a, all) : NULL;

    if (slot)
        *slot = piece;
    return slot || !piece.text.n;
}

/* Which kind begins at the cursor, and where it ends; KINDS: none, or a word goes on here. */
static size_t kind_at(struct str in, bool inside, struct str *rest)
{
    for (size_t i = 0; !inside && i < KINDS; i++) {
        *rest = in;
        if (kinds[i].take(rest))
            return i;
    }
    return KINDS;
}

static bool cut(struct arena *a, struct str text, struct pieces *all)
{
    struct str in = text, rest;
    size_t from = 0;

    while (in.n) {
        size_t at = text.n - in.n;
        size_t kind = kind_at(in, at > 0 && is_word(text.p[at - 1]), &rest);
        struct str taken = str_first(in, in.n - rest.n), before, name;
        size_t quote = kind < KINDS && (taken.p[0] == '"' || taken.p[0] == '\'');

        if (kind == KINDS) {
            in = str_from_at(in, 1);
            continue;
        }
        /* The quotes stay fixed. */
        before = (struct str){ .p = text.p + from, .n = at + quote - from };
        name = kinds[kind].take == take_number ? name_before(before) : (struct str){ 0 };
        name = free_name(a, all, name.n ? name : kinds[kind].name);
        taken = (struct str){ .p = taken.p + quote, .n = taken.n - 2 * quote };
        if (!name.n || !add_piece(a, all, (struct piece){ .text = before }) ||
            !add_piece(a, all, (struct piece){ taken, kinds[kind].regex, name }))
            return false;
        from = at + quote + taken.n;
        in = str_from_at(text, from + quote);
    }
    return add_piece(a, all, (struct piece){ .text = str_from_at(text, from) });
}

/* A fixed text as an expression. What is not ASCII is any bytes, so that the whole stays plain. */
static size_t escape(struct str text, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] >= 0x80) {
            if (i && (unsigned char)text.p[i - 1] >= 0x80)
                continue;
            out[n++] = '.';
            out[n++] = '+';
            continue;
        }
        if (strchr("\\^$.|?*+()[]{}", text.p[i]))
            out[n++] = '\\';
        out[n++] = text.p[i];
    }
    return n;
}

static struct str make_regex(struct arena *a, const struct pieces *all, bool whole)
{
    struct str out = whole ? STR("^") : STR("");

    for (size_t i = 0; i < all->n; i++) {
        const struct piece *p = &all->p[i];
        char escaped[2 * GENERAL_BYTES];
        size_t n = p->regex.n ? 0 : escape(p->text, escaped);

        out = p->regex.n ? arena_printf(a, "%.*s(?<%.*s>%.*s)", STR_ARG(out), STR_ARG(p->name),
                                        STR_ARG(p->regex))
                         : arena_printf(a, "%.*s%.*s", STR_ARG(out), (int)n, escaped);
    }
    return out;
}

/* "${" of the log itself would be a name: it is doubled. */
static struct str make_worded(struct arena *a, const struct pieces *all)
{
    struct str out = { 0 };

    for (size_t i = 0; i < all->n; i++) {
        struct str text = all->p[i].text, head;

        if (all->p[i].regex.n) {
            out = arena_printf(a, "%.*s${%.*s}", STR_ARG(out), STR_ARG(all->p[i].name));
            continue;
        }
        while (str_take_until_str(&text, STR("${"), &head))
            out = arena_printf(a, "%.*s%.*s$${", STR_ARG(out), STR_ARG(head));
        out = arena_printf(a, "%.*s%.*s", STR_ARG(out), STR_ARG(text));
    }
    return out;
}

/* The next run of ASCII letters of `in`; false at its end. */
static bool take_letters(struct str *in, struct str *out)
{
    size_t n = 0;

    while (in->n && !char_is_alpha(in->p[0]))
        *in = str_from_at(*in, 1);
    while (n < in->n && char_is_alpha(in->p[n]))
        n++;
    *out = str_first(*in, n);
    *in = str_from_at(*in, n);
    return n > 0;
}

/* The longest fixed word, the last of those: what says that something failed stands behind. */
static struct str longest_word(const struct pieces *all)
{
    struct str best = { 0 }, s, word;

    for (size_t i = 0; i < all->n; i++) {
        s = all->p[i].regex.n ? (struct str){ 0 } : all->p[i].text;
        while (take_letters(&s, &word))
            if (word.n >= best.n)
                best = word;
    }
    return best;
}

static struct str make_slug(struct arena *a, const struct pieces *all)
{
    struct str out = { 0 }, s, word;
    char lower[NAME_BYTES];
    size_t words = 0;

    for (size_t i = 0; i < all->n; i++) {
        s = all->p[i].regex.n ? (struct str){ 0 } : all->p[i].text;
        while (words < SLUG_WORDS && take_letters(&s, &word)) {
            size_t n = word.n < sizeof lower ? word.n : sizeof lower;

            if (word.n < 3)
                continue;
            for (size_t k = 0; k < n; k++)
                lower[k] = char_lower(word.p[k]);
            out = arena_printf(a, "%.*s%s%.*s", STR_ARG(out), out.n ? "-" : "", (int)n, lower);
            words++;
        }
    }
    return out;
}

static bool list_captures(struct arena *a, const struct pieces *all, struct general *out)
{
    for (size_t i = 0; i < all->n; i++) {
        struct general_capture *slot = all->p[i].regex.n ? vec_push(a, &out->captures) : NULL;

        if (slot)
            *slot = (struct general_capture){ all->p[i].name, all->p[i].text };
        else if (all->p[i].regex.n)
            return false;
    }
    return true;
}

bool generalise(struct arena *a, struct str text, bool whole, struct general *out)
{
    struct general g = { .text = arena_str(a, printable_line(text)) };
    struct pieces all = { 0 };
    struct str word;
    size_t at;

    if (!g.text.n || !cut(a, g.text, &all))
        return false;
    word = longest_word(&all);
    if (word.n < WORD_LEAST || !list_captures(a, &all, &g))
        return false;
    at = (size_t)(word.p - g.text.p);
    g.near = arena_printf(a, "%.*s%s%.*s", (int)at, g.text.p,
                          str_eq(word, STR("other")) ? "another thing" : "other",
                          STR_ARG(str_from_at(g.text, at + word.n)));
    if (g.captures.n)
        g.regex = make_regex(a, &all, whole && text.p[0] == g.text.p[0]);
    g.worded = make_worded(a, &all);
    g.slug = make_slug(a, &all);
    *out = g;
    return g.near.n && g.worded.n && g.slug.n && (g.regex.n || !g.captures.n);
}
