/* SPDX-License-Identifier: Apache-2.0 */
/* Redaction: what is private goes, everywhere and consistently; what is not stays. */
#include "reports/out.h"
#include "reports/redact.h"

#include <check.h>
#include <string.h>

static struct redactor *start(const char *key)
{
    struct redactor *r = redactor_new(str_from(key));

    ck_assert_ptr_nonnull(r);
    return r;
}

/* The private part stands between { and }; `token` is the kind that it becomes. */
static const struct {
    const char *text;
    const char *token; /* NULL: nothing is private */
} cases[] = {
    { "connect to {10.20.30.40}:443 failed", "ip" },
    { "dhcp: lease of {192.168.7.9}.", "ip" },
    { "src={fe80::250:56ff:fe9a:1b2c} dst", "ip" },
    { "route {2001:db8:12:34::1} gone", "ip" },
    { "vmxnet3 eth0: {00:50:56:9a:1b:2c} up", "mac" },
    { "ethernet0.address = \"{00:0C:29:AA:BB:CC}\"", "mac" },
    { "root=UUID={611e2d9a-a3da-4ac7-9eb9-8d09cb151a93} ro", "uuid" },
    { "uuid.bios = \"{56 4d 12 34 56 78 9a bc-de f0 12 34 56 78 9a bc}\"", "uuid" },
    { "machine-id {0123456789abcdef0123456789abcdef}", "id" },
    { "mail for {joe.doe+x@mail.example.org} bounced", "mail" },
    { "open /home/{jdoe}/vm/a.vmx", "user" },
    { "C:\\Users\\{JDoe}\\Documents", "user" },
    { "/vmfs/volumes/{5f3a-secret}/", "datastore" },
    { "mount \\\\{filer07}\\share$", "host" },
    { "session opened for user {operator7}", "user" },
    { "Hostname set to <{db01}>.", "host" },
    { "Serial Number: {VMware-56 4d 11 22 33 44 55 66-77 88 99 aa bb cc dd ee}", "serial" },
    { "S/N: {S4EWNX0R123456}", "serial" },
    { "from {::1f00:12} and", "ip" },
    /* Nothing private: addresses of everybody, times, buses, versions, hashes of programs. */
    { "listen on 127.0.0.1:80, ::1, 0.0.0.0", NULL },
    { "sd 2:0:1:0: [sdb] Attached", NULL },
    { "pci 0000:03:00.0: [15ad:07c0]", NULL },
    { "12:34:56 it began", NULL },
    { "Linux version 6.1.138-5.ph5-esx", NULL },
    { "module 5.10.0.1-rc2 loaded", NULL },
    { "broadcast ff:ff:ff:ff:ff:ff", NULL },
    { "RIP: 0010:foo+0x10/0x80", NULL },
    { "Code: 0f 0b 48 89 e5 41 57 41 56 41 55 41 54 53", NULL },
    { "sha256 1bba57163a3cfd3e115d32fa971e74bf8ea2702f36643483362023ecc49fba82", NULL },
    { "std::vector::at: out of range", NULL },
    { "", NULL },
};

START_TEST(by_shape)
{
    const char *open = strchr(cases[_i].text, '{'), *close = strchr(cases[_i].text, '}');
    struct redactor *r = start("key");
    char plain[300] = "";
    struct str s, result;

    if (cases[_i].token) {
        strncat(plain, cases[_i].text, (size_t)(open - cases[_i].text));
        strncat(plain, open + 1, (size_t)(close - open - 1));
        strcat(plain, close + 1);
        s = str_from(plain);
        result = redact(r, s);
        ck_assert_msg(str_starts(result, (struct str){ plain, (size_t)(open - cases[_i].text) }),
                      "%.*s", STR_ARG(result));
        ck_assert_msg(str_ends(result, str_from(close + 1)), "%.*s", STR_ARG(result));
        ck_assert_uint_eq(redact_count(r), 1);
        result = str_from_at(result, (size_t)(open - cases[_i].text));
        ck_assert_msg(str_take(&result, str_from(cases[_i].token)), "%.*s", STR_ARG(result));
        ck_assert_uint_eq(result.n, 11 + strlen(close + 1));
    } else {
        result = redact(r, str_from(cases[_i].text));
        ck_assert_msg(str_eq(result, str_from(cases[_i].text)), "%.*s", STR_ARG(result));
        ck_assert_uint_eq(redact_count(r), 0);
    }
    redactor_free(r);
}
END_TEST

START_TEST(names_are_whole_words)
{
    struct redactor *r = start("key");
    struct str s;

    redact_learn(r, SORT_HOST, STR("db01"));
    redact_learn(r, SORT_HOST, STR("db01.lab.example.org"));
    redact_learn(r, SORT_HOST, STR("no"));
    redact_learn(r, SORT_HOST, STR("vmware"));
    redact_learn(r, SORT_HOST, STR("4711"));
    s = redact(r, STR("db01: mydb01 db01x DB01 db01.lab.example.org vmware no 4711"));
    ck_assert_uint_eq(redact_count(r), 3);
    ck_assert_uint_ne(str_find(s, STR("mydb01 db01x host-")), STR_NOT_FOUND);
    ck_assert_uint_eq(str_find(s, STR("example")), STR_NOT_FOUND);
    ck_assert(str_ends(s, STR(" vmware no 4711")));
    redactor_free(r);
}
END_TEST

START_TEST(tokens_are_stable_and_keyed)
{
    struct redactor *a = start("one"), *b = start("one"), *c = start("two");
    static const struct str text = { STR_INIT("10.1.2.3 10.1.2.4 10.1.2.3") };
    struct str s = redact(a, text), t;

    ck_assert_uint_eq(s.n, 41);
    ck_assert(str_eq(str_first(s, 13), str_from_at(s, 28)));
    ck_assert(!str_eq(str_first(s, 13), str_first(str_from_at(s, 14), 13)));
    t = redact(b, text);
    ck_assert(str_eq(s, t));
    t = redact(c, text);
    ck_assert(!str_eq(s, t));
    redactor_free(a);
    redactor_free(b);
    redactor_free(c);
}
END_TEST

START_TEST(every_escaper_redacts)
{
    static void (*const escapers[])(struct out *, struct str) = { out_log, out_tty, out_json,
                                                                  out_markup };
    struct redactor *r = start("key");
    struct out *o = out_new_memory(), *scratch;

    redact_learn(r, SORT_HOST, STR("a<b&c"));
    out_redact(o, r);
    scratch = out_new_scratch(o);
    for (size_t i = 0; i < sizeof escapers / sizeof escapers[0]; i++) {
        escapers[i](o, STR("at 10.9.8.7 on a<b&c"));
        escapers[i](scratch, STR("at 10.9.8.7 on a<b&c"));
    }
    ck_assert_uint_eq(str_find(out_bytes(o), STR("10.9")), STR_NOT_FOUND);
    ck_assert_uint_eq(str_find(out_bytes(o), STR("b&")), STR_NOT_FOUND);
    ck_assert_uint_eq(str_find(out_bytes(scratch), STR("10.9")), STR_NOT_FOUND);
    ck_assert_uint_eq(redact_count(r), 16);
    out_free(scratch);
    out_free(o);
    redactor_free(r);
}
END_TEST

START_TEST(long_texts_to_their_end)
{
    static char text[200000];
    struct redactor *r = start("key");
    size_t n = 0;
    struct str s;

    while (n + 20 < sizeof text) {
        memcpy(text + n, "10.9.8.7 and so on \n", 20);
        n += 20;
    }
    s = redact(r, (struct str){ text, n });
    ck_assert_uint_eq(redact_count(r), n / 20);
    ck_assert_uint_eq(str_find(s, STR("10.9.8.7")), STR_NOT_FOUND);
    redactor_free(r);
}
END_TEST

START_TEST(keeps_a_map_and_a_list)
{
    struct redactor *r = start("key");
    const struct redact_pair *pairs;
    const struct str *kept;

    redact(r, STR("10.9.8.7 asks vault.corp and vault.corp"));
    ck_assert_uint_eq(redact_map(r, &pairs), 1);
    ck_assert(str_eq(pairs[0].from, STR("10.9.8.7")));
    ck_assert_uint_eq(redact_kept(r, &kept), 1);
    ck_assert(str_eq(kept[0], STR("vault.corp")));
    redactor_free(r);
}
END_TEST

Suite *check_redact(void)
{
    Suite *s = suite_create("redact");
    TCase *t = tcase_create("tokens");

    tcase_add_loop_test(t, by_shape, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, names_are_whole_words);
    tcase_add_test(t, tokens_are_stable_and_keyed);
    tcase_add_test(t, every_escaper_redacts);
    tcase_add_test(t, long_texts_to_their_end);
    tcase_add_test(t, keeps_a_map_and_a_list);
    suite_add_tcase(s, t);
    return s;
}
