/* SPDX-License-Identifier: Apache-2.0 */
/* Rust's names. */
#include "analyzer/evidence/crash_demangle.h"

#include <check.h>

static const struct {
    const char *name, *plain;
} rows[] = {
    { "_RNvCs1_4frob4push", "frob::push" },
    { "_RNvNtNtCs43vy_6kernel4gear4axle4turn", "kernel::gear::axle::turn" },
    { "_RNvMs0_Cs1_4frobNtB5_4Gear4turn", "<frob::Gear>::turn" },
    { "_RNvXs1_Cs1_4frobNtB5_4GearNtNtCs2_6kernel4axle4Axle4turn",
      "<frob::Gear as kernel::axle::Axle>::turn" },
    { "_RINvCs1_4frob4pushNtB2_4GearmE", "frob::push<frob::Gear, u32>" },
    { "_RNvYRShNtCs1_4frob4Axle4turn", "<&[u8] as frob::Axle>::turn" },
    { "_RNCNvCs1_4frob4push0", "frob::push::{closure}" },
    { "_RNvCs1_4frob7__4pus_x", "frob::_4pus_x" },
    { "frob_push", "frob_push" },
    { "_R", "_R" },
    { "_RNvCs1_4frob99push", "_RNvCs1_4frob99push" },
    { "_RNvB0_4frob", "_RNvB0_4frob" },
    { "_RB_", "_RB_" },
    { "_RTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT", "_RTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT" },
    { "_RNvKj0_4frob", "_RNvKj0_4frob" },
    { "_RNv", "_RNv" },
    { "_RTTTTTTTTTTTTB_B_EB_EB_EB_E", "_RTTTTTTTTTTTTB_B_EB_EB_EB_E" },
    { "_RNvCs1_18446744073709551616frob", "_RNvCs1_18446744073709551616frob" },
};

START_TEST(check_names)
{
    char buf[DEMANGLED_BYTES];
    struct str got = crash_demangle(str_from(rows[_i].name), buf);

    ck_assert_msg(str_eq(got, str_from(rows[_i].plain)), "%s: '%.*s'", rows[_i].name, STR_ARG(got));
}
END_TEST

/* Wherever a name is torn, the answer is one or the other, and soon. */
START_TEST(check_torn)
{
    static const char name[] = "_RNvXs1_Cs1_4frobNtB5_4GearINtNtCs2_6kernel4axle4AxleShE4turn";
    char buf[DEMANGLED_BYTES];

    for (size_t n = 0; n < sizeof name; n++)
        ck_assert_uint_le(crash_demangle((struct str){ name, n }, buf).n, DEMANGLED_BYTES);
}
END_TEST

Suite *check_crash_demangle(void);

Suite *check_crash_demangle(void)
{
    Suite *s = suite_create("crash_demangle");
    TCase *t = tcase_create("crash_demangle");

    tcase_add_loop_test(t, check_names, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(t, check_torn);
    suite_add_tcase(s, t);
    return s;
}
