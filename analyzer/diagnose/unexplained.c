/* SPDX-License-Identifier: Apache-2.0 */
/* Grouping what nobody explained; see unexplained.h. */
#include "analyzer/diagnose/unexplained.h"

#include "analyzer/core/limits.h"
#include "analyzer/engine/general_kind.h"

enum { SHAPE_BYTES = 256 };

/*
 * Further lines of reports that rules know by their first line: printed at the report's level, but
 * nothing that would want an explanation of its own (kernel/panic.c, arch/x86/kernel/dumpstack.c,
 * arch/x86/mm/fault.c, kernel/rcu/tree_stall.h, kernel/hung_task.c, arch/x86/kernel/cpu/mce/core.c,
 * init/do_mounts.c).
 */
static const struct str report_lines[] = {
    { STR_INIT("---[ end ") },
    { STR_INIT("Kernel Offset: ") },
    { STR_INIT("Rebooting in ") },
    { STR_INIT("Code: ") },
    { STR_INIT("#PF: ") },
    { STR_INIT("rcu: \t") },
    { STR_INIT("rcu: RCU grace-period kthread stack dump:") },
    { STR_INIT("rcu: Stack dump where RCU GP kthread last ran:") },
    { STR_INIT("\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\"") },
    { STR_INIT("      Not tainted ") },
    { STR_INIT("      Tainted: ") },
    { STR_INIT("mce: [Hardware Error]: ") },
    { STR_INIT("Dazed and confused, but trying to continue") },
    { STR_INIT("List of all bdev filesystems:") },
};

/* " ext4": a file system's name in the list that the kernel prints before it gives up. */
static bool is_listed_name(struct str text)
{
    return str_take_char(&text, ' ') && text.n > 0 && text.n < 16 && text.p[0] != ' ' &&
           str_find_char(text, ' ') == STR_NOT_FOUND;
}

static bool is_report_line(struct str text)
{
    for (size_t i = 0; i < sizeof report_lines / sizeof report_lines[0]; i++)
        if (str_starts(text, report_lines[i]))
            return true;
    return is_listed_name(text);
}

bool unexplained_wants(const struct record *r)
{
    return r->kind == RECORD_TEXT && r->level <= LEVEL_ERR && r->text.n > 0 &&
           (r->origin == ORIGIN_GUEST_KERNEL || r->origin == ORIGIN_HOST) &&
           !is_report_line(r->text);
}

static bool take_digits(struct str *in)
{
    struct str s = *in;

    while (s.n && char_is_digit(s.p[0]))
        s = str_from_at(s, 1);
    if (s.n == in->n)
        return false;
    *in = s;
    return true;
}

/* `name` in capitals: what stands for a value of that kind. */
static size_t put_kind(struct str name, char *out, size_t size)
{
    size_t n = 0;

    for (; n < name.n && n < size; n++)
        out[n] = (char)(name.p[n] - 'a' + 'A');
    return n;
}

struct str unexplained_shape(struct str text, char *out, size_t size)
{
    bool inside = false; /* a word: what begins here is no value, but digits may */
    struct str whole = text;
    size_t n = 0;

    while (text.n && n < size) {
        struct str rest;
        const struct general_kind *kind = NULL;

        if (!inside)
            kind = general_kind_at(whole, whole.n - text.n, &rest);
        inside = char_is_word(text.p[0]);
        if (kind) {
            inside = char_is_word(text.p[text.n - rest.n - 1]);
            n += put_kind(kind->name, out + n, size - n);
            text = rest;
        } else if (take_digits(&text)) {
            out[n++] = 'N';
        } else {
            out[n++] = text.p[0];
            text = str_from_at(text, 1);
        }
    }
    return (struct str){ .p = out, .n = n };
}

void unexplained_add(struct unexplained_shapes *all, struct arena *a, const struct record *r)
{
    char buf[SHAPE_BYTES];
    struct str shape = unexplained_shape(r->text, buf, sizeof buf);
    uint64_t hash = str_hash(shape);
    const struct record *kept;
    struct unexplained_shape *slot;

    all->records++;
    for (size_t i = 0; i < all->n; i++) {
        if (all->p[i].hash == hash && str_eq(all->p[i].shape, shape)) {
            all->p[i].count++;
            return;
        }
    }
    kept = all->n < LIMIT_UNEXPLAINED_SHAPES ? record_keep(a, r) : NULL;
    shape = kept ? arena_str(a, shape) : shape;
    slot = kept && shape.n ? vec_push(a, all) : NULL;
    if (slot)
        *slot = (struct unexplained_shape){
            .hash = hash, .count = 1, .shape = shape, .evidence = kept
        };
}
