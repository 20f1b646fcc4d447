/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records meet wordings. The prefilter names the few wordings whose literal stands in the record;
 * only those are looked at, cheapest test first: origin, level, format, identity, text. Expressions
 * are compiled here, at their first candidate, not when rules are loaded.
 */
#include "analyzer/core/limits.h"
#include "analyzer/engine/filter.h"
#include "analyzer/engine/hits.h"
#include "analyzer/engine/near.h"
#include "analyzer/engine/pattern.h"
#include "analyzer/engine/ruleset.h"

#include <stdlib.h>

struct compiled {
    struct pattern *pattern;
    bool broken; /* PCRE2 refused it: `rules check` says why */
    uint64_t gave_up;
};

struct matching {
    const struct ruleset *rs;
    struct pattern_scratch *scratch;
    struct compiled *compiled; /* by wording */
    uint32_t *candidates;
    size_t n_candidates;
    uint64_t *seen; /* by wording: the record for which it is a candidate already */
    uint64_t record;
    struct str *captures;
    struct near *near;          /* NULL: nobody asks what nearly matched */
    uint64_t (*clock_ns)(void); /* NULL: nobody asks what it costs */
    struct wording_cost *costs; /* by wording */
};

struct matching *matching_new(const struct ruleset *rs)
{
    size_t n = rs->wordings.n + 1, most = 1;
    struct matching *m = calloc(1, sizeof *m);

    if (!m)
        return NULL;
    for (size_t i = 0; i < rs->wordings.n; i++)
        most = rs->wordings.p[i]->n_names > most ? rs->wordings.p[i]->n_names : most;
    m->rs = rs;
    m->scratch = pattern_scratch_new(false);
    m->compiled = calloc(n, sizeof *m->compiled);
    m->candidates = calloc(n, sizeof *m->candidates);
    m->seen = calloc(n, sizeof *m->seen);
    m->captures = calloc(most, sizeof *m->captures);
    if (m->scratch && m->compiled && m->candidates && m->seen && m->captures)
        return m;
    matching_free(m);
    return NULL;
}

void matching_free(struct matching *m)
{
    if (!m)
        return;
    for (size_t i = 0; m->compiled && i < m->rs->wordings.n; i++)
        pattern_free(m->compiled[i].pattern);
    pattern_scratch_free(m->scratch);
    near_free(m->near);
    free(m->compiled);
    free(m->candidates);
    free(m->seen);
    free(m->captures);
    free(m->costs);
    free(m);
}

bool matching_measure(struct matching *m, uint64_t (*clock_ns)(void))
{
    m->costs = calloc(m->rs->wordings.n + 1, sizeof *m->costs);
    m->clock_ns = m->costs ? clock_ns : NULL;
    return m->costs != NULL;
}

const struct wording_cost *matching_costs(const struct matching *m)
{
    for (size_t i = 0; m->costs && i < m->rs->wordings.n; i++)
        m->costs[i].gave_up = m->compiled[i].gave_up;
    return m->costs;
}

bool matching_watch(struct matching *m, struct str rule_id)
{
    if (!m->near)
        m->near = near_new(rule_id);
    return m->near != NULL;
}

const struct near *matching_near(const struct matching *m)
{
    return m->near;
}

void matching_notes(const struct matching *m, struct notes *notes)
{
    const struct wording *w;

    for (size_t i = 0; i < m->rs->wordings.n; i++) {
        w = m->rs->wordings.p[i];
        if (m->compiled[i].gave_up)
            note_add(notes, NOTE_PATTERN_GAVE_UP, NOTE_NO_INPUT, 0,
                     "the expression of rule %.*s (line %u) gave up on %llu records",
                     STR_ARG(w->rule_id), (unsigned)w->line,
                     (unsigned long long)m->compiled[i].gave_up);
        if (m->compiled[i].broken)
            note_add(notes, NOTE_PATTERN_GAVE_UP, NOTE_NO_INPUT, 0,
                     "the expression of rule %.*s (line %u) cannot be compiled",
                     STR_ARG(w->rule_id), (unsigned)w->line);
    }
}

static void add_candidate(struct matching *m, uint32_t wording)
{
    if (m->seen[wording] == m->record)
        return;
    m->seen[wording] = m->record;
    m->candidates[m->n_candidates++] = wording;
}

static void on_literal(void *ctx, uint32_t literal)
{
    struct matching *m = ctx;

    if (m->rs->literal_wordings[literal] != NO_WORDING)
        add_candidate(m, m->rs->literal_wordings[literal]);
}

static bool match_regex(struct matching *m, const struct wording *w, struct str text)
{
    struct compiled *c = &m->compiled[w->index];
    size_t own = w->crash ? CRASH_NAMES : w->filter.drivers.n ? 1 : 0;
    size_t named = w->n_names - own; /* groups of the expression */

    if (!c->pattern && !c->broken) {
        c->pattern = pattern_new(w->text, w->filter.nocase, NULL);
        c->broken = !c->pattern || pattern_names(c->pattern)->n != named;
    }
    if (c->broken)
        return false;
    switch (pattern_match(c->pattern, m->scratch, text, m->captures)) {
    case PATTERN_YES: return true;
    case PATTERN_GAVE_UP: c->gave_up++; return false;
    case PATTERN_NO: break;
    }
    return false;
}

static bool match_text(struct matching *m, const struct wording *w, struct str text)
{
    switch (w->kind) {
    case WORDING_LITERAL:
        return (w->filter.nocase ? str_find_nocase(text, w->text) : str_find(text, w->text)) !=
               STR_NOT_FOUND;
    case WORDING_REGEX: return match_regex(m, w, text);
    case WORDING_ANYTHING: return true;
    }
    return false;
}

static bool match_wording(struct matching *m, const struct wording *w, const struct record *r,
                          struct str format)
{
    struct str text = r->text, device = { 0 };

    if (filter_refuses(w, r, format, &text, &device).n)
        return false;
    if (m->costs)
        m->costs[w->index].runs++;
    if (!match_text(m, w, text))
        return false;
    if (w->filter.drivers.n)
        m->captures[w->n_names - 1] = device;
    return true;
}

/* The same, measured. */
static bool try_wording(struct matching *m, const struct wording *w, const struct record *r,
                        struct str format)
{
    struct wording_cost *cost = m->costs ? &m->costs[w->index] : NULL;
    uint64_t start = cost ? m->clock_ns() : 0;
    bool matches = match_wording(m, w, r, format);

    if (cost) {
        cost->ns += m->clock_ns() - start;
        cost->candidates++;
        cost->matches += matches;
    }
    return matches;
}

/*
 * How far the boot has come: init/main.c (run_init_process()) says which program it starts, systemd
 * when it leaves the initrd.
 */
static void note_phase(struct hits *h, const struct record *r)
{
    struct str s = r->text, program;

    if (str_take(&s, STR("Run ")) && str_take_until_str(&s, STR(" as init process"), &program))
        hits_mark_phase(h, str_eq(program, STR("/init")) ? PHASE_INITRD : PHASE_SYSTEM, r);
    s = r->text;
    str_take(&s, STR("systemd[1]: "));
    if (str_starts(s, STR("Switching root")))
        hits_mark_phase(h, PHASE_SYSTEM, r);
}

size_t match_record(struct matching *m, struct hits *hits, const struct record *r,
                    struct str format, const struct record **kept)
{
    struct kept_record *k = NULL;
    size_t n = 0;

    if (r->kind != RECORD_TEXT)
        return 0;
    hits_next_order(hits);
    m->record++;
    m->n_candidates = 0;
    if (m->rs->uses_phase)
        note_phase(hits, r);
    if (m->rs->prefilter)
        prefilter_scan(m->rs->prefilter, r->text, on_literal, m);
    for (size_t i = 0; i < m->rs->n_unfiltered; i++)
        add_candidate(m, m->rs->unfiltered[i]);
    for (size_t i = 0; i < m->n_candidates; i++) {
        const struct wording *w = m->rs->wordings.p[m->candidates[i]];

        if (!try_wording(m, w, r, format)) {
            near_look(m->near, hits, w, r, format);
            continue;
        }
        if (!k)
            k = hits_keep(hits, r);
        if (k && hits_add(hits, w, k, r, m->captures))
            n++;
    }
    if (k && !n)
        hits_release(hits, k);
    if (n)
        *kept = kept_record(k);
    return n;
}

/* The same, of a crash report: its header stands for it in time and as evidence. */
static bool match_crash(struct matching *m, const struct wording *w, const struct crash *crash)
{
    struct str values[CRASH_NAMES];

    if (!crash->kind || crash->evidence.n == 0 ||
        !(w->filter.origins & 1u << crash->evidence.p[0]->origin) ||
        !crash_filter_passes(w->crash, crash) || !match_text(m, w, crash->title))
        return false;
    crash_values(crash, values);
    for (size_t i = 0; i < CRASH_NAMES; i++)
        m->captures[w->n_names - CRASH_NAMES + i] = values[i];
    return true;
}

static void add_crash(struct matching *m, struct hits *hits, const struct wording *w,
                      const struct crashes *all, const struct crash *crash, struct arena *a)
{
    struct hit hit = { .record = crash->evidence.p[0],
                       .order = crash->order,
                       .captures = arena_new(a, struct str, w->n_names),
                       .crash = crash,
                       .open = crashes_open(all, crash) };

    for (size_t i = 0; hit.captures && i < w->n_names; i++)
        hit.captures[i] = m->captures[i];
    if (hit.captures)
        hits_add_crash(hits, w, &hit);
}

void match_crashes(struct matching *m, struct hits *hits, const struct crashes *crashes,
                   struct arena *a)
{
    for (size_t i = 0; i < m->rs->crash_wordings.n; i++) {
        const struct wording *w = m->rs->wordings.p[m->rs->crash_wordings.p[i]];

        hits_forget(hits, w->index);
        for (size_t k = 0; k < crashes->list.n; k++) {
            if (match_crash(m, w, crashes->list.p[k]))
                add_crash(m, hits, w, crashes, crashes->list.p[k], a);
            else
                near_look_crash(m->near, hits, w, crashes->list.p[k]);
        }
    }
}
