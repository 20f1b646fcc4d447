/* SPDX-License-Identifier: Apache-2.0 */
/* A table of expressions and the search through it; see redact_kinds.h. */
#include "reports/redact_kinds.h"

#include "reports/redact_words.h"

/* VMware's own addresses are known even without separators. */
#define MAC_BARE "(?:005056|000c29|000569)[0-9a-f]{6}"

/*
 * In the order in which a place is tried. `hint` stands in every text that has such a value, which
 * is looked for first: most lines have none of them.
 */
static const struct {
    const char *regex; /* its one group "v" is the value */
    const char *token;
    struct str hint;
    size_t least; /* bytes of a value */
} kinds_table[] = {
    { "(?i)(?<![0-9a-f-])(?<v>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
      "(?![0-9a-f])",
      "uuid",
      { STR_INIT("-") },
      36 },
    { "(?i)(?<v>[0-9a-f]{8}\\\\x2d[0-9a-f]{4}\\\\x2d[0-9a-f]{4}\\\\x2d[0-9a-f]{4}\\\\x2d"
      "[0-9a-f]{12})(?![0-9a-f])",
      "uuid",
      { STR_INIT("\\x2") },
      48 },
    { "(?i)(?<![0-9a-f])(?<v>(?:[0-9a-f]{2} ){7}[0-9a-f]{2}[- ](?:[0-9a-f]{2} ){7}[0-9a-f]{2})"
      "(?![0-9a-f])",
      "uuid",
      { STR_INIT(" ") },
      47 },
    { "(?<![0-9a-fA-F])(?<v>[0-9a-f]{32})(?![0-9a-fA-F])", "id", { 0 }, 32 },
    { "(?i)(?<![0-9a-f:-])(?<v>[0-9a-f]{2}(?::[0-9a-f]{2}){5})(?![:-]?[0-9a-f])",
      "mac",
      { STR_INIT(":") },
      17 },
    { "(?i)(?<![0-9a-f:-])(?<v>[0-9a-f]{2}(?:-[0-9a-f]{2}){5})(?![:-]?[0-9a-f])",
      "mac",
      { STR_INIT("-") },
      17 },
    { "(?i)(?<![0-9a-f])(?<v>" MAC_BARE ")(?![0-9a-f])", "mac", { STR_INIT("00") }, 12 },
    { "\\benx(?<v>[0-9a-f]{12})(?![0-9a-f])", "mac", { STR_INIT("enx") }, 12 },
    { "(?<![\\w.-])(?<v>(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3})"
      "(?![\\w-]|\\.\\d)",
      "ip",
      { STR_INIT(".") },
      7 },
    { "(?i)(?<![\\w:.])(?<v>(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?=[0-9a-f:]*::)"
      "(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}|(?:fe80|f[cd][0-9a-f]{2}|2[0-9a-f]{3})"
      "(?::[0-9a-f]{0,4}){2,7}|::(?=[a-f:]*\\d)(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})(?![\\w:.])",
      "ip",
      { STR_INIT(":") },
      4 },
    { "(?<![\\w.+-])(?<v>[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+)", "mail", { STR_INIT("@") }, 5 },
    { "(?:/home/|/Users/|\\\\Users\\\\|/run/user/|/export/home/)(?<v>[^/\\\\\\s\"'<>:;,()]+)",
      "user",
      { 0 },
      1 },
    { "/vmfs/volumes/(?<v>[^/\"'<>:;,]+)", "datastore", { STR_INIT("/vmfs/") }, 1 },
    { "(?<![\\\\\\w])\\\\\\\\(?<v>[\\w.-]+)\\\\[\\w$.-]+", "host", { STR_INIT("\\\\") }, 1 },
    { "(?i)(?:serial ?(?:number|no)?|s/n|serialno|service tag)\\s*[:=#]\\s*\"?"
      "(?<v>[\\w][\\w./-]{3,}(?: [0-9a-f]{2})*(?:-[0-9a-f]{2}(?: [0-9a-f]{2})*)?)",
      "serial",
      { 0 },
      4 },
    { "(?i)\\b(?:user(?:name)?|acct|uid_name)\\s*[=:]\\s*\"?(?<v>[a-z_][\\w.-]{2,})",
      "user",
      { 0 },
      3 },
    { "(?<![\\w.])session (?:opened|closed) for user (?<v>[\\w.-]+)",
      "user",
      { STR_INIT("session ") },
      1 },
    { "(?:Hostname set to <|Set hostname to <|hostname[=:] ?\"?)(?<v>[\\w.-]{2,})",
      "host",
      { STR_INIT("ostname") },
      2 },
};

enum { KINDS = sizeof kinds_table / sizeof kinds_table[0] };
_Static_assert((size_t)KINDS <= (size_t)KIND_COUNT, "a search has room for every kind");

/* Names with dots that may be somebody's: for the list of what was kept. */
static const char suspect_regex[] =
        "(?i)(?<![\\w./"
        "@-])(?<v>[a-z][\\w-]*(?:\\.[\\w-]+)*\\.(?:local|lan|corp|internal|intra|home|"
        "test|com|net|org|edu|gov|io|de|eu|uk|fr|cn|in|jp|ru))(?![\\w-]|\\.\\w)";

bool kinds_init(struct kinds *kinds)
{
    struct err err;
    bool ok;

    *kinds = (struct kinds){ .scratch = pattern_scratch_new(false),
                             .suspect = pattern_new(STR(suspect_regex), false, &err) };
    ok = kinds->scratch && kinds->suspect;
    for (size_t i = 0; ok && i < KINDS; i++) {
        kinds->patterns[i] = pattern_new(str_from(kinds_table[i].regex), false, &err);
        ok = kinds->patterns[i] != NULL;
    }
    return ok;
}

void kinds_done(struct kinds *kinds)
{
    for (size_t i = 0; i < KINDS; i++)
        pattern_free(kinds->patterns[i]);
    pattern_free(kinds->suspect);
    pattern_scratch_free(kinds->scratch);
}

/* The first value of a kind that is not one that everybody has. */
static bool find(const struct kinds *kinds, size_t kind, struct str rest, struct str *found)
{
    enum pattern_result result = PATTERN_NO;

    while (rest.n >= kinds_table[kind].least &&
           (result = pattern_match(kinds->patterns[kind], kinds->scratch, rest, found)) ==
                   PATTERN_YES) {
        if (!found->n)
            return false;
        if (!redact_is_ordinary(*found))
            return true;
        rest = str_from_at(rest, (size_t)(found->p - rest.p) + found->n);
    }
    if (result != PATTERN_GAVE_UP)
        return false;
    *found = rest;
    return true;
}

bool kinds_next(const struct kinds *kinds, struct kind_search *search, struct str text, size_t from,
                struct str *value, const char **kind)
{
    struct str rest = str_from_at(text, from);

    *value = (struct str){ 0 };
    for (size_t i = 0; i < KINDS; i++) {
        struct str *found = &search->found[i];

        if (!search->over[i] && (!found->p || found->p < rest.p))
            search->over[i] = (kinds_table[i].hint.n &&
                               str_find(rest, kinds_table[i].hint) == STR_NOT_FOUND) ||
                              !find(kinds, i, rest, found);
        if (search->over[i] ||
            (value->p && (found->p > value->p || (found->p == value->p && found->n <= value->n))))
            continue;
        *value = *found;
        *kind = kinds_table[i].token;
    }
    return value->p;
}

bool kinds_suspect(const struct kinds *kinds, struct str *text, struct str *name)
{
    if (text->n < 4 || str_find_char(*text, '.') == STR_NOT_FOUND ||
        pattern_match(kinds->suspect, kinds->scratch, *text, name) != PATTERN_YES || !name->n)
        return false;
    *text = str_from_at(*text, (size_t)(name->p + name->n - text->p));
    return true;
}
