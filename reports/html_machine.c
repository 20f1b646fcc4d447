/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of preflight on the HTML page: a table with a word and a colour for each. */
#include "reports/html.h"
#include "reports/wording_machine.h"

static void put_state(struct out *o, enum tri state)
{
    static const char *const badges[] = {
        [TRI_UNKNOWN] = "<span class=\"badge\">UNKNOWN</span>",
        [TRI_NO] = "<span class=\"badge error\">FAILS</span>",
        [TRI_YES] = "<span class=\"badge good\">GOOD</span>",
    };

    out_puts(o, badges[state]);
}

static void put_check(const struct html *h, enum machine_check_id id)
{
    const struct machine_check *check = &h->a->machine->checks[id];

    out_puts(h->out, "<tr><td>");
    put_state(h->out, check->state);
    out_puts(h->out, "</td><td>");
    wording_check(&h->words, check, id);
    out_puts(h->out, "</td><td class=\"dim mono\">");
    wording_check_place(&h->words, h->a, check);
    out_puts(h->out, "</td></tr>\n");
}

static void put_sentence(const struct html *h,
                         bool (*words)(const struct wording *w, const struct machine *m))
{
    struct out *o = out_new_scratch(h->out);

    if (o && words(&(struct wording){ .out = o, .value = out_markup }, h->a->machine)) {
        out_puts(h->out, "<p class=\"dim\">");
        out_raw(h->out, out_bytes(o));
        out_puts(h->out, "</p>\n");
    }
    out_free(o);
}

void html_checks(const struct html *h)
{
    if (h->a->verdict == VERDICT_NONE)
        return;
    out_puts(h->out, "<section>\n<h2>What was checked</h2>\n<div class=\"card\">\n"
                     "<div class=\"scroll\"><table>\n<tr><th>state</th><th>check</th>"
                     "<th>asked for by</th></tr>\n");
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        put_check(h, (enum machine_check_id)i);
    out_puts(h->out, "</table></div>\n");
    put_sentence(h, wording_kernels);
    put_sentence(h, wording_denied);
    out_puts(h->out, "</div>\n</section>\n");
}
