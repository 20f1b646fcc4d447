/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets of the GDB remote protocol; see gdb.h. guest.c reads a kernel's log through them.
 *
 *     $m ffffffff81000000,400#5c        a request: text and the sum of its bytes
 *     +$4c8d5c240848* #..               "+" acknowledges it; in the reply "0* " is "0" four times
 *
 * An acknowledgement of ours travels in front of the next request: half the system calls, and
 * every stub takes bytes one by one.
 */
#include "parsers/memory/gdb.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    TRIES = 4,
    NOISE_MAX = 1 << 16, /* bytes outside packets, packets that answer nothing */
    CHUNK_MIN = 32,
    CHUNK_UNTOLD = 256, /* GDB's own default packet holds 400 bytes */
    CHUNK_MAX = GDB_REPLY_BYTES / 2,
    RUN_BIAS = 29,
    ESCAPE_BIT = 0x20,
    INTERRUPT = 3,
};

enum frame { FRAME_REPLY, FRAME_DAMAGED, FRAME_RESEND, FRAME_FAIL };

void gdb_init(struct gdb *g, const struct gdb_wire *wire)
{
    memset(g, 0, sizeof *g);
    g->wire = *wire;
    g->chunk = CHUNK_UNTOLD;
}

static bool take_byte(struct gdb *g, char *c, struct err *err)
{
    if (g->at == g->n) {
        g->at = 0;
        g->n = g->wire.read(g->wire.ctx, g->in, sizeof g->in, err);
        if (g->n == 0)
            return false;
    }
    *c = g->in[g->at++];
    return true;
}

/* What is being decoded. */
struct decoding {
    size_t n;
    unsigned sum;
    bool too_long;
};

static void put(struct gdb *g, struct decoding *d, char c, size_t times)
{
    if (times > sizeof g->reply - d->n) {
        d->too_long = true;
        return;
    }
    memset(g->reply + d->n, c, times);
    d->n += times;
}

/* '*': the byte before it again, as often as the next byte tells. */
static bool take_run(struct gdb *g, struct decoding *d, struct err *err)
{
    char c;

    if (!take_byte(g, &c, err))
        return false;
    d->sum += (unsigned char)c;
    if (d->n == 0 || (unsigned char)c < ' ' || (unsigned char)c > '~')
        d->too_long = true; /* no such run: damaged */
    else
        put(g, d, g->reply[d->n - 1], (size_t)c - RUN_BIAS);
    return true;
}

static bool take_escaped(struct gdb *g, struct decoding *d, struct err *err)
{
    char c;

    if (!take_byte(g, &c, err))
        return false;
    d->sum += (unsigned char)c;
    put(g, d, (char)(c ^ ESCAPE_BIT), 1);
    return true;
}

static enum frame fail_frame(struct err *err, const char *text)
{
    fail(err, FAIL_FORMAT, "%s", text);
    return FRAME_FAIL;
}

/* Behind '$': text, '#', two digits. */
static enum frame take_body(struct gdb *g, struct decoding *d, struct err *err)
{
    uint64_t bytes = 0;
    char c, high, low;

    for (;;) {
        if (++bytes > 2 * GDB_REPLY_BYTES)
            return fail_frame(err, "a reply of the debug stub does not end");
        if (!take_byte(g, &c, err))
            return FRAME_FAIL;
        if (c == '#')
            break;
        if (c == '$') { /* the end of the one before was lost */
            *d = (struct decoding){ 0 };
            continue;
        }
        d->sum += (unsigned char)c;
        if (c != '*' && c != '}')
            put(g, d, c, 1);
        else if (!(c == '*' ? take_run(g, d, err) : take_escaped(g, d, err)))
            return FRAME_FAIL;
    }
    if (!take_byte(g, &high, err) || !take_byte(g, &low, err))
        return FRAME_FAIL;
    if (char_hex(high) < 0 || char_hex(low) < 0 || d->too_long ||
        (d->sum & 255) != (unsigned)(char_hex(high) * 16 + char_hex(low)))
        return FRAME_DAMAGED;
    return FRAME_REPLY;
}

static enum frame take_frame(struct gdb *g, struct str *reply, struct err *err)
{
    struct decoding d = { 0 };
    enum frame frame;
    char c;

    for (unsigned noise = 0; noise < NOISE_MAX; noise++) {
        if (!take_byte(g, &c, err))
            return FRAME_FAIL;
        if (c == '-')
            return FRAME_RESEND;
        if (c != '$')
            continue;
        frame = take_body(g, &d, err);
        *reply = (struct str){ .p = g->reply, .n = d.n };
        return frame;
    }
    return fail_frame(err, "this is no debug stub: no packet among what it sends");
}

/* "T05thread:01;", "S05": the guest was halted; "OK" and the rest answer a request. */
static bool is_stop(struct str reply)
{
    return reply.n >= 3 && (reply.p[0] == 'T' || reply.p[0] == 'S') && char_hex(reply.p[1]) >= 0 &&
           char_hex(reply.p[2]) >= 0;
}

static bool send_packet(struct gdb *g, struct str request, struct err *err)
{
    char packet[GDB_REQUEST_BYTES + 8];
    unsigned sum = 0;
    int n;

    for (size_t i = 0; i < request.n; i++)
        sum += (unsigned char)request.p[i];
    n = snprintf(packet, sizeof packet, "%s$%.*s#%02x", g->owes_ack ? "+" : "", STR_ARG(request),
                 sum & 255);
    if (n < 0 || (size_t)n >= sizeof packet)
        return fail(err, FAIL_LIMIT, "a request to the debug stub is too long");
    g->owes_ack = false;
    g->n_requests++;
    return g->wire.write(g->wire.ctx, packet, (size_t)n, err);
}

/* The reply to a packet that was sent; `stop`: one that tells of a halt is wanted. */
static bool await(struct gdb *g, struct str request, bool stop, struct str *reply, struct err *err)
{
    unsigned tries = 0;

    for (unsigned noise = 0; tries < TRIES && noise < NOISE_MAX; noise++) {
        switch (take_frame(g, reply, err)) {
        case FRAME_FAIL: return false;
        case FRAME_RESEND:
            tries++;
            if (!send_packet(g, request, err))
                return false;
            break;
        case FRAME_DAMAGED:
            tries++;
            if (!g->wire.write(g->wire.ctx, "-", 1, err))
                return false;
            break;
        case FRAME_REPLY:
            g->owes_ack = true;
            if (stop || !is_stop(*reply))
                return true;
            break;
        }
    }
    return fail(err, FAIL_FORMAT, "the debug stub's replies arrive damaged, again and again");
}

bool gdb_ask(struct gdb *g, struct str request, struct str *reply, struct err *err)
{
    return send_packet(g, request, err) && await(g, request, false, reply, err);
}

/* "…;PacketSize=1000;…": in hexadecimal, and the reply spells a byte with two digits. */
static void take_features(struct gdb *g, struct str features)
{
    struct str before;
    uint64_t size;

    if (!str_take_until_str(&features, STR("PacketSize="), &before) ||
        !str_take_hex(&features, &size) || size / 2 < CHUNK_MIN)
        return;
    g->chunk = CHUNK_MIN;
    while (g->chunk * 2 <= CHUNK_MAX && g->chunk * 2 <= size / 2)
        g->chunk *= 2;
}

bool gdb_greet(struct gdb *g, struct err *err)
{
    static const char interrupt[] = { INTERRUPT };
    struct str reply;

    if (!gdb_ask(g, STR("qSupported:multiprocess-"), &reply, err))
        return false;
    take_features(g, reply);
    if (!send_packet(g, STR("?"), err) || !await(g, STR("?"), true, &reply, err))
        return false;
    if (is_stop(reply))
        return true;
    /* "OK" or nothing: it runs. */
    return g->wire.write(g->wire.ctx, interrupt, 1, err) && await(g, STR("?"), true, &reply, err) &&
           (is_stop(reply) || fail(err, FAIL_SUPPORT, "the debug stub does not halt the guest"));
}

/* "E14", or "E.text"; an empty reply: the stub knows no such request. */
static bool is_error(struct str reply)
{
    return reply.n == 0 || reply.p[0] == 'E';
}

/* Hexadecimal digits to bytes; false unless there are at most `n` whole ones, and at least one. */
static bool decode(struct str digits, unsigned char *to, size_t n)
{
    if (digits.n % 2 || digits.n == 0 || digits.n / 2 > n)
        return false;
    for (size_t i = 0; i < digits.n / 2; i++) {
        int high = char_hex(digits.p[2 * i]), low = char_hex(digits.p[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        to[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

enum gdb_got gdb_read(struct gdb *g, uint64_t address, void *buf, size_t n, struct err *err)
{
    unsigned char *to = buf;

    while (n) {
        size_t part = n < g->chunk ? n : g->chunk;
        char request[GDB_REQUEST_BYTES];
        struct str reply;
        int length = snprintf(request, sizeof request, "m%" PRIx64 ",%zx", address, part);

        if (!gdb_ask(g, (struct str){ .p = request, .n = (size_t)length }, &reply, err))
            return GDB_FAILED;
        if (is_error(reply))
            return GDB_ABSENT;
        if (!decode(reply, to, part)) {
            fail(err, FAIL_FORMAT, "the debug stub answers what is no memory");
            return GDB_FAILED;
        }
        part = reply.n / 2; /* it may give less than it was asked for */
        g->memory_bytes += part;
        to += part;
        address += part;
        n -= part;
    }
    return GDB_GOT;
}

/* "m1,2" or "mp01.01": ids in hexadecimal, separated by commas; "l" is the end. */
static bool is_thread_byte(char c)
{
    return char_hex(c) >= 0 || c == 'p' || c == '.';
}

static void take_threads(struct str list, struct gdb_thread *out, size_t max, size_t *n)
{
    while (list.n && *n < max) {
        struct gdb_thread *t = &out[*n];

        t->n = 0;
        while (list.n && t->n < sizeof t->id && is_thread_byte(list.p[0])) {
            t->id[t->n++] = list.p[0];
            list = str_from_at(list, 1);
        }
        *n += t->n > 0;
        if (!str_take_char(&list, ','))
            return;
    }
}

bool gdb_threads(struct gdb *g, struct gdb_thread *out, size_t max, size_t *n, struct err *err)
{
    struct str reply, request = STR("qfThreadInfo");

    *n = 0;
    for (size_t i = 0; i <= max; i++) {
        size_t before = *n;

        if (!gdb_ask(g, request, &reply, err))
            return false;
        if (!str_take_char(&reply, 'm'))
            return true;
        take_threads(reply, out, max, n);
        if (*n == before)
            return true;
        request = STR("qsThreadInfo");
    }
    return true;
}

bool gdb_choose(struct gdb *g, const struct gdb_thread *thread, bool *chosen, struct err *err)
{
    char request[GDB_THREAD_BYTES + 2] = "Hg";
    struct str reply;

    memcpy(request + 2, thread->id, thread->n);
    if (!gdb_ask(g, (struct str){ .p = request, .n = thread->n + 2 }, &reply, err))
        return false;
    *chosen = str_eq(reply, STR("OK"));
    return true;
}

bool gdb_detach(struct gdb *g, struct err *err)
{
    struct str reply;

    if (!send_packet(g, STR("D"), err))
        return false;
    /* The reply to what was asked when we gave up may come first. */
    for (unsigned i = 0; i < TRIES; i++) {
        if (!await(g, STR("D"), false, &reply, err))
            return false;
        if (!str_eq(reply, STR("OK")))
            continue;
        g->owes_ack = false;
        g->wire.write(g->wire.ctx, "+", 1, NULL);
        return true;
    }
    return fail(err, FAIL_SUPPORT, "the debug stub does not confirm that the guest goes on");
}
