/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule file becomes rules. All faults of a file are reported in one run; a rule with a fault is
 * left out, the others stay.
 */
#include "analyzer/engine/load.h"

#include "analyzer/core/limits.h"
#include "analyzer/engine/digest.h"
#include "analyzer/engine/packed.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool load_fault(struct loader *l, const struct node *at, const char *format, ...)
{
    char text[sizeof((struct err *)0)->text];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    l->faults++;
    return problem_add(l->problems, l->file, at->line, at->col, "%s", text);
}

bool load_keys(struct loader *l, const struct node *map, enum key_scope scope)
{
    if (keys_check(map, scope, l->file, l->problems))
        return true;
    l->faults++;
    return false;
}

/* A closed list of words by its two functions: name of i, and how many there are. */
struct words {
    struct str (*name)(unsigned i);
    unsigned count;
};

static struct str severity_word(unsigned i)
{
    return severity_name((enum severity)i);
}

static struct str confidence_word(unsigned i)
{
    return confidence_name((enum confidence)i);
}

static struct str status_word(unsigned i)
{
    return status_name((enum status)i);
}

static const struct words severities = { severity_word, SEVERITY_COUNT };
static const struct words confidences = { confidence_word, CONFIDENCE_HIGH + 1 };
static const struct words statuses = { status_word, STATUS_RETIRED + 1 };

static bool load_word(struct loader *l, const struct node *n, const struct words *words,
                      unsigned *value)
{
    struct suggestion s = { .wanted = node_text(n) };
    char quoted[60], hint[80];

    for (unsigned i = 0; n && i < words->count; i++) {
        if (str_eq(words->name(i), n->text)) {
            *value = i;
            return true;
        }
    }
    for (unsigned i = 0; n && i < words->count; i++)
        suggest(&s, words->name(i));
    return !n || load_fault(l, n, "%.*s: unknown word '%s'%s", STR_ARG(n->key),
                            err_quote(n->text, quoted, sizeof quoted),
                            suggestion_text(&s, hint, sizeof hint));
}

static bool load_words(struct loader *l, const struct node *n, struct rule *r)
{
    const struct node *scope = key_find(n, KEY_RULE_SCOPE);
    const struct node *within = key_find(n, KEY_RULE_EXPLAINS_WITHIN);
    unsigned severity = 0, confidence = CONFIDENCE_MEDIUM, status = STATUS_STABLE;
    bool ok;

    ok = load_word(l, key_find(n, KEY_RULE_SEVERITY), &severities, &severity);
    ok = load_word(l, key_find(n, KEY_RULE_CONFIDENCE), &confidences, &confidence) && ok;
    ok = load_word(l, key_find(n, KEY_RULE_STATUS), &statuses, &status) && ok;
    r->severity = (enum severity)severity;
    r->confidence = (enum confidence)confidence;
    r->status = (enum status)status;
    r->catch_all = node_flag(key_find(n, KEY_RULE_CATCH_ALL));
    if (within)
        duration_parse(within->text, &r->explains_within_us); /* load_keys() has checked it */
    r->case_scope = scope && str_eq(scope->text, STR("case"));
    if (scope && !r->case_scope && !str_eq(scope->text, STR("boot")))
        ok = load_fault(l, scope, "scope: expected boot or case");
    return ok;
}

/* area.what-happened: lower case, digits, '-', and at least one '.' */
static bool is_rule_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!char_is_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'z') &&
            str_find_char(STR(".-_"), s.p[i]) == STR_NOT_FOUND)
            return false;
    }
    return s.n <= LIMIT_RULE_ID_BYTES && str_find_char(s, '.') != STR_NOT_FOUND && s.p[0] != '.' &&
           s.p[s.n - 1] != '.';
}

static bool load_lists_of_words(struct loader *l, const struct node *n, struct rule *r,
                                struct rule_more *more)
{
    const struct {
        enum key key;
        struct strs *out;
    } lists[] = {
        { KEY_RULE_REFERENCES, &r->references },
        { KEY_RULE_TAGS, &r->tags },
        { KEY_RULE_FALSE_POSITIVES, &r->false_positives },
        { KEY_RULE_SUPERSEDES, &r->supersedes },
        { KEY_RULE_EXPLAINS, &r->explains },
        { KEY_RULE_CAUSED_BY, &r->caused_by },
        { KEY_RULE_SUPPRESS_IF, &r->suppress_if },
        { KEY_RULE_REQUIRES, &more->requires },
        { KEY_RULE_NEEDS_CONFIG, &more->needs_config },
        { KEY_RULE_TEXT_FROM, &more->text_from },
    };

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (!load_texts(l, key_find(n, lists[i].key), lists[i].out))
            return false;
    }
    return true;
}

/* A text, or {when: [conditions], do: text}. */
static bool load_step(struct loader *l, const struct node *n, struct rule_step *step)
{
    const struct node *when;
    const struct node *text;

    if (n->kind == NODE_TEXT)
        return load_template(l, n, &step->text);
    if (!load_keys(l, n, KEYS_STEP))
        return false;
    when = key_find(n, KEY_STEP_WHEN);
    text = key_find(n, KEY_STEP_DO);
    if (!when || !text)
        return load_fault(l, n, "a step with a condition needs when and do");
    return load_conditions(l, when, KEYS_CONDITION, &step->when) &&
           load_template(l, text, &step->text);
}

static bool load_prose(struct loader *l, const struct node *n, struct rule *r)
{
    const struct node *steps = key_find(n, KEY_RULE_REMEDIATION);
    bool ok;

    ok = load_template(l, key_find(n, KEY_RULE_TITLE), &r->title_template);
    ok = load_template(l, key_find(n, KEY_RULE_DIAGNOSIS), &r->diagnosis) && ok;
    if (!steps)
        return ok;
    for (const struct node *s = steps->kind == NODE_TEXT ? steps : steps->first; s;
         s = steps->kind == NODE_TEXT ? NULL : s->next) {
        struct rule_step *step = vec_push(l->a, &r->remediation);

        ok = step && load_step(l, s, step) && ok;
    }
    return ok;
}

/*
 * A rule about a machine has no line to wait for: facts of the case decide. In scope boot it would
 * ask the same of every boot.
 */
static bool is_of_facts(const struct node *n)
{
    return key_find(n, KEY_RULE_WHERE) && !key_find(n, KEY_RULE_ALT) &&
           str_eq(node_text(key_find(n, KEY_RULE_SCOPE)), STR("case"));
}

static bool load_required(struct loader *l, const struct node *n)
{
    static const enum key required[] = { KEY_RULE_ID, KEY_RULE_TITLE, KEY_RULE_SEVERITY };
    const struct node *id = key_find(n, KEY_RULE_ID), *v;
    bool ok = true;

    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        v = key_find(n, required[i]);
        if (!v || (v->kind == NODE_TEXT && !v->text.n))
            ok = load_fault(l, n, "a rule needs %.*s", STR_ARG(key_infos[required[i]].name));
    }
    if (!key_find(n, KEY_RULE_MATCH) && !is_of_facts(n))
        ok = load_fault(l, n, "a rule needs match (or scope: case and where: facts alone decide)");
    if (ok && !is_rule_id(id->text))
        ok = load_fault(l, id, "an id is area.what-happened in lower case, at most %d bytes",
                        LIMIT_RULE_ID_BYTES);
    return ok;
}

/* What gives way to rules that know the same crash report must be about one. */
static bool check_catch_all(struct loader *l, const struct node *n, const struct rule *r)
{
    return !r->catch_all || (r->match->n_wordings && r->match->wordings[0].crash) ||
           load_fault(l, n, "catch_all: needs a match that is a block: crash");
}

/* Facts alone decide: all of nothing, which holds once, with no hit. */
static struct matcher *no_matcher(struct loader *l)
{
    struct matcher *m = arena_new(l->a, struct matcher, 1);

    if (m)
        m->kind = MATCHER_ALL;
    return m;
}

static bool load_parts(struct loader *l, const struct node *n, struct rule *r,
                       struct rule_more *more)
{
    bool ok = true;

    r->id = key_find(n, KEY_RULE_ID)->text;
    r->title = key_find(n, KEY_RULE_TITLE)->text;
    r->category = node_text(key_find(n, KEY_RULE_CATEGORY));
    r->line = n->line;
    r->more = more;
    more->per = node_text(key_find(n, KEY_RULE_PER));
    ok = load_words(l, n, r);
    ok = load_lists_of_words(l, n, r, more) && ok;
    ok = load_prose(l, n, r) && ok;
    more->match = key_find(n, KEY_RULE_MATCH)
                          ? load_matcher(l, key_find(n, KEY_RULE_MATCH), key_find(n, KEY_RULE_ALT))
                          : no_matcher(l);
    r->match = more->match;
    ok = load_conditions(l, key_find(n, KEY_RULE_WHERE), KEYS_CONDITION, &r->where) && ok;
    ok = load_conditions(l, key_find(n, KEY_RULE_UNLESS), KEYS_CONDITION, &more->unless) && ok;
    ok = load_setters(l, key_find(n, KEY_RULE_SET), &r->set) && ok;
    ok = load_named(l, key_find(n, KEY_RULE_DEFAULT), &more->defaults, &more->n_defaults) && ok;
    ok = load_applies(l, key_find(n, KEY_RULE_APPLIES_TO), &more->applies) && ok;
    ok = load_tests(l, key_find(n, KEY_RULE_TESTS), r) && ok;
    if (!ok || !r->match || !check_catch_all(l, n, r) || !load_check_names(l, r, n))
        return false;
    more->absence = load_can_be_undone(r);
    return true;
}

static bool load_rule(struct loader *l, const struct node *n, struct str file, struct str pack)
{
    struct rule *r = arena_new(l->a, struct rule, 1), **slot;
    struct rule_more *more = arena_new(l->a, struct rule_more, 1);

    l->faults = 0;
    if (!r || !more)
        return load_fault(l, n, "out of memory for rules");
    r->file = file;
    more->pack = pack;
    if (!load_keys(l, n, KEYS_RULE) || !load_required(l, n) || !load_parts(l, n, r, more) ||
        l->faults)
        return false;
    if (l->digests)
        memcpy(more->digest, l->digests, DIGEST_BYTES);
    else
        rule_digest(n, more->digest);
    slot = vec_push(l->a, &l->rs->rules);
    if (!slot)
        return load_fault(l, n, "out of memory for rules");
    *slot = r;
    return true;
}

static bool load_file(struct loader *l, const struct node *root, struct str file)
{
    const struct node *version, *rules;
    bool ok = true;

    if (root->kind != NODE_MAP || !root->first ||
        !str_eq(root->first->key, key_infos[KEY_FILE_LASTWORDS].name))
        return load_fault(l, root, "a rule file starts with 'lastwords: 1'");
    if (!load_keys(l, root, KEYS_FILE))
        return false;
    version = key_find(root, KEY_FILE_LASTWORDS);
    if (!str_eq(version->text, STR("1")))
        return load_fault(l, version, "this version reads 'lastwords: 1' only");
    l->lists = key_find(root, KEY_FILE_LISTS);
    rules = key_find(root, KEY_FILE_RULES);
    if (!rules)
        return load_fault(l, root, "a rule file needs rules:");
    for (const struct node *n = rules->first; n; n = n->next) {
        if (l->rs->rules.n == LIMIT_RULES)
            return load_fault(l, n, "more than %d rules", LIMIT_RULES);
        ok = load_rule(l, n, file, node_text(key_find(root, KEY_FILE_PACK))) && ok;
        l->digests += l->digests ? DIGEST_BYTES : 0;
    }
    return ok;
}

bool ruleset_load(struct ruleset *rs, struct str file, struct str yaml, struct problems *errors)
{
    struct str name = arena_str(&rs->arena, file);
    struct loader l = { .rs = rs, .a = &rs->arena, .file = name.p, .problems = errors };
    const struct node *root = NULL;
    struct arena nodes = { 0 };
    struct err err = { 0 };
    bool ok;

    if (!name.p)
        return problem_add(errors, "", 0, 0, "out of memory for rules");
    if (!yaml_read(&nodes, &rs->arena, name, yaml, &root, &err))
        ok = problem_add(errors, name.p, err.line, err.col, "%s", err.text);
    else if (!root)
        ok = problem_add(errors, name.p, 1, 1, "an empty file: expected 'lastwords: 1'");
    else
        ok = load_file(&l, root, name);
    arena_done(&nodes);
    return ok;
}

bool ruleset_load_packed(struct ruleset *rs, struct str file, struct str packed,
                         struct problems *errors)
{
    struct str name = arena_str(&rs->arena, file);
    struct loader l = { .rs = rs, .a = &rs->arena, .file = name.p, .problems = errors };
    struct packed p;
    struct arena nodes = { 0 };
    bool ok;

    if (!name.p)
        return problem_add(errors, "", 0, 0, "out of memory for rules");
    if (packed_read(&nodes, packed, &p)) {
        l.digests = p.digests;
        ok = load_file(&l, p.root, name);
    } else {
        ok = problem_add(errors, name.p, 0, 0, "the packed rules are damaged");
    }
    arena_done(&nodes);
    return ok;
}
