/* SPDX-License-Identifier: Apache-2.0 */
/* What PID 1 says of itself, in records and on the console. */
#include "tests/unit/fact_rows.h"

#include <stdio.h>

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
    { "a shortened name before its description", ORIGIN_GUEST_USER,
      "[  OK  ] Reached target loca\xe2\x80\xa6s.target - Local File Systems.", "systemd.targets",
      "local-fs.target" },
    { "a shortened name, an unknown description", ORIGIN_GUEST_USER,
      "[  OK  ] Reached target lab\xe2\x80\xa6s.target - Lab.", "systemd.targets", UNKNOWN },
    { "root locked", ORIGIN_GUEST_USER,
      "Cannot open access to console, the root account is locked.", "login.root_locked", "true" },
    { "root locked, quoted", ORIGIN_GUEST_USER,
      "note: Cannot open access to console, the root account is locked.", "login.root_locked",
      UNKNOWN },
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

static const struct fact_row startup_rows[] = {
    { "all parts", ORIGIN_GUEST_USER,
      "systemd[1]: Startup finished in 2.1s (firmware) + 850ms (loader) + 1.5s (kernel) + 3s "
      "(initrd) + 1min 2.250s (userspace) = 1min 9.700s.",
      "systemd.startup",
      "69700 (firmware_ms 2100, loader_ms 850, kernel_ms 1500, initrd_ms 3000, userspace_ms "
      "62250)" },
    { "two parts", ORIGIN_GUEST_USER,
      "Startup finished in 33.849s (kernel) + 1min 34.472s (userspace) = 2min 8.321s.",
      "systemd.startup", "128321 (kernel_ms 33849, userspace_ms 94472)" },
    { "a user's manager", ORIGIN_GUEST_USER, "Startup finished in 231ms.", "systemd.startup",
      UNKNOWN },
    { "not a time", ORIGIN_GUEST_USER, "Startup finished in -1s (kernel) = x.", "systemd.startup",
      UNKNOWN },
    { "too long", ORIGIN_GUEST_USER, "Startup finished in 99999999999999999999s (kernel) = 1s.",
      "systemd.startup", UNKNOWN },
    { "cut", ORIGIN_GUEST_USER, "Startup finished in ", "systemd.startup", UNKNOWN },
    { "a quoting program", ORIGIN_GUEST_USER, "app: Startup finished in 1s (kernel) = 1s.",
      "systemd.startup", UNKNOWN },
};

START_TEST(reads_startup)
{
    check_row(&startup_rows[_i], false);
}
END_TEST

static void say(struct facts *f, int64_t ms, const char *unit, const char *text)
{
    struct record r;

    record_init(&r);
    r.origin = ORIGIN_GUEST_USER;
    r.mono_us = ms * 1000;
    r.ident = STR("systemd");
    r.pid = STR("1");
    r.unit = str_from(unit);
    r.text = str_from(text);
    facts_add(f, &r);
}

static void expect(const struct facts *f, struct arena *a, const char *path, const char *expected)
{
    struct value value;
    struct str got;

    ck_assert(facts_find(f, str_from(path), a, &value, NULL));
    got = value_print(a, &value);
    ck_assert_msg(str_eq(got, str_from(expected)), "%s: got '%.*s'", path, STR_ARG(got));
}

/* Those that took longest, the slowest first; what starts later is no part of the start. */
START_TEST(times_units)
{
    struct arena a = { 0 };
    struct facts f;

    ck_assert(facts_init(&f, &a, NULL));
    say(&f, 1000, "a.service", "Starting a.service - A...");
    say(&f, 1100, "b.service", "Starting The old way...");
    say(&f, 1200, "c.mount", "Mounting c.mount - C...");
    say(&f, 1250, "c.mount", "Mounted c.mount - C.");
    say(&f, 3000, "a.service", "Finished a.service - A.");
    say(&f, 9100, "b.service", "Failed to start The old way.");
    say(&f, 9200, "x.service", "Started x.service - X.");
    for (int i = 0; i < 3; i++) {
        static const char *const starts[] = { "Starting d0.service - D...",
                                              "Starting d1.service - D...",
                                              "Starting d2.service - D..." };
        static const char *const ends[] = { "Started d0.service - D.", "Started d1.service - D.",
                                            "Started d2.service - D." };

        say(&f, 9300, "", starts[i]);
        say(&f, 9800 + i, "", ends[i]);
    }
    say(&f, 9900, "", "Reached target multi-user.target - Multi-User System.");
    say(&f, 9950, "", "Startup finished in 1s (kernel) + 8s (userspace) = 9s.");
    say(&f, 10000, "", "Starting late.service - L...");
    say(&f, 90000, "", "Finished late.service - L.");
    expect(&f, &a, "systemd.slowest.unit",
           "b.service, a.service, d2.service, d1.service, d0.service");
    expect(&f, &a, "systemd.slowest.ms", "8000, 2000, 502, 501, 500");
    expect(&f, &a, "systemd.multi_user_ms", "9900");
    expect(&f, &a, "systemd.startup.total_ms", "9000");
    arena_done(&a);
}
END_TEST

/* A program that writes such lines without end fills no memory and takes no time. */
START_TEST(is_bounded)
{
    struct arena a = { 0 };
    struct facts f;
    char text[64];

    ck_assert(facts_init(&f, &a, NULL));
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof text, "Starting u%d.service - U...", i);
        say(&f, i, "", text);
        snprintf(text, sizeof text, "Started u%d.service - U.", i);
        say(&f, 3 * i, "", text);
    }
    ck_assert_uint_lt(a.used_bytes, 4 << 20);
    arena_done(&a);
}
END_TEST

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
    tcase_add_loop_test(t, reads_startup, 0, (int)(sizeof startup_rows / sizeof startup_rows[0]));
    tcase_add_test(t, times_units);
    tcase_add_test(t, is_bounded);
    suite_add_tcase(s, t);
    return s;
}
