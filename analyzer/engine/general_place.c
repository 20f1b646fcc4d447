/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program's name looks like any word. The kernel and systemd print it in a few shapes: "comm
 * java", "process 812 (java)", "task java:812", "[java:812]".
 */
#include "analyzer/engine/general_place.h"

#include <string.h>

enum { COMM_BYTES = 64 }; /* 15, and what a work queue adds to its thread's name */

/* Up to a blank; the punctuation of the sentence is not of it. */
static bool take_token(struct str *in)
{
    size_t n = 0;

    while (n < in->n && n < COMM_BYTES && !strchr(" \t)\"'", in->p[n]))
        n++;
    while (n && strchr(":,.;", in->p[n - 1]))
        n--;
    *in = str_from_at(*in, n);
    return n > 0;
}

/* "kworker/3:1" of "kworker/3:1:1234]": the number behind the last colon is the process. */
static bool take_task(struct str *in)
{
    struct str s = *in, token, number;
    uint64_t pid;
    size_t n = 0, colon;

    while (n < s.n && n < COMM_BYTES && !strchr(" \t]", s.p[n]))
        n++;
    token = str_first(s, n);
    colon = str_find_last_char(token, ':');
    if (colon == STR_NOT_FOUND || colon == 0)
        return false;
    number = str_from_at(token, colon + 1);
    token = str_first(token, colon);
    if (!str_to_u64(number, &pid) || str_find_char(token, '.') != STR_NOT_FOUND)
        return false; /* "[main.c:4210]" is a place in a source */
    *in = str_from_at(*in, colon);
    return true;
}

/* "1-1.2": the port's way through the hubs. */
static bool take_usb_port(struct str *in)
{
    struct str s = *in;
    uint64_t number;

    if (!str_take_u64(&s, &number) || !str_take_char(&s, '-') || !str_take_u64(&s, &number))
        return false;
    while (s.n > 1 && s.p[0] == '.' && char_is_digit(s.p[1])) {
        s = str_from_at(s, 1);
        str_take_u64(&s, &number);
    }
    *in = s;
    return true;
}

/* The whole rest of the line but its full stop. */
static bool take_rest(struct str *in)
{
    size_t n = in->n;

    if (n && in->p[n - 1] == '.')
        n--;
    *in = str_from_at(*in, n);
    return n > 0;
}

/* "process 812 (", "PID 812 (" */
static bool behind_process(struct str before)
{
    static const struct str words[] = { { STR_INIT("process ") }, { STR_INIT("PID ") } };
    struct str s = before;

    if (!str_ends(s, STR(" (")))
        return false;
    s = str_first(s, s.n - 2);
    for (; s.n && char_is_digit(s.p[s.n - 1]); s.n--)
        ;
    return s.n + 2 < before.n && (str_ends(s, words[0]) || str_ends(s, words[1]));
}

/* "foo.service - ": systemd 249 and later print a unit's name with its description. */
static bool behind_unit(struct str before)
{
    static const struct str ends[] = {
        { STR_INIT(".service - ") },   { STR_INIT(".mount - ") },  { STR_INIT(".socket - ") },
        { STR_INIT(".automount - ") }, { STR_INIT(".device - ") }, { STR_INIT(".timer - ") },
        { STR_INIT(".swap - ") },      { STR_INIT(".scope - ") },
    };

    for (size_t i = 0; str_ends(before, STR(" - ")) && i < sizeof ends / sizeof ends[0]; i++)
        if (str_ends(before, ends[i]))
            return true;
    return false;
}

static bool behind_comm(struct str before)
{
    return str_ends(before, STR("comm ")) || str_ends(before, STR("Comm: "));
}

static bool behind_task(struct str before)
{
    return str_ends(before, STR("task ")) || str_ends(before, STR("["));
}

static bool behind_usb(struct str before)
{
    return str_eq(before, STR("usb ")) || str_ends(before, STR(" usb "));
}

static const struct {
    bool (*behind)(struct str before);
    struct general_kind kind;
} places[] = {
    { behind_comm, { take_token, { STR_INIT("comm") }, { STR_INIT("\\S+") }, false } },
    { behind_process, { take_token, { STR_INIT("comm") }, { STR_INIT("[^)]+") }, false } },
    { behind_task, { take_task, { STR_INIT("comm") }, { STR_INIT("[^\\]\\s]+") }, false } },
    { behind_unit, { take_rest, { STR_INIT("description") }, { STR_INIT(".+") }, false } },
    { behind_usb, { take_usb_port, { STR_INIT("port") }, { STR_INIT("\\d+-[\\d.]+") }, false } },
};

const struct general_kind *general_place_at(struct str text, size_t at, struct str *rest)
{
    if (at == 0 || !strchr(" [(", text.p[at - 1])) /* as all of them begin: most places are none */
        return NULL;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        *rest = str_from_at(text, at);
        if (places[i].behind(str_first(text, at)) && places[i].kind.take(rest))
            return &places[i].kind;
    }
    return NULL;
}
