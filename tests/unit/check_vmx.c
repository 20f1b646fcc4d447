/* SPDX-License-Identifier: Apache-2.0 */
/* .vmx files; those here are written for these tests. */
#include "parsers/parser.h"

#include <check.h>

extern const struct parser parser_vmx;

static const struct {
    const char *line;
    bool setting;
    const char *key, *value;
} lines[] = {
    { "displayName = \"web 1\"", true, "displayName", "web 1" },
    { ".encoding = \"UTF-8\"\r", true, ".encoding", "UTF-8" },
    { "\xef\xbb\xbf.encoding = \"UTF-8\"", true, ".encoding", "UTF-8" },
    { "  scsi0:0.fileName=\"a.vmdk\"  # the disk", true, "scsi0:0.fileName", "a.vmdk" },
    { "guestInfo.x = \"|22q|22 |7C |zz |0\"", true, "guestInfo.x", "\"q\" | |zz |0" },
    { "numvcpus = 2", true, "numvcpus", "2" },
    { "empty =", true, "empty", "" },
    { "torn = \"no end", true, "torn", "\"no end" },
    { "two words = \"x\"", false, "", "" },
    { "= \"x\"", false, "", "" },
    { "nothing", false, "", "" },
};

START_TEST(reads_settings)
{
    struct lines *in = lines_new_memory(str_from(lines[_i].line));
    struct record r;
    struct err err;

    record_init(&r);
    ck_assert_int_eq(parser_vmx.next(NULL, in, &r, &err), STEP_RECORD);
    ck_assert_int_eq(r.kind, lines[_i].setting ? RECORD_SETTING : RECORD_TEXT);
    ck_assert_int_eq(!lines[_i].setting, !!(r.flags & RECORD_UNPARSED));
    ck_assert(str_eq(r.key, str_from(lines[_i].key)));
    ck_assert_msg(str_eq(r.value, str_from(lines[_i].value)), "%.*s", STR_ARG(r.value));
    ck_assert(str_eq(r.section, str_from(lines[_i].setting ? "CONFIGURATION" : "")));
    ck_assert_int_eq(r.origin, ORIGIN_HOST);
    lines_free(in);
}
END_TEST

START_TEST(leaves_out_comments)
{
    struct lines *in = lines_new_memory(STR("#!/usr/bin/vmware\n\n \t\n# x = \"1\"\na = \"1\"\n"));
    struct record r;
    struct err err;

    record_init(&r);
    ck_assert_int_eq(parser_vmx.next(NULL, in, &r, &err), STEP_RECORD);
    ck_assert(str_eq(r.key, STR("a")));
    ck_assert_uint_eq(r.line, 5);
    ck_assert_int_eq(parser_vmx.next(NULL, in, &r, &err), STEP_END);
    lines_free(in);
}
END_TEST

static const struct {
    const char *text;
    unsigned bid;
} probes[] = {
    { "#!/usr/bin/vmware\n.encoding = \"UTF-8\"\nconfig.version = \"8\"\nvirtualHW.version = "
      "\"13\"",
      3 },
    { "CONFIG.VERSION = \"8\"\nguestos = \"other\"\n", 2 },
    { "config.version = \"8\"\nguestOS = \"other\"\nx\ny\nz\n", 0 },
    { ".encoding = \"UTF-8\"\nsnapshot.lastUID = \"1\"\n", 0 },
    { "CONFIG_VMXNET3=y\nCONFIG_NVME=m\n", 0 },
    { "", 0 },
};

START_TEST(bids_for_its_own)
{
    struct str split[16], rest = str_from(probes[_i].text);
    struct head head = { .bytes = rest, .lines = split };

    while (head.n_lines < 16 && str_take_line(&rest, &split[head.n_lines]))
        head.n_lines++;
    ck_assert_uint_eq(parser_vmx.probe(&head), probes[_i].bid);
}
END_TEST

Suite *check_vmx(void)
{
    Suite *s = suite_create("vmx");
    TCase *t = tcase_create("vmx");

    tcase_add_loop_test(t, reads_settings, 0, (int)(sizeof lines / sizeof lines[0]));
    tcase_add_test(t, leaves_out_comments);
    tcase_add_loop_test(t, bids_for_its_own, 0, (int)(sizeof probes / sizeof probes[0]));
    suite_add_tcase(s, t);
    return s;
}
