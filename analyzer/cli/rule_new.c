/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The start of a rule; see rule_new.h. The line goes through the parsers that would read it in a
 * log, its text is generalised, and what is printed has been loaded and tested before.
 */
#include "analyzer/cli/rule_new.h"

#include "analyzer/cli/complain.h"
#include "analyzer/diagnose/rule_test.h"
#include "analyzer/engine/generalise.h"
#include "parsers/reader.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct making {
    struct cli *cli;
    struct arena arena;
    struct notes notes;
    struct record record; /* of the line; kept in `arena` */
    struct str text;      /* of it, what is generalised */
    struct str ident;     /* the program that wrote it; may be empty */
    bool found;
    bool bare; /* the tests' lines have no prefix */
    struct str id;
    struct general general;
};

/* "vmware.log:3117", of a file that is there. */
static bool is_place(struct making *m, const char *word, struct str *file, uint64_t *line)
{
    struct str s = str_from(word);
    size_t colon = str_find_last_char(s, ':');

    if (colon == STR_NOT_FOUND || !str_to_u64(str_from_at(s, colon + 1), line) || *line == 0)
        return false;
    *file = arena_str(&m->arena, str_first(s, colon));
    return file->n && access(file->p, F_OK) == 0;
}

enum { FIRST_LINE = 0 };

/* The record that begins on that line, or the first one that says anything. */
static void find_record(struct making *m, struct input *in, uint64_t line)
{
    struct reader_options how = { .notes = &m->notes };
    struct reader *reader;
    struct record r, *kept;
    struct err err = { 0 };

    if (!reader_open(&reader, in, &how, &err)) {
        complain("%.*s: %s", STR_ARG(in->name), err.text);
        return;
    }
    while (!m->found && reader_next(reader, &r, &err) == STEP_RECORD) {
        if (line == FIRST_LINE ? r.text.n == 0 : r.line < line)
            continue;
        kept = line == FIRST_LINE || r.line == line ? record_keep(&m->arena, &r) : NULL;
        if (!kept)
            break;
        m->record = *kept;
        m->found = true;
    }
    if (err.code)
        complain("%.*s: %s", STR_ARG(in->name), err.text);
    reader_close(reader);
}

static void find_in_file(struct making *m, struct str path, uint64_t line)
{
    struct inputs *inputs = inputs_new(&m->arena, &m->notes);
    struct input *in;
    struct err err;

    if (!inputs)
        return;
    inputs_add(inputs, path);
    if (cli_confine(m->cli, &m->notes) && inputs_next(inputs, &in, &err) == STEP_RECORD) {
        find_record(m, in, line);
        input_close(in);
    }
    inputs_free(inputs);
    for (size_t i = 0; i < m->notes.n; i++)
        if (note_is_loss(m->notes.p[i].code))
            complain("%.*s", STR_ARG(m->notes.p[i].text));
}

/* A line that the shell cut into words is joined again. */
static void find_in_words(struct making *m)
{
    struct str line = { 0 };
    struct input *in;

    for (size_t i = 1; i < m->cli->args.words.n; i++)
        line = arena_printf(&m->arena, "%.*s%s%s", STR_ARG(line), i > 1 ? " " : "",
                            m->cli->args.words.p[i]);
    in = input_from_memory(STR("the line"), line);
    if (in)
        find_record(m, in, FIRST_LINE);
    input_close(in);
}

static bool find_line(struct making *m)
{
    const char *word = m->cli->args.words.n > 1 ? m->cli->args.words.p[1] : NULL;
    struct str file;
    uint64_t line;

    if (!word) {
        complain("rules new needs a line of a log, FILE:NUMBER, or - for standard input");
        return false;
    }
    if (strcmp(word, "-") == 0)
        find_in_file(m, STR("-"), FIRST_LINE);
    else if (is_place(m, word, &file, &line))
        find_in_file(m, file, line);
    else
        find_in_words(m);
    if (!m->found)
        complain("%s: no record begins there", word);
    else if (m->record.kind != RECORD_TEXT)
        complain("%s: is a setting, and rules match messages (facts have the settings)", word);
    return m->found && m->record.kind == RECORD_TEXT;
}

/*
 * Who wrote it: what the format says, or the "dracut-initqueue[312]: " that a program's line in
 * the kernel's log or on a console begins with. The key `ident` knows both, so that the rule fires
 * on the same message wherever it was logged. "kernel: " in front of a text is journalctl's.
 */
static void split_ident(struct making *m)
{
    const struct record *r = &m->record;
    struct str s = r->text, name, pid;
    uint64_t number;

    m->text = r->text;
    if (r->origin == ORIGIN_HOST || r->origin == ORIGIN_FIRMWARE)
        return;
    if (r->ident.n && !str_eq(r->ident, STR("kernel"))) {
        m->ident = r->ident;
    } else if (str_take(&s, STR("kernel: "))) {
        m->text = r->origin == ORIGIN_UNKNOWN ? s : r->text;
    } else if (str_take_until(&s, '[', &name) && str_take_until(&s, ']', &pid) &&
               str_to_u64(pid, &number) && str_take(&s, STR(": ")) && name.n &&
               str_find_char(name, ' ') == STR_NOT_FOUND) {
        m->ident = name;
        m->text = s;
    }
    for (size_t i = 0; i < m->ident.n; i++)
        if (!char_is_word(m->ident.p[i]) && !strchr("-.@", m->ident.p[i])) {
            m->ident = (struct str){ 0 }; /* a glob, or no name */
            m->text = r->text;
        }
}

/* The line as a log has it, with a prefix that tells who wrote it. */
static struct str as_log_line(struct making *m, struct str text)
{
    int64_t us = m->record.mono_us;

    if (m->ident.n && m->record.origin == ORIGIN_GUEST_USER)
        return arena_printf(&m->arena, "Jan 01 00:00:00 guest %.*s[1]: %.*s", STR_ARG(m->ident),
                            STR_ARG(text));
    if (m->ident.n)
        text = arena_printf(&m->arena, "%.*s[1]: %.*s", STR_ARG(m->ident), STR_ARG(text));
    if (m->bare)
        return text;
    if (us == TIME_UNKNOWN || us < 0 || us > INT64_C(99999) * 1000000)
        us = 12345678;
    switch (m->record.origin) {
    case ORIGIN_HOST:
        return arena_printf(&m->arena, "2026-01-01T00:00:00.000Z In(05) vmx - %.*s", STR_ARG(text));
    case ORIGIN_GUEST_KERNEL:
    case ORIGIN_UNKNOWN:
        return arena_printf(&m->arena, "[%5" PRId64 ".%06" PRId64 "] %.*s", us / 1000000,
                            us % 1000000, STR_ARG(text));
    case ORIGIN_GUEST_USER:
    case ORIGIN_FIRMWARE:
    case ORIGIN_COUNT: break;
    }
    return text;
}

static enum severity severity_of(enum level level)
{
    if (level == LEVEL_UNKNOWN || level == LEVEL_ERR)
        return SEVERITY_ERROR;
    if (level < LEVEL_ERR)
        return SEVERITY_CRITICAL;
    return level == LEVEL_WARNING ? SEVERITY_WARNING : SEVERITY_INFO;
}

/* In single quotes, as YAML doubles them. */
static void put_quoted(struct out *o, struct str s)
{
    struct str head;

    out_puts(o, "'");
    while (str_take_until(&s, '\'', &head)) {
        out_raw(o, head);
        out_puts(o, "''");
    }
    out_raw(o, s);
    out_puts(o, "'");
}

static void put_key(struct out *o, const char *key, struct str value)
{
    out_printf(o, "  %s: ", key);
    put_quoted(o, value);
    out_puts(o, "\n");
}

static void put_test(struct out *o, struct making *m, const char *key, struct str text)
{
    out_printf(o, "  - %s: |\n      ", key);
    out_raw(o, as_log_line(m, text));
    out_puts(o, "\n");
}

static void put_tests(struct out *o, struct making *m)
{
    const struct general *g = &m->general;

    out_puts(o, "  tests:\n");
    put_test(o, m, "match", g->text);
    for (size_t i = 0; i < g->captures.n; i++) {
        out_printf(o, "%s%.*s: ", i ? ", " : "    expect: {", STR_ARG(g->captures.p[i].name));
        put_quoted(o, g->captures.p[i].value);
    }
    out_puts(o, g->captures.n ? "}\n" : "");
    put_test(o, m, "no_match", g->near);
    out_puts(o, "    why: 'one word differs; better: a line of a healthy system that looks like "
                "it'\n");
}

static void put_rule(struct out *o, struct making *m)
{
    const struct general *g = &m->general;

    out_printf(o, "lastwords: 1\nrules:\n- id: %.*s\n", STR_ARG(m->id));
    put_key(o, "title", g->worded);
    out_printf(o, "  severity: %.*s\n  category: site\n  status: draft\n  match:\n",
               STR_ARG(severity_name(severity_of(m->record.level))));
    if (m->ident.n)
        out_printf(o, "    origin: [guest-user, guest-kernel]\n    ident: %.*s\n",
                   STR_ARG(m->ident));
    else if (m->record.origin != ORIGIN_GUEST_KERNEL && m->record.origin != ORIGIN_UNKNOWN)
        out_printf(o, "    origin: %.*s\n", STR_ARG(origin_name(m->record.origin)));
    out_puts(o, "  ");
    put_key(o, g->regex.n ? "regex" : "literal", g->regex.n ? g->regex : g->text);
    put_key(o, "diagnosis",
            arena_printf(&m->arena, "(draft: what this means) %.*s", STR_ARG(g->worded)));
    out_puts(o, "  remediation:\n  - '(draft: what to do first)'\n"
                "  - '(draft: how to check that it worked)'\n");
    put_tests(o, m);
}

/* An id that no rule of this run has. */
static struct str free_id(struct making *m)
{
    struct str stem = arena_printf(&m->arena, "site.%.*s", STR_ARG(m->general.slug)), id = stem;

    for (unsigned n = 2; ruleset_find(m->cli->rules, id); n++)
        id = arena_printf(&m->arena, "%.*s-%u", STR_ARG(stem), n);
    return id;
}

/* Loads what was written and runs its tests; *why says what went wrong. */
static bool passes(struct making *m, struct str yaml, struct str *why)
{
    struct rule_file file = { .name = STR("the new rule"), .yaml = yaml };
    struct rule_files files = { .p = &file, .n = 1 };
    struct problems problems = { .arena = &m->arena };
    struct ruleset *rs = rules_load(&files, &problems);
    const struct rule *rule = rs ? ruleset_at(rs, 0) : NULL;
    bool ok = rule != NULL;

    *why = problems.n ? str_from(problems.p[0].text) : STR("out of memory");
    for (size_t i = 0; ok && i < rule->n_tests; i++)
        ok = rule_test_run(rs, rule, &rule->tests[i], rule->tests[i].text, &m->arena, why);
    ruleset_free(rs);
    return ok;
}

/* "# These rules fire on it already: …" */
static void put_known(struct out *o, struct making *m, struct str line)
{
    struct analysis_options options = { .no_prefilter = true };
    struct analysis *a = analysis_new(m->cli->rules);
    struct input *in = input_from_memory(STR("the line"), line);
    size_t n = 0;

    if (a && in) {
        analysis_add(a, in, &options);
        analysis_correlate(a);
        for (size_t b = 0; b < a->of_boot.n; b++) {
            const struct findings *all = &a->of_boot.p[b].findings;

            for (size_t i = 0; i < all->n; i++)
                out_printf(o, "%s%.*s", n++ ? ", " : "# Rules that fire on this line already: ",
                           STR_ARG(all->p[i].rule->id));
        }
    }
    out_puts(o, n ? "\n" : "");
    input_close(in);
    analysis_free(a);
}

static bool generalise_text(struct making *m)
{
    bool whole = m->record.origin != ORIGIN_GUEST_USER || m->ident.n;

    m->general = (struct general){ 0 };
    if (!generalise(&m->arena, m->text, whole, &m->general))
        return false;
    m->id = free_id(m);
    return true;
}

/*
 * A text that reads like another format's line behind the prefix ("kernel: …") is tested as it
 * stands.
 */
static bool write_tested(struct making *m, struct out *yaml)
{
    struct str why = { 0 }, line;

    for (unsigned attempt = 0; attempt < 3; attempt++) {
        if (attempt == 1) {
            m->ident = (struct str){ 0 };
            m->text = m->record.text;
        }
        m->bare = attempt == 2;
        if (!generalise_text(m)) {
            complain("no rule can be made of this line: it has no word of four letters that "
                     "stays");
            return false;
        }
        out_clear(yaml);
        put_rule(yaml, m);
        if (passes(m, out_bytes(yaml), &why))
            return true;
    }
    str_take_line(&why, &line);
    complain("no rule can be made of this line: %.*s", STR_ARG(line));
    return false;
}

static bool write_rule(struct making *m)
{
    struct out *yaml = out_new_memory();
    struct out *o = m->cli->output.out;
    bool ok;

    split_ident(m);
    ok = yaml && write_tested(m, yaml);
    if (ok) {
        out_puts(o, "# Save as FILE.yaml, fill in the drafts, then: lastwords rules test "
                    "FILE.yaml\n");
        put_known(o, m, as_log_line(m, m->general.text));
        out_raw(o, out_bytes(yaml));
    }
    out_free(yaml);
    return ok;
}

int rule_new_run(struct cli *c)
{
    struct making m = { .cli = c };
    bool ok;

    m.notes.arena = &m.arena;
    ok = find_line(&m) && write_rule(&m);
    arena_done(&m.arena);
    return ok ? EXIT_FINE : EXIT_NOTHING;
}
