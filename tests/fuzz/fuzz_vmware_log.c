/* SPDX-License-Identifier: Apache-2.0 */
/* next() on any bytes, and skim() against next(): do they agree on where records start? */
#include "parsers/parser.h"

#include <stdlib.h>
#include <string.h>

extern const struct parser parser_vmware_log;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads all records; returns how many, and the last one's level and stamp. */
static size_t read_all(struct str bytes, struct skim *last)
{
    struct lines *in = lines_new_memory(bytes);
    void *state = calloc(1, parser_vmware_log.state_bytes);
    struct record r;
    struct err err;
    size_t n = 0;

    if (!in || !state)
        abort();
    for (;;) {
        record_init(&r);
        if (parser_vmware_log.next(state, in, &r, &err) != STEP_RECORD)
            break;
        *last = (struct skim){ .level = r.level, .mono_us = r.mono_us };
        if (r.line == 0 || (r.text.n && r.text.p[0] == '\n'))
            abort();
        n++;
    }
    free(state);
    lines_free(in);
    return n;
}

/* Below a plain head, a line starts a record or belongs to that head: as skim() says. */
static void compare(struct str line)
{
    static const char head[] = "2019-05-06T07:08:09.010Z| vmx| I125: x\n";
    char text[sizeof head + 512];
    struct skim skim, last = { 0 };
    size_t n;

    line = str_first(line, 500);
    if (line.n == 0 || str_find_char(line, '\r') != STR_NOT_FOUND)
        return;
    memcpy(text, head, sizeof head - 1);
    memcpy(text + sizeof head - 1, line.p, line.n);
    n = read_all((struct str){ .p = text, .n = sizeof head - 1 + line.n }, &last);
    parser_vmware_log.skim(line, &skim);
    if (n > 2 || (skim.kind == SKIM_HEAD && n == 2 && skim.level != last.level &&
                  last.mono_us != TIME_UNKNOWN))
        abort();
    /* A bare kernel line and an orphaned continuation are records when no entry is open. */
    if (skim.kind == SKIM_CONT && n != 1 && line.p[0] != '<' && line.p[0] != '\t')
        abort();
    if (n == 2 && last.mono_us != TIME_UNKNOWN && skim.mono_us != last.mono_us)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { .p = (const char *)data, .n = size }, rest = bytes, line, split[64];
    struct head head = { .bytes = bytes, .lines = split };
    struct skim last;

    while (head.n_lines < 64 && str_take_line(&rest, &split[head.n_lines]))
        head.n_lines++;
    parser_vmware_log.probe(&head);
    read_all(bytes, &last);
    for (rest = str_first(bytes, 4096); str_take_line(&rest, &line);)
        compare(line);
    return 0;
}
