/* SPDX-License-Identifier: Apache-2.0 */
/* Crash reports in Markdown: title, culprit and the frames that lead to it. See markdown.h. */
#include "reports/markdown.h"
#include "reports/wording.h"

#include <inttypes.h>

static void put_item(struct markdown *m, const char *label, struct str text)
{
    if (text.n == 0)
        return;
    out_printf(m->doc, "- %s: ", label);
    markdown_text(m, text);
    out_puts(m->doc, "\n");
}

static void put_culprit(struct markdown *m, const struct crash *c)
{
    if (c->function.n == 0)
        return;
    out_puts(m->doc, "- Culprit: ");
    markdown_name(m, c->function);
    if (c->module.n) {
        out_puts(m->doc, " of module ");
        markdown_name(m, c->module);
    }
    if (c->comm.n) {
        out_puts(m->doc, ", while ");
        markdown_name(m, c->comm);
        out_puts(m->doc, " ran");
    }
    out_puts(m->doc, "\n");
}

/* "  made_read+0x10/0x80 [madedrv]  drivers/made.c:12" */
static void put_frame(struct markdown *m, const struct frame *f)
{
    out_tty(m->clip.shown, f->function);
    if (f->has_offset)
        out_printf(m->clip.shown, "+0x%" PRIx64 "/0x%" PRIx64, f->offset, f->size);
    if (f->module.n) {
        out_puts(m->clip.shown, " [");
        out_tty(m->clip.shown, f->module);
        out_puts(m->clip.shown, "]");
    }
    if (f->places.n) {
        out_puts(m->clip.shown, "  ");
        out_tty(m->clip.shown, f->places.p[f->places.n - 1].file);
        out_printf(m->clip.shown, ":%" PRIu32, f->places.p[f->places.n - 1].line);
    }
    out_raw(m->block, clip_shown(&m->clip, m->plan->columns));
    out_puts(m->block, "\n");
}

static void put_trace(struct markdown *m, const struct crash *c)
{
    size_t told = 0, all = 0;

    for (size_t i = 0; i < c->call_trace.n; i++) {
        const struct frame *f = &c->call_trace.p[i];

        if (!f->reliable || f->skipped)
            continue;
        if (all++ >= m->plan->frames)
            continue;
        put_frame(m, f);
        told++;
    }
    if (told < all)
        out_printf(m->block, "… %zu more\n", all - told);
    if (all)
        markdown_block(m);
}

static void put_crash(struct markdown *m, const struct crash *c)
{
    out_puts(m->doc, "\n### ");
    markdown_text(m, c->title);
    out_puts(m->doc, "\n\n");
    put_culprit(m, c);
    put_item(m, "Meaning", c->kind->meaning);
    put_item(m, "At", c->ip);
    put_item(m, "Then panicked", c->panic);
    put_item(m, "Hardware", c->hardware);
    put_item(m, "Tainted", c->taint_letters);
    out_printf(m->doc, "- Signature: `%016" PRIx64 "`, family `%016" PRIx64 "`\n",
               c->signature.exact, c->signature.family);
    put_trace(m, c);
}

void markdown_crashes(struct markdown *m)
{
    const struct crash_list *list;
    size_t told = 0;

    if (m->a->focus >= m->a->of_boot.n || m->a->of_boot.p[m->a->focus].crashes.list.n == 0)
        return;
    list = &m->a->of_boot.p[m->a->focus].crashes.list;
    out_puts(m->doc, "\n## Crash reports of the kernel\n");
    for (size_t i = 0; i < list->n && told < m->plan->crashes; i++) {
        if (list->p[i]->consequence_of != UINT32_MAX)
            continue;
        put_crash(m, list->p[i]);
        told++;
    }
    if (told == list->n)
        return;
    out_puts(m->doc, "\n");
    wording_count(m->doc, list->n - told, "more crash report, later or a consequence",
                  "more crash reports, later or consequences");
    out_puts(m->doc, "\n");
}
