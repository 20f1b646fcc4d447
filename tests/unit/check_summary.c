/* SPDX-License-Identifier: Apache-2.0 */
/* Which boot the answer is about, and what the answer is in one word. */
#include "tests/unit/case_rig.h"

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])
#define BANNER "[    0.000000] Linux version 6.1.0 (a@b) #1 SMP\n"
#define WELL BANNER "[    9.000000] reboot: Restarting system\n"
#define BADLY BANNER "[    9.000000] Kernel panic - not syncing: made\n"
#define FAILED BANNER "[    9.000000] madedrv: gave up\n[   10.000000] reboot: Restarting system\n"
#define OPEN BANNER "[    9.000000] eth0: link up\n"

enum { NONE = -1 };

static const struct {
    const char *log;
    enum boot_choice choice;
    int64_t offset;
    int focus;
} choices[] = {
    { WELL BADLY OPEN, BOOT_BAD, 0, 1 },        { WELL WELL OPEN, BOOT_BAD, 0, 2 },
    { WELL FAILED WELL, BOOT_BAD, 0, 1 },       { BADLY BADLY WELL, BOOT_BAD, 0, 1 },
    { WELL BADLY OPEN, BOOT_ALL, 0, 1 },        { WELL BADLY OPEN, BOOT_OFFSET, 0, 2 },
    { WELL BADLY OPEN, BOOT_OFFSET, -1, 1 },    { WELL BADLY OPEN, BOOT_OFFSET, -2, 0 },
    { WELL BADLY OPEN, BOOT_OFFSET, -3, NONE }, { WELL BADLY OPEN, BOOT_OFFSET, 1, 0 },
    { WELL BADLY OPEN, BOOT_OFFSET, 3, 2 },     { WELL BADLY OPEN, BOOT_OFFSET, 4, NONE },
    { WELL, BOOT_OFFSET, 9999999999, NONE },    { "", BOOT_BAD, 0, NONE },
};

START_TEST(chooses_the_boot)
{
    struct analysis_options options = { .choice = choices[_i].choice,
                                        .boot_offset = choices[_i].offset };
    struct case_rig rig;

    case_start(&rig);
    case_add(&rig, "a.log", str_from(choices[_i].log));
    case_settle(&rig, &options);
    ck_assert_int_eq(rig.a->focus == UINT32_MAX ? NONE : (int)rig.a->focus, choices[_i].focus);
    case_stop(&rig);
}
END_TEST

START_TEST(chooses_by_id)
{
    static const char log[] =
            "{\"_BOOT_ID\":\"0123456789abcdef0123456789abcdef\",\"_TRANSPORT\":\"kernel\","
            "\"MESSAGE\":\"one\",\"__REALTIME_TIMESTAMP\":\"1\"}\n"
            "{\"_BOOT_ID\":\"fedcba9876543210fedcba9876543210\",\"_TRANSPORT\":\"kernel\","
            "\"MESSAGE\":\"two\",\"__REALTIME_TIMESTAMP\":\"2\"}\n";
    struct analysis_options options = { .choice = BOOT_ID,
                                        .boot_id = STR("0123456789abcdef0123456789abcdef") };
    struct case_rig rig;

    case_start(&rig);
    case_add(&rig, "a.json", STR(log));
    case_settle(&rig, &options);
    ck_assert_uint_eq(boots_count(rig.a->boots), 2);
    ck_assert_uint_eq(rig.a->focus, 0);
    case_stop(&rig);
}
END_TEST

static const struct {
    const char *log;
    enum result result;
} results[] = {
    { FAILED, RESULT_DIAGNOSED },
    { WELL, RESULT_NOTHING_KNOWN },
    { OPEN, RESULT_NOTHING_KNOWN },
    { BADLY, RESULT_CANNOT_TELL },
    { "some words\nthat no format knows\n", RESULT_CANNOT_TELL },
    { "", RESULT_NOTHING_READ },
};

START_TEST(says_it_in_a_word)
{
    struct analysis_options options = { 0 };
    struct case_rig rig;
    enum severity worst = SEVERITY_INFO;

    case_start(&rig);
    case_add(&rig, "a.log", str_from(results[_i].log));
    case_settle(&rig, &options);
    ck_assert_int_eq(rig.a->result, results[_i].result);
    ck_assert_int_eq(summary_worst(rig.a, &worst), results[_i].result == RESULT_DIAGNOSED);
    if (results[_i].result == RESULT_DIAGNOSED)
        ck_assert_int_eq(worst, SEVERITY_ERROR);
    ck_assert_uint_gt(result_name(rig.a->result).n, 0);
    case_stop(&rig);
}
END_TEST

/* One boot over several files, several boots in one file: both ways are listed. */
START_TEST(inputs_and_boots_know_each_other)
{
    struct case_rig rig;

    case_start(&rig);
    case_add(&rig, "a.log", STR(WELL BADLY));
    case_add(&rig, "b.log", STR(OPEN));
    case_settle(&rig, &(struct analysis_options){ 0 });
    ck_assert_uint_eq(boots_count(rig.a->boots), 3);
    ck_assert_uint_eq(boots_at(rig.a->boots, 2)->inputs.n, 1);
    ck_assert_uint_eq(boots_at(rig.a->boots, 2)->inputs.p[0], 1);
    case_stop(&rig);
}
END_TEST

/* Does the answer ask for more to read, in these words? */
static bool asks(const struct case_rig *rig, const char *words)
{
    const struct notes *notes = &rig->a->notes;

    for (size_t i = 0; i < notes->n; i++)
        if (notes->p[i].code == NOTE_EVIDENCE_MISSING &&
            str_find(notes->p[i].text, str_from(words)) != STR_NOT_FOUND)
            return true;
    return false;
}

/* The log of the machine that we run on does not end, unless it says so or is of another boot. */
static const struct {
    const char *log;
    const char *id;
    enum ended_by end;
} running[] = {
    { WELL OPEN, "0123456789abcdef0123456789abcdef", ENDED_RUNNING },
    { WELL BADLY, "0123456789abcdef0123456789abcdef", ENDED_PANIC },
    { WELL OPEN, "", ENDED_END_OF_LOG },
};

START_TEST(a_running_boot_has_no_end)
{
    struct analysis_options options = { .running = str_from(running[_i].id) };
    struct input *in = input_from_memory(STR("kmsg"), str_from(running[_i].log));
    struct case_rig rig;

    case_start(&rig);
    analysis_add(rig.a, in, &options);
    input_close(in);
    case_settle(&rig, &options);
    ck_assert_uint_eq(boots_count(rig.a->boots), 2);
    ck_assert_int_eq(boots_at(rig.a->boots, 0)->ended_by, ENDED_REBOOT);
    ck_assert_int_eq(boots_at(rig.a->boots, 1)->ended_by, running[_i].end);
    ck_assert_int_eq(asks(&rig, ""), running[_i].end != ENDED_RUNNING);
    case_stop(&rig);
}
END_TEST

START_TEST(another_boot_does_not_run)
{
    static const char log[] =
            "{\"_BOOT_ID\":\"0123456789abcdef0123456789abcdef\",\"_TRANSPORT\":\"kernel\","
            "\"MESSAGE\":\"one\",\"__REALTIME_TIMESTAMP\":\"1\"}\n";
    struct analysis_options options = { .running = STR("fedcba9876543210fedcba9876543210") };
    struct input *in = input_from_memory(STR("a.json"), STR(log));
    struct case_rig rig;

    case_start(&rig);
    analysis_add(rig.a, in, &options);
    input_close(in);
    case_settle(&rig, &options);
    ck_assert_uint_eq(boots_count(rig.a->boots), 1);
    ck_assert_int_ne(boots_at(rig.a->boots, 0)->ended_by, ENDED_RUNNING);
    case_stop(&rig);
}
END_TEST

/* What did not fit into memory is not passed over in silence. */
START_TEST(a_full_case_says_so)
{
    struct case_rig rig;
    const struct notes *notes;
    size_t said = 0;

    case_start(&rig);
    case_add(&rig, "a.log", STR(WELL FAILED));
    if (_i)
        rig.a->arena.limit_bytes = rig.a->arena.used_bytes + 64;
    analysis_conclude(rig.a, &(struct analysis_options){ 0 });
    notes = &rig.a->notes;
    for (size_t i = 0; i < notes->n; i++)
        said += notes->p[i].code == NOTE_MEMORY_LIMIT &&
                str_find(notes->p[i].text, STR("not whole")) != STR_NOT_FOUND;
    ck_assert_uint_eq(said, (size_t)_i);
    case_stop(&rig);
}
END_TEST

/* A log that broke off is not asked for again: its last words are elsewhere. */
static const struct {
    const char *log;
    int64_t offset;
    bool broke_off;
} asked_for[] = {
    { OPEN WELL, -1, true },
    { OPEN WELL OPEN, -2, true },
    { WELL OPEN, 0, false },
    { "[    0.000000] Linux version 6.1.0 (a@b) #1 SMP\n[    9.0] Kernel panic - not syncing: x\n",
      0, false },
};

START_TEST(asks_for_what_would_tell)
{
    struct analysis_options options = { .choice = BOOT_OFFSET,
                                        .boot_offset = asked_for[_i].offset };
    struct case_rig rig;

    case_start(&rig);
    case_add(&rig, "a.log", str_from(asked_for[_i].log));
    case_settle(&rig, &options);
    ck_assert(asks(&rig, ""));
    ck_assert_int_eq(asks(&rig, "pstore"), asked_for[_i].broke_off);
    case_stop(&rig);
}
END_TEST

Suite *check_summary(void)
{
    Suite *s = suite_create("summary");
    TCase *t = tcase_create("summary");

    tcase_add_loop_test(t, chooses_the_boot, 0, COUNT(choices));
    tcase_add_test(t, chooses_by_id);
    tcase_add_loop_test(t, says_it_in_a_word, 0, COUNT(results));
    tcase_add_loop_test(t, a_full_case_says_so, 0, 2);
    tcase_add_test(t, inputs_and_boots_know_each_other);
    tcase_add_loop_test(t, asks_for_what_would_tell, 0, COUNT(asked_for));
    tcase_add_loop_test(t, a_running_boot_has_no_end, 0, sizeof running / sizeof running[0]);
    tcase_add_test(t, another_boot_does_not_run);
    suite_add_tcase(s, t);
    return s;
}
