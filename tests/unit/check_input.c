/* SPDX-License-Identifier: Apache-2.0 */
/* What a call names becomes inputs: directories, rotations, compression, archives, and bad files.
 */
#include "parsers/input.h"

#include "analyzer/core/limits.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#ifdef HAVE_LIBARCHIVE
#include <archive.h>
#include <archive_entry.h>
#endif

static const char dmesg[] = "[    0.000000] Linux version 6.1.9 (a@b) #1 SMP\n"
                            "[    0.100000] Command line: root=/dev/sda2 ro\n"
                            "[    0.200000] Memory: 1024K/2048K available\n";

struct fixture {
    char dir[64];
    struct arena arena;
    struct notes notes;
    struct inputs *inputs;
};

static void set_up(struct fixture *f)
{
    *f = (struct fixture){ .dir = "/tmp/lastwords-check-XXXXXX" };
    ck_assert_ptr_nonnull(mkdtemp(f->dir));
    f->notes.arena = &f->arena;
    f->inputs = inputs_new(&f->arena, &f->notes);
}

static void tear_down(struct fixture *f)
{
    char command[128];

    inputs_free(f->inputs);
    arena_done(&f->arena);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    ck_assert_int_eq(system(command), 0);
}

static struct str path_in(struct fixture *f, const char *name)
{
    return arena_printf(&f->arena, "%s/%s", f->dir, name);
}

static void put(struct fixture *f, const char *name, const void *bytes, size_t n)
{
    int fd = open(path_in(f, name).p, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
    close(fd);
}

static void put_text(struct fixture *f, const char *name, const char *text)
{
    put(f, name, text, strlen(text));
}

/* The next input's name without the directory, or "" at the end; its bytes in *bytes. */
static struct str next(struct fixture *f, struct str *bytes, struct err *err)
{
    struct input *in;
    struct str name;
    char *buf;
    size_t n = 0;
    ptrdiff_t got;

    *err = (struct err){ 0 };
    if (inputs_next(f->inputs, &in, err) != STEP_RECORD)
        return (struct str){ 0 };
    buf = arena_alloc(&f->arena, 1 << 20);
    while (n < 1 << 20 && (got = input_read(in, buf + n, (1 << 20) - n, err)) > 0)
        n += (size_t)got;
    *bytes = (struct str){ .p = buf, .n = n };
    name = in->name;
    input_close(in);
    return str_from_at(name, str_starts(name, str_from(f->dir)) ? strlen(f->dir) + 1 : 0);
}

static void expect(struct fixture *f, const char *name, const char *text)
{
    struct str bytes;
    struct err err;
    struct str got = next(f, &bytes, &err);

    ck_assert_msg(str_eq(got, str_from(name)), "expected %s, got %.*s", name, STR_ARG(got));
    ck_assert_int_eq(err.code, FAIL_NONE);
    ck_assert(str_eq(bytes, str_from(text)));
}

static void expect_end(struct fixture *f)
{
    struct str bytes;
    struct err err;

    ck_assert_uint_eq(next(f, &bytes, &err).n, 0);
}

static bool noted(const struct fixture *f, enum note_code code)
{
    for (size_t i = 0; i < f->notes.n; i++)
        if (f->notes.p[i].code == code)
            return true;
    return false;
}

static void put_gzip(struct fixture *f, const char *name, const void *bytes, size_t n, size_t keep)
{
    unsigned char packed[65536];
    z_stream z = { 0 };

    ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    z.avail_in = (unsigned)n;
    z.next_out = packed;
    z.avail_out = sizeof packed;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    put(f, name, packed, keep ? keep : z.total_out);
    deflateEnd(&z);
}

START_TEST(a_directory_is_read_in_case_order)
{
    struct fixture f;

    set_up(&f);
    put_text(&f, "vmware.log", "2024-01-03T00:00:00.000Z In(05) vmx Log for VMware\n");
    put_text(&f, "vmware-1.log", "2024-01-01T00:00:00.000Z In(05) vmx Log for VMware\n");
    put_text(&f, "vmware-0.log", "2024-01-02T00:00:00.000Z In(05) vmx Log for VMware\n");
    put_text(&f, "vm.vmx", "displayName = \"x\"\n");
    put_text(&f, "console.txt", dmesg);
    put_text(&f, "notes.txt", "buy milk\n");
    /* Reports of ours beside their log. */
    put_text(&f, "report.ndjson",
             "{\"type\":\"header\",\"schema\":\"lastwords/"
             "1\",\"case\":{\"name\":\"vmware.log\"}}\n");
    put_text(&f, "report.json",
             "{\n  \"schema\": \"lastwords/1\",\n  \"name\": \"vmware.log\"\n}\n");
    put(&f, "disk.vmdk", "KDMV\0\0\0\0", 8);
    inputs_add(f.inputs, str_from(f.dir));
    expect(&f, "vm.vmx", "displayName = \"x\"\n");
    expect(&f, "vmware-1.log", "2024-01-01T00:00:00.000Z In(05) vmx Log for VMware\n");
    expect(&f, "vmware-0.log", "2024-01-02T00:00:00.000Z In(05) vmx Log for VMware\n");
    expect(&f, "vmware.log", "2024-01-03T00:00:00.000Z In(05) vmx Log for VMware\n");
    expect(&f, "console.txt", dmesg);
    expect_end(&f);
    ck_assert_uint_eq(inputs_skipped(f.inputs), 4);
    ck_assert(noted(&f, NOTE_INPUT_SKIPPED));
    tear_down(&f);
}
END_TEST

START_TEST(inputs_know_what_was_named)
{
    struct fixture f;
    struct input *in;
    struct err err;

    set_up(&f);
    put_text(&f, "vmware.log", "2024-01-03T00:00:00.000Z In(05) vmx Log for VMware\n");
    inputs_add(f.inputs, path_in(&f, "vmware.log"));
    put_text(&f, "console.txt", dmesg);
    inputs_add(f.inputs, str_from(f.dir));
    ck_assert_int_eq(inputs_next(f.inputs, &in, &err), STEP_RECORD);
    ck_assert(str_eq(in->given, path_in(&f, "vmware.log")));
    input_close(in);
    ck_assert_int_eq(inputs_next(f.inputs, &in, &err), STEP_RECORD);
    ck_assert(str_eq(in->given, str_from(f.dir)));
    input_close(in);
    tear_down(&f);
}
END_TEST

START_TEST(esx_numbers_rotations_upward)
{
    struct fixture f;

    set_up(&f);
    put_text(&f, "vmware-9.log", "2024-01-01T00:00:00.000Z| vmx| I005: old\n");
    put_text(&f, "vmware-10.log", "2024-01-02T00:00:00.000Z| vmx| I005: new\n");
    put_text(&f, "vmware.log", "2024-01-03T00:00:00.000Z| vmx| I005: now\n");
    inputs_add(f.inputs, str_from(f.dir));
    expect(&f, "vmware-9.log", "2024-01-01T00:00:00.000Z| vmx| I005: old\n");
    expect(&f, "vmware-10.log", "2024-01-02T00:00:00.000Z| vmx| I005: new\n");
    expect(&f, "vmware.log", "2024-01-03T00:00:00.000Z| vmx| I005: now\n");
    expect_end(&f);
    tear_down(&f);
}
END_TEST

START_TEST(gzip_is_found_by_magic)
{
    struct fixture f;

    set_up(&f);
    put_gzip(&f, "log.txt", dmesg, sizeof dmesg - 1, 0);
    inputs_add(f.inputs, path_in(&f, "log.txt"));
    expect(&f, "log.txt", dmesg);
    expect_end(&f);
    tear_down(&f);
}
END_TEST

START_TEST(a_torn_gzip_gives_what_there_is)
{
    struct fixture f;
    struct str bytes;
    struct err err;
    char noise[20000];
    unsigned seed = 1;

    set_up(&f);
    for (size_t i = 0; i < sizeof noise; i++) {
        seed = seed * 1103515245u + 12345u;
        noise[i] = (char)('a' + (seed >> 16) % 26);
    }
    put_gzip(&f, "torn.gz", noise, sizeof noise, 6000);
    inputs_add(f.inputs, path_in(&f, "torn.gz"));
    next(&f, &bytes, &err);
    ck_assert_int_eq(err.code, FAIL_FORMAT);
    ck_assert_uint_gt(bytes.n, 1000);
    ck_assert_int_eq(memcmp(bytes.p, noise, bytes.n), 0);
    tear_down(&f);
}
END_TEST

START_TEST(a_bomb_is_stopped)
{
    struct fixture f;
    struct input *in;
    struct err err = { 0 };
    static char buf[1 << 16];
    z_stream z = { 0 };
    static unsigned char packed[1 << 20];
    uint64_t total = 0;
    ptrdiff_t got;

    set_up(&f);
    ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = packed;
    z.avail_out = sizeof packed;
    for (unsigned i = 0; i < 3000; i++) {
        z.next_in = (unsigned char *)buf;
        z.avail_in = sizeof buf;
        ck_assert_int_eq(deflate(&z, i == 2999 ? Z_FINISH : Z_NO_FLUSH), i == 2999);
    }
    put(&f, "zeros.gz", packed, z.total_out);
    deflateEnd(&z);
    inputs_add(f.inputs, path_in(&f, "zeros.gz"));
    ck_assert_int_eq(inputs_next(f.inputs, &in, &err), STEP_RECORD);
    while ((got = input_read(in, buf, sizeof buf, &err)) > 0)
        total += (uint64_t)got;
    ck_assert_int_eq(err.code, FAIL_LIMIT);
    ck_assert_uint_le(total, LIMIT_UNPACK_RATIO_FROM + (1 << 20));
    input_close(in);
    tear_down(&f);
}
END_TEST

START_TEST(bad_names_are_notes_and_the_rest_is_read)
{
    struct fixture f;

    set_up(&f);
    put_text(&f, "a.log", dmesg);
    inputs_add(f.inputs, path_in(&f, "missing.log"));
    inputs_add(f.inputs, path_in(&f, "a.log"));
    inputs_add(f.inputs, path_in(&f, "a.log"));
    expect(&f, "a.log", dmesg);
    expect_end(&f);
    ck_assert(noted(&f, NOTE_INPUT_UNREADABLE));
    ck_assert(noted(&f, NOTE_INPUT_DOUBLE));
    tear_down(&f);
}
END_TEST

START_TEST(a_fifo_without_a_writer_ends)
{
    struct fixture f;

    set_up(&f);
    ck_assert_int_eq(mkfifo(path_in(&f, "fifo").p, 0600), 0);
    inputs_add(f.inputs, path_in(&f, "fifo"));
    expect(&f, "fifo", "");
    expect_end(&f);
    tear_down(&f);
}
END_TEST

START_TEST(a_file_that_shrinks_is_torn)
{
    struct fixture f;
    struct str bytes;
    struct err err;
    static char big[200000];

    set_up(&f);
    memset(big, 'x', sizeof big);
    put(&f, "big.log", big, sizeof big);
    inputs_add(f.inputs, path_in(&f, "big.log"));
    ck_assert_int_eq(truncate(path_in(&f, "big.log").p, 100000), 0);
    next(&f, &bytes, &err);
    ck_assert_uint_eq(bytes.n, 100000);
    ck_assert_int_eq(err.code, FAIL_FORMAT);
    tear_down(&f);
}
END_TEST

START_TEST(links_in_directories_are_not_followed)
{
    struct fixture f;

    set_up(&f);
    put_text(&f, "real.log", dmesg);
    ck_assert_int_eq(symlink("real.log", path_in(&f, "link.log").p), 0);
    ck_assert_int_eq(symlink(".", path_in(&f, "loop").p), 0);
    inputs_add(f.inputs, str_from(f.dir));
    expect(&f, "real.log", dmesg);
    expect_end(&f);
    tear_down(&f);
}
END_TEST

#ifdef HAVE_LIBARCHIVE

struct member {
    const char *path;
    const char *text;
    size_t n;
    unsigned type;
};

static size_t pack(const struct member *members, size_t n, bool zip, char *out, size_t size)
{
    struct archive *a = archive_write_new();
    size_t used = 0;

    if (zip)
        archive_write_set_format_zip(a);
    else
        archive_write_set_format_pax_restricted(a);
    archive_write_open_memory(a, out, size, &used);
    for (size_t i = 0; i < n; i++) {
        struct archive_entry *e = archive_entry_new();

        archive_entry_set_pathname(e, members[i].path);
        archive_entry_set_filetype(e, members[i].type ? members[i].type : AE_IFREG);
        archive_entry_set_perm(e, 0644);
        archive_entry_set_size(e, (la_int64_t)members[i].n);
        if (members[i].type == AE_IFLNK)
            archive_entry_set_symlink(e, "/etc/passwd");
        ck_assert_int_eq(archive_write_header(a, e), ARCHIVE_OK);
        archive_write_data(a, members[i].text, members[i].n);
        archive_entry_free(e);
    }
    archive_write_close(a);
    archive_write_free(a);
    return used;
}

START_TEST(members_of_archives_are_inputs)
{
    static char bytes[1 << 18], inner[1 << 17];
    const struct member in_zip[] = { { "deep/serial.log", dmesg, sizeof dmesg - 1, 0 } };
    struct member members[] = {
        { "vm/readme", "no log", 6, 0 },
        { "../../evil.log", dmesg, sizeof dmesg - 1, 0 },
        { "vm/link.log", "", 0, AE_IFLNK },
        { "vm/inner.zip", inner, 0, 0 },
        { "vm/last.log", dmesg, sizeof dmesg - 1, 0 },
    };
    struct fixture f;

    set_up(&f);
    members[3].n = pack(in_zip, 1, true, inner, sizeof inner);
    put(&f, "b.bin", bytes, pack(members, 5, false, bytes, sizeof bytes));
    inputs_add(f.inputs, path_in(&f, "b.bin"));
    expect(&f, "b.bin!/../../evil.log", dmesg);
    expect(&f, "b.bin!/vm/inner.zip!/deep/serial.log", dmesg);
    expect(&f, "b.bin!/vm/last.log", dmesg);
    expect_end(&f);
    ck_assert_uint_eq(inputs_skipped(f.inputs), 1);
    ck_assert(str_eq(f.notes.p[f.notes.n - 1].text, STR("1 file that holds no log was skipped")));
    tear_down(&f);
}
END_TEST

START_TEST(a_truncated_archive_is_a_note)
{
    static char bytes[1 << 18];
    const struct member members[] = { { "a.log", dmesg, sizeof dmesg - 1, 0 },
                                      { "b.log", dmesg, sizeof dmesg - 1, 0 } };
    struct fixture f;
    struct str got;
    struct err err;

    set_up(&f);
    ck_assert_uint_gt(pack(members, 2, false, bytes, sizeof bytes), 1600);
    put(&f, "torn.tar", bytes, 1100);
    inputs_add(f.inputs, path_in(&f, "torn.tar"));
    expect(&f, "torn.tar!/a.log", dmesg);
    next(&f, &got, &err);
    expect_end(&f);
    ck_assert(noted(&f, NOTE_INPUT_TORN) || err.code == FAIL_FORMAT);
    tear_down(&f);
}
END_TEST

START_TEST(archives_nest_only_so_deep)
{
    static char a[1 << 16], b[1 << 16], c[1 << 16];
    struct member m = { "x.log", dmesg, sizeof dmesg - 1, 0 };
    struct fixture f;

    set_up(&f);
    m = (struct member){ "c.tar", a, pack(&m, 1, false, a, sizeof a), 0 };
    m = (struct member){ "b.tar", b, pack(&m, 1, false, b, sizeof b), 0 };
    put(&f, "a.tar", c, pack(&m, 1, false, c, sizeof c));
    inputs_add(f.inputs, path_in(&f, "a.tar"));
    expect_end(&f);
    ck_assert(noted(&f, NOTE_INPUT_LIMIT));
    tear_down(&f);
}
END_TEST

#endif

Suite *check_input(void)
{
    Suite *s = suite_create("input");
    TCase *t = tcase_create("input");

    tcase_set_timeout(t, 30);
    tcase_add_test(t, a_directory_is_read_in_case_order);
    tcase_add_test(t, inputs_know_what_was_named);
    tcase_add_test(t, esx_numbers_rotations_upward);
    tcase_add_test(t, gzip_is_found_by_magic);
    tcase_add_test(t, a_torn_gzip_gives_what_there_is);
    tcase_add_test(t, a_bomb_is_stopped);
    tcase_add_test(t, bad_names_are_notes_and_the_rest_is_read);
    tcase_add_test(t, a_fifo_without_a_writer_ends);
    tcase_add_test(t, a_file_that_shrinks_is_torn);
    tcase_add_test(t, links_in_directories_are_not_followed);
#ifdef HAVE_LIBARCHIVE
    tcase_add_test(t, members_of_archives_are_inputs);
    tcase_add_test(t, a_truncated_archive_is_a_note);
    tcase_add_test(t, archives_nest_only_so_deep);
#endif
    suite_add_tcase(s, t);
    return s;
}
