/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A main() for a fuzz harness that breaks whole images in one process, with a fixed seed:
 *
 *     mutate CUTS MUTATIONS PEAK_MIB FILE...
 *
 * Each file is cut at CUTS places and damaged MUTATIONS times, the same way each time. An input may
 * take 2 s, and the process PEAK_MIB of memory (0: not looked at).
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SECONDS = 2, CHANGES_MAX = 8, HEAD_BYTES = 512 };

struct bytes {
    uint8_t *p;
    size_t n;
};

/* xorshift64: the same on every machine. */
static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed % below;
}

static struct bytes read_file(const char *name)
{
    struct bytes b = { NULL, 0 };
    FILE *f = fopen(name, "rb");
    long n = -1;

    if (f && fseek(f, 0, SEEK_END) == 0)
        n = ftell(f);
    if (n > 0 && fseek(f, 0, SEEK_SET) == 0)
        b.p = malloc((size_t)n);
    if (b.p)
        b.n = fread(b.p, 1, (size_t)n, f);
    if (f)
        fclose(f);
    return b;
}

/* Where something stands: most of an image is zero. Headers, which lead to the rest, come often. */
static size_t draw_place(const struct bytes *b, uint64_t *seed)
{
    size_t head = b->n < HEAD_BYTES ? b->n : HEAD_BYTES;
    size_t at = (size_t)draw(seed, draw(seed, 4) ? b->n : head);

    for (size_t i = 0; i < b->n && b->p[at] == 0; i++)
        at = (at + 1) % b->n;
    return at;
}

static void change(struct bytes *b, uint64_t *seed)
{
    static const uint64_t words[] = { 0,
                                      1,
                                      0x7f,
                                      0xff,
                                      0xfff,
                                      0x1000,
                                      0x7fffffff,
                                      0x80000000,
                                      0xffffffff,
                                      0x7fffffffffffffff,
                                      0x8000000000000000,
                                      UINT64_MAX,
                                      UINT64_MAX - 4095,
                                      0xffffffff80000000 };
    size_t at = draw_place(b, seed), width = (size_t)1 << draw(seed, 4), from;
    uint64_t word = words[draw(seed, sizeof words / sizeof words[0])];

    switch (draw(seed, 5)) {
    case 0: b->p[at] ^= (uint8_t)(1 << draw(seed, 8)); return;
    case 1: b->p[at] = (uint8_t)draw(seed, 256); return;
    case 2: b->p[at] = (uint8_t)(b->p[at] + (draw(seed, 2) ? 1 : 255)); return;
    case 3:
        at &= ~(width - 1);
        if (width <= b->n - at)
            memcpy(b->p + at, &word, width);
        return;
    default: /* a piece of it elsewhere */
        from = draw_place(b, seed);
        width *= 8;
        if (width <= b->n - at && width <= b->n - from)
            memmove(b->p + at, b->p + from, width);
        return;
    }
}

static uint64_t peak_mib(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return (uint64_t)use.ru_maxrss >> 10;
}

/* Memory of exactly that size, so that a sanitizer sees what is read beyond it. */
static void run(const struct bytes *b)
{
    uint8_t *copy = malloc(b->n ? b->n : 1);

    if (!copy)
        abort();
    memcpy(copy, b->p, b->n);
    alarm(SECONDS);
    LLVMFuzzerTestOneInput(copy, b->n);
    alarm(0);
    free(copy);
}

static void break_image(const struct bytes *whole, unsigned long cuts, unsigned long mutations)
{
    struct bytes b = { malloc(whole->n), whole->n };
    uint64_t seed = 0x9e3779b97f4a7c15u;

    if (!b.p)
        abort();
    for (unsigned long i = 0; i < cuts; i++)
        run(&(struct bytes){ whole->p, whole->n * i / cuts });
    for (unsigned long i = 0; i < mutations; i++) {
        memcpy(b.p, whole->p, whole->n);
        for (uint64_t n = 1 + draw(&seed, CHANGES_MAX); n; n--)
            change(&b, &seed);
        run(&b);
    }
    free(b.p);
}

int main(int argc, char **argv)
{
    unsigned long cuts, mutations, limit;

    if (argc < 5) {
        fprintf(stderr, "mutate CUTS MUTATIONS PEAK_MIB FILE...\n");
        return 2;
    }
    cuts = strtoul(argv[1], NULL, 10);
    mutations = strtoul(argv[2], NULL, 10);
    limit = strtoul(argv[3], NULL, 10);
    for (int i = 4; i < argc; i++) {
        struct bytes whole = read_file(argv[i]);

        if (whole.n == 0) {
            fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return 2;
        }
        break_image(&whole, cuts, mutations);
        free(whole.p);
    }
    printf("%d images, %lu cuts and %lu mutations each, peak %lu MiB\n", argc - 4, cuts, mutations,
           (unsigned long)peak_mib());
    return limit && peak_mib() > limit;
}
