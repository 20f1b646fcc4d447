/* SPDX-License-Identifier: Apache-2.0 */
/* What the text report is put together from; see page.h. */
#include "reports/page.h"

#include <inttypes.h>

struct str page_severity(enum severity severity)
{
    static const struct str words[SEVERITY_COUNT] = {
        [SEVERITY_INFO] = { STR_INIT("INFO") },
        [SEVERITY_WARNING] = { STR_INIT("WARNING") },
        [SEVERITY_ERROR] = { STR_INIT("ERROR") },
        [SEVERITY_FATAL] = { STR_INIT("FATAL") },
        [SEVERITY_CRITICAL] = { STR_INIT("CRITICAL") },
    };

    return words[severity];
}

enum style page_style(enum severity severity)
{
    static const enum style styles[SEVERITY_COUNT] = {
        [SEVERITY_INFO] = STYLE_BLUE,    [SEVERITY_WARNING] = STYLE_YELLOW,
        [SEVERITY_ERROR] = STYLE_RED,    [SEVERITY_FATAL] = STYLE_RED,
        [SEVERITY_CRITICAL] = STYLE_RED,
    };

    return styles[severity];
}

void page_flush(struct page *p, size_t at, size_t indent)
{
    layout_wrap(p->out, out_bytes(p->scratch), at, indent, p->o->width);
    out_puts(p->out, "\n");
    out_clear(p->scratch);
}

void page_words(struct page *p, size_t indent, const char *words)
{
    out_repeat(p->out, ' ', indent);
    out_puts(p->scratch, words);
    page_flush(p, indent, indent);
}

/* "vmware.log:3117" into the scratch. */
static void scratch_place(struct page *p, const struct record *r)
{
    out_tty(p->scratch, wording_input_short(p->a, r->input));
    out_printf(p->scratch, ":%" PRIu64, r->line);
}

static size_t place_columns(struct page *p, const struct record *r)
{
    size_t columns;

    scratch_place(p, r);
    columns = layout_columns(out_bytes(p->scratch));
    out_clear(p->scratch);
    return columns;
}

/* Further lines of a record, under its first: there stands what a message box says, say. */
static void put_more_lines(struct page *p, struct str text, size_t column)
{
    enum { LINES_MORE = 2 };
    struct str line;
    size_t n = 0;

    while (n < LINES_MORE && str_take_line(&text, &line)) {
        if (str_trim(line).n == 0)
            continue;
        n++;
        out_repeat(p->scratch, ' ', column);
        out_tty(p->scratch, line);
        if (n == LINES_MORE && str_trim(text).n)
            out_puts(p->scratch, " …");
        layout_cut(p->out, out_bytes(p->scratch), p->o->cut);
        out_puts(p->out, "\n");
        out_clear(p->scratch);
    }
}

static void put_line(struct page *p, const struct page_line *line, size_t place_width)
{
    const struct record *r = line->record;
    struct str rest = r->text, first = r->text;
    size_t column;

    str_take_line(&rest, &first);
    out_puts(p->scratch, "  ");
    scratch_place(p, r);
    while (layout_columns(out_bytes(p->scratch)) < place_width + 4)
        out_puts(p->scratch, " ");
    column = layout_columns(out_bytes(p->scratch));
    wording_stamp(p->scratch, r);
    if (layout_columns(out_bytes(p->scratch)) > column)
        out_puts(p->scratch, "  ");
    column = layout_columns(out_bytes(p->scratch));
    if (line->times > 1)
        out_printf(p->scratch, "(%" PRIu64 " times) ", line->times);
    out_tty(p->scratch, first);
    layout_cut(p->out, out_bytes(p->scratch), p->o->cut);
    out_puts(p->out, "\n");
    out_clear(p->scratch);
    put_more_lines(p, rest, column);
}

void page_list_end(struct page *p, struct page_listing *l)
{
    size_t width = 0;

    for (size_t i = 0; i < l->n; i++) {
        size_t columns = place_columns(p, l->lines[i].record);

        width = columns > width ? columns : width;
    }
    for (size_t i = 0; i < l->n; i++)
        put_line(p, &l->lines[i], width);
    l->n = 0;
}

void page_list(struct page *p, struct page_listing *l, const struct record *record, uint64_t times)
{
    if (!record)
        return;
    if (l->n == sizeof l->lines / sizeof l->lines[0])
        page_list_end(p, l);
    l->lines[l->n++] = (struct page_line){ record, times };
}

void page_row(struct page *p, size_t at, size_t indent, struct str id)
{
    at = layout_wrap(p->out, out_bytes(p->scratch), at, indent, p->o->width);
    out_clear(p->scratch);
    if (p->o->width && at + 2 + id.n > p->o->width) {
        out_puts(p->out, "\n");
        at = 0;
    }
    out_repeat(p->out, ' ', p->o->width > at + id.n ? p->o->width - at - id.n : 2);
    out_own(p->scratch, out_tty, id);
    layout_styled(p->out, p->o->color, STYLE_DIM, out_bytes(p->scratch));
    out_clear(p->scratch);
    out_puts(p->out, "\n");
}
