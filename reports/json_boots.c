/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boots and facts in the JSON reports: as parts of a report, and alone for `boots` and `facts`. See
 * json_inner.h and json.h.
 */
#include "reports/json.h"

#include "analyzer/evidence/facts_machine.h"
#include "reports/json_inner.h"
#include "reports/json_machine.h"

static void put_fact_text(struct json *j, const char *key, const struct facts *facts,
                          enum fact_id id)
{
    emit_key(&j->e, key);
    emit_value(&j->e, &facts_get(facts, id)->value);
}

static void put_fact(struct json *j, const struct facts *facts, enum fact_id id, uint32_t boot)
{
    const struct fact *fact = facts_get(facts, id);

    emit_key(&j->e, fact_infos[id].path.p);
    emit_open(&j->e, '{');
    emit_key(&j->e, "value");
    emit_value(&j->e, &fact->value);
    emit_member_bool(&j->e, "known", fact->value.type != VALUE_UNKNOWN);
    emit_key(&j->e, "evidence");
    json_put_record(j, fact->proof, boot);
    emit_close(&j->e, '}');
}

/* Those of a machine only where one was looked at: most reports are about a log. */
static void put_facts(struct json *j, const struct facts *facts, uint32_t boot)
{
    emit_open(&j->e, '{');
    for (size_t i = 0; i < FACT_COUNT; i++)
        if (j->a->machine || !fact_is_of_machine((enum fact_id)i))
            put_fact(j, facts, (enum fact_id)i, boot);
    emit_close(&j->e, '}');
}

/* Of formats that can be read sparsely the last record may be one that was left out. */
static bool knows_last(const struct analysis *a, const struct boot *b)
{
    for (size_t i = 0; i < b->inputs.n; i++) {
        const char *format = a->inputs.p[b->inputs.p[i]].format;
        const struct parser *parser = format ? parser_find(str_from(format)) : NULL;

        if (!parser || parser->skim)
            return false;
    }
    return true;
}

static void put_boot(struct json *j, size_t index)
{
    const struct boot *b = boots_at(j->a->boots, index);
    const struct facts *facts = j->a->of_boot.p[index].facts;

    json_begin_object(j, "boot");
    emit_member_uint(&j->e, "index", index);
    emit_member_int(&j->e, "offset", (int64_t)index + 1 - (int64_t)boots_count(j->a->boots));
    emit_member_str_or_null(&j->e, "id", b->id);
    put_fact_text(j, "kernel", facts, FACT_KERNEL_RELEASE);
    put_fact_text(j, "flavour", facts, FACT_KERNEL_FLAVOUR);
    put_fact_text(j, "distro", facts, FACT_DISTRO);
    put_fact_text(j, "cmdline", facts, FACT_CMDLINE_RAW);
    emit_member_wall(&j->e, "started", b->first_wall_us, b->wall_flags);
    emit_member_wall(&j->e, "last", knows_last(j->a, b) ? b->last_wall_us : TIME_UNKNOWN,
                     b->wall_flags);
    emit_member_time_us(&j->e, "wall_offset_us", b->wall_offset_us);
    emit_member_str(&j->e, "ended_by", ended_name(b->ended_by));
    emit_member_tri(&j->e, "head_complete", b->head_complete);
    emit_member_tri(&j->e, "tail_complete", b->tail_complete);
    emit_member_uint(&j->e, "merged_dumps", b->merged_dumps);
    emit_key(&j->e, "facts");
    put_facts(j, facts, (uint32_t)index);
    json_end_object(j);
}

void json_put_boots(struct json *j)
{
    for (size_t i = 0; i < boots_count(j->a->boots); i++)
        put_boot(j, i);
}

void json_put_next_boot(struct json *j)
{
    emit_member_open(&j->e, "next_boot", '{');
    json_next_boot_members(&j->e, j->a);
    emit_member_open(&j->e, "facts", '{');
    for (size_t i = 0; i < FACT_COUNT; i++)
        if (fact_is_of_machine((enum fact_id)i))
            put_fact(j, &j->a->case_facts, (enum fact_id)i, UINT32_MAX);
    emit_close(&j->e, '}');
    emit_close(&j->e, '}');
}

void json_write_boots(struct out *out, const struct analysis *a, const struct report_options *o,
                      bool lines)
{
    struct json j = { .e = { .out = out, .pretty = !lines }, .lines = lines, .a = a, .o = o };

    if (!lines)
        emit_open(&j.e, '[');
    json_put_boots(&j);
    if (lines)
        return;
    emit_close(&j.e, ']');
    out_puts(out, "\n");
}

void json_write_facts(struct out *out, const struct analysis *a, uint32_t boot, bool line)
{
    struct json j = { .e = { .out = out, .pretty = !line }, .a = a };

    put_facts(&j, a->of_boot.p[boot].facts, boot);
    out_puts(out, "\n");
}
