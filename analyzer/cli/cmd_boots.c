/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords boots`: every boot of a case on one line, numbered as -b takes them. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "reports/emit.h"
#include "reports/json.h"
#include "reports/wording.h"

#include <inttypes.h>
#include <string.h>

enum { WALL_COLUMNS = 19, LENGTH_COLUMNS = 13 };

/* What `write` puts, padded to a column. */
static void pad(struct out *o, struct out *scratch, size_t columns)
{
    size_t n = out_bytes(scratch).n;

    out_raw(o, out_bytes(scratch));
    out_repeat(o, ' ', n < columns ? columns - n : 0);
    out_puts(o, "  ");
    out_clear(scratch);
}

static void put_kernel(struct out *o, const struct analysis *a, uint32_t boot)
{
    const struct fact *release = facts_get(a->of_boot.p[boot].facts, FACT_KERNEL_RELEASE);

    if (release->value.type == VALUE_TEXT)
        out_tty(o, release->value.text);
    else
        out_puts(o, "-");
}

/* From the kernel's start; else from the first record to the last. */
static int64_t length_of(const struct boot *b)
{
    if (b->last_mono_us != TIME_UNKNOWN || b->first_wall_us == TIME_UNKNOWN)
        return b->last_mono_us;
    return b->last_wall_us - b->first_wall_us;
}

static void put_wall(struct out *o, struct out *scratch, const struct boot *b, int64_t wall_us)
{
    char wall[CLOCK_TEXT];

    if (wall_us != TIME_UNKNOWN && !(b->wall_flags & RECORD_WALL_NO_YEAR))
        out_printf(scratch, "%.10s %.8s", clock_format(wall_us, wall), wall + 11);
    else
        out_puts(scratch, "-");
    pad(o, scratch, WALL_COLUMNS);
}

/* The last record was read, not left out with others. */
static bool knows_last(const struct analysis *a, const struct boot *b)
{
    for (size_t i = 0; i < b->inputs.n; i++)
        if (a->inputs.p[b->inputs.p[i]].estimated)
            return false;
    return true;
}

static void put_boot(struct out *o, struct out *scratch, const struct analysis *a, uint32_t i)
{
    const struct boot *b = boots_at(a->boots, i);

    out_printf(scratch, "%4" PRId64, wording_boot_offset(a, i));
    pad(o, scratch, 4);
    put_wall(o, scratch, b, b->first_wall_us);
    put_wall(o, scratch, b, knows_last(a, b) ? b->last_wall_us : TIME_UNKNOWN);
    if (length_of(b) == TIME_UNKNOWN)
        out_puts(scratch, "-");
    wording_duration(scratch, length_of(b));
    pad(o, scratch, LENGTH_COLUMNS);
    out_raw(scratch, ended_name(b->ended_by));
    pad(o, scratch, sizeof "end-of-log" - 1);
    put_kernel(o, a, i);
    if (b->id.n) {
        out_puts(o, "  ");
        out_tty(o, b->id);
    }
    out_puts(o, "\n");
}

static bool write_table(struct out *o, const struct analysis *a)
{
    struct out *scratch = out_new_scratch(o);

    if (!scratch)
        return false;
    out_puts(o, "BOOT  FIRST (UTC)          LAST (UTC)           LENGTH         ENDED BY    "
                "KERNEL, ID\n");
    for (uint32_t i = 0; i < boots_count(a->boots); i++)
        put_boot(o, scratch, a, i);
    out_free(scratch);
    return true;
}

int cmd_boots(struct cli *c)
{
    const char *format = c->args.value[OPTION_FORMAT];
    struct report_options how = cli_report_options(c, c->args.value[OPTION_OUTPUT]);
    struct analysis_options options;
    struct analysis *a;
    bool json = format && (strcmp(format, "json") == 0 || strcmp(format, "ndjson") == 0);
    int code;

    if (format && !json && strcmp(format, "text") != 0) {
        complain("--format %s: boots writes text, json or ndjson", format);
        return EXIT_NOTHING;
    }
    if (!cli_analysis_options(c, &options) || !(a = cli_analyse_for_output(c, &options)))
        return EXIT_NOTHING;
    code = cli_judge(a);
    if (json)
        json_write_boots(c->output.out, a, &how, format[0] == 'n');
    else if (boots_count(a->boots) && !write_table(c->output.out, a))
        code = EXIT_PART;
    analysis_free(a);
    return cli_finish(c, code);
}
