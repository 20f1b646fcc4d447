/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of `lastwords records`; see record_format.h. */
#include "analyzer/cli/record_format.h"

#include "reports/emit.h"
#include "reports/redact.h"
#include "reports/wording.h"

#include <inttypes.h>

/* The next line of a record's text, which may hold '\r'; a record without text is one empty line.
 */
static bool take_line(struct str *text, bool *first, struct str *line)
{
    size_t end = str_find_char(*text, '\n');

    if (!*first && text->p == NULL)
        return false;
    *first = false;
    *line = str_first(*text, end);
    *text = end == STR_NOT_FOUND ? (struct str){ 0 }
                                 : (struct str){ .p = text->p + end + 1, .n = text->n - end - 1 };
    return true;
}

static void put_left(struct out *o, struct str s, size_t columns)
{
    out_raw(o, s);
    out_repeat(o, ' ', s.n < columns ? columns - s.n : 0);
}

/* "    1.125782 guest-kernel err     VFS: Cannot open root device …", for each line of the text. */
static void print_short(const struct record_sink *sink, const struct record *r)
{
    struct str text = r->text, line, stamp;
    char bytes[CLOCK_TEXT];
    bool first = true;

    stamp = wording_stamp_text(r, bytes);
    if (!stamp.n)
        stamp = STR("-");
    while (take_line(&text, &first, &line)) {
        out_repeat(sink->out, ' ', stamp.n < 12 ? 12 - stamp.n : 0);
        out_raw(sink->out, stamp);
        out_puts(sink->out, " ");
        put_left(sink->out, origin_name(r->origin), 12);
        out_puts(sink->out, " ");
        put_left(sink->out, level_name(r->level), 7);
        out_puts(sink->out, " ");
        if (r->ident.n && r->origin != ORIGIN_GUEST_KERNEL) {
            out_tty(sink->out, r->ident);
            out_puts(sink->out, ": ");
        }
        out_tty(sink->out, line);
        out_puts(sink->out, "\n");
    }
}

/* In the kernel's ring: what the kernel said, and what programs wrote to /dev/kmsg. */
static bool is_of_ring(const struct record *r)
{
    if (r->kind != RECORD_TEXT)
        return false;
    if (r->origin == ORIGIN_GUEST_KERNEL)
        return true;
    return r->origin == ORIGIN_GUEST_USER && r->mono_us != TIME_UNKNOWN && r->ident.n == 0 &&
           r->facility != FACILITY_UNKNOWN && !(r->flags & RECORD_MONO_COARSE);
}

/* As the console prints it: print_prefix() of kernel/printk/printk.c on every line of a record. */
static void print_raw(const struct record_sink *sink, const struct record *r)
{
    unsigned facility = r->facility == FACILITY_UNKNOWN ? FACILITY_KERN : r->facility;
    struct str text = r->text, line;
    bool first = true;

    if (!is_of_ring(r))
        return;
    while (take_line(&text, &first, &line)) {
        if (r->level != LEVEL_UNKNOWN)
            out_printf(sink->out, "<%u>", facility * 8 + r->level);
        if (r->mono_us != TIME_UNKNOWN && r->mono_us >= 0)
            out_printf(sink->out, "[%5" PRId64 ".%06" PRId64 "] ", r->mono_us / 1000000,
                       r->mono_us % 1000000);
        if (sink->tty)
            out_tty(sink->out, line);
        else
            out_log(sink->out, line);
        out_puts(sink->out, "\n");
    }
}

static const char *const kind_names[] = {
    [RECORD_TEXT] = "text",
    [RECORD_SETTING] = "setting",
    [RECORD_BOOT_MARK] = "boot-mark",
    [RECORD_THROTTLED] = "throttled",
};

static const struct {
    unsigned flag;
    const char *name;
} flag_names[] = {
    { RECORD_CUT, "cut" },
    { RECORD_WALL_NO_YEAR, "wall-no-year" },
    { RECORD_WALL_NO_ZONE, "wall-no-zone" },
    { RECORD_WALL_COARSE, "wall-coarse" },
    { RECORD_CONTEXT, "context" },
    { RECORD_UNPARSED, "unparsed" },
    { RECORD_MONO_REL, "mono-summed" },
    { RECORD_MONO_COARSE, "mono-coarse" },
    { RECORD_SAVED_HERE, "saved-here" },
    { RECORD_READ_HERE, "read-here" },
};

static void put_flags(struct emit *e, unsigned flags)
{
    emit_member_open(e, "flags", '[');
    for (size_t i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++)
        if (flags & flag_names[i].flag)
            emit_str(e, str_from(flag_names[i].name));
    emit_close(e, ']');
}

/* The slices of a record by name, null where the format has none. */
static void put_strings(struct emit *e, const struct record *r)
{
    struct redactor *redactor = out_redactor(e->out);
    const struct {
        const char *key;
        struct str value;
    } fields[] = {
        { "caller", r->caller },
        { "thread", r->thread },
        { "opid", r->opid },
        { "host", r->host },
        { "ident", r->ident },
        { "pid", r->pid },
        { "unit", r->unit },
        { "boot_id", r->boot_id },
        { "message_id", r->message_id },
        { "machine_id", r->machine_id },
        { "key", r->key },
        { "value", redactor ? redact_setting(redactor, r->key, r->value) : r->value },
        { "section", r->section },
    };

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        emit_key(e, fields[i].key);
        emit_str_or_null(e, fields[i].value);
    }
}

static void print_ndjson(const struct record_sink *sink, const struct record *r)
{
    struct emit e = { .out = sink->out };

    emit_open(&e, '{');
    emit_member_uint(&e, "input", r->input);
    emit_member_uint(&e, "line", r->line);
    emit_member_uint(&e, "offset", r->offset);
    emit_member_str(&e, "kind", str_from(kind_names[r->kind]));
    emit_member_str(&e, "origin", origin_name(r->origin));
    emit_member_str_or_null(&e, "level",
                            r->level == LEVEL_UNKNOWN ? STR("") : level_name(r->level));
    emit_member_str_or_null(&e, "facility",
                            r->facility == FACILITY_UNKNOWN ? STR("") : facility_name(r->facility));
    emit_member_time_us(&e, "mono_us", r->mono_us);
    emit_member_time_us(&e, "wall_us", r->wall_us);
    emit_member_wall(&e, "wall", r->wall_us, r->flags);
    emit_member_time_us(&e, "host_wall_us", r->host_wall_us);
    emit_key(&e, "seq");
    if (r->has_seq)
        emit_uint(&e, r->seq);
    else
        emit_null(&e);
    put_strings(&e, r);
    put_flags(&e, r->flags);
    emit_member_str(&e, "text", r->text);
    emit_close(&e, '}');
    out_puts(sink->out, "\n");
}

const struct record_format record_formats[] = {
    { "short", "a stamp, who wrote it, its level, the text", false, print_short },
    { "ndjson", "every field, a JSON object per line", false, print_ndjson },
    { "raw", "the kernel's records as its console prints them, with <N>", true, print_raw },
    { NULL, NULL, false, NULL },
};

const struct record_format *record_format_find(struct str name)
{
    for (size_t i = 0; record_formats[i].name; i++)
        if (str_eq(name, str_from(record_formats[i].name)))
            return &record_formats[i];
    return NULL;
}

void record_print(const struct record_sink *sink, const struct record *r)
{
    sink->format->print(sink, r);
}
