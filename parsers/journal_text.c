/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journalctl's line forms, told apart line by line:
 *
 *     Nov 20 23:48:02 photon kernel: text               short
 *     Nov 20 23:48:02.816229 photon kernel: text        short-precise
 *     2026-11-20T23:48:02+0000 photon kernel: text      short-iso, short-iso-precise
 *     Fri 2026-11-20 23:48:02 UTC photon kernel: text   short-full, with-unit
 *     [    1.234567] photon kernel: text                short-monotonic
 *     [    1.234567 <    0.000012 >] photon kernel: …   short-delta
 *     1795218482.816229 photon systemd[1]: text         short-unix
 *
 * Further lines of a message are indented by the width of everything before its text. rsyslog
 * writes the same lines for programs; its kernel lines carry printk's own stamp in the text, which
 * journald takes out. Source: systemd src/shared/logs-show.c, output_short(), print_multiline().
 */
#include "parsers/journal.h"
#include "parsers/parser.h"
#include "parsers/printk.h"

/* Where the first kernel line decides what the others are. */
enum inner_stamp { INNER_UNKNOWN, INNER_NONE, INNER_PRINTK };

struct journal_text {
    enum inner_stamp inner;
};

/* The longest "host ident[pid]": a host name has 64 bytes, an identifier of sense less. */
enum { LABEL_BYTES_MAX = 320 };

/* "[    1.234567]", "[    1.234567 <    0.000012 >]", "[    0.000000                ]" */
static bool take_monotonic(struct str *in, struct record *out)
{
    struct str s = *in, delta;

    if (!str_take_char(&s, '[') || !clock_take_mono(&s, &out->mono_us) ||
        !str_take_until(&s, ']', &delta))
        return false;
    str_take_spaces(&delta);
    if (delta.n && (delta.p[0] != '<' || !str_ends(delta, STR(">"))))
        return false;
    out->flags |= RECORD_MONO_COARSE;
    *in = s;
    return true;
}

/* "1795218482.816229": ten digits until the year 2286. */
static bool take_unix(struct str *in, struct record *out)
{
    struct str s = *in;
    uint64_t sec, us;

    if (!str_take_digits(&s, 10, &sec) || !str_take_char(&s, '.') || !str_take_digits(&s, 6, &us))
        return false;
    out->wall_us = (int64_t)(sec * 1000000 + us);
    *in = s;
    return true;
}

/* journalctl writes a fraction behind '.'; ',' is dmesg's. */
static bool take_iso(struct str *in, struct record *out)
{
    struct str s = *in;
    unsigned gaps;

    if (s.n < 20 || s.p[10] != 'T' || s.p[19] == ',' || !clock_take_iso(&s, &out->wall_us, &gaps))
        return false;
    if (gaps & CLOCK_NO_ZONE)
        out->flags |= RECORD_WALL_NO_ZONE;
    if (in->p[19] != '.')
        out->flags |= RECORD_WALL_COARSE;
    *in = s;
    return true;
}

static bool take_weekday(struct str *in)
{
    static const struct str days[] = {
        { STR_INIT("Mon ") }, { STR_INIT("Tue ") }, { STR_INIT("Wed ") }, { STR_INIT("Thu ") },
        { STR_INIT("Fri ") }, { STR_INIT("Sat ") }, { STR_INIT("Sun ") },
    };

    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        if (str_take(in, days[i]))
            return true;
    return false;
}

/* "UTC", "CEST", "+03": what strftime("%Z") knows; only UTC is the same everywhere. */
static bool take_zone_name(struct str *in, struct record *out)
{
    struct str s = *in, zone, digits;
    uint64_t hours, minutes = 0;
    int64_t offset_us;

    if (!str_take_char(&s, ' ') || !str_take_word(&s, &zone) || zone.n > 6)
        return false;
    *in = s;
    digits = str_from_at(zone, 1);
    if (zone.p[0] == '+' || zone.p[0] == '-') {
        if (!str_take_digits(&digits, 2, &hours) ||
            (digits.n && !str_take_digits(&digits, 2, &minutes)) || digits.n)
            return false;
        offset_us = (int64_t)(hours * 3600 + minutes * 60) * 1000000;
        out->wall_us -= zone.p[0] == '-' ? -offset_us : offset_us;
    } else if (!str_eq(zone, STR("UTC")) && !str_eq(zone, STR("GMT"))) {
        out->flags |= RECORD_WALL_NO_ZONE;
    }
    return true;
}

/* "Fri 2026-11-20 23:48:02 UTC" */
static bool take_full(struct str *in, struct record *out)
{
    struct str s = *in;
    unsigned gaps;

    if (!take_weekday(&s) || s.n < 20 || !clock_take_iso(&s, &out->wall_us, &gaps) ||
        !take_zone_name(&s, out))
        return false;
    if (in->p[23] != '.')
        out->flags |= RECORD_WALL_COARSE;
    *in = s;
    return true;
}

/* "Nov 20 23:48:02", "Nov 20 23:48:02.816229", the month in the reader's language */
static bool take_short(struct str *in, struct record *out)
{
    struct str s = *in, written;

    str_take_char(&s, ' '); /* " 7月 09": see is_continuation() */
    if (!clock_take_yearless(&s, &out->wall_us))
        return false;
    written = str_first(*in, in->n - s.n);
    if (str_find_char(str_from_at(written, written.n - 7), '.') == STR_NOT_FOUND)
        out->flags |= RECORD_WALL_COARSE;
    out->flags |= RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE;
    *in = s;
    return true;
}

static bool take_stamp(struct str *in, struct record *out)
{
    return take_monotonic(in, out) || take_iso(in, out) || take_unix(in, out) ||
           take_full(in, out) || take_short(in, out);
}

/* with-unit prints the unit where the identifier would stand. */
static bool is_unit(struct str ident)
{
    static const struct str suffixes[] = {
        { STR_INIT(".service") }, { STR_INIT(".scope") }, { STR_INIT(".mount") },
        { STR_INIT(".socket") },  { STR_INIT(".slice") }, { STR_INIT(".swap") },
    };

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (str_ends(ident, suffixes[i]))
            return true;
    return false;
}

/* "photon systemd[1]" → host, ident, pid; without a blank there is no host (--no-hostname). */
static void fill_label(struct str label, struct record *out)
{
    struct str host = { 0 }, pid;
    uint64_t number;
    size_t open;

    if (!str_take_until(&label, ' ', &host))
        host = (struct str){ 0 };
    out->host = host;
    open = str_find_last_char(label, '[');
    if (open != STR_NOT_FOUND && str_ends(label, STR("]"))) {
        pid = str_first(str_from_at(label, open + 1), label.n - open - 2);
        if (str_to_u64(pid, &number)) {
            out->pid = pid;
            label = str_first(label, open);
        }
    }
    out->ident = label;
    if (is_unit(label))
        out->unit = label;
}

/* Everything of a line: stamp, label, text; false when it has not that shape. */
static bool take_line(struct str line, struct record *out)
{
    struct str label, before, text = line;

    if (!take_stamp(&text, out) || !str_take_char(&text, ' '))
        return false;
    label = str_first(text, LABEL_BYTES_MAX);
    if (str_take_until_str(&label, STR(": "), &before)) {
        label = before;
        text = str_from_at(text, label.n + 2);
    } else if (str_ends(text, STR(":")) && text.n < LABEL_BYTES_MAX) {
        label = str_first(text, text.n - 1);
        text = str_from_at(text, text.n);
    } else if (str_take_word(&text, &out->host)) {
        /* rsyslog's own: "Nov 20 23:48:02 photon last message repeated 3 times" */
        str_take_char(&text, ' ');
        label = (struct str){ 0 };
    }
    if (label.n)
        fill_label(label, out);
    out->text = text;
    out->origin = journal_is_kernel(out->ident, out->pid) ? ORIGIN_GUEST_KERNEL : ORIGIN_GUEST_USER;
    return true;
}

/* A line that has not the shape; what take_line() may have found in it is dropped. */
static void take_whole(struct str line, struct record *out)
{
    record_init(out);
    out->text = line;
    out->flags = RECORD_UNPARSED;
}

/* Kernel lines of rsyslog: "kernel: [    1.234567] text". */
static void take_inner_stamp(struct journal_text *s, struct record *out)
{
    struct str text = out->text, probed = out->text;
    int64_t mono_us;

    if (out->origin != ORIGIN_GUEST_KERNEL || out->mono_us != TIME_UNKNOWN)
        return;
    if (s->inner == INNER_UNKNOWN)
        s->inner = printk_take_stamp(&probed, &mono_us) ? INNER_PRINTK : INNER_NONE;
    if (s->inner == INNER_PRINTK)
        printk_take_prefix(&text, out);
}

/* " 7月 09 23:48:02": Japanese, Korean and Taiwan's months are padded to two digits. */
static bool starts_padded_month(struct str line)
{
    unsigned month;

    return str_take_char(&line, ' ') && line.n && char_is_digit(line.p[0]) &&
           clock_take_month(&line, &month);
}

/* Does `line` belong to the record above? Also journalctl's own lines, which nobody wants. */
static bool is_continuation(struct str line)
{
    struct record mark;

    if (line.n == 0 || char_is_space(line.p[0]))
        return !starts_padded_month(line);
    if (line.p[0] != '-' && line.p[0] != '\xe2')
        return false;
    record_init(&mark);
    return journal_mark(line, &mark) == JOURNAL_MARK_SKIP;
}

/* Appends the continuation lines to *out, whose text is the last in the joiner. */
static void take_continuations(struct lines *in, struct joiner *j, size_t indent,
                               struct record *out)
{
    struct line line;
    unsigned blank = 0; /* lines; they count only when more text follows */

    while (lines_next(in, &line, NULL) == STEP_RECORD) {
        if (!is_continuation(line.text)) {
            lines_unread(in);
            return;
        }
        if (line.text.n && !char_is_space(line.text.p[0]))
            continue;
        if (str_trim_end(line.text).n == 0) {
            blank++;
            continue;
        }
        for (; blank; blank--)
            out->text = join_line(j, out->text, STR(""));
        out->text = join_line(j, out->text, str_unindent(line.text, indent));
    }
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct joiner *j;
    struct line line;
    struct str head;
    enum journal_mark mark;

    do {
        enum step step = lines_next(in, &line, err);

        if (step != STEP_RECORD)
            return step;
        mark = journal_mark(line.text, out);
        if (mark == JOURNAL_MARK_BOOT)
            return STEP_RECORD;
    } while (mark == JOURNAL_MARK_SKIP || line.text.n == 0);
    j = lines_joiner(in);
    head = join_add(j, line.text);
    if (take_line(head, out))
        take_inner_stamp(state, out);
    else
        take_whole(head, out);
    out->line = line.number;
    out->offset = line.offset;
    take_continuations(in, j, head.n - out->text.n, out);
    if (j->cut || line.cut)
        out->flags |= RECORD_CUT;
    return STEP_RECORD;
}

static void skim(struct str line, struct skim *out)
{
    int64_t mono_us;
    struct str s = line;

    *out = (struct skim){ .kind = SKIM_OTHER, .level = LEVEL_UNKNOWN, .mono_us = TIME_UNKNOWN };
    if (is_continuation(line)) {
        out->kind = SKIM_CONT;
    } else if (str_take_char(&s, '[') && clock_take_mono(&s, &mono_us)) {
        out->kind = SKIM_HEAD;
        out->mono_us = mono_us;
    } else if (char_is_alnum(line.p[0]) || (unsigned char)line.p[0] >= 0x80 || line.p[0] == ' ' ||
               str_starts(line, STR("-- Boot "))) {
        out->kind = SKIM_HEAD;
    }
}

static bool all_of(struct str s, struct str others)
{
    for (size_t i = 0; i < s.n; i++)
        if (!char_is_alnum(s.p[i]) && str_find_char(others, s.p[i]) == STR_NOT_FOUND)
            return false;
    return s.n > 0;
}

/*
 * A line that is certainly ours. dmesg's "[    1.0] usb 1-1: text" has the shape of
 * short-monotonic, so there only "kernel:", a process id, or a host seen with these counts.
 */
static bool explains(struct str line, struct str *host, struct record *r)
{
    record_init(r);
    if (journal_mark(line, r) == JOURNAL_MARK_BOOT)
        return true;
    if (!take_line(line, r) || !all_of(r->ident, STR("-_./@:()\\+~")))
        return false;
    if (r->host.n == 0)
        return str_eq(r->ident, STR("kernel"));
    if (!all_of(r->host, STR("-._")))
        return false;
    if (r->mono_us == TIME_UNKNOWN)
        return true;
    if (r->pid.n || str_eq(r->ident, STR("kernel")))
        *host = r->host;
    return str_eq(*host, r->host);
}

static unsigned probe(const struct head *head)
{
    struct journal_text state = { INNER_UNKNOWN };
    struct str host = { 0 };
    unsigned explained = 0;

    for (size_t i = 0; i < head->n_lines; i++) {
        struct record r;

        /* Further lines count, too: else dmesg, which knows them, outbids us by one. */
        if (explained && head->lines[i].n && is_continuation(head->lines[i])) {
            explained++;
            continue;
        }
        if (!explains(head->lines[i], &host, &r))
            continue;
        explained++;
        take_inner_stamp(&state, &r);
        /* A syslog file: that format's, as its kernel lines show. */
        if (state.inner == INNER_PRINTK)
            return 0;
    }
    return explained;
}

/* What starts a boot must be seen whatever the rules ask for. */
static const char *const marks[] = { "-- Boot ", "-- Reboot --", NULL };

const struct parser parser_journal_text = {
    .name = "journal-text",
    .title = "journalctl -o short, short-*, with-unit",
    .probe = probe,
    .next = next,
    .skim = skim,
    .marks = marks,
    .state_bytes = sizeof(struct journal_text),
};
