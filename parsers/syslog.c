/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of a syslog daemon, and whatever writes like one (journalctl -o short among them):
 *
 *     Nov 20 23:35:17 host kernel: [    1.125782] text       RFC 3164, "<4>" before it or not
 *     2026-11-20T23:35:17.123456+00:00 host sshd[12]: text   rsyslog, syslog-ng
 *     Nov 20 23:35:17 host kern.warn kernel: [    1.1] text  busybox
 *     <4>1 2026-11-20T23:35:17.1Z host kernel - - - text     RFC 5424
 *
 * Text is the kernel's when the daemon says so (ident "kernel", facility kern where there is one):
 * user space cannot send facility kern through syslog(3).
 */
#include "parsers/parser.h"
#include "parsers/printk.h"
#include "parsers/receiver.h"

#define IDENT_BYTES_MAX 96

/* Further lines of one message are indented to its text; no message starts with so many blanks. */
static const struct str indent = { STR_INIT("        ") };

/* "kernel: ", "sshd[123]: ", "systemd[1]: " */
static bool take_ident(struct str *in, struct record *out)
{
    struct str s = *in, word, pid = { 0 };
    size_t open;

    if (!str_take_word(&s, &word) || word.n > IDENT_BYTES_MAX || word.p[word.n - 1] != ':')
        return false;
    word.n--;
    open = word.n && word.p[word.n - 1] == ']' ? str_find_last_char(word, '[') : STR_NOT_FOUND;
    if (open != STR_NOT_FOUND && open > 0) {
        pid = str_from_at(str_first(word, word.n - 1), open + 1);
        word = str_first(word, open);
    }
    if (word.n == 0)
        return false;
    str_take_char(&s, ' ');
    out->ident = word;
    out->pid = pid;
    *in = s;
    return true;
}

/* "kern.warn " */
static bool take_selector(struct str *in, struct record *out)
{
    struct str s = *in, word, facility;

    if (!str_take_word(&s, &word) || !str_take_until(&word, '.', &facility) ||
        !facility_from_name(facility, &out->facility) || !level_from_name(word, &out->level))
        return false;
    str_take_char(&s, ' ');
    *in = s;
    return true;
}

/* Behind the time: "host ident[pid]: text", "ident: text", "host last message repeated 3 times". */
static bool take_legacy(struct str *in, struct record *out)
{
    struct str s = *in, host;

    if (take_ident(&s, out)) {
        *in = s;
        return true;
    }
    if (!str_take_word(&s, &host) || !receiver_is_host(host) || !str_take_char(&s, ' '))
        return false;
    take_selector(&s, out);
    if (!take_ident(&s, out) && !str_starts(s, STR("last message repeated ")) &&
        !str_starts(s, STR("message repeated ")) && !str_starts(s, STR("-- MARK --")))
        return false;
    out->host = host;
    *in = s;
    return true;
}

/* `[id name="value"][id …]`, or "-" for none; a ']' in a value is written "\]". */
static bool take_structured(struct str *in)
{
    struct str s = *in, element;

    if (!str_take_char(&s, '-'))
        while (str_take_char(&s, '['))
            do
                if (!str_take_until(&s, ']', &element))
                    return false;
            while (element.n && element.p[element.n - 1] == '\\');
    *in = s;
    return true;
}

/* Behind "<PRI>": "1 2026-11-20T23:35:17.1Z host app procid msgid [sd]… text". */
static bool take_5424(struct str *in, struct record *out)
{
    struct str s = *in, word[4];

    if (!str_take(&s, STR("1 ")) || (!receiver_take_wall(&s, out) && !str_take_char(&s, '-')) ||
        !str_take_char(&s, ' '))
        return false;
    for (size_t i = 0; i < 4; i++)
        if (!str_take_word(&s, &word[i]) || !str_take_char(&s, ' '))
            return false;
    if (!take_structured(&s))
        return false;
    str_take_char(&s, ' ');
    str_take(&s, STR("\xef\xbb\xbf"));
    out->host = str_eq(word[0], STR("-")) ? (struct str){ 0 } : word[0];
    out->ident = word[1];
    out->pid = str_eq(word[2], STR("-")) ? (struct str){ 0 } : word[2];
    *in = s;
    return true;
}

static bool take_head(struct str *in, struct record *out)
{
    struct str s = *in;
    bool priority = printk_take_priority(&s, &out->level, &out->facility);

    if (!(priority && take_5424(&s, out)) &&
        !(receiver_take_wall(&s, out) && str_take_char(&s, ' ') && take_legacy(&s, out)))
        return false;
    *in = s;
    return true;
}

static enum origin origin_of(const struct record *r)
{
    bool kernel = str_eq(r->ident, STR("kernel")) &&
                  (r->facility == FACILITY_UNKNOWN || r->facility == FACILITY_KERN);

    return kernel ? ORIGIN_GUEST_KERNEL : ORIGIN_GUEST_USER;
}

/* The kernel's own stamp behind "kernel: ", where the daemon left it. */
static struct str take_inner(struct str text, struct record *out)
{
    enum level level = out->level;
    enum facility facility = out->facility;
    struct record inner;
    struct str s = text;

    record_init(&inner);
    if (!printk_take_prefix(&s, &inner) || inner.mono_us == TIME_UNKNOWN)
        return text;
    out->mono_us = inner.mono_us;
    out->caller = inner.caller;
    out->level = level == LEVEL_UNKNOWN ? inner.level : level;
    out->facility = facility == FACILITY_UNKNOWN ? inner.facility : facility;
    return s;
}

/* A line that is not the daemon's own: what wall(1) wrote, or something unknown. */
static void take_other(struct str line, struct record *out)
{
    struct str text = line;

    record_unparsed(out, line);
    if (printk_take_wall(&text)) {
        out->origin = ORIGIN_GUEST_KERNEL;
        out->text = take_inner(text, out);
    }
    if (out->origin == ORIGIN_GUEST_KERNEL || printk_announces_wall(line))
        out->flags &= ~(unsigned)RECORD_UNPARSED;
}

/* rsyslog writes control characters as "#012"; appends the text to the joiner with them back. */
static struct str unescape(struct joiner *j, struct str s)
{
    struct str out = join_add(j, (struct str){ 0 });

    for (;;) {
        size_t at = str_find(s, STR("#0"));
        struct str code = str_first(str_from_at(s, at), 4);
        char byte;

        out.n += join_add(j, str_first(s, at)).n;
        if (at == STR_NOT_FOUND)
            return out;
        s = str_from_at(s, at);
        if (code.n == 4 && code.p[2] >= '0' && code.p[2] <= '3' && code.p[3] >= '0' &&
            code.p[3] <= '7') {
            byte = (char)((code.p[2] - '0') * 8 + (code.p[3] - '0'));
            out.n += join_add(j, (struct str){ .p = &byte, .n = 1 }).n;
            s = str_from_at(s, 4);
            continue;
        }
        out.n += join_add(j, str_first(s, 2)).n;
        s = str_from_at(s, 2);
    }
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct joiner *j;
    struct line line;
    struct str head, text;
    size_t width;
    enum step step = lines_next(in, &line, err);

    (void)state;
    if (step != STEP_RECORD)
        return step;
    if (line.cut)
        out->flags |= RECORD_CUT;
    j = lines_joiner(in);
    head = text = join_add(j, line.text);
    if (!take_head(&text, out)) {
        take_other(head, out);
        return STEP_RECORD;
    }
    width = head.n - text.n;
    out->origin = origin_of(out);
    if (out->origin == ORIGIN_GUEST_KERNEL)
        text = take_inner(text, out);
    /* What follows is appended to the joiner, so the text must be its last bytes. */
    out->text = str_find(text, STR("#0")) == STR_NOT_FOUND ? text : unescape(j, text);
    while (lines_next(in, &line, err) == STEP_RECORD) {
        if (!str_starts(line.text, indent)) {
            lines_unread(in);
            break;
        }
        out->text = join_line(j, out->text, str_unindent(line.text, width));
    }
    if (j->cut)
        out->flags |= RECORD_CUT;
    return STEP_RECORD;
}

/* Separators at their places: "Nov 20 23:35:17 ", "2026-11-20T23:35:17". */
static bool looks_stamped(struct str s)
{
    if (s.n > 16 && s.p[3] == ' ' && s.p[6] == ' ' && s.p[9] == ':' && s.p[12] == ':')
        return true;
    return s.n > 20 && s.p[4] == '-' && s.p[7] == '-' && s.p[10] == 'T' && s.p[13] == ':';
}

static void skim(struct str line, struct skim *out)
{
    enum facility facility;
    size_t at;

    if (str_starts(line, indent)) {
        out->kind = SKIM_CONT;
        return;
    }
    if (printk_take_priority(&line, &out->level, &facility))
        str_take(&line, STR("1 "));
    if (!looks_stamped(line))
        return;
    out->kind = SKIM_HEAD;
    at = str_find(str_first(line, 128), STR(" kernel: ["));
    if (at == STR_NOT_FOUND)
        return;
    line = str_from_at(line, at + 9);
    printk_take_stamp(&line, &out->mono_us);
}

static unsigned probe(const struct head *head)
{
    unsigned bid = 0;

    for (size_t i = 0; i < head->n_lines; i++) {
        struct str line = head->lines[i];
        struct record r;

        record_init(&r);
        bid += take_head(&line, &r) || (bid && str_starts(line, indent));
    }
    return bid;
}

const struct parser parser_syslog = {
    .name = "syslog",
    .title = "syslog files: RFC 3164, RFC 5424, rsyslog, busybox",
    .probe = probe,
    .next = next,
    .skim = skim,
};
