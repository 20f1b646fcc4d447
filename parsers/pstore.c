/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel saved into pstore (ERST, EFI variables, ramoops) while it died:
 *
 *     Panic#2 Part1
 *     <4>[   12.345678] text
 *
 * A dump is cut into parts; Part1 holds the last words, the highest number the oldest. Several
 * parts in one input (cat /sys/fs/pstore/dmesg-*, systemd-pstore) come in the order of the files,
 * so each dump is kept as a whole and its parts put in order. kmsg_bytes is 10 KiB unless somebody
 * asks for more: what goes beyond LIMIT_PSTORE_BYTES is read in the order of the file.
 *
 * Sources: fs/pstore/platform.c (pstore_dump()), fs/pstore/ram.c (ramoops_write_kmsg_hdr()).
 */
#include "analyzer/core/limits.h"
#include "parsers/dmesg_prefix.h"
#include "parsers/parser.h"
#include "parsers/printk.h"

#include <string.h>

struct part {
    uint64_t dump, number;
    uint64_t line, offset; /* of its first line of text in the input */
    size_t from, to;       /* its bytes in `text`, each line ended by '\n' */
};

struct state {
    bool loaded;
    bool overflow; /* the rest is read as it comes */
    struct part parts[LIMIT_PSTORE_PARTS];
    size_t n_parts;
    size_t at; /* the part being read */
    size_t n;
    struct dmesg_clock clock;
    char text[LIMIT_PSTORE_BYTES];
};

static const struct str reasons[] = {
    { STR_INIT("Panic#") },    { STR_INIT("Oops#") },    { STR_INIT("Emergency#") },
    { STR_INIT("Shutdown#") }, { STR_INIT("Restart#") }, { STR_INIT("Halt#") },
    { STR_INIT("Poweroff#") }, { STR_INIT("Unknown#") },
};

/* "Panic#2 Part1" */
static bool read_header(struct str line, struct part *out)
{
    struct str s = line;

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (str_take(&s, reasons[i]))
            return str_take_u64(&s, &out->dump) && str_take(&s, STR(" Part")) &&
                   str_take_u64(&s, &out->number) && str_trim(s).n == 0;
    return false;
}

/* Sorts the parts of each run of the same dump, the highest number first. */
static void order_parts(struct state *st)
{
    for (size_t i = 1; i < st->n_parts; i++) {
        struct part part = st->parts[i];
        size_t at = i;

        while (at && st->parts[at - 1].dump == part.dump &&
               st->parts[at - 1].number < part.number) {
            st->parts[at] = st->parts[at - 1];
            at--;
        }
        st->parts[at] = part;
    }
}

/* Keeps one line; false when there is no room for it. */
static bool keep_line(struct state *st, const struct line *line)
{
    struct part *part, header;

    if (read_header(line->text, &header)) {
        if (st->n_parts == LIMIT_PSTORE_PARTS)
            return false;
        part = &st->parts[st->n_parts++];
        *part = (struct part){
            .dump = header.dump, .number = header.number, .from = st->n, .to = st->n
        };
        return true;
    }
    if (st->n_parts == 0)
        st->parts[st->n_parts++] = (struct part){ 0 };
    if (sizeof st->text - st->n <= line->text.n)
        return false;
    part = &st->parts[st->n_parts - 1];
    if (part->line == 0) {
        part->line = line->number;
        part->offset = line->offset;
    }
    if (line->text.n)
        memcpy(st->text + st->n, line->text.p, line->text.n);
    st->n += line->text.n;
    st->text[st->n++] = '\n';
    part->to = st->n;
    return true;
}

static enum step load(struct state *st, struct lines *in, struct err *err)
{
    struct line line;
    enum step step;

    while ((step = lines_next(in, &line, err)) == STEP_RECORD) {
        if (keep_line(st, &line))
            continue;
        lines_unread(in);
        st->overflow = true;
        break;
    }
    if (step == STEP_WAIT)
        return step;
    order_parts(st);
    st->loaded = true;
    return STEP_RECORD;
}

static void read_record(struct state *st, struct str line, struct record *out)
{
    if (dmesg_take_prefix(line, out, &st->clock))
        out->origin = printk_origin(out);
    else if (line.n)
        out->flags |= RECORD_UNPARSED;
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct state *st = state;
    struct part header;
    struct line line;
    enum step step = st->loaded ? STEP_RECORD : load(st, in, err);

    if (step != STEP_RECORD)
        return step;
    for (; st->at < st->n_parts; st->at++) {
        struct part *part = &st->parts[st->at];
        struct str rest = { .p = st->text + part->from, .n = part->to - part->from }, text;

        if (!str_take_line(&rest, &text))
            continue;
        read_record(st, text, out);
        out->line = part->line++;
        out->offset = part->offset;
        part->offset += part->to - part->from - rest.n;
        part->from = part->to - rest.n;
        return STEP_RECORD;
    }
    /* The end of the input, a read error, or what did not fit. */
    do
        step = lines_next(in, &line, err);
    while (step == STEP_RECORD && read_header(line.text, &header));
    if (step != STEP_RECORD)
        return step;
    read_record(st, line.text, out);
    out->line = line.number;
    out->offset = line.offset;
    return STEP_RECORD;
}

static unsigned probe(const struct head *head)
{
    struct part header;

    return head->n_lines && read_header(head->lines[0], &header) ? (unsigned)head->n_lines + 1 : 0;
}

const struct parser parser_pstore = {
    .name = "pstore",
    .title = "kernel log parts saved in pstore: ERST, EFI variables, ramoops",
    .probe = probe,
    .next = next,
    .state_bytes = sizeof(struct state),
};
