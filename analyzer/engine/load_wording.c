/* SPDX-License-Identifier: Apache-2.0 */
/* One text matcher: which records it looks at (struct filter) and what it looks for. */
#include "analyzer/engine/load.h"

#include "analyzer/core/limits.h"
#include "analyzer/engine/regex_scan.h"
#include "parsers/parser.h"

#include <string.h>

static const struct str phase_names[PHASE_COUNT] = {
    [PHASE_KERNEL] = { STR_INIT("kernel") },
    [PHASE_INITRD] = { STR_INIT("initrd") },
    [PHASE_SYSTEM] = { STR_INIT("system") },
};

unsigned load_origin_bits(enum origin o)
{
    return o == ORIGIN_HOST ? 1u << o : 1u << o | 1u << ORIGIN_UNKNOWN;
}

static bool load_origins(struct loader *l, const struct node *n, unsigned *bits)
{
    struct suggestion s = { 0 };
    struct strs names = { 0 };
    enum origin o;
    char quoted[60], hint[80];

    if (!load_texts(l, n, &names))
        return false;
    *bits = 0;
    for (size_t i = 0; i < names.n; i++) {
        if (!origin_from_name(names.p[i], &o) || o == ORIGIN_UNKNOWN) {
            s.wanted = names.p[i];
            for (enum origin k = ORIGIN_HOST; k < ORIGIN_COUNT; k++)
                suggest(&s, origin_name(k));
            return load_fault(l, n,
                              "unknown origin '%s' (host, firmware, guest-kernel, guest-user)%s",
                              err_quote(names.p[i], quoted, sizeof quoted),
                              suggestion_text(&s, hint, sizeof hint));
        }
        *bits |= load_origin_bits(o);
    }
    return true;
}

/* '<=4', '<4', '>=5', '4', 'err', '<=err' */
static bool load_level(struct loader *l, const struct node *n, struct filter *f)
{
    static const struct str ops[] = { { STR_INIT("<=") }, { STR_INIT(">=") }, { STR_INIT("<") },
                                      { STR_INIT(">") },  { STR_INIT("=") },  { STR_INIT("") } };
    struct str s = n->text;
    enum level level;
    uint64_t number;
    size_t op = 0;

    while (!str_take(&s, ops[op]))
        op++;
    s = str_trim(s);
    if (!level_from_name(s, &level)) {
        if (!str_to_u64(s, &number) || number >= LEVEL_COUNT)
            return load_fault(l, n, "level: expected such as '<=4' or 'err' (0 emerg … 7 debug)");
        level = (enum level)number;
    }
    if ((op == 2 && level == LEVEL_EMERG) || (op == 3 && level == LEVEL_DEBUG))
        return load_fault(l, n, "no level is beyond that");
    f->level_min = op == 1 ? level : op == 3 ? level + 1 : op == 0 || op == 2 ? LEVEL_EMERG : level;
    f->level_max = op == 0 ? level : op == 2 ? level - 1 : op == 1 || op == 3 ? LEVEL_DEBUG : level;
    return true;
}

static bool load_phases(struct loader *l, const struct node *n, unsigned *bits)
{
    struct strs names = { 0 };
    unsigned found;

    if (!load_texts(l, n, &names))
        return false;
    *bits = 0;
    for (size_t i = 0; i < names.n; i++) {
        found = 0;
        for (unsigned k = 0; k < PHASE_COUNT; k++)
            found |= str_eq(names.p[i], phase_names[k]) ? 1u << k : 0;
        if (!found)
            return load_fault(l, n, "phase: expected kernel, initrd or system");
        *bits |= found;
    }
    return true;
}

/* A misspelt format would make a rule dead in silence. */
static bool check_formats(struct loader *l, const struct node *n, const struct strs *formats)
{
    struct suggestion s = { 0 };
    char quoted[60], hint[80];

    for (size_t i = 0; i < formats->n; i++) {
        if (parser_find(formats->p[i]))
            continue;
        s.wanted = formats->p[i];
        for (const struct parser *const *p = parsers; *p; p++)
            suggest(&s, str_from((*p)->name));
        return load_fault(l, n, "there is no format '%s'%s",
                          err_quote(formats->p[i], quoted, sizeof quoted),
                          suggestion_text(&s, hint, sizeof hint));
    }
    return true;
}

bool load_filter(struct loader *l, const struct node *n, struct filter *f)
{
    static const struct {
        enum key key;
        size_t offset;
    } lists[] = {
        { KEY_MATCHER_FORMAT, offsetof(struct filter, formats) },
        { KEY_MATCHER_IDENT, offsetof(struct filter, idents) },
        { KEY_MATCHER_UNIT, offsetof(struct filter, units) },
        { KEY_MATCHER_DRIVER, offsetof(struct filter, drivers) },
    };
    const struct node *v;

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        v = key_find(n, lists[i].key);
        if (v && !load_texts(l, v, (struct strs *)(void *)((char *)f + lists[i].offset)))
            return false;
    }
    if (!check_formats(l, n, &f->formats))
        return false;
    v = key_find(n, KEY_MATCHER_ORIGIN);
    if (v && !load_origins(l, v, &f->origins))
        return false;
    v = key_find(n, KEY_MATCHER_LEVEL);
    if (v && !load_level(l, v, f))
        return false;
    v = key_find(n, KEY_MATCHER_PHASE);
    if (v && !load_phases(l, v, &f->phases))
        return false;
    v = key_find(n, KEY_MATCHER_NOCASE);
    if (v)
        f->nocase = node_flag(v);
    v = key_find(n, KEY_MATCHER_APPLIES_TO);
    return !v || load_applies(l, v, &f->applies);
}

/* A block scalar ends in a newline that nobody means. */
static bool load_regex(struct loader *l, const struct node *n, struct wording *w)
{
    struct regex_scan scan;

    w->text = n->text;
    if (n->style == STYLE_BLOCK && str_ends(w->text, STR("\n")))
        w->text.n--;
    if (!w->text.n)
        return load_fault(l, n, "an empty expression matches everything");
    if (w->text.n > LIMIT_PATTERN_BYTES)
        return load_fault(l, n, "expression longer than 4 KiB");
    if (str_starts(w->text, STR("(*")))
        return load_fault(l, n, "expressions may not start with (*");
    if (!regex_scan(l->a, w->text, &scan))
        return load_fault(l, n, "out of memory for rules");
    if (!scan.extended && str_find_char(w->text, '\n') != STR_NOT_FOUND)
        return load_fault(l, n,
                          "a newline in an expression (start it with (?x) to write it over "
                          "several lines)");
    for (size_t i = 0; i < scan.names.n; i++) {
        for (size_t k = i + 1; k < scan.names.n; k++) {
            if (str_eq(scan.names.p[i], scan.names.p[k]))
                return load_fault(l, n, "two groups are named '%.*s'", STR_ARG(scan.names.p[i]));
        }
    }
    w->names = scan.names.p;
    w->n_names = scan.names.n;
    return true;
}

static bool add_device_name(struct loader *l, const struct node *n, struct wording *w)
{
    struct str *names;

    if (!w->filter.drivers.n)
        return true;
    for (size_t i = 0; i < w->n_names; i++) {
        if (str_eq(w->names[i], STR("device")))
            return load_fault(l, n, "driver: binds ${device} itself; rename the group");
    }
    names = arena_new(l->a, struct str, w->n_names + 1);
    if (!names)
        return load_fault(l, n, "out of memory for rules");
    if (w->n_names)
        memcpy(names, w->names, w->n_names * sizeof *names);
    names[w->n_names++] = STR("device");
    w->names = names;
    return true;
}

static bool load_message_id(struct loader *l, const struct node *n, struct wording *w)
{
    w->message_id = n->text;
    for (size_t i = 0; i < n->text.n; i++) {
        if (char_hex(n->text.p[i]) < 0 || n->text.n != 32)
            return load_fault(l, n, "message_id: expected 32 hex digits");
    }
    return n->text.n || load_fault(l, n, "message_id: expected 32 hex digits");
}

bool load_wording_text(struct loader *l, const struct node *literal, const struct node *regex,
                       struct wording *w)
{
    if (literal && regex)
        return load_fault(l, regex, "either literal or regex, not both");
    if (regex)
        return load_regex(l, regex, w);
    if (!literal)
        return true;
    if (!literal->text.n)
        return load_fault(l, literal, "an empty literal matches everything");
    if (literal->text.n > LIMIT_PATTERN_BYTES)
        return load_fault(l, literal, "literal longer than 4 KiB");
    w->text = literal->text;
    if (literal->style == STYLE_BLOCK && str_ends(w->text, STR("\n")))
        w->text.n--;
    return true;
}

bool load_wording(struct loader *l, const struct node *n, const struct filter *inherited,
                  struct wording *w)
{
    const struct node *literal = key_find(n, KEY_MATCHER_LITERAL);
    const struct node *regex = key_find(n, KEY_MATCHER_REGEX);
    const struct node *id = key_find(n, KEY_MATCHER_MESSAGE_ID);
    const struct node *text = literal ? literal : regex ? regex : id;

    w->filter = *inherited;
    w->kind = literal ? WORDING_LITERAL : regex ? WORDING_REGEX : WORDING_ANYTHING;
    if (!text)
        return load_fault(l, n,
                          "needs one of literal, regex, message_id, any, all, sequence, not, "
                          "count, block");
    w->style = text->style;
    w->line = text->line;
    w->col = text->col;
    return load_filter(l, n, &w->filter) && (!id || load_message_id(l, id, w)) &&
           load_wording_text(l, literal, regex, w) && add_device_name(l, n, w);
}
