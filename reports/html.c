/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTML report of one case: the verdict, the timeline, the diagnoses with their evidence among
 * its neighbours, the crashes, what nobody explains, the facts, and what was read. Parts: html.h.
 */
#include "reports/html.h"

#include "analyzer/evidence/fact.h"
#include "reports/wording_machine.h"

#include <inttypes.h>

void html_begin(struct out *o, struct str title)
{
    out_puts(o, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'; img-src data:\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    out_markup(o, title);
    out_puts(o, "</title>\n<style>");
    for (size_t i = 0; html_style[i]; i++)
        out_puts(o, html_style[i]);
    out_puts(o, "</style>\n</head>\n<body>\n<main>\n");
}

void html_end(struct out *o)
{
    out_puts(o, "</main>\n</body>\n</html>\n");
}

void html_severity(struct out *o, enum severity severity)
{
    struct str word = severity_name(severity);

    out_puts(o, "<span class=\"badge ");
    out_raw(o, word);
    out_puts(o, "\">");
    for (size_t i = 0; i < word.n; i++)
        out_repeat(o, (char)(word.p[i] - 'a' + 'A'), 1);
    out_puts(o, "</span>");
}

void html_log_line(struct out *o, const struct html_line *line)
{
    /* A name may be written from right to left; the number behind it is not. */
    out_puts(o, line->proof ? "<div class=\"proof\"><span class=\"at\"><bdi>"
                            : "<div><span class=\"at\"><bdi>");
    out_markup(o, line->input);
    out_puts(o, "</bdi>");
    if (line->line)
        out_printf(o, ":%" PRIu64, line->line);
    out_puts(o, "</span><span class=\"ts\">");
    out_raw(o, line->stamp);
    out_puts(o, "</span><span class=\"tx\">");
    out_markup(o, line->text);
    out_puts(o, line->cut ? "…</span></div>\n" : "</span></div>\n");
}

/* What the page is headed with: the first diagnosis, else what could be found out. */
static const struct diagnosis *verdict_of(const struct analysis *a)
{
    for (size_t i = 0; i < a->diagnoses.n; i++)
        if (!a->diagnoses.p[i].superseded && a->diagnoses.p[i].role != ROLE_NOTE)
            return &a->diagnoses.p[i];
    return NULL;
}

static const char *verdict_words(const struct analysis *a)
{
    static const char *const words[] = {
        [RESULT_DIAGNOSED] = "Nothing to act on was found",
        [RESULT_NOTHING_KNOWN] = "Nothing known was found: no rule recognises a failure here",
        [RESULT_CANNOT_TELL] = "This log cannot tell what happened",
        [RESULT_NOTHING_READ] = "Nothing could be read",
    };

    return words[a->result];
}

/* Of preflight: the verdict on the next boot is the heading, above what speaks against it. */
static void put_next_boot(const struct html *h)
{
    out_puts(h->out, "<h1>");
    wording_verdict(&h->words, h->a);
    out_puts(h->out, "</h1>\n");
}

static const char *card_of(const struct html *h, const struct diagnosis *d)
{
    if (h->a->verdict == VERDICT_BOOTS)
        return "good";
    return d ? severity_name(d->severity).p : "none";
}

static void put_verdict(const struct html *h)
{
    const struct diagnosis *d = verdict_of(h->a);
    struct out *o = h->out;

    out_puts(o, "<header>\n<p class=\"case\">lastwords · ");
    wording_header(&h->words, h->a);
    out_puts(o, "</p>\n<div class=\"card verdict ");
    out_puts(o, card_of(h, d));
    out_puts(o, "\">\n");
    if (d)
        html_severity(o, d->severity);
    if (h->a->verdict != VERDICT_NONE)
        put_next_boot(h);
    if (d) {
        if (h->a->verdict == VERDICT_NONE) {
            out_puts(o, "<h1>");
            wording_text(&h->words, &d->title);
            out_puts(o, "</h1>\n");
        }
        out_puts(o, "<p>");
        wording_text(&h->words, &d->text);
        out_puts(o, "</p>\n");
        if (d->remediation.n)
            out_printf(o, "<p><a href=\"#d%zu\">What to do</a></p>\n",
                       (size_t)(d - h->a->diagnoses.p));
    } else if (h->a->verdict == VERDICT_NONE) {
        out_puts(o, "<h1>");
        out_puts(o, verdict_words(h->a));
        out_puts(o, "</h1>\n");
    }
    if (h->a->focus < boots_count(h->a->boots)) {
        out_puts(o, "<p class=\"dim\">");
        wording_completeness(&h->words, boots_at(h->a->boots, h->a->focus));
        out_puts(o, "</p>\n");
        if (boots_at(h->a->boots, h->a->focus)->in_memory) {
            out_puts(o, "<p class=\"dim\">");
            wording_guest(&h->words, h->a, h->a->focus);
            out_puts(o, "</p>\n");
        }
    }
    out_puts(o, "</div>\n</header>\n");
}

static void put_wanted(const struct html *h)
{
    bool first = true;

    for (size_t i = 0; i < h->a->notes.n; i++) {
        if (h->a->notes.p[i].code != NOTE_EVIDENCE_MISSING)
            continue;
        if (first)
            out_puts(h->out, "<section>\n<h2>What is missing, and how to get it</h2>\n"
                             "<div class=\"card\">\n<ul>\n");
        first = false;
        out_puts(h->out, "<li>");
        out_markup(h->out, h->a->notes.p[i].text);
        out_puts(h->out, "</li>\n");
    }
    if (!first)
        out_puts(h->out, "</ul>\n</div>\n</section>\n");
}

static void put_unexplained(const struct html *h)
{
    if (h->a->unexplained.n == 0)
        return;
    out_puts(h->out,
             "<section>\n<h2>Errors that no rule explains</h2>\n<details class=\"card\"><summary>");
    wording_count(h->out, h->a->unexplained.n, "kind of record", "kinds of records");
    out_puts(h->out, "</summary>\n<div class=\"log\">\n");
    for (size_t i = 0; i < h->a->unexplained.n; i++) {
        const struct unexplained *u = &h->a->unexplained.p[i];

        if (!u->evidence)
            continue;
        if (u->count > 1)
            out_printf(h->out, "<div class=\"skip\">%" PRIu64 " times:</div>\n", u->count);
        html_record(h, u->evidence);
    }
    out_puts(h->out, "</div>\n</details>\n</section>\n");
}

static void put_facts(const struct html *h)
{
    const struct facts *facts =
            h->a->focus < h->a->of_boot.n ? h->a->of_boot.p[h->a->focus].facts : &h->a->case_facts;
    struct arena scratch = { .limit_bytes = 1 << 20 };

    out_puts(h->out, "<section>\n<h2>Facts</h2>\n<details class=\"card\"><summary>What the log "
                     "proves about this system</summary>\n<div class=\"scroll\"><table>\n"
                     "<tr><th>fact</th><th>value</th><th>proved by</th></tr>\n");
    for (size_t i = 0; i < FACT_COUNT; i++) {
        const struct fact *fact = facts_get(facts, (enum fact_id)i);

        if (fact->value.type == VALUE_UNKNOWN)
            continue;
        out_puts(h->out, "<tr><td class=\"mono\">");
        out_markup(h->out, fact_infos[i].path);
        out_puts(h->out, "</td><td>");
        out_markup(h->out, value_print(&scratch, &fact->value));
        out_puts(h->out, "</td><td class=\"dim mono\">");
        if (fact->proof) {
            out_markup(h->out, wording_input_short(h->a, fact->proof->input));
            out_printf(h->out, ":%" PRIu64, fact->proof->line);
        }
        out_puts(h->out, "</td></tr>\n");
    }
    arena_done(&scratch);
    out_puts(h->out, "</table></div>\n</details>\n</section>\n");
}

static void put_input(const struct html *h, const struct input_result *in)
{
    struct out *o = h->out;

    out_puts(o, "<tr><td>");
    out_markup(o, in->name);
    out_puts(o, "</td><td>");
    out_markup(o, in->format ? str_from(in->format) : STR("-"));
    out_puts(o, "</td><td class=\"n\">");
    wording_bytes(o, in->bytes);
    out_printf(o, "</td><td class=\"n\">%" PRIu64 "</td><td class=\"n\">%s%" PRIu64 "</td><td>",
               in->lines, in->estimated ? "≈ " : "", in->understood);
    out_markup(o, in->err.code == FAIL_NONE ? STR("read in full") : str_from(in->err.text));
    out_puts(o, "</td></tr>\n");
}

static void put_read(const struct html *h)
{
    struct out *o = h->out;

    out_puts(o, "<section>\n<h2>What was read</h2>\n<div class=\"card\">\n<div class=\"scroll\">"
                "<table>\n<tr><th>input</th><th>format</th><th class=\"n\">size</th>"
                "<th class=\"n\">lines</th><th class=\"n\">understood</th><th>state</th></tr>\n");
    for (size_t i = 0; i < h->a->inputs.n; i++)
        put_input(h, &h->a->inputs.p[i]);
    out_puts(o, "</table></div>\n");
    if (h->a->notes.n)
        out_puts(o, "<details><summary>Notes</summary>\n<ul>\n");
    for (size_t i = 0; i < h->a->notes.n; i++) {
        const struct note *note = &h->a->notes.p[i];

        out_puts(o, "<li>");
        if (note->input != NOTE_NO_INPUT) {
            out_markup(o, wording_input_short(h->a, note->input));
            if (note->line)
                out_printf(o, ":%" PRIu64, note->line);
            out_puts(o, ": ");
        }
        out_markup(o, note->text);
        out_puts(o, "</li>\n");
    }
    out_puts(o, h->a->notes.n ? "</ul>\n</details>\n</div>\n</section>\n" : "</div>\n</section>\n");
}

void html_footer(struct out *o, struct str version, uint64_t rules, struct str sha256)
{
    out_puts(o, "<footer>lastwords ");
    out_markup(o, version);
    if (rules) {
        out_printf(o, " · %" PRIu64 " rules, ", rules);
        out_markup(o, str_first(sha256, 16));
    }
    out_puts(o, " · texts in the listings are the log's own; nothing on this page was fetched from "
                "elsewhere</footer>\n");
}

static void write_html(struct out *out, const struct analysis *a, const struct report_options *o)
{
    struct html h = { .out = out, .words = { .out = out, .value = out_markup }, .a = a, .o = o };
    struct str name = a->identity.name.n ? a->identity.name : STR("report");
    struct out *title = out_new_memory();

    if (!title)
        return;
    out_puts(title, "lastwords: ");
    out_raw(title, name);
    html_begin(out, out_bytes(title));
    out_free(title);
    put_verdict(&h);
    html_timeline(&h);
    html_diagnoses(&h);
    html_checks(&h);
    put_wanted(&h);
    html_crashes(&h);
    put_unexplained(&h);
    put_facts(&h);
    put_read(&h);
    html_footer(out, o->tool_version, a->rules ? ruleset_count(a->rules) : 0,
                a->rules ? ruleset_sha256(a->rules) : (struct str){ 0 });
    html_end(out);
}

const struct report report_html = {
    .name = "html",
    .title = "one static page to look at: verdict, timeline, evidence in its context",
    .wants_context = true,
    .write = write_html,
    .write_cases = html_write_cases,
};
