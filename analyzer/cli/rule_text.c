/* SPDX-License-Identifier: Apache-2.0 */
/* Printing rules; see rule_text.h. */
#include "analyzer/cli/rule_text.h"

#include "analyzer/cli/complain.h"
#include "analyzer/engine/keys.h"
#include "reports/layout.h"

enum { WIDTH = 100 };

const struct rule *rule_text_find(const struct cli *c, const char *id)
{
    const struct rule *rule = ruleset_find(c->rules, str_from(id));
    struct suggestion s = { .wanted = str_from(id) };
    char hint[160];

    if (rule)
        return rule;
    for (size_t i = 0; i < ruleset_count(c->rules); i++)
        suggest(&s, ruleset_at(c->rules, i)->id);
    complain("there is no rule %s%s; lastwords rules list shows all", id,
             suggestion_text(&s, hint, sizeof hint));
    return NULL;
}

/* A template as it is written: ${…} and all. */
static void put_template(struct out *o, const struct template *t, size_t at)
{
    struct out *text = out_new_memory();

    if (!text)
        return;
    for (size_t i = 0; i < t->n_parts; i++) {
        const struct template_part *part = &t->parts[i];

        out_tty(text, part->words);
        if (part->path.n)
            out_puts(text, "${");
        out_tty(text, part->path);
        if (part->func.n)
            out_puts(text, " | ");
        out_tty(text, part->func);
        if (part->path.n)
            out_puts(text, "}");
    }
    layout_wrap(o, out_bytes(text), at, at, WIDTH);
    out_puts(o, "\n");
    out_free(text);
}

static void put_list(struct out *o, const char *title, const struct strs *list)
{
    if (list->n == 0)
        return;
    out_printf(o, "\n  %s\n", title);
    for (size_t i = 0; i < list->n; i++) {
        out_puts(o, "  - ");
        out_tty(o, list->p[i]);
        out_puts(o, "\n");
    }
}

void rule_text_write(struct out *o, const struct rule *rule)
{
    out_tty(o, rule->id);
    out_puts(o, "\n  ");
    put_template(o, &rule->title_template, 2);
    out_printf(o, "  severity %.*s, confidence %.*s, status %.*s",
               STR_ARG(severity_name(rule->severity)), STR_ARG(confidence_name(rule->confidence)),
               STR_ARG(status_name(rule->status)));
    if (rule->category.n)
        out_puts(o, ", category ");
    out_tty(o, rule->category);
    out_puts(o, "\n  from ");
    out_tty(o, rule->file);
    out_printf(o, ":%u\n\n  ", rule->line);
    put_template(o, &rule->diagnosis, 2);
    if (rule->remediation.n)
        out_puts(o, "\n  What to do\n");
    for (size_t i = 0; i < rule->remediation.n; i++) {
        out_printf(o, "  %zu. ", i + 1);
        put_template(o, &rule->remediation.p[i].text, i + 1 < 10 ? 5 : 6);
    }
    put_list(o, "It is more specific than", &rule->supersedes);
    put_list(o, "It explains", &rule->explains);
    put_list(o, "It is caused by", &rule->caused_by);
    put_list(o, "It is left out when one of these holds", &rule->suppress_if);
    put_list(o, "Known false positives", &rule->false_positives);
    put_list(o, "References", &rule->references);
}

static size_t indent_of(struct str line)
{
    struct str s = line;

    while (str_take_char(&s, ' '))
        continue;
    return line.n - s.n;
}

/* From the entry's "- " to the next line that is indented no deeper and holds something. */
void rule_text_source(struct out *o, const struct cli *c, const struct rule *rule)
{
    struct str yaml = rules_source(&c->rule_files, rule->file), line;
    size_t entry = 0;

    for (uint32_t n = 1; str_take_line(&yaml, &line); n++) {
        size_t indent = indent_of(line);

        if (n < rule->line)
            continue;
        if (n == rule->line)
            entry = indent;
        else if (indent <= entry && indent < line.n)
            break;
        out_tty(o, line);
        out_puts(o, "\n");
    }
}
