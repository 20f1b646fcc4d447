/* SPDX-License-Identifier: Apache-2.0 */
/* Memory images are named for what they are, and nothing else is taken for one. */
#include "parsers/parser.h"

#include <check.h>

#define ELF "\177ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"
#define ELF_BIG "\177ELF\x02\x02\x01\0\0\0\0\0\0\0\0\0"

static const struct {
    struct str bytes;
    const char *name;
    const char *format;
} rows[] = {
    { { STR_INIT("\xd2\xbe\xd2\xbe\x08\0\0\0") }, "a.vmss", "vmss" },
    { { STR_INIT("\xd1\xba\xd1\xba\x08\0\0\0") }, "renamed", "vmss" },
    { { STR_INIT("\xd3\xbe\xd3\xbe") }, "a.vmsn", "vmss" },
    { { STR_INIT("\xd0\xbe\xd2\xbe") }, "old.vmss", "vmss" },
    { { STR_INIT("EMiL\x01\0\0\0\0\0\0\0") }, "x", "lime" },
    { { STR_INIT("EMiL\x02\0\0\0") }, "x", "plain" },
    { { STR_INIT("KDUMP   \x06\0\0\0") }, "vmcore", "kdump" },
    { { STR_INIT(ELF "\x04\0\x3e\0") }, "vmcore", "elf-core" },
    { { STR_INIT(ELF_BIG "\0\x04\0\x16") }, "vmcore", "elf-core" },
    { { STR_INIT(ELF "\x02\0\x3e\0") }, "program", "plain" },
    { { STR_INIT(ELF "\x04") }, "torn", "elf-core" },
    { { STR_INIT("makedumpfile\0\0\0\0\x01") }, "vmcore.flat", "kdump-flat" },
    { { STR_INIT("\0\0\0\0") }, "photon-1a2b3c4d.vmem", "vmem" },
    { { STR_INIT("\0\0\0\0") }, "PHOTON.VMEM", "vmem" },
    { { STR_INIT("\0\0\0\0") }, "photon.bin", "plain" },
    { { STR_INIT("some text\n") }, "notes.vmem", "vmem" },
    { { STR_INIT("\0\0\0\0") }, "debug.guest", "vmem" },
    { { STR_INIT("\0\0\0\0") }, "photon.vmem.zst", "vmem" },
    { { STR_INIT("\0\0\0\0") }, "mem", "plain" },
    { { STR_INIT("") }, "empty.vmem", "plain" },
    { { STR_INIT("\xd2\xbe\xd2") }, "torn.vmss", "plain" },
    { { STR_INIT("\x9c\0\x41\x7e") }, "sealed.vmss", "vmss" },
};

START_TEST(names_what_it_is)
{
    struct head head = { .bytes = rows[_i].bytes, .name = str_from(rows[_i].name) };
    const struct parser *found;
    unsigned bid;

    head.has_nul = str_find_char(head.bytes, '\0') != STR_NOT_FOUND;
    found = parser_detect(&head, &bid);
    ck_assert_str_eq(found->name, rows[_i].format);
    ck_assert(bid == 0 || found->next == NULL);
    ck_assert(bid == 0 ||
              (found->open_image == NULL) == (str_starts(str_from(found->name), STR("kdump"))));
}
END_TEST

Suite *check_memory_image(void)
{
    Suite *s = suite_create("memory_image");
    TCase *t = tcase_create("memory_image");

    tcase_add_loop_test(t, names_what_it_is, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(s, t);
    return s;
}
