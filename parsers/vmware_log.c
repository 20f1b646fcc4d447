/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vmware.log of every generation: lines (vmware_line.h) to records.
 *
 * The hypervisor writes its own messages, its settings (`DICT key = "value"`), and behind `Guest: `
 * what the guest sent (vmware_guest.h). Some records have several lines (vmware_join.h).
 */
#include "parsers/dict.h"
#include "parsers/vmware_guest.h"

/* "CONFIGURATION C:\…\x.vmx", "NON PERSISTENT (null)": the words in capitals name the section. */
static struct str take_section(struct str *in)
{
    struct str s = *in, word, name = str_first(s, 0);

    while (str_take_word(&s, &word)) {
        for (size_t i = 0; i < word.n; i++)
            if (word.p[i] < 'A' || word.p[i] > 'Z')
                return name;
        name.n = (size_t)(word.p + word.n - name.p);
        str_take_spaces(&s);
        *in = s;
    }
    return name;
}

/* `DICT --- CONFIGURATION path`, `DICT            config.version = "8"`; false: neither. */
static bool take_setting(struct vmware_taking *t, struct str text)
{
    struct record *out = t->out;
    struct str s = text;

    if (!str_take(&s, STR("DICT ")))
        return false;
    if (str_take(&s, STR("--- "))) {
        name_set(&t->s->section, take_section(&s));
        out->value = str_trim(s);
    } else if (dict_take_setting(s, &out->key, &s)) {
        out->value = dict_value(s, t->j);
    } else {
        return false;
    }
    out->kind = RECORD_SETTING;
    out->section = name_get(&t->s->section);
    return true;
}

/* What the whole file has to say about its lines: do operation ids stand in them, or no prefix? */
static void look_at_head(struct vmware_state *s, struct str head)
{
    struct str line;
    size_t with = 0, without = 0;
    struct vmware_line l;

    while (str_take_line(&head, &line)) {
        if (!vmware_line_split(line, &l)) {
            s->no_prefix |= str_starts(line, STR("Log for VMware "));
            continue;
        }
        with += vmware_line_has_opid(&l);
        without += l.prefix == VMWARE_PAREN && !vmware_line_has_opid(&l);
    }
    s->has_opid = with && with >= without;
}

/* Where one log ends and another begins, the headers may differ in this. */
static void look_at_header(struct vmware_state *s, const struct vmware_line *l)
{
    if (l->prefix != VMWARE_PAREN)
        return;
    if (str_starts(l->text, STR("Log for VMware ")))
        s->has_opid = false;
    if (str_starts(l->text, STR("- Log for VMware ")))
        s->has_opid = true;
}

static void set_prefix(struct vmware_taking *t, const struct vmware_line *l)
{
    struct vmware_state *s = t->s;
    struct record *out = t->out;

    if (s->stamp.n == 0 || !str_eq(l->stamp, name_get(&s->stamp))) {
        name_set(&s->stamp, l->stamp);
        s->wall_us = vmware_line_time(l, &s->wall_flags);
    }
    out->origin = ORIGIN_HOST;
    out->level = l->level;
    out->wall_us = out->host_wall_us = s->wall_us;
    out->flags = s->wall_flags;
    out->thread = l->thread;
    out->opid = l->opid;
    out->text = l->text;
}

/* A line that starts a record. False: an empty `Guest:` entry. */
static bool take_head(struct vmware_taking *t, const struct vmware_line *l)
{
    struct str text = l->text;
    bool repeats;

    set_prefix(t, l);
    if (vmware_take_guest(&text)) {
        vmware_open_unmarked(t->s, l);
        return vmware_take_entry(t, text);
    }
    if (vmware_take_unmarked(t, l))
        return str_trim(text).n > 0;
    if (vmware_is_throttle(text)) {
        t->out->kind = RECORD_THROTTLED;
    } else if (vmware_starts_message(text, &repeats)) {
        vmware_take_message(t, l, repeats);
    } else {
        vmware_take_continuations(t);
        take_setting(t, text);
    }
    return true;
}

/* A line without a prefix in a log that has them. */
static void take_bare(struct vmware_taking *t, struct str text)
{
    t->out->text = text;
    if (vmware_is_throttle(text)) {
        t->out->origin = ORIGIN_HOST;
        t->out->kind = RECORD_THROTTLED;
    } else {
        t->out->flags |= RECORD_UNPARSED;
    }
}

/* The record that starts at this line. False: none does. */
static bool take_record(struct vmware_taking *t, struct str line)
{
    struct vmware_state *s = t->s;
    struct vmware_line l;
    struct str text;
    bool prefix = vmware_line_split(line, &l);

    if (prefix) {
        look_at_header(s, &l);
        vmware_take_names(s, &l);
    }
    if (!prefix && str_trim(line).n == 0)
        return false;
    if (vmware_in_entry(s, &l, &text))
        return text.n && vmware_take_entry_line(t, text);
    s->guest = GUEST_NONE;
    if (l.continues) {
        set_prefix(t, &l);
        t->out->origin = ORIGIN_UNKNOWN; /* its head is lost: the guest's text or the host's */
        vmware_take_continuations(t);
        return t->out->text.n;
    }
    if (prefix || s->no_prefix || str_starts(line, STR("Guest: ")))
        return take_head(t, &l);
    take_bare(t, line);
    return true;
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct vmware_state *s = state;
    struct vmware_taking t = { .s = s, .in = in, .out = out };
    struct line line;
    enum step step;

    if (!s->started) {
        look_at_head(s, lines_head(in));
        s->started = true;
    }
    for (;;) {
        struct str text;

        /* Without prefixes no line tells the skim whose it is. */
        if (s->no_prefix)
            lines_want(in, 1);
        step = lines_next(in, &line, err);
        if (step != STEP_RECORD)
            return step;

        if (line.number != s->last_line + 1)
            s->guest = GUEST_NONE;
        s->last_line = line.number;
        t.j = lines_joiner(in);
        text = join_add(t.j, line.text);
        if (line.number == 1)
            str_take(&text, STR("\xef\xbb\xbf"));
        record_init(out);
        if (!take_record(&t, text))
            continue;
        out->line = line.number;
        out->offset = line.offset;
        if (line.cut || t.j->cut)
            out->flags |= RECORD_CUT;
        return STEP_RECORD;
    }
}

/* A line that no other format writes: stamp or level, and thread, at their places. */
static bool is_certain(const struct vmware_line *l)
{
    unsigned flags;

    if (l->stamp.n == 0)
        return l->prefix == VMWARE_BARS;
    return (l->thread.n || l->fields.n) && vmware_line_time(l, &flags) != TIME_UNKNOWN;
}

static unsigned probe(const struct head *head)
{
    enum { HEADER_LINES = 10, HEADER_WORTH = 100 };
    unsigned bid = 0;
    bool below_guest = false;

    for (size_t i = 0; i < head->n_lines; i++) {
        struct str line = head->lines[i];
        struct vmware_line l;
        struct vmware_printk unused;
        bool prefix = vmware_line_split(line, &l);

        if (i < HEADER_LINES && str_find(l.text, STR("Log for VMware ")) != STR_NOT_FOUND &&
            str_find(l.text, STR(" pid=")) != STR_NOT_FOUND)
            bid += HEADER_WORTH;
        if (!prefix) {
            line = str_trim(line);
            bid += (vmware_take_guest(&line) || below_guest) && vmware_take_printk(&line, &unused);
            continue;
        }
        bid += is_certain(&l);
        below_guest = vmware_take_guest(&l.text);
    }
    return bid;
}

static const char *const marks[] = {
    "Guest: <",   "Log for VMware ", "DICT --- ",         "| DICT ",
    ": DICT ",    " vmx DICT ",      " - DICT ",          "\"] DICT ",
    " DICT  ",    "Msg_Post: ",      "Msg_Question:",     "Msg_Reset:",
    "Msg_Hint: ", "MsgHint: msg.",   "Log Throttled >>>", NULL,
};

const struct parser parser_vmware_log = {
    .name = "vmware-log",
    .title = "vmware.log of ESXi, Workstation, Player, Fusion and Server",
    .probe = probe,
    .next = next,
    .skim = vmware_line_skim,
    .marks = marks,
    .state_bytes = sizeof(struct vmware_state),
};
