/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nodes as bytes; see packed.h. First the number of rules and their digests, then the nodes, a
 * parent before its children:
 *
 *     kind and style · of a map's value: its key, where the key stands · where the node stands ·
 *     a text: its bytes · a list or map: how many children, and these
 *
 * Numbers have seven bits a byte, the lowest first. Bytes have their number before them and a NUL
 * behind them. A line is the distance from the line named before, which is never below it.
 */
#include "analyzer/engine/packed.h"

#include "analyzer/core/limits.h"
#include "analyzer/engine/digest.h"
#include "analyzer/engine/keys.h"

enum { STYLE_SHIFT = 2, KIND_MASK = (1 << STYLE_SHIFT) - 1 };

struct writer {
    struct arena *a;
    struct bytes {
        VEC(char);
    } out;
    uint32_t line;
    bool failed;
};

static void put_byte(struct writer *w, unsigned char byte)
{
    char *slot = vec_push(w->a, &w->out);

    if (slot)
        *slot = (char)byte;
    else
        w->failed = true;
}

static void put_number(struct writer *w, size_t number)
{
    for (; number > 127; number >>= 7)
        put_byte(w, (unsigned char)(number & 127) | 128);
    put_byte(w, (unsigned char)number);
}

static void put_bytes(struct writer *w, struct str s)
{
    put_number(w, s.n);
    for (size_t i = 0; i < s.n; i++)
        put_byte(w, (unsigned char)s.p[i]);
    put_byte(w, 0);
}

static void put_place(struct writer *w, uint32_t line, uint32_t col)
{
    put_number(w, line - w->line);
    put_number(w, col);
    w->line = line;
}

/* The tests of a rule: nobody who only diagnoses asks for them, and they are a third of the nodes.
 */
static bool is_left_out(const struct node *n, unsigned depth)
{
    return depth == 3 && str_eq(n->key, key_infos[KEY_RULE_TESTS].name);
}

/* Recursion over a node: at most LIMIT_YAML_DEPTH deep. */
static void put_node(struct writer *w, const struct node *n, bool has_key, unsigned depth)
{
    size_t count = 0;

    put_byte(w, (unsigned char)(n->kind | n->style << STYLE_SHIFT));
    if (has_key) {
        put_bytes(w, n->key);
        put_place(w, n->key_line, n->key_col);
    }
    put_place(w, n->line, n->col);
    if (n->kind == NODE_TEXT) {
        put_bytes(w, n->text);
        return;
    }
    for (const struct node *c = n->first; c; c = c->next)
        count += !is_left_out(c, depth + 1);
    put_number(w, count);
    for (const struct node *c = n->first; c; c = c->next) {
        if (!is_left_out(c, depth + 1))
            put_node(w, c, n->kind == NODE_MAP, depth + 1);
    }
}

struct str packed_write(struct arena *a, const struct node *root)
{
    struct writer w = { .a = a, .line = 1 };
    const struct node *rules = node_find(root, key_infos[KEY_FILE_RULES].name);
    unsigned char digest[DIGEST_BYTES];

    put_number(&w, rules ? rules->n : 0);
    for (const struct node *n = rules ? rules->first : NULL; n; n = n->next) {
        rule_digest(n, digest);
        for (size_t i = 0; i < sizeof digest; i++)
            put_byte(&w, digest[i]);
    }
    put_node(&w, root, false, 0);
    return w.failed ? (struct str){ 0 } : (struct str){ w.out.p, w.out.n };
}

struct reader {
    struct str in;
    struct arena *nodes;
    uint32_t line;
    struct {
        struct node *node;
        size_t left; /* children to come */
    } open[LIMIT_YAML_DEPTH];
    size_t depth;
};

static bool take_number(struct reader *r, size_t *number)
{
    size_t value = 0;
    unsigned char byte;

    for (unsigned shift = 0; r->in.n && shift < 32; shift += 7) {
        byte = (unsigned char)*r->in.p;
        r->in = str_from_at(r->in, 1);
        value |= (size_t)(byte & 127) << shift;
        if (byte < 128) {
            *number = value;
            return true;
        }
    }
    return false;
}

static bool take_bytes(struct reader *r, struct str *out)
{
    size_t n;

    if (!take_number(r, &n) || n >= r->in.n)
        return false;
    *out = str_first(r->in, n);
    r->in = str_from_at(r->in, n + 1);
    return true;
}

static bool take_place(struct reader *r, uint32_t *line, uint32_t *col)
{
    size_t lines, column;

    if (!take_number(r, &lines) || !take_number(r, &column))
        return false;
    r->line += (uint32_t)lines;
    *line = r->line;
    *col = (uint32_t)column;
    return true;
}

/* A list or map waits for its children; one without any is complete. */
static bool open_node(struct reader *r, struct node *n)
{
    size_t count;

    if (!take_number(r, &count) || r->depth == LIMIT_YAML_DEPTH)
        return false;
    if (count) {
        r->open[r->depth].node = n;
        r->open[r->depth++].left = count;
    }
    return true;
}

static struct node *take_node(struct reader *r, bool has_key)
{
    struct node *n = arena_new(r->nodes, struct node, 1);
    char head;

    if (!n || !str_take_any(&r->in, &head) || (head & KIND_MASK) > NODE_MAP)
        return NULL;
    n->kind = (enum node_kind)(head & KIND_MASK);
    n->style = (enum node_style)(head >> STYLE_SHIFT);
    if (has_key && !(take_bytes(r, &n->key) && take_place(r, &n->key_line, &n->key_col)))
        return NULL;
    if (!take_place(r, &n->line, &n->col))
        return NULL;
    return (n->kind == NODE_TEXT ? take_bytes(r, &n->text) : open_node(r, n)) ? n : NULL;
}

bool packed_read(struct arena *nodes, struct str bytes, struct packed *out)
{
    struct reader r = { .in = bytes, .nodes = nodes, .line = 1 };
    struct node *root, *parent, *n;
    size_t n_digests;

    if (!take_number(&r, &n_digests) || n_digests > r.in.n / DIGEST_BYTES)
        return false;
    *out = (struct packed){ .digests = (const unsigned char *)r.in.p, .n_digests = n_digests };
    r.in = str_from_at(r.in, n_digests * DIGEST_BYTES);
    root = take_node(&r, false);
    out->root = root;
    while (root && r.depth) {
        parent = r.open[r.depth - 1].node;
        if (--r.open[r.depth - 1].left == 0)
            r.depth--; /* the child may open itself in the place of its parent */
        n = take_node(&r, parent->kind == NODE_MAP);
        if (!n)
            return false;
        node_append(parent, n);
    }
    return root != NULL;
}
