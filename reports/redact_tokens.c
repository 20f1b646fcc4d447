/* SPDX-License-Identifier: Apache-2.0 */
/* Keyed hashes and the map of them; see redact_tokens.h. */
#include "reports/redact_tokens.h"

#include "analyzer/engine/sha256.h"

#include <stdio.h>
#include <string.h>

enum {
    MAP_MAX = 300000,
    DIGEST_SHOWN = 5, /* bytes: among 100,000 values two alike are one chance in two hundred */
    LABEL_MAX = 512,  /* bytes of a value that is remembered, with its kind */
};

static bool is_hex_kind(const char *kind)
{
    return strcmp(kind, "mac") == 0 || strcmp(kind, "uuid") == 0 || strcmp(kind, "id") == 0;
}

/* "\x2d" is how systemd writes the '-' of a UUID in the name of a unit. */
static size_t skip_escape(struct str value, size_t at)
{
    return str_starts(str_from_at(value, at), STR("\\x2d")) ? 4 : 0;
}

/* What counts of the value, in lower case. */
static void add_value(struct sha256 *h, struct str value, bool hex)
{
    char block[64];
    size_t n = 0;

    for (size_t i = 0; i < value.n; i++) {
        size_t escape = hex ? skip_escape(value, i) : 0;

        if (escape)
            i += escape - 1;
        else if (!hex || char_hex(value.p[i]) >= 0)
            block[n++] = char_lower(value.p[i]);
        if (n < sizeof block)
            continue;
        sha256_add(h, (struct str){ block, n });
        n = 0;
    }
    sha256_add(h, (struct str){ block, n });
}

/* HMAC (RFC 2104) with SHA-256: without the key nobody can try values until the token fits. */
static void keyed_hash(struct str key, struct str value, bool hex, unsigned char digest[32])
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
    add_value(&h, value, hex);
    sha256_done(&h, digest);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= 0x36 ^ 0x5c;
    sha256_init(&h);
    sha256_add(&h, (struct str){ (const char *)block, sizeof block });
    sha256_add(&h, (struct str){ (const char *)digest, 32 });
    sha256_done(&h, digest);
}

static struct str make_token(struct tokens *t, const char *kind, struct str value)
{
    unsigned char digest[32];
    int n;

    keyed_hash(t->key, value, is_hex_kind(kind), digest);
    n = snprintf(t->text, sizeof t->text, "%s-", kind);
    for (size_t i = 0; i < DIGEST_SHOWN; i++)
        n += snprintf(t->text + n, sizeof t->text - (size_t)n, "%02x", digest[i]);
    return (struct str){ t->text, (size_t)n };
}

/* Under what a value is remembered; empty when it is too long for that. */
static struct str label_of(char buffer[LABEL_MAX], const char *kind, struct str value)
{
    size_t n = strlen(kind);

    if (value.n >= LABEL_MAX - n)
        return (struct str){ 0 };
    memcpy(buffer, kind, n);
    buffer[n++] = ':';
    memcpy(buffer + n, value.p, value.n);
    return (struct str){ buffer, n + value.n };
}

/* Looked up first, in memory that is there: a name that stands in a million lines costs nothing. */
struct str tokens_of(struct tokens *t, const char *kind, struct str value)
{
    char buffer[LABEL_MAX];
    struct str label = label_of(buffer, kind, value), token;
    size_t number = label.n ? str_set_find(&t->values, label) : STR_NOT_FOUND;
    struct redact_pair *pair;

    if (number != STR_NOT_FOUND && number < t->map.n && t->map.p[number].to.n)
        return t->map.p[number].to;
    token = make_token(t, kind, value);
    if (label.n && t->map.n == t->values.of.n && t->map.n < MAP_MAX &&
        (number = str_set_add(t->arena, &t->values, label)) == t->map.n &&
        (pair = vec_push(t->arena, &t->map)))
        *pair = (struct redact_pair){ str_from_at(t->values.of.p[number], strlen(kind) + 1),
                                      arena_str(t->arena, token) };
    else
        t->forgotten++;
    return token;
}
