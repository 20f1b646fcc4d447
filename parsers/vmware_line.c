/* SPDX-License-Identifier: Apache-2.0 */
/* The prefix of a line of vmware.log; see vmware_line.h. */
#include "parsers/vmware_line.h"

enum {
    THREAD_MAX = 48,  /* thread names seen have up to 24 bytes */
    MONTH_MAX = 8,    /* bytes of strftime("%b") */
    OPID_MAX = 96,    /* as vmware_text.c takes them */
    FIELDS_MAX = 512, /* process, pid and attributes of 25H2 */
};

/* What is left behind `at`, which is known to stand in `s` or at its end. */
static struct str behind(struct str s, size_t at)
{
    return (struct str){ .p = s.p + at, .n = s.n - at };
}

static bool is_digits(struct str s, size_t at, size_t n)
{
    for (size_t i = at; i < at + n; i++)
        if (i >= s.n || !char_is_digit(s.p[i]))
            return false;
    return true;
}

static size_t skip_digits(struct str s, size_t at)
{
    while (at < s.n && char_is_digit(s.p[at]))
        at++;
    return at;
}

/* "2016-08-30T16:02:43.217-07:00", "2021-11-15T00:23:51+01:00[+0.000]": its length, or 0. */
static size_t iso_length(struct str s)
{
    size_t at = 19;

    if (s.n < 20 || s.p[4] != '-' || s.p[7] != '-' || s.p[10] != 'T' || s.p[13] != ':' ||
        s.p[16] != ':')
        return 0;
    if (s.p[at] == '.')
        at = skip_digits(s, at + 1);
    if (at < s.n && s.p[at] == 'Z')
        at++;
    else if (at + 6 <= s.n && (s.p[at] == '+' || s.p[at] == '-') && s.p[at + 3] == ':')
        at += 6;
    else
        return 0;
    if (at + 2 < s.n && s.p[at] == '[' && s.p[at + 1] == '+') {
        size_t end = skip_digits(s, at + 2);

        if (end < s.n && s.p[end] == '.')
            end = skip_digits(s, end + 1);
        if (end < s.n && s.p[end] == ']')
            at = end + 1;
    }
    return at;
}

/* "Feb 07 20:35:19.123", the month in the process's locale: its length, or 0. */
static size_t yearless_length(struct str s)
{
    size_t at = 1;

    if (s.n < 16 || char_is_space(s.p[0]))
        return 0;
    while (at < MONTH_MAX && s.p[at] != ' ')
        at++;
    if (s.p[at] != ' ' || at + 13 > s.n || s.p[at + 6] != ':' || s.p[at + 9] != ':' ||
        s.p[at + 3] != ' ')
        return 0;
    if ((s.p[at + 1] != ' ' && !char_is_digit(s.p[at + 1])) || !is_digits(s, at + 2, 1) ||
        !is_digits(s, at + 4, 2) || !is_digits(s, at + 7, 2) || !is_digits(s, at + 10, 2))
        return 0;
    at += 12;
    if (at < s.n && s.p[at] == '.')
        at = skip_digits(s, at + 1);
    return at;
}

/* The blank behind a part of the prefix; at the end of a line it may have been trimmed off. */
static bool take_gap(struct str *in)
{
    return in->n == 0 || str_take_char(in, ' ');
}

/* "vcpu-0| " */
static bool take_thread_bar(struct str *in, struct str *thread)
{
    struct str s = *in;
    size_t n = 0;

    while (n < s.n && n < THREAD_MAX && s.p[n] != '|' && s.p[n] > ' ')
        n++;
    if (n == 0 || n >= s.n || s.p[n] != '|')
        return false;
    *thread = str_first(s, n);
    s = behind(s, n + 1);
    if (!take_gap(&s))
        return false;
    *in = s;
    return true;
}

bool vmware_level(char letter, enum level *level)
{
    /* One above the level, so that 0 is no level. */
    static const unsigned char levels['Z' - 'A' + 1] = {
        ['A' - 'A'] = LEVEL_NOTICE + 1, ['C' - 'A'] = LEVEL_CRIT + 1,
        ['D' - 'A'] = LEVEL_DEBUG + 1,  ['E' - 'A'] = LEVEL_ERR + 1,
        ['I' - 'A'] = LEVEL_INFO + 1,   ['N' - 'A'] = LEVEL_NOTICE + 1,
        ['P' - 'A'] = LEVEL_CRIT + 1,   ['T' - 'A'] = LEVEL_DEBUG + 1,
        ['V' - 'A'] = LEVEL_DEBUG + 1,  ['W' - 'A'] = LEVEL_WARNING + 1,
    };

    if (letter < 'A' || letter > 'Z' || !levels[letter - 'A'])
        return false;
    *level = (enum level)(levels[letter - 'A'] - 1);
    return true;
}

/* "I125: ", "I005+ " */
static bool take_level_number(struct str *in, struct vmware_line *out)
{
    struct str s = *in;
    enum level level;

    if (s.n < 5 || (s.p[4] != ':' && s.p[4] != '+') || !is_digits(s, 1, 3) ||
        !vmware_level(s.p[0], &level))
        return false;
    s = behind(s, 5);
    if (!take_gap(&s))
        return false;
    out->level = level;
    out->continues = in->p[4] == '+';
    *in = s;
    return true;
}

/* ESXi 7.0's column in between: "293b2adb| I005: ", "| I005: " where there is no operation. */
static void take_opid_bar(struct str *in, struct vmware_line *out)
{
    struct str s = *in;
    size_t n = 0;

    while (n < s.n && n < OPID_MAX && s.p[n] != '|' && s.p[n] > ' ')
        n++;
    if (n >= s.n || s.p[n] != '|')
        return;
    s = behind(s, n + 1);
    if (!str_take_char(&s, ' ') || !take_level_number(&s, out))
        return;
    out->opid = str_first(*in, n);
    *in = s;
}

/* "In(05) ", "Er(02)+ " */
static bool take_level_paren(struct str *in, struct vmware_line *out)
{
    struct str s = *in;
    enum level level;
    bool plus;

    if (s.n < 7 || s.p[2] != '(' || s.p[5] != ')' || !is_digits(s, 3, 2) ||
        !vmware_level(s.p[0], &level))
        return false;
    s = behind(s, 6);
    plus = str_take_char(&s, '+');
    if (!str_take_char(&s, ' '))
        return false;
    out->level = level;
    out->continues = plus;
    *in = s;
    return true;
}

/* Bytes up to the next blank, at most `max`. */
static size_t word_length(struct str s, size_t max)
{
    size_t n = 0;

    while (n < s.n && n < max && (unsigned char)s.p[n] > ' ')
        n++;
    return n;
}

/* "-INFO ", "+WARNING " */
static bool take_level_word(struct str *in, struct vmware_line *out)
{
    enum { WORD_MIN = 5, WORD_MAX = 12 };
    size_t n = word_length(*in, WORD_MAX);
    enum level level;

    if (n < WORD_MIN || n == in->n || in->p[n] != ' ' || (in->p[0] != '-' && in->p[0] != '+') ||
        !vmware_level(in->p[1], &level))
        return false;
    out->level = level;
    out->continues = in->p[0] == '+';
    *in = behind(*in, n + 1);
    return true;
}

/* thread and text of "In(05) vmx text" */
static bool split_paren(struct str rest, struct vmware_line *out)
{
    size_t n;

    if (!take_level_paren(&rest, out))
        return false;
    n = word_length(rest, THREAD_MAX);
    if (n == 0 || (n < rest.n && rest.p[n] != ' '))
        return false;
    out->prefix = VMWARE_PAREN;
    out->thread = str_first(rest, n);
    out->text = behind(rest, n < rest.n ? n + 1 : n);
    return true;
}

/* `-INFO vmware-vmx.exe 15108 [ws@4413 threadName="vmx" opID="…"] text` */
static bool split_fields(struct str rest, struct vmware_line *out)
{
    size_t end;

    if (!take_level_word(&rest, out))
        return false;
    rest = behind(rest, word_length(rest, FIELDS_MAX)); /* the process */
    if (rest.n < 4 || !char_is_digit(rest.p[1]))
        return false;
    rest = behind(rest, skip_digits(rest, 1));
    if (rest.n < 3 || rest.p[0] != ' ' || rest.p[1] != '[')
        return false;
    end = str_find_char(str_first(rest, FIELDS_MAX), ']');
    if (end == STR_NOT_FOUND)
        return false;
    out->prefix = VMWARE_FIELDS;
    out->fields = str_first(behind(rest, 2), end - 2);
    out->text = behind(rest, end + 1);
    str_take_char(&out->text, ' ');
    return true;
}

static bool split_iso(struct str line, size_t stamp, struct vmware_line *out)
{
    struct str rest = behind(line, stamp);

    out->stamp = str_first(line, stamp);
    if (str_take_char(&rest, '|')) {
        if (!take_gap(&rest))
            return false;
        take_thread_bar(&rest, &out->thread);
        if (!take_level_number(&rest, out))
            take_opid_bar(&rest, out);
        out->prefix = VMWARE_BARS;
        out->text = rest;
        return true;
    }
    if (!str_take_char(&rest, ' '))
        return false;
    return split_paren(rest, out) || split_fields(rest, out);
}

static bool split_yearless(struct str line, size_t stamp, struct vmware_line *out)
{
    struct str rest = behind(line, stamp);

    if (!str_take_char(&rest, ':') || !take_gap(&rest))
        return false;
    out->stamp = str_first(line, stamp);
    take_thread_bar(&rest, &out->thread);
    out->prefix = VMWARE_OLD;
    out->text = rest;
    return true;
}

/* Names of the VMX's threads: without a stamp only they make "name| text" a prefix. */
static bool is_thread(struct str name)
{
    static const struct str starts[] = {
        { STR_INIT("vmx") },       { STR_INIT("vcpu-") },  { STR_INIT("mks") },
        { STR_INIT("svga") },      { STR_INIT("main") },   { STR_INIT("Worker#") },
        { STR_INIT("worker-") },   { STR_INIT("aio") },    { STR_INIT("vthread-") },
        { STR_INIT("DAC") },       { STR_INIT("ADC") },    { STR_INIT("sound") },
        { STR_INIT("usbCCID") },   { STR_INIT("device") }, { STR_INIT("PowerNotify") },
        { STR_INIT("WinNotify") }, { STR_INIT("sensor") }, { STR_INIT("mouse") },
        { STR_INIT("kbh") },       { STR_INIT("IO#") },    { STR_INIT("MMPageWalker") },
        { STR_INIT("vmui") },      { STR_INIT("vix") },    { STR_INIT("host-") },
        { STR_INIT("Upcall-") },
    };

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (str_starts(name, starts[i]))
            return true;
    return false;
}

/* log.timeStamp = "FALSE": "vmx| I125: text", "vmx| text". */
static bool split_stampless(struct str line, struct vmware_line *out)
{
    struct str rest = line, thread;

    if (!take_thread_bar(&rest, &thread))
        return false;
    if (take_level_number(&rest, out))
        out->prefix = VMWARE_BARS;
    else if (is_thread(thread))
        out->prefix = VMWARE_OLD;
    else
        return false;
    out->thread = thread;
    out->text = rest;
    return true;
}

bool vmware_line_split(struct str line, struct vmware_line *out)
{
    size_t stamp = iso_length(line);

    *out = (struct vmware_line){ .level = LEVEL_UNKNOWN, .text = line };
    if (stamp && split_iso(line, stamp, out))
        return true;
    if (!stamp && (stamp = yearless_length(line)) && split_yearless(line, stamp, out))
        return true;
    if (!stamp && split_stampless(line, out))
        return true;
    *out = (struct vmware_line){ .level = LEVEL_UNKNOWN, .text = line };
    return false;
}

/* `threadName="vmx"` → vmx */
static struct str field(struct str fields, struct str start)
{
    struct str before, value;

    if (str_take_until_str(&fields, start, &before) && str_take_until(&fields, '"', &value))
        return value;
    return (struct str){ 0 };
}

void vmware_line_take_fields(struct vmware_line *line)
{
    if (line->prefix != VMWARE_FIELDS)
        return;
    line->thread = field(line->fields, STR("threadName=\""));
    line->opid = field(line->fields, STR("opID=\""));
}

bool vmware_line_unmarked(const struct vmware_line *line)
{
    return line->prefix == VMWARE_OLD ||
           (line->prefix == VMWARE_BARS && line->level == LEVEL_UNKNOWN);
}

int64_t vmware_line_time(const struct vmware_line *line, unsigned *flags)
{
    struct str s = line->stamp;
    unsigned gaps;
    int64_t wall_us;

    *flags = 0;
    if (s.n == 0)
        return TIME_UNKNOWN;
    if (str_find_char(s, '.') == STR_NOT_FOUND || str_find_char(s, '[') != STR_NOT_FOUND)
        *flags |= RECORD_WALL_COARSE;
    if (line->prefix == VMWARE_OLD) {
        *flags |= RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE;
        return clock_take_yearless(&s, &wall_us) ? wall_us : TIME_UNKNOWN;
    }
    return clock_take_iso(&s, &wall_us, &gaps) ? wall_us : TIME_UNKNOWN;
}
