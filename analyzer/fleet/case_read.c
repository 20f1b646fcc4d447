/* SPDX-License-Identifier: Apache-2.0 */
/* NDJSON of one case to struct case_result; see case_read.h. reports/json.c is what writes it. */
#include "analyzer/fleet/case_read.h"

#include "analyzer/core/limits.h"
#include "parsers/json_tree.h"

enum { SCRATCH_BYTES = 16 << 20 };

/* What a boot's line says that the result keeps of the boot in focus. */
struct boot_words {
    struct str kernel, distro, ended_by;
};

struct reading {
    struct cases *cases;
    struct arena *arena; /* of cases */
    struct arena scratch;
    struct case_result c;
    struct boots_words {
        VEC(struct boot_words);
    } boots;
    size_t stage; /* of the line before */
    bool open, whole;
    struct err *err;
};

static bool bad(struct reading *r, const char *what)
{
    return fail(r->err, FAIL_FORMAT, "%s", what);
}

static bool no_memory(struct reading *r)
{
    return fail(r->err, FAIL_LIMIT, "the results take more memory than is allowed");
}

/* A member that must be text. */
static bool take_text(struct reading *r, const struct json_item *o, const char *name,
                      struct str *out)
{
    struct str text;

    if (!json_text(json_member(o, name), &text))
        return fail(r->err, FAIL_FORMAT, "\"%s\" is no text", name);
    *out = arena_str(r->arena, text);
    return out->n == text.n || no_memory(r);
}

/* Text or null, which is empty. */
static bool take_optional(struct reading *r, const struct json_item *o, const char *name,
                          struct str *out)
{
    if (json_is_null_item(json_member(o, name)))
        return true;
    return take_text(r, o, name, out);
}

static bool take_count(struct reading *r, const struct json_item *o, const char *name,
                       uint64_t *out)
{
    int64_t number;

    if (!json_int(json_member(o, name), &number) || number < 0)
        return fail(r->err, FAIL_FORMAT, "\"%s\" is no count", name);
    *out = (uint64_t)number;
    return true;
}

/* The index of a boot that was told of, or null. */
static bool take_boot(struct reading *r, const struct json_item *o, uint32_t *out)
{
    uint64_t index = 0;

    *out = UINT32_MAX;
    if (json_is_null_item(json_member(o, "boot")))
        return true;
    if (!take_count(r, o, "boot", &index))
        return false;
    if (index >= r->boots.n)
        return bad(r, "\"boot\" is none of the boots");
    *out = (uint32_t)index;
    return true;
}

static struct str role_word(unsigned i)
{
    return role_name((enum role)i);
}

static struct str severity_word(unsigned i)
{
    return severity_name((enum severity)i);
}

static struct str confidence_word(unsigned i)
{
    return confidence_name((enum confidence)i);
}

static struct str result_word(unsigned i)
{
    return result_name((enum result)i);
}

static struct str ended_word(unsigned i)
{
    return ended_name((enum ended_by)i);
}

/* The number of a member's word among the `n` that the model has. */
static bool take_word(struct reading *r, const struct json_item *o, const char *name,
                      struct str (*word)(unsigned), unsigned n, unsigned *out)
{
    struct str text;

    if (!json_text(json_member(o, name), &text))
        return fail(r->err, FAIL_FORMAT, "\"%s\" is no word", name);
    for (unsigned i = 0; i < n; i++) {
        if (!str_eq(text, word(i)))
            continue;
        *out = i;
        return true;
    }
    return fail(r->err, FAIL_FORMAT, "\"%s\" is none of its words", name);
}

static bool take_texts(struct reading *r, const struct json_item *o, const char *name,
                       struct strs *out)
{
    const struct json_item *array = json_member(o, name);

    for (size_t i = 0; i < json_count(array); i++) {
        struct str *slot = vec_push(r->arena, out), text;

        if (!slot)
            return no_memory(r);
        if (!json_text(json_at(array, i), &text))
            return fail(r->err, FAIL_FORMAT, "\"%s\" holds what is no text", name);
        *slot = arena_str(r->arena, text);
    }
    return true;
}

static bool take_line(struct reading *r, const struct json_item *o, struct case_line *out)
{
    uint64_t input = 0;

    out->mono_us = TIME_UNKNOWN;
    if (!take_count(r, o, "input", &input) || !take_count(r, o, "line", &out->line) ||
        !take_text(r, o, "text", &out->text))
        return false;
    if (input >= r->c.inputs.n)
        return bad(r, "\"input\" is none of the inputs");
    out->input = r->c.inputs.p[input].name;
    if (!json_int(json_member(o, "mono_us"), &out->mono_us) &&
        !json_is_null_item(json_member(o, "mono_us")))
        return bad(r, "\"mono_us\" is no time");
    return true;
}

static bool take_evidence(struct reading *r, const struct json_item *o, struct case_lines *out)
{
    const struct json_item *array = json_member(o, "evidence");

    for (size_t i = 0; i < json_count(array) && i < LIMIT_CASE_EVIDENCE; i++) {
        const struct json_item *item = json_at(array, i);
        struct case_line *line;

        if (json_is_null_item(item))
            continue;
        line = vec_push(r->arena, out);
        if (!line)
            return no_memory(r);
        if (!take_line(r, item, line))
            return false;
    }
    return true;
}

/* The tool and the rules of this case are those of all others. */
static bool check_maker(struct reading *r, struct str tool, struct str rules, uint64_t count)
{
    struct cases *all = r->cases;

    if (!all->tool_version.n) {
        all->tool_version = tool;
        all->rules_sha256 = rules;
        all->rules_count = count;
        return true;
    }
    if (!str_eq(all->rules_sha256, rules))
        return fail(r->err, FAIL_USAGE,
                    "made with other rules (sha256 %.12s…) than the results before (%.12s…)",
                    rules.n ? rules.p : "", all->rules_sha256.n ? all->rules_sha256.p : "");
    if (!str_eq(all->tool_version, tool))
        return fail(r->err, FAIL_USAGE, "made by another version (%.*s) than the results before",
                    STR_ARG(tool));
    return true;
}

/* Without them, as older versions wrote, there may be names that nobody told. */
static bool take_names(struct reading *r, const struct json_item *o, const struct json_item *id)
{
    bool more;

    if (!json_bool(json_member(o, "redacted"), &r->c.redacted))
        r->c.redacted = false;
    r->c.more_names = !json_bool(json_member(id, "more_names"), &more) || more;
    return take_texts(r, id, "names", &r->c.names);
}

static bool read_header(struct reading *r, const struct json_item *o)
{
    const struct json_item *tool = json_member(o, "tool"), *rules = json_member(tool, "rules");
    const struct json_item *id = json_member(o, "case");
    struct str schema, version = { 0 }, sha256 = { 0 };
    uint64_t count = 0;

    if (r->open)
        return bad(r, "a case begins within another");
    r->open = true;
    if (!json_text(json_member(o, "schema"), &schema) || !str_eq(schema, STR("lastwords/1")))
        return bad(r, "is not of schema lastwords/1");
    return take_text(r, tool, "version", &version) && take_text(r, rules, "sha256", &sha256) &&
           take_count(r, rules, "count", &count) && check_maker(r, version, sha256, count) &&
           take_optional(r, id, "id", &r->c.id) &&
           take_optional(r, id, "id_source", &r->c.id_source) &&
           take_optional(r, id, "name", &r->c.name) && take_names(r, o, id);
}

static bool read_input(struct reading *r, const struct json_item *o)
{
    struct case_input *in = vec_push(r->arena, &r->c.inputs);

    if (!in)
        return no_memory(r);
    return take_text(r, o, "name", &in->name) && take_optional(r, o, "format", &in->format) &&
           take_optional(r, o, "error", &in->error) && take_count(r, o, "bytes", &in->bytes) &&
           take_count(r, o, "lines", &in->lines);
}

static bool read_boot(struct reading *r, const struct json_item *o)
{
    struct boot_words *words = vec_push(&r->scratch, &r->boots);
    struct str text;
    unsigned ended = 0;

    if (!words)
        return no_memory(r);
    if (!take_word(r, o, "ended_by", ended_word, ENDED_COUNT, &ended))
        return false;
    words->ended_by = ended_word(ended);
    if (json_text(json_member(o, "kernel"), &text))
        words->kernel = arena_str(&r->scratch, text);
    if (json_text(json_member(o, "distro"), &text))
        words->distro = arena_str(&r->scratch, text);
    return true;
}

static bool read_diagnosis(struct reading *r, const struct json_item *o)
{
    struct case_diagnosis *d = vec_push(r->arena, &r->c.diagnoses);
    unsigned severity = 0, confidence = 0, role = 0;

    if (!d)
        return no_memory(r);
    if (!take_word(r, o, "severity", severity_word, SEVERITY_COUNT, &severity) ||
        !take_word(r, o, "confidence", confidence_word, CONFIDENCE_HIGH + 1, &confidence) ||
        !take_word(r, o, "role", role_word, ROLE_NOTE + 1, &role))
        return false;
    d->severity = (enum severity)severity;
    d->confidence = (enum confidence)confidence;
    d->role = (enum role)role;
    return take_text(r, o, "rule", &d->rule) && take_text(r, o, "title", &d->title) &&
           take_text(r, o, "category", &d->category) && take_boot(r, o, &d->boot) &&
           take_text(r, o, "diagnosis", &d->text) && take_texts(r, o, "remediation", &d->steps) &&
           take_texts(r, o, "references", &d->references) && take_evidence(r, o, &d->evidence);
}

static bool read_crash(struct reading *r, const struct json_item *o)
{
    const struct json_item *signature = json_member(o, "signature");
    struct case_crash *crash = vec_push(r->arena, &r->c.crashes);

    if (!crash)
        return no_memory(r);
    crash->consequence = !json_is_null_item(json_member(o, "consequence_of")) &&
                         json_member(o, "consequence_of") != NULL;
    return take_text(r, o, "title", &crash->title) && take_text(r, o, "kind", &crash->kind) &&
           take_optional(r, o, "function", &crash->function) &&
           take_optional(r, o, "module", &crash->module) &&
           take_text(r, signature, "exact", &crash->exact) &&
           take_text(r, signature, "family", &crash->family) && take_boot(r, o, &crash->boot) &&
           take_evidence(r, o, &crash->evidence);
}

static bool read_unexplained(struct reading *r, const struct json_item *o)
{
    const struct json_item *evidence = json_member(o, "evidence");
    struct case_unexplained *u;

    if (r->c.unexplained.n == LIMIT_CASE_UNEXPLAINED)
        return true;
    u = vec_push(r->arena, &r->c.unexplained);
    if (!u)
        return no_memory(r);
    u->evidence.mono_us = TIME_UNKNOWN;
    return take_count(r, o, "count", &u->count) && take_text(r, o, "shape", &u->shape) &&
           (json_is_null_item(evidence) || take_line(r, evidence, &u->evidence));
}

static bool read_note(struct reading *r, const struct json_item *o)
{
    struct str *note = vec_push(r->arena, &r->c.notes);

    return note ? take_text(r, o, "text", note) : no_memory(r);
}

static bool read_summary(struct reading *r, const struct json_item *o)
{
    unsigned result = 0;
    uint64_t code = 0;
    uint32_t boot;

    if (!take_word(r, o, "result", result_word, RESULT_NOTHING_READ + 1, &result) ||
        !take_count(r, o, "exit_code", &code) || !take_boot(r, o, &boot))
        return false;
    if (code > 3)
        return bad(r, "\"exit_code\" is none");
    r->c.result = (enum result)result;
    r->c.exit_code = (int)code;
    r->c.n_boots = (uint32_t)r->boots.n;
    if (boot != UINT32_MAX) {
        r->c.kernel = arena_str(r->arena, r->boots.p[boot].kernel);
        r->c.distro = arena_str(r->arena, r->boots.p[boot].distro);
        r->c.ended_by = r->boots.p[boot].ended_by;
    }
    r->whole = true;
    return true;
}

/* In the order in which they come. */
static const struct {
    struct str type;
    bool (*read)(struct reading *r, const struct json_item *o);
} kinds[] = {
    { { STR_INIT("header") }, read_header }, { { STR_INIT("input") }, read_input },
    { { STR_INIT("boot") }, read_boot },     { { STR_INIT("diagnosis") }, read_diagnosis },
    { { STR_INIT("crash") }, read_crash },   { { STR_INIT("unexplained") }, read_unexplained },
    { { STR_INIT("note") }, read_note },     { { STR_INIT("summary") }, read_summary },
};

static bool read_object(struct reading *r, const struct json_item *o)
{
    struct str type;

    if (!json_text(json_member(o, "type"), &type))
        return bad(r, "a line without a type");
    for (size_t i = r->stage; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!str_eq(type, kinds[i].type))
            continue;
        if (r->whole || (i > 0) != r->open)
            return bad(r, "a line outside of a case");
        r->stage = i;
        return kinds[i].read(r, o);
    }
    return bad(r, "a line of a type that cannot stand here");
}

static bool read_lines(struct reading *r, struct str ndjson)
{
    struct str line;

    for (uint32_t number = 1; str_take_line(&ndjson, &line); number++) {
        struct json_tree *tree = json_tree_read(line, r->err);
        bool ok = tree && read_object(r, json_tree_top(tree));

        json_tree_free(tree);
        if (ok)
            continue;
        return fail_wrap(r->err, "line %u", number);
    }
    return r->whole || bad(r, "breaks off before its summary");
}

bool case_read(struct cases *cases, struct str ndjson, struct case_result *out, struct err *err)
{
    struct reading r = { .cases = cases, .arena = &cases->arena, .err = err };
    bool ok;

    arena_init(&r.scratch, SCRATCH_BYTES);
    ok = read_lines(&r, ndjson);
    arena_done(&r.scratch);
    *out = ok ? r.c : (struct case_result){ 0 };
    return ok;
}
