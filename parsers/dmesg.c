/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmesg output in all its modes, and kernel text that other tools write in the same manner:
 * vmcore-dmesg.txt, crash's log command, text pasted into a bug report; see dmesg_prefix.h.
 *
 * A record of several lines carries its prefix once; the other lines are indented by blanks. Lines
 * without prefix and indentation are records of their own: kernel text only when nothing in the
 * input has a stamp and the words are the kernel's, else of unknown origin.
 */
#include "parsers/ansi.h"
#include "parsers/dmesg_prefix.h"
#include "parsers/kernel_text.h"
#include "parsers/parser.h"
#include "parsers/printk.h"

/* What may stand before a stamp when a viewer or a terminal put it there: "12: ", "host login: ".
 */
#define JUNK_BYTES_MAX 64

struct state {
    struct dmesg_clock clock;
    bool prefixed; /* a prefix was seen */
};

/* Text behind junk that is not ours: where the stamp is, or STR_NOT_FOUND. */
static size_t junk_bytes(struct str line)
{
    size_t at = dmesg_find_stamp(str_first(line, JUNK_BYTES_MAX + 32), 0);

    return at <= JUNK_BYTES_MAX ? at : STR_NOT_FOUND;
}

/* "60836.026949] text": who copied it began one byte late. */
static bool take_cut_stamp(struct str *in, int64_t *mono_us)
{
    struct str s = *in;
    int64_t us;

    if (!clock_take_mono(&s, &us) || !str_take(&s, STR("] ")))
        return false;
    *mono_us = us;
    *in = s;
    return true;
}

/* A line without a prefix. */
static void read_bare(struct state *st, struct str line, struct record *out)
{
    struct str text = line;

    if (!st->prefixed && take_cut_stamp(&text, &out->mono_us)) {
        out->origin = ORIGIN_GUEST_KERNEL;
        out->text = text;
        return;
    }
    if (printk_take_wall(&text)) {
        out->origin = ORIGIN_GUEST_KERNEL;
        out->text = text;
        return;
    }
    if (st->prefixed && line.n && !printk_announces_wall(line))
        out->flags |= RECORD_UNPARSED;
    if (st->prefixed)
        return;
    if (!kernel_text_certain(line))
        str_take_spaces(&text);
    if (kernel_text_certain(text)) {
        out->origin = ORIGIN_GUEST_KERNEL;
        out->text = text;
    }
}

/* Fills *out from its first line; returns the width of its prefix, 0 without one. */
static size_t read_head(struct state *st, struct str line, struct record *out)
{
    size_t junk;

    if (dmesg_take_prefix(line, out, &st->clock)) {
        st->prefixed = true;
        out->origin = printk_origin(out);
        return line.n - out->text.n;
    }
    junk = junk_bytes(line);
    if (junk != STR_NOT_FOUND && dmesg_take_prefix(str_from_at(line, junk), out, &st->clock)) {
        st->prefixed = true;
        out->origin = printk_origin(out);
        return 0;
    }
    read_bare(st, line, out);
    return 0;
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct state *st = state;
    struct joiner *joined;
    struct line line;
    struct str head;
    size_t width;
    enum step step = lines_next(in, &line, err);

    if (step != STEP_RECORD)
        return step;
    if (line.cut)
        out->flags |= RECORD_CUT;
    joined = lines_joiner(in);
    head = kernel_text_unquote(str_trim_cr(line.text));
    head = str_find_char(head, '\x1b') == STR_NOT_FOUND ? join_add(joined, head)
                                                        : ansi_join(joined, head);
    width = read_head(st, head, out);
    while (width && lines_next(in, &line, err) == STEP_RECORD) {
        if (!dmesg_is_indented(line.text)) {
            lines_unread(in);
            break;
        }
        out->text = join_line(joined, out->text, str_unindent(str_trim_cr(line.text), width));
    }
    if (joined->cut)
        out->flags |= RECORD_CUT;
    return STEP_RECORD;
}

static void skim(struct str line, struct skim *out)
{
    struct dmesg_clock clock = { 0 };
    struct record r;
    enum ansi_effect effect;

    if (printk_skim(line, &out->level, &out->mono_us)) {
        out->kind = SKIM_HEAD;
        return;
    }
    if (dmesg_is_indented(line)) {
        out->kind = SKIM_CONT;
        return;
    }
    record_init(&r);
    line = kernel_text_unquote(line);
    if (printk_take_wall(&line))
        out->kind = SKIM_HEAD;
    while (ansi_take(&line, &effect))
        ;
    if (!dmesg_take_prefix(line, &r, &clock))
        return;
    out->kind = SKIM_HEAD;
    out->level = r.level;
    out->mono_us = r.mono_us;
    if (r.flags & RECORD_MONO_REL) {
        /* A sum needs every term: ask for each such line, as errors are asked for. */
        out->level = LEVEL_EMERG;
        out->mono_us = TIME_UNKNOWN;
    }
}

/*
 * Bids lines with a prefix, wall's among them, and their continuations. Lines with junk before the
 * stamp count half: most are some other format's. Text without any prefix (-t) must be the kernel's
 * beyond doubt: it begins with the banner, or many of its lines are known.
 */
static unsigned probe(const struct head *head)
{
    unsigned prefixed = 0, junky = 0, certain = 0, filled = 0;
    bool banner = head->n_lines && kernel_text_banner(head->lines[0]);

    for (size_t i = 0; i < head->n_lines; i++) {
        struct str line = kernel_text_unquote(head->lines[i]);
        struct skim look = { .kind = SKIM_OTHER };

        skim(line, &look);
        filled += line.n > 0;
        prefixed += look.kind == SKIM_HEAD || (look.kind == SKIM_CONT && prefixed);
        junky += look.kind == SKIM_OTHER && junk_bytes(line) != STR_NOT_FOUND;
        certain += look.kind == SKIM_OTHER && kernel_text_certain(line);
    }
    if (prefixed || junky)
        return prefixed + junky / 2;
    if (banner)
        return certain + 2;
    return certain >= 2 && certain * 8 >= filled ? certain : 0;
}

const struct parser parser_dmesg = {
    .name = "dmesg",
    .title = "dmesg output in any of its modes, vmcore-dmesg.txt, bare kernel text",
    .probe = probe,
    .next = next,
    .skim = skim,
    .state_bytes = sizeof(struct state),
};
