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
    { "{2001:db8:1::7}. It", "ip" },
    { "rd.luks.uuid=luks-{611e2d9a-a3da-4ac7-9eb9-8d09cb151a93}", "uuid" },
    { "{564D1234-5678-9ABC-DEF0-123456789ABC}", "uuid" },
    { "UUID={1A2B-3C4D} /boot/efi", "uuid" },
    { "/dev/disk/by-uuid/{01D8A5B6C7E8F901}", "uuid" },
    { "PARTUUID={5f3a9b21-02}", "uuid" },
    { "id {0123456789ABCDEF0123456789ABCDEF}", "id" },
    { "scsi-{36000c29f1a2b3c4d5e6f7a8b9c0d1e2f}", "id" },
    { "uuid {3kQe9x-YbKo-1111-TTTT-abcd-EFGH-zz9911}.", "id" },
    { "mac {0050.569a.1b2c}", "mac" },
    { "BOOTIF=01-{00-50-56-9a-1b-2c}", "mac" },
    { "ifname=lan0:{00:50:56:9a:1b:2c}", "mac" },
    { "MAC address {001b21aabbcc}", "mac" },
    { "WWPN {21:00:00:24:ff:12:34:56} up", "wwn" },
    { "hwaddr {80:00:00:48:fe:80:00:00:00:00:00:00:24:8a:07:03:00:a1:b2:c3}", "wwn" },
    { "/dev/disk/by-id/{wwn-0x5000c500a1b2c3d4}-part1", "disk" },
    { "naa.{5000c500a1b2c3d4} is down", "wwn" },
    { "sas_addr(0x{5000c500a1b2c3d4})", "wwn" },
    { "target {iqn.2003-01.com.acme:lab.7}, lost", "iqn" },
    { "ip=dhcp::::{webhost}:eth0", "host" },
    { "Linux version 6.1.0 (root@{smith-pc}) (gcc 12)", "host" },
    { "Linux version 6.1.0 ({jsmith}@builder) (gcc 12)", "user" },
    { "nfs: server {filer} not responding, still trying", "host" },
    { "mount.nfs: {filer}:/ is gone", "host" },
    { "mounting //{filer}/data", "host" },
    { "see https://{portal}/x", "host" },
    { "lookup of {a.b.corp.example} failed", "host" },
    { "by {ip-10-20-30-40}", "host" },
    { "{web7} login: ", "host" },
    { "Hostname={esx-3}", "host" },
    { "sshd: Failed password for {jsmith} from here", "user" },
    { "Invalid user {jsmith} from there", "user" },
    { "session 3 of user {jsmith}.", "user" },
    { "pam: for user {jsmith}(uid=1000)", "user" },
    { "sudo:  {jsmith} : TTY=pts/0 ; PWD=/", "user" },
    { "CRON[77]: ({jsmith}) CMD (true)", "user" },
    { "AUID=\"{jsmith}\"", "user" },
    { "login of {CORP\\jsmith} failed", "user" },
    { "C:\\Users\\{Max Muster}\\x", "user" },
    { "/run/media/{jsmith}/usb", "user" },
    { "[{Store 7}] VM one/VM one.vmdk", "datastore" },
    { "root=LABEL={acme7}", "label" },
    { "/dev/disk/by-label/{acme7}.", "label" },
    { "/dev/mapper/{acme7}-root", "volume" },
    { "dev-mapper-{acme7}\\x2droot.device", "volume" },
    { "rd.lvm.lv={acme7}/root", "volume" },
    { "Volume group \"{acme7}\" not found", "volume" },
    { "instance {i-0abcdef1234567890}", "instance" },
    { "ssid=\"{My Home}\"", "ssid" },
    { "key {ABCDE-12345-FGHIJ-67890-KLMNO}", "key" },
    { "password={hunter2}", "secret" },
    { "annotation = \"{owned by Jane}\"", "setting" },
    { "RemoteDisplay.vnc.key = \"{BASE64==}\"", "setting" },
    { "sharedFolder0.guestName = \"{Jane's}\"", "setting" },
    { "VMAutomation: user \"{jsmith}\" connected", "user" },
    /* What systems call things by themselves, and what only looks like a name. */
    { "Failed to start getty@tty1.service, modprobe@loop.service", NULL },
    { "systemd-fsck@dev-disk-by\\x2dlabel-EFI.service", NULL },
    { "root=/dev/mapper/photon-root rd.lvm.lv=rhel/swap /dev/mapper/ubuntu--vg-ubuntu--lv", NULL },
    { "LABEL=cloudimg-rootfs /dev/VolGroup00/LogVol00", NULL },
    { "mask 255.255.255.0, driver version 1.4.17.0", NULL },
    { "curl http://169.254.169.254/latest", NULL },
    { "see https://docs.kernel.org/x, knowledge.broadcom.com and https://github.com/y", NULL },
    { "org.freedesktop.login1 of com.vmware.tools", NULL },
    { "pipe \\\\.\\pipe\\vmx", NULL },
    { "Last login: Tue", NULL },
    { "mount: /dev/sda1: can't read superblock", NULL },
    { "dumped core of user 998", NULL },
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

/* A volume group is often called like its machine, which dm and systemd spell in their own ways. */
START_TEST(names_as_volumes_spell_them)
{
    struct redactor *r = start("key");
    struct str s;

    redact_learn(r, SORT_HOST, STR("web-7"));
    s = redact(r, STR("lv web--7/root, vg-web\\x2d7, web\\x2d\\x2d7.swap"));
    ck_assert_uint_eq(redact_count(r), 3);
    ck_assert_msg(str_find(s, STR("web")) == STR_NOT_FOUND, "%.*s", STR_ARG(s));
    redactor_free(r);
}
END_TEST

/* As a field of its own a value has no key in front of it. */
START_TEST(settings_by_their_key)
{
    static const char *const owners[] = { "annotation", "guestinfo.x.y", "ethernet0.networkName",
                                          "GuestInfo.Password", "machine.id" };
    struct redactor *r = start("key");
    struct str text = STR("of Jane"), s;

    for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++)
        ck_assert_msg(str_starts(redact_setting(r, str_from(owners[i]), text), STR("setting-")),
                      "%s", owners[i]);
    s = redact_setting(r, STR("scsi0.virtualDev"), text);
    ck_assert(str_eq(s, text));
    redact_learn(r, SORT_HOST, text);
    s = redact_setting(r, STR("annotation"), text);
    ck_assert(str_starts(redact(r, s), STR("host-")));
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
    tcase_add_test(t, names_as_volumes_spell_them);
    tcase_add_test(t, settings_by_their_key);
    suite_add_tcase(s, t);
    return s;
}
