/* SPDX-License-Identifier: Apache-2.0 */
/* Verdict and checks of preflight in words; see wording_machine.h. */
#include "reports/wording_machine.h"

#include <inttypes.h>

static size_t count_unknown(const struct machine *m)
{
    size_t n = 0;

    for (size_t i = 0; i < CHECK_COUNT; i++)
        n += m->checks[i].state == TRI_UNKNOWN;
    return n;
}

/* "This machine", or "The machine in /mnt": whose disk is mounted there. */
static void put_whose(const struct wording *w, const struct machine *m, const char *this_one,
                      const char *other)
{
    if (str_eq(m->root_name, STR("/"))) {
        out_puts(w->out, this_one);
        return;
    }
    out_puts(w->out, other);
    w->value(w->out, m->root_name);
}

/* What boots: ": Photon, kernel 6.1.138-5.ph5-esx". */
static void put_what(const struct wording *w, const struct machine *m)
{
    if (m->title.n == 0 && m->release.n == 0)
        return;
    out_puts(w->out, ": ");
    w->value(w->out, m->title);
    out_puts(w->out, m->title.n && m->release.n ? ", " : "");
    out_puts(w->out, m->release.n ? "kernel " : "");
    w->value(w->out, m->release);
}

static void put_first_title(const struct wording *w, const struct analysis *a)
{
    for (size_t i = 0; i < a->diagnoses.n; i++) {
        if (a->diagnoses.p[i].superseded)
            continue;
        out_puts(w->out, ": ");
        wording_text(w, &a->diagnoses.p[i].title);
        return;
    }
}

bool wording_verdict(const struct wording *w, const struct analysis *a)
{
    const struct machine *m = a->machine;

    switch (a->verdict) {
    case VERDICT_BOOTS:
        put_whose(w, m, "This machine", "The machine in ");
        out_puts(w->out, " will boot next time");
        put_what(w, m);
        return true;
    case VERDICT_FAILS:
        put_whose(w, m, "This machine", "The machine in ");
        out_puts(w->out, " will not boot next time");
        put_first_title(w, a);
        return true;
    case VERDICT_CRIPPLED:
        put_whose(w, m, "This machine", "The machine in ");
        out_puts(w->out, " will start next time, but not come up as it should");
        put_first_title(w, a);
        return true;
    case VERDICT_CANNOT_TELL:
        out_puts(w->out, "Cannot tell whether ");
        put_whose(w, m, "this machine", "the machine in ");
        out_printf(w->out, " will boot next time: %zu of %d checks could not be made",
                   count_unknown(m), CHECK_COUNT);
        return true;
    case VERDICT_NONE: break;
    }
    return false;
}

struct str wording_check_state(enum tri state)
{
    static const struct str states[] = { [TRI_UNKNOWN] = { STR_INIT("unknown") },
                                         [TRI_NO] = { STR_INIT("fails") },
                                         [TRI_YES] = { STR_INIT("good") } };

    return states[state];
}

void wording_check(const struct wording *w, const struct machine_check *check,
                   enum machine_check_id id)
{
    out_raw(w->out, machine_check_words(id));
    if (check->subject.n) {
        out_puts(w->out, ": ");
        w->value(w->out, check->subject);
    }
    if (check->why.n) {
        out_puts(w->out, check->subject.n ? ", " : ": ");
        w->value(w->out, check->why);
    }
}

bool wording_check_place(const struct wording *w, const struct analysis *a,
                         const struct machine_check *check)
{
    if (!check->place.line)
        return false;
    w->value(w->out, wording_input(a, a->machine_input + check->place.file));
    out_printf(w->out, ":%" PRIu32, check->place.line);
    return true;
}

bool wording_kernels(const struct wording *w, const struct machine *m)
{
    if (!m->running.text.n || !m->release.n)
        return false;
    out_puts(w->out, "Running now: ");
    w->value(w->out, m->running.text);
    out_puts(w->out, " (/proc/sys/kernel/osrelease) · next: ");
    w->value(w->out, m->release);
    return true;
}

bool wording_denied(const struct wording *w, const struct machine *m)
{
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        if (!m->checks[i].denied.n)
            continue;
        w->value(w->out, m->checks[i].denied);
        out_puts(w->out, " is not readable for you: run this as root (sudo lastwords "
                         "preflight) to have it checked.");
        return true;
    }
    return false;
}
