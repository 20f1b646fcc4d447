/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last steps of a case: which boot is it about (journalctl's grammar, or the last one that
 * ended badly), what are its diagnoses, and when there are none: is nothing known, or can this log
 * not tell, and which evidence would?
 */
#include "analyzer/diagnose/summary.h"

#include "analyzer/diagnose/rank.h"

static const struct str result_names[] = {
    [RESULT_DIAGNOSED] = { STR_INIT("diagnosed") },
    [RESULT_NOTHING_KNOWN] = { STR_INIT("nothing-known") },
    [RESULT_CANNOT_TELL] = { STR_INIT("cannot-tell") },
    [RESULT_NOTHING_READ] = { STR_INIT("nothing-read") },
};

struct str result_name(enum result r)
{
    return result_names[r];
}

static bool has_grave_finding(const struct case_boot *cb)
{
    for (size_t i = 0; i < cb->findings.n; i++)
        if (cb->findings.p[i].rule->severity >= SEVERITY_ERROR)
            return true;
    return false;
}

/* The last boot that ended badly or has a grave finding, else the last. */
static uint32_t last_bad(const struct analysis *a)
{
    uint32_t last = (uint32_t)a->of_boot.n - 1;

    for (size_t i = a->of_boot.n; i > 0; i--) {
        const struct case_boot *cb = &a->of_boot.p[i - 1];

        if (ended_badly(cb->boot->ended_by) || has_grave_finding(cb))
            return (uint32_t)i - 1;
    }
    return last;
}

static uint32_t by_offset(const struct analysis *a, int64_t offset)
{
    int64_t n = (int64_t)a->of_boot.n;
    int64_t index = offset > 0 ? offset - 1 : n - 1 + offset;

    return index >= 0 && index < n ? (uint32_t)index : UINT32_MAX;
}

static uint32_t by_id(const struct analysis *a, struct str id)
{
    for (size_t i = 0; i < a->of_boot.n; i++)
        if (str_eq(a->of_boot.p[i].boot->id, id))
            return (uint32_t)i;
    return UINT32_MAX;
}

static uint32_t choose_focus(const struct analysis *a, const struct analysis_options *o)
{
    switch (o->choice) {
    case BOOT_BAD:
    case BOOT_ALL: return last_bad(a);
    case BOOT_OFFSET: return by_offset(a, o->boot_offset);
    case BOOT_ID: return by_id(a, o->boot_id);
    }
    return UINT32_MAX;
}

static void list_unexplained(struct analysis *a, const struct case_boot *cb)
{
    for (size_t i = 0; i < cb->unexplained.n; i++) {
        const struct unexplained_shape *shape = &cb->unexplained.p[i];
        struct unexplained *u = vec_push(&a->arena, &a->unexplained);

        if (u)
            *u = (struct unexplained){ .count = shape->count,
                                       .shape = shape->shape,
                                       .evidence = shape->evidence,
                                       .boot = cb->boot->index };
    }
    a->unexplained_records += cb->unexplained.records;
}

/* Findings of the case as a whole rank among those of the boot that the answer is about. */
static void add_case_findings(struct analysis *a, struct findings *of_focus)
{
    for (size_t i = 0; i < a->case_findings.n; i++) {
        struct finding *slot = vec_push(&a->arena, of_focus);

        if (slot)
            *slot = a->case_findings.p[i];
    }
}

static void show_boot(struct analysis *a, uint32_t index)
{
    rank_findings(a, &a->of_boot.p[index]);
    list_unexplained(a, &a->of_boot.p[index]);
}

bool summary_worst(const struct analysis *a, enum severity *worst)
{
    bool any = false;

    for (size_t i = 0; i < a->diagnoses.n; i++) {
        const struct diagnosis *d = &a->diagnoses.p[i];

        if (d->superseded)
            continue;
        if (!any || d->severity > *worst)
            *worst = d->severity;
        any = true;
    }
    return any;
}

struct str verdict_name(enum verdict v)
{
    static const struct str names[] = {
        [VERDICT_NONE] = { STR_INIT("none") },
        [VERDICT_BOOTS] = { STR_INIT("will-boot") },
        [VERDICT_FAILS] = { STR_INIT("will-not-boot") },
        [VERDICT_CRIPPLED] = { STR_INIT("will-not-come-up") },
        [VERDICT_CANNOT_TELL] = { STR_INIT("cannot-tell") },
    };

    return names[v];
}

/* By what was found; where nothing was, by whether everything could be checked. */
static enum verdict judge_next_boot(const struct analysis *a)
{
    enum severity worst = SEVERITY_INFO;

    if (summary_worst(a, &worst) && worst >= SEVERITY_CRITICAL)
        return worst == SEVERITY_FATAL ? VERDICT_FAILS : VERDICT_CRIPPLED;
    for (size_t i = 0; i < CHECK_COUNT; i++)
        if (a->machine->checks[i].state != TRI_YES)
            return VERDICT_CANNOT_TELL;
    return VERDICT_BOOTS;
}

static enum result judge_machine(struct analysis *a)
{
    static const enum result results[] = {
        [VERDICT_NONE] = RESULT_NOTHING_READ,       [VERDICT_BOOTS] = RESULT_NOTHING_KNOWN,
        [VERDICT_FAILS] = RESULT_DIAGNOSED,         [VERDICT_CRIPPLED] = RESULT_DIAGNOSED,
        [VERDICT_CANNOT_TELL] = RESULT_CANNOT_TELL,
    };

    if (!a->machine || !a->machine->seen)
        return RESULT_NOTHING_READ;
    a->verdict = judge_next_boot(a);
    for (size_t i = 0; i < CHECK_COUNT; i++)
        if (a->machine->checks[i].denied.n)
            note_add(&a->notes, NOTE_INPUT_UNREADABLE, NOTE_NO_INPUT, 0,
                     "%.*s is not readable for you: run this as root",
                     STR_ARG(a->machine->checks[i].denied));
    return results[a->verdict];
}

static bool is_quiet(const struct facts *f)
{
    const struct value *quiet = &facts_get(f, FACT_CMDLINE_QUIET)->value;

    return quiet->type == VALUE_BOOL && quiet->truth;
}

/* What the log lacks, and how to get it. */
static void note_missing(struct analysis *a, const struct case_boot *cb)
{
    const struct boot *b = cb->boot;

    if (is_quiet(cb->facts))
        note_add(&a->notes, NOTE_QUIET, NOTE_NO_INPUT, 0,
                 "quiet command line: a blank console until login is normal on this system");
    if (b->merged_dumps)
        note_add(&a->notes, NOTE_DUMPS_MERGED, NOTE_NO_INPUT, 0,
                 "the same kernel log stands here %u times and was merged", b->merged_dumps + 1);
    if (b->throttled)
        note_add(&a->notes, NOTE_THROTTLED, NOTE_NO_INPUT, 0, "the writer left messages out");
    if (b->dropped)
        note_add(&a->notes, NOTE_DROPPED, NOTE_NO_INPUT, 0, "messages were dropped in %llu places",
                 (unsigned long long)b->dropped);
    if (b->has_kernel && b->head_complete == TRI_NO)
        note_add(&a->notes, NOTE_NO_HEAD, NOTE_NO_INPUT, 0,
                 "the beginning of this boot is missing: no line \"Linux version\"");
    if (b->tail_complete != TRI_YES)
        note_add(&a->notes, NOTE_NO_TAIL, NOTE_NO_INPUT, 0,
                 "the log does not show how this boot ended; it may go on elsewhere");
}

static const struct {
    bool needs_kernel; /* said when the boot has no kernel record (else: when it has) */
    bool console;      /* and is (else: is not) a console capture */
    const char *text;
} evidence_wanted[] = {
    { true, false,
      "no line of the guest's kernel: attach a serial port to the VM (serial0.fileType = "
      "\"file\"), "
      "add console=ttyS0 loglevel=7 to the kernel command line, and boot again" },
    { true, true,
      "no line of the guest's kernel on this console: add console=ttyS0 earlyprintk=ttyS0 "
      "loglevel=7 "
      "without quiet to the kernel command line, and boot again" },
    { false, false,
      "a kernel log does not show what the initramfs or systemd print to the console: capture a "
      "serial console (console=ttyS0), or read journalctl -b -1 after the next good boot" },
    { false, true,
      "the console ends without an error: capture it until the machine stops, with loglevel=7 and "
      "without quiet; a dmesg or journalctl -b -1 of the same boot would help" },
};

/* What only memory can be asked for again, and what a hang leaves in it. */
static const char *const memory_wanted[] = {
    "the kernel reports a task that hangs after 120 s, a CPU that does after 20 s: save the memory "
    "again some minutes later, and read both",
    "what the initramfs or systemd wait for stands on the console only: take a screenshot of it, "
    "or "
    "capture a serial console (console=ttyS0)",
};

/* A journal cannot be asked for again: what the kernel said last never reached it. */
static const char breaks_off[] =
        "last words of a kernel that panics or is reset do not reach the disk: look now at "
        "/var/lib/systemd/pstore, /var/crash and the host's vmware.log of that minute; for next "
        "time capture a serial console (console=ttyS0), or set up netconsole or kdump";

static void note_evidence(struct analysis *a, const struct case_boot *cb)
{
    const struct boot *b = cb->boot;

    if (b->ended_by == ENDED_POWER_LOSS && b->has_kernel && !b->has_console && !b->has_host) {
        note_add(&a->notes, NOTE_EVIDENCE_MISSING, NOTE_NO_INPUT, 0, "%s", breaks_off);
        return;
    }
    if (b->in_memory) {
        for (size_t i = 0; i < sizeof memory_wanted / sizeof memory_wanted[0]; i++)
            note_add(&a->notes, NOTE_EVIDENCE_MISSING, NOTE_NO_INPUT, 0, "%s", memory_wanted[i]);
        return;
    }
    for (size_t i = 0; i < sizeof evidence_wanted / sizeof evidence_wanted[0]; i++)
        if (evidence_wanted[i].needs_kernel == !cb->boot->has_kernel &&
            evidence_wanted[i].console == cb->boot->has_console)
            note_add(&a->notes, NOTE_EVIDENCE_MISSING, NOTE_NO_INPUT, 0, "%s",
                     evidence_wanted[i].text);
}

static bool has_root(const struct analysis *a)
{
    for (size_t i = 0; i < a->diagnoses.n; i++)
        if (!a->diagnoses.p[i].superseded && a->diagnoses.p[i].role == ROLE_ROOT)
            return true;
    return false;
}

/*
 * Did the boot come to an end that needs no explanation, or does this machine run on? What a
 * guest's memory shows may hang.
 */
static bool ended_well(const struct boot *b)
{
    return b->ended_by == ENDED_POWEROFF || b->ended_by == ENDED_REBOOT ||
           b->ended_by == ENDED_SUSPEND ||
           (b->ended_by == ENDED_RUNNING && b->has_kernel && !b->in_memory);
}

static enum result judge(struct analysis *a)
{
    const struct case_boot *cb;

    if (a->focus == UINT32_MAX)
        return RESULT_NOTHING_READ;
    cb = &a->of_boot.p[a->focus];
    note_missing(a, cb);
    if (has_root(a))
        return RESULT_DIAGNOSED;
    if (ended_well(cb->boot))
        return RESULT_NOTHING_KNOWN;
    /* The end is not here: what would show it is named, whatever was found up to this point. */
    note_evidence(a, cb);
    return cb->boot->has_kernel && !ended_badly(cb->boot->ended_by) ? RESULT_NOTHING_KNOWN
                                                                    : RESULT_CANNOT_TELL;
}

static bool has_finding(const struct case_boot *cb, const struct rule *rule)
{
    for (size_t i = 0; i < cb->findings.n; i++)
        if (cb->findings.p[i].rule == rule)
            return true;
    return false;
}

/* A machine that goes down, starts again and goes down by the same cause: in how many boots? */
static uint32_t count_alike(const struct analysis *a)
{
    const struct diagnosis *root = a->diagnoses.n ? &a->diagnoses.p[0] : NULL;
    const struct boot *focus = a->of_boot.p[a->focus].boot;
    uint32_t n = 0;

    if (!root || root->role != ROLE_ROOT || !ended_badly(focus->ended_by))
        return 0;
    for (size_t i = 0; i < a->of_boot.n; i++)
        n += i != a->focus && a->of_boot.p[i].boot->ended_by == focus->ended_by &&
             has_finding(&a->of_boot.p[i], root->rule);
    return n;
}

/* preflight: no boot at all, only what the machine itself shows. */
static void show_machine(struct analysis *a)
{
    struct case_boot none = { .findings = a->case_findings };

    rank_findings(a, &none);
}

void summary_choose(struct analysis *a, const struct analysis_options *options)
{
    a->focus = a->of_boot.n ? choose_focus(a, options) : UINT32_MAX;
    if (a->focus != UINT32_MAX) {
        add_case_findings(a, &a->of_boot.p[a->focus].findings);
        show_boot(a, a->focus);
        a->n_alike = count_alike(a);
    }
    if (a->focus == UINT32_MAX && options->preflight)
        show_machine(a);
    if (options->choice == BOOT_ALL)
        for (size_t i = 0; i < a->of_boot.n; i++)
            if (i != a->focus)
                show_boot(a, (uint32_t)i);
    a->result = options->preflight ? judge_machine(a) : judge(a);
}
