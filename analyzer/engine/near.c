/* SPDX-License-Identifier: Apache-2.0 */
/* See near.h. It looks only at what matching refused, and only for the rule that is asked about. */
#include "analyzer/engine/near.h"

#include "analyzer/engine/filter.h"
#include "analyzer/engine/pattern.h"

#include <stdlib.h>

enum { PREFIXES_MAX = 4, NEAR_MAX = 4096 };

struct near {
    struct str rule_id;
    struct arena arena;
    struct pattern_scratch *scratch;
    struct near_patterns {
        VEC(struct near_pattern {
            uint32_t wording;
            struct pattern *pattern; /* NULL: PCRE2 refuses it */
        });
    } patterns;
    struct near_list {
        VEC(struct near_miss);
    } misses;
};

struct near *near_new(struct str rule_id)
{
    struct near *n = calloc(1, sizeof *n);

    if (!n)
        return NULL;
    n->rule_id = arena_str(&n->arena, rule_id);
    n->scratch = pattern_scratch_new(false);
    if (n->scratch && n->rule_id.n)
        return n;
    near_free(n);
    return NULL;
}

void near_free(struct near *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->patterns.n; i++)
        pattern_free(n->patterns.p[i].pattern);
    pattern_scratch_free(n->scratch);
    arena_done(&n->arena);
    free(n);
}

const struct near_miss *near_of(const struct near *n, const struct hits *hits, uint32_t wording)
{
    for (size_t i = 0; n && i < n->misses.n; i++)
        if (n->misses.p[i].hits == hits && n->misses.p[i].wording == wording)
            return &n->misses.p[i];
    return NULL;
}

static const struct pattern *pattern_of(struct near *n, const struct wording *w)
{
    struct near_pattern *slot;

    for (size_t i = 0; i < n->patterns.n; i++)
        if (n->patterns.p[i].wording == w->index)
            return n->patterns.p[i].pattern;
    slot = vec_push(&n->arena, &n->patterns);
    if (!slot)
        return NULL;
    *slot = (struct near_pattern){ w->index, pattern_new(w->text, w->filter.nocase, NULL) };
    return slot->pattern;
}

static bool text_fits(struct near *n, const struct wording *w, struct str text)
{
    const struct pattern *p;
    struct str *captures;

    if (w->kind == WORDING_ANYTHING)
        return true;
    if (w->kind == WORDING_LITERAL)
        return (w->filter.nocase ? str_find_nocase(text, w->text) : str_find(text, w->text)) !=
               STR_NOT_FOUND;
    p = pattern_of(n, w);
    captures = p ? calloc(pattern_names(p)->n + 1, sizeof *captures) : NULL;
    if (!captures || pattern_match(p, n->scratch, text, captures) != PATTERN_YES)
        text.n = 0;
    free(captures);
    return text.n > 0;
}

/* Also behind "frobd[7]: " and "drv 0000:00:01.0: ", which the filter would have cut off. */
static bool text_fits_behind(struct near *n, const struct wording *w, struct str text)
{
    struct str prefix;

    for (int i = 0; i < PREFIXES_MAX; i++) {
        if (text_fits(n, w, text))
            return true;
        if (!str_take_until_str(&text, STR(": "), &prefix))
            return false;
    }
    return false;
}

static void add(struct near *n, const struct near_miss *miss)
{
    struct near_miss *slot = n->misses.n < NEAR_MAX ? vec_push(&n->arena, &n->misses) : NULL;

    if (!slot)
        return;
    *slot = *miss;
    slot->is = arena_str(&n->arena, miss->is);
}

static bool is_asked(const struct near *n, const struct hits *hits, const struct wording *w)
{
    return n && str_eq(w->rule_id, n->rule_id) && !near_of(n, hits, w->index);
}

static struct str value_of(struct str key, const struct record *r, struct str format)
{
    const struct {
        struct str key, value;
    } values[] = {
        { STR("origin"), origin_name(r->origin) },
        { STR("level"), level_name(r->level) },
        { STR("format"), format },
        { STR("message_id"), r->message_id },
        { STR("unit"), r->unit },
        { STR("ident"), r->ident },
    };

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (str_eq(key, values[i].key))
            return values[i].value;
    return (struct str){ 0 };
}

void near_look(struct near *n, const struct hits *hits, const struct wording *w,
               const struct record *r, struct str format)
{
    struct str text = r->text, device = { 0 }, key;

    if (!is_asked(n, hits, w) || w->kind == WORDING_ANYTHING)
        return;
    key = filter_refuses(w, r, format, &text, &device);
    if (key.n && text_fits_behind(n, w, r->text))
        add(n, &(struct near_miss){ hits, w->index, r->line, key, value_of(key, r, format) });
}

void near_look_crash(struct near *n, const struct hits *hits, const struct wording *w,
                     const struct crash *crash)
{
    struct near_miss miss = { .hits = hits, .wording = w->index };

    if (!is_asked(n, hits, w) || !crash->kind || !crash->evidence.n)
        return;
    miss.line = crash->evidence.p[0]->line;
    miss.key = crash_filter_refuses(w->crash, crash, &miss.is);
    if (!miss.key.n && !text_fits(n, w, crash->title)) {
        miss.key = STR("title");
        miss.is = crash->title;
    } else if (!miss.key.n) {
        miss.key = STR("origin");
        miss.is = origin_name(crash->evidence.p[0]->origin);
    }
    add(n, &miss);
}
