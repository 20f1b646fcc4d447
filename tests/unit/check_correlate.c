/* SPDX-License-Identifier: Apache-2.0 */
/* From hits and facts to findings: every form of matcher and condition, and the three values. */
#include "tests/unit/engine_rig.h"

#include <string.h>

static const char eight_lines[] =
        "lastwords: 1\n"
        "rules:\n"
        "- id: root.wrong-device\n"
        "  title: The root device does not exist\n"
        "  severity: fatal\n"
        "  match:\n"
        "    regex: 'VFS: Cannot open root device \"(?<root>[^\"]*)\" or (?<block>\\S+): error "
        "(?<errno>-?\\d+)'\n"
        "  diagnosis: 'root= names \"${root}\", which this kernel cannot open (${errno | "
        "errno}).'\n"
        "  remediation:\n"
        "  - 'Compare with the disks the kernel saw: ${disks.partitions.name | join}'\n";

START_TEST(eight_line_rule_fires)
{
    struct rig r;
    const struct finding *f;

    rig_start(&r, eight_lines);
    rig_add(&r, "VFS: Cannot open root device \"sdc1\" or unknown-block(0,0): error -6", 1125);
    rig_add(&r, "something else", 1126);
    ck_assert_uint_eq(rig_correlate(&r), 1);
    f = rig_find(&r, "root.wrong-device");
    ck_assert_str_eq(rig_fill(&r, &f->rule->diagnosis, f),
                     "root= names \"sdc1\", which this kernel cannot open (ENXIO: no such device "
                     "or address).");
    ck_assert_str_eq(rig_fill(&r, &f->rule->remediation.p[0].text, f),
                     "Compare with the disks the kernel saw: (not in the log)");
    ck_assert_uint_eq(f->evidence.n, 1);
    ck_assert_uint_eq(f->evidence.p[0]->line, 1);
    ck_assert(f->certain);
    rig_stop(&r);
}
END_TEST

Suite *check_correlate(void)
{
    Suite *s = suite_create("correlate");
    TCase *t = tcase_create("correlate");

    tcase_add_test(t, eight_line_rule_fires);
    suite_add_tcase(s, t);
    return s;
}
