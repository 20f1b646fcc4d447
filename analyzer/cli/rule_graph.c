/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules as a graph in Graphviz' language (https://graphviz.org/doc/info/lang.html): a node per
 * rule, a cluster per category, solid edges from causes to symptoms, dashed ones from the more
 * particular rule to the general one, dotted ones from what mutes.
 */
#include "analyzer/cli/rule_graph.h"

#include "analyzer/cli/complain.h"
#include "analyzer/engine/graph.h"
#include "analyzer/engine/matcher.h"

enum drawn { DRAWN_NOT, DRAWN_TOUCHED, DRAWN_NAMED };

struct picture {
    struct cli *cli;
    struct out *out;
    struct graph graph;
    unsigned char *drawn; /* enum drawn, by rule */
};

static const char *const colors[SEVERITY_COUNT] = {
    [SEVERITY_INFO] = "#e8eef4",     [SEVERITY_WARNING] = "#fff3c4", [SEVERITY_ERROR] = "#ffd9b0",
    [SEVERITY_CRITICAL] = "#f6a5a0", [SEVERITY_FATAL] = "#e0635f",
};

static const char *const edge_styles[GRAPH_KINDS] = {
    [GRAPH_EXPLAINS] = "",
    [GRAPH_SUPERSEDES] = " [style=dashed, color=\"#5b7fa6\"]",
    [GRAPH_MUTES] = " [style=dotted, color=\"#808080\"]",
};

/* A quoted string of the language: quotes and backslashes escaped, controls made visible. */
static void put_quoted(struct out *o, struct str s)
{
    struct out *visible = out_new_memory();
    struct str text;

    if (!visible)
        return;
    out_tty(visible, s);
    text = out_bytes(visible);
    out_puts(o, "\"");
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"' || text.p[i] == '\\')
            out_puts(o, "\\");
        out_raw(o, (struct str){ text.p + i, 1 });
    }
    out_puts(o, "\"");
    out_free(visible);
}

/* Marks the rules that the words name; false when one names none. */
static bool mark_named(struct picture *p)
{
    const struct words *words = &p->cli->args.words;

    for (size_t w = 1; w < words->n; w++) {
        bool found = false;

        for (size_t i = 0; i < ruleset_count(p->cli->rules); i++) {
            if (!glob_match(str_from(words->p[w]), ruleset_at(p->cli->rules, i)->id))
                continue;
            p->drawn[i] = DRAWN_NAMED;
            found = true;
        }
        if (!found) {
            complain("there is no rule %s; lastwords rules list shows all", words->p[w]);
            return false;
        }
    }
    return true;
}

static bool is_drawn(const struct picture *p, const struct graph_edge *e)
{
    return p->cli->args.words.n <= 1 || p->drawn[e->from] == DRAWN_NAMED ||
           p->drawn[e->to] == DRAWN_NAMED;
}

/* What an edge of a named rule ends at; without names every rule. */
static void mark_touched(struct picture *p)
{
    for (size_t i = 0; p->cli->args.words.n <= 1 && i < ruleset_count(p->cli->rules); i++)
        p->drawn[i] = DRAWN_TOUCHED;
    for (size_t i = 0; i < p->graph.n; i++) {
        const struct graph_edge *e = &p->graph.p[i];

        if (!is_drawn(p, e))
            continue;
        p->drawn[e->from] = p->drawn[e->from] ? p->drawn[e->from] : DRAWN_TOUCHED;
        p->drawn[e->to] = p->drawn[e->to] ? p->drawn[e->to] : DRAWN_TOUCHED;
    }
}

static void put_node(struct picture *p, const struct rule *rule)
{
    out_puts(p->out, "    ");
    put_quoted(p->out, rule->id);
    out_printf(p->out, " [fillcolor=\"%s\"%s, tooltip=", colors[rule->severity],
               p->drawn[rule->index] == DRAWN_NAMED ? ", penwidth=2" : "");
    put_quoted(p->out, rule->title);
    out_puts(p->out, "];\n");
}

/* All drawn rules of the category of rule `first`; false when an earlier one had the same. */
static void put_cluster(struct picture *p, size_t first)
{
    const struct ruleset *rs = p->cli->rules;
    struct str category = ruleset_at(rs, first)->category;

    for (size_t i = 0; i < first; i++)
        if (p->drawn[i] && str_eq(ruleset_at(rs, i)->category, category))
            return;
    out_puts(p->out, "  subgraph ");
    put_quoted(p->out, arena_printf(&p->cli->arena, "cluster_%.*s", STR_ARG(category)));
    out_puts(p->out, " {\n    label=");
    put_quoted(p->out, category);
    out_puts(p->out, ";\n");
    for (size_t i = first; i < ruleset_count(rs); i++)
        if (p->drawn[i] && str_eq(ruleset_at(rs, i)->category, category))
            put_node(p, ruleset_at(rs, i));
    out_puts(p->out, "  }\n");
}

static void put_picture(struct picture *p)
{
    const struct ruleset *rs = p->cli->rules;

    out_puts(p->out, "digraph rules {\n  rankdir=LR;\n"
                     "  node [shape=box, style=\"filled,rounded\", fontname=\"sans-serif\"];\n");
    for (size_t i = 0; i < ruleset_count(rs); i++)
        if (p->drawn[i])
            put_cluster(p, i);
    for (size_t i = 0; i < p->graph.n; i++) {
        const struct graph_edge *e = &p->graph.p[i];

        if (!is_drawn(p, e))
            continue;
        out_puts(p->out, "  ");
        put_quoted(p->out, ruleset_at(rs, e->from)->id);
        out_puts(p->out, " -> ");
        put_quoted(p->out, ruleset_at(rs, e->to)->id);
        out_printf(p->out, "%s;\n", edge_styles[e->kind]);
    }
    out_puts(p->out, "}\n");
}

int rule_graph_run(struct cli *c)
{
    struct picture p = { .cli = c, .out = c->output.out };

    p.drawn = arena_alloc(&c->arena, ruleset_count(c->rules) + 1);
    if (!p.drawn || !graph_build(c->rules, &c->arena, &p.graph)) {
        complain("out of memory");
        return EXIT_NOTHING;
    }
    if (!mark_named(&p))
        return EXIT_NOTHING;
    mark_touched(&p);
    put_picture(&p);
    return EXIT_FINE;
}
