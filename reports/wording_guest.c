/* SPDX-License-Identifier: Apache-2.0 */
/* Whose memory a log was read from; see wording.h. */
#include "analyzer/evidence/fact.h"
#include "reports/wording.h"

#include <string.h>

/* "Linux version 6.1.81-esx (root@host) (gcc …) #1-photon SMP Tue Mar 12 …": from " #" on. */
static struct str build_of(struct str banner)
{
    size_t at = str_find(banner, STR(" #")), end;
    struct str build;

    if (at == STR_NOT_FOUND)
        return (struct str){ 0 };
    build = str_from_at(banner, at + 1);
    end = str_find(build, STR("\n"));
    return end == STR_NOT_FOUND ? build : str_first(build, end);
}

static struct str hypervisor_of(const struct facts *facts)
{
    const struct value *v = &facts_get(facts, FACT_HYPERVISOR)->value;

    return v->type == VALUE_TEXT && !str_eq(v->text, STR("none")) ? v->text : (struct str){ 0 };
}

static void put_part(const struct wording *w, const char **between, const char *words, struct str s)
{
    if (s.n == 0)
        return;
    out_puts(w->out, *between);
    out_puts(w->out, words);
    w->value(w->out, s);
    *between = ", ";
}

/* "2026-11-20 23:35:20 UTC": when the last message was printed, to the second. */
static struct str clock_at_end(const struct boot *b, char *text)
{
    struct str s;

    if (b->wall_offset_us == TIME_UNKNOWN || b->last_mono_us == TIME_UNKNOWN)
        return (struct str){ 0 };
    clock_format(b->wall_offset_us + b->last_mono_us, text);
    s = str_first(str_from(text), sizeof "2026-11-20T23:35:20" - 1);
    text[sizeof "2026-11-20" - 1] = ' ';
    memcpy(text + s.n, " UTC", sizeof " UTC");
    return str_from(text);
}

/*
 * Which of the logs in it, and how sure that is. An input that only repeats what another one has is
 * none of the boot's.
 */
static struct str choice_of(const struct analysis *a, const struct boot *b)
{
    struct str first = { 0 };

    for (size_t i = 0; i < a->notes.n; i++) {
        const struct note *note = &a->notes.p[i];

        if (note->code != NOTE_IMAGE_LOG)
            continue;
        first = first.n ? first : note->text;
        for (size_t k = 0; k < b->inputs.n; k++)
            if (note->input == b->inputs.p[k])
                return note->text;
    }
    return first;
}

bool wording_guest(const struct wording *w, const struct analysis *a, uint32_t boot)
{
    const struct boot *b = boots_at(a->boots, boot);
    const char *between = "the guest: ";
    char text[CLOCK_TEXT];

    if (!b->in_memory)
        return false;
    put_part(w, &between, "", build_of(b->banner));
    put_part(w, &between, "hypervisor ", hypervisor_of(a->of_boot.p[boot].facts));
    put_part(w, &between, "last message at ", clock_at_end(b, text));
    between = between[0] == 't' ? "" : " · ";
    put_part(w, &between, "", choice_of(a, b));
    return true;
}
