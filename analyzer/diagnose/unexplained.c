/* SPDX-License-Identifier: Apache-2.0 */
/* Grouping what nobody explained; see unexplained.h. */
#include "analyzer/diagnose/unexplained.h"

#include "analyzer/core/limits.h"

enum { SHAPE_BYTES = 256 };

bool unexplained_wants(const struct record *r)
{
    return r->kind == RECORD_TEXT && r->level <= LEVEL_ERR && r->text.n > 0 &&
           (r->origin == ORIGIN_GUEST_KERNEL || r->origin == ORIGIN_HOST);
}

/* A run of digits or, behind 0x, of hexadecimal digits becomes one N. */
struct str unexplained_shape(struct str text, char *out, size_t size)
{
    size_t n = 0;

    while (text.n && n < size) {
        uint64_t number;
        struct str s = text;

        if ((str_take(&s, STR("0x")) && str_take_hex(&s, &number)) ||
            str_take_u64(&text, &number)) {
            if (s.n < text.n)
                text = s;
            out[n++] = 'N';
        } else if (char_is_digit(text.p[0])) {
            /* More digits than a number holds. */
            while (text.n && char_is_digit(text.p[0]))
                text = str_from_at(text, 1);
            out[n++] = 'N';
        } else {
            out[n++] = text.p[0];
            text = str_from_at(text, 1);
        }
    }
    return (struct str){ .p = out, .n = n };
}

void unexplained_add(struct unexplained_shapes *all, struct arena *a, const struct record *r)
{
    char buf[SHAPE_BYTES];
    struct str shape = unexplained_shape(r->text, buf, sizeof buf);
    uint64_t hash = str_hash(shape);
    struct unexplained_shape *slot;

    all->records++;
    for (size_t i = 0; i < all->n; i++) {
        if (all->p[i].hash == hash && str_eq(all->p[i].shape, shape)) {
            all->p[i].count++;
            return;
        }
    }
    slot = all->n < LIMIT_UNEXPLAINED_SHAPES ? vec_push(a, all) : NULL;
    if (!slot)
        return;
    *slot = (struct unexplained_shape){
        .hash = hash, .count = 1, .shape = arena_str(a, shape), .evidence = record_keep(a, r)
    };
}
