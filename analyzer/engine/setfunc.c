/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions of rules. Each is total: what it cannot do with its argument gives unknown, and
 * unknown in gives unknown out (but for or()).
 */
#include "analyzer/engine/setfunc.h"

static bool number_of(const struct value *v, int64_t *number)
{
    if (v->type == VALUE_INT) {
        *number = v->number;
        return true;
    }
    return v->type == VALUE_TEXT && str_to_i64(str_trim(v->text), number);
}

static struct value own_text(struct arena *a, struct str s)
{
    return value_text(arena_str(a, s), SORT_OTHER);
}

static struct value apply_first(struct arena *a, const struct value *args, size_t n)
{
    (void)a, (void)n;
    if (args[0].type != VALUE_LIST)
        return args[0];
    return args[0].n_items ? args[0].items[0] : value_unknown();
}

static struct value apply_last(struct arena *a, const struct value *args, size_t n)
{
    (void)a, (void)n;
    if (args[0].type != VALUE_LIST)
        return args[0];
    return args[0].n_items ? args[0].items[args[0].n_items - 1] : value_unknown();
}

static struct value apply_count(struct arena *a, const struct value *args, size_t n)
{
    (void)a, (void)n;
    if (args[0].type == VALUE_UNKNOWN)
        return value_unknown();
    return value_int(args[0].type == VALUE_LIST ? (int64_t)args[0].n_items : 1);
}

static struct value apply_join(struct arena *a, const struct value *args, size_t n)
{
    struct str separator = n > 1 && args[1].type == VALUE_TEXT ? args[1].text : STR(", ");
    struct str joined = { 0 }, item;

    if (args[0].type == VALUE_UNKNOWN)
        return value_unknown();
    if (args[0].type != VALUE_LIST)
        return args[0];
    for (size_t i = 0; i < args[0].n_items; i++) {
        item = value_print(a, &args[0].items[i]);
        joined = arena_printf(a, "%.*s%.*s%.*s", STR_ARG(joined), i ? (int)separator.n : 0,
                              separator.p, STR_ARG(item));
    }
    return value_text(joined, args[0].n_items ? args[0].items[0].sort : SORT_OTHER);
}

static struct value apply_errno(struct arena *a, const struct value *args, size_t n)
{
    static const struct {
        int64_t number;
        const char *name, *meaning;
    } table[] = {
#define ERRNO(number, name, meaning) { number, name, meaning },
#include "analyzer/engine/errno.def"
#undef ERRNO
    };
    int64_t number;

    (void)n;
    if (!number_of(&args[0], &number))
        return value_unknown();
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].number == number || table[i].number == -number)
            return value_text(arena_printf(a, "%s: %s", table[i].name, table[i].meaning),
                              SORT_OTHER);
    }
    return value_text(arena_printf(a, "error %lld", (long long)number), SORT_OTHER);
}

static struct value apply_signal(struct arena *a, const struct value *args, size_t n)
{
    static const struct {
        int64_t number;
        struct str name;
    } table[] = {
#define SIGNAL(number, name) { number, { STR_INIT(name) } },
#include "analyzer/engine/signal.def"
#undef SIGNAL
    };
    int64_t number;

    (void)n;
    if (!number_of(&args[0], &number))
        return value_unknown();
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].number == number)
            return own_text(a, table[i].name);
    }
    return value_text(arena_printf(a, "signal %lld", (long long)number), SORT_OTHER);
}

static struct value apply_basename(struct arena *a, const struct value *args, size_t n)
{
    struct str s = args[0].text;
    size_t slash;

    (void)a, (void)n;
    if (args[0].type != VALUE_TEXT)
        return value_unknown();
    while (s.n > 1 && s.p[s.n - 1] == '/')
        s.n--;
    slash = str_find_last_char(s, '/');
    return value_text(slash == STR_NOT_FOUND || s.n == 1 ? s : str_from_at(s, slash + 1),
                      args[0].sort);
}

/* 8589934592 → "8.0 GiB", with integers: the same on every machine. */
static struct value print_bytes(struct arena *a, uint64_t bytes)
{
    static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
    uint64_t scale = 1, tenths;
    size_t unit = 0;

    while (unit < 6 && bytes / scale >= 1024) {
        scale *= 1024;
        unit++;
    }
    if (!unit)
        return value_text(arena_printf(a, "%llu bytes", (unsigned long long)bytes), SORT_OTHER);
    tenths = bytes / scale * 10 + bytes % scale * 10 / scale;
    return value_text(arena_printf(a, "%llu.%llu %s", (unsigned long long)(tenths / 10),
                                   (unsigned long long)(tenths % 10), units[unit]),
                      SORT_OTHER);
}

static struct value apply_bytes(struct arena *a, const struct value *args, size_t n)
{
    int64_t number;

    (void)n;
    if (!number_of(&args[0], &number) || number < 0)
        return value_unknown();
    return print_bytes(a, (uint64_t)number);
}

static struct value apply_kib(struct arena *a, const struct value *args, size_t n)
{
    int64_t number;

    (void)n;
    if (!number_of(&args[0], &number) || number < 0 || number > INT64_MAX / 1024)
        return value_unknown();
    return print_bytes(a, (uint64_t)number * 1024);
}

static struct value apply_age(struct arena *a, const struct value *args, size_t n)
{
    static const struct {
        int64_t seconds, next_seconds;
        const char *name, *next_name;
    } units[] = {
        { 86400, 3600, "d", "h" },
        { 3600, 60, "h", "min" },
        { 60, 1, "min", "s" },
    };
    int64_t seconds;

    (void)n;
    if (!number_of(&args[0], &seconds) || seconds < 0)
        return value_unknown();
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (seconds >= units[i].seconds)
            return value_text(
                    arena_printf(a, "%lld %s %lld %s", (long long)(seconds / units[i].seconds),
                                 units[i].name,
                                 (long long)(seconds % units[i].seconds / units[i].next_seconds),
                                 units[i].next_name),
                    SORT_OTHER);
    }
    return value_text(arena_printf(a, "%lld s", (long long)seconds), SORT_OTHER);
}

/* The one function that unknown goes into and something comes out of. */
static struct value apply_or(struct arena *a, const struct value *args, size_t n)
{
    (void)a, (void)n;
    return args[0].type == VALUE_UNKNOWN ? args[1] : args[0];
}

static struct value apply_lower(struct arena *a, const struct value *args, size_t n)
{
    char *p;

    (void)n;
    if (args[0].type != VALUE_TEXT)
        return value_unknown();
    p = arena_alloc(a, args[0].text.n + 1);
    if (!p)
        return value_unknown();
    for (size_t i = 0; i < args[0].text.n; i++)
        p[i] = char_lower(args[0].text.p[i]);
    return value_text((struct str){ p, args[0].text.n }, args[0].sort);
}

/* sda1 → sda, nvme0n1p2 → nvme0n1, mmcblk0p1 → mmcblk0 (block/partitions/core.c: disk_name()). */
static struct value apply_disk(struct arena *a, const struct value *args, size_t n)
{
    struct value base = apply_basename(a, args, n);
    struct str s = base.text;
    size_t end = s.n;

    if (base.type != VALUE_TEXT)
        return base;
    while (end && char_is_digit(s.p[end - 1]))
        end--;
    if (!end || end == s.n)
        return base;
    if (end > 1 && s.p[end - 1] == 'p' && char_is_digit(s.p[end - 2]))
        return value_text(str_first(s, end - 1), base.sort);
    if (str_starts(s, STR("nvme")) || str_starts(s, STR("mmcblk")) || str_starts(s, STR("loop")))
        return base; /* a whole disk whose name ends in a digit */
    return value_text(str_first(s, end), base.sort);
}

const struct setfunc setfuncs[] = {
    { { STR_INIT("age") }, 1, 1, apply_age, "seconds as '2 d 3 h'" },
    { { STR_INIT("basename") }, 1, 1, apply_basename, "what stands behind the last '/'" },
    { { STR_INIT("bytes") }, 1, 1, apply_bytes, "bytes as '8.0 GiB'" },
    { { STR_INIT("count") }, 1, 1, apply_count, "how many items a list has" },
    { { STR_INIT("disk") }, 1, 1, apply_disk, "the whole disk of a partition: sda1 gives sda" },
    { { STR_INIT("errno") }, 1, 1, apply_errno, "an error number as 'ENXIO: no such device …'" },
    { { STR_INIT("first") }, 1, 1, apply_first, "the first item of a list" },
    { { STR_INIT("join") },
      1,
      2,
      apply_join,
      "the items with ', ' or the second argument between" },
    { { STR_INIT("kib") }, 1, 1, apply_kib, "KiB as '8.0 GiB'" },
    { { STR_INIT("last") }, 1, 1, apply_last, "the last item of a list" },
    { { STR_INIT("lower") }, 1, 1, apply_lower, "ASCII letters in lower case" },
    { { STR_INIT("or") }, 2, 2, apply_or, "the first argument, or the second when it is unknown" },
    { { STR_INIT("signal") }, 1, 1, apply_signal, "a signal's number as 'SIGSEGV'" },
    { { 0 }, 0, 0, NULL, NULL },
};

const struct setfunc *setfunc_find(struct str name)
{
    for (const struct setfunc *f = setfuncs; f->name.n; f++) {
        if (str_eq(f->name, name))
            return f;
    }
    return NULL;
}
