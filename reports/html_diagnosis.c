/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnoses in HTML: the text, the evidence among its neighbours, the steps, and folded what it
 * explains. See html.h.
 */
#include "reports/html.h"

#include <inttypes.h>

enum { EVIDENCE_SHOWN = 8 };

static bool has_own_block(const struct html *h, const struct diagnosis *d)
{
    if (d->superseded && !h->o->all)
        return false;
    return d->role != ROLE_SYMPTOM || d->explained_by == UINT32_MAX;
}

static bool is_proof(const struct evidence *e, const struct context_line *line)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->p[i]->input == line->input && e->p[i]->line == line->line)
            return true;
    return false;
}

static void put_context_line(const struct html *h, const struct context_line *line, bool proof)
{
    char clock[CLOCK_TEXT];

    html_log_line(h->out, &(struct html_line){ .input = wording_input_short(h->a, line->input),
                                               .line = line->line,
                                               .stamp = wording_mono(line->mono_us, clock),
                                               .text = line->text,
                                               .proof = proof,
                                               .cut = line->cut });
}

/* A record as evidence, every line of it: a message box of VMware's has several. */
void html_record(const struct html *h, const struct record *r)
{
    struct str rest = r->text, text = r->text;
    char clock[CLOCK_TEXT];
    bool first = true;

    while (str_take_line(&rest, &text) || first) {
        struct html_line line = { .text = text, .proof = true };

        if (first) {
            line.input = wording_input_short(h->a, r->input);
            line.line = r->line;
            line.stamp = wording_stamp_text(r, clock);
        }
        html_log_line(h->out, &line);
        first = false;
    }
}

static void put_skip(struct out *o)
{
    out_puts(o, "<div class=\"skip\">⋮</div>\n");
}

/* The evidence in order, with what was kept around it; what lies between is left out. */
static void put_evidence(const struct html *h, const struct evidence *e,
                         const struct context_lines *lines)
{
    size_t shown = h->o->all || e->n <= EVIDENCE_SHOWN ? e->n : EVIDENCE_SHOWN;
    size_t done = 0, from, to;

    if (e->n == 0)
        return;
    out_puts(h->out, "<h4>Evidence</h4>\n<div class=\"log\" role=\"group\" tabindex=\"0\" "
                     "aria-label=\"lines of the log\">\n");
    for (size_t i = 0; i < shown; i++) {
        if (!lines || !context_around(lines, e->p[i]->input, e->p[i]->line, &from, &to)) {
            if (i)
                put_skip(h->out);
            html_record(h, e->p[i]);
            continue;
        }
        if (i && from > done)
            put_skip(h->out);
        for (size_t k = from > done ? from : done; k < to; k++) {
            if (lines->p[k].line == e->p[i]->line && lines->p[k].input == e->p[i]->input)
                html_record(h, e->p[i]);
            else
                put_context_line(h, &lines->p[k], is_proof(e, &lines->p[k]));
        }
        done = to > done ? to : done;
    }
    out_puts(h->out, "</div>\n");
    if (shown < e->n)
        out_printf(h->out, "<p class=\"dim\">and %zu more</p>\n", e->n - shown);
}

static const struct context_lines *context_of(const struct html *h, uint32_t boot)
{
    if (boot == UINT32_MAX)
        boot = h->a->focus;
    return boot < h->a->of_boot.n ? &h->a->of_boot.p[boot].context : NULL;
}

static void put_steps(const struct html *h, const struct diagnosis *d)
{
    if (d->remediation.n == 0)
        return;
    out_puts(h->out, "<h4>What to do</h4>\n<ol class=\"steps\">\n");
    for (size_t i = 0; i < d->remediation.n; i++) {
        out_puts(h->out, "<li>");
        wording_text(&h->words, &d->remediation.p[i]);
        out_puts(h->out, "</li>\n");
    }
    out_puts(h->out, "</ol>\n");
}

/* Symptoms, folded: their titles, and the lines that show them. */
static void put_explains(const struct html *h, const struct diagnosis *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->explains.n; i++)
        n += !h->a->diagnoses.p[d->explains.p[i]].superseded;
    if (n == 0)
        return;
    out_puts(h->out, "<details><summary>It explains ");
    wording_count(h->out, n, "other finding", "other findings");
    out_puts(h->out, "</summary>\n<ul>\n");
    for (size_t i = 0; i < d->explains.n; i++) {
        const struct diagnosis *symptom = &h->a->diagnoses.p[d->explains.p[i]];

        if (symptom->superseded)
            continue;
        out_puts(h->out, "<li>");
        wording_text(&h->words, &symptom->title);
        out_puts(h->out, " <span class=\"dim mono\">");
        out_own(h->out, out_markup, symptom->rule->id);
        out_puts(h->out, "</span>\n");
        if (symptom->evidence.n) {
            out_puts(h->out, "<div class=\"log\">\n");
            html_record(h, symptom->evidence.p[0]);
            out_puts(h->out, "</div>\n");
        }
        out_puts(h->out, "</li>\n");
    }
    out_puts(h->out, "</ul>\n</details>\n");
}

/* Addresses stand in rules, which are trusted; what is none is a text. */
static void put_references(const struct html *h, const struct strs *refs)
{
    if (refs->n == 0)
        return;
    out_puts(h->out, "<details><summary>Further reading</summary>\n<ul>\n");
    for (size_t i = 0; i < refs->n; i++) {
        bool address =
                str_starts(refs->p[i], STR("https://")) || str_starts(refs->p[i], STR("http://"));

        out_puts(h->out, address ? "<li><a rel=\"noreferrer noopener\" href=\"" : "<li>");
        if (address) {
            out_markup(h->out, refs->p[i]);
            out_puts(h->out, "\">");
        }
        out_markup(h->out, refs->p[i]);
        out_puts(h->out, address ? "</a></li>\n" : "</li>\n");
    }
    out_puts(h->out, "</ul>\n</details>\n");
}

static void put_tags(const struct html *h, const struct diagnosis *d)
{
    if (d->role == ROLE_CONTRIBUTING || d->role == ROLE_NOTE) {
        out_puts(h->out, "<span class=\"tag\">");
        out_raw(h->out, role_name(d->role));
        out_puts(h->out, "</span>");
    }
    if (d->confidence == CONFIDENCE_LOW)
        out_puts(h->out, "<span class=\"tag\">low confidence: check before you act</span>");
    if (!analysis_in_focus(h->a, d))
        out_printf(h->out, "<span class=\"tag\">boot %" PRId64 "</span>",
                   wording_boot_offset(h->a, d->boot));
}

static void put_diagnosis(const struct html *h, const struct diagnosis *d)
{
    out_printf(h->out, "<article class=\"card %s\" id=\"d%zu\">\n<span class=\"rule\">",
               severity_name(d->severity).p, (size_t)(d - h->a->diagnoses.p));
    out_own(h->out, out_markup, d->rule->id);
    out_puts(h->out, "</span>\n");
    html_severity(h->out, d->severity);
    put_tags(h, d);
    out_puts(h->out, "<h3>");
    wording_text(&h->words, &d->title);
    out_puts(h->out, "</h3>\n<p>");
    wording_text(&h->words, &d->text);
    out_puts(h->out, "</p>\n");
    put_evidence(h, &d->evidence, context_of(h, d->boot));
    put_steps(h, d);
    put_explains(h, d);
    put_references(h, &d->rule->references);
    out_puts(h->out, "</article>\n");
}

void html_diagnoses(const struct html *h)
{
    bool any = false;
    size_t notes = 0;

    for (size_t i = 0; i < h->a->diagnoses.n; i++) {
        const struct diagnosis *d = &h->a->diagnoses.p[i];

        notes += d->role == ROLE_NOTE && has_own_block(h, d);
        if (d->role == ROLE_NOTE || !has_own_block(h, d))
            continue;
        if (!any)
            out_puts(h->out, "<section>\n<h2>Diagnosis</h2>\n");
        any = true;
        put_diagnosis(h, d);
    }
    if (any)
        out_puts(h->out, "</section>\n");
    if (notes == 0)
        return;
    out_puts(h->out, "<section>\n<h2>Worth knowing</h2>\n");
    for (size_t i = 0; i < h->a->diagnoses.n; i++)
        if (h->a->diagnoses.p[i].role == ROLE_NOTE && has_own_block(h, &h->a->diagnoses.p[i]))
            put_diagnosis(h, &h->a->diagnoses.p[i]);
    out_puts(h->out, "</section>\n");
}
