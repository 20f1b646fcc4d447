/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of preflight as a table of Markdown. */
#include "reports/markdown.h"
#include "reports/wording_machine.h"

static void put_check(struct markdown *m, const struct wording *shown, enum machine_check_id id)
{
    const struct machine_check *check = &m->a->machine->checks[id];

    out_puts(m->doc, "| ");
    out_raw(m->doc, wording_check_state(check->state));
    out_puts(m->doc, " | ");
    wording_check(shown, check, id);
    markdown_shown(m);
    out_puts(m->doc, " | ");
    if (wording_check_place(shown, m->a, check))
        markdown_shown(m);
    out_puts(m->doc, " |\n");
}

void markdown_checks(struct markdown *m)
{
    struct wording shown = { .out = m->clip.shown, .value = out_tty };

    if (m->a->verdict == VERDICT_NONE)
        return;
    out_puts(m->doc, "\n## What was checked\n\n| state | check | asked for by |\n|---|---|---|\n");
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        put_check(m, &shown, (enum machine_check_id)i);
    if (wording_kernels(&shown, m->a->machine)) {
        out_puts(m->doc, "\n");
        markdown_shown(m);
        out_puts(m->doc, "\n");
    }
    if (wording_denied(&shown, m->a->machine)) {
        out_puts(m->doc, "\n");
        markdown_shown(m);
        out_puts(m->doc, "\n");
    }
}
