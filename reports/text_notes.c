/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text report below its diagnoses: what nothing explains, what is missing, and what has to be
 * known about the reading itself. terminal.c writes what stands above.
 */
#include "reports/text_notes.h"

#include <inttypes.h>
#include <string.h>

/* What is shown without --all. */
enum { UNEXPLAINED_SHOWN = 10, NOTES_SHOWN = 3 };

/* Can a shell be given this name as it stands? */
static bool is_plain_path(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!char_is_alnum(name.p[i]) && !strchr("._/+:,@%-", name.p[i]))
            return false;
    return name.n > 0 && name.p[0] != '-';
}

/* The command that starts a rule, for the first of them; lines of pipes and archives are pasted. */
static void put_rule_command(struct page *p, const struct record *r)
{
    struct str name = r && r->line ? wording_input(p->a, r->input) : (struct str){ 0 };

    if (r && is_plain_path(name))
        out_printf(p->out, "To start a rule for the first: lastwords rules new %.*s:%" PRIu64 "\n",
                   STR_ARG(name), r->line);
    else
        out_puts(p->out, "To start a rule for one of them: lastwords rules new 'ITS LINE'\n");
}

void text_unexplained(struct page *p)
{
    const struct unexplained_list *list = &p->a->unexplained;
    size_t shown = p->o->all || list->n <= UNEXPLAINED_SHOWN ? list->n : UNEXPLAINED_SHOWN;
    struct page_listing lines = { 0 };

    if (list->n == 0) {
        page_words(p, 0, "No record of level error or worse is left without an explanation.");
        return;
    }
    page_words(p, 0, "Records of level error or worse that no rule explains:");
    for (size_t i = 0; i < shown; i++)
        page_list(p, &lines, list->p[i].evidence, list->p[i].count);
    page_list_end(p, &lines);
    if (shown < list->n)
        out_printf(p->out, "  and %zu more kinds (--all)\n", list->n - shown);
    put_rule_command(p, list->p[0].evidence);
}

void text_evidence_wanted(struct page *p, const char *words)
{
    bool first = true;

    for (size_t i = 0; i < p->a->notes.n; i++) {
        const struct note *note = &p->a->notes.p[i];

        if (note->code != NOTE_EVIDENCE_MISSING)
            continue;
        if (first)
            page_words(p, 0, words);
        first = false;
        out_puts(p->out, "  - ");
        out_tty(p->scratch, note->text);
        page_flush(p, 4, 4);
    }
}

/* Notes that stand elsewhere already: in the header, or as what is missing. */
static bool is_told(const struct page *p, const struct note *note)
{
    static const bool by_header[NOTE_COUNT] = {
        [NOTE_NO_HEAD] = true,   [NOTE_NO_TAIL] = true,          [NOTE_DUMPS_MERGED] = true,
        [NOTE_THROTTLED] = true, [NOTE_EVIDENCE_MISSING] = true, [NOTE_IMAGE_LOG] = true,
    };

    return by_header[note->code] ||
           (note->input < p->a->inputs.n &&
            str_eq(note->text, str_from(p->a->inputs.p[note->input].err.text)));
}

void text_notes(struct page *p)
{
    const struct notes *notes = &p->a->notes;
    size_t n = 0;

    for (size_t i = 0; i < p->a->diagnoses.n; i++) {
        const struct diagnosis *d = &p->a->diagnoses.p[i];

        if (d->role != ROLE_NOTE || d->superseded || !analysis_in_focus(p->a, d) ||
            n++ >= NOTES_SHOWN)
            continue;
        out_puts(p->scratch, n > 1 ? " · " : "");
        wording_text(&p->words, &d->title);
    }
    for (size_t i = 0; i < notes->n; i++) {
        if (is_told(p, &notes->p[i]) || n++ >= NOTES_SHOWN)
            continue;
        out_puts(p->scratch, n > 1 ? " · " : "");
        if (notes->p[i].input != NOTE_NO_INPUT && p->a->inputs.n > 1) {
            out_tty(p->scratch, wording_input_short(p->a, notes->p[i].input));
            out_puts(p->scratch, ": ");
        }
        out_tty(p->scratch, notes->p[i].text);
    }
    if (n > NOTES_SHOWN)
        out_printf(p->scratch, " · %zu more (--all)", n - NOTES_SHOWN);
    if (p->a->result == RESULT_DIAGNOSED && p->a->unexplained_records) {
        out_puts(p->scratch, n ? " · " : "");
        wording_count(p->scratch, p->a->unexplained_records, "unexplained error record",
                      "unexplained error records");
        out_puts(p->scratch, " (--all)");
    }
    if (out_bytes(p->scratch).n == 0)
        return;
    out_puts(p->out, "\n");
    if (n) {
        wording_count(p->out, n, "note: ", "notes: ");
    }
    page_flush(p, n ? 9 : 0, 2);
}

void text_every_note(struct page *p)
{
    const struct notes *notes = &p->a->notes;

    if (p->a->result == RESULT_DIAGNOSED) {
        out_puts(p->out, "\n");
        text_unexplained(p);
    }
    if (notes->n)
        out_puts(p->out, "\nNotes\n");
    for (size_t i = 0; i < notes->n; i++) {
        const struct note *note = &notes->p[i];

        out_puts(p->out, "  ");
        out_raw(p->scratch, note_name(note->code));
        out_puts(p->scratch, ": ");
        if (note->input != NOTE_NO_INPUT) {
            out_tty(p->scratch, wording_input(p->a, note->input));
            if (note->line)
                out_printf(p->scratch, ":%" PRIu64, note->line);
            out_puts(p->scratch, ": ");
        }
        out_tty(p->scratch, note->text);
        if (note->count > 1)
            out_printf(p->scratch, " (%" PRIu64 " times)", note->count);
        page_flush(p, 2, 4);
    }
    if (notes->dropped)
        out_printf(p->out, "  %" PRIu64 " further notes were not kept\n", notes->dropped);
}
