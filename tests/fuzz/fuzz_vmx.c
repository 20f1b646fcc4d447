/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/parser.h"

#include <stdlib.h>

extern const struct parser parser_vmx;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { .p = (const char *)data, .n = size }, rest = bytes, split[32];
    struct head head = { .bytes = bytes, .lines = split };
    struct lines *in = lines_new_memory(bytes);
    struct record r;
    struct err err;

    if (!in)
        abort();
    while (head.n_lines < 32 && str_take_line(&rest, &split[head.n_lines]))
        head.n_lines++;
    parser_vmx.probe(&head);
    do
        record_init(&r);
    while (parser_vmx.next(NULL, in, &r, &err) == STEP_RECORD);
    lines_free(in);
    return 0;
}
