/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest sent to the log; see vmware_guest.h. */
#include "parsers/vmware_guest.h"

#include "parsers/printk.h"

/* Bare lines below one stamp; more is another text, not a wrapped one. */
enum { BARE_LINES_MAX = 32 };

/* Firmware writes through the same channel as Tools; only these texts tell them apart. */
static bool is_firmware(struct str text)
{
    static const struct str starts[] = {
        { STR_INIT("EFI ") },
        { STR_INIT("About to do EFI boot") },
        { STR_INIT("Status upon boot failure:") },
        { STR_INIT("Firmware has transitioned") },
    };

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (str_starts(text, starts[i]))
            return true;
    return false;
}

/* Keeps what later lines of the same entry share with *out. */
static void open_entry(struct vmware_state *s, const struct record *out, enum guest_entry guest)
{
    name_set(&s->thread, out->thread);
    name_set(&s->opid, out->opid);
    s->guest = guest;
    s->n_bare = 0;
    s->entry = *out;
    s->entry.text = s->entry.caller = (struct str){ 0 };
    s->entry.thread = name_get(&s->thread);
    s->entry.opid = name_get(&s->opid);
}

/* "0800         8388608 sda  driver: sd" and lines of a trace stand alone, sentences go on. */
static bool stands_alone(struct str text)
{
    struct str s = text;
    uint64_t number;

    if (text.n == 0 || text.p[0] == '[' || text.p[0] == ' ')
        return true;
    return str_take_hex(&s, &number) && text.n - s.n == 4 && str_take_spaces(&s) &&
           str_take_u64(&s, &number);
}

/* Lines left out of a copy. */
static bool is_elision(struct str text)
{
    return str_eq(str_trim_end(text), STR("..."));
}

/* A bare line that is the second half of the kernel record above. */
static bool goes_on(struct vmware_state *s, struct str bare)
{
    struct vmware_printk p;

    return !s->no_prefix && bare.n && s->n_bare++ < BARE_LINES_MAX && !is_elision(bare) &&
           !vmware_is_throttle(bare) && !vmware_take_printk(&bare, &p) &&
           !vmware_take_guest(&bare) && !stands_alone(bare);
}

static struct str without_tabs(struct str s)
{
    while (str_take_char(&s, '\t'))
        ;
    return s;
}

/* Puts `text` behind the record's text, which ends the joiner, with one blank between. */
static void add_words(struct vmware_taking *t, struct str text)
{
    struct str kept = str_trim_end(t->out->text);

    t->j->n = (size_t)(kept.p + kept.n - t->j->p);
    kept.n += kept.n ? join_add(t->j, STR(" ")).n : 0;
    kept.n += join_add(t->j, str_trim_end(text)).n;
    t->out->text = kept;
}

/* A line with a prefix that is a further line of the kernel record: its text, or nothing. */
static bool take_kernel_line(const struct record *kernel, const struct vmware_line *l,
                             struct str *text)
{
    struct vmware_printk p;

    *text = l->text;
    if (!vmware_take_printk(text, &p))
        return l->continues;
    return (l->continues || l->prefix == VMWARE_OLD) && str_eq(l->thread, kernel->thread) &&
           p.mono_us == kernel->mono_us && p.level == kernel->level;
}

/* The rest of a kernel record: lines of the same stamp, lines without one, wrapped halves. */
static void take_kernel_rest(struct vmware_taking *t)
{
    struct line line;
    struct vmware_line l;
    struct str text;

    while (vmware_take_below(t, &line)) {
        bool prefix = vmware_split(t->s, line.text, &l);

        if (prefix && take_kernel_line(t->out, &l, &text)) {
            vmware_add_line(t, text);
        } else if (!prefix && goes_on(t->s, without_tabs(line.text))) {
            add_words(t, without_tabs(line.text));
            lines_want(t->in, 1);
        } else {
            lines_unread(t->in);
            return;
        }
        t->s->last_line = line.number;
    }
}

/* The kernel record whose prefix was `p`; its text is set and ends the joiner. */
static void take_kernel(struct vmware_taking *t, const struct vmware_printk *p)
{
    struct record *out = t->out;

    out->level = p->level;
    out->facility = p->facility;
    out->mono_us = p->mono_us;
    out->caller = p->caller;
    out->origin = printk_origin(out);
    open_entry(t->s, out, GUEST_KERNEL);
    take_kernel_rest(t);
}

/* The stamp of the line is the host's, the text is not. */
static void set_guest(struct record *out)
{
    out->origin = ORIGIN_GUEST_USER;
    out->host_wall_us = out->wall_us;
    out->wall_us = TIME_UNKNOWN;
}

bool vmware_take_entry(struct vmware_taking *t, struct str text)
{
    struct record *out = t->out;
    struct vmware_printk p;

    set_guest(out);
    out->text = text;
    if (str_trim(text).n == 0) {
        open_entry(t->s, out, GUEST_EMPTY);
        return false;
    }
    if (vmware_take_printk(&out->text, &p)) {
        take_kernel(t, &p);
        return true;
    }
    t->s->guest = GUEST_NONE;
    if (is_firmware(text))
        out->origin = ORIGIN_FIRMWARE;
    vmware_take_continuations(t);
    return true;
}

bool vmware_take_entry_line(struct vmware_taking *t, struct str text)
{
    struct vmware_state *s = t->s;
    struct vmware_printk p;

    if (is_elision(text))
        return false;
    *t->out = s->entry;
    t->out->text = text;
    if (vmware_take_printk(&t->out->text, &p)) {
        take_kernel(t, &p);
        return true;
    }
    if (s->guest == GUEST_EMPTY) {
        s->guest = GUEST_NONE;
        t->out->origin = ORIGIN_GUEST_USER;
        vmware_take_continuations(t);
    } else if (++s->n_bare > BARE_LINES_MAX) {
        s->guest = GUEST_NONE;
    }
    return true;
}

void vmware_open_unmarked(struct vmware_state *s, const struct vmware_line *l)
{
    /* GUESTMSG_MAX_IN_SIZE of open-vm-tools: the largest message that the host takes. */
    enum { MESSAGE_BYTES_MAX = 64 << 10 };

    s->unmarked_left = 0;
    if (!vmware_line_unmarked(l) && !s->no_prefix)
        return;
    name_set(&s->unmarked_stamp, l->stamp);
    name_set(&s->unmarked_thread, l->thread);
    s->unmarked_left = MESSAGE_BYTES_MAX;
}

bool vmware_take_unmarked(struct vmware_taking *t, const struct vmware_line *l)
{
    struct vmware_state *s = t->s;
    size_t bytes = l->text.n + 1;

    if (s->unmarked_left == 0 || (!vmware_line_unmarked(l) && !s->no_prefix) ||
        !str_eq(l->stamp, name_get(&s->unmarked_stamp)) ||
        !str_eq(l->thread, name_get(&s->unmarked_thread)))
        return false;
    s->unmarked_left -= bytes < s->unmarked_left ? bytes : s->unmarked_left;
    set_guest(t->out);
    return true;
}

bool vmware_in_entry(const struct vmware_state *s, const struct vmware_line *l, struct str *text)
{
    struct vmware_printk p;
    struct str rest = l->text;

    if (s->guest == GUEST_NONE || s->no_prefix)
        return false;
    *text = l->text;
    if (l->prefix == VMWARE_OLD)
        return str_eq(l->thread, name_get(&s->thread)) && vmware_take_printk(&rest, &p);
    if (l->prefix != VMWARE_BARE)
        return l->continues;
    *text = rest = without_tabs(l->text);
    return !vmware_is_throttle(rest) && !vmware_take_guest(&rest);
}
