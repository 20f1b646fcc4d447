/* SPDX-License-Identifier: Apache-2.0 */
/* The short way of skimming a line of vmware.log says what splitting the line says. */
#include "parsers/vmware_line.h"

#include <check.h>
#include <string.h>

static const char *const lines[] = {
    "2024-03-04T20:00:45.040Z In(05) vmx - DISKLIB-LINK  : Opened 'x.vmdk' (0xa): custom, 16777216",
    "2024-03-04T20:00:45.040Z Er(02) worker-4711 vim-cmd-09-a45d FILE: Could not open x.vmdk: no "
    "space",
    "2024-03-04T20:00:45.040Z In(05)+ vcpu-0 - a further line of the message that began above it, "
    "long",
    "2024-03-04T20:00:45.040Z In(05) vcpu-0 - Guest: <3>[    1.125782] VFS: Cannot open root "
    "device",
    "2024-03-04T20:00:45.040Z In(05) vcpu-0 Guest: <4>[    1.125782] VFS: Cannot open root device "
    "x",
    "2016-08-30T16:02:43.217-07:00| vcpu-0| I125: Guest: <4>[    1.125782] Linux version 4.4.8-esx",
    "2016-08-30T16:02:43.217-07:00| vmx| W115: Mapping hook failed for region 3 of 4, trying again",
    "2016-08-30T16:02:43.217Z| vmx| I125+ a further line of the message that began on a line above",
    "2016-08-30T16:02:43.217Z| vmx| a line of ESXi 5.0, without any level and long enough to skim "
    "so",
};

/* xorshift: the same numbers everywhere. */
static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 33) % below;
}

START_TEST(agrees_with_splitting)
{
    uint64_t seed = 99 + (uint64_t)_i;
    size_t n_prefixed = 0;

    for (int round = 0; round < 20000; round++) {
        char bytes[160];
        struct str line = str_from(lines[_i]);
        struct vmware_line split;
        struct skim skim;

        memcpy(bytes, line.p, line.n);
        for (uint32_t k = draw(&seed, 4); k > 0; k--)
            bytes[draw(&seed, 50)] = " |:-+Z[]0IE(<\t"[draw(&seed, 14)];
        line.p = bytes;
        if (draw(&seed, 10) == 0)
            line.n = draw(&seed, (uint32_t)line.n);
        vmware_line_skim(line, &skim);
        if (!vmware_line_split(line, &split))
            continue;
        n_prefixed++;
        ck_assert_msg(skim.kind == (split.continues ? SKIM_CONT : SKIM_HEAD), "%.*s",
                      STR_ARG(line));
        if (skim.mono_us == TIME_UNKNOWN)
            ck_assert_msg(skim.level == split.level, "%.*s", STR_ARG(line));
        str_take(&split.text, STR("- "));
        if (str_starts(split.text, STR("Guest: <3>[    1.125782] ")))
            ck_assert_int_eq(skim.mono_us, 1125782);
    }
    ck_assert_uint_gt(n_prefixed, 1000);
}
END_TEST

Suite *check_vmware_skim(void)
{
    Suite *s = suite_create("vmware_skim");
    TCase *t = tcase_create("vmware_skim");

    tcase_add_loop_test(t, agrees_with_splitting, 0, (int)(sizeof lines / sizeof lines[0]));
    suite_add_tcase(s, t);
    return s;
}
