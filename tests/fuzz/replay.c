/* SPDX-License-Identifier: Apache-2.0 */
/* A plain main() for a fuzz harness: runs it over the files named, so that no fuzzer is needed. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *name)
{
    FILE *f = fopen(name, "rb");
    uint8_t *data = NULL;
    size_t n = 0, cap = 0, got = 1;

    if (!f) {
        perror(name);
        return 1;
    }
    while (got) {
        if (n == cap) {
            cap = cap ? cap * 2 : 1 << 16;
            data = realloc(data, cap);
            if (!data)
                abort();
        }
        got = fread(data + n, 1, cap - n, f);
        n += got;
    }
    fclose(f);
    LLVMFuzzerTestOneInput(data, n);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    int failed = 0;

    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++)
        failed |= replay(argv[i]);
    return failed;
}
