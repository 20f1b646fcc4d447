/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the Markdown report are made of; see markdown.h. */
#include "reports/markdown.h"

#include <inttypes.h>

bool markdown_init(struct markdown *m, const struct out *out, const struct report_options *o)
{
    *m = (struct markdown){ .doc = out_new_memory(),
                            .block = out_new_memory(),
                            .o = o,
                            .redacted = out_redactor(out) != NULL };
    return clip_init(&m->clip, out) && m->doc && m->block;
}

void markdown_done(struct markdown *m)
{
    clip_done(&m->clip);
    out_free(m->doc);
    out_free(m->block);
}

void markdown_shown(struct markdown *m)
{
    out_markdown(m->doc, str_trim(clip_shown(&m->clip, m->plan->words)));
}

void markdown_text(struct markdown *m, struct str s)
{
    out_tty(m->clip.shown, s);
    markdown_shown(m);
}

/* Backticks cannot be escaped within code, nor a bar within a table: such a name is a text. */
void markdown_name(struct markdown *m, struct str name)
{
    struct str s = clip(&m->clip, name, m->plan->words);

    if (s.n == 0 || str_find_char(s, '`') != STR_NOT_FOUND ||
        str_find_char(s, '|') != STR_NOT_FOUND) {
        out_markdown(m->doc, str_trim(s));
        return;
    }
    out_puts(m->doc, "`");
    out_raw(m->doc, s);
    out_puts(m->doc, "`");
}

void markdown_line(struct markdown *m, const struct markdown_line *line)
{
    out_puts(m->block, line->mark ? line->mark : "");
    out_raw(m->block, clip(&m->clip, line->input, m->plan->columns));
    if (line->line)
        out_printf(m->block, ":%" PRIu64, line->line);
    if (line->stamp.n)
        out_puts(m->block, "  ");
    out_raw(m->block, line->stamp);
    out_puts(m->block, "  ");
    out_raw(m->block, clip(&m->clip, line->text, m->plan->columns));
    out_puts(m->block, "\n");
}

void markdown_block(struct markdown *m)
{
    size_t ticks = out_longest_run(out_bytes(m->block), '`');

    ticks = ticks < 3 ? 3 : ticks + 1;
    out_puts(m->doc, "\n");
    out_repeat(m->doc, '`', ticks);
    out_puts(m->doc, "text\n");
    out_raw(m->doc, out_bytes(m->block));
    out_repeat(m->doc, '`', ticks);
    out_puts(m->doc, "\n");
    out_clear(m->block);
}

void markdown_end(struct markdown *m, struct str version, struct str sha256, uint64_t n_rules)
{
    if (m->plan->cut)
        out_printf(m->doc, "\n**Cut to stay under 60 kB:** %s. All of it: `--html` or `--json`.\n",
                   m->plan->cut);
    out_puts(m->doc, "\n---\n\nlastwords ");
    markdown_name(m, version);
    out_printf(m->doc, " · %" PRIu64 " rules, %.*s  \nredacted: %s\n", n_rules,
               STR_ARG(str_first(sha256, 16)), m->redacted ? "yes" : "no");
}
