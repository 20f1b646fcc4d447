/* SPDX-License-Identifier: Apache-2.0 */
/* The redactor: the first lines are names and paths that it learns, the rest is text and JSON. */
#include "reports/json_redact.h"
#include "reports/redact.h"

#include <stdlib.h>

enum { NAMES = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = { .p = (const char *)data, .n = size }, line, first;
    struct redactor *r = redactor_new(STR("key"));
    struct out *out = out_new_memory();

    for (unsigned i = 0; r && i < NAMES && str_take_line(&rest, &line); i++) {
        redact_learn(r, SORT_HOST, line);
        redact_learn_path(r, line);
        /* Alone a name is a token, whatever it is made of, but for short numbers and path words. */
        first = redact(r, line);
        if (first.n == 0 && line.n)
            abort();
    }
    if (r && out) {
        out_redact(out, r);
        out_log(out, rest);
        json_redact(out, rest);
    }
    out_free(out);
    redactor_free(r);
    return 0;
}
