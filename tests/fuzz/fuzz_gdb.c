/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the replies of a debug stub, from the greeting to the log. */
#include "parsers/memory/guest.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct replies {
    const uint8_t *p;
    size_t n;
};

static size_t give(void *ctx, char *buf, size_t n, struct err *err)
{
    struct replies *r = ctx;

    if (n > r->n)
        n = r->n;
    if (n == 0) {
        fail(err, FAIL_IO, "silence");
        return 0;
    }
    memcpy(buf, r->p, n);
    r->p += n;
    r->n -= n;
    return n;
}

static bool swallow(void *ctx, const char *p, size_t n, struct err *err)
{
    (void)ctx;
    (void)p;
    (void)n;
    (void)err;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct replies replies = { data, size };
    struct gdb_wire wire = { .read = give, .write = swallow, .ctx = &replies };
    struct guest *g = guest_new(&wire);

    if (g)
        guest_fetch(g, NULL);
    guest_close(g);
    return 0;
}
