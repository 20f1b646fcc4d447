/* SPDX-License-Identifier: Apache-2.0 */
/* The cheap tests of a wording, before its text is looked for; see filter.h. */
#include "analyzer/engine/filter.h"

static bool any_glob(const struct strs *globs, struct str s)
{
    if (!s.n)
        return false;
    for (size_t i = 0; i < globs->n; i++) {
        if (glob_match(globs->p[i], s))
            return true;
    }
    return false;
}

/*
 * Who logged it: the format's own field, or the "systemd[1]: " that the text starts with when it
 * came through /dev/kmsg or a console; the text then begins behind it.
 */
static bool take_ident(const struct strs *idents, const struct record *r, struct str *text)
{
    struct str s = *text, ident = { 0 }, pid;
    size_t n;

    if (r->ident.n && !str_eq(r->ident, STR("kernel")))
        return any_glob(idents, r->ident);
    for (n = 0; n < s.n && s.p[n] != '[' && s.p[n] != ':' && s.p[n] != ' '; n++)
        ;
    ident = str_first(s, n);
    s = str_from_at(s, n);
    if (str_take_char(&s, '[') && !str_take_until(&s, ']', &pid))
        return false;
    if (!str_take(&s, STR(": ")) || !any_glob(idents, ident))
        return false;
    *text = s;
    return true;
}

/* "vmw_pvscsi 0000:03:00.0: text" (dev_printk(): driver, device) → the text and the device. */
static bool take_driver(const struct strs *drivers, struct str *text, struct str *device)
{
    struct str s;

    for (size_t i = 0; i < drivers->n; i++) {
        s = *text;
        if (str_take(&s, drivers->p[i]) && str_take_char(&s, ' ') &&
            str_take_until_str(&s, STR(": "), device) && device->n &&
            str_find_char(*device, ' ') == STR_NOT_FOUND) {
            *text = s;
            return true;
        }
    }
    return false;
}

struct str filter_refuses(const struct wording *w, const struct record *r, struct str format,
                          struct str *text, struct str *device)
{
    const struct filter *f = &w->filter;

    if (!(f->origins & 1u << r->origin))
        return STR("origin");
    if (r->level != LEVEL_UNKNOWN && (r->level < f->level_min || r->level > f->level_max))
        return STR("level");
    if (f->formats.n && !strs_have(&f->formats, format))
        return STR("format");
    if (w->message_id.n && !str_eq_nocase(w->message_id, r->message_id))
        return STR("message_id");
    if (f->units.n && !any_glob(&f->units, r->unit))
        return STR("unit");
    if (f->idents.n && !take_ident(&f->idents, r, text))
        return STR("ident");
    if (f->drivers.n && !take_driver(&f->drivers, text, device))
        return STR("driver");
    return (struct str){ 0 };
}
