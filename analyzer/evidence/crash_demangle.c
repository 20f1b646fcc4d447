/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads Rust's symbol names, version 0 (RFC 2603): a path of crates, modules, implementations and
 * types, in prefix notation with references back into the name. Constants, function types and trait
 * objects do not occur in what the kernel's Rust code prints; a name with one stays mangled.
 */
#include "analyzer/evidence/crash_demangle.h"

/* References back may nest; these bound the work that a made-up name can cause. */
enum { DEPTH_MAX = 24, PARTS_MAX = 256 };

struct demangling {
    struct str symbol; /* behind "_R"; references count from here */
    struct str in;
    char *out;
    size_t n;
    unsigned muted; /* what is read is not part of the name */
    unsigned parts;
};

static void put(struct demangling *d, struct str s)
{
    for (size_t i = 0; !d->muted && i < s.n && d->n < DEMANGLED_BYTES; i++)
        d->out[d->n++] = s.p[i];
}

/* Digits, letters, capitals, then '_': "_" is 0, "0_" is 1. */
static bool take_base62(struct str *in, uint64_t *out)
{
    static const struct str digits = { STR_INIT(
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") };
    uint64_t value = 0;
    size_t n = 0;

    while (n < in->n && in->p[n] != '_') {
        size_t digit = str_find_char(digits, in->p[n]);

        if (digit == STR_NOT_FOUND || n > 15)
            return false;
        value = value * 62 + digit;
        n++;
    }
    if (n == in->n)
        return false;
    *out = n ? value + 1 : 0;
    *in = str_from_at(*in, n + 1);
    return true;
}

/* "s1_": which of several things of the same name. */
static bool take_disambiguator(struct str *in)
{
    uint64_t ignored;

    return !str_take_char(in, 's') || take_base62(in, &ignored);
}

/* "10miscdevice"; with "_" in front of names that begin with a digit or '_'. */
static bool take_identifier(struct str *in, struct str *out)
{
    struct str s = *in;
    uint64_t n;

    if (!take_disambiguator(&s) || !str_take_u64(&s, &n))
        return false;
    str_take_char(&s, '_');
    if (n > s.n)
        return false;
    *out = str_first(s, (size_t)n);
    *in = str_from_at(s, (size_t)n);
    return true;
}

static struct str basic_type(char c)
{
    static const struct str types['z' - 'a' + 1] = {
        ['a' - 'a'] = { STR_INIT("i8") },    ['b' - 'a'] = { STR_INIT("bool") },
        ['c' - 'a'] = { STR_INIT("char") },  ['e' - 'a'] = { STR_INIT("str") },
        ['h' - 'a'] = { STR_INIT("u8") },    ['i' - 'a'] = { STR_INIT("isize") },
        ['j' - 'a'] = { STR_INIT("usize") }, ['l' - 'a'] = { STR_INIT("i32") },
        ['m' - 'a'] = { STR_INIT("u32") },   ['n' - 'a'] = { STR_INIT("i128") },
        ['o' - 'a'] = { STR_INIT("u128") },  ['p' - 'a'] = { STR_INIT("_") },
        ['s' - 'a'] = { STR_INIT("i16") },   ['t' - 'a'] = { STR_INIT("u16") },
        ['u' - 'a'] = { STR_INIT("()") },    ['x' - 'a'] = { STR_INIT("i64") },
        ['y' - 'a'] = { STR_INIT("u64") },   ['z' - 'a'] = { STR_INIT("!") },
    };

    return c >= 'a' && c <= 'z' ? types[c - 'a'] : (struct str){ 0 };
}

/*
 * What stands behind a tag. In `form`: P a path or type, H the same without showing it, I an
 * identifier, N the kind of a name, L parts up to 'E', ' maybe a lifetime; the rest is shown.
 */
static const struct {
    char tag;
    struct str form;
} forms[] = {
    { 'C', { STR_INIT("I") } },        { 'N', { STR_INIT("NP::I") } },
    { 'M', { STR_INIT("H<P>") } },     { 'X', { STR_INIT("H<P as P>") } },
    { 'Y', { STR_INIT("<P as P>") } }, { 'I', { STR_INIT("P<L>") } },
    { 'S', { STR_INIT("[P]") } },      { 'T', { STR_INIT("(L)") } },
    { 'R', { STR_INIT("&'P") } },      { 'Q', { STR_INIT("&'mut P") } },
    { 'P', { STR_INIT("*const P") } }, { 'O', { STR_INIT("*mut P") } },
};

static struct str form_of(char tag)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (forms[i].tag == tag)
            return forms[i].form;
    return (struct str){ 0 };
}

/* The pieces of a form that hold no part of their own. */
static bool take_piece(struct demangling *d, char piece)
{
    struct str name;
    uint64_t ignored;

    switch (piece) {
    case 'I':
        if (!take_identifier(&d->in, &name))
            return false;
        put(d, name.n ? name : STR("{closure}"));
        return true;
    case 'N': d->in = str_from_at(d->in, d->in.n > 0); return true;
    case '\'': return !str_take_char(&d->in, 'L') || take_base62(&d->in, &ignored);
    default: put(d, (struct str){ &piece, 1 }); return true;
    }
}

static bool take_part(struct demangling *d, unsigned depth)
{
    struct str form, back = { 0 };
    uint64_t at;
    bool good = true;
    char tag = d->in.n ? d->in.p[0] : '\0';

    if (depth > DEPTH_MAX || ++d->parts > PARTS_MAX)
        return false;
    d->in = str_from_at(d->in, d->in.n > 0);
    if (tag == 'B') {
        if (!take_base62(&d->in, &at) || at >= d->symbol.n)
            return false;
        back = d->in;
        d->in = str_from_at(d->symbol, (size_t)at);
        good = take_part(d, depth + 1);
        d->in = back;
        return good;
    }
    put(d, basic_type(tag));
    form = form_of(tag);
    for (size_t i = 0; good && i < form.n; i++) {
        bool hidden = form.p[i] == 'H';

        if (hidden || form.p[i] == 'P') {
            d->muted += hidden;
            good = (!hidden || take_disambiguator(&d->in)) && take_part(d, depth + 1);
            d->muted -= hidden;
        } else if (form.p[i] == 'L') {
            for (size_t n = 0; good && !str_take_char(&d->in, 'E'); n++) {
                put(d, n ? STR(", ") : STR(""));
                good = take_part(d, depth + 1);
            }
        } else {
            good = take_piece(d, form.p[i]);
        }
    }
    return good && (form.n || basic_type(tag).n);
}

struct str crash_demangle(struct str name, char buf[DEMANGLED_BYTES])
{
    struct demangling d = { .symbol = name, .out = buf };

    if (!str_take(&d.symbol, STR("_R")))
        return name;
    d.in = d.symbol;
    return take_part(&d, 0) && d.n ? (struct str){ buf, d.n } : name;
}
