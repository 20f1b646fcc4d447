/* SPDX-License-Identifier: Apache-2.0 */
/* What the redactor is told: names of every kind, very many of them, and paths. */
#include "reports/redact.h"
#include "reports/redact_names.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct redactor *start(void)
{
    struct redactor *r = redactor_new(STR("key"));

    ck_assert_ptr_nonnull(r);
    return r;
}

static bool has(struct str s, const char *part)
{
    return str_find_nocase(s, str_from(part)) != STR_NOT_FOUND;
}

/* Each `name` is learned alone; `gone` texts must lose it, `same` texts stay as they are. */
static const struct {
    const char *name, *text;
    bool gone;
} places[] = {
    { "web-7", "mount of web-7 failed", true },
    { "web-7", "WEB-7: Web-7, (web-7)", true },
    { "web-7", "/vmfs/volumes/x/web-7/web-7_1.vmdk", true },
    { "web-7", "open '/srv/web-7.log'", true },
    { "web-7", "web-77 and aweb-7 are others", false },
    { "a.*b[0-9]+(", "at a.*b[0-9]+( it ends", true },
    { "a.*b[0-9]+(", "at axxb77( it goes on", false },
    { "$(reboot)", "named $(reboot) by somebody", true },
    { "My VM (2)", "starting my vm (2) now", true },
    { "b\xc3\xbcro-m\xc3\xbcller", "host b\xc3\xbcro-m\xc3\xbcller is down", true },
    { "b\xc3\xbcro",
      "b\xc3\xbcrom\xc3\xb6"
      "bel",
      false },
    { "\xe6\x9c\xba\xe5\x99\xa8", "\xe6\x9c\xba\xe5\x99\xa8: panic", true },
    { "queue", "blk_queue_rq+0x10/0x20", false },
    { "queue", "queue_1.vmdk of /queue/", true },
    { "kernel", "kernel: BUG: kernel NULL pointer", false },
    { "vm", "vm.swappiness of the vmware vm", false },
    { "4711", "error 4711", false },
    { "(none)", "hostname (none)", false },
    { "", "nothing", false },
    { " \t", "a \t b", false },
};

START_TEST(names_in_texts)
{
    struct redactor *r = start();
    struct str text = str_from(places[_i].text), shown;

    redact_learn(r, SORT_HOST, str_from(places[_i].name));
    shown = redact(r, text);
    if (places[_i].gone)
        ck_assert_msg(!has(shown, places[_i].name) && has(shown, "host-"), "%.*s", STR_ARG(shown));
    else
        ck_assert_msg(str_eq(shown, text), "%.*s", STR_ARG(shown));
    redactor_free(r);
}
END_TEST

/* Where all of a text is the name, as in a column of a report, even a common word goes. */
START_TEST(common_names_where_they_stand_alone)
{
    static const char *const names[] = { "kernel", "vm", "a", "4711", "test", "Server" };
    struct redactor *r = start();
    const struct str *kept;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        redact_learn(r, SORT_HOST, str_from(names[i]));
        ck_assert_msg(str_starts(redact(r, str_from(names[i])), STR("host-")), "%s", names[i]);
    }
    ck_assert_uint_eq(redact_kept(r, &kept), 6);
    ck_assert(str_eq(kept[1], STR("vm")));
    redactor_free(r);
}
END_TEST

START_TEST(of_names_that_begin_alike_the_longest)
{
    struct redactor *r = start();
    char first[64];
    struct str s;

    redact_learn(r, SORT_HOST, STR("web-7 old"));
    redact_learn(r, SORT_HOST, STR("web"));
    redact_learn(r, SORT_HOST, STR("web-7"));
    redact_learn(r, SORT_HOST, STR("web-7 older"));
    s = redact(r, STR("web-7"));
    snprintf(first, sizeof first, "%.*s", STR_ARG(s));
    s = redact(r, STR("web-7 oldest"));
    ck_assert(str_starts(s, str_from(first)) && str_ends(s, STR(" oldest")));
    s = redact(r, STR("web-7 old, web-7 older; web-71"));
    ck_assert_msg(!has(s, "web-7 ") && !has(s, "old"), "%.*s", STR_ARG(s));
    redactor_free(r);
}
END_TEST

static size_t below(uint64_t *seed, size_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(*seed >> 33) % n;
}

static void random_text(uint64_t *seed, char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        text[i] = "-.+"[below(seed, 3)];
}

/* Names of a small alphabet, so that most begin with others: as looking at each of them finds. */
START_TEST(as_a_plain_search_finds)
{
    enum { NAMES = 200, TEXTS = 500, NAME = 9, TEXT = 24 };
    struct arena arena = { 0 };
    struct names names = { .arena = &arena };
    char all[NAMES][NAME], text[TEXT];
    size_t lengths[NAMES];
    uint64_t seed = 7;

    for (size_t i = 0; i < NAMES; i++) {
        lengths[i] = NAME_MIN + below(&seed, NAME - NAME_MIN + 1);
        random_text(&seed, all[i], lengths[i]);
        ck_assert(names_add(&names, (struct str){ all[i], lengths[i] }, STR("x")));
    }
    for (size_t i = 0; i < TEXTS; i++) {
        size_t n = 1 + below(&seed, TEXT);

        random_text(&seed, text, n);
        for (size_t at = 0; at < n; at++) {
            struct str rest = { text + at, n - at };
            const struct name *found = names_at(&names, (struct str){ text, n }, at);
            size_t longest = 0;

            for (size_t j = 0; j < NAMES; j++)
                if (lengths[j] > longest && str_starts(rest, (struct str){ all[j], lengths[j] }))
                    longest = lengths[j];
            ck_assert_uint_eq(found ? found->text.n : 0, longest);
        }
    }
    arena_done(&arena);
}
END_TEST

/* Each of them begins with all that are shorter, and none stands alone. */
START_TEST(names_within_names)
{
    static char name[4097], text[60000];
    struct redactor *r = start();

    for (size_t i = 0; i < sizeof name; i++)
        name[i] = ".bb-"[i % 4];
    for (size_t n = 6; n < sizeof name; n += 4)
        redact_learn(r, SORT_HOST, (struct str){ name, n });
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = ".bb-"[i % 4];
    ck_assert_uint_eq(redact(r, (struct str){ text, sizeof text }).n, sizeof text);
    redactor_free(r);
}
END_TEST

/* Each dash has other spellings: what they take grows with the name, not with its square. */
START_TEST(a_name_of_many_dashes)
{
    static char name[60001];
    struct redactor *r = start();

    for (size_t i = 0; i < sizeof name; i++)
        name[i] = "a-"[i % 2];
    redact_learn(r, SORT_HOST, (struct str){ name, sizeof name });
    ck_assert(!redact_is_full(r));
    redactor_free(r);
}
END_TEST

/* One value, many spellings, one token. */
START_TEST(spellings_of_one_value)
{
    static const char *const values[][2] = {
        { "00:50:56:9a:1b:2c", "00-50-56-9A-1B-2C" },
        { "00:50:56:9a:1b:2c", "0050569a1b2c" },
        { "00:0c:29:9a:1b:2c", "000C299A1B2C" },
        { "564d1234-5678-9abc-def0-123456789abc",
          "56 4d 12 34 56 78 9a bc-de f0 12 34 56 78 9a bc" },
        { "564d1234-5678-9abc-def0-123456789abc",
          "564d1234\\x2d5678\\x2d9abc\\x2ddef0\\x2d123456789abc" },
        { "FE80::250:56ff:fe9a:1b2c", "fe80::250:56ff:fe9a:1b2c" },
    };
    struct redactor *r = start();
    char first[64];
    struct str s = redact(r, str_from(values[_i][0]));

    snprintf(first, sizeof first, "%.*s", STR_ARG(s));
    ck_assert_uint_eq(redact_count(r), 1);
    s = redact(r, str_from(values[_i][1]));
    ck_assert_msg(str_eq(s, str_from(first)), "%s and %.*s", first, STR_ARG(s));
    redactor_free(r);
}
END_TEST

static const struct {
    const char *path, *text;
    const char *gone[3], *stays[3];
} paths[] = {
    { "lab/acme/web-7/vmware.log",
      "lab/acme/web-7/vmware.log:12 and lab/acme/web-7",
      { "acme", "web-7" },
      { "lab/path-", "/vmware.log:12" } },
    { "acme.log.2.gz", "acme.log.2.gz: torn", { "acme" }, { "path-", ".log.2.gz: torn" } },
    { "/var/log/messages-20261101", "/var/log/messages-20261101", { NULL }, { "messages-2026" } },
    { "vmware-3.log", "vmware-3.log:7", { NULL }, { "vmware-3.log:7" } },
    { "./../lab//x y/", "in ./../lab//x y/", { "x y" }, { "in ./../lab//path-" } },
    { "acme", "acme", { "acme" }, { "path-" } },
    { "acme", "at acme it", { NULL }, { "at acme it" } },
    { "bundle.tgz/var/log/host9/kern.log",
      "bundle.tgz/var/log/host9/kern.log",
      { "host9" },
      { "bundle.tgz/var/log/path-", "/kern.log" } },
    { "/", "/", { NULL }, { "/" } },
};

START_TEST(paths_of_inputs)
{
    struct redactor *r = start();
    struct str shown;

    redact_learn_path(r, str_from(paths[_i].path));
    shown = redact(r, str_from(paths[_i].text));
    for (size_t i = 0; i < 3; i++) {
        ck_assert_msg(!paths[_i].gone[i] || !has(shown, paths[_i].gone[i]), "%.*s", STR_ARG(shown));
        ck_assert_msg(!paths[_i].stays[i] || has(shown, paths[_i].stays[i]), "%.*s",
                      STR_ARG(shown));
    }
    redactor_free(r);
}
END_TEST

/* A directory that is named like a machine has the machine's token. */
START_TEST(names_within_paths)
{
    struct redactor *r = start();
    char name[64];
    struct str s;

    redact_learn(r, SORT_HOST, STR("web-7"));
    redact_learn_path(r, STR("acme/web-7/web-7.log"));
    s = redact(r, STR("web-7"));
    snprintf(name, sizeof name, "/%.*s/%.*s.log", STR_ARG(s), STR_ARG(s));
    s = redact(r, STR("acme/web-7/web-7.log"));
    ck_assert_msg(str_ends(s, str_from(name)), "%.*s", STR_ARG(s));
    redactor_free(r);
}
END_TEST

START_TEST(a_hundred_thousand_names)
{
    struct redactor *r = start();
    char name[64], text[200], before[64];
    struct str s;

    for (unsigned i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "vm-%05u", i);
        redact_learn(r, SORT_HOST, str_from(name));
    }
    ck_assert(!redact_is_full(r));
    before[0] = '\0';
    for (unsigned i = 0; i < 100000; i++) {
        snprintf(text, sizeof text, "the disk of vm-%05u is full, says /x/vm-%05u_1.vmdk", i, i);
        s = redact(r, str_from(text));
        ck_assert_msg(!has(s, "vm-"), "%.*s", STR_ARG(s));
        ck_assert_msg(!str_eq(s, str_from(before)), "%s", text);
        snprintf(before, sizeof before, "%.*s", (int)(s.n < 60 ? s.n : 60), s.p);
    }
    ck_assert_uint_eq(redact_count(r), 200000);
    redactor_free(r);
}
END_TEST

/* Repeats cost no memory, so tokens stay the same however long a run is. */
START_TEST(millions_of_repeats)
{
    struct redactor *r = start();
    const struct redact_pair *pairs;
    char first[100];
    struct str s;

    redact_learn(r, SORT_HOST, STR("web-7"));
    s = redact(r, STR("web-7 10.9.8.7 a@b.example"));
    snprintf(first, sizeof first, "%.*s", STR_ARG(s));
    for (unsigned i = 0; i < 100000; i++) {
        s = redact(r, STR("web-7 10.9.8.7 a@b.example"));
        ck_assert(str_eq(s, str_from(first)));
    }
    for (unsigned i = 0; i < 2000000; i++)
        ck_assert(str_starts(redact(r, STR("web-7")), str_first(str_from(first), 15)));
    ck_assert_uint_eq(redact_map(r, &pairs), 3);
    redactor_free(r);
}
END_TEST

/* More values than the map takes: it says so, and every token is still what it was. */
START_TEST(more_values_than_the_map_holds)
{
    enum { VALUES = 301000 };
    struct redactor *r = start();
    const struct redact_pair *pairs;
    char text[32], first[64];
    struct str s = redact(r, STR("10.0.0.0"));

    snprintf(first, sizeof first, "%.*s", STR_ARG(s));
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < VALUES; i += round ? 100000 : 1) {
            snprintf(text, sizeof text, "10.%u.%u.%u", i >> 16 & 255, i >> 8 & 255, i & 255);
            s = redact(r, str_from(text));
            ck_assert(str_starts(s, STR("ip-")) && s.n == sizeof "ip-0123456789" - 1);
        }
    }
    s = redact(r, STR("10.0.0.0"));
    ck_assert(str_eq(s, str_from(first)));
    ck_assert_uint_eq(redact_map(r, &pairs), 300000);
    ck_assert_uint_gt(redact_forgotten(r), 0);
    redactor_free(r);
}
END_TEST

/* Values around the places where long texts are cut. */
START_TEST(values_at_every_place_of_a_long_text)
{
    static char text[100001];
    struct redactor *r = start();
    struct str uuid = STR("56 4d 12 34 56 78 9a bc-de f0 12 34 56 78 9a bc"), s;

    for (size_t at = 27000; at < 34000; at += 37) {
        memset(text, ' ', 100000);
        memcpy(text + at, uuid.p, uuid.n);
        s = redact(r, (struct str){ text, 100000 });
        ck_assert_msg(s.n == 100000 - uuid.n + sizeof "uuid-0123456789" - 1, "at %zu", at);
    }
    redactor_free(r);
}
END_TEST

/* Text on which a pattern could take for ever: what cannot be judged is private. */
START_TEST(hostile_texts)
{
    static const char *const repeats[] = { "a.",         "a-b@", "::1",  "56 4d ",   "10.1",
                                           "serial: a ", "@a.",  "\\\\", "\xff\xfe", "/home/" };
    static char text[200001];
    struct redactor *r = start();
    size_t n = strlen(repeats[_i]);

    for (size_t i = 0; i + n < sizeof text; i += n)
        memcpy(text + i, repeats[_i], n);
    text[sizeof text - 1] = '\0';
    redact_learn(r, SORT_HOST, STR("a.a.a.a.a"));
    redact_learn(r, SORT_HOST, STR("home"));
    redact(r, str_from(text));
    redactor_free(r);
}
END_TEST

Suite *check_redact_names(void)
{
    Suite *s = suite_create("redact_names");
    TCase *t = tcase_create("names");

    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, names_in_texts, 0, sizeof places / sizeof places[0]);
    tcase_add_test(t, common_names_where_they_stand_alone);
    tcase_add_test(t, of_names_that_begin_alike_the_longest);
    tcase_add_test(t, as_a_plain_search_finds);
    tcase_add_test(t, names_within_names);
    tcase_add_test(t, a_name_of_many_dashes);
    tcase_add_loop_test(t, spellings_of_one_value, 0, 6);
    tcase_add_loop_test(t, paths_of_inputs, 0, sizeof paths / sizeof paths[0]);
    tcase_add_test(t, names_within_paths);
    tcase_add_test(t, a_hundred_thousand_names);
    tcase_add_test(t, millions_of_repeats);
    tcase_add_test(t, more_values_than_the_map_holds);
    tcase_add_test(t, values_at_every_place_of_a_long_text);
    tcase_add_loop_test(t, hostile_texts, 0, 10);
    suite_add_tcase(s, t);
    return s;
}
