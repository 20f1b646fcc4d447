/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory images that lie. A guest controls its memory, a stranger sends the file; what each may do,
 * and the test that holds it (tests/long/images.sh damages whole images at random besides):
 *
 *   group counts, names without an end        check_vmss: headers_that_lie
 *   tags for ever, blocks that wrap           check_vmss: tags_for_ever_end, blocks_that_lie
 *   counts and indices of regions             check_vmss: regions_that_lie
 *   regions that overlap or lie outside       check_vmss: regions_that_lie; here: overlaps_are_told
 *   ranges of ELF that wrap, 65535 headers,
 *   notes of 4 GiB                            check_elf: ranges_are_clipped, headers_that_lie,
 *                                             count_in_a_section_header, notes_are_read
 *   count_bits 31, printk_info of 0 or 4 GiB  check_ringbuffer: heads_that_are_none,
 *                                             layouts_are_checked
 *   page tables that point to themselves      check_translate: a_table_that_points_to_itself_ends
 *   head far from tail, forged ids,
 *   random begin and next                     check_ringbuffer: heads_that_are_none,
 *                                             forged_ids_are_dropped, blocks_that_are_none
 *   printk_log of length 0, or tiny for ever  check_logbuf: bad_records_end_it,
 *                                             wraps_at_a_record_of_no_length
 *   floods of OSRELEASE= and of rings         here: floods_are_bounded
 *   controls, NUL, broken UTF-8 in texts      here: texts_stay_bytes; check_out:
 * tty_shows_every_byte a file that shrinks while it is read      check_input:
 * a_file_that_shrinks_is_torn; here: a_short_file_is_told a .vmem whose copy was cut short here:
 * a_short_file_is_told memory that is encrypted                  here: encrypted_memory_is_named
 */
#include "tests/unit/image_case.h"

#include "analyzer/core/limits.h"

/* Two regions claim the same pages: the first one is read, and that there is another is said. */
START_TEST(overlaps_are_told)
{
    struct made m = one_log(60), out = { 0 };
    struct image_case *c;

    made_lime(&out, &m, 0, MADE_BYTES);
    made_lime(&out, &m, 0x100000, 0x1000);
    c = open_case(made_str(&out), (struct str){ 0 }, "x.lime", 0);
    expect_log(c, 60, "line 59 of one");
    ck_assert(has_note(c, "stand in two places"));
    close_case(c);
    made_free(&m);
    made_free(&out);
}
END_TEST

/* 60,000 things that look like a ring, 16,000 that look like a VMCOREINFO; one of each is true. */
START_TEST(floods_are_bounded)
{
    static const char fake[] = "OSRELEASE=6.1.0-fake\nPAGESIZE=4096\nSYMBOL(init_uts_ns)="
                               "ffffffff80001000\nSYMBOL(prb)=ffffffff80002000\n";
    struct made m = one_log(60);
    struct image_case *c;
    char last[128] = "";

    for (size_t at = 0x20000; at + 512 <= RING - 0x200000; at += 128)
        memcpy(m.p + at, m.p + RING, 128);
    for (size_t at = RING - 0x200000; at + 512 <= INFO; at += 256) {
        memcpy(m.p + at, fake, sizeof fake);
        made_put(m.p + at + sizeof fake - 1, at, 8); /* each one new */
    }
    c = open_case(made_str(&m), (struct str){ 0 }, "a.vmem", 0);
    ck_assert_uint_le(count_records(c, last, sizeof last), 60 * LIMIT_IMAGE_LOGS);
    ck_assert(!c->reader || has_note(c, "more things look like"));
    close_case(c);
    made_free(&m);
}
END_TEST

/* What is between the quotes of C is for reports to escape: the record holds the bytes. */
START_TEST(texts_stay_bytes)
{
    static const char text[] = "\x1b]0;owned\x07\x1b[2J\xff\xfe\x80 end";
    struct made m = made_new(MADE_BYTES);
    struct made_ring r = made_ring_at(RING, 7);
    struct image_case *c;
    struct record now;

    made_ring_fill(&m, &r, "one", 20);
    made_ring_add(&m, &r, text);
    made_ring_head(&m, &r);
    made_info_ring(&m, INFO, UTS, POINTER, &r);
    c = open_case(made_str(&m), (struct str){ 0 }, "a.vmem", 0);
    ck_assert_msg(c->reader != NULL, "%s", c->err.text);
    for (unsigned i = 0; i < 21; i++)
        ck_assert_int_eq(reader_next(c->reader, &now, &c->err), STEP_RECORD);
    expect_str(now.text, text);
    ck_assert(now.flags & RECORD_SAVED_HERE);
    close_case(c);
    made_free(&m);
}
END_TEST

/* What the container names and the file lacks is absent, not zero, and said. */
START_TEST(a_short_file_is_told)
{
    struct made m = one_log(60), vmss = made_vmss(&m, true, ROOT);
    struct str part = str_first(made_str(&vmss), vmss.n - 0x100000);
    struct image_case *c = open_case(part, (struct str){ 0 }, "a.vmss", 0);

    expect_log(c, 60, "line 59 of one");
    ck_assert(has_note(c, "MiB of the guest's memory are missing"));
    close_case(c);
    made_free(&vmss);
    made_free(&m);
}
END_TEST

static const struct {
    const char *name, *error;
} sealed[] = {
    { "a.vmem", "encrypted" },
    { "a.vmss", "encrypted" },
    { "a.vmsn", "encrypted" },
};

START_TEST(encrypted_memory_is_named)
{
    struct made m = made_new(0x100000);
    uint64_t random = 88172645463325252u;
    struct image_case *c;

    for (size_t at = 0; at < m.n; at += 8) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        made_put(m.p + at, random, 8);
    }
    c = open_case(made_str(&m), (struct str){ 0 }, sealed[_i].name, 0);
    ck_assert(c->reader == NULL);
    ck_assert_msg(str_find(str_from(c->err.text), str_from(sealed[_i].error)) != STR_NOT_FOUND,
                  "%s", c->err.text);
    close_case(c);
    made_free(&m);
}
END_TEST

/* Version 5: one vCPU, no hole; and with another count of pages it is none. */
START_TEST(debug_guest_from_either_end)
{
    struct made m = one_log(60), guest = made_new(128);
    struct image_case *c;

    made_put(guest.p, 5, 4);
    made_put(guest.p + 4, 1, 4);
    made_put(guest.p + 22, m.n - 1, 8);
    made_put(guest.p + 30, m.n / 4096, 8);
    c = open_case(made_str(&guest), made_str(&m), "debug.guest", 0);
    expect_log(c, 60, "line 59 of one");
    ck_assert(has_note(c, "debug.guest with the memory beside it"));
    close_case(c);
    c = open_case(made_str(&m), made_str(&guest), "debug.vmem", 0);
    expect_log(c, 60, "line 59 of one");
    ck_assert(has_note(c, "memory with the debug.guest beside it"));
    close_case(c);
    c = open_case(made_str(&guest), (struct str){ 0 }, "debug.guest", 0);
    ck_assert(c->reader == NULL);
    ck_assert(str_find(str_from(c->err.text), STR("memory is missing")) != STR_NOT_FOUND);
    close_case(c);
    made_put(guest.p + 30, m.n / 4096 + 1, 8);
    c = open_case(made_str(&m), made_str(&guest), "debug.vmem", 0);
    expect_log(c, 60, "line 59 of one");
    ck_assert(has_note(c, "raw memory"));
    close_case(c);
    made_free(&m);
    made_free(&guest);
}
END_TEST

Suite *check_memory_hostile(void)
{
    Suite *s = suite_create("memory_hostile");
    TCase *t = tcase_create("memory_hostile");

    tcase_set_timeout(t, 30);
    tcase_add_test(t, overlaps_are_told);
    tcase_add_test(t, floods_are_bounded);
    tcase_add_test(t, texts_stay_bytes);
    tcase_add_test(t, a_short_file_is_told);
    tcase_add_loop_test(t, encrypted_memory_is_named, 0, (int)(sizeof sealed / sizeof sealed[0]));
    tcase_add_test(t, debug_guest_from_either_end);
    suite_add_tcase(s, t);
    return s;
}
