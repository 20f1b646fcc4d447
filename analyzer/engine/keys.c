/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strict keys. A misspelt key or severity that is silently ignored is the commonest way for a rule
 * to be dead, so everything unknown is an error and names what was probably meant.
 */
#include "analyzer/engine/keys.h"

#include "analyzer/core/limits.h"

#include <stdarg.h>
#include <stdio.h>

const struct key_info key_infos[] = {
#define KEY(scope_, sym, name_, type_, doc_)                                                       \
    { .name = { STR_INIT(name_) }, .scope = KEYS_##scope_, .type = TYPE_##type_, .doc = doc_ },
#include "analyzer/engine/keys.def"
#undef KEY
};

static const struct str scope_names[KEYS_SCOPES] = {
    [KEYS_FILE] = { STR_INIT("a rule file") },
    [KEYS_RULE] = { STR_INIT("a rule") },
    [KEYS_MATCHER] = { STR_INIT("a matcher") },
    [KEYS_COUNT] = { STR_INIT("count:") },
    [KEYS_CONDITION] = { STR_INIT("a condition of where:") },
    [KEYS_FIELD] = { STR_INIT("a condition on a field") },
    [KEYS_APPLIES] = { STR_INIT("applies_to:") },
    [KEYS_SETTER] = { STR_INIT("a choice of set:") },
    [KEYS_STEP] = { STR_INIT("a step with a condition") },
    [KEYS_LIST] = { STR_INIT("a list's place") },
    [KEYS_TEST] = { STR_INIT("a test") },
};

static const struct str type_names[TYPE_COUNT] = {
    [TYPE_TEXT] = { STR_INIT("a text") },
    [TYPE_TEXTS] = { STR_INIT("a text or a list of texts") },
    [TYPE_FLAG] = { STR_INIT("true or false") },
    [TYPE_NUMBER] = { STR_INIT("a whole number") },
    [TYPE_DURATION] = { STR_INIT("a duration such as 500ms, 30s, 5min, 2h, 1d") },
    [TYPE_MAP] = { STR_INIT("a mapping") },
    [TYPE_LIST] = { STR_INIT("a list") },
    [TYPE_STEPS] = { STR_INIT(
            "a text or a list of steps (texts, or {when: conditions, do: text})") },
    [TYPE_VALUE] = { STR_INIT("a text, a list of texts or {list: NAME}") },
};

bool problem_add(struct problems *problems, const char *file, uint32_t line, uint32_t col,
                 const char *format, ...)
{
    struct err *e = problems->n < LIMIT_PROBLEMS ? vec_push(problems->arena, problems) : NULL;
    va_list ap;

    if (!e)
        return false;
    *e = (struct err){ .code = FAIL_SYNTAX, .line = line, .col = col };
    snprintf(e->file, sizeof e->file, "%s", file ? file : "");
    va_start(ap, format);
    vsnprintf(e->text, sizeof e->text, format, ap);
    va_end(ap);
    return false;
}

enum { NAME_MAX_BYTES = 40 };

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;

    return m < c ? m : c;
}

/* Edits (insert, delete, replace, swap neighbours) that make one name the other: three rows. */
static size_t edit_distance(struct str a, struct str b)
{
    size_t rows[3][NAME_MAX_BYTES + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2], *spare;

    if (a.n > NAME_MAX_BYTES || b.n > NAME_MAX_BYTES)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.n; j++)
        above[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            row[j] = min3(above[j] + 1, row[j - 1] + 1,
                          above[j - 1] + (char_lower(a.p[i - 1]) != char_lower(b.p[j - 1])));
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
                row[j] = min3(row[j], before[j - 2] + 1, row[j]);
        }
        spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[b.n];
}

void suggest(struct suggestion *s, struct str candidate)
{
    size_t distance = edit_distance(s->wanted, candidate);
    size_t allowed = s->wanted.n < 4 ? 1 : s->wanted.n / 3;

    if (distance <= allowed && (!s->best.p || distance < s->distance)) {
        s->best = candidate;
        s->distance = distance;
    }
}

const char *suggestion_text(const struct suggestion *s, char *out, size_t size)
{
    out[0] = '\0';
    if (s->best.p)
        snprintf(out, size, " (did you mean '%.*s'?)", STR_ARG(s->best));
    return out;
}

bool duration_parse(struct str s, int64_t *us)
{
    static const struct {
        struct str name;
        uint64_t us;
    } units[] = {
        { { STR_INIT("ms") }, 1000 },      { { STR_INIT("s") }, 1000000 },
        { { STR_INIT("min") }, 60000000 }, { { STR_INIT("m") }, 60000000 },
        { { STR_INIT("h") }, 3600000000 }, { { STR_INIT("d") }, 86400000000 },
    };
    uint64_t number;

    if (!str_take_u64(&s, &number) || number > UINT32_MAX)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (str_eq(s, units[i].name)) {
            *us = (int64_t)(number * units[i].us);
            return true;
        }
    }
    return false;
}

static bool is_texts(const struct node *n)
{
    if (n->kind == NODE_TEXT)
        return true;
    if (n->kind != NODE_LIST)
        return false;
    for (const struct node *item = n->first; item; item = item->next) {
        if (item->kind != NODE_TEXT)
            return false;
    }
    return true;
}

static bool is_steps(const struct node *n)
{
    for (const struct node *item = n->kind == NODE_LIST ? n->first : NULL; item;
         item = item->next) {
        if (item->kind != NODE_TEXT && item->kind != NODE_MAP)
            return false;
    }
    return n->kind == NODE_TEXT || n->kind == NODE_LIST;
}

static bool is_bool(struct str s)
{
    return str_eq(s, STR("true")) || str_eq(s, STR("false"));
}

static bool fits(const struct node *n, enum key_type type)
{
    uint64_t number;
    int64_t us;

    switch (type) {
    case TYPE_TEXT: return n->kind == NODE_TEXT;
    case TYPE_TEXTS: return is_texts(n);
    case TYPE_FLAG: return n->kind == NODE_TEXT && is_bool(n->text);
    case TYPE_NUMBER: return n->kind == NODE_TEXT && str_to_u64(n->text, &number);
    case TYPE_DURATION: return n->kind == NODE_TEXT && duration_parse(n->text, &us);
    case TYPE_MAP: return n->kind == NODE_MAP;
    case TYPE_LIST: return n->kind == NODE_LIST;
    case TYPE_STEPS: return is_steps(n);
    case TYPE_VALUE: return is_texts(n) || n->kind == NODE_MAP;
    case TYPE_COUNT: break;
    }
    return false;
}

static bool unknown_key(const struct node *n, enum key_scope scope, const char *file,
                        struct problems *problems)
{
    struct suggestion s = { .wanted = n->key };
    char quoted[80], hint[80];

    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (key_infos[i].scope == scope)
            suggest(&s, key_infos[i].name);
    }
    return problem_add(problems, file, n->key_line, n->key_col, "unknown key '%s' in %.*s%s",
                       err_quote(n->key, quoted, sizeof quoted), STR_ARG(scope_names[scope]),
                       suggestion_text(&s, hint, sizeof hint));
}

static bool check_entry(const struct node *n, enum key_scope scope, const char *file,
                        struct problems *problems)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (key_infos[i].scope != scope || !str_eq(key_infos[i].name, n->key))
            continue;
        if (!fits(n, key_infos[i].type))
            return problem_add(problems, file, n->line, n->col, "%.*s: expected %.*s",
                               STR_ARG(n->key), STR_ARG(type_names[key_infos[i].type]));
        return true;
    }
    return unknown_key(n, scope, file, problems);
}

bool keys_check(const struct node *map, enum key_scope scope, const char *file,
                struct problems *problems)
{
    bool ok = true;

    if (map->kind != NODE_MAP)
        return problem_add(problems, file, map->line, map->col, "%.*s must be a mapping",
                           STR_ARG(scope_names[scope]));
    for (const struct node *n = map->first; n; n = n->next)
        ok = check_entry(n, scope, file, problems) && ok;
    return ok;
}

const struct node *key_find(const struct node *map, enum key key)
{
    return node_find(map, key_infos[key].name);
}

struct str node_text(const struct node *n)
{
    return n && n->kind == NODE_TEXT ? n->text : (struct str){ 0 };
}

bool node_flag(const struct node *n)
{
    return str_eq(node_text(n), STR("true"));
}
