/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fact table, and the walk of each record past the extractors.
 *
 * facts_add() sees every record of a boot, and nearly all of them hold no fact. Rows are therefore
 * chained by the first byte of their literal, and a line is looked at only where a word begins: the
 * usual line costs a dozen lookups and a few failed memcmp()s.
 */
#include "analyzer/evidence/fact.h"

#include "analyzer/core/limits.h"
#include "analyzer/evidence/extract.h"

/* A kernel line is at most 1 KiB; literals stand near its start. */
enum { SCAN_BYTES = 512 };

const struct fact_info fact_infos[] = {
#define FACT(sym, fact_path, fact_type, fact_doc)                                                  \
    [FACT_##sym] = { .path = { STR_INIT(fact_path) },                                              \
                     .type = { STR_INIT(fact_type) },                                              \
                     .doc = { STR_INIT(fact_doc) } },
#include "analyzer/evidence/fact.def"
#undef FACT
};

static const struct extractor extractors[] = {
#define EXTRACT(where, who, function, sym, text, lit)                                              \
    { .literal = { STR_INIT(lit) },                                                                \
      .place = PLACE_##where,                                                                      \
      .origins = BY_##who,                                                                         \
      .take = (function),                                                                          \
      .fact = FACT_##sym,                                                                          \
      .word = { STR_INIT(text) } },
#include "analyzer/evidence/extractors.def"
#undef EXTRACT
};

static const struct setting settings[] = {
#define SETTING(name, function, sym, what)                                                         \
    { .key = { STR_INIT(name) }, .take = (function), .fact = FACT_##sym, .sort = SORT_##what },
#include "analyzer/evidence/settings.def"
#undef SETTING
};

enum { N_EXTRACTORS = sizeof extractors / sizeof extractors[0] };

const char *const fact_literals[] = {
#define EXTRACT(where, who, function, sym, text, lit) lit,
#include "analyzer/evidence/extractors.def"
#undef EXTRACT
    NULL,
};

static const struct fact unknown_fact;

bool facts_init(struct facts *f, struct arena *arena, const struct facts *parent)
{
    struct facts_state *state = arena_new(arena, struct facts_state, 1);

    *f = (struct facts){ .parent = parent, .arena = arena };
    if (!state)
        return false;
    state->next = arena_new(arena, uint16_t, N_EXTRACTORS);
    if (!state->next)
        return false;
    /* From the last to the first, so that a chain keeps the order of the table. */
    for (size_t i = N_EXTRACTORS; i > 0; i--) {
        unsigned char first = (unsigned char)extractors[i - 1].literal.p[0];

        state->next[i - 1] = state->first[first];
        state->first[first] = (uint16_t)i;
    }
    f->state = state;
    return true;
}

void facts_set(struct facts *f, enum fact_id id, struct value value, const struct record *proof)
{
    f->of[id] = (struct fact){ .value = value, .proof = proof };
}

const struct fact *facts_get(const struct facts *f, enum fact_id id)
{
    for (; f; f = f->parent)
        if (f->of[id].value.type != VALUE_UNKNOWN)
            return &f->of[id];
    return &unknown_fact;
}

/* Rows whose literal stands at line[at]. */
static void try_rows(struct extraction *x, size_t at)
{
    const struct facts_state *state = x->facts->state;
    struct str from = str_from_at(x->line, at);
    unsigned by = 1u << x->record->origin;

    for (size_t i = state->first[(unsigned char)x->line.p[at]]; i; i = state->next[i - 1]) {
        const struct extractor *row = &extractors[i - 1];

        if (!(row->origins & by) || (row->place == PLACE_START && at) ||
            !str_starts(from, row->literal))
            continue;
        x->row = row;
        x->fact = row->fact;
        x->before = str_first(x->line, at);
        x->rest = str_from_at(from, row->literal.n);
        row->take(x);
    }
}

/* Windows behind a line are counted in lines of any origin, as sparse reading counts them. */
static void count_down(struct extraction *x, uint32_t *lines)
{
    if (*lines == 0)
        return;
    --*lines;
    extract_want(x, *lines);
}

static void look_at_line(struct extraction *x)
{
    struct facts_state *state = x->facts->state;
    size_t n = x->line.n < SCAN_BYTES ? x->line.n : SCAN_BYTES;
    bool word_begins = true;

    count_down(x, &state->storage.probe_lines);
    count_down(x, &state->modules.more_lines);
    for (size_t i = 0; i < n; i++) {
        if (word_begins)
            try_rows(x, i);
        word_begins = x->line.p[i] == ' ';
    }
    if (!(1u << x->record->origin & BY_KERNEL))
        return;
    x->row = NULL;
    storage_follow(x);
    modules_follow(x);
}

static void look_at_setting(struct extraction *x)
{
    if (!str_eq(x->record->section, STR("CONFIGURATION")))
        return;
    vmx_device_setting(x);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (!str_eq_nocase(settings[i].key, x->record->key))
            continue;
        x->fact = settings[i].fact;
        x->sort = settings[i].sort;
        settings[i].take(x);
    }
}

uint32_t facts_add(struct facts *f, const struct record *r)
{
    struct extraction x = { .facts = f, .record = r };
    struct str text = r->text;

    if (!f->state || r->origin >= ORIGIN_COUNT)
        return 0;
    if (r->kind == RECORD_SETTING && r->origin == ORIGIN_HOST)
        look_at_setting(&x);
    if (r->kind != RECORD_TEXT)
        return 0;
    if (r->origin != ORIGIN_HOST && f->state->hard_resets == 0)
        f->state->guest_spoke = true;
    while (str_take_line(&text, &x.line))
        look_at_line(&x);
    return x.want;
}
