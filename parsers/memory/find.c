/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an image to its logs; see log.h. Two ways lead to a log. VMCOREINFO names the symbols and
 * offsets (by_info.c). Without one (kernels built without CRASH_CORE) the struct's
 * shape is enough: its arrays lie where descriptors carry the ids that it counts to, at an address
 * with the same low 21 bits, since kernels move by 2 MiB at least.
 *
 * Memory survives a reset, so an image may hold the logs of several boots. The one that a virtual
 * CPU maps is the running one; else the later clock decides, then the longer log.
 */
#include "parsers/memory/log.h"

#include "analyzer/core/limits.h"
#include "parsers/memory/chains.h"
#include "parsers/memory/scan.h"
#include "parsers/memory/vmcoreinfo.h"

#include <stdlib.h>
#include <string.h>

enum { BASES_MAX = 64, CHECK_COST = 256 };

/* Kernels move by 2 MiB, the direct map by 1 GiB. */
#define MOVE_MASK 0x1fffffu

/* printk_rb_static and printk_rb_dynamic lie side by side; another boot's are 2 MiB away. */
#define SAME_IMAGE_BYTES ((uint64_t)1 << 20)

struct finding {
    struct log_search *s;
    struct image *m;
    struct scan scan;
    uint64_t work;
    struct texts {
        VEC(uint64_t); /* hashes of VMCOREINFO texts that were tried */
    } tried;
};

static struct log *add_log(struct finding *f)
{
    struct log *slot = f->s->logs.n < LIMIT_IMAGE_LOGS ? vec_push(f->m->arena, &f->s->logs) : NULL;

    f->s->full |= !slot;
    return slot;
}

static void try_info(struct finding *f, struct str bytes)
{
    struct str info = vmcoreinfo_text(bytes);
    uint64_t hash = str_hash(info), *slot;
    struct log log, *to;

    if (!vmcoreinfo_is_plausible(info) || f->tried.n >= LIMIT_VMCOREINFO_TEXTS)
        return;
    for (size_t i = 0; i < f->tried.n; i++)
        if (f->tried.p[i] == hash)
            return;
    slot = vec_push(f->m->arena, &f->tried);
    if (slot)
        *slot = hash;
    if (log_by_info(f->m, info, &log) && (to = add_log(f)))
        *to = log;
}

static void find_by_info(struct finding *f)
{
    char *text = arena_alloc(f->m->arena, LIMIT_VMCOREINFO_BYTES);

    if (f->m->vmcoreinfo.n)
        try_info(f, f->m->vmcoreinfo);
    for (size_t i = 0; text && i < f->scan.infos.n; i++) {
        uint64_t place = f->scan.infos.p[i], n = image_room(f->m, place);

        if (n > LIMIT_VMCOREINFO_BYTES)
            n = LIMIT_VMCOREINFO_BYTES;
        if (image_read(f->m, place, text, (size_t)n))
            try_info(f, (struct str){ .p = text, .n = (size_t)n });
    }
}

/* Where the array of descriptors may begin, the likeliest first. */
struct bases {
    uint64_t p[BASES_MAX];
    size_t n;
};

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static void add_base(struct bases *bases, uint64_t base, uint64_t near)
{
    size_t at = bases->n;

    for (size_t i = 0; i < bases->n; i++)
        if (bases->p[i] == base)
            return;
    if (bases->n == BASES_MAX)
        at--;
    else
        bases->n++;
    for (; at && distance(bases->p[at - 1], near) > distance(base, near); at--)
        bases->p[at] = bases->p[at - 1];
    bases->p[at] = base;
}

static void find_bases(struct finding *f, const struct ring *r, uint64_t place, struct bases *out)
{
    uint64_t mask = ((uint64_t)1 << r->count_bits) - 1;

    for (size_t i = 0; i < f->scan.runs.n; i++) {
        const struct desc_run *run = &f->scan.runs.p[i];
        uint64_t base = run->place - (run->id & mask) * r->layout.desc_bytes;

        if (((base ^ r->descs) & MOVE_MASK) == 0)
            add_base(out, base, place);
    }
}

/* The ring with its arrays at `base`; the size of printk_info is tried. */
static bool try_base(struct finding *f, const unsigned char *bytes, uint64_t text_ring,
                     uint64_t base, struct ring *out)
{
    /* 112: with PRINTK_EXECUTION_CTX; the others were never seen. */
    static const uint64_t info_bytes[] = { 88, 112, 104, 96 };
    struct ring_layout layout = ring_layout_default();
    struct space space = space_shifted(f->m, base - le64(bytes + layout.descs));

    layout.text_ring = text_ring;
    for (size_t i = 0; i < sizeof info_bytes / sizeof info_bytes[0]; i++) {
        layout.info_bytes = info_bytes[i];
        if (f->work < CHECK_COST || !ring_read(out, bytes, &layout, &space))
            return false;
        f->work -= CHECK_COST;
        if (ring_is_sound(out))
            return true;
    }
    return false;
}

/* The arrays move together only when all are part of the kernel's image, or none is. */
static bool moves_together(const struct ring *r)
{
    bool image = r->descs >= X86_KERNEL_MAP;

    return (r->infos >= X86_KERNEL_MAP) == image && (r->data >= X86_KERNEL_MAP) == image;
}

static bool ring_by_shape(struct finding *f, const struct ring_hit *hit, struct log *out)
{
    struct ring_layout layout = ring_layout_default();
    struct space nowhere = space_shifted(f->m, 0);
    unsigned char bytes[RING_BYTES] = { 0 };
    struct bases bases = { .n = 0 };
    uint64_t mapped, room = image_room(f->m, hit->place);
    struct ring shape;

    layout.text_ring = hit->text_ring;
    if (!image_read(f->m, hit->place, bytes, room < RING_BYTES ? (size_t)room : RING_BYTES) ||
        !ring_read(&shape, bytes, &layout, &nowhere) || !moves_together(&shape))
        return false;
    out->format = LOG_RING;
    out->place = hit->place;
    if (image_translate(f->m, shape.descs, &mapped) &&
        try_base(f, bytes, hit->text_ring, mapped, &out->u.ring)) {
        out->live = f->m->is_virtual ? MAPPED_UNKNOWN : MAPPED_YES;
        return true;
    }
    out->live = f->m->cr3.n ? MAPPED_NO : MAPPED_UNKNOWN;
    find_bases(f, &shape, hit->place, &bases);
    for (size_t i = 0; i < bases.n; i++)
        if (try_base(f, bytes, hit->text_ring, bases.p[i], &out->u.ring))
            return true;
    return false;
}

static struct log *known(struct finding *f, uint64_t place)
{
    for (size_t i = 0; i < f->s->logs.n; i++)
        if (f->s->logs.p[i].place == place && f->s->logs.p[i].format == LOG_RING)
            return &f->s->logs.p[i];
    return NULL;
}

/* A copy of a struct, such as a forged one, leads to the same arrays. */
static bool is_copy(const struct finding *f, const struct log *log)
{
    for (size_t i = 0; i < f->s->logs.n; i++) {
        const struct ring *a = &f->s->logs.p[i].u.ring, *b = &log->u.ring;
        uint64_t place_a, place_b;

        if (f->s->logs.p[i].format == LOG_RING && space_place(&a->space, a->descs, &place_a) &&
            space_place(&b->space, b->descs, &place_b) && place_a == place_b)
            return true;
    }
    return false;
}

static void find_by_shape(struct finding *f)
{
    for (size_t i = 0; i < f->scan.rings.n; i++) {
        const struct ring_hit *hit = &f->scan.rings.p[i];
        struct log log = { .ways = WAY_SHAPE }, *same = known(f, hit->place), *to;

        if (same)
            same->ways |= WAY_SHAPE;
        else if (ring_by_shape(f, hit, &log) && !is_copy(f, &log) && (to = add_log(f)))
            *to = log;
    }
}

static void find_chains(struct finding *f, struct err *err)
{
    struct log log = { .ways = WAY_SHAPE, .format = LOG_RECORDS }, *to;

    if (chains_find(f->m, f->m->arena, &log.u.records, err) && (to = add_log(f))) {
        log.place = log.u.records.pieces[0].from;
        *to = log;
    }
}

static bool same_boot(const struct log *a, const struct log *b)
{
    return a->format == LOG_RING && b->format == LOG_RING &&
           distance(a->place, b->place) < SAME_IMAGE_BYTES;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* The better log sorts last. */
static int compare(const void *pa, const void *pb)
{
    static const uint64_t rank[] = { [MAPPED_NO] = 0, [MAPPED_UNKNOWN] = 1, [MAPPED_YES] = 2 };
    const struct log *a = pa, *b = pb;
    int by = 0;

    if (same_boot(a, b))
        return compare_numbers(a->summary.last_ns, b->summary.last_ns);
    by = compare_numbers(rank[a->live], rank[b->live]);
    if (by == 0 && a->summary.wall_us != b->summary.wall_us)
        by = a->summary.wall_us < b->summary.wall_us ? -1 : 1;
    if (by == 0)
        by = compare_numbers(a->summary.n, b->summary.n);
    return by ? by : compare_numbers(a->place, b->place);
}

/* The static ring holds the beginning of what a dynamic one repeats. */
static void cut_copies(struct log_list *logs)
{
    for (size_t i = 0; i + 1 < logs->n; i++)
        for (size_t k = i + 1; k < logs->n; k++)
            if (same_boot(&logs->p[i], &logs->p[k]) && !logs->p[i].until_seq)
                logs->p[i].until_seq = logs->p[k].summary.first_seq;
}

static void drop_empty(struct log_list *logs)
{
    size_t n = 0;

    for (size_t i = 0; i < logs->n; i++) {
        struct log *l = &logs->p[i];
        bool repeated = false;

        for (size_t k = i + 1; k < logs->n; k++)
            repeated |= same_boot(l, &logs->p[k]) &&
                        l->summary.first_seq >= logs->p[k].summary.first_seq;
        if (l->summary.n && !repeated)
            logs->p[n++] = *l;
    }
    logs->n = n;
}

/* Two boots that nothing puts in order. */
static bool is_ambiguous(const struct log_list *logs)
{
    const struct log *best, *next;

    if (logs->n < 2)
        return false;
    best = &logs->p[logs->n - 1];
    next = &logs->p[logs->n - 2];
    return !same_boot(best, next) && best->live == next->live &&
           (best->summary.wall_us == next->summary.wall_us ||
            next->summary.wall_us == TIME_UNKNOWN);
}

static void choose(struct finding *f)
{
    struct log_list *logs = &f->s->logs;
    uint64_t work = LIMIT_IMAGE_WORK;

    for (size_t i = 0; i < logs->n; i++) {
        struct log *l = &logs->p[i];

        log_look(l, f->m->arena, f->s->text, &work);
        if (l->format == LOG_RECORDS && !l->u.records.joins)
            l->u.records.joins = release_is_before(l->summary.release, 4, 10);
    }
    if (logs->n)
        qsort(logs->p, logs->n, sizeof *logs->p, compare);
    drop_empty(logs);
    cut_copies(logs);
    f->s->ambiguous = is_ambiguous(logs);
}

bool logs_find(struct log_search *s, struct err *err)
{
    struct finding f = { .s = s, .m = s->image, .work = LIMIT_IMAGE_WORK };

    f.scan.arena = s->image->arena;
    if (!scan_image(&f.scan, s->image, err))
        return false;
    s->scanned = f.scan.bytes;
    s->full |= f.scan.full;
    if (s->ways & WAY_INFO)
        find_by_info(&f);
    if (s->ways & WAY_SHAPE)
        find_by_shape(&f);
    if (s->logs.n == 0 && s->ways & WAY_SHAPE && !s->rings_only)
        find_chains(&f, err);
    choose(&f);
    return true;
}
