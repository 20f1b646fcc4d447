/* SPDX-License-Identifier: Apache-2.0 */
/* From the fields of a journal entry to a record; see journal.h. */
#include "parsers/journal.h"

#include "parsers/printk.h"

#include <string.h>

/* Beyond the year 9999 a stamp is damage. */
#define WALL_US_MAX ((uint64_t)253402300799999999)

static const struct str field_names[JOURNAL_FIELDS] = {
#define JOURNAL_FIELD(sym, name) [JOURNAL_##sym] = { STR_INIT(name) },
#include "parsers/journal_field.def"
#undef JOURNAL_FIELD
};

struct str journal_field_name(enum journal_field field)
{
    return field_names[field];
}

bool journal_field_find(struct str name, enum journal_field *field)
{
    /* Names have two characters at least; the second tells most of them apart. */
    if (name.n < 2)
        return false;
    for (unsigned i = 0; i < JOURNAL_FIELDS; i++) {
        if (field_names[i].n == name.n && field_names[i].p[1] == name.p[1] &&
            memcmp(field_names[i].p, name.p, name.n) == 0) {
            *field = (enum journal_field)i;
            return true;
        }
    }
    return false;
}

bool journal_name_valid(struct str name)
{
    if (name.n == 0 || name.n > 64 || char_is_digit(name.p[0]))
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];

        if (!(c >= 'A' && c <= 'Z') && !char_is_digit(c) && c != '_')
            return false;
    }
    return true;
}

static struct str id128(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (char_hex(s.p[i]) < 0)
            return (struct str){ 0 };
    return s.n == 32 ? s : (struct str){ 0 };
}

static struct str digits_only(struct str s)
{
    uint64_t value;

    return str_to_u64(s, &value) ? s : (struct str){ 0 };
}

static bool take_us(struct str s, uint64_t max, int64_t *us)
{
    uint64_t value;

    if (!str_to_u64(s, &value) || value > max)
        return false;
    *us = (int64_t)value;
    return true;
}

bool journal_is_kernel(struct str ident, struct str pid)
{
    return str_eq(ident, STR("kernel")) && pid.n == 0;
}

static enum origin find_origin(const struct journal_entry *e, const struct record *r)
{
    struct str transport = e->value[JOURNAL_TRANSPORT];
    struct str ident = e->value[JOURNAL_IDENTIFIER];

    if (transport.p == NULL)
        return journal_is_kernel(r->ident, r->pid) ? printk_origin(r) : ORIGIN_GUEST_USER;
    if (!str_eq(transport, STR("kernel")))
        return ORIGIN_GUEST_USER;
    /* journald's dev_kmsg_record(): facility kern has this identifier, everything else its own. */
    if (ident.n && !str_eq(ident, STR("kernel")))
        return ORIGIN_GUEST_USER;
    return printk_origin(r);
}

/* The parts of "s=…;i=1;b=<boot id>;m=<hex µs>;t=<hex µs>;x=…" that no field told. */
static void fill_from_cursor(struct str cursor, struct record *out, int64_t *received_us)
{
    while (cursor.n) {
        struct str part = cursor;
        uint64_t value;

        if (!str_take_until(&cursor, ';', &part))
            cursor.n = 0;
        if (str_take(&part, STR("b=")) && out->boot_id.n == 0)
            out->boot_id = id128(part);
        else if (str_take(&part, STR("m=")) && *received_us == TIME_UNKNOWN &&
                 str_take_hex(&part, &value) && value <= MONO_SEC_MAX * 1000000)
            *received_us = (int64_t)value;
        else if (str_take(&part, STR("t=")) && out->wall_us == TIME_UNKNOWN &&
                 str_take_hex(&part, &value) && value <= WALL_US_MAX)
            out->wall_us = (int64_t)value;
    }
}

static void fill_times(const struct journal_entry *e, struct record *out)
{
    int64_t received_us = TIME_UNKNOWN; /* when journald saw it, on the guest's own clock */

    take_us(e->value[JOURNAL_REALTIME], WALL_US_MAX, &out->wall_us);
    take_us(e->value[JOURNAL_MONOTONIC], MONO_SEC_MAX * 1000000, &received_us);
    fill_from_cursor(e->value[JOURNAL_CURSOR], out, &received_us);
    /* Of a kernel record this is printk's own stamp; others don't have it. */
    if (take_us(e->value[JOURNAL_SOURCE_MONOTONIC], MONO_SEC_MAX * 1000000, &out->mono_us) &&
        str_eq(e->value[JOURNAL_TRANSPORT], STR("kernel")))
        return;
    if (out->mono_us == TIME_UNKNOWN)
        out->mono_us = received_us;
    if (out->mono_us != TIME_UNKNOWN)
        out->flags |= RECORD_MONO_COARSE;
}

void journal_fill(const struct journal_entry *e, struct record *out)
{
    const struct str *v = e->value;
    uint64_t number;

    out->text = v[JOURNAL_MESSAGE];
    while (out->text.n && out->text.p[out->text.n - 1] == '\n')
        out->text.n--;
    if (str_to_u64(v[JOURNAL_PRIORITY], &number) && number < LEVEL_COUNT)
        out->level = (enum level)number;
    if (str_to_u64(v[JOURNAL_FACILITY], &number) && number < FACILITY_COUNT)
        out->facility = (enum facility)number;
    out->host = v[JOURNAL_HOSTNAME];
    out->ident = v[JOURNAL_IDENTIFIER].n ? v[JOURNAL_IDENTIFIER] : v[JOURNAL_COMM];
    out->pid = digits_only(v[JOURNAL_PID].n ? v[JOURNAL_PID] : v[JOURNAL_SYSLOG_PID]);
    /* What PID 1 says is about the unit that it names, not about itself (init.scope). */
    out->unit = v[JOURNAL_UNIT].n && str_eq(v[JOURNAL_PID], STR("1")) ? v[JOURNAL_UNIT]
                                                                      : v[JOURNAL_SYSTEMD_UNIT];
    out->boot_id = id128(v[JOURNAL_BOOT_ID]);
    out->machine_id = id128(v[JOURNAL_MACHINE_ID]);
    out->message_id = id128(v[JOURNAL_MESSAGE_ID]);
    fill_times(e, out);
    out->origin = find_origin(e, out);
}

/* The reader sees "-- Boot 0df051ecffeb4efab4523afe4d57de75 --"; before 2020 "-- Reboot --". */
static bool take_boot_mark(struct str line, struct record *out)
{
    struct str s = line, id;

    if (str_eq(s, STR("-- Reboot --")))
        return true;
    if (!str_take(&s, STR("-- Boot ")) || !str_take_word(&s, &id) || !str_eq(s, STR(" --")) ||
        id128(id).n == 0)
        return false;
    out->boot_id = id;
    return true;
}

enum journal_mark journal_mark(struct str line, struct record *out)
{
    /* "-- " and U+2591 twice: logs-show.c, print_catalog(). */
    static const struct str own[] = {
        { STR_INIT("-- ") },
        { STR_INIT("\xe2\x96\x91\xe2\x96\x91") },
    };

    if (take_boot_mark(line, out)) {
        out->kind = RECORD_BOOT_MARK;
        out->text = line;
        out->origin = ORIGIN_GUEST_USER;
        return JOURNAL_MARK_BOOT;
    }
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (str_starts(line, own[i]))
            return JOURNAL_MARK_SKIP;
    return JOURNAL_MARK_NONE;
}
