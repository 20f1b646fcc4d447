/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Serial console captures: what firmware, boot loader, kernel and programs wrote to one wire.
 *
 * Kernel text is known by its stamp. Other text is the firmware's until the kernel speaks, and
 * user space's afterwards; the firmware's first words after kernel text are another boot. With
 * printk.time=0 there are no stamps: then everything from "Linux version" on is the kernel's until
 * it starts init, and what follows is told apart by its words or not at all.
 *
 * One line may give several records: it is unread after each, and the state says how far we came.
 */
#include "parsers/ansi.h"
#include "parsers/console_line.h"
#include "parsers/dmesg_prefix.h"
#include "parsers/kernel_text.h"
#include "parsers/parser.h"
#include "parsers/printk.h"

enum phase {
    PHASE_START,     /* nothing told yet */
    PHASE_FIRMWARE,  /* before the kernel's first line */
    PHASE_RUNNING,   /* the kernel's lines have stamps */
    PHASE_BARE_BOOT, /* the kernel's lines have none, and init does not run yet */
    PHASE_BARE,      /* the same, and it does */
};

struct state {
    enum phase phase;
    uint64_t line;      /* number of the line being cut */
    size_t used;        /* how many bytes of it were taken */
    uint64_t last_hash; /* of the kernel record before */
    int64_t last_mono;
    bool has_mono;
    bool second;    /* it repeated the one before it */
    uint32_t pairs; /* so many records in a row came twice */
};

/* earlyprintk=…,keep prints each line twice; a call trace may repeat some by itself. */
#define PAIRS_MIN 4

/* Is this the second copy of a line, on a console where every line comes twice? */
static bool doubled(struct state *st, struct str line, int64_t mono_us)
{
    uint64_t hash = str_hash(line);
    bool same = hash == st->last_hash && mono_us == st->last_mono && st->has_mono;

    if (same && !st->second) {
        st->second = true;
        return ++st->pairs > PAIRS_MIN;
    }
    if (!st->second)
        st->pairs = 0;
    st->second = false;
    st->last_hash = hash;
    return false;
}

static bool read_stamped(struct state *st, struct str raw, struct record *out)
{
    struct str line = str_trim_cr(raw), s = line;

    printk_take_prefix(&s, out);
    if (doubled(st, line, out->mono_us))
        return false;
    out->origin = printk_origin(out);
    st->phase = PHASE_RUNNING;
    st->last_mono = out->mono_us;
    st->has_mono = true;
    return true;
}

/* Another boot starts, or the first one. */
static enum origin enter_firmware(struct state *st, struct record *out)
{
    if (st->phase != PHASE_START && st->phase != PHASE_FIRMWARE)
        out->kind = RECORD_BOOT_MARK;
    st->phase = PHASE_FIRMWARE;
    st->has_mono = false;
    return ORIGIN_FIRMWARE;
}

/* Text without stamp while the kernel is not known to print stamps. */
static enum origin bare_origin(struct state *st, struct str text, enum words words)
{
    if (kernel_text_banner(text)) {
        st->phase = PHASE_BARE_BOOT;
        return ORIGIN_GUEST_KERNEL;
    }
    if (st->phase == PHASE_BARE_BOOT && words == WORDS_ANY)
        return ORIGIN_GUEST_KERNEL;
    if (words == WORDS_KERNEL_DONE || kernel_text_certain(text)) {
        st->phase = PHASE_BARE;
        return ORIGIN_GUEST_KERNEL;
    }
    return st->phase == PHASE_FIRMWARE ? ORIGIN_FIRMWARE : ORIGIN_UNKNOWN;
}

static enum origin text_origin(struct state *st, struct str text, struct record *out)
{
    enum words words = console_words(text);

    if (words == WORDS_FIRMWARE_FIRST || (words == WORDS_FIRMWARE && st->phase == PHASE_START))
        return enter_firmware(st, out);
    if (words == WORDS_USER) {
        st->phase = st->phase == PHASE_BARE_BOOT || st->phase == PHASE_BARE ? PHASE_BARE
                                                                            : PHASE_RUNNING;
        return ORIGIN_GUEST_USER;
    }
    switch (st->phase) {
    case PHASE_RUNNING: return ORIGIN_GUEST_USER;
    case PHASE_START:
    case PHASE_FIRMWARE:
    case PHASE_BARE_BOOT:
    case PHASE_BARE: break;
    }
    return bare_origin(st, text, words);
}

/* False when nothing is left of the piece. */
static bool read_plain(struct state *st, struct lines *in, struct str raw, struct record *out)
{
    struct joiner *j = lines_joiner(in);

    out->text = ansi_join(j, raw);
    if (str_trim(out->text).n == 0)
        return false;
    out->origin = text_origin(st, out->text, out);
    if (out->origin != ORIGIN_GUEST_KERNEL)
        out->text = str_trim_end(out->text);
    return true;
}

/* The next record of the line, if there is one more. */
static bool read_line(struct state *st, struct lines *in, const struct line *line,
                      struct record *out)
{
    struct str rest = str_from_at(line->text, st->used);
    struct piece piece;

    while (piece_take(&rest, st->has_mono ? st->last_mono : TIME_UNKNOWN, &piece)) {
        st->used = line->text.n - rest.n;
        if (piece.stamped ? read_stamped(st, piece.raw, out) : read_plain(st, in, piece.raw, out))
            return true;
        record_init(out);
    }
    st->used = line->text.n;
    return false;
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct state *st = state;
    struct line line;
    enum step step;

    while ((step = lines_next(in, &line, err)) == STEP_RECORD) {
        if (line.number != st->line) {
            st->line = line.number;
            st->used = 0;
        }
        if (!read_line(st, in, &line, out))
            continue;
        if (st->used < line.text.n)
            lines_unread(in);
        else if (line.cut)
            out->flags |= RECORD_CUT;
        out->line = line.number;
        out->offset = line.offset;
        return STEP_RECORD;
    }
    return step;
}

/* The stamp wherever it stands: the lines that do not begin with one are few. */
static void skim(struct str line, struct skim *out)
{
    size_t at;

    out->kind = SKIM_HEAD;
    if (printk_skim(line, &out->level, &out->mono_us))
        return;
    at = dmesg_find_stamp(line, 0);
    if (at != STR_NOT_FOUND)
        printk_skim(str_from_at(line, at), &out->level, &out->mono_us);
}

/* What a line shows: text that a console explains, and what only a console can look like. */
struct look {
    bool explained, evidence;
};

static struct look look_at(struct str line)
{
    char start[64];
    struct look look = { 0 };
    struct str rest = line;
    struct piece piece;

    look.evidence = str_ends(line, STR("\r"));
    while (piece_take(&rest, TIME_UNKNOWN, &piece)) {
        struct str text = ansi_strip(piece.raw, start, sizeof start);
        enum words words = console_words(text);
        bool told = !piece.stamped && words != WORDS_ANY && words != WORDS_KERNEL_DONE;
        bool first = piece.raw.p == line.p;

        /* A stamp in mid-line shows a console, or the prefix of some other log. */
        look.evidence |= told || !first;
        look.explained |= told || (piece.stamped && first) || kernel_text_certain(text);
    }
    return look;
}

/* Nothing when every line could as well be dmesg's, else a little more than dmesg bids. */
static unsigned probe(const struct head *head)
{
    unsigned explained = 0;
    bool evidence = false;

    for (size_t i = 0; i < head->n_lines; i++) {
        struct look look = look_at(head->lines[i]);

        explained += look.explained;
        evidence |= look.evidence;
    }
    return evidence && explained ? explained + 1 : 0;
}

const struct parser parser_console = {
    .name = "console",
    .title = "serial console capture: firmware, boot loader, kernel and programs",
    .probe = probe,
    .next = next,
    .skim = skim,
    .marks = console_marks,
    .state_bytes = sizeof(struct state),
};
