/* SPDX-License-Identifier: Apache-2.0 */
/* The first line and the last list of preflight; see page_machine.h. */
#include "reports/page_machine.h"

#include <inttypes.h>

static size_t count_unknown(const struct machine *m)
{
    size_t n = 0;

    for (size_t i = 0; i < CHECK_COUNT; i++)
        n += m->checks[i].state == TRI_UNKNOWN;
    return n;
}

/* "This machine", or "The machine in /mnt": whose disk is mounted there. */
static void put_whose(struct page *p, const char *this_one, const char *other)
{
    const struct machine *m = p->a->machine;

    if (str_eq(m->root_name, STR("/"))) {
        out_puts(p->scratch, this_one);
        return;
    }
    out_puts(p->scratch, other);
    out_tty(p->scratch, m->root_name);
}

/* What boots: ": Photon, kernel 6.1.138-5.ph5-esx". */
static void put_what(struct page *p)
{
    const struct machine *m = p->a->machine;

    if (m->title.n == 0 && m->release.n == 0)
        return;
    out_puts(p->scratch, ": ");
    out_tty(p->scratch, m->title);
    out_puts(p->scratch, m->title.n && m->release.n ? ", " : "");
    out_puts(p->scratch, m->release.n ? "kernel " : "");
    out_tty(p->scratch, m->release);
}

static void put_first_title(struct page *p)
{
    for (size_t i = 0; i < p->a->diagnoses.n; i++) {
        if (p->a->diagnoses.p[i].superseded)
            continue;
        out_puts(p->scratch, ": ");
        wording_text(&p->words, &p->a->diagnoses.p[i].title);
        return;
    }
}

void page_verdict(struct page *p)
{
    switch (p->a->verdict) {
    case VERDICT_BOOTS:
        put_whose(p, "This machine", "The machine in ");
        out_puts(p->scratch, " will boot next time");
        put_what(p);
        break;
    case VERDICT_FAILS:
        put_whose(p, "This machine", "The machine in ");
        out_puts(p->scratch, " will not boot next time");
        put_first_title(p);
        break;
    case VERDICT_CRIPPLED:
        put_whose(p, "This machine", "The machine in ");
        out_puts(p->scratch, " will start next time, but not come up as it should");
        put_first_title(p);
        break;
    case VERDICT_CANNOT_TELL:
        out_puts(p->scratch, "Cannot tell whether ");
        put_whose(p, "this machine", "the machine in ");
        out_printf(p->scratch, " will boot next time: %zu of %d checks could not be made",
                   count_unknown(p->a->machine), CHECK_COUNT);
        break;
    case VERDICT_NONE: return;
    }
    page_flush(p, 0, 2);
}

/* "  fails    initrd: /boot/initrd.img-6.1: there is no such file (photon.cfg:3)" */
static void put_check(struct page *p, enum machine_check_id id)
{
    static const struct str states[] = { [TRI_UNKNOWN] = { STR_INIT("unknown") },
                                         [TRI_NO] = { STR_INIT("fails") },
                                         [TRI_YES] = { STR_INIT("good") } };
    static const enum style styles[] = {
        [TRI_UNKNOWN] = STYLE_YELLOW, [TRI_NO] = STYLE_RED, [TRI_YES] = STYLE_DIM
    };
    const struct machine_check *check = &p->a->machine->checks[id];
    enum { COLUMN = 11 };

    out_puts(p->out, "  ");
    layout_styled(p->out, p->o->color, styles[check->state], states[check->state]);
    out_repeat(p->out, ' ', COLUMN - 2 - states[check->state].n);
    out_raw(p->scratch, machine_check_words(id));
    if (check->subject.n) {
        out_puts(p->scratch, ": ");
        out_tty(p->scratch, check->subject);
    }
    if (check->why.n) {
        out_puts(p->scratch, check->subject.n ? ", " : ": ");
        out_tty(p->scratch, check->why);
    }
    if (check->place.line) {
        out_puts(p->scratch, " (");
        out_tty(p->scratch, wording_input(p->a, p->a->machine_input + check->place.file));
        out_printf(p->scratch, ":%" PRIu32 ")", check->place.line);
    }
    page_flush(p, COLUMN, COLUMN);
}

static void put_kernels(struct page *p)
{
    const struct machine *m = p->a->machine;

    if (!m->running.text.n || !m->release.n)
        return;
    out_puts(p->scratch, "Running now: ");
    out_tty(p->scratch, m->running.text);
    out_puts(p->scratch, " (/proc/sys/kernel/osrelease) · next: ");
    out_tty(p->scratch, m->release);
    page_flush(p, 0, 2);
}

void page_checks(struct page *p)
{
    const struct machine *m = p->a->machine;

    out_puts(p->out, "\n");
    layout_styled(p->out, p->o->color, STYLE_BOLD, STR("What was checked"));
    out_puts(p->out, "\n");
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        put_check(p, (enum machine_check_id)i);
    put_kernels(p);
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        if (!m->checks[i].denied.n)
            continue;
        out_tty(p->scratch, m->checks[i].denied);
        out_puts(p->scratch, " is not readable for you: run this as root (sudo lastwords "
                             "preflight) to have it checked.");
        page_flush(p, 0, 2);
        return;
    }
}
