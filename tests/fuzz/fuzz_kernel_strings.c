/* SPDX-License-Identifier: Apache-2.0 */
/* Images and printk indexes of kernels; the first byte chooses which. */
#include "analyzer/engine/kernel_text.h"
#include "parsers/kernel_strings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(void *ctx, struct str s)
{
    kernel_texts_add(ctx, s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct literal literals[] = { { { STR_INIT("Kernel panic - not syncing") },
                                                 false },
                                               { { STR_INIT("i/o error, dev") }, true } };
    struct str bytes = { .p = (const char *)data, .n = size };
    struct kernel_texts *texts = kernel_texts_new(literals, 2);
    struct kernel_strings k = { .add = add, .ctx = texts };
    struct input *in = input_from_memory(STR("fuzz"), str_from_at(bytes, 1));
    struct err err;

    if (size && data[0] & 1)
        kernel_strings_read_index(&k, in, &err);
    else
        kernel_strings_read(&k, in, &err);
    kernel_texts_judge(texts, 0);
    kernel_texts_judge(texts, 1);
    input_close(in);
    kernel_texts_free(texts);
    return 0;
}
