/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens in place of private values; see redact.h. */
#include "reports/redact.h"

#include "analyzer/engine/pattern.h"
#include "analyzer/engine/sha256.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAP_MAX = 20000, /* values of one run that are remembered */
    KEPT_MAX = 1000,
    NAMES_MAX = 4096,
    NAME_MIN = 3,
    PIECE_BYTES = 32 << 10,
    ARENA_BYTES = 32 << 20,
};

/* The kinds in the order in which a place is tried; `sort` says whose token it gets. */
static const struct {
    const char *regex; /* its one group "v" is the value */
    const char *token;
} kinds[] = {
    { "(?i)(?<![0-9a-f-])(?<v>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
      "(?![0-9a-f])",
      "uuid" },
    { "(?i)(?<![0-9a-f])(?<v>(?:[0-9a-f]{2} ){7}[0-9a-f]{2}[- ](?:[0-9a-f]{2} ){7}[0-9a-f]{2})"
      "(?![0-9a-f])",
      "uuid" },
    { "(?<![0-9a-fA-F])(?<v>[0-9a-f]{32})(?![0-9a-fA-F])", "id" },
    { "(?i)(?<![0-9a-f:-])(?<v>[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5})(?![:-]?[0-9a-f])", "mac" },
    { "(?<![\\w.-])(?<v>(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3})"
      "(?![\\w-]|\\.\\d)",
      "ip" },
    { "(?i)(?<![\\w:.])(?<v>(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?=[0-9a-f:]*::)"
      "(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}|(?:fe80|f[cd][0-9a-f]{2}|2[0-9a-f]{3})"
      "(?::[0-9a-f]{0,4}){2,7}|::(?=[a-f:]*\\d)(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})(?![\\w:.])",
      "ip" },
    { "(?<![\\w.+-])(?<v>[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+)", "mail" },
    { "(?:/home/|/Users/|\\\\Users\\\\|/run/user/|/export/home/)(?<v>[^/\\\\\\s\"'<>:;,()]+)",
      "user" },
    { "/vmfs/volumes/(?<v>[^/\"'<>:;,]+)", "datastore" },
    { "(?<![\\\\\\w])\\\\\\\\(?<v>[\\w.-]+)\\\\[\\w$.-]+", "host" },
    { "(?i)(?:serial ?(?:number|no)?|s/n|serialno|service tag)\\s*[:=#]\\s*\"?"
      "(?<v>[\\w][\\w./-]{3,}(?: [0-9a-f]{2})*(?:-[0-9a-f]{2}(?: [0-9a-f]{2})*)?)",
      "serial" },
    { "(?i)\\b(?:user(?:name)?|acct|uid_name)\\s*[=:]\\s*\"?(?<v>[a-z_][\\w.-]{2,})", "user" },
    { "(?<![\\w.])session (?:opened|closed) for user (?<v>[\\w.-]+)", "user" },
    { "(?:Hostname set to <|hostname[=:] ?\"?)(?<v>[\\w.-]{2,})", "host" },
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

/* Names with dots that may be somebody's: for the list of what was kept. */
static const char suspect_regex[] =
        "(?i)(?<![\\w./"
        "@-])(?<v>[a-z][\\w-]*(?:\\.[\\w-]+)*\\.(?:local|lan|corp|internal|intra|home|"
        "test|com|net|org|edu|gov|io|de|eu|uk|fr|cn|in|jp|ru))(?![\\w-]|\\.\\w)";

struct name {
    struct str text, token;
};

struct redactor {
    struct arena arena;
    struct str key;
    struct pattern *patterns[KIND_COUNT], *suspect;
    struct pattern_scratch *scratch;
    struct names {
        VEC(struct name); /* the longest first */
    } names;
    struct map {
        VEC(struct redact_pair);
    } map;
    struct strs kept;
    uint64_t count;
    char *p; /* the last result */
    size_t n, size;
};

/* Values that name nobody. */
static bool is_common(struct str s)
{
    static const char *const words[] = {
        "localhost",
        "localhost.localdomain",
        "vmware",
        "photon",
        "linux",
        "kernel",
        "root",
        "unknown",
        "(none)",
        "host",
        "guest",
        "system",
        "127.0.0.1",
        "0.0.0.0",
        "::1",
        "::",
        "255.255.255.255",
        "debian",
        "ubuntu",
        "none",
        "default",
        "ff:ff:ff:ff:ff:ff",
        "log",
        "logs",
        "journal",
        "samples",
        "00:00:00:00:00:00",
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_eq_nocase(s, str_from(words[i])))
            return true;
    return false;
}

struct redactor *redactor_new(struct str key)
{
    struct redactor *r = calloc(1, sizeof *r);
    struct err err;
    bool ok;

    if (!r)
        return NULL;
    arena_init(&r->arena, ARENA_BYTES);
    r->key = arena_str(&r->arena, key);
    r->scratch = pattern_scratch_new(false);
    r->suspect = pattern_new(STR(suspect_regex), false, &err);
    ok = r->scratch && r->suspect;
    for (size_t i = 0; ok && i < KIND_COUNT; i++)
        ok = (r->patterns[i] = pattern_new(str_from(kinds[i].regex), false, &err)) != NULL;
    if (ok)
        return r;
    redactor_free(r);
    return NULL;
}

void redactor_free(struct redactor *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < KIND_COUNT; i++)
        pattern_free(r->patterns[i]);
    pattern_free(r->suspect);
    pattern_scratch_free(r->scratch);
    arena_done(&r->arena);
    free(r->p);
    free(r);
}

/* HMAC (RFC 2104) with SHA-256: without the key nobody can try values until the token fits. */
static void keyed_hash(struct str key, struct str value, unsigned char digest[32])
{
    unsigned char block[64] = { 0 };
    struct sha256 h;

    if (key.n > sizeof block) {
        sha256_init(&h);
        sha256_add(&h, key);
        sha256_done(&h, block);
    } else if (key.n) {
        memcpy(block, key.p, key.n);
    }
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= 0x36;
    sha256_init(&h);
    sha256_add(&h, (struct str){ (const char *)block, sizeof block });
    sha256_add(&h, value);
    sha256_done(&h, digest);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= 0x36 ^ 0x5c;
    sha256_init(&h);
    sha256_add(&h, (struct str){ (const char *)block, sizeof block });
    sha256_add(&h, (struct str){ (const char *)digest, 32 });
    sha256_done(&h, digest);
}

/* "host-3f9a1c"; letters of an address count alike. The value goes to the map. */
static struct str token_of(struct redactor *r, const char *kind, struct str value)
{
    unsigned char digest[32];
    char *lower = arena_new(&r->arena, char, value.n + 1);
    struct redact_pair *pair;
    struct str token;

    for (size_t i = 0; i < r->map.n; i++)
        if (str_eq(r->map.p[i].from, value))
            return r->map.p[i].to;
    for (size_t i = 0; lower && i < value.n; i++)
        lower[i] = char_lower(value.p[i]);
    keyed_hash(r->key, lower ? (struct str){ lower, value.n } : value, digest);
    token = arena_printf(&r->arena, "%s-%02x%02x%02x", kind, digest[0], digest[1], digest[2]);
    if (token.n == 0)
        return STR("(redacted)");
    pair = r->map.n < MAP_MAX ? vec_push(&r->arena, &r->map) : NULL;
    if (pair)
        *pair = (struct redact_pair){ arena_str(&r->arena, value), token };
    return token;
}

static const char *kind_of(enum value_sort sort)
{
    static const char *const words[] = {
        [SORT_OTHER] = "name", [SORT_HOST] = "host", [SORT_USER] = "user", [SORT_IP] = "ip",
        [SORT_MAC] = "mac",    [SORT_UUID] = "uuid", [SORT_PATH] = "path", [SORT_DEVICE] = "device",
    };

    return words[sort];
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!char_is_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != '-')
            return false;
    return true;
}

void redact_learn(struct redactor *r, enum value_sort sort, struct str name)
{
    struct name *slot;
    size_t at;

    name = str_trim(name);
    if (name.n < NAME_MIN || is_common(name) || is_number(name) || r->names.n >= NAMES_MAX)
        return;
    for (size_t i = 0; i < r->names.n; i++)
        if (str_eq(r->names.p[i].text, name))
            return;
    slot = vec_push(&r->arena, &r->names);
    if (!slot)
        return;
    at = r->names.n - 1;
    while (at > 0 && r->names.p[at - 1].text.n < name.n) {
        r->names.p[at] = r->names.p[at - 1];
        at--;
    }
    r->names.p[at] = (struct name){ arena_str(&r->arena, name), token_of(r, kind_of(sort), name) };
}

static void learn_path(struct redactor *r, struct str path)
{
    size_t slash = str_find_last_char(path, '/');
    struct str base = slash == STR_NOT_FOUND ? path : str_from_at(path, slash + 1);
    size_t dot = str_find_last_char(base, '.');

    redact_learn(r, SORT_HOST, dot == STR_NOT_FOUND ? base : str_first(base, dot));
}

static void learn_host(struct redactor *r, struct str host)
{
    size_t dot = str_find_char(host, '.');

    redact_learn(r, SORT_HOST, host);
    if (dot != STR_NOT_FOUND)
        redact_learn(r, SORT_HOST, str_first(host, dot));
}

void redact_learn_analysis(struct redactor *r, const struct analysis *a)
{
    const struct value *vm = &facts_get(&a->case_facts, FACT_VMX_NAME)->value;

    if (!r)
        return;
    if (vm->type == VALUE_TEXT)
        redact_learn(r, SORT_HOST, vm->text);
    if (a->clues.vmx_path.n)
        learn_path(r, a->clues.vmx_path);
    for (size_t i = 0; i < a->hosts.n; i++)
        learn_host(r, a->hosts.p[i]);
    /* A directory that is a VM's is named like it. */
    if (vm->type == VALUE_TEXT || a->clues.vmx_path.n)
        redact_learn(r, SORT_HOST, a->clues.directory);
}

static void add(struct redactor *r, struct str s)
{
    if (s.n > r->size - r->n) {
        size_t want = (r->n + s.n) * 2;
        char *p = realloc(r->p, want);

        /* Without memory the rest is left out: nothing private may slip through. */
        if (!p)
            return;
        r->p = p;
        r->size = want;
    }
    if (s.n)
        memcpy(r->p + r->n, s.p, s.n);
    r->n += s.n;
}

struct private_place {
    struct str value; /* within the text */
    struct str token; /* of a name; else by `kind` */
    const char *kind;
};

static bool is_word_char(char c)
{
    return char_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The first place of a learned name in `s` that is a whole word; `text` is all of the text. */
static bool find_name(const struct name *name, struct str text, size_t from, struct str *found)
{
    while (from < text.n) {
        size_t at = str_find_nocase(str_from_at(text, from), name->text);
        size_t end;

        if (at == STR_NOT_FOUND)
            return false;
        at += from;
        end = at + name->text.n;
        if ((at == 0 || !is_word_char(text.p[at - 1])) &&
            (end == text.n || !is_word_char(text.p[end]))) {
            *found = (struct str){ text.p + at, name->text.n };
            return true;
        }
        from = at + 1;
    }
    return false;
}

/* The first value of a kind that is not one that everybody has. */
static bool find_kind(struct redactor *r, size_t kind, struct str rest, struct str *found)
{
    while (pattern_match(r->patterns[kind], r->scratch, rest, found) == PATTERN_YES) {
        if (found->p && found->n && !is_common(*found))
            return true;
        if (!found->p)
            return false;
        rest = str_from_at(rest, (size_t)(found->p - rest.p) + found->n);
    }
    return false;
}

/* The first private value at or behind `from`; of several at one place the longest. */
static bool find_next(struct redactor *r, struct str text, size_t from, struct private_place *place)
{
    struct str rest = str_from_at(text, from), found;

    *place = (struct private_place){ 0 };
    for (size_t i = 0; i < r->names.n; i++) {
        if (!find_name(&r->names.p[i], text, from, &found))
            continue;
        if (!place->value.p || found.p < place->value.p ||
            (found.p == place->value.p && found.n > place->value.n))
            *place = (struct private_place){ .value = found, .token = r->names.p[i].token };
    }
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (!find_kind(r, i, rest, &found))
            continue;
        if (!place->value.p || found.p < place->value.p ||
            (found.p == place->value.p && found.n > place->value.n))
            *place = (struct private_place){ .value = found, .kind = kinds[i].token };
    }
    return place->value.p && place->value.n;
}

static void keep_suspects(struct redactor *r, struct str s)
{
    struct str found;

    while (r->kept.n < KEPT_MAX &&
           pattern_match(r->suspect, r->scratch, s, &found) == PATTERN_YES) {
        bool known = false;
        struct str *slot;

        for (size_t i = 0; i < r->kept.n && !known; i++)
            known = str_eq(r->kept.p[i], found);
        slot = known ? NULL : vec_push(&r->arena, &r->kept);
        if (slot)
            *slot = arena_str(&r->arena, found);
        s = str_from_at(s, (size_t)(found.p + found.n - s.p));
    }
}

/* One piece, no longer than a pattern looks. */
static void redact_piece(struct redactor *r, struct str s)
{
    struct private_place place;
    size_t from = 0;

    while (from < s.n && find_next(r, s, from, &place)) {
        size_t at = (size_t)(place.value.p - s.p);
        struct str between = { s.p + from, at - from };

        keep_suspects(r, between);
        add(r, between);
        add(r, place.kind ? token_of(r, place.kind, place.value) : place.token);
        r->count++;
        from = at + place.value.n;
    }
    keep_suspects(r, str_from_at(s, from));
    add(r, str_from_at(s, from));
}

struct str redact(struct redactor *r, struct str s)
{
    r->n = 0;
    while (s.n) {
        size_t n = s.n;

        /* Cut at a blank, so that no value is torn; a word of so many bytes is no name. */
        if (n > PIECE_BYTES) {
            n = PIECE_BYTES;
            while (n > PIECE_BYTES / 2 && !char_is_space(s.p[n - 1]))
                n--;
        }
        redact_piece(r, str_first(s, n));
        s = str_from_at(s, n);
    }
    return (struct str){ r->p, r->n };
}

uint64_t redact_count(const struct redactor *r)
{
    return r->count;
}

size_t redact_map(const struct redactor *r, const struct redact_pair **pairs)
{
    *pairs = r->map.p;
    return r->map.n;
}

size_t redact_kept(const struct redactor *r, const struct str **kept)
{
    *kept = r->kept.p;
    return r->kept.n;
}
