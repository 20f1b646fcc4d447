/* SPDX-License-Identifier: Apache-2.0 */
/* ${…} in the texts of rules: parsed at load, filled in for findings; see template.h. */
#include "analyzer/engine/template.h"

#include "analyzer/engine/setfunc.h"

/* Letters, digits, '_', '-', '.' and [N]: names and paths of facts. */
static bool is_path(struct str s)
{
    uint64_t index;

    if (!s.n || !(char_is_alpha(s.p[0]) || s.p[0] == '_'))
        return false;
    while (s.n) {
        if (s.p[0] == '[') {
            s = str_from_at(s, 1);
            if (!str_take_u64(&s, &index) || !str_take(&s, STR("]")))
                return false;
        } else if (char_is_alnum(s.p[0]) || str_find_char(STR("_-."), s.p[0]) != STR_NOT_FOUND) {
            s = str_from_at(s, 1);
        } else {
            return false;
        }
    }
    return true;
}

/* What stands between the braces. */
static bool parse_name(struct str inner, uint32_t col, struct template_part *part, struct err *err)
{
    const struct setfunc *f;
    struct str path;
    bool piped = str_take_until(&inner, '|', &path);
    char quoted[80];

    part->func = piped ? str_trim(inner) : (struct str){ 0 };
    part->path = str_trim(piped ? path : inner);
    if (!is_path(part->path))
        return fail_at(err, FAIL_SYNTAX, "", 0, col,
                       "'%s' is no name: ${name}, ${a.b[0].c}, ${name | join}",
                       err_quote(part->path, quoted, sizeof quoted));
    f = piped ? setfunc_find(part->func) : NULL;
    if (piped && !f)
        return fail_at(err, FAIL_SYNTAX, "", 0, col, "there is no function '%s'",
                       err_quote(part->func, quoted, sizeof quoted));
    if (f && f->min_args > 1)
        return fail_at(err, FAIL_SYNTAX, "", 0, col, "'%s' takes more than one argument",
                       err_quote(part->func, quoted, sizeof quoted));
    return true;
}

static void add_part(struct template *t, struct template_part part)
{
    if (part.words.n || part.path.n)
        t->parts[t->n_parts++] = part;
}

/* One "${…}" or "$${" at the head of `in`; words before it are already taken. */
static bool parse_dollar(struct str source, struct str *in, struct template *out, struct err *err)
{
    uint32_t col = (uint32_t)(source.n - in->n) + 1;
    struct template_part part = { 0 };
    struct str inner;

    if (str_take(in, STR("$${"))) {
        part.words = (struct str){ in->p - 2, 2 };
        add_part(out, part);
        return true;
    }
    str_take(in, STR("${"));
    if (!str_take_until(in, '}', &inner))
        return fail_at(err, FAIL_SYNTAX, "", 0, col, "'${' without '}' (write $${ for the text)");
    if (!parse_name(inner, col, &part, err))
        return false;
    add_part(out, part);
    return true;
}

/* Offset of the next "${" or "$${", or all of `s`. */
static size_t find_dollar(struct str s)
{
    size_t at = 0, n;

    while ((n = str_find_char(str_from_at(s, at), '$')) != STR_NOT_FOUND) {
        at += n;
        if (str_starts(str_from_at(s, at), STR("${")) || str_starts(str_from_at(s, at), STR("$${")))
            return at;
        at++;
    }
    return s.n;
}

/* A ruleset has thousands of templates, and most have one part: room is made for no more. */
static size_t most_parts(struct str source)
{
    size_t n = 1;

    for (size_t at; (at = str_find_char(source, '$')) != STR_NOT_FOUND;
         source = str_from_at(source, at + 1))
        n += 2;
    return n;
}

bool template_parse(struct arena *a, struct str source, struct template *out, struct err *err)
{
    struct template t = { .parts = arena_new(a, struct template_part, most_parts(source)) };
    struct template_part words = { 0 };
    struct str in = source;
    size_t n;

    if (!t.parts)
        return fail(err, FAIL_LIMIT, "out of memory for rules");
    while (in.n) {
        n = find_dollar(in);
        words.words = str_first(in, n);
        in = str_from_at(in, n);
        add_part(&t, words);
        if (in.n && !parse_dollar(source, &in, &t, err))
            return false;
    }
    *out = t;
    return true;
}

static bool add_piece(struct arena *a, struct text *out, struct piece piece)
{
    struct piece *p = vec_push(a, out);

    if (p)
        *p = piece;
    return p != NULL;
}

static bool add_value(struct arena *a, const struct value *v, struct text *out)
{
    struct piece piece = { .is_value = true };

    if (v->type == VALUE_UNKNOWN)
        return add_piece(a, out, (struct piece){ .text = STR("(not in the log)") });
    if (v->type == VALUE_LIST && !v->n_items)
        return add_piece(a, out, (struct piece){ .text = STR("(none)") });
    piece.text = value_print(a, v);
    piece.sort = v->type == VALUE_TEXT ? v->sort : SORT_OTHER;
    return add_piece(a, out, piece);
}

/* The items of a list one by one, so that each keeps its sort. */
static bool add_values(struct arena *a, const struct value *v, struct text *out)
{
    if (v->type != VALUE_LIST || !v->n_items)
        return add_value(a, v, out);
    for (size_t i = 0; i < v->n_items; i++) {
        if (i && !add_piece(a, out, (struct piece){ .text = STR(", ") }))
            return false;
        if (!add_value(a, &v->items[i], out))
            return false;
    }
    return true;
}

bool template_fill(const struct template *t, template_lookup lookup, const void *ctx,
                   struct arena *a, struct text *out)
{
    struct value v;

    for (size_t i = 0; i < t->n_parts; i++) {
        if (!t->parts[i].path.n) {
            if (!add_piece(a, out, (struct piece){ .text = t->parts[i].words }))
                return false;
            continue;
        }
        if (!lookup(ctx, t->parts[i].path, a, &v))
            v = value_unknown();
        if (t->parts[i].func.n)
            v = setfunc_find(t->parts[i].func)->apply(a, &v, 1);
        if (!add_values(a, &v, out))
            return false;
    }
    return true;
}
