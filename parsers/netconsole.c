/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Netconsole: kernel lines sent by UDP, as receivers write them down.
 *
 *     192.0.2.7:6665 [   12.345678] text           basic, with what the receiver put before it
 *     Nov 20 23:35:17 192.0.2.7 [   12.345678] text
 *     6,416,1734242,-,ncfrag=0/33;the first part   extended, in fragments
 *     6.4.0,6,417,1734250,-;text                   with the kernel's release before it
 *
 * Basic lines with nothing before them are dmesg's, extended ones kmsg's. A receiver that only
 * copies packets glues the fragments of one record together on one line.
 *
 * Sources: Documentation/networking/netconsole.rst, drivers/net/netconsole.c.
 */
#include "parsers/dmesg_prefix.h"
#include "parsers/kmsg_record.h"
#include "parsers/parser.h"
#include "parsers/printk.h"
#include "parsers/receiver.h"

/* A receiver writes a time and an address, no more. */
#define RECEIVER_BYTES_MAX 96

/* "6.4.0-rc1," before an extended head. */
static bool take_release(struct str *in)
{
    struct str s = *in, release;

    if (!str_take_until(&s, ',', &release) || release.n > 64 || release.n < 3 ||
        !char_is_digit(release.p[0]) || str_find_char(release, '.') == STR_NOT_FOUND)
        return false;
    *in = s;
    return true;
}

/* "192.0.2.7", "192.0.2.7:6665", "[fe80::1]:6665", "192.0.2.7:" */
static bool is_address(struct str word)
{
    size_t separators = 0;

    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];

        separators += c == '.' || c == ':';
        if (char_hex(c) < 0 && c != '.' && c != ':' && c != '[' && c != ']')
            return false;
    }
    return separators >= 3;
}

/* What stands before the kernel's part: time, host, or both; nothing is fine, other words not. */
static bool take_receiver(struct str before, struct record *out)
{
    struct str word;
    bool told = receiver_take_wall(&before, out);

    str_take_spaces(&before);
    if (str_take_word(&before, &word)) {
        if (!is_address(word) && !(told && receiver_is_host(word)))
            return false;
        out->host = word;
        told = true;
    }
    str_take_spaces(&before);
    return told && before.n == 0;
}

/* Where an extended head starts behind a receiver's words, or STR_NOT_FOUND. */
static size_t find_head(struct str s, struct record *out, struct str *fields)
{
    size_t from = 0;

    while (from < s.n && from < RECEIVER_BYTES_MAX) {
        struct str at = str_from_at(s, from), rest = at;
        size_t blank = str_find_char(at, ' ');

        if (kmsg_take_head(&rest, out, fields) ||
            (take_release(&rest) && kmsg_take_head(&rest, out, fields)))
            return from;
        if (blank == STR_NOT_FOUND)
            break;
        from += blank + 1;
    }
    return STR_NOT_FOUND;
}

/* Reads one line; *key gets "6,416,1734242," when it is the first fragment of several. */
static bool read_line(struct str line, struct record *out, struct str *key)
{
    struct str fields = { 0 }, rest, receiver;
    size_t at = find_head(line, out, &fields);

    if (at != STR_NOT_FOUND) {
        rest = str_from_at(line, at);
        if (at && !take_receiver(str_first(line, at), out))
            return false;
        if (!kmsg_take_head(&rest, out, &fields)) {
            take_release(&rest);
            kmsg_take_head(&rest, out, &fields);
        }
        out->text = rest;
        if (str_find(fields, STR(",ncfrag=0/")) != STR_NOT_FOUND) {
            struct str head = str_first(line, (size_t)(fields.p - line.p) - 1);

            *key = str_from_at(head, at);
        }
        return true;
    }
    at = dmesg_find_stamp(str_first(line, RECEIVER_BYTES_MAX + 32), 0);
    if (at == STR_NOT_FOUND)
        return false;
    receiver = str_first(line, at);
    if (at && !take_receiver(receiver, out))
        return false;
    rest = str_from_at(line, at);
    printk_take_prefix(&rest, out);
    out->origin = printk_origin(out);
    return true;
}

/* Appends the fragments in `s`, each behind its own head that begins with `key`. */
static struct str join_fragments(struct joiner *j, struct str text, struct str key, struct str s)
{
    for (;;) {
        size_t at = str_find(s, key);
        struct str body, part = str_first(s, at);

        text.n += join_add(j, part).n;
        if (at == STR_NOT_FOUND)
            return text;
        s = str_from_at(s, at);
        if (!str_take_until(&s, ';', &body))
            return text;
    }
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct joiner *j;
    struct line line;
    struct str copy, key = { 0 };
    struct str text;
    enum step step = lines_next(in, &line, err);

    (void)state;
    if (step != STEP_RECORD)
        return step;
    if (line.cut)
        out->flags |= RECORD_CUT;
    j = lines_joiner(in);
    copy = join_add(j, line.text);
    if (!read_line(copy, out, &key)) {
        record_unparsed(out, copy);
        return STEP_RECORD;
    }
    if (key.n == 0)
        return STEP_RECORD;
    text = join_fragments(j, join_add(j, (struct str){ 0 }), key, out->text);
    while (lines_next(in, &line, err) == STEP_RECORD) {
        if (str_find(str_first(line.text, RECEIVER_BYTES_MAX), key) == STR_NOT_FOUND) {
            lines_unread(in);
            break;
        }
        text = join_fragments(j, text, key, str_from_at(line.text, str_find(line.text, key)));
    }
    out->text = text;
    if (j->cut)
        out->flags |= RECORD_CUT;
    return STEP_RECORD;
}

/* Bids only when a receiver's words, a release or a fragment show that it is not a local log. */
static unsigned probe(const struct head *head)
{
    unsigned bid = 0;
    bool evidence = false;

    for (size_t i = 0; i < head->n_lines; i++) {
        struct str line = head->lines[i], fields = { 0 }, key = { 0 }, rest = line;
        struct record r;

        record_init(&r);
        if (!read_line(line, &r, &key))
            continue;
        bid++;
        evidence |= !dmesg_starts_stamp(line) && !kmsg_take_head(&rest, &r, &fields);
        evidence |= str_find(fields, STR(",ncfrag=")) != STR_NOT_FOUND;
    }
    return evidence ? bid : 0;
}

const struct parser parser_netconsole = {
    .name = "netconsole",
    .title = "netconsole as a receiver writes it, basic or extended",
    .probe = probe,
    .next = next, /* no skim: gaps in the sequence show only when every line is read */
};
