/* SPDX-License-Identifier: Apache-2.0 */
/* The two hashes of a crash; signature.h says what goes into them. */
#include "analyzer/evidence/signature.h"

#include "analyzer/evidence/crash.h"
#include "analyzer/evidence/crash_text.h"

static uint64_t add_bytes(uint64_t hash, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t add_part(uint64_t hash, struct str s)
{
    return add_bytes(add_bytes(hash, s), STR("\n"));
}

/* Compilers number the clones of a function as they like: "foo.isra.0", "foo.cold". */
static struct str plain_name(struct str function)
{
    size_t dot = str_find_char(function, '.');

    return crash_unwrap(dot == STR_NOT_FOUND || dot == 0 ? function : str_first(function, dot));
}

struct signature signature_of(const struct crash *c)
{
    uint64_t start = add_part(UINT64_C(0xcbf29ce484222325), STR("1"));
    struct signature s = { .exact = add_part(start, c->title),
                           .family = add_part(start, c->kind ? c->kind->name : STR("")) };
    unsigned left = SIGNATURE_FAMILY_FRAMES;

    for (size_t i = 0; i < c->call_trace.n; i++) {
        const struct frame *f = &c->call_trace.p[i];
        struct str name = plain_name(f->function);

        /* A bare address differs from boot to boot. */
        if (!f->reliable || char_is_digit(f->function.p[0]))
            continue;
        s.exact = add_bytes(s.exact, name);
        if (f->module.n) {
            s.exact = add_bytes(s.exact, STR("["));
            s.exact = add_bytes(s.exact, f->module);
            s.exact = add_bytes(s.exact, STR("]"));
        }
        s.exact = add_bytes(s.exact, STR("\n"));
        if (f->skipped || left == 0)
            continue;
        left--;
        s.family = add_part(s.family, name);
    }
    if (left == SIGNATURE_FAMILY_FRAMES)
        s.family = add_part(s.family, c->function);
    return s;
}
