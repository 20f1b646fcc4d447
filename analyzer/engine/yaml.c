/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libyaml's one home: its events become nodes. The stack of open lists and maps is ours, so depth
 * is counted while the events come in (libyaml itself is quadratic in depth).
 */
#include "analyzer/engine/yaml.h"

#include "analyzer/core/limits.h"

#include <yaml.h>

struct builder {
    struct arena *nodes, *texts;
    const char *file;
    struct str yaml;
    struct node *open[LIMIT_YAML_DEPTH];
    size_t depth;
    struct node *root;
    bool has_key; /* the innermost map waits for this key's value */
    struct node key;
    struct err *err;
};

void node_append(struct node *parent, struct node *n)
{
    if (parent->last)
        parent->last->next = n;
    else
        parent->first = n;
    parent->last = n;
    parent->n++;
}

static bool fail_mark(struct builder *b, const yaml_mark_t *m, enum fail code, const char *text)
{
    return fail_at(b->err, code, b->file, (uint32_t)m->line + 1, (uint32_t)m->column + 1, "%s",
                   text);
}

static bool key_is_new(struct builder *b, const struct node *map, const struct node *key)
{
    char quoted[80];

    for (const struct node *n = map->first; n; n = n->next) {
        if (str_eq(n->key, key->text))
            return fail_at(b->err, FAIL_SYNTAX, b->file, key->line, key->col,
                           "key '%s' stands twice: here and on line %u",
                           err_quote(key->text, quoted, sizeof quoted), (unsigned)n->key_line);
    }
    return true;
}

/* A text that stands where a map wants a key. */
static bool take_key(struct builder *b, const struct node *text)
{
    const struct node *map = b->open[b->depth - 1];

    if (str_eq(text->text, STR("<<")))
        return fail_at(b->err, FAIL_SYNTAX, b->file, text->line, text->col,
                       "merge keys are not part of the rule language; use lists:");
    if (map->n >= LIMIT_YAML_KEYS)
        return fail_at(b->err, FAIL_LIMIT, b->file, text->line, text->col,
                       "more than %d keys in one mapping", LIMIT_YAML_KEYS);
    if (!key_is_new(b, map, text))
        return false;
    b->key = *text;
    b->has_key = true;
    return true;
}

/* Hangs a finished or just opened node under the innermost open one. */
static struct node *add_node(struct builder *b, const struct node *value)
{
    struct node *parent = b->depth ? b->open[b->depth - 1] : NULL;
    struct node *n = arena_new(b->nodes, struct node, 1);

    if (!n) {
        fail(b->err, FAIL_LIMIT, "out of memory for rules");
        return NULL;
    }
    *n = *value;
    if (!parent) {
        b->root = n;
        return n;
    }
    if (parent->kind == NODE_MAP) {
        n->key = b->key.text;
        n->key_line = b->key.line;
        n->key_col = b->key.col;
        b->has_key = false;
    }
    node_append(parent, n);
    return n;
}

static bool wants_key(const struct builder *b)
{
    return b->depth && b->open[b->depth - 1]->kind == NODE_MAP && !b->has_key;
}

static enum node_style style_of(yaml_scalar_style_t style)
{
    static const enum node_style styles[] = {
        [YAML_SINGLE_QUOTED_SCALAR_STYLE] = STYLE_SINGLE,
        [YAML_DOUBLE_QUOTED_SCALAR_STYLE] = STYLE_DOUBLE,
        [YAML_LITERAL_SCALAR_STYLE] = STYLE_BLOCK,
        [YAML_FOLDED_SCALAR_STYLE] = STYLE_BLOCK,
    };

    return (size_t)style < sizeof styles / sizeof styles[0] ? styles[style] : STYLE_PLAIN;
}

static bool on_text(struct builder *b, const yaml_event_t *e)
{
    struct node n = {
        .kind = NODE_TEXT,
        .style = style_of(e->data.scalar.style),
        .line = (uint32_t)e->start_mark.line + 1,
        .col = (uint32_t)e->start_mark.column + 1,
    };
    struct str bytes = { (const char *)e->data.scalar.value, e->data.scalar.length };

    if (e->data.scalar.anchor || e->data.scalar.tag)
        return fail_mark(b, &e->start_mark, FAIL_SYNTAX,
                         "anchors and tags are not part of the rule language");
    if (bytes.n > LIMIT_YAML_SCALAR_BYTES)
        return fail_mark(b, &e->start_mark, FAIL_LIMIT, "text longer than 64 KiB");
    if (memchr(bytes.p, '\0', bytes.n))
        return fail_mark(b, &e->start_mark, FAIL_SYNTAX, "text holds a NUL byte");
    n.text = arena_str(b->texts, bytes);
    if (n.text.n != bytes.n)
        return fail(b->err, FAIL_LIMIT, "out of memory for rules");
    return wants_key(b) ? take_key(b, &n) : add_node(b, &n) != NULL;
}

static bool on_open(struct builder *b, const yaml_event_t *e, enum node_kind kind)
{
    struct node n = { .kind = kind,
                      .line = (uint32_t)e->start_mark.line + 1,
                      .col = (uint32_t)e->start_mark.column + 1 };
    bool tagged = kind == NODE_MAP ? e->data.mapping_start.anchor || e->data.mapping_start.tag
                                   : e->data.sequence_start.anchor || e->data.sequence_start.tag;
    struct node *added;

    if (tagged)
        return fail_mark(b, &e->start_mark, FAIL_SYNTAX,
                         "anchors and tags are not part of the rule language");
    if (wants_key(b))
        return fail_mark(b, &e->start_mark, FAIL_SYNTAX, "a key must be plain text");
    if (b->depth == LIMIT_YAML_DEPTH)
        return fail_mark(b, &e->start_mark, FAIL_LIMIT, "nested too deeply");
    added = add_node(b, &n);
    if (!added)
        return false;
    b->open[b->depth++] = added;
    return true;
}

/* The reader of bytes knows no lines: those of the text that stands before the bad one. */
static bool fail_byte(struct builder *b, struct str before, const char *problem)
{
    uint32_t line = 0;
    struct str part;

    do
        line++;
    while (str_take_until(&before, '\n', &part));
    return fail_at(b->err, FAIL_SYNTAX, b->file, line, (uint32_t)before.n + 1, "%s", problem);
}

/* What to do about the mistakes that everybody makes once; by libyaml's words for them. */
static const char *advice(struct str problem, char at)
{
    static const struct {
        struct str words;
        const char *text;
    } mistakes[] = {
        { { STR_INIT("escape") }, " (write regular expressions in single quotes)" },
        { { STR_INIT("did not find expected key") },
          " (a quote inside single quotes is written twice)" },
        { { STR_INIT("mapping values are not allowed") },
          " (a text that holds ': ' needs quotes)" },
    };

    if (at == '\t')
        return " (YAML indents with blanks, not with tabs)";
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++)
        if (str_find(problem, mistakes[i].words) != STR_NOT_FOUND)
            return mistakes[i].text;
    return "";
}

/* libyaml's own words, and ours. */
static bool fail_parser(struct builder *b, const yaml_parser_t *p)
{
    char at = p->problem_mark.index < b->yaml.n ? b->yaml.p[p->problem_mark.index] : '\0';

    if (p->error == YAML_MEMORY_ERROR)
        return fail(b->err, FAIL_LIMIT, "out of memory for rules");
    if (p->error == YAML_READER_ERROR)
        return fail_byte(b, str_first(b->yaml, p->problem_offset),
                         p->problem ? p->problem : "not UTF-8");
    return fail_at(b->err, FAIL_SYNTAX, b->file, (uint32_t)p->problem_mark.line + 1,
                   (uint32_t)p->problem_mark.column + 1, "%s%s%s%s",
                   p->problem ? p->problem : "not YAML", p->context ? " " : "",
                   p->context ? p->context : "",
                   advice(str_from(p->problem ? p->problem : ""), at));
}

/* False at an error; *done is set at the end of the stream. */
static bool on_event(struct builder *b, const yaml_event_t *e, bool *done)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT: return on_text(b, e);
    case YAML_SEQUENCE_START_EVENT: return on_open(b, e, NODE_LIST);
    case YAML_MAPPING_START_EVENT: return on_open(b, e, NODE_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: b->depth--; return true;
    case YAML_ALIAS_EVENT:
        return fail_mark(b, &e->start_mark, FAIL_SYNTAX,
                         "aliases are not part of the rule language; use lists:");
    case YAML_DOCUMENT_START_EVENT:
        if (b->root)
            return fail_mark(b, &e->start_mark, FAIL_SYNTAX, "only one document per file");
        if (e->data.document_start.version_directive ||
            e->data.document_start.tag_directives.start !=
                    e->data.document_start.tag_directives.end)
            return fail_mark(b, &e->start_mark, FAIL_SYNTAX, "directives are not allowed");
        return true;
    case YAML_STREAM_END_EVENT: *done = true; return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT: return true;
    }
    return true;
}

static bool read_events(struct builder *b, yaml_parser_t *parser)
{
    yaml_event_t e;
    bool done = false, ok = true;

    while (ok && !done) {
        if (!yaml_parser_parse(parser, &e))
            return fail_parser(b, parser);
        ok = on_event(b, &e, &done);
        yaml_event_delete(&e);
    }
    return ok;
}

bool yaml_read(struct arena *nodes, struct arena *texts, struct str file, struct str yaml,
               const struct node **root, struct err *err)
{
    struct str name = arena_str(nodes, file);
    struct builder b = {
        .nodes = nodes, .texts = texts, .file = name.p ? name.p : "", .yaml = yaml, .err = err
    };
    yaml_parser_t parser;
    bool ok;

    str_take(&b.yaml, STR("\xef\xbb\xbf")); /* editors on Windows begin a file with it */
    if (yaml.n > LIMIT_YAML_BYTES)
        return fail_at(err, FAIL_LIMIT, b.file, 0, 0, "larger than 4 MiB");
    if (!yaml_parser_initialize(&parser))
        return fail(err, FAIL_LIMIT, "out of memory for rules");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)b.yaml.p, b.yaml.n);
    ok = read_events(&b, &parser);
    yaml_parser_delete(&parser);
    if (ok)
        *root = b.root;
    return ok;
}

const struct node *node_find(const struct node *map, struct str key)
{
    for (const struct node *n = map->first; n; n = n->next) {
        if (str_eq(n->key, key))
            return n;
    }
    return NULL;
}
