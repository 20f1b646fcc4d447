/* SPDX-License-Identifier: Apache-2.0 */
/* Redacted, visible, cut: in this order; see clip.h. */
#include "reports/clip.h"

#include "reports/layout.h"

bool clip_init(struct clip *c, const struct out *o)
{
    c->shown = out_new_scratch(o);
    c->cut = out_new_memory();
    return c->shown && c->cut;
}

void clip_done(struct clip *c)
{
    out_free(c->shown);
    out_free(c->cut);
}

struct str clip_shown(struct clip *c, size_t columns)
{
    out_clear(c->cut);
    layout_cut(c->cut, out_bytes(c->shown), columns);
    out_clear(c->shown);
    return out_bytes(c->cut);
}

struct str clip(struct clip *c, struct str s, size_t columns)
{
    out_clear(c->shown);
    out_tty(c->shown, s);
    return clip_shown(c, columns);
}
