/* SPDX-License-Identifier: Apache-2.0 */
/* What PID 1 says of itself, in records and on the console. */
#include "tests/unit/fact_rows.h"

static const struct fact_row rows[] = {
    { "version", ORIGIN_GUEST_USER,
      "systemd[1]: systemd 252.39-1~deb12u2 running in system mode (+PAM +AUDIT)",
      "systemd.version", "252.39-1~deb12u2" },
    { "version without prefix", ORIGIN_GUEST_USER, "systemd 247.11 running in system mode.",
      "systemd.version", "247.11" },
    { "not PID 1", ORIGIN_GUEST_USER, "my systemd 247.11 running in system mode.",
      "systemd.version", UNKNOWN },
    { "target", ORIGIN_GUEST_USER,
      "systemd[1]: Reached target multi-user.target - Multi-User System.", "systemd.targets",
      "multi-user.target" },
    { "console", ORIGIN_GUEST_USER,
      "[  OK  ] Reached target multi-user.target - Multi-User System.", "systemd.targets",
      "multi-user.target" },
    { "description only", ORIGIN_GUEST_USER, "[  OK  ] Reached target Local File Systems.",
      "systemd.targets", "local-fs.target" },
    { "shortened on the console", ORIGIN_GUEST_USER,
      "[  OK  ] Reached target remote-fs-pre.targe…reparation for Remote File Systems.",
      "systemd.targets", UNKNOWN },
    { "a user manager", ORIGIN_GUEST_USER, "systemd[811]: Reached target sockets.target - Sockets.",
      "systemd.targets", UNKNOWN },
    { "a program quotes it", ORIGIN_GUEST_USER, "myapp: Reached target multi-user.target",
      "systemd.targets", UNKNOWN },
    { "failed with result", ORIGIN_GUEST_USER,
      "systemd[1]: db.service: Failed with result 'exit-code'.", "systemd.failed_units",
      "db.service" },
    { "failed to start", ORIGIN_GUEST_USER, "[FAILED] Failed to start db.service - The database.",
      "systemd.failed_units", "db.service" },
    { "failed to mount", ORIGIN_GUEST_USER, "systemd[1]: Failed to mount data.mount - /data.",
      "systemd.failed_units", "data.mount" },
    { "description only, with its hint", ORIGIN_GUEST_USER,
      "[FAILED] Failed to start The database.\n"
      "See 'systemctl status db.service' for details.",
      "systemd.failed_units", "db.service" },
    { "each once", ORIGIN_GUEST_USER,
      "Failed to start db.service - x.\n"
      "db.service: Failed with result 'timeout'.",
      "systemd.failed_units", "db.service" },
    { "the kernel does not speak for it", ORIGIN_GUEST_KERNEL,
      "systemd[1]: Reached target multi-user.target", "systemd.targets", UNKNOWN },
};

START_TEST(reads)
{
    check_row(&rows[_i], false);
}
END_TEST

Suite *check_facts_systemd(void)
{
    Suite *s = suite_create("facts_systemd");
    TCase *t = tcase_create("facts_systemd");

    tcase_add_loop_test(t, reads, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(s, t);
    return s;
}
