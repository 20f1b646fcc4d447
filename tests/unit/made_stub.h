/* SPDX-License-Identifier: Apache-2.0 */
/* A debug stub in memory: shows a made guest's memory, well or badly behaved. */
#pragma once

#include "parsers/memory/gdb.h"
#include "tests/unit/made_memory.h"

struct made_stub {
    const struct made *memory;
    size_t packet_bytes;      /* of PacketSize; 0: not told */
    unsigned user_threads;    /* the first ones show nothing of the kernel */
    unsigned threads;         /* 0: no list */
    unsigned silent_after;    /* requests; 0: never */
    unsigned damage_every;    /* replies; 0: none */
    unsigned drop_acks_every; /* requests that must be sent again; 0: none */
    bool physical;            /* can show physical memory instead */
    bool shows_physical;      /* and does */
    bool halves;              /* gives half of what it is asked for */
    bool talks;               /* stop replies that nobody asked for */
    bool runs;                /* is not halted by connecting */
    unsigned thread, requests, replies, interrupts;
    bool halted, detached;
    char in[512];
    size_t n_in;
    char last[16600]; /* the reply as sent, for '-' */
    size_t n_last;
    char out[65536];
    size_t at, n_out;
};

static inline void stub_raw(struct made_stub *s, const char *p, size_t n)
{
    if (s->at == s->n_out)
        s->at = s->n_out = 0;
    memcpy(s->out + s->n_out, p, n);
    s->n_out += n;
}

/* A reply, runs of four and more equal digits shortened. */
static inline void stub_reply(struct made_stub *s, const char *text)
{
    size_t n = 0;
    unsigned sum = 0;

    s->last[n++] = '$';
    for (size_t i = 0; text[i];) {
        size_t run = 1;

        while (text[i + run] == text[i] && run < 90)
            run++;
        if (run == 7 || run == 8) /* '#' and '$' as counts are forbidden */
            run = 6;
        s->last[n++] = text[i];
        if (run > 3) {
            s->last[n++] = '*';
            s->last[n++] = (char)(run - 1 + 29);
        } else {
            run = 1;
        }
        i += run;
    }
    for (size_t i = 1; i < n; i++)
        sum += (unsigned char)s->last[i];
    n += (size_t)snprintf(s->last + n, 4, "#%02x", sum & 255);
    s->n_last = n;
    s->replies++;
    if (s->damage_every && s->replies % s->damage_every == 0) {
        char damaged = s->last[n - 1] == '0' ? '1' : '0';

        stub_raw(s, s->last, n - 1);
        stub_raw(s, &damaged, 1);
        return;
    }
    stub_raw(s, s->last, n);
}

static inline void stub_memory(struct made_stub *s, unsigned long long address, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    unsigned long long place = address - made_va(0);
    char text[16400];

    if (s->shows_physical)
        place = address;
    if ((!s->shows_physical && (s->thread < s->user_threads || place < MADE_PHYS_BASE)) ||
        place >= s->memory->n || n > s->memory->n - place || 2 * n >= sizeof text) {
        stub_reply(s, "E14");
        return;
    }
    if (s->halves && n > 1)
        n /= 2;
    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[s->memory->p[place + i] >> 4];
        text[2 * i + 1] = digits[s->memory->p[place + i] & 15];
    }
    text[2 * n] = '\0';
    stub_reply(s, text);
}

static inline void stub_threads(struct made_stub *s)
{
    char text[512] = "m";
    size_t n = 1;

    if (s->threads == 0) {
        stub_reply(s, "");
        return;
    }
    for (unsigned i = 0; i < s->threads; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%x", i ? "," : "", i + 1);
    stub_reply(s, text);
}

static inline void stub_answer(struct made_stub *s, const char *request)
{
    unsigned long long address;
    char text[64];
    size_t n;

    if (s->talks)
        stub_reply(s, "T05thread:01;");
    if (strncmp(request, "qSupported", 10) == 0) {
        snprintf(text, sizeof text, "swbreak+;PacketSize=%zx;qXfer:features:read+",
                 s->packet_bytes);
        stub_reply(s, s->packet_bytes ? text : "");
    } else if (strcmp(request, "?") == 0) {
        stub_reply(s, s->halted ? "T05thread:01;" : "OK");
    } else if (strcmp(request, "qfThreadInfo") == 0) {
        stub_threads(s);
    } else if (strcmp(request, "qsThreadInfo") == 0) {
        stub_reply(s, "l");
    } else if (sscanf(request, "Hg%x", &s->thread) == 1) {
        s->thread--;
        stub_reply(s, "OK");
    } else if (sscanf(request, "m%llx,%zx", &address, &n) == 2) {
        stub_memory(s, address, n);
    } else if (s->physical && strncmp(request, "Qqemu.PhyMemMode:", 17) == 0) {
        s->shows_physical = request[17] == '1';
        stub_reply(s, "OK");
    } else if (strcmp(request, "D") == 0) {
        s->detached = true;
        stub_reply(s, "OK");
    } else {
        stub_reply(s, "");
    }
}

static inline void stub_take(struct made_stub *s)
{
    s->in[s->n_in - 3] = '\0'; /* "#xx" */
    s->n_in = 0;
    s->requests++;
    if (s->silent_after && s->requests > s->silent_after && s->in[1] != 'D')
        return;
    if (s->drop_acks_every && s->requests % s->drop_acks_every == 0)
        stub_raw(s, "-", 1);
    else {
        stub_raw(s, "+", 1);
        stub_answer(s, s->in + 1);
    }
}

static inline bool stub_write(void *ctx, const char *p, size_t n, struct err *err)
{
    struct made_stub *s = ctx;

    (void)err;
    for (size_t i = 0; i < n; i++) {
        if (s->n_in == 0 && p[i] == '-') {
            stub_raw(s, s->last, s->n_last);
        } else if (s->n_in == 0 && p[i] == 3) {
            s->interrupts++;
            s->halted = true;
            stub_reply(s, "S02");
        } else if (s->n_in || p[i] == '$') {
            s->in[s->n_in++] = p[i];
            if (s->n_in > 3 && s->in[s->n_in - 3] == '#')
                stub_take(s);
        }
    }
    return true;
}

static inline size_t stub_read(void *ctx, char *buf, size_t n, struct err *err)
{
    struct made_stub *s = ctx;

    if (s->at == s->n_out) {
        fail(err, FAIL_IO, "silence");
        return 0;
    }
    if (n > 1000)
        n = 1000;
    if (n > s->n_out - s->at)
        n = s->n_out - s->at;
    memcpy(buf, s->out + s->at, n);
    s->at += n;
    return n;
}

static inline struct gdb_wire stub_wire(struct made_stub *s)
{
    s->halted = !s->runs;
    return (struct gdb_wire){ .read = stub_read, .write = stub_write, .ctx = s };
}
