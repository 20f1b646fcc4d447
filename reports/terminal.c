/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text report, the first screen of a run: what happened, the lines that prove it, what to do,
 * what it explains, and what could not be known. Last stage of the flow.
 */
#include "reports/report.h"

#include "reports/page.h"
#include "reports/page_crash.h"
#include "reports/page_machine.h"
#include "reports/text_cases.h"
#include "reports/text_notes.h"
#include "reports/wording.h"

#include <inttypes.h>

/* What one diagnosis shows without --all; a flood has hundreds of lines that prove the same. */
enum { EVIDENCE_SHOWN = 6 };

static void put_header(struct page *p)
{
    wording_header(&p->words, p->a);
    page_flush(p, 0, 2);
    if (p->a->focus < boots_count(p->a->boots)) {
        wording_completeness(&p->words, boots_at(p->a->boots, p->a->focus));
        page_flush(p, 0, 2);
        if (wording_guest(&p->words, p->a, p->a->focus))
            page_flush(p, 0, 2);
        if (wording_units(&p->words, p->a->of_boot.p[p->a->focus].facts, p->o->all))
            page_flush(p, 0, 2);
    }
    for (size_t i = 0; i < p->a->inputs.n; i++) {
        const struct input_result *in = &p->a->inputs.p[i];

        if (in->err.code == FAIL_NONE)
            continue;
        out_puts(p->scratch, "not read in full: ");
        out_tty(p->scratch, wording_input_short(p->a, (uint32_t)i));
        out_puts(p->scratch, ": ");
        out_tty(p->scratch, str_from(in->err.text));
        page_flush(p, 0, 2);
    }
}

/* "FATAL  title                                            root.wrong-device-name" */
static void put_title(struct page *p, const struct diagnosis *d)
{
    struct str severity = page_severity(d->severity);
    size_t indent = severity.n + 2;

    layout_styled(p->out, p->o->color, page_style(d->severity), severity);
    out_puts(p->out, "  ");
    if (d->role == ROLE_CONTRIBUTING)
        out_puts(p->scratch, "(contributing) ");
    wording_text(&p->words, &d->title);
    page_row(p, indent, indent, d->rule->id);
}

static void put_all_evidence(struct page *p, const struct evidence *e)
{
    size_t shown = p->o->all || e->n <= EVIDENCE_SHOWN ? e->n : EVIDENCE_SHOWN;
    struct page_listing lines = { 0 };

    if (e->n)
        out_puts(p->out, "\n");
    for (size_t i = 0; i < shown; i++)
        page_list(p, &lines, e->p[i], 0);
    page_list_end(p, &lines);
    if (shown < e->n)
        out_printf(p->out, "  and %zu more (--all)\n", e->n - shown);
}

static void put_remediation(struct page *p, const struct diagnosis *d)
{
    if (d->remediation.n == 0)
        return;
    out_puts(p->out, "\n  ");
    layout_styled(p->out, p->o->color, STYLE_BOLD, STR("What to do"));
    out_puts(p->out, "\n");
    for (size_t i = 0; i < d->remediation.n; i++) {
        size_t indent = i + 1 < 10 ? 5 : 6;

        out_printf(p->out, "  %zu. ", i + 1);
        wording_text(&p->words, &d->remediation.p[i]);
        page_flush(p, indent, indent);
    }
}

static void put_explains(struct page *p, const struct diagnosis *d)
{
    const struct diagnoses *all = &p->a->diagnoses;
    size_t n = 0;

    for (size_t i = 0; i < d->explains.n; i++) {
        const struct diagnosis *symptom = &all->p[d->explains.p[i]];

        if (symptom->superseded)
            continue;
        out_puts(p->scratch, n++ ? " · " : "");
        wording_text(&p->words, &symptom->title);
    }
    if (n == 0)
        return;
    out_puts(p->out, "\n  ");
    layout_styled(p->out, p->o->color, STYLE_BOLD, STR("It explains"));
    out_puts(p->out, "  ");
    page_flush(p, sizeof "  It explains  " - 1, 4);
}

static void put_diagnosis(struct page *p, const struct diagnosis *d)
{
    out_puts(p->out, "\n");
    put_title(p, d);
    out_puts(p->out, "  ");
    wording_text(&p->words, &d->text);
    page_flush(p, 2, 2);
    if (d->confidence == CONFIDENCE_LOW)
        page_words(p, 2, "Confidence is low: check the lines below before you act on it.");
    put_all_evidence(p, &d->evidence);
    put_remediation(p, d);
    put_explains(p, d);
}

/* Symptoms stand under the cause that explains them, notes in the last lines. */
static bool has_own_block(const struct page *p, const struct diagnosis *d)
{
    if (p->o->all)
        return true;
    if (d->superseded || d->role == ROLE_NOTE)
        return false;
    return d->role != ROLE_SYMPTOM || d->explained_by == UINT32_MAX;
}

static size_t count_roots(const struct page *p)
{
    size_t n = 0;

    for (size_t i = 0; i < p->a->diagnoses.n; i++) {
        const struct diagnosis *d = &p->a->diagnoses.p[i];

        n += d->role == ROLE_ROOT && !d->superseded && analysis_in_focus(p->a, d);
    }
    return n;
}

/* With -b all: the boot that the following findings are about. */
static void put_boot_heading(struct page *p, uint32_t boot)
{
    out_puts(p->out, "\n");
    out_printf(p->scratch, "Boot %" PRId64 ", ", wording_boot_offset(p->a, boot));
    wording_ended(&p->words, boots_at(p->a->boots, boot));
    layout_styled(p->out, p->o->color, STYLE_BOLD, out_bytes(p->scratch));
    out_clear(p->scratch);
    out_puts(p->out, "\n");
}

static void put_diagnoses(struct page *p)
{
    uint32_t boot = p->a->focus;
    size_t roots = count_roots(p);

    if (roots > 1) {
        out_puts(p->out, "\n");
        out_printf(p->scratch,
                   "%zu findings that nothing else in the log explains, the one most "
                   "likely to matter first:",
                   roots);
        page_flush(p, 0, 0);
    }
    for (size_t i = 0; i < p->a->diagnoses.n; i++) {
        const struct diagnosis *d = &p->a->diagnoses.p[i];

        if (!has_own_block(p, d))
            continue;
        if (!analysis_in_focus(p->a, d) && d->boot != boot) {
            boot = d->boot;
            put_boot_heading(p, boot);
        }
        put_diagnosis(p, d);
    }
}

static void put_missing(struct page *p)
{
    out_puts(p->out, "\n");
    text_evidence_wanted(p,
                         "This log cannot tell what happened. What is missing, and how to get it:");
    if (p->a->unexplained.n) {
        out_puts(p->out, "\n");
        text_unexplained(p);
    }
}

/* Rules of one's own may know nothing of crashes; their reports stand below all the same. */
static bool has_crash(const struct page *p)
{
    const struct case_boots *boots = &p->a->of_boot;

    return p->a->focus < boots->n && boots->p[p->a->focus].crashes.list.n > 0;
}

static bool ends_with_memory(const struct page *p)
{
    return p->a->focus < boots_count(p->a->boots) && boots_at(p->a->boots, p->a->focus)->in_memory;
}

static void put_result(struct page *p)
{
    switch (p->a->result) {
    case RESULT_DIAGNOSED: put_diagnoses(p); break;
    case RESULT_NOTHING_KNOWN:
        put_diagnoses(p);
        out_puts(p->out, "\n");
        page_words(p, 0,
                   has_crash(p) ? "No rule knows the crash below: search for what it names."
                                : "Nothing known was found: no rule recognises a failure here.");
        text_unexplained(p);
        text_evidence_wanted(p, ends_with_memory(p)
                                        ? "If the guest hung all the same:"
                                        : "The log does not show how this boot ended. If it "
                                          "failed later:");
        break;
    case RESULT_CANNOT_TELL:
        put_diagnoses(p);
        put_missing(p);
        break;
    case RESULT_NOTHING_READ:
        out_puts(p->out, "\nNothing could be read; there is nothing to diagnose.\n");
        break;
    }
}

/* preflight: the answer, what speaks against it, what was checked. */
static void put_next_boot(struct page *p)
{
    page_verdict(p);
    for (size_t i = 0; i < p->a->diagnoses.n; i++)
        if (p->o->all || !p->a->diagnoses.p[i].superseded)
            put_diagnosis(p, &p->a->diagnoses.p[i]);
    page_checks(p);
}

static void write_text(struct out *out, const struct analysis *a, const struct report_options *o)
{
    struct page p = { .out = out, .scratch = out_new_scratch(out), .a = a, .o = o };

    if (!p.scratch) {
        out_puts(out, "out of memory\n");
        return;
    }
    p.words = (struct wording){ .out = p.scratch, .value = out_tty };
    if (a->verdict != VERDICT_NONE) {
        put_next_boot(&p);
    } else {
        put_header(&p);
        put_result(&p);
        page_crashes(&p);
    }
    if (o->all)
        text_every_note(&p);
    else if (a->verdict == VERDICT_NONE)
        text_notes(&p);
    out_free(p.scratch);
}

/* What is known of it for certain: its title and the lines; the report tells the rest. */
static void write_finding(struct out *out, const struct analysis *a, const struct diagnosis *d,
                          const struct report_options *o)
{
    struct page p = { .out = out, .scratch = out_new_scratch(out), .a = a, .o = o };

    if (!p.scratch)
        return;
    p.words = (struct wording){ .out = p.scratch, .value = out_tty };
    put_title(&p, d);
    put_all_evidence(&p, &d->evidence);
    out_puts(out, "\n");
    out_free(p.scratch);
}

const struct report report_text = {
    .name = "text",
    .title = "for people: the diagnosis, its evidence, what to do",
    .write = write_text,
    .write_cases = text_write_cases,
    .write_finding = write_finding,
};
