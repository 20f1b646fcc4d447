/* SPDX-License-Identifier: Apache-2.0 */
/* Crash reports in HTML: what a reader needs in the open, the rest folded. See html.h. */
#include "reports/html.h"

#include <inttypes.h>

static void put_row(struct out *o, const char *label, struct str text)
{
    if (text.n == 0)
        return;
    out_printf(o, "<dt>%s</dt><dd>", label);
    out_markup(o, text);
    out_puts(o, "</dd>\n");
}

static void put_culprit(struct out *o, const struct crash *c)
{
    if (c->function.n == 0)
        return;
    out_puts(o, "<dt>Culprit</dt><dd><code>");
    out_markup(o, c->function);
    out_puts(o, "()</code>");
    if (c->module.n) {
        out_puts(o, " of module <code>");
        out_markup(o, c->module);
        out_puts(o, "</code>");
    }
    if (c->comm.n) {
        out_puts(o, ", while <code>");
        out_markup(o, c->comm);
        out_puts(o, "</code> ran");
    }
    out_puts(o, "</dd>\n");
}

static void put_taint(struct out *o, const struct crash *c)
{
    if (c->taint.n == 0)
        return;
    out_puts(o, "<dt>Tainted</dt><dd>");
    for (size_t i = 0; i < c->taint.n; i++) {
        out_puts(o, i ? "; " : "");
        out_markup(o, c->taint.p[i]);
    }
    out_puts(o, "</dd>\n");
}

static void put_search(struct out *o, const struct crash *c)
{
    out_puts(o, "<dt>Search for</dt><dd><code>&quot;");
    out_markup(o, c->title);
    out_puts(o, "&quot;");
    if (c->module.n)
        out_puts(o, " ");
    out_markup(o, c->module);
    if (c->kernel.n)
        out_puts(o, " ");
    out_markup(o, c->kernel);
    out_puts(o, "</code></dd>\n");
    out_printf(o,
               "<dt>Signature</dt><dd class=\"mono\">%016" PRIx64 ", family %016" PRIx64 "</dd>\n",
               c->signature.exact, c->signature.family);
}

static bool is_folded(const struct frame *f)
{
    return !f->reliable || f->skipped;
}

static void put_frame(struct out *o, const struct frame *f)
{
    out_puts(o, "<div><span class=\"tx\">");
    if (!f->reliable)
        out_puts(o, "? ");
    out_markup(o, f->function);
    if (f->has_offset)
        out_printf(o, "+0x%" PRIx64 "/0x%" PRIx64, f->offset, f->size);
    if (f->module.n) {
        out_puts(o, " [");
        out_markup(o, f->module);
        out_puts(o, "]");
    }
    if (f->places.n) {
        out_puts(o, "  ");
        out_markup(o, f->places.p[f->places.n - 1].file);
        out_printf(o, ":%" PRIu32, f->places.p[f->places.n - 1].line);
    }
    out_puts(o, "</span>");
    if (f->context != FRAME_TASK) {
        out_puts(o, "<span class=\"tag\">");
        out_raw(o, frame_context_name(f->context));
        out_puts(o, "</span>");
    }
    out_puts(o, "</div>\n");
}

/* A run of frames of one kind; those that lead nowhere are folded away. */
static void put_run(struct out *o, const struct frames *trace, size_t from, size_t to)
{
    bool folded = is_folded(&trace->p[from]);

    if (folded)
        out_printf(o, "<details><summary>%zu skipped</summary>\n", to - from);
    for (size_t i = from; i < to; i++)
        put_frame(o, &trace->p[i]);
    if (folded)
        out_puts(o, "</details>\n");
}

static void put_trace(struct out *o, const struct crash *c)
{
    size_t to;

    if (c->call_trace.n == 0)
        return;
    out_puts(o, "<h4>Call trace, innermost first</h4>\n<div class=\"log trace\" role=\"group\" "
                "tabindex=\"0\" aria-label=\"call trace\">\n");
    for (size_t from = 0; from < c->call_trace.n; from = to) {
        to = from + 1;
        while (to < c->call_trace.n &&
               is_folded(&c->call_trace.p[to]) == is_folded(&c->call_trace.p[from]))
            to++;
        put_run(o, &c->call_trace, from, to);
    }
    out_puts(o, "</div>\n");
}

static void put_registers(struct out *o, const struct crash *c)
{
    if (c->registers.n == 0)
        return;
    out_puts(o, "<details><summary>Registers</summary>\n<dl class=\"mono\">\n");
    for (size_t i = 0; i < c->registers.n; i++) {
        out_puts(o, "<dt>");
        out_markup(o, c->registers.p[i].name);
        out_puts(o, "</dt><dd>");
        out_markup(o, c->registers.p[i].value);
        out_puts(o, "</dd>\n");
    }
    out_puts(o, "</dl>\n</details>\n");
}

static void put_modules(struct out *o, const struct crash *c)
{
    if (c->modules.n == 0)
        return;
    out_printf(o, "<details><summary>%zu modules linked in</summary>\n<p class=\"mono\">",
               c->modules.n);
    for (size_t i = 0; i < c->modules.n; i++) {
        out_puts(o, i ? " " : "");
        out_markup(o, c->modules.p[i]);
    }
    out_puts(o, "</p>\n</details>\n");
}

/* The rules that say what it is, and of what it comes. */
static void put_explained(const struct html *h, size_t number)
{
    const struct crash_ranks *ranks = &h->a->of_boot.p[h->a->focus].crash_ranks;

    if (number >= ranks->n || ranks->p[number].explained_by.n == 0)
        return;
    out_puts(h->out, "<dt>Explained by</dt><dd>");
    for (size_t i = 0; i < ranks->p[number].explained_by.n; i++) {
        out_puts(h->out, i ? ", " : "");
        out_markup(h->out, ranks->p[number].explained_by.p[i]);
    }
    out_puts(h->out, "</dd>\n");
}

static void put_crash(const struct html *h, const struct crash *c, size_t number)
{
    struct out *o = h->out;
    const struct record *r = c->evidence.n ? c->evidence.p[0] : NULL;

    out_printf(o,
               "<article class=\"card crash\" id=\"c%zu\">\n<span class=\"badge crash\">CRASH"
               "</span>",
               number);
    if (c->consequence_of != UINT32_MAX)
        out_puts(o, "<span class=\"tag\">follows from an earlier one</span>");
    out_puts(o, "<h3>");
    out_markup(o, c->title);
    out_puts(o, "</h3>\n<p>");
    out_markup(o, c->kind->meaning);
    out_puts(o, "</p>\n");
    if (r) {
        char clock[CLOCK_TEXT];

        out_puts(o, "<div class=\"log\">\n");
        html_log_line(o, &(struct html_line){ .input = wording_input_short(h->a, r->input),
                                              .line = r->line,
                                              .stamp = wording_stamp_text(r, clock),
                                              .text = r->text,
                                              .proof = true });
        out_puts(o, "</div>\n");
    }
    out_puts(o, "<dl>\n");
    put_explained(h, number);
    put_culprit(o, c);
    put_row(o, "Trap", c->trap.n ? c->trap : c->error_code);
    put_row(o, "Address", c->cr2);
    put_row(o, "At", c->ip);
    put_row(o, "Then panicked", c->panic);
    put_row(o, "Hardware", c->hardware);
    put_taint(o, c);
    put_row(o, "Not whole", str_from(c->corrupted_reason));
    put_search(o, c);
    out_puts(o, "</dl>\n");
    put_trace(o, c);
    put_registers(o, c);
    put_modules(o, c);
    out_puts(o, "</article>\n");
}

void html_crashes(const struct html *h)
{
    const struct crash_list *list;
    size_t consequences = 0;

    if (h->a->focus >= h->a->of_boot.n || h->a->of_boot.p[h->a->focus].crashes.list.n == 0)
        return;
    list = &h->a->of_boot.p[h->a->focus].crashes.list;
    out_puts(h->out, "<section>\n<h2>Crash reports of the kernel</h2>\n");
    for (size_t i = 0; i < list->n; i++) {
        if (list->p[i]->consequence_of == UINT32_MAX)
            put_crash(h, list->p[i], i);
        else
            consequences++;
    }
    if (consequences) {
        out_puts(h->out, "<details><summary>");
        wording_count(h->out, consequences, "later crash report, most likely a consequence",
                      "later crash reports, most likely consequences");
        out_puts(h->out, "</summary>\n");
        for (size_t i = 0; i < list->n; i++)
            if (list->p[i]->consequence_of != UINT32_MAX)
                put_crash(h, list->p[i], i);
        out_puts(h->out, "</details>\n");
    }
    out_puts(h->out, "</section>\n");
}
