/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a debug stub to the kernel's log; see guest.h.
 *
 * Without symbols the kernel is found by asking for memory at every 2 MiB where an x86-64 kernel
 * can begin (KASLR moves it within 1 GiB, by 2 MiB), and its ring by shape, like in an image. The
 * stub sees memory as the chosen virtual CPU does: with page-table isolation a CPU in user mode
 * shows next to nothing of the kernel, so one after the other is asked.
 *
 * Where all of them are, QEMU's stub shows physical memory instead: slow, for the kernel may be
 * anywhere in it, and found like in a raw image.
 *
 * Pages of the log are kept: choosing between logs reads all of them once.
 */
#include "parsers/memory/guest.h"

#include "analyzer/core/limits.h"
#include "parsers/memory/gdb_socket.h"
#include "parsers/memory/scan.h"

#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 32768, /* twice the pages that LIMIT_LIVE_ARENA_BYTES holds */
    HASH_SHIFT = 64 - 15,
    PROBES_PER_STEP = 2,
};

#define KERNEL_STEP ((uint64_t)2 << 20)
#define KERNEL_END 0xffffffffc0000000u
#define HASH_FACTOR 0x9e3779b97f4a7c15u /* 2^64 / the golden ratio */

struct page {
    uint64_t address;
    unsigned char *bytes;
};

struct guest {
    struct gdb_socket socket;
    struct gdb gdb;
    bool physical;         /* the stub shows physical memory, until it is told otherwise */
    bool attached, broken; /* broken: err says why, nothing more is asked */
    struct err err;
    struct arena arena;
    struct image image;
    struct log_search found;
    struct page *pages; /* SLOTS */
};

/* How much of [address, address + n) the stub shows, from its beginning. */
static size_t ask_memory(struct guest *g, uint64_t address, unsigned char *buf, size_t n)
{
    size_t done = 0;

    while (done < n && g->attached && !g->broken) {
        size_t part = g->gdb.chunk - (address + done) % g->gdb.chunk;
        enum gdb_got got;

        if (part > n - done)
            part = n - done;
        got = gdb_read(&g->gdb, address + done, buf + done, part, &g->err);
        g->broken |= got == GDB_FAILED;
        if (got != GDB_GOT)
            break;
        done += part;
    }
    return done;
}

static size_t pass_memory(void *ctx, uint64_t address, void *buf, size_t n)
{
    return ask_memory(ctx, address, buf, n);
}

/* The kept page, asked for when it is not there yet; NULL: it cannot be had. */
static const unsigned char *page_at(struct guest *g, uint64_t address)
{
    size_t at = (size_t)(address * HASH_FACTOR >> HASH_SHIFT);
    unsigned char *bytes;

    for (size_t i = 0; i < SLOTS; i++, at = (at + 1) % SLOTS) {
        struct page *slot = &g->pages[at];

        if (slot->bytes && slot->address == address)
            return slot->bytes;
        if (slot->bytes)
            continue;
        bytes = g->attached && !g->broken ? arena_alloc(&g->arena, IMAGE_PAGE) : NULL;
        if (!bytes || ask_memory(g, address, bytes, IMAGE_PAGE) != IMAGE_PAGE)
            return NULL;
        *slot = (struct page){ address, bytes };
        return bytes;
    }
    return NULL;
}

static size_t read_memory(void *ctx, uint64_t address, void *buf, size_t n)
{
    size_t done = 0;

    while (done < n) {
        uint64_t in_page = (address + done) % IMAGE_PAGE;
        size_t part = (size_t)(IMAGE_PAGE - in_page);
        const unsigned char *page = page_at(ctx, address + done - in_page);

        if (!page)
            break;
        if (part > n - done)
            part = n - done;
        memcpy((unsigned char *)buf + done, page + in_page, part);
        done += part;
    }
    return done;
}

static void look_at(struct guest *g, uint64_t from, uint64_t size)
{
    struct segments *list = &g->image.segments;
    struct segment *last = list->n ? &list->p[list->n - 1] : NULL, *slot;

    if (last && last->start + last->size == from) {
        last->size += size;
        return;
    }
    slot = vec_push(&g->arena, list);
    if (slot)
        *slot = (struct segment){ .start = from, .size = size };
}

/* The kernel's image as far as the chosen CPU shows it; the address that it begins at, or 0. */
static uint64_t look_at_kernel(struct guest *g)
{
    uint64_t begin = 0, left = LIMIT_LIVE_SCAN_BYTES;
    unsigned char word[8];

    g->image.segments.n = 0;
    for (uint64_t at = X86_KERNEL_MAP; at < KERNEL_END && left && !g->broken; at += KERNEL_STEP) {
        bool shown = false;

        for (unsigned i = 0; i < PROBES_PER_STEP && !shown; i++)
            shown = ask_memory(g, at + i * (KERNEL_STEP / PROBES_PER_STEP), word, sizeof word) ==
                    sizeof word;
        if (!shown)
            continue;
        look_at(g, at, KERNEL_STEP);
        left -= KERNEL_STEP;
        begin = begin ? begin : at;
    }
    return begin;
}

static bool ask_word(struct guest *g, uint64_t address, uint64_t *value, size_t bytes)
{
    unsigned char word[8] = { 0 };

    if (ask_memory(g, address, word, bytes) != bytes)
        return false;
    *value = le64(word);
    return true;
}

/* Only what the symbols name; `moved`: how far KASLR moved the kernel that they are of. */
static bool look_at_symbols(struct guest *g, const struct kallsyms *k, uint64_t moved)
{
    uint64_t log, size;

    g->image.segments.n = 0;
    if (k->prb && ask_word(g, k->prb + moved, &log, 8) && log >= X86_KERNEL_MAP)
        look_at(g, log & ~(uint64_t)7, RING_BYTES);
    else if (k->log_buf && k->log_buf_len && ask_word(g, k->log_buf + moved, &log, 8) &&
             ask_word(g, k->log_buf_len + moved, &size, 4) && size <= LIMIT_LIVE_SCAN_BYTES)
        look_at(g, log & ~(uint64_t)7, size);
    return g->image.segments.n > 0;
}

static bool find_logs(struct guest *g, bool rings_only)
{
    g->found = (struct log_search){
        .image = &g->image, .ways = WAY_SHAPE, .rings_only = rings_only, .text = g->found.text
    };
    if (!g->broken && !logs_find(&g->found, &g->err))
        g->broken = true;
    /* The stub reads through the page tables of a CPU. */
    for (size_t i = 0; i < g->found.logs.n; i++)
        g->found.logs.p[i].live = MAPPED_YES;
    return g->found.logs.n > 0 && !g->broken;
}

/*
 * From the end of the kernel's image down: code comes first in it, and data before what a ring made
 * at boot lies in, which makes that in data a copy. So the first ring that shows is the one.
 */
static bool find_ring(struct guest *g)
{
    struct segments all = g->image.segments;
    bool found = false;

    for (size_t i = all.n; i > 0 && !found; i--) {
        uint64_t left = all.p[i - 1].size;

        for (; left && !found && !g->broken; left -= KERNEL_STEP) {
            struct segment one = { .start = all.p[i - 1].start + left - KERNEL_STEP,
                                   .size = KERNEL_STEP + SCAN_OVERLAP };

            g->image.segments = (struct segments){ .p = &one, .n = 1, .cap = 1 };
            found = find_logs(g, true);
        }
    }
    g->image.segments = all;
    return found;
}

/* As the chosen CPU sees memory. */
static bool find_as_seen(struct guest *g, const struct kallsyms *symbols)
{
    uint64_t begin;

    if (symbols && look_at_symbols(g, symbols, 0) && find_logs(g, false))
        return true;
    begin = look_at_kernel(g);
    if (begin == 0 || g->broken)
        return false;
    if (symbols && symbols->text && look_at_symbols(g, symbols, begin - symbols->text) &&
        find_logs(g, false))
        return true;
    look_at_kernel(g);
    return find_ring(g) || find_logs(g, false);
}

static bool ask_mode(struct guest *g, struct str request)
{
    struct str reply;

    if (gdb_ask(&g->gdb, request, &reply, &g->err))
        return str_eq(reply, STR("OK"));
    g->broken = true;
    return false;
}

/* A kernel lies in one piece of 64 MiB at most, so windows overlap by that. */
static bool find_in_windows(struct guest *g)
{
    const uint64_t window = (uint64_t)256 << 20, overlap = (uint64_t)64 << 20;
    unsigned char word[8];
    bool found = false;

    for (uint64_t at = 0; at < LIMIT_LIVE_PHYSICAL_BYTES && !found && !g->broken; at += window) {
        if (ask_memory(g, at, word, sizeof word) != sizeof word)
            continue;
        g->image.segments.n = 0;
        look_at(g, at, window + overlap);
        found = find_logs(g, true);
    }
    return found;
}

/* Physical memory, as QEMU shows it when asked to (its gdbstub.rst); no other stub does. */
static bool find_physical(struct guest *g)
{
    bool found;

    if (!ask_mode(g, STR("Qqemu.PhyMemMode:1")))
        return false;
    g->physical = true;
    memset(g->pages, 0, SLOTS * sizeof *g->pages);
    g->image.is_virtual = false;
    found = find_in_windows(g);
    for (size_t i = 0; i < g->found.logs.n; i++)
        g->found.logs.p[i].live = MAPPED_UNKNOWN;
    return found;
}

/* As one CPU after the other sees it. */
static bool find(struct guest *g, const struct kallsyms *symbols)
{
    struct gdb_thread threads[LIMIT_LIVE_THREADS];
    bool chosen, shown = false;
    size_t n;

    if (!gdb_threads(&g->gdb, threads, LIMIT_LIVE_THREADS, &n, &g->err))
        return false;
    for (size_t i = 0; i < n || i == 0; i++) {
        if (n && !gdb_choose(&g->gdb, &threads[i], &chosen, &g->err))
            return false;
        if (find_as_seen(g, symbols))
            return true;
        if (g->broken)
            return false;
        shown = shown || g->image.segments.n > 0;
    }
    if (find_physical(g))
        return true;
    if (g->broken)
        return false;
    return shown ? fail(&g->err, FAIL_FORMAT,
                        "no kernel log of Linux in what the debug stub shows (%llu MiB); a virtual "
                        "CPU in user mode hides it: try again",
                        (unsigned long long)(g->gdb.memory_bytes >> 20))
                 : fail(&g->err, FAIL_FORMAT,
                        "no virtual CPU shows a kernel's memory: no x86-64 Linux runs there, or "
                        "all of them are in user mode just now: try again");
}

void guest_let_go(struct guest *g)
{
    struct str reply;
    struct err err;

    if (!g->attached)
        return;
    gdb_socket_last(&g->socket, LIMIT_LIVE_DETACH_MS);
    if (g->physical) /* the next debugger wants what the CPUs see */
        gdb_ask(&g->gdb, STR("Qqemu.PhyMemMode:0"), &reply, &err);
    if (!gdb_detach(&g->gdb, &err) && g->err.code == FAIL_NONE) {
        g->err = err;
        fail_wrap(&g->err, "the guest may still stand still");
    }
    g->attached = false;
    gdb_socket_close(&g->socket);
}

void guest_fetch(struct guest *g, const struct kallsyms *symbols)
{
    if (g->attached && gdb_greet(&g->gdb, &g->err))
        find(g, symbols);
    guest_let_go(g);
}

struct guest *guest_new(const struct gdb_wire *wire)
{
    struct guest *g = calloc(1, sizeof *g);

    if (!g)
        return NULL;
    arena_init(&g->arena, LIMIT_LIVE_ARENA_BYTES);
    g->image = (struct image){
        .arena = &g->arena,
        .kind = "running guest",
        .is_virtual = true,
        .live = { .read = read_memory, .pass = pass_memory, .ctx = g },
    };
    g->socket.fd = g->socket.signals = -1;
    g->pages = arena_new(&g->arena, struct page, SLOTS);
    g->found.text = arena_alloc(&g->arena, LIMIT_RECORD_BYTES + LOG_CALLER);
    if (!g->pages || !g->found.text) {
        guest_close(g);
        return NULL;
    }
    g->attached = true;
    gdb_init(&g->gdb, wire);
    return g;
}

struct guest *guest_open(struct str name, struct err *err)
{
    struct gdb_socket socket = { .fd = -1, .signals = -1 };
    struct gdb_wire wire = gdb_socket_wire(&socket);
    struct guest *g = guest_new(&wire);

    if (!g) {
        fail(err, FAIL_LIMIT, "out of memory");
        return NULL;
    }
    g->gdb.wire = gdb_socket_wire(&g->socket);
    g->attached = gdb_socket_open(&g->socket, name, err);
    if (g->attached)
        return g;
    guest_close(g);
    return NULL;
}

bool guest_logs(struct guest *g, const struct log_search **out, struct err *err)
{
    if (g->found.logs.n == 0) {
        *err = g->err;
        return false;
    }
    for (size_t i = 0; i < g->found.logs.n; i++)
        log_rewind(&g->found.logs.p[i]);
    *out = &g->found;
    return true;
}

uint64_t guest_bytes(const struct guest *g)
{
    return g->gdb.memory_bytes;
}

void guest_close(struct guest *g)
{
    if (!g)
        return;
    guest_let_go(g);
    arena_done(&g->arena);
    free(g);
}
