/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A module and a "vmlinux" with debug information, compiled when the tests run: what the compiler
 * at hand writes, not what one wrote once. Offsets differ by machine, so tests find them.
 */
#pragma once

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GEAR_INLINED_LINE = 4, GEAR_CALL_LINE = 11, GEAR_FIRST_LINE = 8, GEAR_LAST_LINE = 13 };

/* Every line counts: the enum above. */
static const char gear_source[] = "int spin(int n);\n"
                                  "static inline __attribute__((always_inline)) int tooth(int n)\n"
                                  "{\n"
                                  "    return spin(n + 1) * 2;\n" /* 4 */
                                  "}\n"
                                  "int gear_turn(int n);\n"
                                  "int gear_turn(int n)\n"
                                  "{\n" /* 8 */
                                  "    int a = spin(n);\n"
                                  "\n"
                                  "    a += tooth(a);\n" /* 11 */
                                  "    return a ^ n;\n"
                                  "}\n" /* 13 */
                                  "int gear_stop(void);\n"
                                  "int gear_stop(void)\n"
                                  "{\n"
                                  "    return spin(0) + 1;\n"
                                  "}\n";

static const char spin_source[] = "int spin(int n);\n"
                                  "__asm__(\".globl _text\\n_text:\\n\");\n"
                                  "__attribute__((noinline)) int spin(int n)\n"
                                  "{\n"
                                  "    return n * 3 + 1;\n"
                                  "}\n";

struct made_elf {
    char dir[64], module[128], kernel[128], stripped[128];
};

static void made_elf_write(const char *dir, const char *name, const char *text)
{
    char path[128];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

/* False: there is no compiler here. */
static bool made_elf(struct made_elf *m)
{
    static const char script[] =
            "cd %s && gcc -g -O1 -falign-functions=64 -c drivers/gear.c -o gear-box.ko && "
            "gcc -g -O1 -c drivers/spin.c -o spin.o && "
            "gcc -no-pie -nostdlib -static -Wl,-e,gear_turn gear-box.ko spin.o -o vmlinux && "
            "strip -g gear-box.ko -o gear-stripped.ko";
    char command[512];

    snprintf(m->dir, sizeof m->dir, "/tmp/lastwords-elf-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(m->dir));
    snprintf(command, sizeof command, "mkdir %s/drivers", m->dir);
    ck_assert_int_eq(system(command), 0);
    made_elf_write(m->dir, "drivers/gear.c", gear_source);
    made_elf_write(m->dir, "drivers/spin.c", spin_source);
    snprintf(m->module, sizeof m->module, "%s/gear-box.ko", m->dir);
    snprintf(m->kernel, sizeof m->kernel, "%s/vmlinux", m->dir);
    snprintf(m->stripped, sizeof m->stripped, "%s/gear-stripped.ko", m->dir);
    snprintf(command, sizeof command, script, m->dir);
    return system(command) == 0;
}

static void made_elf_done(const struct made_elf *m)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", m->dir);
    ck_assert_int_eq(system(command), 0);
}
