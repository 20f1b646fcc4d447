/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formats of memory images: a container (vmss.c, elf.c, lime.c, raw.c) says where memory lies,
 * find.c finds the kernel's logs in it, and their records are handed out here like those of any
 * other format, those of earlier boots first. A record's line is its number in that order.
 */
#include "parsers/parser.h"

#include "analyzer/core/limits.h"
#include "parsers/memory/gdb_socket.h"
#include "parsers/memory/guest.h"

#include <string.h>

enum {
    ELF_TYPE_AT = 16,
    ELF_TYPE_CORE = 4,
    ELF_DATA_AT = 5,
    ELF_BIG_ENDIAN = 2,
    KIB_SHIFT = 10,
    MIB_SHIFT = 20
};

struct state {
    struct arena arena;
    struct image image;
    struct log_search found;
    size_t at;  /* the log being read */
    uint64_t n; /* records of it that were handed out */
    uint64_t line;
};

typedef bool (*container_open)(struct image *m, const struct stored *beside, struct err *err);

static const char *ways_of(const struct log *l)
{
    static const char *const words[] = {
        [WAY_INFO] = "VMCOREINFO",
        [WAY_SHAPE] = "the log's shape",
        [WAY_INFO | WAY_SHAPE] = "VMCOREINFO and by the log's shape",
    };

    return words[l->ways];
}

/* VMCOREINFO was checked against the memory it describes, and so was what a CPU maps. */
static const char *confidence_of(const struct log_search *s, const struct log *l)
{
    if (s->ambiguous)
        return "low";
    return l->ways & WAY_INFO || l->live == MAPPED_YES ? "high" : "medium";
}

static const char *life_of(const struct log *l)
{
    static const char *const words[] = {
        [MAPPED_UNKNOWN] = "",
        [MAPPED_NO] = ", not in use by a virtual CPU",
        [MAPPED_YES] = ", in use by a virtual CPU",
    };

    return words[l->live];
}

static void note_log(const struct state *st, const struct image_source *from, const struct log *l)
{
    const struct log_summary *sum = &l->summary;

    note_add(from->notes, NOTE_IMAGE_LOG, from->index, 0,
             "%s: %llu records, found by %s%s (confidence %s)", st->image.kind,
             (unsigned long long)sum->n, ways_of(l), life_of(l), confidence_of(&st->found, l));
}

static void note_losses(const struct image_source *from, const struct log *l)
{
    uint64_t n = l->summary.dropped + l->summary.lost;

    if (n)
        note_add(from->notes, NOTE_DROPPED, from->index, 0,
                 "%llu %s of the ring %s damaged or overwritten", (unsigned long long)n,
                 n == 1 ? "record" : "records", n == 1 ? "was" : "were");
}

static void note_image(const struct state *st, const struct image_source *from)
{
    const struct log_list *logs = &st->found.logs;
    const struct image *m = &st->image;

    for (size_t i = logs->n; i > 0; i--) {
        if (i == logs->n)
            note_log(st, from, &logs->p[i - 1]);
        note_losses(from, &logs->p[i - 1]);
    }
    if (logs->n > 1)
        note_add(from->notes, NOTE_IMAGE_OTHER_LOG, from->index, 0,
                 "this memory holds %zu logs, since it survives a reset; lastwords boots lists "
                 "them",
                 logs->n);
    if (st->found.ambiguous)
        note_add(from->notes, NOTE_IMAGE_OTHER_LOG, from->index, 0,
                 "nothing in it tells which of them is the latest; the .vmss or .vmsn beside a "
                 ".vmem would");
    if (m->overlapping)
        note_add(from->notes, NOTE_INPUT_TORN, from->index, 0,
                 "%llu KiB of the guest's memory stand in two places of the file; the first was "
                 "read",
                 (unsigned long long)(m->overlapping >> KIB_SHIFT) + 1);
    if (st->found.full)
        note_add(from->notes, NOTE_IMAGE_OTHER_LOG, from->index, 0,
                 "more things look like a kernel's log than a memory holds: not all were looked "
                 "at");
    if (m->missing)
        note_add(from->notes, NOTE_INPUT_TORN, from->index, 0,
                 "%llu MiB of the guest's memory are missing from the file",
                 (unsigned long long)(m->missing >> MIB_SHIFT) + 1);
}

static bool search(struct state *st, unsigned ways, struct err *err)
{
    st->found =
            (struct log_search){ .image = &st->image, .ways = ways ? ways : WAY_INFO | WAY_SHAPE };
    st->found.text = arena_alloc(&st->arena, LIMIT_RECORD_BYTES + LOG_CALLER);
    if (!st->found.text)
        return fail(err, FAIL_LIMIT, "out of memory");
    return logs_find(&st->found, err);
}

/* Where the hole was guessed and nothing was found, it may have been elsewhere. */
static bool search_layouts(struct state *st, unsigned ways, struct err *err)
{
    static const uint64_t others[] = { UINT64_MAX, 0xe0000000, 0x80000000 };

    if (!search(st, ways, err))
        return false;
    for (size_t i = 0; st->image.guessed && i < sizeof others / sizeof others[0]; i++) {
        if (st->found.logs.n)
            break;
        st->image.segments.n = 0;
        raw_lay_out(&st->image, IMAGE_INPUT, 0, st->image.files[IMAGE_INPUT].size_bytes, others[i]);
        image_settle(&st->image);
        image_forget(&st->image);
        if (!search(st, ways, err))
            return false;
    }
    return true;
}

static bool open_with(container_open open, struct state *st, const struct image_source *from,
                      struct err *err)
{
    const struct input *companion = input_companion(from->in);
    struct stored in, beside;
    bool has_beside = companion && input_stored(companion, &beside);

    arena_init(&st->arena, LIMIT_IMAGE_ARENA_BYTES);
    if (!input_stored(from->in, &in) || !image_init(&st->image, &in, &st->arena, err))
        return false;
    if (in.size_bytes == 0)
        return true;
    if (!open(&st->image, has_beside ? &beside : NULL, err) || !search_layouts(st, from->ways, err))
        return false;
    if (st->found.logs.n == 0 && !st->image.live.read && image_looks_encrypted(&st->image))
        return fail(err, FAIL_SUPPORT,
                    "this memory is encrypted: the VM is. Remove its encryption (Workstation: "
                    "Access Control; vSphere: the storage policy) and suspend it again, or read "
                    "the running guest (gdb://)");
    if (st->found.logs.n == 0)
        return fail(err, FAIL_FORMAT,
                    "no kernel log of Linux in this memory (%llu MiB, of which "
                    "%llu were not empty)",
                    (unsigned long long)(image_size(&st->image) >> MIB_SHIFT),
                    (unsigned long long)(st->found.scanned >> MIB_SHIFT));
    note_image(st, from);
    return true;
}

/* Behind the last record of the best log stands what the memory was like when it was taken. */
static unsigned flags_at(const struct state *st)
{
    if (st->at + 1 < st->found.logs.n || st->n < st->found.logs.p[st->at].summary.n)
        return 0;
    return st->image.live.read ? RECORD_READ_HERE : RECORD_SAVED_HERE;
}

static enum step next_image(void *state, struct record *out, struct err *err)
{
    struct state *st = state;

    (void)err;
    for (; st->at < st->found.logs.n; st->at++, st->n = 0) {
        if (!log_next(&st->found.logs.p[st->at], out, st->found.text))
            continue;
        st->n++;
        out->line = ++st->line;
        out->flags |= flags_at(st);
        out->offset = image_offset(&st->image, out->offset);
        return STEP_RECORD;
    }
    return STEP_END;
}

static void close_image(void *state)
{
    struct state *st = state;

    image_done(&st->image);
    arena_done(&st->arena);
}

static bool open_vmss(void *state, const struct image_source *from, struct err *err)
{
    return open_with(vmss_open, state, from, err);
}

static bool open_lime(void *state, const struct image_source *from, struct err *err)
{
    return open_with(lime_open, state, from, err);
}

static bool open_elf(void *state, const struct image_source *from, struct err *err)
{
    return open_with(elf_open, state, from, err);
}

static bool open_raw(void *state, const struct image_source *from, struct err *err)
{
    return open_with(raw_open, state, from, err);
}

/* It was read before, and memory is the guest's: a second pass may follow. */
static bool open_guest(void *state, const struct image_source *from, struct err *err)
{
    struct guest *guest = input_guest(from->in);
    const struct log_search *found;
    struct state *st = state;

    if (!guest)
        return fail(err, FAIL_USAGE, "a running guest is named gdb://host:port or gdb+unix:/path");
    if (!guest_logs(guest, &found, err))
        return false;
    st->found = *found;
    st->image = *found->image;
    note_image(st, from);
    return true;
}

static void close_guest(void *state)
{
    (void)state;
}

static unsigned bid_for(struct str bytes, const struct str *magics, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(bytes, magics[i]))
            return PROBE_MAGIC;
    return 0;
}

/* Does the name end so, packed or not? */
static bool is_named(struct str name, const struct str *suffixes, size_t n)
{
    static const struct str packed[] = {
        { STR_INIT("") },    { STR_INIT(".gz") },  { STR_INIT(".zst") },
        { STR_INIT(".xz") }, { STR_INIT(".bz2") },
    };

    for (size_t i = 0; i < sizeof packed / sizeof packed[0]; i++) {
        struct str bare = name;

        if (!str_ends(bare, packed[i]))
            continue;
        bare.n -= packed[i].n;
        for (size_t k = 0; k < n; k++)
            if (bare.n > suffixes[k].n &&
                str_eq_nocase(str_from_at(bare, bare.n - suffixes[k].n), suffixes[k]))
                return true;
    }
    return false;
}

/* The magics of vmss.c, as bytes. Source: volatility3 framework/layers/vmware.py. */
static unsigned probe_vmss(const struct head *head)
{
    static const struct str magics[] = {
        { STR_INIT("\xd2\xbe\xd2\xbe") }, { STR_INIT("\xd3\xbe\xd3\xbe") },
        { STR_INIT("\xd1\xba\xd1\xba") }, { STR_INIT("\xd2\xba\xd2\xba") },
        { STR_INIT("\xd0\xbe\xd0\xbe") }, { STR_INIT("\xd0\xbe\xd2\xbe") },
    };

    static const struct str suffixes[] = { { STR_INIT(".vmss") }, { STR_INIT(".vmsn") } };

    /* By its name alone: that of an encrypted VM, which vmss_open() tells. */
    if (head->has_nul && is_named(head->name, suffixes, sizeof suffixes / sizeof suffixes[0]))
        return PROBE_MAGIC;
    return bid_for(head->bytes, magics, sizeof magics / sizeof magics[0]);
}

static unsigned probe_lime(const struct head *head)
{
    static const struct str magic = { STR_INIT("EMiL\x01\0\0\0") };

    return bid_for(head->bytes, &magic, 1);
}

/* elf(5): e_type in the byte order that e_ident tells. */
static unsigned probe_elf_core(const struct head *head)
{
    const char *p = head->bytes.p;
    size_t low;

    if (!str_starts(head->bytes, STR("\177ELF")))
        return 0;
    if (head->bytes.n < ELF_TYPE_AT + 2) /* torn, and no other format's */
        return PROBE_MAGIC;
    low = p[ELF_DATA_AT] == ELF_BIG_ENDIAN ? ELF_TYPE_AT + 1 : ELF_TYPE_AT;
    return p[low] == ELF_TYPE_CORE && p[low ^ 1] == 0 ? PROBE_MAGIC : 0;
}

/* The guest's physical memory as it is: nothing but the name tells. */
static unsigned probe_vmem(const struct head *head)
{
    static const struct str suffixes[] = { { STR_INIT(".vmem") }, { STR_INIT(".guest") } };

    return head->bytes.n && is_named(head->name, suffixes, sizeof suffixes / sizeof suffixes[0])
                   ? PROBE_MAGIC
                   : 0;
}

/* Nothing but the name tells. */
static unsigned probe_guest(const struct head *head)
{
    return head->bytes.n == 0 && gdb_socket_is_name(head->name) ? PROBE_MAGIC : 0;
}

#define IMAGE_READER                                                                               \
    .next_image = next_image, .close_image = close_image, .state_bytes = sizeof(struct state)

const struct parser parser_vmss = {
    .name = "vmss",
    .title = "a suspended VM or snapshot of VMware (.vmss, .vmsn)",
    .probe = probe_vmss,
    .open_image = open_vmss,
    IMAGE_READER,
};

const struct parser parser_lime = {
    .name = "lime",
    .title = "a memory image of LiME",
    .probe = probe_lime,
    .open_image = open_lime,
    IMAGE_READER,
};

const struct parser parser_elf_core = {
    .name = "elf-core",
    .title = "a memory image as ELF core (kdump, QEMU, virsh dump)",
    .probe = probe_elf_core,
    .open_image = open_elf,
    IMAGE_READER,
};

const struct parser parser_vmem = {
    .name = "vmem",
    .title = "the memory of a VMware VM (.vmem, .guest)",
    .probe = probe_vmem,
    .open_image = open_raw,
    IMAGE_READER,
};

const struct parser parser_guest = {
    .name = "guest",
    .title = "a running guest behind a debug stub (gdb://host:port, gdb+unix:/path)",
    .probe = probe_guest,
    .open_image = open_guest,
    .next_image = next_image,
    .close_image = close_guest,
    .state_bytes = sizeof(struct state),
};
