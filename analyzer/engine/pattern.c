/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only file that knows PCRE2 (coded to 10.40); see pattern.h.
 *
 * A rule is written by people and its subject by a guest that may be hostile, so every match has
 * limits, and one that crosses them is counted as "gave up", never as a miss. JIT pays only for a
 * pattern that is tried often: compiling takes about as long as a hundred interpreted matches. So a
 * pattern is interpreted at first and compiled at its JIT_AFTER_USES-th use. JIT may be refused for
 * good (no memory that is writable and executable: PR_SET_MDWE, seccomp, SELinux); then the
 * interpreter goes on, and results are the same.
 *
 * Subjects may be invalid UTF-8, and what a pattern finds must not depend on the engine. PCRE2's
 * mode for that (PCRE2_MATCH_INVALID_UTF) fails the second demand: with the JIT of 10.42, "task \S+
 * died" misses any task whose name is not ASCII. In UTF mode without case, 'k' and 's' also match
 * the Kelvin sign and the long s, which no literal of the prefilter finds. So plain patterns work
 * on bytes, which is faster, too, and the rare others are never compiled by JIT.
 */
#include "analyzer/engine/pattern.h"

#include "analyzer/core/limits.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
    JIT_AFTER_USES = 24,
    JIT_STACK_START = 32 << 10,
    JIT_STACK_MAX = 512 << 10,
};

struct pattern {
    pcre2_code *code;
    uint32_t *uses; /* until JIT; the pattern itself is shared and constant */
    bool no_jit;
    uint32_t n_groups;
    struct pattern_names names;
    uint32_t *groups; /* number of the i-th name */
};

struct pattern_scratch {
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
    uint32_t pairs; /* that fit into data */
    bool no_jit;
};

bool pattern_is_plain(struct str regex)
{
    static const char wide[] = "xopPXNu";

    for (size_t i = 0; i < regex.n; i++) {
        if ((unsigned char)regex.p[i] >= 0x80)
            return false;
        if (regex.p[i] != '\\' || ++i == regex.n)
            continue;
        if ((unsigned char)regex.p[i] >= 0x80 || memchr(wide, regex.p[i], sizeof wide - 1))
            return false;
    }
    return true;
}

/* PCRE2's message is lower case already; its offset may be one past the end. */
static bool refuse(struct err *err, int code, size_t offset)
{
    PCRE2_UCHAR text[256];

    if (pcre2_get_error_message(code, text, sizeof text) < 0)
        memcpy(text, "unknown error", sizeof "unknown error");
    return fail_at(err, code == PCRE2_ERROR_NOMEMORY ? FAIL_LIMIT : FAIL_SYNTAX, NULL, 0,
                   (uint32_t)offset + 1, "bad regular expression: %s", (const char *)text);
}

static pcre2_code *compile(struct str regex, bool nocase, struct err *err)
{
    uint32_t encoding = pattern_is_plain(regex) ? PCRE2_NEVER_UTF | PCRE2_NEVER_UCP
                                                : PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    uint32_t options = PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C | encoding |
                       (nocase ? PCRE2_CASELESS : 0);
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_code *code = NULL;
    size_t offset = 0;
    int why = PCRE2_ERROR_NOMEMORY;

    if (context) {
        /* Whatever the library was built with. */
        pcre2_set_newline(context, PCRE2_NEWLINE_LF);
        pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
        code = pcre2_compile((PCRE2_SPTR)(regex.n ? regex.p : ""), regex.n, options, &why, &offset,
                             context);
    }
    pcre2_compile_context_free(context);
    if (!code)
        refuse(err, why, offset);
    return code;
}

/* The name table is sorted by name; ours is sorted by number. */
static bool read_names(struct pattern *p)
{
    uint32_t n = 0, entry_bytes = 0;
    PCRE2_SPTR table = NULL;

    pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &p->n_groups);
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMECOUNT, &n);
    if (n == 0)
        return true;
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMEENTRYSIZE, &entry_bytes);
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMETABLE, &table);
    p->names.p = calloc(n, sizeof *p->names.p);
    p->groups = calloc(n, sizeof *p->groups);
    if (!p->names.p || !p->groups)
        return false;
    for (uint32_t i = 0; i < n; i++, table += entry_bytes) {
        uint32_t number = (uint32_t)table[0] << 8 | table[1], at = i;

        for (; at > 0 && p->groups[at - 1] > number; at--) {
            p->groups[at] = p->groups[at - 1];
            p->names.p[at] = p->names.p[at - 1];
        }
        p->groups[at] = number;
        p->names.p[at] = str_from((const char *)table + 2);
    }
    p->names.n = p->names.cap = n;
    return true;
}

struct pattern *pattern_new(struct str regex, bool nocase, struct err *err)
{
    struct pattern *p;

    if (regex.n > LIMIT_PATTERN_BYTES) {
        fail(err, FAIL_LIMIT, "a pattern has at most %zu bytes, this one has %zu",
             LIMIT_PATTERN_BYTES, regex.n);
        return NULL;
    }
    if (str_starts(regex, STR("(*"))) {
        fail_at(err, FAIL_SYNTAX, NULL, 0, 1, "a pattern may not start with '(*'");
        return NULL;
    }
    p = calloc(1, sizeof *p);
    if (p)
        p->uses = calloc(1, sizeof *p->uses);
    if (!p || !p->uses) {
        pattern_free(p);
        fail(err, FAIL_LIMIT, "out of memory");
        return NULL;
    }
    p->code = compile(regex, nocase, err);
    p->no_jit = !pattern_is_plain(regex);
    if (p->code && read_names(p))
        return p;
    if (p->code)
        fail(err, FAIL_LIMIT, "out of memory");
    pattern_free(p);
    return NULL;
}

void pattern_free(struct pattern *p)
{
    if (!p)
        return;
    pcre2_code_free(p->code);
    free(p->names.p);
    free(p->groups);
    free(p->uses);
    free(p);
}

const struct pattern_names *pattern_names(const struct pattern *p)
{
    return &p->names;
}

struct pattern_scratch *pattern_scratch_new(bool no_jit)
{
    struct pattern_scratch *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->no_jit = no_jit;
    s->pairs = 32;
    s->context = pcre2_match_context_create(NULL);
    s->data = pcre2_match_data_create(s->pairs, NULL);
    if (!s->context || !s->data) {
        pattern_scratch_free(s);
        return NULL;
    }
    pcre2_set_match_limit(s->context, LIMIT_PCRE_MATCH);
    pcre2_set_depth_limit(s->context, LIMIT_PCRE_DEPTH);
    pcre2_set_heap_limit(s->context, LIMIT_PCRE_HEAP_KIB);
    return s;
}

void pattern_scratch_free(struct pattern_scratch *s)
{
    if (!s)
        return;
    pcre2_match_data_free(s->data);
    pcre2_match_context_free(s->context);
    pcre2_jit_stack_free(s->stack);
    free(s);
}

/* Room for all groups of `p`. */
static bool fit(struct pattern_scratch *s, const struct pattern *p)
{
    pcre2_match_data *data;

    if (p->n_groups < s->pairs)
        return true;
    data = pcre2_match_data_create(p->n_groups + 1, NULL);
    if (!data)
        return false;
    pcre2_match_data_free(s->data);
    s->data = data;
    s->pairs = p->n_groups + 1;
    return true;
}

/* Any failure here (-48: no memory that may be executed) leaves the pattern interpreted. */
static void use(const struct pattern *p, struct pattern_scratch *s)
{
    if (s->no_jit || p->no_jit || *p->uses > JIT_AFTER_USES || ++*p->uses != JIT_AFTER_USES)
        return;
    if (!s->stack) {
        s->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
        pcre2_jit_stack_assign(s->context, NULL, s->stack);
    }
    pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
}

static void take_captures(const struct pattern *p, const struct pattern_scratch *s, int n_pairs,
                          struct str subject, struct str *captures)
{
    const size_t *at = pcre2_get_ovector_pointer(s->data);

    for (size_t i = 0; i < p->names.n; i++) {
        size_t group = p->groups[i];
        size_t from = group < (size_t)n_pairs ? at[2 * group] : PCRE2_UNSET;

        /* \K inside a lookahead may make a group end before it starts. */
        captures[i] = (struct str){ 0 };
        if (from != PCRE2_UNSET && at[2 * group + 1] >= from)
            captures[i] = (struct str){ .p = subject.p + from, .n = at[2 * group + 1] - from };
    }
}

enum pattern_result pattern_match(const struct pattern *p, struct pattern_scratch *s,
                                  struct str subject, struct str *captures)
{
    int n;

    if (!subject.p)
        subject = STR("");
    subject = str_first(subject, LIMIT_SUBJECT_BYTES);
    if (!fit(s, p))
        return PATTERN_GAVE_UP;
    use(p, s);
    n = pcre2_match(p->code, (PCRE2_SPTR)subject.p, subject.n, 0, s->no_jit ? PCRE2_NO_JIT : 0,
                    s->data, s->context);
    if (n == PCRE2_ERROR_NOMATCH)
        return PATTERN_NO;
    /* Limits, and whatever else keeps PCRE2 from an answer. */
    if (n < 0)
        return PATTERN_GAVE_UP;
    if (captures)
        take_captures(p, s, n, subject, captures);
    return PATTERN_YES;
}
