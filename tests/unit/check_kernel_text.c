/* SPDX-License-Identifier: Apache-2.0 */
/* Which texts strings of a kernel can make up, with what conversions print between them. */
#include "analyzer/engine/kernel_text.h"

#include <check.h>

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])

static const struct {
    const char *text;
    const char *strings[4];
    enum printable judged;
} rows[] = {
    { "VFS: Cannot open", { "VFS: Cannot open root device \"%s\" or %s" }, PRINTABLE_WHOLE },
    { "VFS: Cannot open", { "VFS: Could not open root device" }, PRINTABLE_NOT },
    { "Kernel panic - not syncing: Attempted to kill init!",
      { "Kernel panic - not syncing: %s", "Attempted to kill init! exitcode=0x%08x" },
      PRINTABLE_PARTS },
    { "Kernel panic - not syncing: No init was found",
      { "Kernel panic - not syncing: %s", "No working init found." },
      PRINTABLE_NOT },
    { "I/O error, dev ", { "%s error, dev %s, sector %llu" }, PRINTABLE_PARTS },
    { ": controller is down", { "controller is down; will reset" }, PRINTABLE_PARTS },
    { "is 100% full now", { "disk is 100%% full now" }, PRINTABLE_WHOLE },
    { "task worker-7 blocked for more", { "task %s blocked for more than %ld" }, PRINTABLE_PARTS },
    { "address 10.0.0.1 not found", { "address %pI4 not found here" }, PRINTABLE_PARTS },
    { "averyveryverylongvalue out of sync", { "%s out of sync" }, PRINTABLE_MAYBE },
    { "BTRFS error (device ", { "%sBTRFS %s (device %s): %pV" }, PRINTABLE_PARTS },
    { "rootfs image is not initramfs (",
      { "cannot create rootfs", "%d is not %d", "initramfs" },
      PRINTABLE_NOT },
    { "RAMDISK: incomplete write (", { "incomplete", "write (%d Bytes)" }, PRINTABLE_NOT },
    /* Words that stand in every kernel somewhere are no proof. */
    { "the root device is broken", { "root", "device", "broken" }, PRINTABLE_NOT },
    { "NFS: state pending on it", { "NFS: %s", "state", "pending", " on it" }, PRINTABLE_NOT },
    { "core gave up early", { "gave", "early", "%s: up" }, PRINTABLE_NOT },
    /* A long tile counts more than two short ones. */
    { "mlx5_core ", { "mlx5_core", "mlx5_", "core " }, PRINTABLE_PARTS },
    /* All panics have that head; what stands behind it must be a message from its beginning. */
    { "Kernel panic - not syncing: Fatal hardware error",
      { "Kernel panic - not syncing: %s", "GHES: Fatal hardware error" },
      PRINTABLE_NOT },
    { "Kernel panic - not syncing: Too many boot env vars at ",
      { "Kernel panic - not syncing: %s", "Too many boot %s vars at `%s'" },
      PRINTABLE_PARTS },
    /* Printed in steps. */
    { "FAILED Result: hostbyte=DID_ERROR",
      { "FAILED", "Result: ", "hostbyte=%s ", "DID_ERROR" },
      PRINTABLE_MAYBE },
    { "Console: switching to colour dummy", { "Console: switching " }, PRINTABLE_MAYBE },
    { "ptrace attach of \"", { "ptrace %s of \"%s\"[%d] was attempted" }, PRINTABLE_PARTS },
    { "trailing percent", { "trailing percent %" }, PRINTABLE_WHOLE },
    { "conversion alone", { "%s", "%", "%-08.*llx" }, PRINTABLE_NOT },
    { "nothing was given", { 0 }, PRINTABLE_NOT },
};

START_TEST(strings_make_texts)
{
    struct literal literal = { str_from(rows[_i].text), false };
    struct kernel_texts *k = kernel_texts_new(&literal, 1);

    ck_assert_ptr_nonnull(k);
    for (int i = 0; i < COUNT(rows[_i].strings) && rows[_i].strings[i]; i++)
        kernel_texts_add(k, str_from(rows[_i].strings[i]));
    ck_assert_int_eq(kernel_texts_judge(k, 0), rows[_i].judged);
    kernel_texts_free(k);
}
END_TEST

START_TEST(case_is_folded_where_it_is_asked_for)
{
    struct literal literals[] = { { STR("OUT OF MEMORY"), true }, { STR("OUT OF MEMORY"), false } };
    struct kernel_texts *k = kernel_texts_new(literals, 2);

    kernel_texts_add(k, STR("%s: Out of memory"));
    ck_assert_int_eq(kernel_texts_judge(k, 0), PRINTABLE_WHOLE);
    ck_assert_int_eq(kernel_texts_judge(k, 1), PRINTABLE_NOT);
    kernel_texts_free(k);
}
END_TEST

START_TEST(long_and_empty_texts_are_safe)
{
    char big[4000];
    struct literal literal = { { big, 200 }, false };
    struct kernel_texts *k;

    for (size_t i = 0; i < sizeof big; i++)
        big[i] = "abcdefgh ijk%lmn"[i % 16];
    k = kernel_texts_new(&literal, 1);
    kernel_texts_add(k, (struct str){ big, sizeof big });
    kernel_texts_add(k, STR(""));
    kernel_texts_add(k, STR("abc"));
    ck_assert_int_ne(kernel_texts_judge(k, 0), PRINTABLE_NOT);
    kernel_texts_free(k);
    k = kernel_texts_new(NULL, 0);
    ck_assert_ptr_nonnull(k);
    kernel_texts_add(k, STR("some string"));
    kernel_texts_free(k);
}
END_TEST

Suite *check_kernel_text(void);

Suite *check_kernel_text(void)
{
    Suite *s = suite_create("kernel_text");
    TCase *tc = tcase_create("kernel_text");

    tcase_add_loop_test(tc, strings_make_texts, 0, COUNT(rows));
    tcase_add_test(tc, case_is_folded_where_it_is_asked_for);
    tcase_add_test(tc, long_and_empty_texts_are_safe);
    suite_add_tcase(s, tc);
    return s;
}
