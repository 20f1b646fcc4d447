/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as raw memory, down to the rings in its memory. */
#include "tests/fuzz/fuzz_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_lines(parser_find(STR("vmem")), data, size);
}
