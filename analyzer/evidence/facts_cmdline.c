/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel command line and its parts, as the kernel itself reads it: a later parameter wins, '-'
 * and '_' are the same in names, double quotes keep blanks together, "--" ends its own part
 * (lib/cmdline.c next_arg(), kernel/params.c).
 *
 * A part that is not given stays unknown; cmdline.raw tells that the line itself was seen.
 */
#include "analyzer/evidence/extract.h"

/* CONSOLE_LOGLEVEL_QUIET is 4; the default is 7. */
enum { LOGLEVEL_DEFAULT = 7, LOGLEVEL_QUIET = 4, LOGLEVEL_DEBUG = 10 };

struct parameter {
    struct str name, value;
    bool has_value;
};

struct cmdline {
    int64_t loglevel;
    bool ignore_loglevel;
};

static struct str unquote(struct str s)
{
    if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
        return (struct str){ .p = s.p + 1, .n = s.n - 2 };
    return s;
}

/* The next parameter: root=/dev/sda2, quiet, dyndbg="file x +p", "foo=a b". */
static bool take_parameter(struct str *in, struct parameter *out)
{
    struct str word;
    size_t n = 0, equals;
    bool quoted = false;

    str_take_spaces(in);
    while (n < in->n && (quoted || !char_is_space(in->p[n]))) {
        quoted ^= in->p[n] == '"';
        n++;
    }
    if (n == 0)
        return false;
    word = unquote(str_first(*in, n));
    *in = str_from_at(*in, n);
    equals = str_find_char(word, '=');
    *out = (struct parameter){ .name = word };
    if (equals != STR_NOT_FOUND) {
        out->has_value = true;
        out->name = str_first(word, equals);
        out->value = unquote(str_from_at(word, equals + 1));
    }
    return true;
}

static bool name_is(struct str given, struct str name)
{
    if (given.n != name.n)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = given.p[i] == '-' ? '_' : given.p[i];

        if (c != name.p[i])
            return false;
    }
    return true;
}

static void set_text_part(struct extraction *x, enum fact_id id, const struct parameter *p)
{
    bool uuid = str_find(p->value, STR("UUID=")) != STR_NOT_FOUND;

    if (p->has_value)
        extract_text(x, id, p->value, uuid ? SORT_UUID : SORT_DEVICE);
}

static void set_plain_part(struct extraction *x, enum fact_id id, const struct parameter *p)
{
    if (p->has_value)
        extract_text(x, id, p->value, SORT_OTHER);
}

static void add_part(struct extraction *x, enum fact_id id, const struct parameter *p)
{
    if (p->has_value)
        extract_add(x, id, p->value, SORT_OTHER);
}

static void set_number_part(struct extraction *x, enum fact_id id, const struct parameter *p)
{
    int64_t number;

    if (p->has_value && str_to_i64(p->value, &number))
        extract_number(x, id, number);
}

static const struct {
    struct str name;
    void (*set)(struct extraction *x, enum fact_id id, const struct parameter *p);
    enum fact_id fact;
} parts[] = {
    { { STR_INIT("root") }, set_text_part, FACT_CMDLINE_ROOT },
    { { STR_INIT("rootfstype") }, set_plain_part, FACT_CMDLINE_ROOTFSTYPE },
    { { STR_INIT("init") }, set_plain_part, FACT_CMDLINE_INIT },
    { { STR_INIT("rdinit") }, set_plain_part, FACT_CMDLINE_INIT },
    { { STR_INIT("console") }, add_part, FACT_CMDLINE_CONSOLE },
    { { STR_INIT("panic") }, set_number_part, FACT_CMDLINE_PANIC },
    { { STR_INIT("lockdown") }, set_plain_part, FACT_LOCKDOWN },
};

static void read_loglevel(struct cmdline *c, const struct parameter *p)
{
    int64_t number;

    if (name_is(p->name, STR("quiet")))
        c->loglevel = LOGLEVEL_QUIET;
    if (name_is(p->name, STR("debug")) && !p->has_value)
        c->loglevel = LOGLEVEL_DEBUG;
    if (name_is(p->name, STR("loglevel")) && str_to_i64(p->value, &number))
        c->loglevel = number;
    if (name_is(p->name, STR("ignore_loglevel")))
        c->ignore_loglevel = true;
}

/*
 * x86 prints "Command line: " (what the boot loader gave) before "Kernel command line: " (with what
 * is built in); the later one stands.
 */
void take_cmdline(struct extraction *x)
{
    struct str raw = str_trim(x->rest), in = raw;
    const struct value *now = &x->facts->of[FACT_CMDLINE_RAW].value;
    struct cmdline cmdline = { .loglevel = LOGLEVEL_DEFAULT };
    struct parameter p;

    if (now->type == VALUE_TEXT && str_eq(now->text, raw))
        return;
    extract_text(x, FACT_CMDLINE_RAW, raw, SORT_OTHER);
    extract_clear(x, FACT_CMDLINE_CONSOLE);
    while (take_parameter(&in, &p) && !str_eq(p.name, STR("--"))) {
        read_loglevel(&cmdline, &p);
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
            if (name_is(p.name, parts[i].name))
                parts[i].set(x, parts[i].fact, &p);
    }
    extract_flag(x, FACT_CMDLINE_QUIET,
                 !cmdline.ignore_loglevel && cmdline.loglevel <= LOGLEVEL_QUIET);
}
