/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules against the strings of a kernel. Each wording stands for the literals without which it
 * cannot match (literal.h), of which one must be printable, and for its fixed text (fixed.h), all
 * of which must be. A rule then lives or dies as its matchers are combined.
 */
#include "analyzer/engine/kernel_rules.h"

#include "analyzer/engine/applies.h"
#include "analyzer/engine/fixed.h"
#include "analyzer/engine/kernel_text.h"
#include "analyzer/engine/literal.h"
#include "analyzer/engine/ruleset.h"
#include "analyzer/engine/words.h"

#include <stdlib.h>

enum { RUN_LEAST = 8 }; /* shorter runs stand in every kernel somewhere */

struct span {
    size_t first, n; /* of the literals: one of these */
    size_t n_runs;   /* behind them: all of these */
};

struct kernel_rules {
    const struct ruleset *rs;
    enum text_side side;
    struct arena arena;
    struct span *spans; /* by wording */
    bool *options_on;   /* by rule: one of needs_config is known to be set */
    struct literals literals;
    struct kernel_texts *texts;
};

/*
 * The kernel alone: what a program may have said, too, is no text of the kernel's, and titles of
 * crash reports are ours.
 */
static bool is_kernels(const struct wording *w)
{
    return w->filter.origins & 1u << ORIGIN_GUEST_KERNEL &&
           !(w->filter.origins & 1u << ORIGIN_GUEST_USER) && !w->filter.idents.n &&
           !w->filter.units.n && !w->message_id.n;
}

static bool is_programs(const struct wording *w)
{
    return w->filter.origins & (1u << ORIGIN_GUEST_USER | 1u << ORIGIN_FIRMWARE);
}

static bool is_asked(const struct kernel_rules *k, const struct wording *w)
{
    return w->kind != WORDING_ANYTHING && !w->crash &&
           (k->side == TEXTS_OF_PROGRAMS ? is_programs(w) : is_kernels(w));
}

static bool add_literal(struct kernel_rules *k, struct literal literal)
{
    struct literal *slot = vec_push(&k->arena, &k->literals);

    if (slot)
        *slot = literal;
    return slot != NULL;
}

/* Where the wording whose runs are added goes. */
struct adding {
    struct kernel_rules *k;
    const struct wording *w;
    bool ok;
};

static void add_run(void *ctx, struct str run)
{
    struct adding *a = ctx;
    struct literal literal;
    size_t n;

    /* "): " before it closes what the kernel printed in front of its own text, " -19" is a value.
     */
    while (run.n && !char_is_alnum(run.p[0]))
        run = str_from_at(run, 1);
    for (n = run.n; n && !char_is_alpha(run.p[n - 1]);)
        n--;
    if (n < RUN_LEAST)
        return;
    literal = (struct literal){ arena_str(&a->k->arena, run), a->w->filter.nocase };
    a->ok = a->ok && literal.text.n && add_literal(a->k, literal);
    a->k->spans[a->w->index].n_runs += a->ok;
}

/* A literal that was cut ends in half a word. */
static struct literal uncut(struct literal literal)
{
    size_t space = str_find_last_char(literal.text, ' ');

    if (literal.text.n >= WORD_BYTES && space != STR_NOT_FOUND && space >= RUN_LEAST)
        literal.text = str_first(literal.text, space);
    return literal;
}

static bool add_wording(struct kernel_rules *k, const struct wording *w)
{
    struct literals own = { 0 };
    struct literal whole = { w->text, w->filter.nocase };
    struct adding adding = { k, w, true };
    struct span *span = &k->spans[w->index];

    span->first = k->literals.n;
    if (w->kind == WORDING_LITERAL && w->text.n >= PREFILTER_MIN) {
        span->n = 1;
        return add_literal(k, whole);
    }
    if (w->kind != WORDING_REGEX || !literal_extract(&k->arena, w->text, w->filter.nocase, &own))
        return true;
    for (; span->n < own.n; span->n++)
        if (!add_literal(k, uncut(own.p[span->n])))
            return false;
    /* Scripts put what they say together as they like. */
    if (k->side == TEXTS_OF_KERNEL)
        fixed_runs(w->text, add_run, &adding);
    return adding.ok;
}

struct kernel_rules *kernel_rules_new(const struct ruleset *rs, enum text_side side)
{
    struct kernel_rules *k = calloc(1, sizeof *k);
    bool ok = k != NULL;

    if (!k)
        return NULL;
    k->rs = rs;
    k->side = side;
    k->spans = arena_new(&k->arena, struct span, rs->wordings.n + 1);
    k->options_on = arena_new(&k->arena, bool, rs->rules.n + 1);
    ok = k->options_on != NULL;
    for (size_t i = 0; ok && k->spans && i < rs->wordings.n; i++)
        if (is_asked(k, rs->wordings.p[i]))
            ok = add_wording(k, rs->wordings.p[i]);
    if (ok && k->spans)
        k->texts = kernel_texts_new(k->literals.p, k->literals.n);
    if (k->texts)
        return k;
    kernel_rules_free(k);
    return NULL;
}

void kernel_rules_free(struct kernel_rules *k)
{
    if (!k)
        return;
    kernel_texts_free(k->texts);
    arena_done(&k->arena);
    free(k);
}

/*
 * Is that line of a configuration, "CONFIG_KFENCE=y", what the rule needs: "CONFIG_KFENCE"? And "#
 * CONFIG_EFI_MIXED is not set" is what "CONFIG_EFI_MIXED=n" needs.
 */
static bool sets_option(struct str line, struct str option)
{
    struct str s = line, name;

    if (str_take(&s, STR("# ")))
        return str_take_until_str(&option, STR("=n"), &name) && !option.n && str_take(&s, name) &&
               str_eq(s, STR(" is not set"));
    return str_eq(line, option) || (str_take(&s, option) && str_take_char(&s, '=') && s.n == 1);
}

static void take_option(struct kernel_rules *k, struct str line)
{
    for (size_t i = 0; i < k->rs->rules.n; i++) {
        const struct strs *options = &k->rs->rules.p[i]->more->needs_config;

        for (size_t n = 0; n < options->n; n++)
            k->options_on[i] = k->options_on[i] || sets_option(line, options->p[n]);
    }
}

void kernel_rules_add(struct kernel_rules *k, struct str string)
{
    if (str_starts(string, STR("CONFIG_")) || str_starts(string, STR("# CONFIG_")))
        take_option(k, string);
    kernel_texts_add(k->texts, string);
}

static bool is_meant(const struct applies *a, const struct kernel_known *known)
{
    struct str version = known->version.n ? known->version : known->release;

    return applies_to_version(a, version) && applies_to_release(a, known->release);
}

static enum kernel_verdict judge_wording(const struct kernel_rules *k, const struct wording *w,
                                         const struct kernel_known *known)
{
    const struct span *span = &k->spans[w->index];
    enum printable best = PRINTABLE_NOT;

    if (!is_asked(k, w))
        return KERNEL_RULE_NONE;
    if (!is_meant(w->filter.applies, known))
        return KERNEL_RULE_OTHER_KERNEL;
    for (size_t i = 0; i < span->n; i++) {
        enum printable p = kernel_texts_judge(k->texts, span->first + i);

        best = p < best ? p : best;
    }
    for (size_t i = 0; i < span->n_runs; i++) {
        enum printable p = kernel_texts_judge(k->texts, span->first + span->n + i);

        best = p > best ? p : best;
    }
    if (best <= PRINTABLE_PARTS)
        return KERNEL_RULE_ALIVE;
    return best == PRINTABLE_NOT && span->n && known->complete ? KERNEL_RULE_DEAD
                                                               : KERNEL_RULE_UNKNOWN;
}

/* KERNEL_RULE_COUNT, "nothing yet", is beyond all others. Alternatives: the liveliest one decides.
 */
static enum kernel_verdict either(enum kernel_verdict a, enum kernel_verdict b)
{
    return b < a ? b : a;
}

/* All are needed: the deadest one decides; what the kernel does not say decides nothing. */
static enum kernel_verdict both(enum kernel_verdict a, enum kernel_verdict b)
{
    if (a == KERNEL_RULE_COUNT || a == KERNEL_RULE_NONE)
        return b;
    return b != KERNEL_RULE_NONE && b > a ? b : a;
}

/* Recursion over the rule's tree, at most LIMIT_YAML_DEPTH deep. */
static enum kernel_verdict judge_matcher(const struct kernel_rules *k, const struct matcher *m,
                                         const struct kernel_known *known)
{
    bool all = m->kind == MATCHER_ALL || m->kind == MATCHER_SEQUENCE;
    enum kernel_verdict v = KERNEL_RULE_COUNT, inner;

    if (m->kind == MATCHER_NOT)
        return KERNEL_RULE_NONE;
    for (size_t i = 0; i < m->n_wordings; i++)
        v = either(v, judge_wording(k, &m->wordings[i], known));
    for (size_t i = 0; i < m->n_of; i++) {
        inner = judge_matcher(k, &m->of[i], known);
        v = all ? both(v, inner) : either(v, inner);
    }
    return v == KERNEL_RULE_COUNT ? KERNEL_RULE_NONE : v;
}

/* May this kernel lack it? An option is off, or a module prints it that does not come with it. */
static bool may_lack(const struct kernel_rules *k, const struct rule *rule)
{
    const struct rule_more *more = rule->more;
    bool foreign = more->text_from.n > 0;

    for (size_t i = 0; i < more->text_from.n; i++)
        if (str_find(more->text_from.p[i], STR("linux:")) != STR_NOT_FOUND)
            foreign = false;
    return foreign || (more->needs_config.n && !k->options_on[rule->index]);
}

enum kernel_verdict kernel_rules_judge(const struct kernel_rules *k, const struct rule *rule,
                                       const struct kernel_known *known)
{
    enum kernel_verdict v = judge_matcher(k, rule->match, known);

    if (rule->status == STATUS_RETIRED)
        return KERNEL_RULE_NONE;
    if (v != KERNEL_RULE_NONE && !is_meant(rule->more->applies, known))
        return KERNEL_RULE_OTHER_KERNEL;
    return (v == KERNEL_RULE_DEAD || v == KERNEL_RULE_UNKNOWN) && may_lack(k, rule)
                   ? KERNEL_RULE_OTHER_BUILD
                   : v;
}

static void list_wordings(const struct kernel_rules *k, const struct matcher *m,
                          const struct kernel_known *known, struct arena *a,
                          struct kernel_wordings *out)
{
    if (m->kind == MATCHER_NOT)
        return;
    for (size_t i = 0; i < m->n_wordings; i++) {
        const struct wording *w = &m->wordings[i];
        struct kernel_wording *slot = vec_push(a, out);

        if (slot)
            *slot = (struct kernel_wording){ w->text, w->line, judge_wording(k, w, known) };
    }
    for (size_t i = 0; i < m->n_of; i++)
        list_wordings(k, &m->of[i], known, a, out);
}

struct kernel_wordings kernel_rules_list(const struct kernel_rules *k, const struct rule *rule,
                                         const struct kernel_known *known, struct arena *a)
{
    struct kernel_wordings out = { 0 };

    list_wordings(k, rule->match, known, a, &out);
    return out;
}
