/* SPDX-License-Identifier: Apache-2.0 */
/* Words for what the result model holds; see wording.h. Shared by the reports for people. */
#include "reports/wording.h"

#include "analyzer/evidence/fact.h"
#include "parsers/walk.h"

#include <inttypes.h>

enum { SECOND_US = 1000000 };

const char *wording_news(const struct cases *cases, enum news news)
{
    static const char *const words[NEWS_COUNT] = {
        [NEWS_KNOWN] = "known",
        [NEWS_ELSEWHERE] = "new on this machine, seen on others before",
        [NEWS_NEW] = "new",
    };

    return cases->compared ? words[news] : "";
}

void wording_text(const struct wording *w, const struct text *text)
{
    for (size_t i = 0; i < text->n; i++)
        w->value(w->out, text->p[i].text);
}

int64_t wording_boot_offset(const struct analysis *a, uint32_t boot)
{
    return (int64_t)boot + 1 - (int64_t)boots_count(a->boots);
}

/*
 * " 1.1 s after start": from the kernel's start to the last record. Without its stamps a wall clock
 * tells it, when the start is there, and no better than its own stamps do.
 */
static void put_length(const struct wording *w, const struct boot *b)
{
    bool coarse = b->last_mono_us == TIME_UNKNOWN && b->wall_flags & RECORD_WALL_COARSE;
    int64_t us = b->last_mono_us;

    if (us == TIME_UNKNOWN && b->has_kernel && b->head_complete == TRI_YES &&
        b->first_wall_us != TIME_UNKNOWN && b->last_wall_us != TIME_UNKNOWN)
        us = b->last_wall_us - b->first_wall_us;
    if (us == TIME_UNKNOWN || us <= 0)
        return;
    out_puts(w->out, coarse ? " about " : " ");
    if (coarse && us < 60 * SECOND_US)
        out_printf(w->out, "%" PRId64 " s", us / SECOND_US);
    else
        wording_duration(w->out, us);
    out_puts(w->out, " after start");
}

void wording_ended(const struct wording *w, const struct boot *boot)
{
    static const struct {
        const char *words;
        bool with_time;
    } ends[ENDED_COUNT] = {
        [ENDED_UNKNOWN] = { "how it ended the log does not tell", false },
        [ENDED_PANIC] = { "ended in a kernel panic", true },
        [ENDED_OOPS] = { "ended in an oops", true },
        [ENDED_POWEROFF] = { "powered off in order", true },
        [ENDED_REBOOT] = { "rebooted as the guest asked", true },
        [ENDED_RESET] = { "was reset", true },
        [ENDED_WATCHDOG] = { "was restarted by a watchdog", true },
        [ENDED_POWER_LOSS] = { "broke off without a word", true },
        [ENDED_HOST_CRASH] = { "ended when the hypervisor's process died", true },
        [ENDED_SUSPEND] = { "was suspended", true },
        [ENDED_SAVED] = { "its memory was saved, last message", true },
        [ENDED_RUNNING] = { "running when it was read, last message", true },
        [ENDED_END_OF_LOG] = { "its log ends", true },
    };

    out_puts(w->out, ends[boot->ended_by].words);
    if (ends[boot->ended_by].with_time)
        put_length(w, boot);
}

struct str wording_input(const struct analysis *a, uint32_t input)
{
    struct str name = input < a->inputs.n ? a->inputs.p[input].name : STR("?");

    return str_eq(name, STR("-")) ? STR("standard input") : name;
}

/* Of a directory, "logs/", all of it. */
static struct str base_of(struct str name)
{
    struct str base = walk_base(name);

    return base.n ? base : name;
}

struct str wording_input_short(const struct analysis *a, uint32_t input)
{
    struct str name = wording_input(a, input), base = base_of(name);

    for (size_t i = 0; i < a->inputs.n; i++)
        if (i != input && str_eq(base_of(a->inputs.p[i].name), base))
            return name;
    return base;
}

/* The fact as text, or empty when it is unknown. */
static struct str known_text(const struct facts *facts, enum fact_id id)
{
    const struct fact *fact = facts_get(facts, id);

    return fact->value.type == VALUE_TEXT ? fact->value.text : (struct str){ 0 };
}

/* "Photon OS 4.4.8-esx on VMware Workstation 12": as much of it as the log tells. */
static void name_system(const struct wording *w, const struct facts *facts)
{
    static const struct {
        struct str id;
        const char *name;
    } distros[] = {
        { { STR_INIT("photon") }, "Photon OS" },    { { STR_INIT("debian") }, "Debian" },
        { { STR_INIT("ubuntu") }, "Ubuntu" },       { { STR_INIT("rhel") }, "RHEL" },
        { { STR_INIT("centos") }, "CentOS" },       { { STR_INIT("fedora") }, "Fedora" },
        { { STR_INIT("suse") }, "SUSE" },           { { STR_INIT("opensuse") }, "openSUSE" },
        { { STR_INIT("amazon") }, "Amazon Linux" }, { { STR_INIT("arch") }, "Arch Linux" },
    };
    struct str distro = known_text(facts, FACT_DISTRO);
    struct str release = known_text(facts, FACT_KERNEL_RELEASE);
    struct str product = known_text(facts, FACT_HOST_PRODUCT);
    struct str version = known_text(facts, FACT_HOST_VERSION);

    for (size_t i = 0; i < sizeof distros / sizeof distros[0]; i++)
        if (str_eq(distro, distros[i].id))
            distro = str_from(distros[i].name);
    if (distro.n || release.n || product.n)
        out_puts(w->out, " · ");
    if (!distro.n && release.n)
        distro = STR("Linux");
    w->value(w->out, distro);
    out_puts(w->out, distro.n && release.n ? " " : "");
    w->value(w->out, release);
    out_puts(w->out, distro.n && product.n ? " on " : "");
    w->value(w->out, product);
    out_puts(w->out, product.n && version.n ? " " : "");
    w->value(w->out, version);
}

/* The log of the focus boot; settings (.vmx) only when there is nothing else. */
static uint32_t main_input(const struct analysis *a)
{
    uint32_t main = 0;

    if (a->focus < boots_count(a->boots) && boots_at(a->boots, a->focus)->inputs.n)
        return boots_at(a->boots, a->focus)->inputs.p[0];
    while (main + 1 < a->inputs.n && str_ends(a->inputs.p[main].name, STR(".vmx")))
        main++;
    return main;
}

/* Files of the machine itself stand behind the logs. */
static size_t count_logs(const struct analysis *a)
{
    return a->machine && a->machine_input ? a->machine_input : a->inputs.n;
}

/* What the call named that this input comes from; how many of its arguments held an input. */
static size_t count_given(const struct analysis *a, struct str given, bool *alone)
{
    size_t n = 0, of_given = 0;

    for (size_t i = 0; i < count_logs(a); i++) {
        n += i == 0 || !str_eq(a->inputs.p[i].given, a->inputs.p[i - 1].given);
        of_given += str_eq(a->inputs.p[i].given, given);
    }
    *alone = of_given < 2;
    return n;
}

/* "vmware.log", "vmware.log and 2 more", "bundle.tgz": as the call named it. */
static void name_inputs(const struct wording *w, const struct analysis *a)
{
    uint32_t main = main_input(a);
    struct str given, base;
    bool alone;
    size_t n;

    if (a->inputs.n == 0) {
        out_puts(w->out, "no input");
        return;
    }
    given = a->inputs.p[main].given;
    base = base_of(given);
    n = count_given(a, given, &alone);
    if (alone || base.n == 0 || str_eq(base, STR(".")) || str_eq(base, STR(".."))) {
        base = wording_input_short(a, main);
        n = count_logs(a);
    }
    w->value(w->out, base);
    if (n > 1)
        out_printf(w->out, " and %zu more", n - 1);
}

/* Which of several boots; with the number that -b takes, unless that is the last one anyway. */
static void name_boot(struct out *o, int64_t offset)
{
    if (offset == 0)
        out_puts(o, "the last one: ");
    else if (offset == -1)
        out_puts(o, "the last but one (boot -1): ");
    else
        out_printf(o, "boot %" PRId64 ": ", offset);
}

void wording_header(const struct wording *w, const struct analysis *a)
{
    size_t n_boots = boots_count(a->boots);

    name_inputs(w, a);
    if (a->focus >= n_boots)
        return;
    name_system(w, a->of_boot.p[a->focus].facts);
    out_puts(w->out, " · ");
    wording_count(w->out, n_boots, "boot", "boots");
    out_puts(w->out, ", ");
    if (n_boots > 1)
        name_boot(w->out, wording_boot_offset(a, a->focus));
    wording_ended(w, boots_at(a->boots, a->focus));
    if (a->n_alike) {
        out_puts(w->out, ", for the same reason as ");
        wording_count(w->out, a->n_alike, "other boot", "other boots");
    }
}

static void list_word(const struct wording *w, bool *first, const char *words)
{
    out_puts(w->out, *first ? "" : ", ");
    out_puts(w->out, words);
    *first = false;
}

void wording_completeness(const struct wording *w, const struct boot *boot)
{
    static const char *const heads[] = {
        [TRI_UNKNOWN] = "the beginning may be missing", [TRI_NO] = "the beginning is missing"
    };
    static const char *const tails[] = {
        [TRI_UNKNOWN] = "the end may be missing", [TRI_NO] = "the end is missing"
    };
    static const char *const last[ENDED_COUNT] = {
        [ENDED_PANIC] = "panic",
        [ENDED_SAVED] = "moment its memory was saved",
        [ENDED_RUNNING] = "moment it was read",
    };
    bool first = false;

    if (!boot->has_kernel) {
        out_puts(w->out, "no kernel message in this log");
    } else if (boot->head_complete == TRI_YES && boot->tail_complete == TRI_YES) {
        out_puts(w->out, "log complete from the first kernel line to the ");
        out_puts(w->out, last[boot->ended_by] ? last[boot->ended_by] : "last");
    } else {
        out_puts(w->out, "log: ");
        first = true;
        if (boot->head_complete != TRI_YES)
            list_word(w, &first, heads[boot->head_complete]);
        if (boot->tail_complete != TRI_YES)
            list_word(w, &first, tails[boot->tail_complete]);
    }
    if (boot->gaps) {
        list_word(w, &first, "");
        wording_count(w->out, boot->gaps, "gap", "gaps");
    }
    if (boot->dropped) {
        list_word(w, &first, "");
        wording_count(w->out, boot->dropped, "message dropped", "messages dropped");
    }
    if (boot->throttled)
        list_word(w, &first, "the writer left messages out");
    if (boot->merged_dumps) {
        list_word(w, &first, "");
        wording_count(w->out, boot->merged_dumps, "repeated dump merged", "repeated dumps merged");
    }
}

/* "units that took longest to start: db.service 12 s, net.service 3.1 s" */
static void name_slowest(const struct wording *w, const struct value *units)
{
    for (size_t i = 0; i < units->n_items; i++) {
        const struct value *fields = units->items[i].items;

        out_puts(w->out, i ? ", " : " · longest to start (waiting counts, too): ");
        w->value(w->out, fields[0].text);
        out_puts(w->out, " ");
        wording_duration(w->out, fields[1].number * 1000);
    }
}

bool wording_units(const struct wording *w, const struct facts *facts, bool all)
{
    const struct value *failed = &facts_get(facts, FACT_SYSTEMD_FAILED)->value;
    const struct value *up = &facts_get(facts, FACT_SYSTEMD_MULTI_USER)->value;

    if (!failed->n_items && !all)
        return false;
    for (size_t i = 0; i < failed->n_items; i++) {
        out_puts(w->out, i ? ", " : failed->n_items == 1 ? "failed unit: " : "failed units: ");
        w->value(w->out, failed->items[i].text);
    }
    if (up->type != VALUE_INT)
        return failed->n_items > 0;
    out_puts(w->out, failed->n_items ? " · " : "");
    out_puts(w->out, "multi-user.target reached after ");
    wording_duration(w->out, up->number * 1000);
    if (all)
        name_slowest(w, &facts_get(facts, FACT_SYSTEMD_SLOWEST)->value);
    return true;
}
