/* SPDX-License-Identifier: Apache-2.0 */
/* Source lines from ELF files: what fits, what is of another build, and files that lie. */
#include "analyzer/evidence/symbolise.h"

#include <check.h>

#ifdef HAVE_LIBDW

#include "analyzer/evidence/crash_source.h"
#include "tests/unit/crash_rig.h"
#include "tests/unit/made_elf.h"

#include <fcntl.h>
#include <sys/mman.h>

enum { MAX_SIZE = 4096 };

/* The library loses some memory of its own over debug information that is broken. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libdw.so\n";
}

static struct made_elf elf;
static bool have_elf;

static void make_elf(void)
{
    have_elf = made_elf(&elf);
    if (!have_elf)
        printf("symbolise: no gcc that links a static program here; skipped\n");
}

static void remove_elf(void)
{
    made_elf_done(&elf);
}

static struct symbols *open_one(const char *path)
{
    struct symbols *s = symbols_new();
    struct err err;

    ck_assert(symbols_open(s, path, &err) || !have_elf);
    return s;
}

static enum symbol_answer match(struct symbols *s, const char *function, const char *module,
                                uint64_t size)
{
    struct symbol_spot spot = { .function = str_from(function),
                                .module = str_from(module),
                                .size = size };
    struct err err;
    uint64_t there;

    return symbols_match(s, 0, &spot, &there, &err);
}

/* The sizes that fit, in ascending order; as a kernel would print the largest of them. */
static uint64_t printed_size(struct symbols *s, const char *function, const char *module)
{
    uint64_t found = 0;

    for (uint64_t size = 1; size < MAX_SIZE; size++)
        if (match(s, function, module, size) == SYMBOL_FITS)
            found = size;
    ck_assert_uint_gt(found, 0);
    return found;
}

static struct source_places places(struct symbols *s, struct arena *a, struct symbol_spot spot)
{
    return symbols_places(s, 0, &spot, a);
}

static const struct {
    const char *name;
    bool kernel;
} files[] = { { "gear_box", false }, { "", true } };

START_TEST(lines_and_inlined_functions)
{
    struct symbols *s = open_one(files[_i].kernel ? elf.kernel : elf.module);
    struct symbol_spot spot = { .function = STR("gear_turn"), .module = str_from(files[_i].name) };
    size_t n_inlined = 0, n_plain = 0;
    struct arena a = { 0 };

    if (!have_elf)
        return;
    spot.size = printed_size(s, "gear_turn", files[_i].name);
    for (spot.offset = 0; spot.offset < spot.size; spot.offset++) {
        struct source_places p = places(s, &a, spot);

        if (p.n == 0)
            continue;
        ck_assert_uint_le(p.n, 2);
        ck_assert(str_eq(p.p[p.n - 1].function, STR("gear_turn")));
        ck_assert(str_eq(p.p[p.n - 1].file, STR("drivers/gear.c")));
        ck_assert_uint_ge(p.p[p.n - 1].line, GEAR_FIRST_LINE - 1);
        ck_assert_uint_le(p.p[p.n - 1].line, GEAR_LAST_LINE);
        n_plain += p.n == 1;
        n_inlined += p.n == 2;
        if (p.n == 1)
            continue;
        ck_assert(str_eq(p.p[0].function, STR("tooth")));
        ck_assert(str_eq(p.p[0].file, STR("drivers/gear.c")));
        ck_assert_uint_eq(p.p[1].line, GEAR_CALL_LINE);
        ck_assert_uint_le(p.p[0].line, GEAR_INLINED_LINE);
    }
    ck_assert_uint_gt(n_inlined, 0);
    ck_assert_uint_gt(n_plain, 0);
    symbols_free(s);
    arena_done(&a);
}
END_TEST

/* The address behind a call is that of the next line; the call is what a trace means. */
START_TEST(return_addresses_mean_the_call)
{
    struct symbols *s = open_one(elf.module);
    struct symbol_spot spot = { .function = STR("gear_turn"), .module = STR("gear_box") };
    struct arena a = { 0 };
    size_t differ = 0;

    if (!have_elf)
        return;
    spot.size = printed_size(s, "gear_turn", "gear_box");
    for (spot.offset = 1; spot.offset < spot.size; spot.offset++) {
        struct symbol_spot back = spot, before = spot;
        struct source_places there, here;

        back.is_return = true;
        before.offset--;
        there = places(s, &a, back);
        here = places(s, &a, before);
        ck_assert_uint_eq(there.n, here.n);
        if (there.n)
            ck_assert_uint_eq(there.p[0].line, here.p[0].line);
        here = places(s, &a, spot);
        differ += there.n && here.n && there.p[0].line != here.p[0].line;
    }
    ck_assert_uint_gt(differ, 0);
    symbols_free(s);
    arena_done(&a);
}
END_TEST

/* The size in the ELF file and the distance to the next symbol fit, nothing between or beyond. */
START_TEST(other_sizes_are_another_build)
{
    struct symbols *s = open_one(elf.module);
    size_t n = 0;

    if (!have_elf)
        return;
    for (uint64_t size = 1; size < MAX_SIZE; size++) {
        enum symbol_answer answer = match(s, "gear_turn", "gear_box", size);

        ck_assert(answer == SYMBOL_FITS || answer == SYMBOL_MISFITS);
        n += answer == SYMBOL_FITS;
    }
    ck_assert_uint_ge(n, 1);
    ck_assert_uint_le(n, 2);
    ck_assert_uint_eq(printed_size(s, "gear_turn", "gear_box") % 64, 0);
    ck_assert_int_eq(match(s, "gear_turn", "gear_box", 0), SYMBOL_ELSEWHERE);
    ck_assert_int_eq(match(s, "gear_turn", "", 64), SYMBOL_ELSEWHERE);
    ck_assert_int_eq(match(s, "gear_turn", "gear", 64), SYMBOL_ELSEWHERE);
    ck_assert_int_eq(match(s, "gear_turns", "gear_box", 64), SYMBOL_ELSEWHERE);
    symbols_free(s);
}
END_TEST

/* A crash in gear_box whose gear_turn has the size `turn`, its caller always a right one. */
static size_t crash_with(const char *path, uint64_t turn, uint64_t stop, struct notes *notes)
{
    char log[1024];
    int n = snprintf(log, sizeof log,
                     "[    1.000000] BUG: kernel NULL pointer dereference, address: 0010\n"
                     "[    1.000001] CPU: 3 PID: 471 Comm: worker Not tainted 6.1.10 #1\n"
                     "[    1.000002] RIP: 0010:gear_turn+0x1/0x%llx [gear_box]\n"
                     "[    1.000003] Call Trace:\n"
                     "[    1.000004]  gear_stop+0x8/0x%llx [gear_box]\n"
                     "[    1.000005]  worker_thread+0x45/0x3b0\n"
                     "[    1.000006] ---[ end trace 0000000000000000 ]---\n",
                     (unsigned long long)turn, (unsigned long long)stop);
    struct crash_rig rig = crash_rig((struct str){ log, (size_t)n }, NULL);
    struct crash_sources sources = { .symbols = open_one(path),
                                     .arena = notes->arena,
                                     .notes = notes };
    struct crash *crash;
    size_t found;

    crash_rig_run(&rig);
    ck_assert_uint_eq(rig.crashes.list.n, 1);
    crash = rig.crashes.list.p[0];
    crash_sources_fill(&sources, crash);
    ck_assert_uint_eq(crash->call_trace.p[crash->call_trace.n - 1].places.n, 0);
    found = crash->ip_places.n + crash->call_trace.p[0].places.n;
    symbols_free(sources.symbols);
    crash_rig_done(&rig);
    return found;
}

START_TEST(one_frame_that_misfits_condemns_the_file)
{
    struct arena a = { 0 };
    struct notes notes = { .arena = &a };
    struct symbols *s = open_one(elf.module);
    uint64_t turn, stop;

    if (!have_elf)
        return;
    turn = printed_size(s, "gear_turn", "gear_box");
    stop = printed_size(s, "gear_stop", "gear_box");
    symbols_free(s);
    ck_assert_uint_eq(crash_with(elf.module, turn, stop, &notes), 2);
    ck_assert_uint_eq(notes.n, 0);
    ck_assert_uint_eq(crash_with(elf.module, turn + 1, stop, &notes), 0);
    ck_assert_uint_eq(notes.n, 1);
    ck_assert_int_eq(notes.p[0].code, NOTE_SYMBOLS);
    ck_assert(str_find(notes.p[0].text, STR("another build")) != STR_NOT_FOUND);
    ck_assert(str_find(notes.p[0].text, STR("gear_turn")) != STR_NOT_FOUND);
    arena_done(&a);
}
END_TEST

/* --- bare addresses -----------------------------------------------------------------------------
 */

enum { LINKED_FROM = 0x400000, LINKED_TO = 0x410000, KASLR = 0x1e00000 };

/* The first address of a function as linked. */
static uint64_t address_of(struct symbols *s, struct str function)
{
    struct arena a = { 0 };
    uint64_t found = 0;

    for (uint64_t at = LINKED_FROM; at < LINKED_TO && !found; at++) {
        struct symbol_spot spot = { .is_return = false };

        if (symbols_at(s, 0, at, 0, &spot, &a) != SYMBOL_FITS || !str_eq(spot.function, function))
            continue;
        ck_assert_uint_eq(spot.offset, 0);
        ck_assert_uint_gt(spot.size, 0);
        found = at;
    }
    ck_assert_uint_gt(found, 0);
    arena_done(&a);
    return found;
}

/* Where the file's text begins by its own account. */
static uint64_t base_of(struct symbols *s, uint64_t address)
{
    struct arena a = { 0 };
    uint64_t base = LINKED_FROM;
    struct symbol_spot spot = { .is_return = false };

    while (base < LINKED_TO && symbols_at(s, 0, address, base, &spot, &a) != SYMBOL_FITS)
        base++;
    ck_assert_uint_lt(base, LINKED_TO);
    ck_assert_int_eq(symbols_at(s, 0, address, base + 64, &spot, &a), SYMBOL_MISFITS);
    arena_done(&a);
    return base;
}

/* A crash of a kernel without names at gear_turn + 2, called from behind gear_stop's first byte. */
static void bare_crash(struct crash_rig *rig, uint64_t base, struct notes *notes)
{
    struct symbols *s = open_one(elf.kernel);
    uint64_t turn = address_of(s, STR("gear_turn")), stop = address_of(s, STR("gear_stop"));
    struct crash_sources sources = { .symbols = s, .arena = notes->arena, .notes = notes };
    char log[1024];
    int n = snprintf(log, sizeof log,
                     "[    1.000000] BUG: kernel NULL pointer dereference, address: 0010\n"
                     "[    1.000001] CPU: 3 PID: 471 Comm: worker Not tainted 6.1.10 #1\n"
                     "[    1.000002] RIP: 0010:0x%llx\n"
                     "[    1.000003] Call Trace:\n"
                     "[    1.000004]  [<%llx>] ? 0x%llx\n"
                     "[    1.000005]  [<00000000000000aa>] 0xaa\n"
                     "[    1.000006]  worker_thread+0x45/0x3b0\n"
                     "[    1.000007]  [<%llx>]\n"
                     "[    1.000008] ---[ end trace 0000000000000000 ]---\n"
                     "[    1.000009] Kernel panic - not syncing: Fatal exception\n"
                     "[    1.000010] Kernel Offset: 0x%x from 0x%llx (relocation range: 0x0-0x1)\n",
                     (unsigned long long)turn + 2 + KASLR, (unsigned long long)stop + 1 + KASLR,
                     (unsigned long long)stop + 1 + KASLR, (unsigned long long)turn + 1 + KASLR,
                     (unsigned)KASLR, (unsigned long long)(base ? base : base_of(s, turn)));

    *rig = crash_rig((struct str){ log, (size_t)n }, NULL);
    crash_rig_run(rig);
    ck_assert_uint_eq(rig->crashes.list.n, 1);
    ck_assert_uint_eq(rig->crashes.place.offset, KASLR);
    ck_assert_uint_eq(rig->crashes.list.p[0]->call_trace.n, 2);
    ck_assert_uint_eq(rig->crashes.list.p[0]->bare.n, 2);
    sources.place = rig->crashes.place;
    crash_sources_fill(&sources, rig->crashes.list.p[0]);
    symbols_free(s);
}

START_TEST(bare_addresses_get_names_and_lines)
{
    struct arena a = { 0 };
    struct notes notes = { .arena = &a };
    const struct frames *trace;
    struct crash_rig rig;

    if (!have_elf)
        return;
    bare_crash(&rig, 0, &notes);
    trace = &rig.crashes.list.p[0]->call_trace;
    ck_assert_uint_eq(trace->n, 3);
    ck_assert(str_eq(trace->p[0].function, STR("gear_stop")) && trace->p[0].offset == 1);
    ck_assert(!trace->p[0].reliable && trace->p[2].reliable);
    ck_assert(str_eq(trace->p[1].function, STR("worker_thread")));
    ck_assert(str_eq(trace->p[2].function, STR("gear_turn")));
    ck_assert_uint_ge(trace->p[0].places.n, 1);
    ck_assert(str_eq(trace->p[0].places.p[0].file, STR("drivers/gear.c")));
    ck_assert(str_starts(rig.crashes.list.p[0]->ip, STR("gear_turn+0x2/0x")));
    ck_assert_uint_ge(rig.crashes.list.p[0]->ip_places.n, 1);
    ck_assert_uint_eq(notes.n, 1);
    ck_assert(str_find(notes.p[0].text, STR("nothing proves")) != STR_NOT_FOUND);
    crash_rig_done(&rig);
    arena_done(&a);
}
END_TEST

START_TEST(a_kernel_linked_elsewhere_names_nothing)
{
    struct arena a = { 0 };
    struct notes notes = { .arena = &a };
    struct crash_rig rig;

    if (!have_elf)
        return;
    bare_crash(&rig, 0x123000, &notes);
    ck_assert_uint_eq(rig.crashes.list.p[0]->call_trace.n, 2);
    ck_assert(str_starts(rig.crashes.list.p[0]->call_trace.p[0].function, STR("0x")));
    ck_assert(str_starts(rig.crashes.list.p[0]->ip, STR("0x")));
    ck_assert_uint_eq(rig.crashes.list.p[0]->ip_places.n, 0);
    crash_rig_done(&rig);
    arena_done(&a);
}
END_TEST

static const char no_elf[] = "not an ELF file";

START_TEST(files_that_cannot_tell_are_notes)
{
    struct arena a = { 0 };
    struct notes notes = { .arena = &a };
    char path[160];

    made_elf_write(elf.dir, "gear_box.ko", no_elf);
    snprintf(path, sizeof path, "%s/gear_box.ko", elf.dir);
    ck_assert_uint_eq(crash_with(path, 64, 64, &notes), 0);
    ck_assert_uint_eq(notes.n, 1);
    ck_assert(str_find(notes.p[0].text, str_from(no_elf)) != STR_NOT_FOUND);
    arena_done(&a);
}
END_TEST

START_TEST(a_file_without_lines_is_a_note)
{
    struct arena a = { 0 };
    struct notes notes = { .arena = &a };
    struct symbols *s = open_one(elf.module);
    uint64_t turn = have_elf ? printed_size(s, "gear_turn", "gear_box") : 0;
    uint64_t stop = have_elf ? printed_size(s, "gear_stop", "gear_box") : 0;
    char path[160];

    symbols_free(s);
    if (!have_elf)
        return;
    snprintf(path, sizeof path, "%s/gear_box.ko", elf.dir);
    ck_assert_int_eq(rename(elf.stripped, path), 0);
    ck_assert_uint_eq(crash_with(path, turn, stop, &notes), 0);
    ck_assert_uint_eq(notes.n, 1);
    ck_assert(str_find(notes.p[0].text, STR("no line numbers")) != STR_NOT_FOUND);
    arena_done(&a);
}
END_TEST

/* Asks everything of the bytes; nothing is promised of the answers. */
static void ask(const char *bytes, size_t n, const char *name)
{
    int fd = memfd_create("elf", MFD_CLOEXEC);
    struct symbols *s = symbols_new();
    struct arena a = { 0 };
    struct err err;

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
    ck_assert(symbols_add(s, str_from(name), fd, &err));
    for (uint64_t size = 1; size < 256; size++) {
        struct symbol_spot spot = { .function = STR("gear_turn"), .size = size };
        uint64_t there;

        if (symbols_match(s, 0, &spot, &there, &err) != SYMBOL_FITS)
            continue;
        for (spot.offset = 0; spot.offset < size; spot.offset += 3)
            symbols_places(s, 0, &spot, &a);
    }
    symbols_free(s);
    arena_done(&a);
}

static size_t slurp(const char *path, char *out, size_t size)
{
    FILE *f = fopen(path, "r");
    size_t n;

    ck_assert_ptr_nonnull(f);
    n = fread(out, 1, size, f);
    fclose(f);
    return n;
}

static char bytes[64 << 10], changed[64 << 10];

START_TEST(torn_files_harm_nobody)
{
    size_t n = have_elf ? slurp(elf.kernel, bytes, sizeof bytes) : 0;

    for (size_t i = 0; i < 120 && n; i++)
        ask(bytes, n * i / 120, "vmlinux");
}
END_TEST

START_TEST(flipped_bytes_harm_nobody)
{
    size_t n = have_elf ? slurp(elf.kernel, bytes, sizeof bytes) : 0;
    uint64_t seed = 0x9e3779b97f4a7c15;

    for (size_t i = 0; i < 300 && n; i++) {
        memcpy(changed, bytes, n);
        for (size_t k = 0; k < 1 + i % 8; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            changed[(seed >> 20) % n] = (char)(seed >> 56);
        }
        ask(changed, n, "vmlinux");
    }
}
END_TEST

#else

START_TEST(a_build_without_the_library_says_so)
{
    struct symbols *s = symbols_new();
    struct err err;

    ck_assert(!symbols_open(s, "/dev/null", &err));
    ck_assert_int_eq(err.code, FAIL_SUPPORT);
    ck_assert_uint_eq(symbols_count(s), 0);
    symbols_free(s);
}
END_TEST

#endif

START_TEST(a_missing_file_is_named)
{
    struct symbols *s = symbols_new();
    struct err err;

    ck_assert(!symbols_open(s, "/nonexistent/vmlinux", &err));
    ck_assert_int_eq(err.code, FAIL_IO);
    ck_assert_str_eq(err.file, "/nonexistent/vmlinux");
    symbols_free(s);
}
END_TEST

Suite *check_symbolise(void)
{
    Suite *s = suite_create("symbolise");
    TCase *t = tcase_create("symbolise");

    tcase_set_timeout(t, 60);
#ifdef HAVE_LIBDW
    tcase_add_unchecked_fixture(t, make_elf, remove_elf);
    tcase_add_loop_test(t, lines_and_inlined_functions, 0, 2);
    tcase_add_test(t, return_addresses_mean_the_call);
    tcase_add_test(t, other_sizes_are_another_build);
    tcase_add_test(t, one_frame_that_misfits_condemns_the_file);
    tcase_add_test(t, bare_addresses_get_names_and_lines);
    tcase_add_test(t, a_kernel_linked_elsewhere_names_nothing);
    tcase_add_test(t, files_that_cannot_tell_are_notes);
    tcase_add_test(t, a_file_without_lines_is_a_note);
    tcase_add_test(t, torn_files_harm_nobody);
    tcase_add_test(t, flipped_bytes_harm_nobody);
#else
    tcase_add_test(t, a_build_without_the_library_says_so);
#endif
    tcase_add_test(t, a_missing_file_is_named);
    suite_add_tcase(s, t);
    return s;
}
