/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and values of VMCOREINFO; see vmcoreinfo.h. */
#include "parsers/memory/vmcoreinfo.h"

struct str vmcoreinfo_text(struct str bytes)
{
    size_t n = 0;

    while (n < bytes.n && (bytes.p[n] == '\n' || (bytes.p[n] >= ' ' && bytes.p[n] <= '~')))
        n++;
    return str_first(bytes, n);
}

/* The value of the first line that begins with `before`, `name`, `after`. */
static bool find(struct str text, const char *before, const char *name, const char *after,
                 struct str *value)
{
    struct str line;

    while (str_take_line(&text, &line)) {
        if (!str_take(&line, str_from(before)) || !str_take(&line, str_from(name)) ||
            !str_take(&line, str_from(after)))
            continue;
        *value = line;
        return true;
    }
    return false;
}

struct str vmcoreinfo_release(struct str text)
{
    struct str value;

    return find(text, "OSRELEASE=", "", "", &value) ? value : (struct str){ 0 };
}

bool release_is_before(struct str release, uint64_t major, uint64_t minor)
{
    uint64_t a, b;

    return str_take_u64(&release, &a) && str_take_char(&release, '.') &&
           str_take_u64(&release, &b) && (a < major || (a == major && b < minor));
}

bool vmcoreinfo_symbol(struct str text, const char *name, uint64_t *value)
{
    struct str s;

    return find(text, "SYMBOL(", name, ")=", &s) && str_take_hex(&s, value) && s.n == 0;
}

bool vmcoreinfo_number(struct str text, const char *key, int64_t *value)
{
    struct str s;
    uint64_t word;

    if (!find(text, "", key, "=", &s))
        return false;
    if (str_take(&s, STR("0x"))) {
        if (!str_take_hex(&s, &word) || s.n)
            return false;
        *value = (int64_t)word;
        return true;
    }
    return str_to_i64(s, value);
}

uint64_t vmcoreinfo_size(struct str text, const char *key, uint64_t max, uint64_t otherwise)
{
    int64_t value;

    if (!vmcoreinfo_number(text, key, &value) || value < 0 || (uint64_t)value > max)
        return otherwise;
    return (uint64_t)value;
}

bool vmcoreinfo_is_plausible(struct str text)
{
    struct str release = vmcoreinfo_release(text);
    int64_t page = 0;
    uint64_t uts;

    return release.n > 2 && char_is_digit(release.p[0]) &&
           vmcoreinfo_number(text, "PAGESIZE", &page) &&
           (page == 4096 || page == 16384 || page == 65536) &&
           vmcoreinfo_symbol(text, "init_uts_ns", &uts);
}
