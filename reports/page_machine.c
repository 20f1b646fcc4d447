/* SPDX-License-Identifier: Apache-2.0 */
/* The first line and the last list of preflight; see page_machine.h. */
#include "reports/page_machine.h"

#include "reports/wording_machine.h"

void page_verdict(struct page *p)
{
    if (wording_verdict(&p->words, p->a))
        page_flush(p, 0, 2);
}

/* "  fails    initrd: /boot/initrd.img-6.1: there is no such file (photon.cfg:3)" */
static void put_check(struct page *p, enum machine_check_id id)
{
    static const enum style styles[] = {
        [TRI_UNKNOWN] = STYLE_YELLOW, [TRI_NO] = STYLE_RED, [TRI_YES] = STYLE_DIM
    };
    const struct machine_check *check = &p->a->machine->checks[id];
    struct str state = wording_check_state(check->state);
    enum { COLUMN = 11 };

    out_puts(p->out, "  ");
    layout_styled(p->out, p->o->color, styles[check->state], state);
    out_repeat(p->out, ' ', COLUMN - 2 - state.n);
    wording_check(&p->words, check, id);
    if (check->place.line) {
        out_puts(p->scratch, " (");
        wording_check_place(&p->words, p->a, check);
        out_puts(p->scratch, ")");
    }
    page_flush(p, COLUMN, COLUMN);
}

void page_checks(struct page *p)
{
    out_puts(p->out, "\n");
    layout_styled(p->out, p->o->color, STYLE_BOLD, STR("What was checked"));
    out_puts(p->out, "\n");
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        put_check(p, (enum machine_check_id)i);
    if (wording_kernels(&p->words, p->a->machine))
        page_flush(p, 0, 2);
    if (wording_denied(&p->words, p->a->machine))
        page_flush(p, 0, 2);
}
