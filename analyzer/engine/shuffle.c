/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each byte is looked up twice, by its low and its high half, in tables of sixteen entries that a
 * shuffle instruction holds in one register. An entry is a set of groups, so the AND over the bytes
 * of a gram leaves the groups of which some gram may stand there. The method is known as Teddy
 * (Hyperscan, then the Rust crate aho-corasick).
 */
#include "analyzer/engine/shuffle.h"

enum {
    GROUPS = 8,
    NEAR = 33, /* what differs in one byte passes: 2^33 of 2^60 texts differ in this byte only */
};

static void add_to(struct shuffle *s, struct str gram, bool nocase, unsigned group)
{
    uint8_t bit = (uint8_t)(1u << group);

    for (size_t i = 0; i < gram.n; i++) {
        uint8_t byte = (uint8_t)gram.p[i];

        s->low[i][byte & 15] |= bit;
        s->high[i][byte >> 4] |= bit;
        if (nocase && char_is_alpha(gram.p[i]))
            s->high[i][(byte ^ 0x20) >> 4] |= bit;
    }
    for (size_t i = gram.n; i < SHUFFLE_GRAM; i++) {
        for (size_t k = 0; k < 16; k++) {
            s->low[i][k] |= bit;
            s->high[i][k] |= bit;
        }
    }
}

/* Of 1024 bytes of ordinary logs: how many have this low half, how many this high one. */
static const uint16_t low_share[16] = { 222, 58, 69, 81, 83, 88, 38, 26,
                                        33,  57, 45, 31, 34, 65, 52, 42 };
static const uint16_t high_share[16] = {
    20, 3, 190, 230, 50, 60, 302, 167, 1, 1, 1, 1, 1, 1, 1, 1
};

/* What share of texts passes for a member of the group; 0: none yet. */
static uint64_t passing(const struct shuffle *s, unsigned group)
{
    uint64_t product = 1, near = 0;

    for (size_t i = 0; i < SHUFFLE_GRAM; i++) {
        unsigned low = 0, high = 0;

        for (size_t k = 0; k < 16; k++) {
            low += low_share[k] * (s->low[i][k] >> group & 1u);
            high += high_share[k] * (s->high[i][k] >> group & 1u);
        }
        product *= (low * high + 1023) >> 10;
        near += (low * high + 1023) >> 10;
    }
    return product + (near << NEAR);
}

void shuffle_add(struct shuffle *s, struct str gram, bool nocase)
{
    uint64_t least = UINT64_MAX;
    unsigned best = 0;

    for (unsigned group = 0; group < GROUPS; group++) {
        struct shuffle with = *s;
        uint64_t more;

        add_to(&with, gram, nocase, group);
        more = passing(&with, group) - passing(s, group);
        if (more < least) {
            least = more;
            best = group;
        }
    }
    add_to(s, gram, nocase, best);
}

static bool may_stand(const struct shuffle *s, const char *p)
{
    uint8_t groups = UINT8_MAX;

    for (size_t i = 0; i < SHUFFLE_GRAM && groups; i++) {
        uint8_t byte = (uint8_t)p[i];

        groups &= s->low[i][byte & 15] & s->high[i][byte >> 4];
    }
    return groups != 0;
}

bool shuffle_passes(const struct shuffle *s, struct str text)
{
    return text.n >= SHUFFLE_GRAM && may_stand(s, text.p);
}

size_t shuffle_next_plain(const struct shuffle *s, const char *p, size_t at, size_t end,
                          uint32_t *places)
{
    *places = 0;
    for (; at < end; at += SHUFFLE_PLACES) {
        for (size_t i = 0; i < SHUFFLE_PLACES; i++)
            *places |= (uint32_t)may_stand(s, p + at + i) << i;
        if (*places)
            break;
    }
    return at;
}

#if defined(__x86_64__)

#include <immintrin.h>

__attribute__((target("avx2"))) static size_t next_avx2(const struct shuffle *s, const char *p,
                                                        size_t at, size_t end, uint32_t *places)
{
    const __m256i half = _mm256_set1_epi8(15), zero = _mm256_setzero_si256();
    __m256i low[SHUFFLE_GRAM], high[SHUFFLE_GRAM];

    for (size_t i = 0; i < SHUFFLE_GRAM; i++) {
        low[i] = _mm256_broadcastsi128_si256(
                _mm_loadu_si128((const __m128i *)(const void *)s->low[i]));
        high[i] = _mm256_broadcastsi128_si256(
                _mm_loadu_si128((const __m128i *)(const void *)s->high[i]));
    }
    for (; at < end; at += SHUFFLE_PLACES) {
        __m256i groups = _mm256_set1_epi8(-1);
        uint32_t none;

#pragma GCC unroll 6
        for (size_t i = 0; i < SHUFFLE_GRAM; i++) {
            __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + at + i));
            __m256i upper = _mm256_and_si256(_mm256_srli_epi16(v, 4), half);
            __m256i by_low = _mm256_shuffle_epi8(low[i], _mm256_and_si256(v, half));

            groups = _mm256_and_si256(groups, by_low);
            groups = _mm256_and_si256(groups, _mm256_shuffle_epi8(high[i], upper));
        }
        none = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, zero));
        if (none != UINT32_MAX) {
            *places = ~none;
            return at;
        }
    }
    return at;
}

#endif

size_t shuffle_next(const struct shuffle *s, const char *p, size_t at, size_t end, uint32_t *places)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return next_avx2(s, p, at, end, places);
#endif
    return shuffle_next_plain(s, p, at, end, places);
}
